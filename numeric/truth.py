"""The true value of a formula at exact inputs: a ball whose precision is raised until it is tight, and mpmath inside it.

Neither evaluator knows of array programs. The balls are those of the second witness; the mpmath evaluation here is
loops over the tree again, and extends the meaning of a claim in one way, as the emitted functions do: w·log 0 = −∞ for w > 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import mpmath
from flint import arb, ctx

from derivations._kernel.definitions import definition
from derivations._kernel.domains import Scope
from derivations._kernel.terms import LEAVES, Term, num, substitute
from derivations._witness.ball import Evaluator
from derivations._witness.jets import PLUS_INFINITY, Undecided, Undefined
from derivations._witness.point import Point

TIGHT = 70  #: bits: the relative radius of an accepted ball is below 2⁻⁷⁰
PRECISIONS = (128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
Value = Fraction | float  #: the midpoint of a tight ball, or ±∞, or nan where the formula has no value


class NoAnswer(ArithmeticError):
    """No precision was enough, or the two evaluations disagree."""


def unfolded(t: Term, scope: Scope) -> Term:
    """``t`` with definitions unfolded; vectors are variables here or ``vec``, so their lengths can be read off."""
    if t.op in LEAVES:
        return t
    t = t.rebuild(tuple(unfolded(a, scope) for a in t.children))
    if t.op != "app":
        return t
    made, sizes = definition(t.args[0]), {}
    for (_, sort, letter), a in zip(made.parameters, t.args[1:], strict=True):
        if sort == "vector":
            sizes[str(letter)] = a.args[0] if a.op == "vec" else scope.domain(a.args[0]).sizes[0]
    return unfolded(made.unfold(t.args[1:], sizes), scope)


def truths(
    t: Term,
    scope: Scope,
    sizes: Mapping[str, int],
    values: Mapping[str, Any],
    indices: Iterable[Mapping[str, int]] = ({},),
) -> list[Value]:
    """The true values of ``t`` at a point, one for each assignment of its free indices (from 1)."""
    t = unfolded(t, scope)
    terms = [substitute(t, {k: num(i) for k, i in given.items()}) for given in indices]
    point = Point(dict(sizes), dict(values))
    found: list[Value] = []
    start = 0
    for one in terms:
        value, start = _truth(one, point, start)
        found.append(value)
    return found


_cache: dict[tuple[int, int], tuple[Point, Evaluator, Loops]] = {}


def _evaluators(point: Point, precision: int) -> tuple[Evaluator, Loops]:
    """The two evaluators at a point; they keep the sums they have found, so entries of one vector share them."""
    known = _cache.get((id(point), precision))
    if known is None or known[0] is not point:
        if len(_cache) > 16:
            _cache.clear()
        known = _cache[id(point), precision] = (point, Evaluator.at(point), Loops(point))
    return known[1:]


def _truth(t: Term, point: Point, start: int) -> tuple[Value, int]:
    for k in range(start, len(PRECISIONS)):
        precision = PRECISIONS[k]
        with ctx.workprec(precision), mpmath.workprec(precision + 64):
            balls, loops = _evaluators(point, precision)
            balls.turns[0] = 0
            try:
                ball = balls.number(t)
            except Undecided:
                continue
            except Undefined:
                value = loops.number(t)
                return (float(value) if mpmath.isinf(value) else float("nan")), k
            value = loops.number(t)
            if ball is PLUS_INFINITY:
                if value != mpmath.inf:
                    raise NoAnswer(f"the ball is +∞, mpmath gives {value}")
                return float("inf"), k
            ball = arb(ball)
            if ball.rel_accuracy_bits() < TIGHT and not ball.is_zero():
                continue
            _agree(ball, value, precision)
            man, exp = ball.mid().man_exp()
            return Fraction(int(man)) * Fraction(2) ** int(exp), k
    raise NoAnswer("no precision was enough")


def _agree(ball: arb, value: Any, precision: int) -> None:
    """Raise unless the mpmath value, which has 64 bits more, lies in the ball, or in its last bit where that is exact."""
    sign, man, exp, _ = value._mpf_
    with ctx.workprec(4 * precision):
        wide = ball * arb(1, arb(2) ** -precision)
        exact = arb((-1) ** sign * int(man)) * arb(2) ** int(exp)
        if not wide.contains(exact):
            raise NoAnswer(f"mpmath gives {mpmath.nstr(value, 30)}, the ball is {ball.str(30)}")


class Loops:
    """Plain loops over a term without definitions, in mpmath numbers at mpmath's working precision."""

    def __init__(self, point: Point) -> None:
        self.point = point
        self.bound: list[int] = []  # values of the indices around, innermost last
        self.known: dict[Term, Any] = {}  # closed sums

    def size(self, t: Term) -> int:
        return int(t.args[0]) if t.op == "num" else self.point.sizes[t.args[0]]

    def index(self, t: Term) -> int:
        if t.op == "bound":
            return self.bound[-1 - int(t.args[0])]
        return int(t.args[0] if t.op == "num" else self.point.values[t.args[0]])

    def number(self, t: Term) -> Any:
        if t.loose or t.op not in ("sum", "prod", "top"):
            return self.fresh(t)
        if t not in self.known:
            self.known[t] = self.fresh(t)
        return self.known[t]

    def over(self, size: Term, body: Term) -> list[Any]:
        found = []
        for i in range(1, self.size(size) + 1):
            self.bound.append(i)
            found.append(self.number(body))
            self.bound.pop()
        return found

    def fresh(self, t: Term) -> Any:
        op, args = t.op, t.args
        if op == "num":
            return _rational(args[0])
        if op == "const":
            return mpmath.mpf(getattr(mpmath, args[0]))
        if op == "var":
            name = args[0]
            return mpmath.mpf(self.point.sizes[name]) if name in self.point.sizes else _rational(self.point.values[name])
        if op == "at":
            return self.entry(args[0], [self.index(i) for i in args[1:]])
        if op == "delta":
            return mpmath.mpf(self.index(args[0]) == self.index(args[1]))
        if op in ("sum", "prod", "top"):
            found = self.over(*args)
            return {"sum": sum, "prod": mpmath.fprod, "top": max}[op](found)
        if op == "case":
            return self.number(args[2] if self.number(args[0]) == self.number(args[1]) else args[3])
        a = [self.number(x) for x in args]
        if op == "add":
            return sum(a)
        if op == "mul":
            return mpmath.fprod(a)
        if op == "xlog":
            return _weighted_log(*a)
        return {"pow": mpmath.power, "log": mpmath.log, "exp": mpmath.exp, "max": max, "abs": abs}[op](*a)

    def entry(self, vector: Term, indices: list[int]) -> Any:
        if vector.op == "vec":
            self.bound.append(indices[0])
            value = self.number(vector.args[1]) if len(indices) == 1 else self.entry(vector.args[1], indices[1:])
            self.bound.pop()
            return value
        value = self.point.values[vector.args[0]]
        for i in indices:
            value = value[i - 1]
        return _rational(value)


def _rational(x: Fraction | int) -> Any:
    return mpmath.mpf(x.numerator) / x.denominator


def _weighted_log(w: Any, a: Any, b: Any) -> Any:
    if w == 0 and a >= 0 and b >= 0:
        return mpmath.mpf(0)
    if b == 0:
        return mpmath.inf if w > 0 and a > 0 else mpmath.nan
    return w * (-mpmath.inf if a == 0 else mpmath.log(a / b))
