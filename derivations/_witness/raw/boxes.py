"""Complex boxes for quadrature: an integrand is evaluated on them, and says where it is not analytic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flint import acb, fmpq

from ..._kernel.tree import Node
from ..jets import Jet, Undecided
from .fields import Field
from .walk import Walker
from .whole import the_whole_number


class Scaled(NamedTuple):
    """factor·e^exponent, kept apart: on the real line log(factor·e^exponent) = log(factor) + exponent, and that is analytic."""

    factor: acb
    exponent: acb


def flat(a: acb | Scaled) -> acb:
    """The box itself."""
    return a.factor * a.exponent.exp() if isinstance(a, Scaled) else a


class Boxes(Field):
    """Complex boxes; with ``analytic``, what is not analytic on a box has no finite value."""

    def __init__(self, analytic: bool) -> None:
        self.analytic = analytic
        self.zero, self.one = acb(0), acb(1)

    def number(self, x: Fraction | int) -> acb:
        return acb(fmpq(x.numerator, x.denominator))

    def pi(self) -> acb:
        """π."""
        return acb.pi()

    def infinity(self) -> acb:
        """+∞ is no number."""
        raise Undecided("∞ in an integral")

    def add_(self, a: Any, b: Any) -> acb:
        return flat(a) + flat(b)

    def mul_(self, a: Any, b: Any) -> Any:
        if type(a) is Scaled or type(b) is Scaled:
            left, right = _scaled(a), _scaled(b)
            factor = self.mul_(left.factor, right.factor)
            return factor if factor.is_zero() else Scaled(factor, left.exponent + right.exponent)
        return acb(0) if a.is_zero() or b.is_zero() else a * b

    def inverse_(self, a: Any) -> Any:
        return Scaled(1 / a.factor, -a.exponent) if type(a) is Scaled else 1 / a

    def log_(self, a: Any) -> Any:
        if type(a) is Scaled:
            return a.factor.log(analytic=self.analytic) + a.exponent
        return a.log(analytic=self.analytic)

    def exp_(self, a: Any) -> Any:
        return Scaled(acb(1), flat(a))

    def power_(self, a: Any, r: Any) -> Any:
        r = flat(r)
        if type(a) is Scaled:
            return Scaled(self.power_(a.factor, r), a.exponent * r)
        whole = the_whole_number(r.real) if r.imag.is_zero() and r.real.is_exact() else None
        if whole is not None and abs(whole) <= 64:
            return a**whole
        if r == acb(fmpq(1, 2)):
            return a.sqrt(analytic=self.analytic)
        return a.pow(r, analytic=self.analytic)

    def absolute(self, a: Any) -> Any:
        if type(a) is Jet:
            raise Undecided("the derivative of |·| in an integral")
        return flat(a).real_abs(analytic=self.analytic)

    def largest(self, numbers: Sequence[Any]) -> Any:
        if any(type(a) is Jet for a in numbers):
            raise Undecided("the derivative of a maximum in an integral")
        best = flat(numbers[0])
        for a in numbers[1:]:
            best = best.real_max(flat(a), analytic=self.analytic)
        return best

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        if type(w) is acb and w.is_zero():
            return self.zero
        return super().weighted_log(w, a, b)

    def integral(self, walker: Walker, node: Node) -> Any:
        """Integrals and limits within are not looked at."""
        raise Undecided("an integral or a limit within another one")

    limit = integral


def _scaled(a: acb | Scaled) -> Scaled:
    return a if isinstance(a, Scaled) else Scaled(a, acb(0))


__all__ = ["Boxes", "flat"]
