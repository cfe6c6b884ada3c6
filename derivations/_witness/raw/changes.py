"""The claims which are one change away from a claim: a sign, a factor, a swap, a base, a direction or a constant.

For an order relation only changes that repair it are made, and none that merely make it weak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

from ..._kernel.domains import Scope
from ..._kernel.tree import Node
from .claim import Reading
from .exchanges import Place, exchanged, number, other_axis, other_index, put_in, text

_REVERSED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
_ZERO = Node("number", (Fraction(0),))
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass(frozen=True)
class Candidate:
    """A claim one change away: its tree, put in place of the old one in ``reading``, and the change in words."""

    reading: Reading
    words: str
    rank: int  #: how small the change is; 1 is the smallest

    @property
    def tree(self) -> Node:
        """The chain."""
        return self.reading.tree


def sided(side: str) -> str:
    """A part of a chain in words: the left side, the second part."""
    return side if side.endswith("part") else f"{side} side"


def changes(reading: Reading) -> Iterator[Candidate]:
    """All claims one change away, the smallest changes first, each once."""
    seen = {reading.tree}
    for rank, _, words, tree in sorted(_changes(reading), key=lambda c: c[:2]):
        if tree not in seen:
            seen.add(tree)
            yield Candidate(replace(cast(Any, reading), tree=tree), words, rank)


def _changes(reading: Reading) -> Iterator[tuple[int, bool, str, Node]]:
    """The rank of a change, whether it is on the left (where definitions stand), the change in words, and the chain."""
    tree, scope = reading.tree, reading.scope
    relations, sides = tree.args[0], tree.args[1:]
    ordered = any(r != "=" for r in relations)
    for k, relation in enumerate(relations):
        if relation in _REVERSED:
            turned = (*relations[:k], _REVERSED[relation], *relations[k + 1 :])
            yield 2, False, "the direction of the inequality", Node("chain", (turned, *sides))
        if relation in ("<", ">"):
            weak = (*relations[:k], relation + "=", *relations[k + 1 :])
            yield 1, False, "equality allowed", Node("chain", (weak, *sides))
    for place in places(tree):
        left = place.side == "left"
        for rank, words, new in _local(place, reading, scope, ordered):
            yield rank, left, words, place.put(new)
        if place.top or place.node.kind == "add":
            for rank, words, new in _scaled(place, reading, scope, ordered):
                yield rank, left, words, place.put(new)
        if place.top and not ordered:
            for words, constant in _constants(scope):
                for sign, verb in ((1, "+"), (-1, "−")):
                    term = constant if sign > 0 else _negated(constant)
                    yield 5, left, f"{verb} {words} on the {place.side}", place.put(Node("add", (place.node, term)))


def places(tree: Node) -> Iterator[Place]:
    """Every part of the sides of a chain."""
    _, *sides = tree.args

    def inside(
        node: Node, put: Callable[[Node], Node], side: str, bound: tuple[tuple[str, Node], ...], top: bool
    ) -> Iterator[Place]:
        yield Place(node, put, side, bound, top)
        inner = (*bound, (node.args[0], node.args[2])) if node.kind in ("sum", "prod", "without") else bound
        for k, a in enumerate(node.args):
            if type(a) is Node:
                yield from inside(a, lambda new, k=k: put(put_in(node, k, new)), side, inner, False)  # type: ignore[misc]

    for k, each in enumerate(sides):
        side = "left" if k == 0 else "right" if k == len(sides) - 1 else f"{_ORDINALS[min(k, 7)]} part"
        yield from inside(each, lambda new, k=k: put_in(tree, k + 1, new), side, (), True)  # type: ignore[misc]


def _negated(node: Node) -> Node:
    return node.args[0] if node.kind == "neg" else Node("neg", (node,), node.span)


def _local(place: Place, reading: Reading, scope: Scope, ordered: bool) -> Iterator[tuple[int, str, Node]]:
    """Changes of one part by itself."""
    node, args = place.node, place.node.args
    if place.top and (not ordered or (_ZERO in reading.tree.args and node != _ZERO)):
        yield 1, f"the sign of the {sided(place.side)}", _negated(node)
    if node.kind == "add":
        for k, a in enumerate(args):
            term = f"the {_ORDINALS[k]} term" if k < 8 else "a term"
            yield 1, f"the sign of {term} of {text(reading, node)}", put_in(node, k, _negated(a))
            rest = (*args[:k], *args[k + 1 :])
            if not ordered:
                new = rest[0] if len(rest) == 1 else Node("add", rest, node.span)
                yield 6, f"{term} of {text(reading, node)} dropped", new
    if node.kind == "call" and node.args[0] in ("D", "CE"):
        yield 1, f"the arguments of {text(reading, node)} swapped", Node("call", (args[0], args[2], args[1]), node.span)
    if node.kind in ("log", "logb") and args[0].kind == "div":
        quotient = Node("div", (args[0].args[1], args[0].args[0]), args[0].span)
        yield 1, f"the quotient {text(reading, args[0])} inverted", put_in(node, 0, quotient)
    if node.kind in ("log", "logb"):
        two = Node("logb", (args[0], number(2)), node.span) if node.kind == "log" else Node("log", args[:1], node.span)
        yield 3, f"the base of {text(reading, node)}", two
    if node.kind == "exp" or (node.kind == "pow" and args[0].kind == "euler"):
        yield 2, f"the sign of the exponent of {text(reading, node)}", put_in(node, len(args) - 1, _negated(args[-1]))
    if node.kind == "call" and args[0] in ("sigmoid", "softplus", "tanh"):
        yield 2, f"the sign of the argument of {text(reading, node)}", put_in(node, 1, _negated(args[1]))
    if node.kind == "entry" and args[0].kind == "name":
        if not ordered:
            yield 6, f"the exponential of {text(reading, node)}", Node("exp", (node,), node.span)
        yield from ((4, f"another index in {text(reading, node)}", new) for new in other_index(place, reading))
    if node.kind == "sum":
        yield from other_axis(place, reading, scope)
    if node.kind == "number":
        x = args[0]
        others = (x / 2, 2 * x, 1 / x, *(() if ordered else (x + 1, x - 1))) if x else ()
        yield from ((3 + (k > 2), f"{y} in place of {x}", number(y)) for k, y in enumerate(others) if y)
    if node.kind in ("mul", "div"):
        yield from _inverted(place, reading)


def _inverted(place: Place, reading: Reading) -> Iterator[tuple[int, str, Node]]:
    """A factor put below the line, or a divisor above it."""
    node, args = place.node, place.node.args
    if node.kind == "div":
        yield 3, f"times, not divided by, {text(reading, args[1])}", Node("mul", args, node.span)
        return
    for k, a in enumerate(args):
        if a.kind not in ("number", "sum"):
            rest = (*args[:k], *args[k + 1 :])
            base = rest[0] if len(rest) == 1 else Node("mul", rest, node.span)
            yield 3, f"divided by, not times, {text(reading, a)}", Node("div", (base, a), node.span)


def _scaled(place: Place, reading: Reading, scope: Scope, ordered: bool) -> Iterator[tuple[int, str, Node]]:
    """A side, or one of its terms, with a factor more or with variables exchanged."""
    node = place.node
    shares: list[tuple[int | None, Node]] = [(None, node)] if place.top else []
    shares += [(k, a) for k, a in enumerate(node.args)] if node.kind == "add" else []
    for k, part in shares:
        name = f"the {sided(place.side)}" if k is None else text(reading, part)
        for words, new in exchanged(part, reading, scope):
            yield 3, f"{words} in {name}", new if k is None else put_in(node, k, new)
        for words, factor, below in _factors(scope, ordered):
            scaled = Node("div", (part, factor)) if below else Node("mul", _merged(factor, part))
            yield (
                3,
                f"{'one ' if below else 'a factor '}{words} {'below ' if below else 'more in '}{name}",
                (scaled if k is None else put_in(node, k, scaled)),
            )


def _merged(factor: Node, part: Node) -> tuple[Node, ...]:
    return (factor, *part.args) if part.kind == "mul" else (factor, part)


def _factors(scope: Scope, ordered: bool) -> Iterator[tuple[str, Node, bool]]:
    """Factors that get lost: 2, a size, a scalar, ln 2; each above and below the line."""
    yield from (("2", number(2), below) for below in (False, True))
    if ordered:
        return
    for name, domain in scope.domains:
        if domain.name == "Size" or not domain.sizes:
            yield from ((name, Node("name", (name,)), below) for below in (True, False) if domain.name != "Bit")
    yield from (("log 2", Node("log", (number(2),)), below) for below in (True, False))


def _constants(scope: Scope) -> Iterator[tuple[str, Node]]:
    """Constants that get lost."""
    yield "1", number(1)
    yield "1/2", number(Fraction(1, 2))
    yield "log 2", Node("log", (number(2),))
    for name, domain in scope.domains:
        if domain.name == "Size":
            yield f"log {name}", Node("log", (Node("name", (name,)),))


__all__ = ["Candidate", "changes"]
