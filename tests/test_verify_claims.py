"""The labelled claims: no wrong verdict, every false one refuted, nearly every true one proved; and the page that says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools import HANGS

from derivations._verify.benchmarks import Row, judge, page

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.xdist_group("claims")
#: The share of the true claims that have to be proved.
PROVED = 0.95


CLAIMS, PAGE = ROOT / "tests" / "claims", ROOT / "docs" / "claims.md"
#: Some claims of each set, always the same; in a slow run all.
SHARES = {"own_false": 30}
SHARE = 4


@pytest.fixture(scope="module", params=["some", pytest.param("all", marks=pytest.mark.slow)])
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    if request.param == "all":
        return judge(CLAIMS, timeout=HANGS)
    folder = tmp_path_factory.mktemp("claims")
    for path in CLAIMS.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / path.name).write_text("".join(lines[:: SHARES.get(path.stem, SHARE)]), encoding="utf-8")
    return judge(folder, timeout=HANGS)


def test_no_verdict_is_wrong(rows: list[Row]) -> None:
    assert len(rows) >= 35 and {r.set for r in rows} == {path.stem for path in CLAIMS.glob("*.jsonl")}
    assert [r.claim["id"] for r in rows if r.wrong or r.verdict.contradiction] == []


def test_every_claim_is_read(rows: list[Row]) -> None:
    assert [(r.claim["id"], r.verdict.reason) for r in rows if r.verdict.verdict == "error" or not r.verdict.read_as] == []


def test_every_false_claim_is_refuted_with_numbers(rows: list[Row]) -> None:
    false = [r for r in rows if not r.claim["truth"]]
    assert false and [r.claim["id"] for r in false if r.verdict.verdict != "refuted"] == []
    for row in false:
        at = row.verdict.counterexample
        assert at is not None and at.lhs and at.rhs and at.established, row.claim["id"]


def test_the_true_claims_are_proved(rows: list[Row]) -> None:
    true = [r for r in rows if r.claim["truth"]]
    proved = [r for r in true if r.verdict.verdict == "proved"]
    assert len(proved) >= PROVED * len(true), [(r.claim["id"], r.verdict.reason[:100]) for r in true if r not in proved]
    assert [r.claim["id"] for r in proved if r.verdict.evidence not in ("derived", "replayed")] == []


def test_the_page_is_what_comes_out(rows: list[Row]) -> None:
    command = "run: python -m derivations._verify.benchmarks tests/claims -o docs/claims.md"
    said = PAGE.read_text(encoding="utf-8")
    listed = set(re.findall(r"^- `(.+?)` \(", said, re.MULTILINE))
    assert {r.claim["id"] for r in rows if not r.right} == listed & {r.claim["id"] for r in rows}, command
    count = sum(path.read_text(encoding="utf-8").count("\n") for path in CLAIMS.glob("*.jsonl"))
    assert said == page(rows) or len(rows) < count, command
