"""Quotients of polynomials in one unknown, with rational coefficients: a part of a claim along a line, exactly.

What is not such a quotient has no value here. Where a condition depends on the unknown, it counts as an equation does, which
fails nearly everywhere; what is found this way is a guess, which balls try.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import nan
from typing import Any

from flint import fmpq, fmpq_poly

from .. import jets
from ..entries import mapped, replaced
from ..family import PolynomialFamily
from ..jets import Undecided, Undefined
from ..lines import Line
from .fields import Field

MAX_DEGREE, MAX_BITS = 40, 4_000
_ONE = fmpq_poly([1])


class Ratio:
    """Numerator and denominator, with nothing cancelled."""

    __slots__ = ("den", "num")

    def __init__(self, num: fmpq_poly, den: fmpq_poly = _ONE) -> None:
        self.num, self.den = num, den

    @property
    def constant(self) -> fmpq | None:
        """The number, where the unknown does not occur."""
        if self.num.degree() > 0 or self.den.degree() > 0:
            return None
        return self.num[0] / self.den[0]


def affine(a: Fraction, b: Fraction) -> Ratio:
    """a + b·t."""
    return Ratio(fmpq_poly([_fmpq(a), _fmpq(b)]))


def unknown() -> Ratio:
    """t itself."""
    return affine(Fraction(0), Fraction(1))


def constant(x: Any) -> Any:
    """A fraction as a quotient; what is no number stays."""
    return x if type(x) in (int, PolynomialFamily) else affine(x, Fraction(0))


def moving(line: Line) -> Any:
    """The value of a variable on a line, with the unknown for what moves."""
    rest = line.rest
    if rest is None:
        return replaced(mapped(line.value, constant), line.place, unknown())
    return replaced(mapped(line.value, lambda e: affine(e / rest, -e / rest)), line.place, unknown())


def _fmpq(x: Fraction | int) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _kept(num: fmpq_poly, den: fmpq_poly) -> Ratio:
    if num.degree() > MAX_DEGREE or den.degree() > MAX_DEGREE:
        raise Undecided("a polynomial of too high a degree")
    if num.denom().bit_length() > MAX_BITS:
        raise Undecided("a polynomial of too large numbers")
    return Ratio(num, den)


class Ratios(Field):
    """The arithmetic of quotients of polynomials."""

    zero, one = Ratio(fmpq_poly()), Ratio(_ONE)

    def number(self, x: Fraction | int) -> Ratio:
        return Ratio(fmpq_poly([_fmpq(x)]))

    def pi(self) -> Ratio:
        """π is not rational."""
        raise Undecided("π")

    infinity = pi

    def add_(self, a: Ratio, b: Ratio) -> Ratio:
        if a.den is _ONE and b.den is _ONE:
            return Ratio(a.num + b.num)
        return _kept(a.num * b.den + b.num * a.den, a.den * b.den)

    def mul_(self, a: Ratio, b: Ratio) -> Ratio:
        return _kept(a.num * b.num, _ONE if a.den is _ONE and b.den is _ONE else a.den * b.den)

    def inverse_(self, a: Ratio) -> Ratio:
        if a.num.is_zero():
            raise Undefined("division by zero")
        return Ratio(a.den, a.num)

    def log_(self, a: Ratio) -> Ratio:
        if a.constant == 1:
            return self.zero
        raise Undecided("a logarithm")

    def exp_(self, a: Ratio) -> Ratio:
        if a.num.is_zero():
            return self.one
        raise Undecided("an exponential")

    def power_(self, a: Ratio, r: Ratio) -> Ratio:
        exponent, base = r.constant, a.constant
        if exponent is None:
            raise Undecided("an exponent which varies")
        if base is not None:
            value = jets.power(base, exponent)
            if type(value) is fmpq:
                return Ratio(fmpq_poly([value]))
        if exponent.q != 1 or abs(exponent.p) > MAX_DEGREE:
            raise Undecided("a broken power")
        n = abs(int(exponent.p))
        if n * max(a.num.degree(), a.den.degree()) > MAX_DEGREE:
            raise Undecided("a polynomial of too high a degree")
        raised = Ratio(a.num**n, _ONE if a.den is _ONE else a.den**n)
        return raised if exponent >= 0 else self.inverse_(raised)

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        if type(w) is Ratio and w.num.is_zero():
            return self.zero
        return super().weighted_log(w, a, b)

    def largest(self, numbers: Sequence[Any]) -> Any:
        values = [a.constant for a in numbers if type(a) is Ratio and a.constant is not None]
        if len(values) < len(numbers):
            raise Undecided("a maximum")
        return numbers[values.index(max(values))]

    def sign(self, a: Any) -> Any:
        value = a.constant if type(a) is Ratio else None
        return nan if value is None else (value > 0) - (value < 0)


__all__ = ["Ratio", "Ratios", "affine", "constant", "moving", "unknown"]
