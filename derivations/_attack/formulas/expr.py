"""The adversary's own expressions: the kinds of nodes are those of the tree of a formula, and no code is shared with it.

An integral and a limit have one argument more, their value as it is known to the one who made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

BINDERS = ("sum", "prod", "largest", "smallest", "without", "integral", "limit")
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Expr:
    """A part of a formula."""

    kind: str
    args: tuple[Any, ...] = ()


Number = int | str | Fraction


def num(value: Number) -> Expr:
    """A number; a negative one is the negative of a number, and a fraction a quotient, as they are written."""
    v = Fraction(value)
    if v < 0:
        return Expr("neg", (num(-v),))
    if v.denominator != 1:
        return Expr("div", (num(v.numerator), num(v.denominator)))
    return Expr("number", (v,))


ZERO, ONE, TWO = num(0), num(1), num(2)


def name(text: str) -> Expr:
    """A declared variable, or the variable of an integral or a limit."""
    return Expr("name", (text,))


def index(text: str) -> Expr:
    """A bound or free index."""
    return Expr("index", (text,))


def entry(vector: str | Expr, *at: str | int | Expr) -> Expr:
    """An entry; a text is an index, a whole number itself."""
    base = name(vector) if isinstance(vector, str) else vector
    places = [num(i) if isinstance(i, int) else index(i) if isinstance(i, str) else i for i in at]
    return Expr("entry", (base, *places))


def add(*parts: Expr) -> Expr:
    """A sum; of one part, the part."""
    return parts[0] if len(parts) == 1 else Expr("add", parts)


def mul(*parts: Expr) -> Expr:
    """A product; of one part, the part."""
    return parts[0] if len(parts) == 1 else Expr("mul", parts)


def neg(a: Expr) -> Expr:
    """The negative."""
    return Expr("neg", (a,))


def sub(a: Expr, b: Expr) -> Expr:
    """A difference."""
    return Expr("add", (a, neg(b)))


def div(a: Expr, b: Expr) -> Expr:
    """A quotient."""
    return Expr("div", (a, b))


def power(a: Expr, b: Expr | Number) -> Expr:
    """A power."""
    return Expr("pow", (a, b if isinstance(b, Expr) else num(b)))


def fn(kind: str, *args: Any) -> Expr:
    """A node of a kind."""
    return Expr(kind, args)


def call(function: str, *args: Expr) -> Expr:
    """A function of the field."""
    return Expr("call", (function, *args))


def over(kind: str, i: str, low: Expr | Number, high: Expr | Number, body: Expr) -> Expr:
    """A sum, a product, a maximum over an index."""
    low, high = (e if isinstance(e, Expr) else num(e) for e in (low, high))
    return Expr(kind, (i, low, high, body))


def without(i: str, low: Expr | Number, high: Expr | Number, other: Expr, body: Expr) -> Expr:
    """A sum that leaves a value of its index out."""
    low, high = (e if isinstance(e, Expr) else num(e) for e in (low, high))
    return Expr("without", (i, low, high, other, body))


def rel(a: Expr, relation: str, b: Expr) -> Expr:
    """A chain of one relation."""
    return Expr("chain", ((relation,), a, b))


def indicator(condition: Expr) -> Expr:
    """1 where a condition holds, else 0."""
    return Expr("cases", (ONE, condition, ZERO))


def children(e: Expr) -> list[tuple[int, Expr]]:
    """The arguments that are expressions, with their places; not what only the adversary knows."""
    last = 4 if e.kind in ("integral", "limit") else len(e.args)
    return [(k, a) for k, a in enumerate(e.args[:last]) if isinstance(a, Expr)]


def parts(e: Expr) -> Iterator[Expr]:
    """``e`` and everything in it."""
    yield e
    for _, child in children(e):
        yield from parts(child)


def size(e: Expr) -> int:
    """The number of parts."""
    return sum(1 for _ in parts(e))


def put(e: Expr, path: Path, new: Expr) -> Expr:
    """``e`` with the part at a path replaced."""
    if not path:
        return new
    args = list(e.args)
    args[path[0]] = put(args[path[0]], path[1:], new)
    return Expr(e.kind, tuple(args))


def mapped(e: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """``e`` with every outermost part that ``change`` answers for replaced, what is known of integrals included."""
    if (new := change(e)) is not None:
        return new
    return Expr(e.kind, tuple(mapped(a, change) if isinstance(a, Expr) else a for a in e.args))


def at(e: Expr, i: str, value: Expr) -> Expr:
    """``e`` with an index that is free in it replaced."""

    def change(part: Expr) -> Expr | None:
        if part == index(i):
            return value
        if part.kind in BINDERS and part.args[0] == i:  # bound again inside: only the ends of the range are outside
            ends = tuple(mapped(a, change) if isinstance(a, Expr) else a for a in part.args[:-1])
            return Expr(part.kind, (*ends, part.args[-1]))
        return None

    return mapped(e, change)


def mentions(e: Expr, text: str) -> bool:
    """Whether a name or an index stands somewhere in ``e``."""
    return any(p.kind in ("name", "index") and p.args[0] == text for p in parts(e))


__all__ = [
    "BINDERS", "ONE", "TWO", "ZERO", "Expr", "Path", "add", "at", "call", "children", "div", "entry", "fn", "index",
    "indicator", "mapped", "mentions", "mul", "name", "neg", "num", "over", "parts", "power", "put", "rel", "size", "sub",
    "without",
]  # fmt: skip
