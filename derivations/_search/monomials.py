"""Products: squares of bits, and powers of one base."""

from __future__ import annotations

from derivations._kernel.terms import constant, num, subterms

from .polynomial import TooMany, expand, monomial, product_of
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
        try:
            ((m, c),) = expand(trail.term).items()
        except (TooMany, ValueError):
            return
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
    try:
        ((m, c),) = expand(trail.term).items()
    except (TooMany, ValueError):
        return
    factors = dict(m)
    for f in list(factors):
        if f.op != "pow" or (r := constant(f.args[1])) is None or r.denominator == 1:
            continue
        a = f.args[0]
        while (twice := factors.get(f, 0) >= 2) or (factors.get(f, 0) == 1 and factors.get(a, 0)):
            other = r if twice else num(factors[a]).args[0]
            new_power = r + other
            old = product_of(monomial(factors), c)
            factors[f] -= 2 if twice else 1
            if not twice:
                factors[a] = 0
            merged = a if new_power == 1 else a ** num(new_power)
            factors[merged] = factors.get(merged, 0) + 1
            if new_power.denominator == 1 and merged is not a:
                factors[merged] -= 1
                factors[a] = factors.get(a, 0) + int(new_power)
            new = product_of(monomial(factors), c)
            times = product_of(monomial({**dict(monomial(factors)), merged: factors.get(merged, 0) - 1}), c)
            if old != trail.term:
                trail.step(field(trail.term, old), old)
            trail.search.spend()
            trail.steps.append(((), rule("powers of one base", a=a, r=num(r), c=num(other)), times, new))
            trail.term = new


MONOMIALS = (bits, powers)
