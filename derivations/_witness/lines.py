"""Lines through a point: one number of a variable moves, the rest stays; in a distribution, the rest keeps its proportions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from .._kernel.domains import Domain
from .entries import flat, mapped, replaced


class Line(NamedTuple):
    """One number of a variable moves."""

    name: str
    domain: Domain
    place: tuple[int, ...]
    value: Any
    rest: Fraction | None = None  #: in a distribution: what the other entries of ``value`` add up to

    def at(self, t: Fraction) -> Any:
        """The value of the variable for t."""
        rest = self.rest
        if rest is None:
            return replaced(self.value, self.place, t)
        return replaced(mapped(self.value, lambda e: e * (1 - t) / rest), self.place, t)


def lines(name: str, domain: Domain, value: Any) -> Iterator[Line]:
    """The lines on which a variable moves: of a vector, the first, the second and the last entry."""
    kind = domain.kind
    if kind.whole or domain.name == "Family":
        return
    places: list[tuple[int, ...]] = [()]
    if type(value) is tuple:
        deep = type(value[0]) is tuple
        n, m = len(value), len(value[0]) if deep else 1
        corners = ((1, 1), (1, min(2, m)), (min(2, n), 1), (n, m))
        places = [place if deep else place[:1] for place in corners]
    for place in dict.fromkeys(places):
        if not kind.total:
            yield Line(name, domain, place, value)
            continue
        old, count = value, len(flat(value))
        for k in place:
            old = old[k - 1]
        if count > 1 and old == 1:
            yield Line(name, domain, place, mapped(value, lambda _: Fraction(1)), Fraction(count - 1))
        elif count > 1:
            yield Line(name, domain, place, value, 1 - old)


__all__ = ["Line", "lines"]
