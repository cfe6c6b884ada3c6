"""The value of a term at a point is found by plain loops over the tree, in exact rationals and balls.

Indices run from 1 to n. A defined function is evaluated by binding its parameters and evaluating its body; ``case``
evaluates the branch that is taken, and no other. A derivative perturbs its variable or entry alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb, ctx, fmpq

from .._kernel.definitions import definition
from .._kernel.terms import IllFormed, Term
from . import jets
from .exponents import exponent_of
from .family import PolynomialFamily
from .jets import ONE, ZERO, Infinite, Jet, Number, TooLarge, Undecided, Undefined
from .point import Point, exact

#: Turns of loops that one evaluation may take.
MAX_TURNS = 100_000


class Evaluator:
    """An evaluator of terms at one point; the precision is that of :mod:`flint`'s context.

    ``names`` holds what the free variables stand for. Closed sums and the like are evaluated once (``clear`` forgets).
    """

    __slots__ = ("bound", "level", "memo", "names", "sizes", "turns")

    def __init__(self, sizes: Mapping[str, int], names: dict[str, Any], level: int = 0, turns: list[int] | None = None) -> None:
        self.sizes, self.names, self.level = dict(sizes), names, level
        self.bound: list[int] = []
        self.memo: dict[Term, Number] = {}
        self.turns = [0] if turns is None else turns

    @classmethod
    def at(cls, point: Point) -> Evaluator:
        """The evaluator at ``point``."""
        return cls(point.sizes, {name: exact(value) for name, value in point.values.items()})

    def clear(self) -> None:
        """Forget values found at another precision or another point."""
        self.memo.clear()
        self.turns[0] = 0

    def number(self, t: Term) -> Any:
        """The value of a real term: exact, a ball, or ±∞."""
        try:
            value = self.value(t)
        except RecursionError:
            raise TooLarge("the formula is nested too deep") from None
        if type(value) is arb and not value.is_finite():
            raise Undecided("the ball is infinite")
        return value

    def value(self, t: Term) -> Number:
        """The value of a real term, with slopes where a variable is perturbed."""
        rule = _RULES.get(t.op)
        if rule is None:
            raise IllFormed(f"{t.op} has no value that is a number")
        if t.loose or t.op not in _WORTH_KEEPING:
            return rule(self, t)
        known = self.memo.get(t)
        if known is None:
            known = self.memo[t] = rule(self, t)
        return known

    def size(self, t: Term) -> int:
        """The size a term of a binder or a domain stands for."""
        if t.op == "num" and t.args[0].denominator == 1 and t.args[0] >= 1:
            return int(t.args[0])
        if t.op == "var" and t.args[0] in self.sizes:
            return self.sizes[t.args[0]]
        raise IllFormed(f"not a size: {t!r}")

    def index(self, t: Term) -> int:
        """The index, from 1, that a term stands for."""
        if t.op == "bound":
            if t.args[0] >= len(self.bound):
                raise IllFormed("a bound index without its binder")
            return int(self.bound[-1 - t.args[0]])
        if t.op == "num" and t.args[0].denominator == 1:
            return int(t.args[0])
        if t.op == "var" and type(self.names.get(t.args[0])) is int:
            return int(self.names[t.args[0]])
        raise IllFormed(f"not an index: {t!r}")

    def over(self, size: Term, body: Term, read: Any) -> list[Any]:
        """``read(body)`` for every index 1, …, n in turn."""
        n = self.size(size)
        self.turns[0] += n
        if self.turns[0] > MAX_TURNS:
            raise TooLarge("too many turns of loops")
        found = []
        self.bound.append(0)
        try:
            for i in range(1, n + 1):
                self.bound[-1] = i
                found.append(read(body))
        finally:
            self.bound.pop()
        return found

    def vector(self, t: Term) -> Any:
        """The entries of a vector or an array, as a (nested) tuple."""
        if t.op == "vec":
            return tuple(self.over(t.args[0], t.args[1], self.vector if t.args[1].op == "vec" else self.value))
        if t.op == "of":
            family, theta = self.names.get(t.args[0].args[0]) if t.args[0].op == "var" else None, self.vector(t.args[1])
            if type(family) is not PolynomialFamily or len(theta) != family.parameters:
                raise IllFormed("a family is applied to a vector of its parameters")
            return family.at(theta)
        if t.op == "var" and type(self.names.get(t.args[0])) is tuple:
            return self.names[t.args[0]]
        raise IllFormed(f"not a vector: {t!r}")

    def entry(self, vector: Term, indices: list[int]) -> Number:
        """An entry of a vector; of a ``vec``, only that entry is evaluated."""
        if vector.op == "vec" and indices:
            if not 1 <= indices[0] <= self.size(vector.args[0]):
                raise IllFormed("an index is out of range")
            self.bound.append(indices[0])
            try:
                return self.entry(vector.args[1], indices[1:])
            finally:
                self.bound.pop()
        if not indices:
            return self.value(vector)
        entries = self.vector(vector)
        for i in indices:
            if type(entries) is not tuple or not 1 <= i <= len(entries):
                raise IllFormed("an index is out of range")
            entries = entries[i - 1]
        if type(entries) is tuple:
            raise IllFormed("an array takes two indices")
        return entries


def _var(self: Evaluator, t: Term) -> Number:
    name = t.args[0]
    if name in self.sizes:
        return fmpq(self.sizes[name])
    value = self.names.get(name)
    if value is None or type(value) in (tuple, int, PolynomialFamily):
        raise IllFormed(f"{name!r} is not a number here")
    return value


def _const(self: Evaluator, t: Term) -> Number:
    if t.args[0] != "pi":
        raise IllFormed(f"no constant {t.args[0]!r}")
    return arb.pi()


def _total(numbers: list[Number]) -> Number:
    result: Number = ZERO
    for a in numbers:
        result = jets.add(result, a)
    return result


def _product(numbers: list[Number]) -> Number:
    result: Number = ONE
    for a in numbers:
        result = jets.mul(result, a)
    return result


def _case(self: Evaluator, t: Term) -> Number:
    u, v, same, different = t.args
    left, right = self.value(u), self.value(v)
    if type(left) is Infinite or type(right) is Infinite:
        raise Undefined("a case on ∞")
    side = jets.sign(jets.add(left, jets.neg(right)))
    if side == 0 and (type(left) is Jet or type(right) is Jet):
        raise Undefined("a case has no derivative where its condition changes")
    return self.value(different if side else same)


def _app(self: Evaluator, t: Term) -> Number:
    made = definition(t.args[0])
    if len(made.parameters) != len(t.args) - 1:
        raise IllFormed(f"{made.name} takes {len(made.parameters)} arguments")
    names: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for (name, sort, letter), argument in zip(made.parameters, t.args[1:], strict=True):
        names[name] = {"real": self.value, "vector": self.vector, "index": self.index}[sort](argument)
        if sort == "vector" and sizes.setdefault(str(letter), len(names[name])) != len(names[name]):
            raise IllFormed(f"{made.name}: the arguments have different lengths")
    for name, sort, letter in made.parameters:
        if sort == "index" and not 1 <= names[name] <= sizes[str(letter)]:
            raise IllFormed("an index is out of range")
    return Evaluator(sizes, names, self.level, self.turns).value(made.body)


def _perturbed(value: Any, indices: list[int], level: int) -> Any:
    if indices:
        if type(value) is not tuple or not 1 <= indices[0] <= len(value):
            raise IllFormed("an index is out of range")
        k = indices[0] - 1
        return (*value[:k], _perturbed(value[k], indices[1:], level), *value[k + 1 :])
    if type(value) not in (fmpq, arb, Jet):
        raise IllFormed("a derivative is taken in a variable or an entry of one")
    return Jet(level, value, ONE)


def _deriv(self: Evaluator, t: Term) -> Number:
    body, x = t.args
    target, indices = (x.args[0], [self.index(i) for i in x.args[1:]]) if x.op == "at" else (x, [])
    if target.op != "var":
        raise IllFormed("a derivative is taken in a variable or an entry of one")
    name, level = target.args[0], self.level + 1
    inner = Evaluator(self.sizes, {**self.names, name: _perturbed(self.names.get(name), indices, level)}, level, self.turns)
    inner.bound = list(self.bound)
    value = inner.value(body)
    if type(value) is Infinite:
        raise Undefined("the derivative of ∞")
    return value.slope if type(value) is Jet and value.level == level else ZERO


_WORTH_KEEPING = frozenset({"sum", "prod", "top", "app", "deriv"})
_RULES: dict[str, Any] = {
    "num": lambda self, t: fmpq(t.args[0].numerator, t.args[0].denominator),
    "const": _const,
    "var": _var,
    "add": lambda self, t: _total([self.value(a) for a in t.args]),
    "mul": lambda self, t: _product([self.value(a) for a in t.args]),
    "pow": lambda self, t: jets.power(self.value(t.args[0]), exponent_of(self, t.args[1])),
    "log": lambda self, t: jets.log(self.value(t.args[0])),
    "exp": lambda self, t: jets.exp(self.value(t.args[0])),
    "xlog": lambda self, t: jets.weighted_log(*map(self.value, t.args)),
    "max": lambda self, t: jets.largest([self.value(a) for a in t.args]),
    "abs": lambda self, t: jets.absolute(self.value(t.args[0])),
    "case": _case,
    "at": lambda self, t: self.entry(t.args[0], [self.index(i) for i in t.args[1:]]),
    "delta": lambda self, t: ONE if self.index(t.args[0]) == self.index(t.args[1]) else ZERO,
    "app": _app,
    "deriv": _deriv,
    "sum": lambda self, t: _total(self.over(t.args[0], t.args[1], self.value)),
    "prod": lambda self, t: _product(self.over(t.args[0], t.args[1], self.value)),
    "top": lambda self, t: jets.largest(self.over(t.args[0], t.args[1], self.value)),
}


def evaluate(t: Term, point: Point, precision: int = 256) -> arb | Infinite:
    """The value of a real term at a point: a ball that holds it, or ±∞.

    Raises :class:`Undefined` where the formula has no value, :class:`Undecided` where the precision does not tell.
    """
    with ctx.workprec(precision):
        value = Evaluator.at(point).number(t)
        return value if type(value) is Infinite else arb(value)
