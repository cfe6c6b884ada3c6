"""What one claim may cost: a deterministic number of steps, and wall-clock time and memory as the backstop."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Mapping

from .._kernel.check import Checked, Kernel, Proof
from .._kernel.domains import Scope
from .._kernel.order import Order
from .._kernel.terms import Term
from .._search.normalise import OutOfSteps

#: How often the kernel may be asked within one search: some twenty times what the hardest proof of the samples needs.
STEPS = 20_000
MEMORY = 512 * 2**20  #: address space of a worker process, in bytes; what is resident is less
TIMEOUT = 10.0
#: The lengths of what is read; a longer formula is refused before anything is made of it.
MAX_LATEX, MAX_WHERE, MAX_LINE = 20_000, 2_000, 100_000


class TimeUp(BaseException):
    """The wall-clock limit of a claim; nothing that handles ordinary errors stops it."""


class Measured(Kernel):
    """A kernel that counts what it is asked, so that every search ends, on every machine at the same step."""

    def __init__(self, library: Mapping[str, Checked] | None = None, steps: int = STEPS) -> None:
        super().__init__(library)
        self.steps = steps

    def spend(self) -> None:
        """Count one step."""
        self.steps -= 1
        if self.steps < 0:
            raise OutOfSteps("the budget of steps is spent")

    def order(self, scope: Scope) -> Order:
        self.spend()
        return super().order(scope)

    def derive(self, proof: Proof, scope: Scope) -> Term:
        self.spend()
        return super().derive(proof, scope)


@contextlib.contextmanager
def clock(seconds: float | None) -> Iterator[None]:
    """Raise :class:`TimeUp` after ``seconds``, where the platform can: in the main thread of a POSIX process."""
    here = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if seconds is None or not here:
        yield
        return

    def up(number: int, frame: object) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, up)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), 0.2)  # again, should a destructor swallow the first
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit_memory() -> None:
    """Bound the memory of this process, where the platform can."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


__all__ = ["MAX_LATEX", "MAX_LINE", "MAX_WHERE", "MEMORY", "STEPS", "TIMEOUT", "Measured", "TimeUp", "clock", "limit_memory"]
