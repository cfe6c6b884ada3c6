"""Conditions that say no more than where a formula has a value.

A formula may leave implicit where it has a value; a claim may then be made under a condition that says so. Such a condition is
*exact* if the formula has no value at any point where the condition fails. It is decided here, from the terms; never by points.
"""

from __future__ import annotations

from collections.abc import Iterator

from .algebra import Algebra
from .domains import Domain, Scope
from .enclosure import enclosure
from .order import ANY, NEGATIVE, NONNEGATIVE, NONPOSITIVE, NONZERO, NULL, POSITIVE, Order, Sign
from .proof import refuse
from .terms import BINDERS, ONE, Term, constant, num, opened, subterms, var

#: What may be between two whole numbers is looked for between these.
NEAR = range(-4, 4)


def require_exact(scope: Scope, goal: Term, conditions: tuple[Term, ...], algebra: Algebra) -> Scope:
    """The scope under the conditions; :class:`Refused` unless ``goal`` has no value wherever one of them fails.

    Each condition is read where those before it hold, and has to be defined there.
    """
    made: dict[Scope, Order] = {}
    for condition in conditions:
        if Order.of(scope, algebra, made).undefined(condition) is not None:
            refuse("a condition need not be defined", condition)
        for failing in failures(scope, condition):
            if not valueless(Order.of(failing, algebra, made), goal):
                refuse("the formula may have a value where a condition fails", condition, goal)
        scope = scope.assuming(condition)
    return scope


def failures(scope: Scope, condition: Term) -> Iterator[Scope]:
    """Scopes which together have every point at which a defined condition fails."""
    op, args = condition.op, condition.args
    if op == "lt":
        yield scope.assuming(Term("le", args[1], args[0]))
    elif op == "le" and len(args) == 2:
        yield scope.assuming(Term("lt", args[1], args[0]))
    elif op in ("ne", "eq"):
        yield scope.assuming(Term("eq" if op == "ne" else "ne", *args))
    elif op == "imp":
        yield from failures(scope.assuming(args[0]), args[1])
    elif op == "all":
        name = scope.fresh()
        yield from failures(scope.declaring(name, Domain("Index", (args[0],))), opened(args[1], var(name)))
    elif op == "and":
        for part in args:
            yield from failures(scope, part)
            scope = scope.assuming(part)
    else:
        refuse("a condition of another form", condition)


def valueless(order: Order, t: Term) -> bool:
    """Whether ``t`` has no value at any point of the scope; a statement has one where both sides of its relations have.

    "Not decided" is answered by False.
    """
    op, args = t.op, t.args
    if op == "and":
        cases = [a for a in args if a.op == "imp"]
        return any(valueless(order, a) for a in args if a.op != "imp") or _no_case(order, cases)
    if op in ("eq", "ne", "lt", "le"):
        return any(valueless(order, a) for a in args[:2])
    if op == "tends":
        return valueless(order, args[3])
    if op == "integrates":
        return any(valueless(order, a) for a in args[2:] if a.op != "const")
    if op in ("sum", "prod", "top", "all"):
        inner, body = order.under(args[0], args[1])
        return valueless(inner, body) or any(valueless(order, opened(args[1], i)) for i in order.indices(args[0]))
    if op == "case":
        return any(valueless(order, a) for a in args[:2]) or all(
            not sign(order, args[0] - args[1]) & possible or valueless(order.assuming(Term(relation, *args[:2])), value)
            for relation, possible, value in (("eq", NULL, args[2]), ("ne", NONZERO, args[3]))
        )
    if op == "app":
        return valueless(order, order.unfolded(t))
    if op in ("mul", "xlog"):  # all other factors of a product are the weight of its logarithm, whichever were chosen
        factors = args if op == "mul" else (t,)
        logs = [k for k, a in enumerate(factors) if a.op in ("log", "xlog")]
        if len(logs) == 1:
            one, others = factors[logs[0]], (*factors[: logs[0]], *factors[logs[0] + 1 :])
            if one.op == "xlog":
                return _no_weighted(order, (one.args[0], *others), one.args[1:2], one.args[2:])
            return _no_weighted(order, others, *_quotient(one.args[0]))
    if op in ("imp", "iff", "infinite"):
        return False
    return any(valueless(order, a) for a in t.children if op not in ("at", "delta", "of", "vec")) or _outside(order, t)


