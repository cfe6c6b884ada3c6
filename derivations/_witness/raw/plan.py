"""What can be known of a raw tree before any point: the indices its parts depend on, and the factors of its products."""

from __future__ import annotations

from ..._kernel.tree import Node, parts

RANGES = ("sum", "prod", "largest", "smallest")


class Plan:
    """What can be known of a tree before any point: which indices each part depends on, and how its products are made up."""

    def __init__(self, *trees: Node) -> None:
        self.trees = trees  # held, since parts are known by their identity
        self._free: dict[int, tuple[str, ...]] = {}
        self._factors: dict[int, Factors | None] = {}

    def free(self, node: Node) -> tuple[str, ...]:
        """The indices which ``node`` depends on and does not bind."""
        known = self._free.get(id(node))
        if known is None:
            known = self._free[id(node)] = tuple(sorted(free_indices(node)))
        return known

    def factors(self, node: Node) -> Factors | None:
        """A product taken apart, if exactly one logarithm is among its factors."""
        if id(node) not in self._factors:
            found = Factors()
            found.take(node)
            self._factors[id(node)] = found if len(found.logs) == 1 else None
        return self._factors[id(node)]


class Factors:
    """The factors of a product: weights, what it is divided by, logarithms, and whether the sign changes."""

    def __init__(self) -> None:
        self.weights: list[Node] = []
        self.divisors: list[Node] = []
        self.logs: list[Node] = []
        self.negative = False

    def take(self, node: Node) -> None:
        """Take ``node`` apart."""
        if node.kind == "mul":
            for a in node.args:
                self.take(a)
        elif node.kind == "neg":
            self.negative = not self.negative
            self.take(node.args[0])
        elif node.kind == "div":
            self.take(node.args[0])
            self.divisors.append(node.args[1])
        elif node.kind in ("log", "logb"):
            self.logs.append(node)
        else:
            self.weights.append(node)

    @property
    def literal(self) -> bool:
        """Whether the weight is made of numbers alone, so that it is a factor and no weight."""
        return all(p.kind in ("number", "pi", "euler", "sqrt", "add", "neg", "mul", "div", "pow")
                   for w in (*self.weights, *self.divisors) for p in parts(w))  # fmt: skip


def free_indices(node: Node) -> frozenset[str]:
    """The names of indices that occur in ``node`` and are not bound in it."""
    if node.kind == "index":
        return frozenset(node.args)
    if node.kind in RANGES:
        i, low, high, body = node.args
        return free_indices(low) | free_indices(high) | (free_indices(body) - {i})
    if node.kind == "without":
        i, low, high, j, body = node.args
        return free_indices(low) | free_indices(high) | free_indices(j) | (free_indices(body) - {i})
    return frozenset().union(*(free_indices(c) for c in node.children))


__all__ = ["RANGES", "Factors", "Plan", "free_indices"]
