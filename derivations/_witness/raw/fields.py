"""The numbers a raw tree is evaluated in: exact rationals as long as possible, then balls.

A field adds, multiplies and takes logarithms; jets (value + slope·ε) over any field give its derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from .. import jets
from ..jets import PLUS_INFINITY, Infinite, Jet, Undecided, Undefined


def ground(a: Any) -> Any:
    """The value without slopes."""
    while type(a) is Jet:
        a = a.value
    return a


def parts(a: Any, level: int) -> tuple[Any, Any | None]:
    """The value and the slope of ``a`` in the direction ``level``; None for no slope."""
    return (a.value, a.slope) if type(a) is Jet and a.level == level else (a, None)


class Field:
    """Arithmetic of jets over the numbers of a subclass, which supplies the methods that end in ``_``."""

    zero: Any
    one: Any

    def number(self, x: Fraction | int) -> Any:
        """An exact number as one of the field."""
        raise NotImplementedError

    def add(self, a: Any, b: Any) -> Any:
        """The sum."""
        if type(a) is Jet or type(b) is Jet:
            level = jets._level(a, b)
            (u, du), (v, dv) = parts(a, level), parts(b, level)
            slope: Any = du if dv is None else dv if du is None else self.add(du, dv)
            return Jet(level, self.add(u, v), slope)
        return self.add_(a, b)

    def mul(self, a: Any, b: Any) -> Any:
        """The product."""
        if type(a) is Jet or type(b) is Jet:
            level = jets._level(a, b)
            (u, du), (v, dv) = parts(a, level), parts(b, level)
            left = None if dv is None else self.mul(u, dv)
            right = None if du is None else self.mul(du, v)
            slope: Any = left if right is None else right if left is None else self.add(left, right)
            return Jet(level, self.mul(u, v), slope)
        return self.mul_(a, b)

    def neg(self, a: Any) -> Any:
        """The number with the other sign."""
        return self.mul(self.number(-1), a)

    def inverse(self, a: Any) -> Any:
        """1/a."""
        if type(a) is Jet:
            r = self.inverse(a.value)
            return Jet(a.level, r, self.neg(self.mul(a.slope, self.mul(r, r))))
        return self.inverse_(a)

    def log(self, a: Any) -> Any:
        """The natural logarithm."""
        if type(a) is Jet:
            return Jet(a.level, self.log(a.value), self.mul(a.slope, self.inverse(a.value)))
        return self.log_(a)

    def exp(self, a: Any) -> Any:
        """The exponential function."""
        if type(a) is Jet:
            e = self.exp(a.value)
            return Jet(a.level, e, self.mul(a.slope, e))
        return self.exp_(a)

    def power(self, a: Any, r: Any) -> Any:
        """a to the r."""
        if type(r) is Jet:
            return self.exp(self.mul(r, self.log(a)))
        if type(a) is Jet:
            lower = self.power(a.value, self.add(r, self.number(-1)))
            return Jet(a.level, self.power(a.value, r), self.mul(self.mul(r, lower), a.slope))
        return self.power_(a, r)

    def exponent(self, walker: Any, node: Any, r: Any) -> Any:
        """The value r of an exponent, exact where the field can tell that it is whole."""
        return r

    def absolute(self, a: Any) -> Any:
        """The absolute value."""
        return self.largest([a, self.neg(a)])

    def largest(self, numbers: Sequence[Any]) -> Any:
        """The maximum."""
        best = numbers[0]
        for a in numbers[1:]:
            best = a if self.sign(self.add(a, self.neg(best))) > 0 else best
        return best

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        """w·log(a/b)."""
        return self.mul(w, self.log(self.mul(a, self.inverse(b))))

    def sign(self, a: Any) -> int:
        """−1, 0 or 1."""
        raise Undecided("no order here")

    def chosen(self, branches: Sequence[tuple[Callable[[], Any], Callable[[], Any]]]) -> Any:
        """The value of the first branch whose condition holds."""
        for condition, value in branches:
            if condition():
                return value()
        raise Undefined("no case applies")

    def integral(self, walker: Any, node: Any) -> Any:
        """Integrals and limits are values of balls alone."""
        raise Undecided("an integral or a limit within another value")

    limit = integral

    add_: Callable[[Any, Any], Any]
    mul_: Callable[[Any, Any], Any]
    inverse_: Callable[[Any], Any]
    log_: Callable[[Any], Any]
    exp_: Callable[[Any], Any]
    power_: Callable[[Any, Any], Any]


class Balls(Field):
    """Exact rationals as long as possible, then balls; the arithmetic of :mod:`.jets`."""

    zero, one = jets.ZERO, jets.ONE
    add = staticmethod(jets.add)
    mul = staticmethod(jets.mul)
    neg = staticmethod(jets.neg)
    inverse = staticmethod(jets.inverse)
    log = staticmethod(jets.log)
    exp = staticmethod(jets.exp)
    power = staticmethod(jets.power)
    absolute = staticmethod(jets.absolute)
    largest = staticmethod(jets.largest)  # type: ignore[assignment]
    sign = staticmethod(jets.sign)

    def number(self, x: Fraction | int) -> fmpq:
        return fmpq(x.numerator, x.denominator)

    def pi(self) -> arb:
        """π."""
        return arb.pi()

    def infinity(self) -> Infinite:
        """+∞."""
        return PLUS_INFINITY

    def exponent(self, walker: Any, node: Any, r: Any) -> Any:
        """A ball around a whole number is that number, where the exact form of the exponent says so."""
        from .whole import settled

        return settled(walker, node, r) if type(r) is arb else r

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        """w·log(a/b), which is 0 for w = 0 and a, b ≥ 0, and ±∞ for w ≠ 0 where one of a, b is 0."""
        if type(w) is Infinite or type(a) is Infinite or type(b) is Infinite:
            raise Undefined("a logarithm of ∞")
        if jets.sign(a) < 0 and jets.sign(b) < 0:
            a, b = jets.neg(a), jets.neg(b)
        edge = type(a) is not Jet and type(b) is not Jet and (jets.sign(a) == 0 or jets.sign(b) == 0)
        if edge and type(w) is not Jet and jets.sign(w) < 0:
            return jets.neg(jets.weighted_log(jets.neg(w), a, b))
        return jets.weighted_log(w, a, b)


__all__ = ["Balls", "Field", "ground", "parts"]
