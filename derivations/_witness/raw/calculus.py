"""Integrals and limits have rigorous enclosures here, or no answer.

On a finite range, an integral is enclosed by quadrature with error bounds over complex boxes (python-flint's
``acb.integral``). An infinite end, or an end where the integrand is singular, is cut off, and the rest enclosed by a germ
(:mod:`.germ`). A limit is the constant term of a germ whose other parts go to zero.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq

from ..._kernel.tree import Node
from ..family import PolynomialFamily
from ..jets import MINUS_INFINITY, PLUS_INFINITY, Infinite, Jet, TooLarge, Undecided, Undefined
from .boxes import Boxes, flat
from .exact import UNIT
from .fields import Balls
from .germ import MAX_EFFORT, Germ, Germs
from .growth import ONE_KEY, ball, form_sign, growth
from .walk import Walker

#: A finite end is cut off at distance 1/R with these R (as powers of 2), an infinite one at these R.
NEAR, FAR = (6, 20, 80, 160, 400), (4, 5, 6, 7, 8, 10, 12, 40, 120)
#: A limit is looked at from these R on (as powers of 2), with so many orders of every series.
LIMITS = ((60, 3), (60, 6), (400, 6))
#: A tail is small enough below this.
SMALL = arb(2) ** -64
#: An end is looked at in a box of this size, for a number of the size of one.
BESIDE = arb(2) ** -40
#: Values of integrands that one quadrature may ask for.
MAX_EVALUATIONS = 12_000


class Witness(Balls):
    """Exact rationals and balls, with integrals and limits; ``effort`` counts the steps of integrals and limits."""

    def __init__(self, effort: list[int] | None = None) -> None:
        self.effort = [0] if effort is None else effort

    def integral(self, walker: Walker, node: Node) -> Any:
        """An enclosure of ∫ body dx from low to high."""
        x, low, high, body = node.args
        if any(_has_jet(v) for v in walker.names.values()):
            raise Undecided("the derivative of an integral")
        a, b = walker.value(low), walker.value(high)
        if type(a) is Infinite and type(b) is Infinite and a is b:
            raise Undefined("an integral from ∞ to ∞")
        if a is PLUS_INFINITY or b is MINUS_INFINITY or (type(a) is not Infinite and type(b) is not Infinite and a > b):
            return self.neg(Integrand(walker, x, body, high, low).between(b, a))
        return Integrand(walker, x, body, low, high).between(a, b)

    def limit(self, walker: Walker, node: Node) -> Any:
        """The limit of body as x goes to the point."""
        x, point, side, body = node.args
        c = walker.value(point)
        if type(c) is Infinite:
            return _limit(walker, x, None, c.side, body)
        found = [_limit(walker, x, point, s, body) for s in {"+": (1,), "-": (-1,)}.get(side, (1, -1))]
        first, last = found[0], found[-1]
        if first is last or (type(first) is type(last) is fmpq and first == last):
            return first
        if Infinite in (type(first), type(last)) or not arb(first).overlaps(arb(last)):
            raise Undefined("the limits from both sides differ")
        return arb(first).union(arb(last))


def _has_jet(value: Any) -> bool:
    return type(value) is Jet or (type(value) is tuple and any(map(_has_jet, value)))


def _germ_names(walker: Walker, x: str, germ: Germ, field: Germs) -> dict[str, Any]:
    def made(value: Any) -> Any:
        if type(value) is tuple:
            return tuple(map(made, value))
        if type(value) is fmpq:
            return field.number(Fraction(int(value.p), int(value.q)))
        if type(value) in (int, PolynomialFamily):
            return value
        raise Undecided("a limit or a tail at a point that is not rational")

    return {**{name: made(v) for name, v in walker.names.items() if name != x}, x: germ}


def _germ(walker: Walker, x: str, point: Node | None, side: int, body: Node, field: Germs) -> Germ:
    """``body`` for x = side·t, or for x = point + side/t."""
    germ = field.variable() if point is None else field.variable(-1)
    germ = germ if side > 0 else field.neg(germ)
    try:
        outer = walker.inner(_germ_names(walker, x, germ, field), field=field)
        if point is not None:
            outer.names[x] = field.add(outer.value(point), germ)
        value = outer.value(body)
    except Undefined as error:
        raise Undecided(f"no expansion: {error}") from None
    except (OverflowError, ValueError, RecursionError):
        raise Undecided("no expansion") from None
    if type(value) is not Germ:
        raise Undecided("a derivative is open")
    return value


def _limit(walker: Walker, x: str, point: Node | None, side: int, body: Node) -> Any:
    problem = Undecided("no limit is seen")
    for k, orders in LIMITS:
        try:
            return _limit_from(Germs(arb(2) ** k, orders, walker.field.effort), walker, x, point, side, body)
        except TooLarge:
            raise
        except Undecided as error:
            problem = error
    raise problem


def _limit_from(field: Germs, walker: Walker, x: str, point: Node | None, side: int, body: Node) -> Any:
    germ = _germ(walker, x, point, side, body, field)
    if any(growth(key) > 0 for key in germ.terms):
        _, form, _ = field.led(germ)
        return PLUS_INFINITY if form_sign(form) > 0 else MINUS_INFINITY
    form = germ.terms.get(ONE_KEY, {})
    slack = 0 if germ.rest is None else growth(germ.rest[1])
    if germ.rest is not None and slack > 0:
        raise Undecided("the rest grows")
    if germ.rest is not None and slack == 0:
        raise Undecided("the rest does not go to 0")
    if set(form) <= {UNIT}:
        c = form.get(UNIT, Fraction(0))
        return fmpq(c.numerator, c.denominator)
    return ball(form)


class Integrand:
    """The body of an integral as a function of its variable."""

    def __init__(self, walker: Walker, x: str, body: Node, low: Node, high: Node) -> None:
        self.walker, self.x, self.body, self.low, self.high = walker, x, body, low, high
        self.boxes = {flag: {name: _box(v) for name, v in walker.names.items() if name != x} for flag in (False, True)}

    def __call__(self, z: acb, analytic: bool) -> acb:
        inner = self.walker.inner({**self.boxes[bool(analytic)], self.x: z}, field=Boxes(bool(analytic)))
        inner.turns = [0]
        self.walker.field.effort[0] += 1
        try:
            return flat(inner.value(self.body))
        except (Undefined, Undecided, ZeroDivisionError, OverflowError, ValueError, RecursionError):
            return acb("nan")

    def between(self, a: Any, b: Any) -> Any:
        """An enclosure of the integral from a to b, where a ≤ b."""
        if type(a) is fmpq and type(b) is fmpq and a == b:
            return fmpq(0)
        self.defined(a, b)
        middle = a + b if Infinite not in (type(a), type(b)) else None
        if middle is not None:
            direct = None if self.singular(a) or self.singular(b) else self.quadrature(arb(a), arb(b))
            if direct is not None:
                return direct
            middle = middle / 2
        else:
            middle = fmpq(0) if type(a) is type(b) else b - 1 if type(a) is Infinite else a + 1
        start, left = self.end(a, self.low, 1, middle)
        stop, right = self.end(b, self.high, -1, middle)
        inside = self.quadrature(start, stop)
        if inside is None:
            raise Undecided("the integral is not enclosed")
        return inside + left + right

    def defined(self, a: Any, b: Any) -> None:
        """Raise :class:`Undefined` if the integrand has no value at one of a few points inside."""
        for k in range(1, 8):
            share = fmpq(k, 8)
            if type(a) is Infinite or type(b) is Infinite:
                t = share / (1 - share) if type(a) is not type(b) else (2 * share - 1) / (share * (1 - share))
                at = t if type(a) is type(b) else b - t if type(a) is Infinite else a + t
            else:
                at = a + (b - a) * share
            try:
                self.walker.inner({**self.walker.names, self.x: at}).value(self.body)
            except Undecided:
                continue

    def end(self, at: Any, node: Node, side: int, middle: Any) -> tuple[arb, arb]:
        """Where to cut off an end, and the integral beyond."""
        singular = type(at) is not Infinite and self.singular(at)
        if type(at) is not Infinite and not singular and self.beside(at, side, middle):
            return arb(at), arb(0)
        problem = Undecided("the end is not bounded")
        for k in FAR if type(at) is Infinite else NEAR:
            field = Germs(arb(2) ** k, 3, self.walker.field.effort)
            try:
                if type(at) is Infinite:
                    germ = _germ(self.walker, self.x, None, at.side, self.body, field)
                    cut = at.side * field.start
                    if (cut - arb(middle)) * at.side < 0:
                        continue
                else:
                    germ = _germ(self.walker, self.x, node, side, self.body, field)
                    germ = field.mul_(germ, field.variable(-2))
                    cut = arb(at) + side / field.start
                    if not abs(cut - arb(at)) < abs(arb(middle) - arb(at)):
                        continue
                tail = field.tail(germ)
            except Undecided as error:
                problem = error
                continue
            if tail.rad() < SMALL or (k == (FAR if type(at) is Infinite else NEAR)[-1] and tail.is_finite()):
                return cut, tail
        if singular and self.beside(at, side, middle):
            return arb(at), arb(0)
        raise problem

    def singular(self, at: Any) -> bool:
        """Whether the integrand is not seen to be analytic around an end: quadrature would go on for long there."""
        width = (abs(arb(at)) + 1).upper() * BESIDE
        return not self(acb(arb(at) + arb(0, width), arb(0, width)), True).is_finite()

    def beside(self, at: Any, side: int, middle: Any) -> bool:
        """Whether quadrature encloses the integral over a small range that begins at an end."""
        return self.quadrature(arb(at), arb(at) + side * abs(arb(middle) - arb(at)) / 1024) is not None

    def quadrature(self, a: arb, b: arb) -> arb | None:
        """An enclosure over a finite range, or None."""
        if self.walker.field.effort[0] > MAX_EFFORT:
            raise TooLarge("the integrals take too many steps")
        tolerance = arb(2) ** -min(80, ctx.prec - 10)
        try:
            value = acb.integral(self, acb(a), acb(b), rel_tol=tolerance, abs_tol=tolerance, eval_limit=MAX_EVALUATIONS)
        except (ValueError, OverflowError, ArithmeticError):
            return None
        if not value.is_finite():
            return None
        if not value.imag.contains(0):
            raise Undefined("the integrand is not real")
        return value.real


def _box(value: Any) -> Any:
    if type(value) is tuple:
        return tuple(map(_box, value))
    return value if type(value) in (int, PolynomialFamily) else acb(value)


__all__ = ["Witness"]
