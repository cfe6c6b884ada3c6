"""A statement at a point is true, false, or neither can be told; the precision is raised until it can.

A statement is read in order: an ``and`` stops at the first false part, and a conclusion is not looked at when its
premise is false, so a condition may guard what follows it.
"""

from __future__ import annotations

from itertools import pairwise

from flint import arb, ctx, fmpq

from .._kernel.terms import IllFormed, Term
from .ball import Evaluator
from .compare import Order, Sides, Ties, Value, compare, how, show, show_both
from .jets import PLUS_INFINITY, Infinite, TooLarge, Undecided, Undefined
from .point import Point

PRECISIONS = (256, 512, 1024, 2048)
#: A limit x → c is looked at for x = c + 2^−k with these k.
STEPS = (8, 16, 32, 64, 128, 256)
#: Points of a quadrature to each unit of its parameter.
TURNS = 24


class Trial:
    """Statements tried at one point; ``sides`` are those of the relation which was compared last."""

    def __init__(self, point: Point, ties: Ties = Ties.AGREE, precisions: tuple[int, ...] = PRECISIONS) -> None:
        self.evaluator, self.ties, self.precisions = Evaluator.at(point), ties, precisions
        self.sides: Sides | None = None
        self._prec = 0

    def number(self, t: Term, precision: int) -> Value:
        """The value of a term at a precision."""
        with ctx.workprec(precision):
            if precision != self._prec:
                self.evaluator.clear()
                self._prec = precision
            return self.evaluator.number(t)

    def truth(self, s: Term) -> bool | None:
        """Whether the statement ``s`` holds here; None if that cannot be told. Raises :class:`Undefined`."""
        rule = _RULES.get(s.op)
        if rule is None:
            raise IllFormed(f"{s.op} is not a statement")
        self.evaluator.turns[0] = 0
        return rule(self, s)

    def order(self, a: Term, b: Term, *, apart: bool) -> Order | None:
        """How ``a`` and ``b`` compare. With ``apart``, a tie is believed at the highest precision only."""
        tie = None
        for precision in self.precisions:
            try:
                u, v = self.number(a, precision), self.number(b, precision)
            except TooLarge:
                return None
            except Undecided:
                continue
            with ctx.workprec(precision):
                sign = compare(u, v, precision)
            if sign == "unclear":
                continue
            sides = Sides(*show_both(u, v), how(u, v, sign))
            if isinstance(sign, int):
                return self._keep(Order(sign, sides))
            tie = Order(None, sides)
            if not apart:
                break
        return self._keep(tie)

    def _keep(self, order: Order | None) -> Order | None:
        if order is not None:
            self.sides = order.sides
        return order

    def tie(self, agree: bool | None, equal: bool) -> bool | None:
        """What a tie is worth: ``agree`` or ``equal`` as :class:`Ties` says, or nothing."""
        return {Ties.UNKNOWN: None, Ties.AGREE: agree, Ties.EQUAL: equal}[self.ties]


def _eq(self: Trial, s: Term) -> bool | None:
    order = self.order(*s.args, apart=self.ties is Ties.UNKNOWN)
    if order is None:
        return None
    return self.tie(True, True) if order.sign is None else order.sign == 0


def _ne(self: Trial, s: Term) -> bool | None:
    order = self.order(*s.args, apart=True)
    if order is None:
        return None
    return self.tie(None, False) if order.sign is None else order.sign != 0


def _lt(self: Trial, s: Term) -> bool | None:
    order = self.order(*s.args, apart=True)
    if order is None:
        return None
    return self.tie(None, False) if order.sign is None else order.sign < 0


def _le(self: Trial, s: Term) -> bool | None:
    a, b, *case = s.args
    equal = self.truth(case[0]) if case else None
    order = self.order(a, b, apart=self.ties is Ties.UNKNOWN or (bool(case) and not equal))
    if order is None:
        return None
    if not case:
        return self.tie(True, True) if order.sign is None else order.sign <= 0
    if order.sign == 1:
        return False
    if equal is None:
        return None
    if order.sign is None:
        return self.tie(True if equal else None, equal)
    return equal == (order.sign == 0)


def _all(self: Trial, s: Term) -> bool | None:
    found: bool | None = True
    bound = self.evaluator.bound
    bound.append(0)
    try:
        for i in range(1, self.evaluator.size(s.args[0]) + 1):
            bound[-1] = i
            truth = self.truth(s.args[1])
            if truth is False:
                return False
            found = None if truth is None else found
    finally:
        bound.pop()
    return found


