"""Roots in a form of their own: each base with one whole power and one root, so that roots above and below a line meet."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement
from math import floor

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term, num

from . import settling
from .equation import NotFound, equation
from .monomials import powers
from .normalise import rule
from .polynomial import monomial, product_of, single
from .strong import Strong
from .trail import Trail, field


def whole_and_root(trail: Trail) -> None:
    """The powers of each a > 0 as one whole power and one root a^r with 0 < r < 1, by a^r a^s = a^{r+s}."""
    if trail.term.op not in ("mul", "pow") or not trail.search.may("powers of one base"):
        return
    if (product := single(trail.term)) is None:
        return
    m, c = product
    factors = dict(m)
    for f in list(factors):
        while broken(trail, f) and factors[f] < 0:  # (a^r)^{−1} = a^{−r}, since a^r a^{−r} = 1
            turned = f.args[0] ** num(-f.args[1].args[0])
            change(trail, factors, c, {f: 1, turned: 1}, law(f, turned), {}, -1)
    while pair := next((p for p in combinations_with_replacement(factors, 2) if alike(trail, factors, *p)), None):
        f, g = pair
        gone = {f: -2} if f == g else {f: -1, g: -1}
        r = f.args[1].args[0] + g.args[1].args[0]
        new = {f.args[0]: int(r)} if r.denominator == 1 else {f.args[0] ** num(r): 1}
        change(trail, factors, c, plus(gone, new), law(f, g), gone)
    for f in list(factors):
        if factors[f] == 1 and broken(trail, f) and not 0 < f.args[1].args[0] < 1:
            a, r = f.args[0], f.args[1].args[0]
            root = a ** num(r - floor(r))
            split = Proof("symmetry", (law(a ** num(floor(r)), root),))
            change(trail, factors, c, {f: -1, a: floor(r), root: 1}, split, {f: -1})


def alike(trail: Trail, factors: dict[Term, int], f: Term, g: Term) -> bool:
    """Whether two factors, or two copies of one, are broken powers of one base."""
    enough = factors[f] > 0 and factors[g] > 0 and (f != g or factors[f] > 1)
    return enough and broken(trail, f) and broken(trail, g) and f.args[0] == g.args[0]


def law(f: Term, g: Term) -> Proof:
    """a^r a^s = a^{r+s}."""
    return rule("powers of one base", a=f.args[0], r=f.args[1], c=g.args[1])


def broken(trail: Trail, f: Term) -> bool:
    """Whether it is a power of something positive, and the exponent is not whole."""
    return (
        f.op == "pow"
        and f.args[1].op == "num"
        and f.args[1].args[0].denominator != 1
        and trail.search.positive(trail.scope, f.args[0])
    )


def change(
    trail: Trail,
    factors: dict[Term, int],
    c: Fraction,
    by: dict[Term, int],
    proof: Proof,
    times: dict[Term, int],
    sign: int = 1,
) -> None:
    """One step of a monomial: some exponents change; the equation stands multiplied by the monomial, but for ``times``."""
    old, multiple = product_of(monomial(factors), c), product_of(monomial(plus(factors, times)), sign * c)
    after = plus(factors, by)
    factors.clear()
    factors.update(after)
    new = product_of(monomial(factors), c)
    if old != trail.term:
        trail.step(field(trail.term, old), old)
    trail.search.spend()
    trail.steps.append(((), proof, multiple, new))
    trail.term = new


def plus(factors: dict[Term, int], more: dict[Term, int]) -> dict[Term, int]:
    return {f: factors.get(f, 0) + more.get(f, 0) for f in {**factors, **more}}


class Rooted(Strong):
    """The strong normal form, with roots apart from whole powers."""

    monomials = (*(m for m in Strong.monomials if m is not powers), whole_and_root)


def rooted(kernel: Kernel, scope: Scope, t: Term) -> Term:
    """The normal form of one term."""
    return Rooted(kernel).together([t], scope)[0][0]


def equal(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """A proof of a = b by the plain normal form, or by the strong one."""
    try:
        return equation(kernel, scope, a, b)
    except NotFound:
        return settling.equation(Rooted(kernel), scope, a, b)


__all__ = ["Rooted", "equal", "rooted"]
