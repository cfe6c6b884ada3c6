"""Where polynomials with rational coefficients vanish: rational roots exactly, and simple fractions between the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import fmpq, fmpq_poly

#: Of a polynomial of a higher degree, or with more bits, nothing is asked.
MAX_DEGREE, MAX_BITS = 40, 2_000
LARGEST = 1e200


def rational_roots(poly: fmpq_poly) -> list[Fraction]:
    """All rational roots, each once."""
    if not 1 <= poly.degree() <= MAX_DEGREE or _bits(poly) > MAX_BITS:
        return []
    if poly.degree() == 1:
        return [_fraction(-poly[0] / poly[1])]
    return [_fraction(r) for r, _ in poly.roots()]


def real_roots(poly: fmpq_poly) -> list[Fraction]:
    """The rational roots, and fractions close to the other real ones."""
    found = rational_roots(poly)
    for root in found:
        factor = fmpq_poly([fmpq(-root.numerator, root.denominator), 1])
        while poly.degree() > 0 and (poly % factor).is_zero():
            poly //= factor
    if not 2 <= poly.degree() <= MAX_DEGREE or _bits(poly) > MAX_BITS:
        return found
    roots: Any = poly.complex_roots()
    for root, _ in roots:
        if root.imag.is_zero() and abs(float(root.real.mid())) < LARGEST:
            found.append(Fraction(float(root.real.mid())))
    return found


def between(breaks: Iterable[Fraction]) -> list[Fraction]:
    """A simple fraction between each two neighbours of the breaks, one below all of them and one above."""
    ends = sorted(set(breaks))
    if not ends:
        return []
    inner = [simplest(a, b) for a, b in pairwise(ends)]
    first, last = (end.numerator // end.denominator for end in (ends[0], ends[-1]))
    return [Fraction(first - 1), *inner, Fraction(last + 1)]


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator strictly between two others."""
    floor = low.numerator // low.denominator
    if floor + 1 < high:
        return Fraction(floor + 1)
    rest = low - floor
    if not rest:  # between a whole number and something at most 1 above it
        gap = 1 / (high - floor)
        return floor + Fraction(1, gap.numerator // gap.denominator + 1)
    return floor + 1 / simplest(1 / (high - floor), 1 / rest)


def interpolated(places: Sequence[Fraction], values: Sequence[Fraction]) -> fmpq_poly | None:
    """The polynomial through the values, if one of a degree below their number by two or more goes through them all."""
    table = [fmpq(v.numerator, v.denominator) for v in values]
    at = [fmpq(x.numerator, x.denominator) for x in places]
    coefficients: list[Any] = []
    for k in range(len(at)):
        coefficients.append(table[0])
        table = [(b - a) / (at[j + k + 1] - at[j]) for j, (a, b) in enumerate(pairwise(table))]
    if any(c != 0 for c in coefficients[-2:]):
        return None
    poly = fmpq_poly()
    for x, c in zip(reversed(at), reversed(coefficients), strict=True):
        poly = poly * fmpq_poly([-x, 1]) + fmpq_poly([c])
    return poly


def _bits(poly: fmpq_poly) -> int:
    return int(poly.numer().height_bits()) + poly.denom().bit_length()


def _fraction(x: fmpq) -> Fraction:
    return Fraction(int(x.p), int(x.q))


__all__ = ["between", "interpolated", "rational_roots", "real_roots", "simplest"]
