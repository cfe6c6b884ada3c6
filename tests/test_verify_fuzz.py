"""Hostile inputs, twenty thousand of eight seeds: each ends in one line of JSON within the limits, and nothing of it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import pytest
from fuzz_inputs import CANARY, lines
from tools import HANGS, seed_of_the_commit

KEYS = ["id", "verdict", "read_as", "evidence", "conditions", "counterexample", "reason", "seconds"]
TIMEOUT = 1.0  #: seconds: a few of these inputs are made to take for ever
SEEDS, EACH, FEW = 8, 2500, 400
#: In a slow run two of the seeds; all with LOSSPROOF_FUZZ=8 in the environment.
TURN = crc32(seed_of_the_commit().encode())
SLOW = [(TURN + k) % SEEDS for k in range(int(os.environ.get("LOSSPROOF_FUZZ", "2")))]
#: Runs a command and says what memory the largest of its processes had. Not asked of this process: a child's figure
#: includes the memory of the process that started it, and other tests have had children too.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("seed", "count"), [(SEEDS, FEW), *(pytest.param(seed, EACH, marks=pytest.mark.slow) for seed in SLOW)]
)
def test_hostile_input_ends_in_an_answer(seed: int, count: int, tmp_path: Path) -> None:
    asked = list(lines(seed, count))
    source = b"\n".join(line for _, line in asked) + b"\n"
    (tmp_path / "claims.jsonl").write_bytes(source)
    command = [sys.executable, "-m", "derivations", "verify", "--jsonl", "claims.jsonl", "--timeout", str(TIMEOUT)]
    measured = [sys.executable, "-c", MEASURED, *command]
    run = subprocess.run(measured, cwd=tmp_path, capture_output=True, timeout=HANGS, check=False)
    *said, peak = run.stderr.decode("utf-8", "replace").splitlines()
    error = "\n".join(said)
    assert run.returncode in (0, 1, 2, 3) and "Traceback" not in error, (run.returncode, error[-2000:])
    answers = [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]
    assert [a["id"] for a in answers] == [name for name, _ in asked]
    for answer in answers:
        assert list(answer) == KEYS and answer["verdict"] in ("proved", "refuted", "undecided", "error")
        assert answer["reason"] or answer["verdict"] in ("proved", "refuted"), answer
        assert "a fault of lossproof" not in answer["reason"], answer
        assert "\x1b" not in answer["reason"] and "\0" not in answer["reason"]
    assert not list(tmp_path.glob(f"**/{CANARY}*")) and not Path(CANARY).exists()
    assert 0 < int(peak) <= 512 * 1024  # kilobytes, the largest of all processes


def test_twenty_thousand() -> None:
    assert SEEDS * EACH >= 20_000
