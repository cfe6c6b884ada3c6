"""The functions t^m·log(t)^l·e^P(t): which grows faster, and rigorous bounds of them on [R, ∞)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key
from math import ceil, factorial
from typing import Any, NamedTuple

from flint import arb, fmpq

from ..jets import Undecided
from .exact import Exact, Form

EXACT = Exact()


class Key(NamedTuple):
    """The function t^m·log(t)^l·e^P; P is a polynomial without constant term, a set of (degree, coefficient)."""

    m: Fraction = Fraction(0)
    l: int = 0
    p: frozenset[tuple[Fraction, Any]] = frozenset()


ONE_KEY = Key()
Rest = tuple[arb, Key] | None


def ball(form: Form) -> arb:
    """The value of an exact form."""
    total = arb(0)
    for m, c in form.items():
        product = arb(_fmpq(c))
        for atom, r in m:
            product *= _atom(atom, r)
        total += product
    return total


def _fmpq(c: Fraction) -> fmpq:
    return fmpq(c.numerator, c.denominator)


def _atom(atom: Any, r: Fraction) -> arb:
    if atom == "e":
        return arb(_fmpq(r)).exp()
    if atom == "pi":
        base = arb.pi()
    elif type(atom) is int:
        base = arb(atom)
    elif atom[0] == "exp":
        return (ball(dict(atom[1])) * _fmpq(r)).exp()
    elif atom[0] == "sum":
        base = ball(dict(atom[1]))
    elif atom[1] == "pi":
        base = arb.pi().log()
    else:
        base = arb(atom[1]).log() if type(atom[1]) is int else ball(dict(atom[1])).log()
    return base ** int(r) if r.denominator == 1 else base ** arb(_fmpq(r))


def form_sign(form: Form) -> int:
    """The sign of a form; :class:`Undecided` if balls do not tell."""
    if not form:
        return 0
    value = ball(form)
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise Undecided("the sign of a coefficient")


def times(a: Key, b: Key, power: Fraction = Fraction(1)) -> Key:
    """The product of a and b^power."""
    p = {d: dict(c) for d, c in a.p}
    for d, c in b.p:
        p[d] = EXACT.add_(p.get(d, {}), {m: x * power for m, x in c})
    l = a.l + b.l * power
    if l != int(l):
        raise Undecided("a broken power of a logarithm")
    return Key(a.m + b.m * power, int(l), frozenset((d, frozenset(c.items())) for d, c in p.items() if c))


def growth(a: Key) -> int:
    """1 if the function grows without bound, −1 if it goes to 0, 0 if it is 1."""
    if a.p:
        _, lead = max(a.p, key=lambda t: t[0])
        return form_sign(dict(lead))
    return (a.m > 0) - (a.m < 0) or (a.l > 0) - (a.l < 0)


def faster(a: Key, b: Key) -> int:
    """1 if a outgrows b, −1 if b outgrows a, 0 if they are the same."""
    return growth(times(a, b, Fraction(-1)))


FASTER = cmp_to_key(faster)


class Bounds:
    """Bounds of functions on [R, ∞)."""

    def __init__(self, start: arb) -> None:
        self.start, self.log_start = start, start.log()

    def decay(self, p: frozenset[tuple[Fraction, Any]]) -> tuple[Fraction, arb]:
        """(d, λ) with e^P ≤ e^(−λ t^d) for t ≥ R."""
        d, lead = max(p, key=lambda t: t[0])
        rate = -ball(dict(lead))
        for degree, c in p:
            if degree != d:
                rate -= abs(ball(dict(c))) * self.start ** arb(_fmpq(degree - d))
        if not rate > 0:
            raise Undecided("the exponent does not dominate yet")
        return d, rate.lower()

    def highest(self, key: Key) -> arb:
        """An upper bound of a decaying or constant function for t ≥ R."""
        if key == ONE_KEY:
            return arb(1)
        if growth(key) > 0:
            raise Undecided("a term that grows")
        if key.p:
            d, rate = self.decay(key.p)
            m = max(key.m + max(key.l, 0), Fraction(0))
            reach = self.start ** arb(_fmpq(d))
            if not reach * rate * _fmpq(d) > arb(_fmpq(m)):
                raise Undecided("the exponent does not dominate yet")
            return (self.start ** arb(_fmpq(m)) * (-rate * reach).exp()).upper()
        if key.l > 0 and not self.log_start * _fmpq(-key.m) > key.l:
            raise Undecided("the power does not dominate yet")
        return (self.start ** arb(_fmpq(key.m)) * self.log_start**key.l).upper()

    def area(self, key: Key) -> arb:
        """An upper bound of the integral of a function from R to ∞; its value, if it is a power and a logarithm ≥ 0 times."""
        if not key.p:
            s, l = arb(_fmpq(-key.m - 1)), max(key.l, 0)
            if not s > 0:
                raise Undecided("the integral does not converge absolutely")
            start = (-s * self.log_start).exp()
            parts = (arb(factorial(l)) / factorial(j) * self.log_start**j * s ** (j - l - 1) for j in range(l + 1))
            return start * sum(parts, arb(0))
        d, rate = self.decay(key.p)
        if d < 1:
            raise Undecided("an exponent that grows slowly")
        rate = rate * self.start ** arb(_fmpq(d - 1))
        m = max(0, ceil(key.m)) + max(key.l, 0)
        parts = (arb(factorial(m)) / factorial(j) * self.start**j * rate ** (j - m - 1) for j in range(m + 1))
        return (-rate * self.start).exp() * sum(parts, arb(0))

    def over(self, bounds: Sequence[tuple[arb, Key]]) -> Rest:
        """One bound C·|key| of a sum of bounds."""
        if not bounds:
            return None
        top = max((k for _, k in bounds), key=FASTER)
        total = arb(0)
        for c, k in bounds:
            total += c * self.highest(times(k, top, Fraction(-1)))
        return total.upper(), top


__all__ = ["EXACT", "FASTER", "ONE_KEY", "Bounds", "Key", "Rest", "ball", "form_sign", "growth", "times"]
