"""Products: squares of bits, and powers of one base."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.terms import Term, constant, num, subterms

from .polynomial import monomial, product_of, single
from .trail import Trail, field, rule


def bits(trail: Trail) -> None:
    """y² = y for bits, y_k y_m = 0 for different entries of a one-hot vector."""
    if trail.term.op not in ("mul", "pow") or not trail.search.may("zero or one"):
        return
    order = trail.search.kernel.order(trail.scope)
    for t in sorted({s for s in subterms(trail.term) if s.op in ("at", "var") and not s.loose}, key=repr):
        domain = order.domain(t.args[0]) if t.op == "at" else order.domain(t) if t.op == "var" else None
        if domain is None or not domain.kind.whole or domain.kind.high != 1:
            continue
        if (product := single(trail.term)) is None:
            return
        m, c = product
        power = dict(m).get(t, 0)
        while power > 1:
            power -= 1
            rest = product_of(monomial({**dict(m), t: power - 1}), c)
            new = product_of(monomial({**dict(m), t: power}), c)
            trail.search.spend()
            trail.steps.append(((), rule("zero or one", a=t), rest, new))
            trail.term = new


def powers(trail: Trail) -> None:
    """√t·√t = t: two factors of one base, one with a broken exponent, become one."""
    if trail.term.op not in ("mul", "pow") or not trail.search.may("powers of one base"):
        return
    if not any(s.op == "pow" and (c := constant(s.args[1])) is not None and c.denominator != 1 for s in subterms(trail.term)):
        return
    if (product := single(trail.term)) is None:
        return
    m, c = product
    factors = _upwards(trail, dict(m), c)
    while (pair := _one_base(factors)) is not None:
        (f, r), (g, other) = pair
        a, old = f.args[0], product_of(monomial(factors), c)
        factors[f] -= 1
        factors[g] = 0 if g is a else factors[g] - 1
        rest, new_power = {k: e for k, e in factors.items() if e}, r + other
        merged, count = (a, int(new_power)) if new_power.denominator == 1 else (a ** num(new_power), 1)
        factors = {**rest, merged: rest.get(merged, 0) + count}
        new = product_of(monomial(factors), c)
        if old != trail.term:
            trail.step(field(trail.term, old), old)
        trail.search.spend()
        positive = trail.search.positive(trail.scope, a) or min(r, other) <= 0
        law = "powers of one base" if positive else "powers of a base that may be zero"
        trail.steps.append(((), rule(law, a=a, r=num(r), c=num(other)), product_of(monomial(rest), c), new))
        trail.term = new


Power = tuple[Term, Fraction]  #: a power of a base, or the base, and the exponent


def _one_base(factors: dict[Term, int]) -> tuple[Power, Power] | None:
    """Two powers of one base, the first with a broken exponent."""
    broken = [(f, r) for f, e in factors.items() if e > 0 and (r := _broken(f)) is not None]
    for k, (f, r) in enumerate(broken):
        if factors[f] > 1:
            return (f, r), (f, r)
        if factors.get(f.args[0], 0):
            return (f, r), (f.args[0], Fraction(factors[f.args[0]]))
        for g, s in broken[k + 1 :]:
            if g.args[0] == f.args[0]:
                return (f, r), (g, s)
    return None


def _broken(f: Term) -> Fraction | None:
    r = constant(f.args[1]) if f.op == "pow" else None
    return r if r is not None and r.denominator != 1 else None


def _upwards(trail: Trail, factors: dict[Term, int], c: Fraction) -> dict[Term, int]:
    """1/a^r as a^{−r}, for a positive a."""
    for f in list(factors):
        r = _broken(f)
        if r is None or factors[f] > 0 or not trail.search.positive(trail.scope, f.args[0]):
            continue
        other = f.args[0] ** num(-r)
        law = rule("powers of one base", a=f.args[0], r=num(r), c=num(-r))
        old = product_of(monomial(factors), c)
        if old != trail.term:
            trail.step(field(trail.term, old), old)
        while factors.get(f, 0) < 0:
            times = product_of(monomial(factors), -c)
            factors = {**factors, f: factors[f] + 1, other: factors.get(other, 0) + 1}
            new = product_of(monomial(factors), c)
            trail.search.spend()
            trail.steps.append(((), law, times, new))
            trail.term = new
    return {f: e for f, e in factors.items() if e}


MONOMIALS = (bits, powers)
