"""A worker process: one question a line on standard input, one verdict a line on standard output.

It is started by :mod:`.pool`, stays for many claims, and bounds its own memory. What it prints besides goes to stderr.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from .limits import MEMORY, limit_memory

#: A process that has grown to this many bytes ends after its answer, so that the next claim has the whole limit again.
ENOUGH = MEMORY // 2


def serve() -> None:
    """Answer until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then ends this process
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # nothing but answers reaches the command
    questions = sys.stdin.buffer
    limit_memory()
    from .decide import Decision, Question
    from .lemmas import Lemmas

    lemmas = Lemmas()
    answers.write('{"ready": true}\n')
    answers.flush()
    for line in iter(questions.readline, b""):
        asked: dict[str, Any] = json.loads(line)
        try:
            data = Decision(Question(**asked), lemmas).decide().as_data()
        except Exception as error:
            data = {"fault": f"{type(error).__name__}: {error}"[:500]}
        full = resident() > ENOUGH
        try:
            written = json.dumps({**data, "last": True} if full else data)
        except (MemoryError, RecursionError, ValueError):
            written = json.dumps({"fault": "the answer is too large"})
        answers.write(written + "\n")
        answers.flush()
        if full:
            return


def resident() -> int:
    """The most memory this process has had, in bytes; 0 where the platform does not say.

    Linux is not asked by ``getrusage``: what it answers there includes the memory of the process that started this one.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform != "darwin":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


__all__ = ["resident", "serve"]
