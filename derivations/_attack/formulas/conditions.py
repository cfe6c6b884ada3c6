"""What a certificate says its claim is about: whether a point lies in the domains and under the hypotheses written there.

The terms are those of the page "Certificates"; they become expressions of the adversary, and its evaluator tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from .evaluate import Evaluator, Point
from .expr import Expr, add, call, fn, index, mul, name, num, power, rel
from .scopes import Declared, Scope, inside
from .values import NoValue, Unknown, precision

RELATIONS = {"eq": "=", "le": "<=", "lt": "<", "ne": "!="}
BINDING = {"sum": "sum", "prod": "prod", "top": "largest"}


def admits(claim: Mapping[str, Any], at: Point) -> bool | None:
    """Whether a point is one of those a claim speaks of; None where that is not known."""
    answer: bool | None = True
    declared = []
    for n, domain, sizes in claim["domains"]:
        if n in at.values and domain not in ("Size", "Family"):
            word = "Label" if domain == "Index" else domain
            declared.append(Declared(n, word, tuple(_size(s) for s in sizes)))
    try:
        if not inside(Scope(tuple(declared)), at):
            return False
    except (KeyError, AttributeError, TypeError):
        answer = None
    with precision():
        for statement in claim["hypotheses"]:
            try:
                if not holds(statement, at, ()):
                    return False
            except Unknown:
                answer = None
            except NoValue:
                return False
    return answer


def _size(term: Any) -> str | int:
    return int(term[1]) if term[0] == "num" else str(term[1])


def holds(s: Any, at: Point, bound: tuple[int, ...]) -> bool:
    """Whether a statement of a certificate holds at a point; ``bound`` are the indices around it, the innermost last."""
    op, *args = s
    if op in RELATIONS:
        chain = rel(expression(args[0], bound), RELATIONS[op], expression(args[1], bound))
        return Evaluator(at).holds(chain)
    if op == "and":
        return all(holds(a, at, bound) for a in args)
    if op == "imp":
        try:
            if not holds(args[0], at, bound):
                return True
        except NoValue:
            return True
        return holds(args[1], at, bound)
    if op == "iff":
        return holds(args[0], at, bound) == holds(args[1], at, bound)
    if op == "all":
        last = Evaluator(at).place(expression(args[0], bound), {})
        unknown = False
        for k in range(1, last + 1):
            try:
                if not holds(args[1], at, (*bound, k)):
                    return False
            except Unknown:
                unknown = True
        if unknown:
            raise Unknown("a statement for every index")
        return True
    raise Unknown(f"the statement {op}")


def expression(t: Any, bound: tuple[int | str, ...]) -> Expr:
    """A term of a certificate as an expression of the adversary."""
    op, *args = t
    if op == "num":
        return num(Fraction(args[0]))
    if op == "const" and args[0] == "pi":
        return fn("pi")
    if op == "var":
        return name(args[0])
    if op == "bound":
        place = bound[-1 - int(args[0])]
        return index(place) if isinstance(place, str) else num(place)
    if op in BINDING:
        i = f"#{len(bound)}"
        return Expr(BINDING[op], (i, num(1), expression(args[0], bound), expression(args[1], (*bound, i))))
    parts = [expression(a, bound) for a in args if isinstance(a, list)]
    if op == "add":
        return add(*parts)
    if op == "mul":
        return mul(*parts)
    if op == "pow":
        return power(parts[0], parts[1])
    if op in ("log", "exp", "abs", "max", "delta", "xlog", "deriv"):
        return fn(op, *parts)
    if op == "case":
        u, v, a, b = parts
        return Expr("cases", (a, rel(u, "=", v), b))
    if op == "at":
        return fn("entry", *parts)
    if op == "app":
        if args[0] == "softmax":
            return fn("entry", call("softmax", parts[0]), parts[1])
        return call(args[0], *parts)
    raise Unknown(f"the term {op}")


def borders(claim: Mapping[str, Any], at: Point) -> Iterator[Point]:
    """Points which differ from ``at`` in one number: the sides of a relation in a hypothesis, linear in it, are equal there."""
    relations = [r for h in claim["hypotheses"] for r in _relations(h)]
    for name_, value in at.values.items():
        if not isinstance(value, Fraction) or at.domains.get(name_) in ("Size", "Label", "Index", "Bit"):
            continue
        for _, a, b in relations:
            try:
                first, second = (_difference(a, b, Point({**at.values, name_: Fraction(x)}, at.domains)) for x in (0, 1))
            except (NoValue, Unknown, IndexError):
                continue
            if first != second:
                yield Point({**at.values, name_: first / (first - second)}, at.domains)


def _relations(statement: Any) -> Iterator[Any]:
    if statement[0] in RELATIONS:
        yield statement[:3]
    else:
        for part in statement[1:]:
            if isinstance(part, list):
                yield from _relations(part)


def _difference(a: Any, b: Any, at: Point) -> Fraction:
    value = Evaluator(at).value(expression(["add", a, ["mul", ["num", "-1"], b]], ()), {})
    if not isinstance(value, Fraction):
        raise Unknown("no rational number")
    return value


__all__ = ["admits", "borders", "expression", "holds"]
