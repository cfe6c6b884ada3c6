"""Worker processes which stay for many claims; one that hangs or dies is replaced, and its claim is undecided."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from .verdict import Verdict, clean

ROOT = Path(__file__).parents[2]
#: A worker stops itself after the limit of a claim; it is given this many seconds more, as long as it may take to start.
GRACE, START = 2.0, 60.0
#: The same steps in the same order every time; and no threads of a linear algebra that is not used, which take memory each.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
#: Questions which are read ahead of the answers.
AHEAD = 64
Asked = dict[str, Any]


class Fault(Exception):
    """No worker can be started, or one was asked too late; this is a fault of the software."""


class Worker:
    """One process; it is started when it is first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self._lock, self._closed = threading.Lock(), False

    def ask(self, question: Asked, timeout: float) -> Verdict:
        """The verdict on one question."""
        try:
            data = self._asked(question, timeout)
        except TimeoutError:
            self.stop()
            return _lost(question, f"stopped after {timeout:g} s (--timeout); the process did not answer", timeout)
        except (OSError, EOFError):
            code = self._process.poll() if self._process is not None else None
            self.stop()
            return _lost(question, f"its process ended ({code}): most likely the memory limit of 512 MB a claim")
        if data.pop("last", False):
            self.stop()
        if "fault" in data:
            return _lost(question, f"lossproof failed, which is a fault of lossproof: {data['fault']}; please report it")
        return Verdict.from_data(data)

    def _asked(self, question: Asked, timeout: float) -> dict[str, Any]:
        process = self._started()
        if process.stdin is None:
            raise EOFError
        process.stdin.write(json.dumps({**question, "timeout": timeout}).encode() + b"\n")
        process.stdin.flush()
        return self._answer(timeout + GRACE)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.stop()
        with self._lock:
            if self._closed:
                raise EOFError
            self._process = process = self._begun()
        self._rest = b""
        try:
            self._answer(START)
        except EOFError as error:
            if self._closed:
                raise
            raise Fault("a process that judges claims could not be started; LOSSPROOF_DEBUG=1 shows why") from error
        return process

    def _begun(self) -> subprocess.Popen[bytes]:
        code = "import sys; sys.path.append(sys.argv[1]); from derivations._verify.worker import serve; serve()"
        return subprocess.Popen(
            [sys.executable, "-P", "-c", code, str(ROOT)],  # -P: a file beside the user's text is never imported
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("LOSSPROOF_DEBUG") else subprocess.DEVNULL,  # a library's last words are no report
            env={**os.environ, **ENVIRONMENT},
        )

    def _answer(self, seconds: float) -> dict[str, Any]:
        """The next line which the process writes."""
        if self._process is None or self._process.stdout is None:
            raise EOFError
        pipe, until = self._process.stdout.fileno(), time.monotonic() + seconds
        parts = [self._rest]
        while b"\n" not in parts[-1]:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            parts.append(os.read(pipe, 1 << 20))
            if not parts[-1]:
                raise EOFError
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process, and begin no other."""
        with self._lock:
            self._closed = True
        self.stop()

    def stop(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()


def _lost(question: Asked, why: str, seconds: float = 0.0) -> Verdict:
    return Verdict(
        "undecided", reason=why, seconds=seconds, id=question.get("id", ""), source=clean(question.get("latex", "")),
        where=clean(question.get("where", "")),
    )  # fmt: skip


class Pool:
    """Workers, and claims decided side by side; answers come in the order of the questions."""

    def __init__(self, workers: int = 2) -> None:
        self.workers = [Worker() for _ in range(workers)]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        for worker in self.workers:
            worker.close()

    def ask(self, question: Asked, timeout: float) -> Verdict:
        """One verdict, by the first worker."""
        return self.workers[0].ask(question, timeout)

    def verdicts(self, questions: Iterable[Asked | Verdict], timeout: float) -> Iterator[Verdict]:
        """The verdicts in order, each as soon as it and all before it are there; what is a verdict already is passed on."""
        todo: queue.Queue[tuple[Asked, _Later]] = queue.Queue()
        ordered: queue.Queue[_Later | None] = queue.Queue(AHEAD)
        stopped = threading.Event()

        def feed() -> None:
            try:
                for question in questions:
                    later = _Later()
                    if isinstance(question, Verdict):
                        later.put(question)
                    else:
                        todo.put((question, later))
                    _put(ordered, later, stopped)
                    if stopped.is_set():
                        return
            except BaseException as error:  # told where the answers are read
                _put(ordered, _Later(error), stopped)
            _put(ordered, None, stopped)

        def work(worker: Worker) -> None:
            while not stopped.is_set():
                try:
                    question, later = todo.get(timeout=0.1)
                except queue.Empty:
                    continue
                try:
                    later.put(worker.ask(question, timeout))
                except BaseException as error:
                    later.put(error)

        jobs: list[Callable[[], None]] = [feed, *(partial(work, worker) for worker in self.workers)]
        threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        try:
            while (later := ordered.get()) is not None:
                yield later.get()
        finally:
            stopped.set()
            self.close()


class _Later:
    """A verdict, or an error, which is not there yet."""

    def __init__(self, error: BaseException | None = None) -> None:
        self._there = threading.Event()
        self._what: Verdict | BaseException | None = None
        if error is not None:
            self.put(error)

    def put(self, what: Verdict | BaseException) -> None:
        self._what = what
        self._there.set()

    def get(self) -> Verdict:
        while not self._there.wait(0.2):  # so that Ctrl-C is heard
            pass
        if isinstance(self._what, Verdict):
            return self._what
        raise self._what if self._what is not None else Fault("no answer")


def _put(ordered: queue.Queue[Any], what: Any, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            ordered.put(what, timeout=0.2)
            return
        except queue.Full:
            continue


__all__ = ["Fault", "Pool", "Worker"]
