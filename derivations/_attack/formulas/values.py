"""Exact values and enclosures: rational numbers, rational combinations of 1 and logarithms of primes, and balls.

The logarithms of different primes and 1 are linearly independent over the rational numbers (by Lindemann's theorem, and as
numbers have one factorisation), so an equation of such combinations is decided, and one in which a logarithm stands is
irrational. Everything else is a ball, of which two that do not meet are different.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from flint import arb, ctx, fmpq

PRECISION = 160
#: Whole numbers are factorised up to this prime; powers are exact up to so many bits.
TRIAL, BITS = 2000, 20_000


class NoValue(Exception):
    """The expression certainly denotes no real number here."""


class Unknown(Exception):
    """It is not known whether the expression has a value here, or not closely enough which."""


@dataclass(frozen=True, slots=True)
class Logs:
    """A rational number plus rational multiples of logarithms of primes, at least one of them."""

    rational: Fraction
    logs: tuple[tuple[int, Fraction], ...]


Value = Fraction | Logs | arb
RATIONAL_ZERO = Fraction(0)


@contextmanager
def precision(bits: int = PRECISION) -> Iterator[None]:
    """Balls of so many bits."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def logs(rational: Fraction, parts: Mapping[int, Fraction]) -> Value:
    """The combination; a rational number where no logarithm is left."""
    kept = tuple(sorted((p, c) for p, c in parts.items() if c))
    return Logs(rational, kept) if kept else rational


def ball(v: Value) -> arb:
    """An enclosure."""
    if isinstance(v, Fraction):
        return arb(fmpq(v.numerator, v.denominator))
    if isinstance(v, Logs):
        total = ball(v.rational)
        for prime, c in v.logs:
            total += ball(c) * arb(prime).log()
        return total
    return v


def _finite(v: arb) -> arb:
    if not v.is_finite():
        raise Unknown("a ball that is not finite")
    return v


def add(a: Value, b: Value) -> Value:
    """a + b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    if isinstance(a, arb) or isinstance(b, arb):
        return _finite(ball(a) + ball(b))
    (r, x), (s, y) = ((v, ()) if isinstance(v, Fraction) else (v.rational, v.logs) for v in (a, b))
    found = dict(x)
    for p, c in y:
        found[p] = found.get(p, RATIONAL_ZERO) + c
    return logs(r + s, found)


def mul(a: Value, b: Value) -> Value:
    """a · b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    for c, v in ((a, b), (b, a)):
        if isinstance(c, Fraction):
            if c == 0:
                return RATIONAL_ZERO
            if isinstance(v, Logs):
                return Logs(c * v.rational, tuple((p, c * e) for p, e in v.logs))
    return _finite(ball(a) * ball(b))


def neg(a: Value) -> Value:
    """−a."""
    return mul(Fraction(-1), a)


def div(a: Value, b: Value) -> Value:
    """a / b."""
    if isinstance(b, Fraction):
        if b == 0:
            raise NoValue("a quotient by zero")
        return mul(a, 1 / b)
    if isinstance(a, Logs) and isinstance(b, Logs):
        c = a.logs[0][1] / b.logs[0][1]
        if mul(c, b) == a:
            return c
    if isinstance(a, Fraction) and a == 0 and sign(b) is not None:
        return a
    under = ball(b)
    if sign(b) is None:
        raise Unknown("a quotient by what may be zero")
    return _finite(ball(a) / under)


def sign(v: Value) -> int | None:
    """−1, 0 or 1; None if it is not known."""
    if isinstance(v, Fraction):
        return (v > 0) - (v < 0)
    if isinstance(v, Logs):
        for bits in (64, 256, 1024, 4096):
            with precision(bits):
                found = ball(v)
                if found > 0 or found < 0:
                    return 1 if found > 0 else -1
        return None
    return 1 if v > 0 else -1 if v < 0 else 0 if v == 0 else None


def compare(a: Value, b: Value) -> int | None:
    """The sign of a − b."""
    return sign(add(a, neg(b)))