def _and(self: Trial, s: Term) -> bool | None:
    found: bool | None = True
    for part in s.args:
        truth = self.truth(part)
        if truth is False:
            return False
        found = None if truth is None else found
    return found


def _imp(self: Trial, s: Term) -> bool | None:
    premise = self.truth(s.args[0])
    if premise is False:
        return True
    conclusion = self.truth(s.args[1])
    return conclusion if premise or conclusion else None


def _iff(self: Trial, s: Term) -> bool | None:
    left, right = self.truth(s.args[0]), self.truth(s.args[1])
    return None if left is None or right is None else left == right


def _infinite(self: Trial, s: Term) -> bool | None:
    for precision in self.precisions:
        try:
            value = self.number(s.args[0], precision)
        except TooLarge:
            return None
        except Undecided:
            continue
        self.sides = Sides(show(value), "+infinity", "one side is infinite" if value is not PLUS_INFINITY else "tie")
        return value is PLUS_INFINITY
    return None


def _tends(self: Trial, s: Term) -> bool | None:
    """A look, not a proof: never certain, so it refutes nothing."""
    if self.ties is not Ties.AGREE:
        return None
    a, x, c, v = s.args
    names = self.evaluator.names
    before, distances = names.get(x.args[0]), []
    try:
        for k in STEPS:
            with ctx.workprec(4 * k + 256):
                self.evaluator.clear()
                self._prec = 0
                limit = self.evaluator.number(v)
                start = self.evaluator.number(c)
                names[x.args[0]] = start + fmpq(1, 2**k)
                self.evaluator.clear()
                value = self.evaluator.number(a)
                if type(value) is Infinite or type(limit) is Infinite:
                    return None
                distances.append(abs(arb(value - limit)))
                self.sides = Sides(show(value), show(limit), f"at 2^-{k} from the point")
    except Undecided:
        return None
    finally:
        self._prec = 0
        names.pop(x.args[0])
        if before is not None:
            names[x.args[0]] = before
    tiny = arb(2) ** -100
    falls = all(b < a or b.abs_upper() < tiny for a, b in pairwise(distances))
    last, one_before = distances[-1], distances[-2]
    if falls and last < arb(2) ** -20:
        return True
    steady = abs(last / one_before - one_before / distances[-3]) < arb(2) ** -20 and last > one_before * fmpq(1023, 1024)
    return False if last > arb(2) ** -20 and (steady or last > one_before * arb(2) ** 64) else None


def _integrates(self: Trial, s: Term) -> bool | None:
    """A look, not a proof: double-exponential quadrature, for which no bound of the error is known."""
    if self.ties is not Ties.AGREE:
        return None
    body, x, low, high, value = s.args
    names = self.evaluator.names
    before, self._prec = names.get(x.args[0]), 0
    try:
        with ctx.workprec(256):
            self.evaluator.clear()
            claimed = arb(self.evaluator.number(value))
            ends = [
                None if end.op == "const" and end.args[0] != "pi" else arb(self.evaluator.number(end)) for end in (low, high)
            ]
            total = arb(0)
            for k in range(-4 * TURNS, 4 * TURNS + 1):
                place, weight = _placed(arb(k) / TURNS, *ends)
                names[x.args[0]] = place
                self.evaluator.clear()
                total += weight * arb(self.evaluator.number(body))
            gap = abs(total / TURNS - claimed) / (1 + abs(claimed))
            self.sides = Sides(show(total / TURNS), show(claimed), "by quadrature")
    except (Undecided, Undefined, TypeError):
        return None
    finally:
        names.pop(x.args[0], None)
        if before is not None:
            names[x.args[0]] = before
        self._prec = 0
        self.evaluator.clear()
    return True if gap < arb("1e-6") else False if gap > arb("1e-3") else None


def _placed(t: arb, low: arb | None, high: arb | None) -> tuple[arb, arb]:
    """The point of the interval at the parameter t of the line, and how fast it moves."""
    u, du = arb.pi() / 2 * t.sinh(), arb.pi() / 2 * t.cosh()
    if low is None:
        return (u.sinh(), u.cosh() * du) if high is None else (high - u.exp(), u.exp() * du)
    if high is None:
        return low + u.exp(), u.exp() * du
    half = (high - low) / 2
    return (low + high) / 2 + half * u.tanh(), half * du / u.cosh() ** 2


_RULES = {
    "eq": _eq, "ne": _ne, "lt": _lt, "le": _le, "all": _all, "and": _and, "imp": _imp, "iff": _iff,
    "infinite": _infinite, "tends": _tends, "integrates": _integrates,
}  # fmt: skip

__all__ = ["PRECISIONS", "Sides", "Ties", "Trial", "Undefined"]
