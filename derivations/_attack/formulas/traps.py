"""Pairs of a true and a false claim that look alike, one kind for each way in which a reading or a condition can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from .exponents import sometimes_whole, whole_exponent
from .expr import (
    ONE,
    TWO,
    ZERO,
    Expr,
    add,
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
from .ranges import bracketed, left_out_entry, left_out_label, left_out_number, under_an_integral
from .scopes import Declared, Scope
from .thin import at_a_point, odd_number
from .trap import Trap, real

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
