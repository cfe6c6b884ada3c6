"""Traps of exponents that are whole by their value, everywhere or at some points."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from .evaluate import Evaluator, Point
from .expr import (
    ONE,
    TWO,
    ZERO,
    Expr,
    add,
    div,
    fn,
    mul,
    name,
    neg,
    num,
    over,
    power,
    rel,
    sub,
)
from .scopes import Declared
from .thin import odd_number
from .trap import Trap, real

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


__all__ = ["sometimes_whole", "whole", "whole_exponent"]
