"""Numbers of any size, where machine numbers look: larger and smaller than those of a menu."""

from __future__ import annotations

from fractions import Fraction

from ..._kernel.domains import Domain
from ..sample import allowed

_POWERS = [Fraction(2) ** k for k in range(-60, 100, 3)]
_STEPS = [Fraction(k, 8) for k in range(1, 40)]
#: Numbers of any size, where machine numbers look.
REACH = [Fraction(10) ** k for k in (3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20, 30, 50, 100, 300)]
REACH += [Fraction(40), Fraction(700)]


def ladder(domain: Domain) -> list[Fraction]:
    """Numbers of any size at which one number of a variable is looked at, in order."""
    found = {*_POWERS, *_STEPS, Fraction(0)}
    return sorted(x for x in (*found, *(-y for y in found), *(1 - y for y in _POWERS[:20])) if allowed(domain.kind, x))


def reach(domain: Domain) -> list[Fraction]:
    """Large and small numbers which a domain without an end allows."""
    kind = domain.kind
    if kind.whole or domain.sizes or (kind.low is not None and kind.high is not None) or domain.name in ("Index", "Family"):
        return []
    small = [1 / x for x in REACH if x >= 1000] if kind.low is not None else []
    return [x for x in (*REACH, *(-y for y in REACH), *small) if allowed(kind, x)]


__all__ = ["ladder", "reach"]
