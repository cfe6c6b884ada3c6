"""Parts of a claim in which two variables or two indices are exchanged, or a sum runs the other way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..._kernel.domains import Scope
from ..._kernel.tree import Node
from .claim import Reading


@dataclass(frozen=True)
class Place:
    """A part of the tree, how to put another in its place, where it stands, and the indices bound around it."""

    node: Node
    put: Callable[[Node], Node]
    side: str
    bound: tuple[tuple[str, Node], ...]
    top: bool


def put_in(node: Node, k: int, new: Node) -> Node:
    """``node`` with another argument at place k."""
    return Node(node.kind, (*node.args[:k], new, *node.args[k + 1 :]), node.span)


def number(x: Fraction | int) -> Node:
    """A number."""
    return Node("number", (Fraction(x),))


def text(reading: Reading, node: Node) -> str:
    """A part as it stands in the source."""
    low, high = node.span
    text = reading.source[low:high].strip()
    return f"“{text}”" if text else f"a part of the kind {node.kind}"


def exchanged(part: Node, reading: Reading, scope: Scope) -> Iterator[tuple[str, Node]]:
    """Two variables of one domain, or two indices over one range, exchanged; u turned into 1 − u."""
    variables = [(n, d) for n, d in scope.domains if d.name != "Size"]
    for k, (a, d) in enumerate(variables):
        for b, e in variables[k + 1 :]:
            if d == e or (d.kind.total and e.kind.total and d.sizes == e.sizes):
                yield f"{a} and {b} exchanged", renamed(part, {a: Node("name", (b,)), b: Node("name", (a,))})
        if d.name in ("Bit", "Probability", "UnitInterval"):
            other = Node("add", (number(1), Node("neg", (Node("name", (a,)),))))
            yield f"1 − {a} in place of {a}", renamed(part, {a: other})
    free = list(reading.free)
    for k, (i, n) in enumerate(free):
        for j, m in free[k + 1 :]:
            if n == m:
                yield f"{i} and {j} exchanged", renamed(part, {}, {i: j, j: i})


def renamed(node: Node, names: dict[str, Node], indices: dict[str, str] | None = None) -> Node:
    """``node`` with variables replaced and free indices renamed; what a derivative is taken in stays, and is left alone."""
    indices = indices or {}
    if node.kind == "name":
        return names.get(node.args[0], node)
    if node.kind == "index":
        return Node("index", (indices.get(node.args[0], node.args[0]),), node.span)
    if node.kind in ("sum", "prod", "largest", "smallest", "without") and {node.args[0]} & {*indices, *indices.values()}:
        return node
    if node.kind == "deriv" and names:
        return node
    return Node(node.kind, tuple(renamed(a, names, indices) if type(a) is Node else a for a in node.args), node.span)


def other_index(place: Place, reading: Reading) -> Iterator[Node]:
    """An entry with one of its indices replaced by another one that is in force over the same range."""
    vector, *indices = place.node.args
    domain = reading.scope.domain(vector.args[0]) if reading.scope.declares(vector.args[0]) else None
    if domain is None or len(domain.sizes) != len(indices):
        return
    for k, index in enumerate(indices):
        size = domain.sizes[k]
        around = [i for i, high in place.bound if _is_size(high, size)]
        around += [i for i, n in reading.free if n == size]
        for i in around:
            if index.kind == "index" and i != index.args[0]:
                yield put_in(place.node, k + 1, Node("index", (i,)))


def _is_size(high: Node, size: object) -> bool:
    op, args = getattr(size, "op", ""), getattr(size, "args", ())
    return (high.kind == "name" and op == "var" and high.args == args) or (
        high.kind == "number" and op == "num" and high.args == args
    )


def other_axis(place: Place, reading: Reading, scope: Scope) -> Iterator[tuple[int, str, Node]]:
    """A sum of a row in place of a column, and the other way round."""
    k, low, _, body = place.node.args
    if body.kind != "entry" or len(body.args) != 3 or body.args[0].kind != "name" or not scope.declares(body.args[0].args[0]):
        return
    sizes = scope.domain(body.args[0].args[0]).sizes
    position = next((n for n in (1, 2) if body.args[n] == Node("index", (k,))), 0)
    if not position:
        return
    other, axis = sizes[2 - position], sizes[position - 1]
    high = Node("name", other.args) if other.op == "var" else number(other.args[0])
    around = [i for i, h in place.bound if _is_size(h, axis)] + [i for i, n in reading.free if n == axis]
    for i in around:
        indices = [Node("index", (k,)), Node("index", (k,))]
        indices[position - 1] = Node("index", (i,))
        entry = Node("entry", (body.args[0], *indices), body.span)
        yield 4, f"the other sum in place of {text(reading, place.node)}", Node("sum", (k, low, high, entry), place.node.span)


__all__ = ["Place", "exchanged", "number", "other_axis", "other_index", "put_in", "renamed", "text"]