def factors(n: int) -> dict[int, int] | None:
    """The prime factors of a whole number ≥ 1; None if it has large ones."""
    found: dict[int, int] = {}
    p = 2
    while p <= TRIAL and p * p <= n:
        while n % p == 0:
            n //= p
            found[p] = found.get(p, 0) + 1
        p += 1
    if n > 1:
        if n > TRIAL * TRIAL:
            return None
        found[n] = found.get(n, 0) + 1
    return found


def primes(q: Fraction) -> dict[int, Fraction] | None:
    """The exponents of the primes in a positive rational number."""
    over, under = factors(q.numerator), factors(q.denominator)
    if over is None or under is None:
        return None
    found = {p: Fraction(e) for p, e in over.items()}
    for p, e in under.items():
        found[p] = found.get(p, RATIONAL_ZERO) - e
    return found


def log(v: Value) -> Value:
    """The logarithm."""
    s = sign(v)
    if s is None:
        raise Unknown("a logarithm of what may not be positive")
    if s <= 0:
        raise NoValue("a logarithm of what is not positive")
    if isinstance(v, Fraction) and (found := primes(v)) is not None:
        return logs(RATIONAL_ZERO, found)
    return _finite(ball(v).log())


def exp(v: Value) -> Value:
    """The exponential."""
    if isinstance(v, Fraction) and v == 0:
        return Fraction(1)
    whole = isinstance(v, Logs) and v.rational == 0 and all(c.denominator == 1 for _, c in v.logs)
    if isinstance(v, Logs) and whole and sum(abs(c) * p.bit_length() for p, c in v.logs) <= BITS:
        found = Fraction(1)
        for p, c in v.logs:
            found *= Fraction(p) ** int(c)
        return found
    return _finite(ball(v).exp())


def power(a: Value, b: Value) -> Value:
    """a^b: for a whole b by multiplication, else for a ≥ 0."""
    if isinstance(b, Fraction) and b.denominator == 1:
        return _whole_power(a, int(b))
    if isinstance(b, arb) and b.rad() != 0 and b.contains_integer() and sign(a) != 1:
        raise Unknown("an exponent that may be whole")
    if isinstance(b, arb) and b.rad() == 0 and b.is_integer():
        return _whole_power(a, int(b.unique_fmpz() or 0))
    s = sign(a)
    if s is None:
        raise Unknown("a power of what may be negative")
    if s < 0:
        raise NoValue("a power of a negative number")
    if s == 0:
        up = sign(b)
        if up is None:
            raise Unknown("a power of zero")
        if up < 0:
            raise NoValue("a negative power of zero")
        return RATIONAL_ZERO
    return exp(mul(b, log(a)))


def _whole_power(a: Value, n: int) -> Value:
    if n == 0:
        return Fraction(1)
    if n < 0:
        return div(Fraction(1), _whole_power(a, -n))
    if isinstance(a, Fraction):
        bits = max(a.numerator.bit_length(), a.denominator.bit_length())
        if a in (0, 1) or bits * n <= BITS:
            return a**n
        return _finite(ball(a) ** n)
    return a if n == 1 else _finite(ball(a) ** n)


def greater(a: Value, b: Value) -> Value:
    """The greater of two."""
    s = compare(a, b)
    if s is None:
        return _finite(ball(a).union(ball(b)))
    return a if s >= 0 else b


def absolute(a: Value) -> Value:
    """|a|."""
    s = sign(a)
    if s is None:
        return abs(ball(a))
    return a if s >= 0 else neg(a)


def pi() -> Value:
    """π."""
    return arb.pi()


def root(a: Value) -> Value:
    """√a."""
    if isinstance(a, Fraction) and a >= 0:
        over, under = isqrt(a.numerator), isqrt(a.denominator)
        if over * over == a.numerator and under * under == a.denominator:
            return Fraction(over, under)
    return power(a, Fraction(1, 2))


def shown(v: Value) -> str:
    """A value in a report."""
    return str(v) if isinstance(v, Fraction) else ball(v).str(20, radius=False)


__all__ = [
    "Logs", "NoValue", "Unknown", "Value", "absolute", "add", "ball", "compare", "div", "exp", "greater", "log", "mul", "neg",
    "pi", "power", "precision", "root", "shown", "sign",
]  # fmt: skip
