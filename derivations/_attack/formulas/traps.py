"""Pairs of a true and a false claim that look alike, one kind for each way in which a reading or a condition can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

from . import facts
from .evaluate import Evaluator, Point
from .expr import (
    ONE,
    TWO,
    ZERO,
    Expr,
    add,
    at,
    call,
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
    over,
    power,
    rel,
    sub,
    without,
)
from .scopes import Declared, Scope
from .thin import at_a_point, at_a_size, odd_number, thin


@dataclass(frozen=True)
class Trap:
    """A claim, whether it is true (None: it has no value anywhere), and where a false one fails."""

    scope: Scope
    chain: Expr
    truth: bool | None
    why: str
    fixed: dict[str, Any] = field(default_factory=dict)


def real(*names: str, domain: str = "Real") -> Scope:
    """A scope of numbers."""
    return Scope(tuple(Declared(v, domain) for v in names))


def _pair(rng: Random, scope: Scope, a: Expr, right: Expr, wrong: Expr, fixed: dict[str, Any], why: str) -> Trap:
    """a = right, or a = wrong."""
    truth = rng.random() < 0.4
    sides = (a, right if truth else wrong)
    return Trap(scope, rel(*sides_of(sides, rng)), truth, why, fixed)


def sides_of(sides: tuple[Expr, Expr], rng: Random) -> tuple[Expr, str, Expr]:
    """An equation, either way round."""
    a, b = sides if rng.random() < 0.8 else sides[::-1]
    return a, "=", b


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
    return _pair(rng, small.scope, without("j", low, last, num(out), body), right, wrong, fixed, "a number left out of a sum")


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
    return _pair(rng, scope, a, right, wrong, {**small.fixed, "c": Fraction(outside)}, "a label left out of a smaller range")


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
    return _pair(rng, small.scope, a, right, wrong, fixed, "beside an integral in a bracket")


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
        return _pair(rng, scope, a, mul(add(ONE, small.term), slope), slope, fixed, "a thin factor under a derivative")
    value = inner.args[4]
    plain = _without(value, small.term)
    return _pair(rng, small.scope, inner, value, plain, fixed, "a thin term under an integral or a limit")


def _without(e: Expr, part: Expr) -> Expr:
    """``e`` with a part replaced by zero."""
    if e == part:
        return ZERO
    return Expr(e.kind, tuple(_without(a, part) if isinstance(a, Expr) else a for a in e.args))


# ---- exponents that are whole by their value


def whole(rng: Random) -> Expr:
    """An expression whose value is a small whole number."""
    k = rng.choice((1, 2, 3, 3, 4, 5))
    base = rng.choice((2, 3, 10) if k < 4 else (2, 3))
    return rng.choice((
        fn("logb", num(base**k), num(base)), fn("exp", fn("log", num(k))), mul(num(k), fn("log", Expr("euler"))),
        fn("sqrt", num(k * k)), div(num(2 * k), TWO), fn("max", num(k), ONE), over("sum", "i", 1, k, ONE),
        power(num(k), ONE), mul(num(k), fn("logb", num(base), num(base))), add(fn("logb", num(base**k), num(base)), TWO),
        div(fn("log", num(base**k)), fn("log", num(base))), mul(TWO, fn("logb", num(base**k), num(base))),
        fn("abs", num(-k)), sub(num(k + 1), ONE), mul(num("1/2"), num(2 * k)), fn("logb", num(base ** (2 * k)), num(base**2)),
        fn("log", fn("exp", num(k))), over("prod", "i", 1, 1, num(k)), neg(num(k)), neg(fn("logb", num(base**k), num(base))),
        mul(num(k), fn("exp", ZERO)), div(fn("logb", num(base ** (k + 2)), num(base)), num(k + 2)),
    ))  # fmt: skip


def whole_exponent(rng: Random) -> Trap:
    """An exponent that is whole by its value, on a number that may be negative."""
    w = whole(rng)
    value = Evaluator(Point({})).value(w, {})
    if not isinstance(value, Fraction) or value.denominator != 1:
        return whole_exponent(rng)
    even = value % 2 == 0
    x = name("x")
    b = rng.choice((x, x, sub(x, num("1/7")), mul(num(3), x), neg(x)))
    raised, mirrored = power(b, w), power(neg(b) if b.kind != "neg" else x, w)
    offers = [
        (rel(raised, ">=", ZERO), even), (rel(power(fn("abs", b), w), "=", raised), even), (rel(mirrored, "=", raised), even),
        (rel(mirrored, "=", neg(raised)), not even), (rel(fn("abs", raised), "=", raised), even),
        (rel(raised, "=", power(b, int(value))), True), (rel(mul(raised, b), "=", power(b, int(value) + 1)), True),
        (rel(raised, ">=", power(b, int(value))), True), (rel(raised, "!=", neg(power(fn("abs", b), int(value)))), False),
    ]  # fmt: skip
    chain, truth = rng.choice(offers)
    bad = -abs(odd_number("Positive", rng)) - 1
    if chain.args[0] == ("!=",) and (even or value < 0):
        return whole_exponent(rng)
    if b.kind == "neg":
        bad = -bad
    return Trap(real("x"), chain, truth, f"an exponent that is {value}", {"x": bad})


def sometimes_whole(rng: Random) -> Trap:
    """An exponent with a variable, which is whole at some points only."""
    x, s = name("x"), name("s")
    make = rng.randrange(3)
    if make == 0:
        exponent = rng.choice((mul(name("n"), fn("logb", TWO, TWO)), name("n"), mul(name("n"), fn("log", Expr("euler")))))
        raised = power(x, exponent)
        mirrored = power(fn("abs", x), exponent)
        chain = rng.choice((rel(raised, ">=", ZERO), rel(fn("abs", raised), "=", raised), rel(mirrored, "=", raised)))
        scope = real("x").with_(Declared("n", "Size"))
        if rng.random() < 0.4:
            return Trap(scope, rel(raised, "=", power(x, name("n"))), True, "a size as an exponent")
        return Trap(scope, chain, False, "an exponent which is an odd size", {"x": Fraction(-2, 7), "n": rng.choice((1, 3, 7))})
    r = odd_number("Positive", rng)
    domain = rng.choice(("Real", "Positive"))
    exponent = rng.choice((sub(neg(s), num(r)), add(s, num(r)), mul(num(r), s), sub(s, num(r))))
    raised = power(x, exponent)
    solved = {"add": None, "mul": Fraction(3) / r}.get(exponent.kind)
    if exponent.kind == "add":
        first, second = exponent.args
        solved = (3 - int(r) + int(r) - r) if second.kind != "neg" else 3 + r
        if first.kind == "neg":
            solved = Fraction(2 * int(r) + 5) - r
        if domain == "Positive" and solved <= 0:
            domain = "Real"
    scope = real("x").with_(Declared("s", domain))
    odd = {"x": Fraction(-5, 3), "s": solved}
    at_it = Evaluator(Point({"s": solved})).value(exponent, {})
    if not isinstance(at_it, Fraction) or at_it.denominator != 1 or at_it % 2 == 0:
        return sometimes_whole(rng)
    if rng.random() < 0.3:
        return Trap(scope, rel(mul(TWO, raised), "=", add(raised, raised)), True, "an exponent that is whole at times")
    mirrored = neg(power(fn("abs", x), exponent))
    chain = rng.choice((rel(fn("abs", raised), "=", raised), rel(raised, ">=", ZERO), rel(raised, "!=", mirrored)))
    return Trap(scope, chain, False, "an exponent which is odd at one point", odd)


# ---- cases, quotients, weights


def case_at_a_point(rng: Random) -> Trap:
    """A case for the one point where the rest has no value."""
    r = odd_number("Real", rng)
    x = name("x")
    zero = sub(mul(num(r.denominator), x), num(r.numerator))
    other = rng.choice((div(zero, zero), mul(zero, power(zero, -1)), power(zero, 0), div(mul(TWO, zero), mul(TWO, zero))))
    if other.kind == "pow":
        other = div(power(zero, 2), power(zero, 2))
    truth = rng.random() < 0.35
    value = ONE if truth else num(rng.choice((5, 0, 2)))
    at_it = rel(x, "=", num(r))
    if rng.random() < 0.5:
        cases = Expr("cases", (value, at_it, other))
    else:
        cases = Expr("cases", (other, Expr("chain", (("!=",), *at_it.args[1:])), value))
    e = rng.choice((ONE, TWO, name("a")))
    scope = real("x").with_(Declared("a", "Real"))
    return Trap(scope, rel(mul(e, cases), "=", e) if e != ONE else rel(cases, "=", ONE), truth, "a case for one point",
                {"x": r, "a": Fraction(2)})  # fmt: skip


def cases_by_sign(rng: Random) -> Trap:
    """Cases by inequalities, with the border in the right case or not."""
    r = rng.choice((Fraction(0), odd_number("Real", rng)))
    x, b = name("x"), num(r)
    d = sub(x, b) if r else x
    relation, border = rng.choice(((">=", None), (">", ONE), ("<", None), (">", ZERO), (">", num("1/3"))))
    up = rel(x, relation, b)
    if border is None:
        cases = Expr("cases", (d, up, neg(d)) if relation == ">=" else (neg(d), up, d))
        return Trap(real("x"), rel(cases, "=", fn("abs", d)), True, "cases by sign")
    cases = Expr("cases", (d, up, neg(d), rel(x, "<", b), border))
    return Trap(real("x"), rel(cases, rng.choice(("=", "<=")) if border != ZERO else "=", fn("abs", d)), border == ZERO,
                "cases by sign", {"x": r})  # fmt: skip


def weight(rng: Random) -> Trap:
    """A weight that vanishes at an odd point makes a logarithm of zero count as zero."""
    r = odd_number("Positive", rng)
    t, s = name("t"), name("s")
    zero = sub(mul(num(r.denominator), t), num(r.numerator))
    w = rng.choice((power(zero, 2), fn("abs", zero), indicator(rel(t, "!=", num(r))), power(zero, 4)))
    logarithm = rng.choice((fn("log", s), fn("logb", s, TWO), fn("log", div(s, TWO))))
    scope = Scope((Declared("t", rng.choice(("Real", "Positive"))), Declared("s", "Nonnegative")))
    a = mul(w, logarithm)
    fixed = {"t": r, "s": Fraction(0)}
    b = rng.choice((a, div(mul(TWO, a), TWO)))
    if rng.random() < 0.5:
        return Trap(scope, rel(a, "=", b), True, "a weight that is zero at one point", fixed)
    extra = mul(indicator(rel(t, "=", num(r))), indicator(rel(s, "=", ZERO)))
    return Trap(scope, rel(a, "=", add(b, extra)), False, "false where a weight is zero", fixed)


def partial_quotient(rng: Random) -> Trap:
    """A quotient without a value at one point, beside something thin."""
    r = odd_number("Real", rng)
    x, y = name("x"), name("y")
    zero = sub(mul(num(r.denominator), x), num(r.numerator))
    small = at_a_point(real("x", "y"), rng)
    f = div(mul(y, zero), zero)
    fixed = {"x": r + 1, "y": Fraction(3), **(small.fixed if small else {})}
    if small is None or fixed["x"] == r or rng.random() < 0.4:
        return Trap(real("x", "y"), rel(f, "=", y), True, "a quotient of a term by itself", {"x": r, "y": Fraction(1)})
    return Trap(small.scope, rel(add(f, small.term), "=", y), False, "a quotient and a thin term", fixed)


# ---- relations, labels, domains


def strict(rng: Random) -> Trap:
    """A strict relation that fails at one point, or the weak one which holds there."""
    r = odd_number("Real", rng)
    x, n = name("x"), name("n")
    zero = sub(mul(num(r.denominator), x), num(r.numerator))
    k = rng.choice((7, 8, 9, 11))
    p, uniform = name("p"), {"n": 2, "p": (Fraction(1, 2), Fraction(1, 2))}
    sizes, simplex = Scope((Declared("n", "Size"),)), Scope((Declared("p", "Simplex", ("n",)),))
    two, sharp = simplex.with_(Declared("q", "OpenSimplex", ("n",))), {"n": 2, "p": (Fraction(0), Fraction(1))}
    many = {"n": k, "p": tuple(Fraction(1, k) for _ in range(k))}
    offers: list[tuple[Scope, Expr, bool, dict[str, Any]]] = [
        (real("x"), rel(power(zero, 2), ">", ZERO), False, {"x": r}), (real("x"), rel(power(zero, 2), ">=", ZERO), True, {}),
        (real("x"), rel(fn("abs", zero), ">", ZERO), False, {"x": r}), (real("x"), rel(x, "!=", num(r)), False, {"x": r}),
        (real("x"), rel(add(power(x, 2), num(r**2)), ">", mul(num(2 * r), x)), False, {"x": r}),
        (real("x"), rel(power(x, 2), "!=", num(r**2)), False, {"x": r}),
        (real("x"), rel(x, "<", num(10**6)), False, {"x": 10**6 + abs(r)}),
        (sizes, rel(n, "!=", num(k)), False, {"n": k}),
        (sizes, rel(n, "<", num(k)), False, {"n": k}),
        (sizes, rel(n, ">=", ONE), True, {}),
        (sizes, rel(power(sub(n, num(k)), 2), ">", ZERO), False, {"n": k}),
        (sizes, rel(power(TWO, n), "<=", num(2 ** (k - 1))), False, {"n": k}),
        (simplex, rel(call("H", p), "<", fn("log", n)), False, uniform), (simplex, rel(call("H", p), ">", ZERO), False, sharp),
        (simplex, rel(call("H", p), "<=", fn("log", num(k - 1))), False, many),
        (two, rel(call("D", p, name("q")), ">", ZERO), False, {**uniform, "q": uniform["p"]}),
    ]  # fmt: skip
    scope, chain, truth, fixed = rng.choice(offers)
    return Trap(scope, chain, truth, "a strict relation", fixed)


def labels(rng: Random) -> Trap:
    """Deltas of labels, entries at them, and sizes at which there is only one."""
    scope = Scope((Declared("z", "Real", ("K",)), Declared("c", "Label", ("K",)), Declared("a", "Label", ("K",))))
    c, a = name("c"), name("a")
    d = fn("delta", c, a)
    zc, za = entry("z", c), entry("z", a)
    apart = {"K": 3, "c": Fraction(3), "a": Fraction(1), "z": (Fraction(1), Fraction(2), Fraction(5))}
    one_of_three = add(fn("delta", c, ONE), fn("delta", c, TWO), fn("delta", c, num(3)))
    chosen = mul(fn("delta", index("i"), a), entry("z", "i"))
    offers: list[tuple[Expr, bool, dict[str, Any]]] = [
        (rel(mul(d, zc), "=", mul(d, za)), True, {}), (rel(mul(d, zc), "=", mul(d, sub(za, sub(ONE, d)))), True, {}),
        (rel(zc, "=", za), False, apart), (rel(mul(sub(ONE, d), zc), "=", mul(sub(ONE, d), za)), False, apart),
        (rel(power(d, 2), "=", d), True, {}), (rel(fn("delta", c, num(1)), "<=", ONE), True, {}),
        (rel(fn("delta", c, num(5)), "=", ZERO), False, {"K": 6, "c": Fraction(5)}),
        (rel(one_of_three, "=", ONE), False, {"K": 4, "c": Fraction(4)}),
        (rel(over("sum", "i", 1, name("K"), mul(fn("delta", index("i"), c), entry("z", "i"))), "=", zc), True, {}),
        (rel(without("i", 1, name("K"), c, chosen), "=", mul(sub(ONE, d), za)), True, {}),
        (rel(without("i", 1, name("K"), c, chosen), "=", za), False, {**apart, "a": Fraction(3)}),
    ]  # fmt: skip
    chain, truth, fixed = rng.choice(offers)
    return Trap(scope, chain, truth, "labels", fixed)


def borders(rng: Random) -> Trap:
    """A law that holds inside of a domain, claimed of the closed one."""
    u, y = name("u"), name("y")
    r = odd_number("Probability", rng)
    offers: list[tuple[Scope, Expr, bool, dict[str, Any]]] = [
        (real("u", domain="UnitInterval"), rel(mul(u, sub(ONE, u)), ">", ZERO), False, {"u": Fraction(0)}),
        (real("u", domain="UnitInterval"), rel(neg(mul(u, fn("log", u))), ">=", ZERO), True, {}),
        (real("u", domain="UnitInterval"), rel(neg(mul(u, fn("log", u))), ">", ZERO), False, {"u": Fraction(0)}),
        (real("u", domain="Nonnegative"), rel(mul(u, fn("log", u)), "!=", ZERO), False, {"u": Fraction(0)}),
        (real("y", domain="Bit"), rel(mul(y, sub(ONE, y)), "=", ZERO), True, {}),
        (real("y", domain="UnitInterval"), rel(mul(y, sub(ONE, y)), "=", ZERO), False, {"y": r}),
        (real("y", domain="Bit"), rel(power(y, name("u")), "=", y), True, {}),
        (real("u", domain="Nonnegative"), rel(fn("sqrt", u), ">", ZERO), False, {"u": Fraction(0)}),
        (real("u", domain="Positive"), rel(fn("sqrt", u), ">", ZERO), True, {}),
        (real("u", domain="Nonnegative"), rel(power(ZERO, u), "=", ZERO), False, {"u": Fraction(0)}),
        (real("u", domain="Nonnegative"), rel(power(u, 0), "=", ONE), True, {}),
    ]  # fmt: skip
    scope, chain, truth, fixed = rng.choice(offers)
    if mentions(chain, "u") and "u" not in scope.names:
        scope = scope.with_(Declared("u", "Positive"))
    return Trap(scope, chain, truth, "the border of a domain", fixed)


def no_value(rng: Random) -> Trap:
    """A formula that has no value anywhere."""
    x = name("x")
    below = rng.choice((num(-1), neg(ONE), sub(neg(power(x, 2)), ONE), neg(fn("exp", x)), sub(ONE, TWO)))
    nothing = sub(x, x)
    e = rng.choice((
        fn("log", below), fn("sqrt", below), power(below, num("1/2")), div(ONE, nothing), fn("log", nothing), fn("log", ZERO),
        fn("logb", below, TWO), power(nothing, -1), fn("exp", fn("log", below)), mul(ZERO, fn("log", below)),
        add(fn("log", below), x), fn("max", x, div(x, nothing)),
    ))  # fmt: skip
    zero = rel(mul(e, ZERO), "=", ZERO)
    chain = rng.choice((rel(e, ">=", ZERO), rel(e, "=", e), rel(e, "<", add(e, ONE)), zero, rel(e, "!=", x)))
    return Trap(real("x"), chain, None, "it has no value anywhere")


def towers(rng: Random) -> Trap:
    """Nested exponentials and powers that are very large."""
    x = name("x")
    e: Expr = x
    for _ in range(rng.choice((3, 5, 12, 40))):
        e = fn("exp", e)
    big = power(num(10), rng.choice((30, 100, 300)))
    offers = [(rel(e, ">", ZERO), True), (rel(add(x, big), ">", x), True), (rel(sub(add(x, big), big), "=", x), True)]
    chain, truth = rng.choice(offers)
    return Trap(real("x"), chain, truth, "very large numbers")


TRAPS: tuple[Callable[[Random], Trap], ...] = (
    left_out_number, left_out_number, left_out_label, left_out_entry, bracketed, bracketed, under_an_integral,
    whole_exponent, whole_exponent, sometimes_whole, case_at_a_point, cases_by_sign, weight, partial_quotient, strict, labels,
    borders, no_value, towers,
)  # fmt: skip

__all__ = ["TRAPS", "Trap", "real"]
