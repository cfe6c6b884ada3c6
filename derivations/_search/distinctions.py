"""0 ≤ f by cases: which of two numbers is the larger, whether a weight is zero, whether a bit is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from derivations._kernel.check import Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, free_names, subterms, var

from .bounds import FAILURES, Bounds
from .extrema import everywhere
from .maxima import values
from .polynomial import expand, monomial, product_of, rebuild, sum_of
from .settling import chained, rewriting


def by_cases(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """The first place in f that asks for a distinction is looked at in both cases."""
    if depth <= 0:
        return
    for s in dict.fromkeys(subterms(f)):
        if s.loose:
            continue
        with suppress(*FAILURES):
            if s.op in ("max", "abs"):
                yield subtracted(search, scope, f, s, depth) or by_order(search, scope, f, s, depth)
                return
            if s.op == "xlog" and search.kernel.order(scope).sign(s.args[0]) == {0, 1} and s.args[0].op in ("var", "at"):
                yield by_weight(search, scope, f, s.args[0], depth)
                return
    for name in sorted(free_names(f)):
        if scope.domain(name) == Domain("Nonnegative") and Term("lt", ZERO, var(name)) not in scope.hypotheses:
            with suppress(*FAILURES):
                yield by_weight(search, scope, f, var(name), depth)
            return


def subtracted(search: Bounds, scope: Scope, f: Term, s: Term, depth: int) -> Proof | None:
    """0 ≤ r − c·max(u, v) with c ≥ 0 because 0 ≤ r − c·u and 0 ≤ r − c·v, with no case to tell; None for another f."""
    parts = expand(f)
    front = sum_of([product_of(monomial({**dict(m), s: 0}), -c) for m, c in parts.items() if dict(m).get(s) == 1])
    rest = rebuild({m: c for m, c in parts.items() if dict(m).get(s) != 1})
    if any(t == s for t in (*subterms(front), *subterms(rest))) or not search.kernel.order(scope).sign(front) <= {0, 1}:
        return None
    (low, as_low), (high, as_high) = values(s)
    shown = [weak(search, scope, search.nonnegative(scope, rest - front * value, depth)) for value in (low, high)]
    u, v = s.args if s.op == "max" else (s.args[0], ZERO)
    both, cases = Proof("hypothesis", (len(scope.hypotheses),)), []
    for k, equal in enumerate((as_low, as_high)):
        cases.append(Proof("combine", (ZERO, f, ((ONE, Proof("part", (both, k))), (front, equal)))))
    return Proof("given", (Proof("both", tuple(shown)), Proof("order_cases", (u, v, *cases))))


def by_order(search: Bounds, scope: Scope, f: Term, s: Term, depth: int) -> Proof:
    """0 ≤ f for u ≤ v and for v ≤ u, where max(u, v) or |u| stands in f."""
    u, v = s.args if s.op == "max" else (s.args[0], ZERO)
    cases = []
    for side, (value, equal) in zip((Term("le", u, v), Term("le", v, u)), values(s), strict=True):
        known = search.kernel.order(scope).holds(side)
        inner = scope if known else scope.assuming(side)
        new, steps = everywhere(f, s, equal, value)
        way = chained(search.nonnegative(inner, new, depth), Proof("symmetry", (rewriting(f, steps),)))
        if known and way is not None:
            return way
        cases.append(weak(search, inner, way))
    return Proof("order_cases", (u, v, *cases))


def by_weight(search: Bounds, scope: Scope, f: Term, w: Term, depth: int) -> Proof:
    """0 ≤ f for w = 0 and for w > 0."""
    zero, positive = scope.assuming(Term("eq", w, ZERO)), scope.assuming(Term("lt", ZERO, w))
    new, steps = everywhere(f, w, Proof("hypothesis", (len(scope.hypotheses),)), ZERO)
    nothing = chained(search.nonnegative(zero, new, depth - 1), Proof("symmetry", (rewriting(f, steps),)))
    cases = (weak(search, zero, nothing), weak(search, positive, search.nonnegative(positive, f, depth - 1)))
    return Proof("zero_or_positive", (w, *cases))


def weak(search: Bounds, scope: Scope, proof: Proof | None) -> Proof:
    """The relation as a plain ≤."""
    assert proof is not None
    s = search.kernel.derive(proof, scope)
    return proof if s.op == "le" and len(s.args) == 2 else Proof("weaken", (proof,))


__all__ = ["by_cases"]
