"""A raw tree has the value that plain loops over it give: every index from its low end to its high end, nothing rewritten.

The walker knows the meaning of the nodes; the numbers come from a field (:mod:`.fields`). One convention goes beyond
arithmetic: in a product, a weight that is exactly zero times the logarithm of a quotient of numbers ≥ 0 is zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..._kernel.tree import FUNCTIONS, Node
from ..family import PolynomialFamily
from ..jets import TooLarge, Undecided, Undefined
from .plan import RANGES, Plan
from .rules import RULES

#: Turns of loops that one evaluation may take.
MAX_TURNS = 60_000
_KEPT = frozenset({*RANGES, "without", "call", "deriv", "integral", "limit", "log", "exp", "pow"})
_ENTRYWISE = frozenset({"add", "neg", "mul", "div", "pow", "sqrt", "log", "logb", "exp", "abs", "max", "min", "call"})


class Walker:
    """An evaluator of one tree at one point, or at one batch of points.

    ``names`` holds what variables stand for: numbers of the field, (nested) tuples of them, whole numbers for labels.
    ``lane`` is the entry that is asked for where a vector is written by arithmetic.
    """

    field: Any
    __slots__ = ("field", "indices", "lane", "level", "memo", "names", "plan", "sizes", "turns")

    def __init__(self, field: Any, plan: Plan, names: dict[str, Any], sizes: dict[str, int],
                 indices: dict[str, int] | None = None, level: int = 0, turns: list[int] | None = None) -> None:  # fmt: skip
        self.field, self.plan, self.names, self.sizes, self.level = field, plan, names, sizes, level
        self.indices: dict[str, int] = dict(indices or {})
        self.lane: tuple[int, ...] | None = None
        self.memo: dict[Any, Any] = {}
        self.turns = [0] if turns is None else turns

    def inner(self, names: dict[str, Any], levels: int = 0, field: Any = None) -> Walker:
        """A walker for the body of a derivative, an integral or a limit, where some names stand for something else."""
        made = Walker(field or self.field, self.plan, names, self.sizes, self.indices, self.level + levels, self.turns)
        made.lane = self.lane
        return made

    def value(self, node: Node) -> Any:
        """The number ``node`` stands for; of a vector, the entry in the lane."""
        kind = node.kind
        rule = RULES.get(kind)
        if rule is None:
            raise Undefined(f"{kind} has no value that is a number")
        if kind not in _KEPT:
            return rule(self, node)
        key = (id(node), self.lane, *(self.indices.get(i) for i in self.plan.free(node)))
        if key not in self.memo:
            self.memo[key] = rule(self, node)
        return self.memo[key]

    def at(self, node: Node, lane: tuple[int, ...] | None) -> Any:
        """The entry ``lane`` of a vector, or the number, that ``node`` stands for."""
        kept, self.lane = self.lane, lane
        try:
            return self.value(node)
        finally:
            self.lane = kept

    def turn(self, count: int) -> None:
        """Count turns of a loop; :class:`TooLarge` when there are too many."""
        self.turns[0] += max(0, count)
        if self.turns[0] > MAX_TURNS:
            raise TooLarge("too many turns of loops")

    def shape(self, node: Node) -> tuple[int, ...]:
        """The lengths of the vector or array which ``node`` stands for; () for a number."""
        if node.kind == "name":
            value, found = self.names.get(node.args[0]), []
            while type(value) is tuple:
                found.append(len(value))
                value = value[0]
            return tuple(found)
        if node.kind == "family":
            family = self.names.get(node.args[0].args[0])
            return (len(family.outcomes),) if type(family) is PolynomialFamily else ()
        if node.kind == "entry":
            return self.shape(node.args[0])[len(node.args) - 1 :]
        if node.kind == "call" and FUNCTIONS[node.args[0]][1] == "vector":
            return self.shape(node.args[1])
        if node.kind == "call" and "vector" in FUNCTIONS[node.args[0]][0]:
            return ()
        if node.kind in ("max", "min") and len(node.args) == 1:
            return ()
        if node.kind in _ENTRYWISE:
            shapes = {s for s in map(self.shape, node.children) if s}
            if len(shapes) > 1:
                raise Undefined("vectors of different lengths")
            return shapes.pop() if shapes else ()
        return ()

    def vector(self, node: Node) -> list[Any]:
        """All entries, row by row."""
        shape = self.shape(node)
        if not shape:
            raise Undefined("a vector is expected")
        lanes: list[tuple[int, ...]] = [()]
        for n in shape:
            lanes = [(*lane, i) for lane in lanes for i in range(1, n + 1)]
        self.turn(len(lanes))
        return [self.at(node, lane) for lane in lanes]

    def whole(self, node: Node) -> int:
        """The whole number, an index or an end of a range, that ``node`` stands for."""
        kind, args = node.kind, node.args
        if kind == "index":
            if args[0] not in self.indices:
                raise Undefined(f"the index {args[0]!r} stands for nothing here")
            return self.indices[args[0]]
        if kind == "number" and args[0].denominator == 1:
            return int(args[0])
        if kind == "name":
            found = self.sizes.get(args[0], self.names.get(args[0]))
            if type(found) is int:
                return found
        if kind == "neg":
            return -self.whole(args[0])
        if kind == "add":
            return sum(self.whole(a) for a in args)
        if kind == "mul":
            product = 1
            for a in args:
                product *= self.whole(a)
            return product
        if kind == "infinity":
            raise Undecided("an infinite sum")
        raise Undefined("a whole number is expected")

    def total(self, numbers: Iterable[Any]) -> Any:
        """The sum."""
        result = self.field.zero
        for a in numbers:
            result = self.field.add(result, a)
        return result

    def product(self, numbers: Iterable[Any]) -> Any:
        """The product."""
        result = self.field.one
        for a in numbers:
            result = self.field.mul(result, a)
        return result

    def over(self, i: str, low: Node, high: Node, body: Node, skip: int | None = None) -> list[Any]:
        """The values of ``body`` for i = low, …, high."""
        first, last = self.whole(low), self.whole(high)
        self.turn(last - first + 1)
        kept, found = self.indices.get(i), []
        try:
            for k in range(first, last + 1):
                if k != skip:
                    self.indices[i] = k
                    found.append(self.value(body))
        finally:
            if kept is None:
                self.indices.pop(i, None)
            else:
                self.indices[i] = kept
        return found

    def quotient(self, node: Node) -> tuple[Any, Any]:
        """Numerator and denominator, as numbers, of the argument of a logarithm; a quotient below a line is one number."""
        if node.kind == "div":
            a, b = self.quotient(node.args[0])
            return a, self.field.mul(b, self.value(node.args[1]))
        if node.kind == "mul":
            pairs = [self.quotient(a) for a in node.args]
            return self.product(a for a, _ in pairs), self.product(b for _, b in pairs)
        return self.value(node), self.field.one


__all__ = ["Plan", "Walker"]
