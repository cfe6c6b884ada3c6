"""What is known to be ≥ 0 and may be a part of b − a: proposals, each with its proof.

w (log S − log A) for an addend A of the sum S or an entry A of which S is the maximum; the distance from a mean to the
maximum; Σ w (g/w − Σ g)²; and Lagrange's sum of (x_i y_j − x_j y_i)² over pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import combinations, permutations

from derivations._kernel.check import Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, num, opened, substitute, subterms, var

from . import settling
from .bounds import FAILURES, Bounds
from .equation import NotFound
from .groups import Group, Logarithms
from .looks import never_negative, points
from .means import above_mean, log_above_mean, means
from .polynomial import Monomial, expand, lean, monomial, product_of, sum_of, tidy
from .remains import above_zero, nonnegative
from .strong import Strong
from .trail import rule

Known = tuple[Term, Proof]  #: a term q and a proof of 0 ≤ q


def by_known(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f is a sum of something that is known to be ≥ 0, and of something of a decided sign."""
    if depth <= 0 or not any(s.op == "top" or _is_square(s) for s in subterms(f)):
        return
    at = points(scope, f)
    for form, proof in search.forms(scope, f)[:2]:
        for source in (squares_of_pairs, from_maxima):
            for q, shown in source(search.strong, scope, form):
                rest = form - q
                if never_negative(rest, at):
                    with suppress(*FAILURES):
                        yield search.replaced(f, ((ONE, shown), *nonnegative(search.strong, scope, rest)), proof)


def _is_square(t: Term) -> bool:
    return t.op == "pow" and t.args[0].op == "sum" and t.args[1] == num(2)


# ---- addends of sums, and entries of which there is a maximum


def from_entries(search: Strong, scope: Scope, normal: Term) -> Iterator[Known]:
    """Σ w (log S − log A) ≥ 0 for an addend A of S, where −w stands with log A."""
    reader = Logarithms(search.kernel, scope)
    with suppress(*FAILURES):
        groups = reader.groups(normal, linear=False)
        for g in groups:
            inner = reader.inside(g.sizes)
            w = tidy(-g.term)
            if not search.kernel.order(inner).sign(w) <= {0, 1}:
                continue
            single: list[Known] = []
            for whole in dict.fromkeys(t for other in groups for t in placed(reader, other, g)):
                with suppress(*FAILURES):
                    proof = logarithm_of_sum(search, inner, w, whole, g.argument)
                    for k in reversed(range(len(g.sizes))):
                        proof = above_zero(g.sizes[k], proof)
                    single.append((search.kernel.derive(proof, scope).args[1], proof))
            yield from single
            if len(single) > 1:  # each of the sums in turn bounds a share of the weight
                share = num(Fraction(1, len(single)))
                mean = sum_of([share * q for q, _ in single])
                yield mean, Proof("combine", (ZERO, mean, tuple((share, proof) for _, proof in single)))


def placed(reader: Logarithms, other: Group, g: Group) -> Iterator[Term]:
    """The argument of another logarithm with indices of this one."""
    if other.argument.op not in ("sum", "add", "top") or other is g:
        return
    for place in permutations(range(len(g.sizes)), len(other.sizes)):
        if all(g.sizes[q] == s for q, s in zip(place, other.sizes, strict=True)):
            yield substitute(other.argument, {reader.names[p]: var(reader.names[q]) for p, q in enumerate(place)})


def logarithm_of_sum(search: Strong, scope: Scope, w: Term, whole: Term, part: Term) -> Proof:
    """0 ≤ w (log S − log A), written as w log(S/A), for a sum or a maximum S."""
    weighted = Term("xlog", w, whole, part)
    larger = at_least(search, scope, whole, part)
    inner = scope.assuming(search.kernel.derive(larger, scope))
    proof = Proof("given", (larger, Proof("weaken", (Proof("sign", (weighted,)),))))
    if search.kernel.order(inner).sign(weighted) <= {0}:
        raise NotFound("nothing is taken away")
    search.kernel.derive(proof, scope)
    return proof


def at_least(search: Strong, scope: Scope, whole: Term, part: Term) -> Proof:
    """A ≤ S for an addend A of S, or an entry A of which S is the maximum."""
    if whole.op in ("sum", "top"):
        law = "a term of a sum" if whole.op == "sum" else "an entry is at most the maximum"
        for name, domain in scope.domains:
            if domain.name == "Index" and domain.sizes == whole.args[:1] and opened(whole.args[1], var(name)) == part:
                return rule(law, n=whole.args[0], f=whole.args[1], k=var(name))
        raise NotFound("not an addend")
    rest = tidy(whole - part)
    if rest == ZERO or not search.kernel.order(scope).sign(rest) <= {0, 1}:
        raise NotFound("not an addend")
    return Proof("weaken", (Proof("combine", (part, whole, ((ONE, Proof("sign", (rest,))),))),))


# ---- maxima


