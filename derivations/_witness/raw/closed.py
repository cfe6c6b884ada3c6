"""A side of a claim at a point is written as a closed kernel term, so that the rules can prove a tie.

The walk is the one that evaluates, over kernel terms instead of numbers: sums are written out, derivatives taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb, ctx

from ..._kernel.terms import IllFormed, Term, num
from ..._kernel.tree import Node
from ..ball import evaluate as value_of
from ..family import PolynomialFamily
from ..jets import Undecided, Undefined
from ..point import Point
from .fields import Field, ground
from .walk import Plan, Walker

if TYPE_CHECKING:
    from .claim import Reading

MAX_EXPONENT, PRECISION = 64, 1152


class Terms(Field):
    """Closed kernel terms; numbers are added and multiplied at once, nothing else is."""

    zero, one = num(0), num(1)

    def number(self, x: Fraction | int) -> Term:
        return num(Fraction(x))

    def pi(self) -> Term:
        """π."""
        return Term("const", "pi")

    def infinity(self) -> Term:
        """+∞ is no term."""
        raise Undefined("∞ is no number")

    def add_(self, a: Term, b: Term) -> Term:
        if a.op == b.op == "num":
            return num(a.args[0] + b.args[0])
        return b if a == self.zero else a if b == self.zero else Term("add", a, b)

    def mul_(self, a: Term, b: Term) -> Term:
        if a.op == b.op == "num":
            return num(a.args[0] * b.args[0])
        if self.zero in (a, b):
            return self.zero
        return b if a == self.one else a if b == self.one else Term("mul", a, b)

    def inverse_(self, a: Term) -> Term:
        if self.sign(a) == 0:
            raise Undefined("division by zero")
        return num(1 / a.args[0]) if a.op == "num" else Term("pow", a, num(-1))

    def log_(self, a: Term) -> Term:
        if self.sign(a) <= 0:
            raise Undefined("the logarithm of a number that is not positive")
        return self.zero if a == self.one else Term("log", a)

    def exp_(self, a: Term) -> Term:
        return self.one if a == self.zero else Term("exp", a)

    def power_(self, a: Term, r: Term) -> Term:
        if r == self.zero:
            return self.one
        whole = r.op == "num" and r.args[0].denominator == 1
        if whole and a.op == "num" and abs(r.args[0]) <= MAX_EXPONENT:
            if a == self.zero and r.args[0] < 0:
                raise Undefined("division by zero")
            return num(a.args[0] ** int(r.args[0]))
        if a == self.zero and self.sign(r) > 0:
            return self.zero
        if not whole and self.sign(a) <= 0:
            raise Undefined("a broken power of a number that is not positive")
        return a if r == self.one else Term("pow", a, r)

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        return self.zero if w == self.zero else super().weighted_log(w, a, b)

    def sign(self, a: Any) -> int:
        term = ground(a)
        if term.op == "num":
            return int(term.args[0] > 0) - int(term.args[0] < 0)
        ball = value_of(term, Point(), PRECISION)
        if type(ball) is arb and ball.is_finite() and (ball > 0 or ball < 0):
            return 1 if ball > 0 else -1
        raise Undecided("the sign of a closed term")

    def largest(self, numbers: Sequence[Any]) -> Any:
        best = numbers[0]
        for a in numbers[1:]:
            best = a if a != best and self.sign(self.add(a, self.neg(best))) > 0 else best
        return best

    def integral(self, walker: Walker, node: Node) -> Any:
        """Integrals are no closed terms."""
        raise Undefined("an integral is no closed term")

    limit = integral


def closed(node: Node, at: Point, indices: Sequence[str] = ()) -> Term | None:
    """``node`` at a point as a closed kernel term: numbers put in, sums written out, derivatives taken; None if it has none.

    ``indices`` names the values of the point that stand for free indices.
    """
    values = {n: v for n, v in at.values.items() if n not in indices}
    walker = Walker(Terms(), Plan(node), {n: _term(v) for n, v in values.items()}, dict(at.sizes),
                    {n: at.values[n] for n in indices})  # fmt: skip
    try:
        with ctx.workprec(PRECISION):
            result = walker.value(node)
    except (Undecided, Undefined, IllFormed, RecursionError):
        return None
    return result if type(result) is Term else None


def at_point(reading: Reading, at: Point) -> tuple[Term | None, ...]:
    """Every side of the claim at the point as a closed kernel term; None for a side that has none."""
    indices = [name for name, _ in reading.free]
    return tuple(closed(side, at, indices) for side in reading.tree.args[1:])


def _term(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_term, value))
    return value if type(value) in (int, PolynomialFamily) else num(Fraction(value))


__all__ = ["Terms", "at_point", "closed"]
