"""0 ≤ f for a polynomial in one number with roots of numbers among its coefficients: (x − c)² times what is ≥ 0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

from derivations._kernel.check import Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, Term, free_names, num

from .bounds import FAILURES, Bounds
from .polynomial import Expansion, expand, product_of, rebuild, sum_of, tidy
from .roots import equal

MOST_DEGREE, MOST_ROOT = 6, 1000
HALF = num(Fraction(1, 2))


def by_double_root(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = (x − c)²·g with g ≥ 0, where c has the root of a number in it."""
    if depth <= 1:
        return
    with suppress(*FAILURES):
        if (found := split(expand(f))) is None:
            return
        square, rest = found[0], Term("mul", *(between(search, scope, t) for t in found[1].args))
        same = equal(search.kernel, scope, f, square * rest)
        part = search.nonnegative(scope, rest, depth - 1)
        yield Proof("combine", (num(0), f, ((square, part), (num(-1), same))))


def between(search: Bounds, scope: Scope, t: Term) -> Term:
    """A linear a + b x in terms of the distances of x from two ends of a range, where these show its sign."""
    order, parts = search.kernel.order(scope), expand(t)
    for x in (u for m in parts for u, n in m if n == 1 and free_names(u)):
        slope = rebuild({tuple(e for e in m if e[0] != x): c for m, c in parts.items() if dict(m).get(x)})
        start = rebuild({m: c for m, c in parts.items() if not dict(m).get(x)})
        for low, high in ((num(0), ONE), (num(-1), ONE)):
            left, right = (order.sign(d) for d in (x - low, high - x))
            at_low, at_high = start + slope * low, start + slope * high
            signs = [order.sign(t) for t in (at_low, at_high)]
            if left <= {0, 1} and right <= {0, 1} and signs[0] == signs[1] and len(signs[0]) == 1:
                return (at_low * (high - x) + at_high * (x - low)) / (high - low)
    return t


def split(parts: Expansion) -> tuple[Term, Term] | None:
    """The squares among the factors of a polynomial in one number and one root, and the others; None without a square."""
    factors = {t for m in parts for t, _ in m}
    roots = {t for t in factors if t.op == "pow" and t.args[1] == HALF and t.args[0].op == "num"}
    numbers = factors - roots
    if len(roots) != 1 or len(numbers) != 1 or not all(free_names(t) for t in numbers):
        return None
    (root,), (x,) = roots, numbers
    degrees = [dict(m).get(x, 0) for m in parts]
    n = root.args[0].args[0]
    if min(degrees) < 0 or not 3 <= max(degrees) <= MOST_DEGREE or n.denominator != 1 or not 1 < n < MOST_ROOT:
        return None
    return factored(parts, x, root)


def factored(parts: Expansion, x: Term, root: Term) -> tuple[Term, Term] | None:
    """What SymPy finds over the rationals with the root; a proposal."""
    import sympy as sp

    with sp.evaluate(True):
        symbol, surd = sp.Symbol("x"), sp.sqrt(int(root.args[0].args[0]))
        whole = sp.Add(*(
            sp.Rational(c.numerator, c.denominator) * symbol ** dict(m).get(x, 0) * surd ** dict(m).get(root, 0)
            for m, c in parts.items()
        ))  # fmt: skip
        try:
            scale, found = sp.Poly(whole, symbol, extension=surd).factor_list()
        except (sp.PolynomialError, NotImplementedError):
            return None
        even = [(written(p, symbol, surd, x, root), e // 2 * 2) for p, e in found if e > 1]
        odd = [written(p, symbol, surd, x, root) for p, e in found if e % 2]
        rest = [written(sp.Poly(scale, symbol, extension=surd), symbol, surd, x, root), *odd]
    return (product_of(tuple(even)), Term("mul", ONE, *rest)) if even else None


def written(p: Any, symbol: Any, surd: Any, x: Term, root: Term) -> Term:
    """A polynomial of SymPy as a term."""
    terms = []
    for (k,), c in p.terms():
        whole, times = c.as_coeff_Add()[0], c.coeff(surd)
        power = ONE if not k else x if k == 1 else x ** num(int(k))
        for number, factor in ((whole, ONE), (times, root)):
            if number:
                terms.append(num(Fraction(int(number.p), int(number.q))) * factor * power)
    return tidy(sum_of(terms))


__all__ = ["by_double_root"]