def from_maxima(search: Strong, scope: Scope, normal: Term) -> Iterator[Known]:
    """c (max f − Σ w f) ≥ 0, or so with logarithms, for weights w that add up to one, where c stands with the maximum."""
    with suppress(*FAILURES):
        for m, c in expand(normal).items():
            for f in [f for f, e in m if e == 1 and not f.loose and (f.args[0] if f.op == "log" else f).op == "top"]:
                front = product_of(monomial({g: e for g, e in m if g is not f}), c)
                if not search.kernel.order(scope).sign(front) <= {0, 1}:
                    continue
                top, above = (f.args[0], log_above_mean) if f.op == "log" else (f, above_mean)
                for weights in means(scope, top.args[0]):
                    with suppress(*FAILURES):
                        proof = above(search, scope, top, weights)
                        got = search.kernel.derive(proof, scope)
                        whole = front * (got.args[1] - got.args[0])
                        yield whole, Proof("combine", (ZERO, whole, ((front, proof),)))


# ---- squares of sums


def from_squares_of_sums(search: Strong, scope: Scope, normal: Term) -> Iterator[Known]:
    """c Σ w (g/w − Σ g)² ≥ 0 for weights w that add up to one, where −c (Σ g)² stands."""
    with suppress(*FAILURES):
        for m, c in expand(normal).items():
            for f in [f for f, e in m if f.op == "sum" and e == 2]:
                front = product_of(monomial({g: e for g, e in m if g is not f}), -c)
                if not search.kernel.order(scope).sign(front) <= {0, 1}:
                    continue
                for weights in mixtures(scope, f.args[0]):
                    name = scope.fresh()
                    w, g = opened(weights, var(name)), opened(f.args[1], var(name))
                    square = Proof("sign", (w * (g / w - f) ** num(2),))
                    apart = g ** num(2) / w - num(2) * f * g + f ** num(2) * w  # the same, but easier to take apart
                    proof = Proof("weaken", (Proof("combine", (ZERO, apart, ((ONE, square),))),))
                    proof = above_zero(f.args[0], proof)
                    whole = front * search.kernel.derive(proof, scope).args[1]
                    yield whole, Proof("combine", (ZERO, whole, ((front, proof),)))


def mixtures(scope: Scope, size: Term) -> list[Term]:
    """Means of two distributions, and distributions."""
    entries = [t.args[1] for t in settling.totals(scope) if t.args[0] == size]
    found = []
    for p, q in combinations(entries, 2):
        found += [num(Fraction(1, a + b)) * lean(num(a) * p + num(b) * q) for a, b in ((1, 1), (1, 2), (2, 1))]
    return found + entries


# ---- Lagrange's identity


def squares_of_pairs(search: Strong, scope: Scope, normal: Term) -> Iterator[Known]:
    """c/2·Σ_i Σ_j w_i w_j (x_i y_j − x_j y_i)², where −c (Σ w x y)² and c Σ w x² Σ w y² stand."""
    with suppress(*FAILURES):
        parts = expand(normal)
        for m, c in parts.items():
            crossed = next((f for f, e in m if f.op == "sum" and e == 2), None)
            front = product_of(monomial({f: e for f, e in m if f is not crossed}), -c)
            if crossed is None or not search.kernel.order(scope).sign(front) <= {0, 1}:
                continue
            for other, d in parts.items():
                for first, second in two_sums(other, crossed.args[0]) if d > 0 else ():
                    with suppress(*FAILURES):
                        yield pairs(search, scope, front, crossed, first, second)


def two_sums(m: Monomial, size: Term) -> list[tuple[Term, Term]]:
    """The product of two sums over a size in a monomial."""
    found = [f for f, e in m for _ in range(e) if f.op == "sum" and f.args[0] == size]
    return [(found[0], found[1])] if len(found) == 2 else []


def pairs(search: Strong, scope: Scope, front: Term, crossed: Term, first: Term, second: Term) -> Known:
    """Lagrange's sum for Σ x y w, Σ x² w and Σ y² w."""
    size, i = crossed.args[0], scope.fresh()
    inner = scope.declaring(i, Domain("Index", (size,)))
    j = inner.fresh()
    inner = inner.declaring(j, Domain("Index", (size,)))
    g, a, b = (opened(t.args[1], var(i)) for t in (crossed, first, second))
    (mg, cg), (ma, ca), (mb, cb) = (next(iter(expand(t).items())) for t in (g, a, b))
    if cg != 1 or ca != 1 or cb != 1:
        raise NotFound("numbers stand before a factor")
    weight = {f: e % 2 for f, e in ma if e % 2}
    if weight != {f: e % 2 for f, e in mb if e % 2}:
        raise NotFound("not squares with one weight")
    x, y = ({f: (e - weight.get(f, 0)) // 2 for f, e in m} for m in (ma, mb))
    product = {f: x.get(f, 0) + y.get(f, 0) + weight.get(f, 0) for f in {**x, **y, **weight}}
    if monomial(product) != monomial(dict(mg)):
        raise NotFound("another product")
    w, x_i, y_i = (product_of(monomial(t)) for t in (weight, x, y))
    w_j, x_j, y_j = (substitute(t, {i: var(j)}) for t in (w, x_i, y_i))
    body = w * w_j * (x_i * y_j - x_j * y_i) ** num(2)
    proof = Proof("weaken", (Proof("sign", (body,)),))
    search.kernel.derive(proof, inner)
    below = above_zero(size, above_zero(size, proof))
    whole = search.kernel.derive(below, scope).args[1]
    factor = num(Fraction(1, 2)) * front
    return factor * whole, Proof("combine", (ZERO, factor * whole, ((factor, below),)))


__all__ = ["by_known", "from_entries", "from_maxima", "from_squares_of_sums", "squares_of_pairs"]
