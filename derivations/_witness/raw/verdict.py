"""What a claim's links at a point amount to: a counterexample, a tie for the rules, or nothing against the claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from ..family import PolynomialFamily
from ..jets import Infinite
from ..point import Point
from ..sample import entries
from .claim import Claim, Link, decimals
from .exact import equal

STRICT = ("<", ">", "!=")
#: Numbers of a tie that is handed to the rules are no larger than this.
PLAIN = 10_000


@dataclass(frozen=True)
class RawCounterexample:
    """An exact point at which a claim fails, both sides of the link that fails, and how that is known."""

    sizes: dict[str, int]
    values: dict[str, Any]  #: variables and free indices: fractions, (nested) tuples of them, whole numbers for indices
    place: int  #: which relation of the chain, from 0
    relation: str
    sides: tuple[str, str]
    established: str
    needs_rules: bool = False  #: the sides seem equal, which is for the rules to prove
    infinite: bool = False  #: one side is infinite

    @property
    def point(self) -> Point:
        """The point for the evaluator."""
        return Point(self.sizes, self.values)


def verdict(claim: Claim, at: Point, links: list[Link]) -> RawCounterexample | None:
    """A counterexample, if a link fails or is a tie that makes it fail."""
    for link in links:
        if link.holds is False:
            infinite = type(link.left) is Infinite or type(link.right) is Infinite
            return _made(at, link, _how(link), infinite=infinite)
    for link in links:
        if link.tie and link.relation in STRICT:
            proved = equal(claim, claim.sides[link.place], claim.sides[link.place + 1], at)
            if proved:
                return _made(at, link, "a tie: both sides have the same exact form in logarithms of primes")
            if proved is None and _plain(at):
                return _made(at, link, "a tie of balls, which the rules must prove", needs_rules=True)
    return None


def _plain(at: Point) -> bool:
    numbers = [x for value in at.values.values() for x in entries(value) if not isinstance(x, PolynomialFamily)]
    return all(abs(x.numerator) <= PLAIN and x.denominator <= PLAIN for x in numbers)


def _made(at: Point, link: Link, how: str, **flags: bool) -> RawCounterexample:
    return RawCounterexample(
        dict(at.sizes), dict(at.values), link.place, link.relation, decimals(link.left, link.right), how, **flags
    )


def _how(link: Link) -> str:
    if type(link.left) is Infinite or type(link.right) is Infinite:
        return "one side is infinite"
    if type(link.left) is fmpq and type(link.right) is fmpq:
        if link.left == link.right:
            return f"a tie, both sides exactly {link.left}"
        return "exact rational arithmetic"
    return f"disjoint balls at {link.precision} bits"


__all__ = ["STRICT", "RawCounterexample", "verdict"]