def _no_case(order: Order, cases: list[Term]) -> bool:
    """Whether two cases, of a relation and of its negation, both have no value."""
    if len(cases) != 2 or cases[1].args[0] != _negation(cases[0].args[0]):
        return False
    return all(valueless(order.assuming(case.args[0]), case.args[1]) for case in cases)


def _negation(s: Term) -> Term | None:
    op = {"lt": "le", "le": "lt", "eq": "ne", "ne": "eq"}.get(s.op)
    return None if op is None else Term(op, *(s.args[:2] if op in ("eq", "ne") else reversed(s.args[:2])))


def sign(order: Order, t: Term) -> Sign:
    """What sgn(t) may be where the formula has a value there; a quotient of two negative numbers in a logarithm is one too."""
    return order.sign(t) if plain(order, t) else ANY


def plain(order: Order, t: Term) -> bool:
    """Whether each weighted logarithm in ``t`` is of a quotient in which above or below nothing negative stands."""
    if not any(s.op in ("xlog", "app") for s in subterms(t)):
        return True
    if t.op == "app":
        return plain(order, order.unfolded(t))
    if t.op in BINDERS:
        inner, body = order.under(t.args[0], t.args[1])
        return plain(inner, body)
    if t.op == "xlog" and not any(order.sign(a) <= NONNEGATIVE for a in t.args[1:]):
        return False
    return all(plain(order, a) for a in t.children)


def _outside(order: Order, t: Term) -> bool:
    """Whether the arguments of ``t``, where they have values, are outside of its domain."""
    op, args = t.op, t.args
    if op == "log":
        return sign(order, args[0]) <= NONPOSITIVE
    if op != "pow":
        return False
    base, n = sign(order, args[0]), constant(args[1])
    if n is not None and n.denominator == 1:
        return n < 0 and base <= NULL
    if not fractional(order, args[1]):
        return False
    return base <= NEGATIVE or (base <= NONPOSITIVE and sign(order, args[1]) <= NEGATIVE)


def fractional(order: Order, r: Term) -> bool:
    """Whether ``r`` is nowhere a whole number: it lies between one and the next."""
    n = constant(r)
    if n is not None:
        return n.denominator != 1
    ends = enclosure(r)
    if ends is not None:
        return ends[0].__floor__() < ends[0] and ends[1] < ends[0].__floor__() + 1
    return any(sign(order, r - num(k)) <= POSITIVE and sign(order, num(k + 1) - r) <= POSITIVE for k in NEAR)


def _no_weighted(order: Order, weights: tuple[Term, ...], over: tuple[Term, ...], under: tuple[Term, ...]) -> bool:
    """Whether a weight times log(a/b) has no value: a/b is not positive, and not both a, b ≥ 0 with a weight of zero."""
    if any(valueless(order, s) for s in (*weights, *over, *under)):
        return True
    weight, a, b = (Term("mul", ONE, ONE, *terms) for terms in (weights, over, under))
    sides = sign(order, a), sign(order, b)
    if any(s <= NEGATIVE and t <= NONNEGATIVE for s, t in (sides, sides[::-1])):
        return True
    return sign(order, weight) <= NONZERO and sign(order, a * b) <= NONPOSITIVE


def _quotient(t: Term) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The factors of the argument of a logarithm, above and below the line."""
    factors = t.args if t.op == "mul" else (t,)
    below = tuple(f.args[0] for f in factors if f.op == "pow" and f.args[1] == num(-1))
    return tuple(f for f in factors if f.op != "pow" or f.args[1] != num(-1)), below


__all__ = ["fractional", "require_exact", "valueless"]
