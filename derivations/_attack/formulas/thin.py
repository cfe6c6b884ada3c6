"""Terms which are zero but on a thin set: at one point, far away, at sizes that are tried last, for one label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from .expr import ONE, ZERO, Expr, entry, fn, index, indicator, mul, name, num, over, power, rel, sub
from .scopes import Declared, Scope


@dataclass(frozen=True)
class Thin:
    """A term that is zero but where the names in ``fixed`` have these values, or beyond; and the scope it stands in."""

    term: Expr
    fixed: dict[str, Any]
    scope: Scope


def thin(scope: Scope, rng: Random) -> Thin:
    """A thin term over a scope, which may get one more variable."""
    while True:
        found = rng.choice(KINDS)(scope, rng)
        if found is not None:
            return found


def odd_number(domain: str, rng: Random) -> Fraction:
    """A number which nobody tries: its denominator is 7 or larger."""
    below = rng.choice((7, 9, 11, 13, 17))
    if domain in ("Probability", "UnitInterval"):
        return Fraction(rng.choice([k for k in range(1, below) if Fraction(k, below).denominator == below]), below)
    found = Fraction(rng.choice((1, 2, 5, 22, 47)), below)
    return -found if domain == "Real" and rng.random() < 0.3 else found


def variable(scope: Scope, rng: Random, *domains: str) -> tuple[Declared, Scope]:
    """A number that is declared, or one more."""
    found = scope.named(*domains)
    if found and rng.random() < 0.6:
        return rng.choice(found), scope
    new = Declared(scope.fresh("b", "s", "a", "mu", "tau", "beta", "alpha"), rng.choice(domains))
    return new, scope.with_(new)


def _shape(x: Expr, value: Fraction, rng: Random) -> Expr:
    """A term that is zero but where x has a value: an indicator, cases, or a maximum that is cut off."""
    where = rel(x, "=", num(value))
    make = rng.randrange(5)
    if make == 0:
        return Expr("cases", (num(rng.choice((2, "1/2"))), where, ZERO))
    if make == 1:
        return Expr("cases", (ZERO, rel(x, "!=", num(value)), ONE))
    if make == 2:
        return mul(num(rng.choice((2, 3, "1/5"))), indicator(where))
    if make == 3 and value.denominator > 1:  # where it is 1, no other value is
        return fn("max", ZERO, sub(ONE, mul(num(10**9), fn("abs", sub(x, num(value))))))
    return indicator(where)


def at_a_point(scope: Scope, rng: Random) -> Thin | None:
    """1 where t = 1/7."""
    x, scope = variable(scope, rng, "Real", "Positive", "Probability", "Nonnegative", "UnitInterval")
    value = odd_number(x.domain, rng)
    return Thin(_shape(name(x.name), value, rng), {x.name: value}, scope)


def at_two_equal_numbers(scope: Scope, rng: Random) -> Thin | None:
    """1 where two declared numbers are equal, or one is the square of the other."""
    x, scope = variable(scope, rng, "Real", "Positive")
    others = [d for d in scope.named("Real", "Positive") if d != x]
    if not others:
        return None
    y, value = rng.choice(others), abs(odd_number("Positive", rng))
    square = rng.random() < 0.5
    where = rel(name(x.name), "=", power(name(y.name), 2) if square else name(y.name))
    return Thin(indicator(where), {x.name: value**2 if square else value, y.name: value}, scope)


def far_away(scope: Scope, rng: Random) -> Thin | None:
    """Something beyond a million."""
    x, scope = variable(scope, rng, "Real", "Positive", "Nonnegative")
    far = rng.choice((10**6, 10**4, 10**9))
    value = Fraction(far) + Fraction(1, 3)
    make = rng.randrange(3)
    if make == 0:
        return Thin(fn("max", sub(name(x.name), num(far)), ZERO), {x.name: value}, scope)
    where = rel(name(x.name), ">", num(far)) if make == 1 else rel(name(x.name), "=", num(value))
    return Thin(indicator(where), {x.name: value}, scope)


def at_a_size(scope: Scope, rng: Random) -> Thin | None:
    """A polynomial in a size that vanishes at the small ones, or an indicator of a larger one."""
    n = rng.choice(scope.sizes) if scope.sizes and rng.random() < 0.8 else scope.fresh("N", "M")
    scope = scope if n in scope.sizes else scope.with_(Declared(n, "Size"))
    last = rng.choice((3, 4, 5, 6, 6, 6, 7, 8, 9))
    make = rng.randrange(4)
    if make == 0:
        i = scope.fresh("h", "g")
        return Thin(over("prod", i, 1, last, sub(name(n), index(i))), {n: last + 1}, scope)
    if make == 1:
        return Thin(indicator(rel(name(n), rng.choice(("=", ">=")), num(last + 1))), {n: last + 1}, scope)
    if make == 2:
        return Thin(fn("max", sub(name(n), num(last)), ZERO), {n: last + 1}, scope)
    return Thin(mul(*(sub(name(n), num(k)) for k in range(1, last + 1))), {n: last + 1}, scope)


def at_a_label(scope: Scope, rng: Random) -> Thin | None:
    """1 where a label is a large number."""
    labels = [d for d in scope.named("Label", shape=1) if isinstance(d.sizes[0], str)]
    if not labels:
        return None
    c = rng.choice(labels)
    value = rng.choice((3, 5, 7))
    return Thin(fn("delta", name(c.name), num(value)), {c.name: Fraction(value), str(c.sizes[0]): value + 1}, scope)


def at_an_entry(scope: Scope, rng: Random) -> Thin | None:
    """1 where an entry of a vector with a literal size has one value."""
    vectors = [d for d in scope.named("Real", "Positive", shape=1) if isinstance(d.sizes[0], int)]
    if not vectors:
        return None
    v, value = rng.choice(vectors), odd_number("Positive", rng)
    length = int(v.sizes[0])
    k = rng.randrange(1, length + 1)
    values = tuple(value if j == k else Fraction(j, 3) for j in range(1, length + 1))
    return Thin(_shape(entry(v.name, k), value, rng), {v.name: values}, scope)


def at_both(scope: Scope, rng: Random) -> Thin | None:
    """The product of two."""
    a = at_a_point(scope, rng)
    b = rng.choice((at_a_point, at_a_size))(a.scope, rng) if a else None
    if a is None or b is None or a.fixed.keys() & b.fixed.keys():
        return None
    return Thin(mul(a.term, b.term), {**a.fixed, **b.fixed}, b.scope)


KINDS: tuple[Callable[[Scope, Random], Thin | None], ...] = (
    at_a_point, at_a_point, at_a_point, at_two_equal_numbers, far_away, at_a_size, at_a_size, at_a_label, at_an_entry, at_both,
)  # fmt: skip

__all__ = ["Thin", "at_a_point", "at_a_size", "odd_number", "thin", "variable"]
