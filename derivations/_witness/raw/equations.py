"""The places of a claim at which something changes, as equations: a part of the tree which is to be zero.

A condition of a case and its other side, a denominator, the base of a power, an odd
exponent, a factor, the argument of |·|, of a root or of
a logarithm, two arguments of a maximum, two sides of the chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise
from typing import NamedTuple

from ..._kernel.tree import FUNCTIONS, Node, parts
from .plan import RANGES

#: Equations kept of a claim, and parts in one of them.
MAX_EQUATIONS, MAX_PARTS = 48, 400
CONDITION, FACTOR, SIDES, BESIDE = range(4)
_ONE, _THREE, _MINUS = (Node("number", (Fraction(k),)) for k in (1, 3, -1))
_KNOWN = frozenset({"number", "pi", "euler", "infinity"})


class Equation(NamedTuple):
    """A part that is to vanish, the binders around it (index, low end, high end), the names in it, and where it comes from."""

    rank: int
    part: Node
    binders: tuple[tuple[str, Node, Node], ...]
    names: frozenset[str]


def equations(tree: Node) -> list[Equation]:
    """The equations of a claim, each once: conditions first, the sides of the chain later."""
    found: dict[tuple[Node, tuple[tuple[str, Node, Node], ...]], Equation] = {}
    for rank, part, binders in _found(tree, (), SIDES):
        if (part, binders) in found and found[part, binders].rank <= rank:
            continue
        if rank >= FACTOR and rank != SIDES and _plain(part):  # its zeros stand on every menu
            continue
        inside = list(parts(part))
        names = frozenset(p.args[0] for p in inside if p.kind == "name")
        if names and len(inside) <= MAX_PARTS:
            found[part, binders] = Equation(rank, part, binders, names)
    return sorted(found.values(), key=lambda e: e.rank)[:MAX_EQUATIONS]


def _plain(part: Node) -> bool:
    """Whether a part is a variable or an entry, or that less 1."""
    if part.kind == "add" and part.args[1:] == (Node("neg", (_ONE,)),):
        part = part.args[0]
    return part.kind in ("name", "index", "entry")


def _less(a: Node, b: Node) -> Node:
    """a − b."""
    if b.kind == "number" and not b.args[0]:
        return a
    return Node("add", (a, Node("neg", (b,)))) if a.kind != "number" or a.args[0] else b


def _found(
    node: Node, binders: tuple[tuple[str, Node, Node], ...], rank: int
) -> Iterator[tuple[int, Node, tuple[tuple[str, Node, Node], ...]]]:
    kind, args = node.kind, node.args
    if kind == "chain":
        for a, b in pairwise(args[1:]):
            yield rank, _less(a, b), binders
        rank = CONDITION
    elif kind == "div":
        yield FACTOR, args[1], binders
    elif kind == "pow":
        if args[0].kind not in _KNOWN:
            yield FACTOR, args[0], binders
            yield from ((FACTOR, _less(args[1], k), binders) for k in (_ONE, _THREE, _MINUS) if args[1].kind not in _KNOWN)
    elif kind in ("sqrt", "abs"):
        yield FACTOR, args[0], binders
    elif kind == "mul":
        for a in args:
            if a.kind not in _KNOWN and a.kind not in ("name", "entry", "index"):
                yield FACTOR, a, binders
    elif kind == "log" and args[0].kind not in _KNOWN:
        yield BESIDE, args[0], binders
        yield BESIDE, _less(args[0], _ONE), binders
    elif kind == "logb":
        for a in args:
            if a.kind not in _KNOWN:
                yield BESIDE, a, binders
                yield BESIDE, _less(a, _ONE), binders
    elif kind in ("max", "min") and len(args) > 1:
        for a, b in combinations(args[:4], 2):
            yield FACTOR, _less(a, b), binders
    elif kind == "call" and FUNCTIONS[args[0]][0] == ("real",):
        yield BESIDE, args[1], binders
    if kind in (*RANGES, "without"):
        inner = (*binders, (args[0], args[1], args[2]))
        for a in args[1:-1]:
            yield from _found(a, binders, CONDITION)
        yield from _found(args[-1], inner, CONDITION)
        return
    for child in node.children:
        yield from _found(child, binders, CONDITION)


__all__ = ["BESIDE", "CONDITION", "FACTOR", "SIDES", "Equation", "equations"]
