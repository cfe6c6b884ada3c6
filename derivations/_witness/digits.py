"""The decimal of a value is its correct rounding: the ball lies strictly between two neighbouring half-way points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from .._kernel.terms import Term
from .ball import Evaluator
from .jets import Infinite, TooLarge, Undecided
from .point import Point

#: No number beyond this is written out.
LARGEST = arb(10) ** 3_000


def decimal(t: Term, point: Point, digits: int) -> str:
    """The value of ``t``, rounded correctly to ``digits`` digits after the point; a rational half-way value goes to even.

    Raises :class:`Undefined` where the formula has no value, :class:`Undecided` where 4096 bits do not tell.
    """
    evaluator = Evaluator.at(point)
    for precision in (128, 256, 512, 1024, 2048, 4096):
        with ctx.workprec(precision + 4 * digits):
            evaluator.clear()
            try:
                value = evaluator.number(t)
            except Undecided:
                continue
            if type(value) is Infinite:
                return repr(value)
            whole = _rounded(value * fmpq(10) ** digits)
            if whole is not None:
                return _placed(whole, digits)
    raise Undecided(f"the value is too close to half a unit of digit {digits}")


def _rounded(value: Any) -> int | None:
    if type(value) is fmpq:
        return round(Fraction(int(value.p), int(value.q)))  # half-way to even
    if value.abs_upper() > LARGEST:  # python-flint ends the process at the largest ones
        raise TooLarge("a value of too many digits")
    nearest = (value + fmpq(1, 2)).floor().unique_fmpz()
    return None if nearest is None else int(nearest)


def _placed(whole: int, digits: int) -> str:
    text = str(abs(whole)).rjust(digits + 1, "0")
    head, tail = (text[:-digits], text[-digits:]) if digits else (text, "")
    return ("-" if whole < 0 else "") + head + ("." + tail if tail else "")
