"""Traps of sums which leave something out, and of what stands beside or under an integral or a limit."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from . import facts
from .expr import (
    ONE,
    TWO,
    ZERO,
    Expr,
    add,
    at,
    div,
    entry,
    fn,
    index,
    indicator,
    mentions,
    mul,
    name,
    neg,
    num,
    power,
    rel,
    sub,
    without,
)
from .scopes import Declared, Scope
from .thin import at_a_point, at_a_size, odd_number, thin
from .trap import Trap, pair, real

# ---- what is left out of a sum


def left_out_number(rng: Random) -> Trap:
    """A number is left out which may lie outside of the range."""
    small = thin(real("x"), rng)
    low, last = rng.choice(((1, 3), (2, 3), (2, 4), (1, 2), (3, 5)))
    out = rng.randrange(0, last + 3)
    j = index("j")
    bodies = [small.term, small.term, mul(j, small.term), mul(power(name("x"), j), small.term), add(small.term, name("x"))]
    body = rng.choice(bodies)
    terms = [at(body, "j", num(k)) for k in range(low, last + 1)]
    inside = low <= out <= last
    right = add(*(t for k, t in zip(range(low, last + 1), terms, strict=True) if k != out)) if len(terms) > inside else ZERO
    whole = add(*terms)
    wrong = whole if inside else sub(whole, at(body, "j", num(out)))
    if rng.random() < 0.5 and not mentions(body, "j"):
        right, wrong = mul(num(len(terms) - inside), body), mul(num(len(terms) - 1 + inside), body)
    fixed = {"x": odd_number("Real", rng), **small.fixed}
    return pair(rng, small.scope, without("j", low, last, num(out), body), right, wrong, fixed, "a number left out of a sum")


def left_out_label(rng: Random) -> Trap:
    """A label is left out of a range that is smaller than its own."""
    small = thin(real("x"), rng)
    labels = rng.choice((3, 4, 3))
    low, last = rng.choice([(a, b) for a in (2, 3) for b in (2, 3, 4) if a <= b <= labels])
    scope = small.scope.with_(Declared("c", "Label", (labels,)))
    body = rng.choice((small.term, add(small.term, small.term), mul(TWO, small.term)))
    count = last - low + 1
    wrong = mul(num(count - 1), body)
    right = sub(mul(num(count), body), mul(body, add(*(fn("delta", name("c"), num(k)) for k in range(low, last + 1)))))
    outside = next(k for k in range(1, labels + 1) if not low <= k <= last)
    a = without("j", low, last, name("c"), body)
    return pair(rng, scope, a, right, wrong, {**small.fixed, "c": Fraction(outside)}, "a label left out of a smaller range")


def left_out_entry(rng: Random) -> Trap:
    """Something is left out of the sum of all entries; what it has no value for does not matter where it is left out."""
    scope = Scope((Declared("z", "Real", ("K",)), Declared("c", "Label", ("K",))))
    zj = entry("z", "j")
    body = rng.choice((
        div(ONE, sub(mul(num(7), zj), ONE)), fn("log", zj), fn("sqrt", zj), power(zj, -1), div(zj, add(zj, num("1/7"))),
    ))  # fmt: skip
    scale = rng.choice((num(2), num("1/3"), num(3)))
    a = mul(scale, without("j", 1, name("K"), name("c"), body))
    b = without("j", 1, name("K"), name("c"), mul(scale, body))
    if rng.random() < 0.5:
        return Trap(scope, rel(a, "=", b), True, "a left-out term without a value")
    bad = {"z": (Fraction(2), Fraction(0)), "c": Fraction(2), "K": 2}
    extra = indicator(rel(entry("z", name("c")), "=", ZERO))
    if body.kind == "div" and body.args[0] == ONE:
        extra, bad = indicator(rel(entry("z", name("c")), "=", num("1/7"))), {**bad, "z": (Fraction(2), Fraction(1, 7))}
    return Trap(scope, rel(a, "=", add(b, extra)), False, "false where only the left-out term has no value", bad)


# ---- integrals and limits in brackets


def bracketed(rng: Random) -> Trap:
    """Something stands beside an integral or a limit in a bracket, which is multiplied, divided or negated."""
    small = rng.choice((at_a_size, at_a_point, thin))(real("x"), rng)
    if small is None:
        return bracketed(rng)
    q = rng.choice((small.term, small.term, mul(name("x"), small.term), add(name("x"), small.term)))
    inner = facts.calculus(rng, [])
    value = inner.args[4]
    ends = [e.args[0] for e in inner.args[1:3] if inner.kind == "integral" and e.kind == "number"]
    length = num(ends[1] - ends[0]) if len(ends) == 2 else num(2)
    if length == ONE:
        length = num(3)
    inside, c = add(inner, q) if rng.random() < 0.5 else add(q, inner), num(rng.choice((2, 3, "1/2", -1, -2)))
    make = rng.randrange(4)
    if make == 0:
        a, right, wrong = mul(c, inside), add(mul(c, value), mul(c, q)), add(mul(c, value), mul(c, length, q))
    elif make == 1:
        a, right, wrong = neg(inside), sub(neg(value), q), sub(neg(value), mul(length, q))
    elif make == 2:
        a, right, wrong = div(inside, TWO), div(add(value, q), TWO), div(add(value, mul(length, q)), TWO)
    else:
        a, right, wrong = add(mul(TWO, inside), q), add(mul(TWO, value), mul(num(3), q)), add(mul(TWO, value), mul(num(5), q))
    fixed = {"x": odd_number("Real", rng), **small.fixed}
    return pair(rng, small.scope, a, right, wrong, fixed, "beside an integral in a bracket")


def under_an_integral(rng: Random) -> Trap:
    """A thin term stands under an integral, a limit or a derivative, and on the other side it does or does not."""
    small = rng.choice((at_a_size, at_a_point))(real("x"), rng)
    if small is None:
        return under_an_integral(rng)
    make = rng.randrange(3)
    fixed = {"x": odd_number("Real", rng), **small.fixed}
    if make == 0:
        inner = facts.integral(rng, [small.term])
    elif make == 1:
        inner = facts.limit(rng, [small.term])
    else:
        v = next(v for v in ("s", "v", "w") if v not in small.scope.names)
        scope = small.scope.with_(Declared(v, "Positive"))
        body = rng.choice((power(name(v), 2), fn("log", name(v)), fn("exp", name(v)), mul(name(v), name("x"))))
        a = facts.deriv(mul(add(ONE, small.term), body), name(v))
        slope = facts.deriv(body, name(v))
        return pair(rng, scope, a, mul(add(ONE, small.term), slope), slope, fixed, "a thin factor under a derivative")
    value = inner.args[4]
    plain = _without(value, small.term)
    return pair(rng, small.scope, inner, value, plain, fixed, "a thin term under an integral or a limit")


def _without(e: Expr, part: Expr) -> Expr:
    """``e`` with a part replaced by zero."""
    if e == part:
        return ZERO
    return Expr(e.kind, tuple(_without(a, part) if isinstance(a, Expr) else a for a in e.args))


__all__ = ["bracketed", "left_out_entry", "left_out_label", "left_out_number", "under_an_integral"]
