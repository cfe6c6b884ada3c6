"""What a formula as written leaves implicit: the conditions under which it has a value at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .._kernel.check import Kernel
from .._kernel.domains import Domain, Scope
from .._kernel.enclosure import enclosure
from .._kernel.terms import ZERO, Term, closed, constant, free_names, num, opened, subterms, var

MAX_CONDITIONS = 6


def missing(kernel: Kernel, scope: Scope, t: Term) -> Term | None:
    """A condition, closed in ``scope``, without which ``t`` is not known to be defined; None if it is defined.

    A condition on the terms of a sum is asked for every index.
    """
    order = kernel.order(scope)
    if order.undefined(t) is None:
        return None
    op, args = t.op, t.args
    if op in ("sum", "prod", "top", "all", "vec"):
        name = scope.fresh()
        inside = scope.declaring(name, Domain("Index", (args[0],)))
        found = missing(kernel, inside, opened(args[1], var(name)))
        if found is None or name not in free_names(found):
            return found
        return Term("all", args[0], closed(found, name))
    if op == "app":
        return missing(kernel, scope, order.unfolded(t))
    if op in ("imp", "and") and order.undefined(args[0]) is None:
        rest = args[1] if len(args) == 2 else Term("and", *args[1:])
        later = missing(kernel, scope.assuming(args[0]), rest)
        return None if later is None else Term("imp", args[0], later) if op == "imp" else later
    if op == "case":  # a value is read where its condition holds
        for u in args[:2]:
            if (found := missing(kernel, scope, u)) is not None:
                return found
        for relation, value in zip(("eq", "ne"), args[2:], strict=True):
            premise = Term(relation, *args[:2])
            if order.holds(_other(premise)):
                continue
            if (found := missing(kernel, scope.assuming(premise), value)) is not None:
                return found if order.holds(premise) else Term("imp", premise, found)
        return None
    if op == "deriv":
        x = args[1] if args[1].op == "var" else args[1].args[0]
        near = missing_near(kernel, scope, args[0], x.args[0])
        return near if near is None or free_names(near) <= {n for n, _ in scope.domains} else None
    for child in t.children:
        found = missing(kernel, scope, child)
        if found is not None:
            return found
    return order.undefined(t)


def _other(s: Term) -> Term:
    return Term("ne" if s.op == "eq" else "eq", *s.args)


def missing_near(kernel: Kernel, scope: Scope, t: Term, name: str) -> Term | None:
    """What is missing around a point, in the variable of a derivative."""
    near = scope.near(name)
    found = missing(kernel, near, t) or kernel.order(near).rough(t, name)
    return Term("lt", *found.args) if found is not None and found.op == "le" else found  # what holds beside a point is strict


def conditions(
    kernel: Kernel, scope: Scope, goal: Term, holds: Callable[[Scope, Term], bool] = lambda *_: False
) -> tuple[Scope, tuple[Term, ...], Term | None]:
    """The scope in which ``goal`` is defined, the conditions that make it so, and what is missing still, if anything is.

    Where a condition is asked for under a premise and ``holds`` without it, it is taken without it.
    """
    found: list[Term] = []
    first = scope
    while (need := missing(kernel, scope, goal)) is not None:
        if need in found or len(found) == MAX_CONDITIONS or need.op not in ("lt", "le", "ne", "eq", "imp", "all", "and"):
            return scope, tuple(found), need
        if (plain := _without_premise(need)) != need and holds(scope, plain):
            need = plain
        found.append(need)
        scope = with_condition(scope, need)
    return _fewest(kernel, first, goal, scope, found)


def _fewest(
    kernel: Kernel, first: Scope, goal: Term, scope: Scope, found: list[Term]
) -> tuple[Scope, tuple[Term, ...], Term | None]:
    """The conditions without those which the others imply: x > 0 makes x² > 0 needless."""
    for condition in list(found):
        rest = [c for c in found if c is not condition]
        smaller = first
        for c in rest:
            smaller = with_condition(smaller, c)
        if kernel.order(smaller).undefined(goal) is None:
            found, scope = rest, smaller
    return scope, tuple(found), kernel.order(scope).undefined(goal)


def whole_exponents(t: Term) -> tuple[Term, ...]:
    """Equations r = k for the exponents r in ``t`` that seem to be whole numbers k without being written so."""
    found: dict[Term, None] = {}
    for s in subterms(t):
        if s.op == "pow" and constant(s.args[1]) is None and not free_names(s.args[1]) and not s.args[1].loose:
            ends = enclosure(s.args[1])
            if ends is not None and ends[0].__ceil__() == ends[1].__floor__():
                found[Term("eq", s.args[1], num(ends[1].__floor__()))] = None
    return tuple(found)


def _without_premise(condition: Term) -> Term:
    """What follows in "if …, then …", for every index where that is said for every index."""
    if condition.op == "all":
        return Term("all", condition.args[0], _without_premise(condition.args[1]))
    return condition.args[1] if condition.op == "imp" else condition


def with_condition(scope: Scope, condition: Term) -> Scope:
    """The scope under one more condition."""
    return narrowed(scope, condition) or scope.assuming(condition)


#: Domains, and what they become when every number in them has to be positive.
POSITIVE = {"Real": "Positive", "Nonnegative": "Positive", "Simplex": "OpenSimplex"}


def narrowed(scope: Scope, condition: Term) -> Scope | None:
    """The scope with a smaller domain, where a condition says no more than that: 0 < x, or 0 < x_i for every i.

    A domain is known around a point too, where a derivative looks; a hypothesis is not.
    """
    indices = 0
    while condition.op == "all":
        condition, indices = condition.args[1], indices + 1
    if condition.op != "lt" or condition.args[0] != ZERO:
        return None
    x = condition.args[1]
    if x.op == "at" and x.args[1:] == tuple(Term("bound", k) for k in reversed(range(indices))):
        x = x.args[0]
    elif indices:
        return None
    if x.op != "var" or len((domain := scope.domain(x.args[0])).sizes) != indices or domain.name not in POSITIVE:
        return None
    smaller = Domain(POSITIVE[domain.name], domain.sizes)
    return replace(scope, domains=tuple((n, smaller if n == x.args[0] else d) for n, d in scope.domains))


__all__ = ["conditions", "missing", "narrowed", "whole_exponents"]
