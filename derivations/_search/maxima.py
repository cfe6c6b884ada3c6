"""Absolute values and maxima in normal form: where a sign decides them, up to a sign inside, and their squares."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.check import Proof
from derivations._kernel.terms import ONE, ZERO, Term, num

from .polynomial import TooMany, expand, key, monomial, product_of, single, tidy
from .trail import Trail, rule


def values(s: Term) -> list[tuple[Term, Proof]]:
    """What max(u, v) or |u| is for u ≤ v (or 0) and for v ≤ u, with proofs."""
    if s.op == "max":
        u, v = s.args
        turned = Proof("combine", (s, v, ((ONE, rule("the larger of two", a=v, b=u)),)))
        return [(v, turned), (u, rule("the larger of two", a=u, b=v))]
    (u,) = s.args
    opposite, itself = rule("absolute value of the opposite", a=u), rule("absolute value", a=-u)
    return [(-u, Proof("combine", (s, -u, ((-ONE, opposite), (ONE, itself))))), (u, rule("absolute value", a=u))]


def maximum(trail: Trail) -> None:
    """max(u, v) where one is decided to be the larger; as (u + v + |u − v|)/2 if that is asked for."""
    for k in range(len(trail.term.args)):
        trail.into(k)
    s, order = trail.term, trail.search.kernel.order(trail.scope)
    u, v = s.args if s.op == "max" else (s.args[0], ZERO)
    for side, (value, equal) in zip((Term("le", u, v), Term("le", v, u)), values(s), strict=True):
        if order.holds(side):
            trail.step(equal, value)
            trail.again()
            return
    if s.op == "abs":
        if backwards(u):
            turned = tidy(-u)
            equal = Proof("combine", (s, Term("abs", turned), ((-ONE, rule("absolute value of the opposite", a=u)),)))
            trail.step(equal, Term("abs", turned))
    elif getattr(trail.search, "plain_maxima", False):
        half, apart = num(Fraction(1, 2)), Term("abs", u - v)
        new = half * (u + v + apart)
        pairs = zip(values(s), values(apart), strict=True)
        cases = [Proof("combine", (s, new, ((ONE, larger), (-half, gap)))) for (_, larger), (_, gap) in pairs]
        trail.step(Proof("order_cases", (u, v, *cases)), new)
        trail.again()


def backwards(u: Term) -> bool:
    """Whether −u is written instead of u: the first of its monomials has a minus."""
    try:
        parts = expand(u)
    except TooMany:
        return False
    return bool(parts) and parts[min(parts, key=lambda m: [(*key(f), n) for f, n in m])] < 0


def absolute(trail: Trail) -> None:
    """|u|² = u²."""
    t = trail.term
    if t.op not in ("mul", "pow") or not any(s.op == "abs" for f in (t, *t.children) for s in (f, *f.children)):
        return
    if (product := single(trail.term)) is None:
        return
    m, c = product
    factors = dict(m)
    for f in [f for f, e in m if f.op == "abs" and e > 1]:
        (u,) = f.args
        square, whole = f ** num(2), u ** num(2)
        (low, as_low), (high, as_high) = values(f)
        cases = [Proof("combine", (square, whole, ((f + value, equal),))) for value, equal in ((low, as_low), (high, as_high))]
        law = Proof("order_cases", (u, ZERO, *cases))
        while factors[f] > 1:
            factors[f] -= 2
            times = product_of(monomial(factors), c)
            new = times * whole
            trail.search.spend()
            trail.steps.append(((), law, times, new))
            trail.term = new
            trail.tidy()
            return


HANDLERS = {"max": maximum, "abs": maximum}
__all__ = ["HANDLERS", "absolute", "values"]
