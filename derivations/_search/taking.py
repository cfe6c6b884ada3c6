"""a ≤ b because something that is known to be ≥ 0 can be taken away from b − a, and what is left is shown to be ≥ 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, ZERO, Term

from .equation import NotFound
from .knowns import Known, from_entries, from_maxima, from_squares_of_sums, squares_of_pairs
from .looks import never_negative, points
from .remains import nonnegative
from .scalars import by_scalars
from .strong import Strong
from .weighing import FAILURES, by_weighing

MOST_TRIES, MOST_GOOD = 24, 4
Parts = list[tuple[Term, Proof]]
Source = Callable[[Strong, Scope, Term], Iterator[Known]]  #: proposes what to take away from a normal form
Way = Callable[[Kernel, Scope, Term], Parts]


def by_taking(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """A proof of a ≤ b."""
    search, at = Strong(kernel), points(scope)
    if not never_negative(b - a, at):
        raise NotFound("it does not hold at every point")
    normal = search.together([b - a], scope)[0][0]
    tries = good = 0
    for source, ways in SOURCES:
        for q, proof in source(search, scope, normal):
            tries += 1
            if tries > MOST_TRIES or good >= MOST_GOOD:
                raise NotFound("the budget of what is taken away is spent")
            rest = b - a - q
            if not never_negative(rest, at):
                continue
            good += 1
            with suppress(*FAILURES):
                whole = Proof("combine", (a, b, ((ONE, proof), *first(kernel, scope, rest, ways))))
                kernel.derive(whole, scope)
                return whole
    raise NotFound("nothing that is known to be positive could be taken away", normal)


def first(kernel: Kernel, scope: Scope, rest: Term, ways: tuple[Way, ...]) -> Parts:
    """Parts of a combination that show 0 ≤ rest, by the first way that finds them."""
    for way in ways:
        with suppress(*FAILURES):
            return way(Kernel(kernel.library), scope, rest)
    raise NotFound("what is left is not shown to be ≥ 0", rest)


def by_sign(kernel: Kernel, scope: Scope, rest: Term) -> Parts:
    """A form of the rest has a decided sign."""
    return nonnegative(Strong(kernel), scope, rest)


def by_weights(kernel: Kernel, scope: Scope, rest: Term) -> Parts:
    """The rest is weighed."""
    return [(ONE, by_weighing(kernel, scope, ZERO, rest))]


SOURCES: tuple[tuple[Source, tuple[Way, ...]], ...] = (
    (squares_of_pairs, (by_sign,)),
    (from_maxima, (by_sign, by_weights)),
    (from_entries, (by_sign, by_weights)),
    (from_squares_of_sums, (by_scalars,)),
)
__all__ = ["by_taking"]
