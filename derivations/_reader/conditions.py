"""Questions about parts of the raw tree which the translation asks: sizes, factors, exhaustive cases."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term, free_names, num, var
from derivations._kernel.tree import FUNCTIONS, Node

MINUS = num(-1)


class Untranslatable(ValueError):
    """What the formula says cannot be stated in the kernel's language; ``span`` is the place in the source."""

    def __init__(self, why: str, span: tuple[int, int] = (0, 0)) -> None:
        super().__init__(why)
        self.why, self.span = why, span


def joined(op: str, terms: list[Term]) -> Term:
    """One term of all, without an operator directly inside the same operator."""
    flat = [x for t in terms for x in (t.args if t.op == op else (t,))]
    return flat[0] if len(flat) == 1 else Term(op, *flat)


def inverse(t: Term) -> Term:
    """1/t."""
    return Term("pow", t, MINUS)


def flat(node: Node, below: bool = False) -> list[tuple[Node, bool]]:
    """The factors of a product or quotient, each with whether it stands below the line."""
    if node.kind == "mul":
        return [f for a in node.args for f in flat(a, below)]
    if node.kind == "div" and not all(a.kind == "number" for a in node.args):
        return [*flat(node.args[0], below), *flat(node.args[1], not below)]
    if node.kind == "neg" and node.args[0].kind != "number":
        return [(Node("number", (Fraction(-1),), node.span), False), *flat(node.args[0], below)]
    return [(node, below)]


def exhaustive(conditions: list[Node], scope: Scope) -> bool:
    """Whether the conditions cover every case: y = 0 and y = 1 of a bit, or a relation and its negation."""
    if len(conditions) != 2 or any(len(c.args[0]) != 1 for c in conditions):
        return False
    (((r,), *first), ((s,), *second)) = (c.args for c in conditions)
    if first == second and {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[r] == s:
        return True
    name = first[0].args[0] if first[0].kind == "entry" else first[0]
    bit = name.kind == "name" and scope.declares(name.args[0]) and scope.domain(name.args[0]).name in ("Bit", "OneHot")
    values = {side.args[0] for side in (first[1], second[1]) if side.kind == "number"}
    return r == s == "=" and first[0] == second[0] and bit and values == {0, 1}


def size_of(node: Node, scope: Scope) -> Term | None:
    """The number of entries of a vector; None for a number."""
    if node.kind == "name":
        domain = scope.domain(node.args[0]) if scope.declares(node.args[0]) else None
        return domain.sizes[0] if domain is not None and domain.sizes and domain.name != "Index" else None
    if node.kind == "family":
        return scope.domain(node.args[0].args[0]).sizes[0]
    if node.kind == "call":
        return size_of(node.args[1], scope) if FUNCTIONS[node.args[0]][1] == "vector" else None
    if node.kind in ("add", "neg", "mul", "div"):
        return next((s for s in (size_of(a, scope) for a in node.args) if s is not None), None)
    return None


def size_term(high: Node, scope: Scope) -> Term | None:
    """The size up to which a sum runs, if it is one."""
    if high.kind == "name" and scope.declares(high.args[0]) and scope.domain(high.args[0]).name == "Size":
        return var(high.args[0])
    whole = high.kind == "number" and high.args[0].denominator == 1 and high.args[0] >= 1
    return num(high.args[0]) if whole else None


def varies(t: Term, scope: Scope) -> bool:
    """Whether a term depends on more than sizes."""
    return any(scope.domain(name).name != "Size" for name in free_names(t))


def numbers(node: Node) -> list[Node]:
    """The parts of ``node`` that are numbers: not those which only stand in a subscript."""
    if node.kind in ("entry", "delta"):
        return [p for c in node.args[:1] if node.kind == "entry" for p in numbers(c)]
    return [node, *(p for c in node.children for p in numbers(c))]


__all__ = ["MINUS", "Untranslatable", "exhaustive", "flat", "inverse", "joined", "numbers", "size_of", "size_term", "varies"]
