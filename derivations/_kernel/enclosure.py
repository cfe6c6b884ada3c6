"""Enclosures: two rationals between which the value of a term without variables lies.

Every step rounds outward to multiples of 2^−``BITS``. A series is cut where what is left is bounded by its next term:
log a = 2 artanh((a − 1)/(a + 1)) for 2/3 ≤ a < 4/3, e^x = Σ x^k/k! for 0 ≤ x ≤ 1/2, π = 16 arctan(1/5) − 4 arctan(1/239).
"""

from __future__ import annotations

from fractions import Fraction

from .terms import Term, constant

BITS = 160
SCALE = 1 << BITS
LARGEST = 1000  #: no exponent beyond this is looked at
Interval = tuple[Fraction, Fraction]


def enclosure(t: Term) -> Interval | None:
    """Rationals l ≤ h with l ≤ t ≤ h; None if ``t`` has variables, is not defined, or is too large."""
    op, args = t.op, t.args
    if op == "num":
        return _out(args[0], args[0]) if abs(args[0]) < SCALE else None
    if op == "const":
        return _pi() if args[0] == "pi" else None
    if op not in ("add", "mul", "pow", "log", "exp", "max", "abs"):
        return None
    parts = []
    for a in args:
        part = enclosure(a)
        if part is None or max(map(abs, part)) > 2**LARGEST:
            return None
        parts.append(part)
    if op == "add":
        return _out(sum((l for l, _ in parts), Fraction(0)), sum((h for _, h in parts), Fraction(0)))
    if op == "mul":
        product = (Fraction(1), Fraction(1))
        for part in parts:
            product = _times(product, part)
        return product
    (l, h) = parts[0]
    if op == "max":
        return max(l, parts[1][0]), max(h, parts[1][1])
    if op == "abs":
        return (l, h) if l >= 0 else (-h, -l) if h <= 0 else (Fraction(0), max(-l, h))
    if op == "exp":
        return _exponential(parts[0])
    if op == "log":
        return _logarithm(parts[0])
    n = constant(args[1])
    if n is not None and n.denominator == 1 and abs(n) <= 64:
        power = (Fraction(1), Fraction(1))
        for _ in range(abs(int(n))):
            power = _times(power, parts[0])
        return power if n >= 0 else None if power[0] <= 0 <= power[1] else _out(1 / power[1], 1 / power[0])
    logarithm = _logarithm(parts[0])
    return None if logarithm is None else _exponential(_times(parts[1], logarithm))


def _exponential(x: Interval) -> Interval | None:
    return None if max(-x[0], x[1]) > LARGEST else _out(_exp(x[0])[0], _exp(x[1])[1])


def _logarithm(x: Interval) -> Interval | None:
    return _out(_log(x[0])[0], _log(x[1])[1]) if x[0] > 0 else None


def _out(low: Fraction, high: Fraction) -> Interval:
    return Fraction((low * SCALE).__floor__(), SCALE), Fraction((high * SCALE).__ceil__(), SCALE)


def _times(a: Interval, b: Interval) -> Interval:
    products = [x * y for x in a for y in b]
    return _out(min(products), max(products))


def _series(first: Fraction, ratio: Fraction, odd: bool) -> Interval:
    """Σ first·ratio^k/(2k + 1), or Σ first·ratio^k/k!, for |ratio| ≤ 1/2: what is left is at most twice the next term."""
    total, power, k = Fraction(0), first, 0
    while abs(power) * SCALE > 1:
        total += power / (2 * k + 1) if odd else power
        k += 1
        power = Fraction((power * ratio / (1 if odd else k) * SCALE * SCALE).__floor__(), SCALE * SCALE)
    slack = Fraction(2 + k, SCALE)
    return total - slack, total + slack


def _exp(x: Fraction) -> Interval:
    halvings = max(0, x.__abs__().__ceil__().bit_length() + 1)
    low, high = _series(Fraction(1), x / 2**halvings, odd=False)
    for _ in range(halvings):
        low, high = _out(low * low, high * high)
    return low, high


def _log(a: Fraction) -> Interval:
    twos = 0
    while a >= Fraction(4, 3):
        a, twos = a / 2, twos + 1
    while a < Fraction(2, 3):
        a, twos = a * 2, twos - 1
    y = (a - 1) / (a + 1)
    low, high = _series(2 * y, y * y, odd=True)
    two = _series(Fraction(2, 3), Fraction(1, 9), odd=True)
    return _out(low + min(twos * x for x in two), high + max(twos * x for x in two))


def _pi() -> Interval:
    a, b = _series(Fraction(1, 5), Fraction(-1, 25), odd=True), _series(Fraction(1, 239), Fraction(-1, 239**2), odd=True)
    return _out(16 * a[0] - 4 * b[1], 16 * a[1] - 4 * b[0])


__all__ = ["enclosure"]
