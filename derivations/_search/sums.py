"""Sums over index sets: split into sums of monomials, constant factors in front, deltas selected."""

from __future__ import annotations

from derivations._kernel.check import Refused
from derivations._kernel.domains import Domain, mentions
from derivations._kernel.rules import instantiate
from derivations._kernel.terms import ONE, ZERO, Term, closed, opened, var

from .polynomial import TooMany, expand, monomial, product_of, sum_of
from .trail import Trail, rule


def total(trail: Trail) -> None:
    if all_but_one(trail):
        return
    trail.into(1)
    size = trail.term.args[0]
    if trail.search.may("total probability"):
        try:
            law = rule("total probability", t=trail.term)
            trail.search.kernel.derive(law, trail.scope)
            trail.step(law, ONE)
            return
        except Refused:
            pass  # not the total of a distribution
    name = trail.scope.fresh()
    body = opened(trail.term.args[1], var(name))
    try:
        parts = [product_of(m, c) for m, c in sorted(expand(body).items(), key=repr)]
    except TooMany:
        return
    if not parts:
        trail.step(rule("sum of a constant", n=size, c=ZERO), ZERO)
        return
    if len(parts) == 1:
        one_sum(trail, size, body, name)
        return
    if not trail.search.may("sum of sums"):
        return
    head, rest = parts[0], sum_of(parts[1:])
    inner = trail.scope.declaring(name, Domain("Index", (size,)))
    if not trail.search.defined(inner, head, rest):
        return
    new = Term("sum", size, closed(head, name)) + Term("sum", size, closed(rest, name))
    trail.step(rule("sum of sums", n=size, f=closed(head, name), g=closed(rest, name)), new)
    trail.again(ring=True)


def all_but_one(trail: Trail) -> bool:
    """Σ_{i ≠ k} f(i) = Σ f − f(k), where f(k) has a value too."""
    size, body = trail.term.args
    if body.op != "case" or body.args[0].op != "delta" or body.args[1:3] != (ONE, ZERO):
        return False
    i, k = body.args[0].args
    i, k = (i, k) if i == Term("bound", 0) else (k, i)
    if i != Term("bound", 0) or k.loose or not trail.search.may("sum of all but one"):
        return False
    f = body.args[3]
    whole = Term("sum", size, f)
    if not trail.search.defined(trail.scope, whole):
        return False
    law = rule("sum of all but one", n=size, k=k, f=f)
    if trail.step(law, whole - opened(f, k)):
        trail.again(ring=True)
        return True
    return False


def one_sum(trail: Trail, size: Term, body: Term, name: str) -> None:
    ((m, c),) = expand(body).items()
    inside = {f: e for f, e in m if mentions(f, name)}
    outside = {f: e for f, e in m if f not in inside}
    front = product_of(monomial(outside), c)
    if not inside:
        if trail.search.may("sum of a constant"):
            trail.step(rule("sum of a constant", n=size, c=body), size * body)
        return
    for f, e in inside.items():
        if f.op == "delta" and e == 1 and trail.search.may("delta selects"):
            i, k = f.args
            i, k = (i, k) if i == var(name) else (k, i)
            if i != var(name) or mentions(k, name):
                continue
            rest = product_of(monomial({g: n for g, n in m if g != f}), c)
            trail.step(rule("delta selects", n=size, k=k, f=closed(rest, name)), opened(closed(rest, name), k))
            trail.again()
            return
    if front != ONE and trail.search.may("constant factor"):
        rest = closed(product_of(monomial(inside)), name)
        if trail.search.defined(trail.scope, front):
            trail.step(rule("constant factor", n=size, c=front, f=rest), front * Term("sum", size, rest))
            trail.again(ring=True)
            return
    inner = trail.term.args[1]
    if inner.op == "sum" and trail.search.may("order of summation") and inner.args[0].loose == 0:
        other = swapped(size, inner)
        if repr(other) < repr(trail.term):
            f = Term("sum", size, inner).args[1].args[1]
            trail.step(rule("order of summation", n=size, m=inner.args[0], f=f), other)
            trail.again()


def swapped(size: Term, inner: Term) -> Term:
    """Σ_i Σ_j f with the two sums exchanged."""
    f = Term("meta", "f", Term("bound", 0), Term("bound", 1))
    return instantiate(Term("sum", inner.args[0], Term("sum", size, f)), {"f": inner.args[1]})


def delta(trail: Trail) -> None:
    """δ_kk = 1."""
    i, k = trail.term.args
    if i == k and trail.search.may("delta of equal indices"):
        trail.step(rule("delta of equal indices", k=k), ONE)


def product(trail: Trail) -> None:
    """A product over an index set: only what stands in it is brought to normal form."""
    trail.into(1)


HANDLERS = {"sum": total, "prod": product, "delta": delta}
