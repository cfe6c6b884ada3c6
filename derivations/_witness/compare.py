"""Two numbers are compared by their balls, and what overlapping balls mean is said openly.

They are certainly different when the balls are disjoint, certainly equal when both are the same rational. Balls that
overlap though both are known to 100 bits (or, near zero, to 2⁻⁴⁰⁰) are a *tie*: what that counts for is the caller's choice.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from flint import arb, ctx, fmpq

from .jets import Infinite

#: Relative accuracy, in bits, from which overlapping balls are a tie.
ACCURATE = 100
#: From this precision on, balls this close to zero are a tie too.
NEAR_ZERO_FROM, NEAR_ZERO = 1024, 400
Value: TypeAlias = Any  #: fmpq | arb | Infinite


class Ties(Enum):
    """What balls that overlap at high precision say about two numbers."""

    UNKNOWN = "nothing: only what is certain counts"
    AGREE = "= and ≤ hold; < and ≠ are not decided"
    EQUAL = "the numbers are equal: < and ≠ fail"


class Sides(NamedTuple):
    """Two numbers which were compared, as decimals, and what settled it."""

    left: str
    right: str
    established: str  #: "exact rational arithmetic", "disjoint balls", "one side is infinite" or "tie"


class Order(NamedTuple):
    """How two numbers compare: sign −1, 0, 1, or None for a tie."""

    sign: int | None
    sides: Sides


def show(value: Value, digits: int = 30) -> str:
    """A value as a decimal of about ``digits`` digits."""
    if type(value) is Infinite:
        return repr(value)
    with ctx.workprec(max(ctx.prec, 4 * digits + 64)):
        return arb(value).str(digits, radius=False)


def show_both(u: Value, v: Value) -> tuple[str, str]:
    """Two values as decimals, with as many digits as it takes to see them differ, if they do."""
    for digits in (30, 60, 120):
        shown = show(u, digits), show(v, digits)
        if shown[0] != shown[1]:
            return shown
    return show(u), show(v)


def compare(u: Value, v: Value, precision: int) -> int | str:
    """−1, 0 or 1 where that is certain, "tie", or "unclear" at this precision."""
    if type(u) is Infinite or type(v) is Infinite:
        left, right = (w.side if type(w) is Infinite else 0 for w in (u, v))
        return (left > right) - (left < right)
    if u < v:
        return -1
    if u > v:
        return 1
    if type(u) is fmpq and type(v) is fmpq:
        return 0
    u, v = arb(u), arb(v)
    if u.is_exact() and v.is_exact() and u == v:
        return 0
    if not u.overlaps(v):
        return "unclear"
    if u.rel_accuracy_bits() >= ACCURATE and v.rel_accuracy_bits() >= ACCURATE:
        return "tie"
    edge = arb(2) ** -NEAR_ZERO
    near = u.abs_upper() < edge and v.abs_upper() < edge
    return "tie" if near and precision >= NEAR_ZERO_FROM else "unclear"


def how(u: Value, v: Value, sign: int | str) -> str:
    """What settled a comparison."""
    if type(u) is Infinite or type(v) is Infinite:
        return "one side is infinite"
    if sign == "tie":
        return "tie"
    return "exact rational arithmetic" if sign == 0 or type(u) is type(v) is fmpq else "disjoint balls"
