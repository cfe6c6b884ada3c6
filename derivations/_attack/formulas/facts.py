"""What is true by a theorem of the textbook: entropies, divergences, softmax, sums, maxima, derivatives, integrals, limits."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

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
    mul,
    name,
    neg,
    num,
    over,
    power,
    rel,
    sub,
    without,
)  # fmt: skip
from .scopes import Declared, Scope

Fact = tuple[Scope, Expr]
x, y, s, u, z, p, q, c = (name(t) for t in "xysuzpqc")
n, K, k = name("n"), name("K"), index("k")
INFINITY = Expr("infinity")
t = name("t")


def _real(*names: str) -> Scope:
    return Scope(tuple(Declared(v, {"s": "Positive", "u": "Probability"}.get(v, "Real")) for v in names))


def _vectors(size: str | int, **domains: str) -> Scope:
    return Scope(tuple(Declared(v, d, (size,)) for v, d in domains.items()))


def _scope(text: str) -> Scope:
    """Domains in words."""
    found = []
    for each in text.split("; "):
        names, _, domain = each.partition(": ")
        head, _, inside = domain.rstrip("]").partition("[")
        sizes = tuple(int(s) if s.isdigit() else s for s in inside.split(", ")) if inside else ()
        found += [Declared(v, head, sizes) for v in names.split(", ")]
    return Scope(tuple(found))


def total(i: str, body: Expr, size: Expr = n) -> Expr:
    """Σ over 1, …, n."""
    return over("sum", i, 1, size, body)


def _log(e: Expr) -> Expr:
    return fn("log", e)


def _exp(e: Expr) -> Expr:
    return fn("exp", e)


def _abs(e: Expr) -> Expr:
    return fn("abs", e)


def soft(v: Expr, at: Expr) -> Expr:
    """An entry of a softmax."""
    return fn("entry", call("softmax", v), at)


def deriv(body: Expr, *by: Expr) -> Expr:
    """A derivative."""
    return fn("deriv", body, *by)


zi, zc, zk, pi_, qi = entry("z", "i"), entry("z", c), entry("z", "k"), entry("p", "i"), entry("q", "i")

#: Facts with their domains; free indices are named after a bar.
FACTS: tuple[tuple[str, Expr], ...] = (
    ("p: Simplex[n]", rel(call("H", p), "<=", _log(n))),
    ("p: Simplex[n]", rel(ZERO, "<=", call("H", p))),
    ("p: Simplex[n]; q: OpenSimplex[n]", rel(call("D", p, q), ">=", ZERO)),
    ("p: Simplex[n]; q: OpenSimplex[n]", rel(call("CE", p, q), "=", add(call("H", p), call("D", p, q)))),
    ("p: Simplex[n]; q: OpenSimplex[n]", rel(call("H", p), "<=", neg(total("i", mul(pi_, _log(qi)))))),
    ("p: Simplex[n]", rel(total("i", pi_), "=", ONE)),
    ("p: Simplex[n]; z: Real[n]; x: Real", rel(total("i", mul(pi_, add(zi, x))), "=", add(total("i", mul(pi_, zi)), x))),
    ("p: Simplex[n]; c: Label[n]", rel(entry("p", c), "<=", ONE)),
    ("z: Real[n]", rel(total("i", soft(z, index("i"))), "=", ONE)),
    ("z: Real[n]; c: Label[n]", rel(total("i", mul(fn("delta", index("i"), c), zi)), "=", zc)),
    ("z: Real[n]; c: Label[n]", rel(without("i", 1, n, c, zi), "=", sub(total("i", zi), zc))),
    ("z: Real[n]; c: Label[n]", rel(neg(_log(soft(z, c))), "=", sub(call("logsumexp", z), zc))),
    ("z: Real[n]; c: Label[n]", rel(zc, "<=", over("largest", "i", 1, n, zi))),
    ("z: Real[n]; c: Label[n]", rel(zc, "<=", call("logsumexp", z))),
    ("z: Real[n]", rel(over("prod", "i", 1, n, _exp(zi)), "=", _exp(total("i", zi)))),
    ("z: Real[n]; x: Real", rel(total("i", x), "=", mul(n, x))),
    ("z: Real[n]; p: Simplex[n]", rel(power(total("i", mul(pi_, zi)), 2), "<=", total("i", mul(pi_, power(zi, 2))))),
    ("r: Simplex[n, m]", rel(total("i", over("sum", "j", 1, name("m"), entry("r", "i", "j"))), "=", ONE)),
    ("y: Bit; u: Probability", rel(power(y, 2), "=", y)),
    ("y: Bit; u: Probability", rel(_log(call("bernoulli", y, u)), "=",
                                   add(mul(y, _log(u)), mul(sub(ONE, y), _log(sub(ONE, u)))))),
    ("y: OneHot[K]", rel(over("sum", "i", 1, K, power(entry("y", "i"), 2)), "=", ONE)),
    ("x: Real", rel(call("sigmoid", neg(x)), "=", sub(ONE, call("sigmoid", x)))),
    ("x: Real", rel(call("tanh", x), "=", sub(mul(TWO, call("sigmoid", mul(TWO, x))), ONE))),
    ("x: Real", rel(x, "<", call("softplus", x))),
    ("x: Real", rel(sub(call("softplus", x), call("softplus", neg(x))), "=", x)),
    ("x: Real", rel(add(ONE, x), "<=", _exp(x))),
    ("s: Positive", rel(_log(s), "<=", sub(s, ONE))),
    ("x, y: Real", rel(mul(x, y), "<=", div(add(power(x, 2), power(y, 2)), TWO))),
    ("x, y: Real", rel(_abs(add(x, y)), "<=", add(_abs(x), _abs(y)))),
    ("x, y: Real", rel(add(fn("max", x, y), fn("min", x, y)), "=", add(x, y))),
    ("x, y: Real", rel(fn("max", x, y), ">=", x)),
    ("u: Probability", rel(mul(u, sub(ONE, u)), "<=", num("1/4"))),
    ("x: Real", rel(fn("sqrt", power(x, 2)), "=", _abs(x))),
    ("s: Positive", rel(fn("sqrt", s), ">", ZERO)),
    ("s: Positive", rel(_exp(mul(num("1/2"), _log(s))), "=", fn("sqrt", s))),
    ("s: Positive", rel(fn("logb", s, TWO), "=", div(_log(s), _log(TWO)))),
    ("s: Positive", rel(power(TWO, fn("logb", s, TWO)), "=", s)),
    ("x: Real", Expr("chain", (("<=", "<"), neg(_abs(x)), x, add(x, _exp(x))))),
    ("p: Simplex[n]", Expr("chain", (("<=", "<="), ZERO, total("i", power(pi_, 2)), ONE))),
    ("x: Real", rel(over("sum", "i", 1, 3, power(x, index("i"))), "=", add(x, power(x, 2), power(x, 3)))),
    ("x: Real", rel(over("prod", "i", 1, 3, add(x, index("i"))), "=", mul(add(x, ONE), add(x, TWO), add(x, num(3))))),
    ("z: Real[3]", rel(over("sum", "i", 1, 3, zi), "=", add(entry("z", 1), entry("z", 2), entry("z", 3)))),
    ("x: Real", rel(deriv(power(x, 2), x), "=", mul(TWO, x))),
    ("x: Real", rel(deriv(call("softplus", x), x), "=", call("sigmoid", x))),
    ("x: Real", rel(deriv(call("sigmoid", x), x), "=", mul(call("sigmoid", x), sub(ONE, call("sigmoid", x))))),
    ("s: Positive", rel(deriv(mul(s, _log(s)), s), "=", add(_log(s), ONE))),
    ("x, y: Real", rel(deriv(_exp(mul(x, y)), x), "=", mul(y, _exp(mul(x, y))))),
    ("x: Real", rel(deriv(call("tanh", x), x), "=", sub(ONE, power(call("tanh", x), 2)))),
    ("z: Real[n]|k", rel(deriv(call("logsumexp", z), zk), "=", soft(z, k))),
    ("z: Real[n]; c: Label[n]|k", rel(deriv(neg(_log(soft(z, c))), zk), "=", sub(soft(z, k), fn("delta", k, c)))),
    ("z: Real[n]|k", rel(deriv(total("i", power(zi, 2)), zk), "=", mul(TWO, zk))),
    ("p: Simplex[n]; z: Real[n]|k", rel(deriv(total("i", mul(pi_, zi)), zk), "=", entry("p", "k"))),
)  # fmt: skip


def fact(rng: Random) -> Fact:
    """One of the facts."""
    where, chain = rng.choice(FACTS)
    domains, _, free = where.partition("|")
    scope = _scope(domains)
    return (scope.indexed((free, "n")) if free else scope), chain


# ---- integrals and limits whose value is known


def _integral(low: Expr, high: Expr, terms: list[tuple[Expr, Expr, Expr]]) -> Expr:
    """The integral of Σ c·f from the known integrals of each f."""
    body = add(*(f if a == ONE else a if f == ONE else mul(a, f) for a, f, _ in terms))
    value = add(*(v if a == ONE else mul(a, v) for a, _, v in terms))
    return Expr("integral", ("t", low, high, body, value))


def _powers(low: int, high: int, rng: Random) -> list[tuple[Expr, Expr]]:
    found: list[tuple[Expr, Expr]] = [(ONE, num(high - low)), (t, num(f"{high**2 - low**2}/2"))]
    found += [(power(t, e), num(f"{high ** (e + 1) - low ** (e + 1)}/{e + 1}")) for e in (2, 3)]
    if low >= 0:
        found.append((_exp(t), sub(_exp(num(high)), ONE) if low == 0 else sub(_exp(num(high)), _exp(num(low)))))
    if low >= 1:
        found.append((div(ONE, t), _log(num(high)) if low == 1 else sub(_log(num(high)), _log(num(low)))))
    return rng.sample(found, 2)


def integral(rng: Random, coefficients: list[Expr]) -> Expr:
    """An integral in t with its value; the coefficients do not mention t."""
    make = rng.randrange(4)
    if make == 0:
        a = rng.choice((ONE, *coefficients))
        f, value = rng.choice((
            (_exp(neg(t)), ONE), (mul(t, _exp(neg(t))), ONE), (_exp(mul(num(-2), t)), num("1/2")),
            (mul(power(t, 2), _exp(neg(t))), TWO),
        ))  # fmt: skip
        return _integral(ZERO, INFINITY, [(a, f, value)])
    low = rng.choice((0, 0, 1, -1))
    high = low + rng.choice((1, 2, 2, 3))
    terms = [(rng.choice((ONE, num(2), *coefficients)), f, v) for f, v in _powers(low, high, rng)[: rng.choice((1, 2))]]
    return _integral(num(low), num(high), terms)


LIMITS: tuple[tuple[Expr, str, Expr, Expr], ...] = (
    (ZERO, "+", mul(t, _log(t)), ZERO), (ZERO, "+", mul(power(t, 2), _log(t)), ZERO), (ZERO, "+", power(t, 2), ZERO),
    (INFINITY, "", _exp(neg(t)), ZERO), (INFINITY, "", div(ONE, t), ZERO), (INFINITY, "", mul(t, _exp(neg(t))), ZERO),
    (ZERO, "", div(sub(_exp(t), ONE), t), ONE), (ZERO, "+", div(_log(add(ONE, t)), t), ONE),
    (ONE, "", power(t, 3), ONE), (num(2), "", add(power(t, 2), t), num(6)), (INFINITY, "", call("sigmoid", t), ONE),
)  # fmt: skip


def limit(rng: Random, coefficients: list[Expr]) -> Expr:
    """A limit in t with its value; the coefficients do not mention t."""
    point, side, body, value = rng.choice(LIMITS)
    if coefficients and rng.random() < 0.5:
        a = rng.choice(coefficients)
        body, value = (add(body, a), add(value, a)) if rng.random() < 0.5 else (mul(a, body), mul(a, value))
    return Expr("limit", ("t", point, side, body, value))


def calculus(rng: Random, coefficients: list[Expr]) -> Expr:
    """An integral or a limit with its value."""
    make: Callable[[Random, list[Expr]], Expr] = integral if rng.random() < 0.6 else limit
    return make(rng, coefficients)


__all__ = ["FACTS", "Fact", "calculus", "deriv", "fact", "integral", "limit", "soft", "total"]
