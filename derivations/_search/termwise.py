"""0 ≤ Σ f because every term is, or because one term is taken from a sum of terms ≥ 0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, free_names, lift, num, opened, replaced, substitute, subterms, var

from . import settling
from .bounds import FAILURES, Bounds
from .equation import NotFound
from .means import below_maximum, means
from .normalise import field, rule
from .polynomial import TooMany, expand, lean, rebuild, sum_of, tidy
from .strong import Strong
from .weighing import above_zero


def by_terms(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f is a sum of terms, each ≥ 0; or a sum from which one of its terms is taken away."""
    if depth <= 0:
        return
    for form, proof in search.forms(scope, f):
        outer, inner = split(form)
        if inner is None or not search.kernel.order(scope).sign(outer) <= {0, 1}:
            continue
        name = scope.fresh()
        below = scope.declaring(name, Domain("Index", (inner.args[0],)))
        with suppress(*FAILURES):
            part = above_zero(inner.args[0], search.nonnegative(below, opened(inner.args[1], var(name)), depth - 1))
            yield search.replaced(f, ((outer, part), (num(-1), field(form, outer * inner))), proof)


def by_mean(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f is the mean of numbers that are positive where their weight is."""
    for form, proof in search.forms(scope, f)[:2]:
        if form.op != "sum":
            continue
        for name, domain in scope.domains:
            if not domain.kind.total or domain.sizes != form.args[:1]:
                continue
            entry = Term("at", var(name), Term("bound", 0))
            with suppress(*FAILURES):
                rest = without(form.args[1], entry)
                mean = rule("a mean is positive", f=rest, n=form.args[0], p=var(name))
                whole = Term("sum", form.args[0], entry * rest)
                yield search.replaced(f, ((ONE, mean), (num(-1), field(form, whole))), proof)


def without(t: Term, factor: Term) -> Term:
    """The other factors of a product."""
    ((m, c),) = expand(t).items()
    if dict(m).get(factor, 0) < 1:
        raise NotFound("not a factor")
    return rebuild({tuple((s, n - (s == factor)) for s, n in m if n - (s == factor)): c})


def split(form: Term) -> tuple[Term, Term | None]:
    """A product as one sum over indices and the other factors."""
    factors = list(form.args) if form.op == "mul" else [form]
    sums = [t for t in factors if t.op == "sum"]
    if len(sums) != 1:
        return form, None
    factors.remove(sums[0])
    return Term("mul", ONE, ONE, *factors), sums[0]


def by_one_term(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f is a sum, or a maximum, from which one of its terms is taken away."""
    for form, proof in search.forms(scope, f)[-2:]:
        try:
            parts = expand(form)
        except TooMany:
            return
        for m, c in parts.items():
            if c <= 0 or len(m) != 1 or m[0][1] != 1 or m[0][0].op not in ("sum", "top"):
                continue
            whole = m[0][0]
            for name, domain in scope.domains:
                if domain.name != "Index" or domain.sizes != whole.args[:1]:
                    continue
                rest = tidy(form - num(c) * (whole - opened(whole.args[1], var(name))))
                law = "a term of a sum" if whole.op == "sum" else "an entry is at most the maximum"
                larger = (num(c), rule(law, f=whole.args[1], k=var(name), n=whole.args[0]))
                if search.kernel.algebra.equal(rest, ZERO):
                    yield search.replaced(f, (larger,), proof)
                elif search.kernel.order(scope).sign(rest) <= {0, 1}:
                    yield search.replaced(f, (larger, (ONE, Proof("sign", (rest,)))), proof)


def by_average(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = r + c·max g with c ≥ 0, and r plus c times the mean of g is ≥ 0 already."""
    if depth <= 0:
        return
    for form, proof in search.forms(scope, f)[:2]:
        for top in dict.fromkeys(s for s in subterms(form) if s.op == "top" and not s.loose):
            with suppress(*FAILURES):
                parts = expand(form)
                front = rebuild({tuple(e for e in m if e[0] != top): c for m, c in parts.items() if dict(m).get(top) == 1})
                rest = rebuild({m: c for m, c in parts.items() if dict(m).get(top) != 1})
                known = search.kernel.order(scope).sign(front) <= {0, 1}
                if not known or any(s == top for t in (front, rest) for s in subterms(t)):
                    continue
                mean, below = below_maximum(search.strong, scope, top, means(scope, top.args[0])[0])
                low = search.normal(scope, rest + front * mean)
                larger = (ONE, search.nonnegative(scope, low, depth - 1))
                equal = settling.equation(search.strong, scope, form - front * (top - mean), low)
                yield search.replaced(f, ((front, below), larger, (num(-1), equal)), proof)


def by_tangent(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = Σ g(p_i) + c for a distribution p, where g lies above its tangent at 1/n; or c is spread over the distributions.

    Nothing is added but multiples of Σ p_i − 1 = 0.
    """
    if depth <= 0:
        return
    named = free_names(f)
    vectors = [(var(n), d) for n, d in scope.domains if n in named and d.kind.total and len(d.sizes) == 1]
    for form, proof in search.forms(scope, f)[1:2]:
        try:
            outside, bodies = gathered(form)
        except TooMany:
            continue
        if len(bodies) != 1 or not vectors:
            continue
        ((size, body),) = bodies.items()
        for shares in spreads(scope, [v for v, d in vectors if d.sizes == (size,)], size, body, outside):
            with suppress(*FAILURES):
                whole, name = Term("sum", size, sum_of([body, *shares])), scope.fresh()
                equal = settling.zero(search.strong, scope, form - whole)
                inner = scope.declaring(name, Domain("Index", (size,)))
                part = above_zero(size, search.nonnegative(inner, opened(whole.args[1], var(name)), depth - 1))
                yield search.replaced(f, ((ONE, part), (num(-1), equal)), proof)


def gathered(form: Term) -> tuple[Term, dict[Term, Term]]:
    """What stands outside of sums, and the body of the one sum over each size."""
    outside: list[Term] = []
    bodies: dict[Term, list[Term]] = {}
    for m, c in expand(form).items():
        sums = [t for t, n in m if t.op == "sum" and n == 1]
        if len(sums) != 1:
            outside.append(rebuild({m: c}))
            continue
        factors = [t if n == 1 else t ** num(n) for t, n in m if t is not sums[0]]
        bodies.setdefault(sums[0].args[0], []).append(
            lean(Term("mul", num(c), ONE, *(lift(t, 1) for t in factors), sums[0].args[1]))
        )
    return sum_of(outside), {size: sum_of(parts) for size, parts in bodies.items()}


def spreads(scope: Scope, own: list[Term], size: Term, body: Term, outside: Term) -> Iterator[list[Term]]:
    """What stands outside, as terms of the sum: evenly, all over one distribution, over all of them, or as a tangent at 1/n."""
    i = Term("bound", 0)
    entries = [Term("at", v, i) for v in own]
    constant = lift(outside, 1)
    if constant == ZERO:
        yield []
        return
    if any(s == size for s in subterms(outside)):
        yield [tidy(constant * size ** num(-1))]
    for p in entries:
        yield [constant * p]
    if len(entries) > 1:
        share = num(Fraction(1, len(entries)))
        yield [share * constant * p for p in entries]
    for p in entries:
        with suppress(*FAILURES):
            slope = slope_at(scope, size, body, p, size ** num(-1))
            yield [constant * size ** num(-1), -(slope * (p - size ** num(-1)))]


def slope_at(scope: Scope, size: Term, body: Term, p: Term, point: Term) -> Term:
    """The derivative of a term of a sum in the entry p_i, at a point; only a proposal."""
    name, x = scope.fresh(), var("x")
    line = scope.declaring(name, Domain("Index", (size,))).declaring("x", Domain("Positive"))
    entry = opened(p, var(name))
    g = replaced(opened(body, var(name)), lambda s, _: x if s == entry else None)
    slope, _ = Strong(Kernel()).together([Term("deriv", g, x)], line)[0]
    if name in free_names(slope):
        raise NotFound("the slope depends on the index")
    return substitute(slope, {"x": point})


__all__ = ["by_average", "by_mean", "by_one_term", "by_tangent", "by_terms"]
