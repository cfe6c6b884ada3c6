"""What is declared in a claim, and exact points of it: sizes, numbers, vectors, labels and free indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from .evaluate import Point

Size = str | int
SIZES = (1, 2, 2, 3, 3, 4, 5)
#: Bounds of numbers by domain: the least and the greatest, and whether they are attained.
BOUNDS: dict[str, tuple[Fraction | None, bool, Fraction | None, bool]] = {
    "Real": (None, False, None, False), "Positive": (Fraction(0), False, None, False),
    "Nonnegative": (Fraction(0), True, None, False), "Probability": (Fraction(0), False, Fraction(1), False),
    "UnitInterval": (Fraction(0), True, Fraction(1), True),
}  # fmt: skip
DISTRIBUTIONS = ("Simplex", "OpenSimplex")


@dataclass(frozen=True)
class Declared:
    """A name with its domain and the sizes in brackets."""

    name: str
    domain: str
    sizes: tuple[Size, ...] = ()

    def __str__(self) -> str:
        inside = ", ".join(map(str, self.sizes))
        return f"{self.name}: {self.domain}" + (f"[{inside}]" if self.sizes else "")


@dataclass(frozen=True)
class Scope:
    """Declarations, and free indices with their sizes."""

    declared: tuple[Declared, ...] = ()
    free: tuple[tuple[str, Size], ...] = ()

    def with_(self, *more: Declared) -> Scope:
        """The scope with more names, but for those it has."""
        return replace(self, declared=(*self.declared, *(d for d in more if d.name not in self.names)))

    def indexed(self, *free: tuple[str, Size]) -> Scope:
        """The scope with free indices."""
        return replace(self, free=(*self.free, *free))

    @property
    def names(self) -> frozenset[str]:
        """All names that are taken."""
        sizes = {s for d in self.declared for s in d.sizes if isinstance(s, str)}
        return frozenset({d.name for d in self.declared} | sizes | {n for n, _ in self.free})

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that have a name."""
        found = [s for d in self.declared for s in d.sizes] + [s for _, s in self.free]
        found += [d.name for d in self.declared if d.domain == "Size"]
        return tuple(dict.fromkeys(s for s in found if isinstance(s, str)))

    @property
    def where(self) -> str:
        """The domains in words."""
        return "; ".join(map(str, self.declared))

    @property
    def shapes(self) -> dict[str, tuple[Size, ...]]:
        """The sizes of each vector."""
        return {d.name: d.sizes for d in self.declared if d.domain not in ("Label", "Size")}

    @property
    def domains(self) -> dict[str, str]:
        """The domain of each name."""
        return {**{d.name: d.domain for d in self.declared}, **dict.fromkeys(self.sizes, "Size"),
                **{n: "Index" for n, _ in self.free}}  # fmt: skip

    def named(self, *domains: str, shape: int = 0) -> list[Declared]:
        """What is declared in these domains, with so many sizes."""
        return [d for d in self.declared if d.domain in domains and len(d.sizes) == shape]

    def fresh(self, *letters: str) -> str:
        """A letter which is not taken."""
        return next(x for x in letters if x not in self.names)


def number(domain: str, rng: Random) -> Fraction:
    """A number of a domain: small, with a denominator that is not a power of two, often a special one."""
    if domain == "Bit":
        return Fraction(rng.randrange(2))
    low, closed, high, _ = BOUNDS[domain]
    if closed and rng.random() < 0.3:
        return low if low is not None and (high is None or rng.random() < 0.6) else Fraction(high or 0)
    below = rng.choice((1, 2, 3, 5, 6, 7, 11))
    if high is not None:
        below = max(below, 2)
        return Fraction(rng.randrange(1, below), below)
    above = rng.randrange(1, 4 * below)
    if low is None and rng.random() < 0.1:
        return Fraction(0)
    return Fraction(above, below) * (-1 if low is None and rng.random() < 0.5 else 1)


def distribution(domain: str, length: int, rng: Random) -> tuple[Fraction, ...]:
    """Entries that add up to 1; with zeros where the domain has them."""
    if domain == "OneHot":
        hot = rng.randrange(length)
        return tuple(Fraction(k == hot) for k in range(length))
    least = 0 if domain == "Simplex" and rng.random() < 0.5 else 1
    weights = [rng.randrange(least, 6) for _ in range(length)]
    if not sum(weights):
        weights[rng.randrange(length)] = 1
    return tuple(Fraction(w, sum(weights)) for w in weights)


def point(scope: Scope, rng: Random, fixed: Mapping[str, Any] | None = None, sizes: tuple[int, ...] = SIZES) -> Point:
    """A point of a scope; what is fixed has the value given, sizes among them."""
    given = dict(fixed or {})
    values: dict[str, Any] = {}
    for name in scope.sizes:
        values[name] = Fraction(given.get(name, rng.choice(sizes)))

    def length(s: Size) -> int:
        return s if isinstance(s, int) else int(values[s])

    for d in scope.declared:
        if d.name in values:
            continue
        lengths = tuple(map(length, d.sizes))
        if d.name in given:
            values[d.name] = given[d.name]
        elif d.domain == "Label":
            values[d.name] = Fraction(rng.randrange(1, lengths[0] + 1))
        elif d.domain in (*DISTRIBUTIONS, "OneHot"):
            flat = distribution(d.domain, lengths[0] * (lengths[1] if len(lengths) > 1 else 1), rng)
            rows = tuple(flat[k : k + lengths[1]] for k in range(0, len(flat), lengths[1])) if len(lengths) > 1 else flat
            values[d.name] = rows
        elif len(lengths) == 2:
            values[d.name] = tuple(tuple(number(d.domain, rng) for _ in range(lengths[1])) for _ in range(lengths[0]))
        else:
            drawn = tuple(number(d.domain, rng) for _ in range(lengths[0] if lengths else 1))
            values[d.name] = drawn if lengths else drawn[0]
    for name, s in scope.free:
        values[name] = Fraction(given.get(name, rng.randrange(1, length(s) + 1)))
    return Point(values, scope.domains)


def inside(scope: Scope, at: Point) -> bool:
    """Whether a point lies in a scope, with every number in its domain."""
    values = at.values

    def fits(domain: str, x: Any) -> bool:
        if not isinstance(x, (int, Fraction)):
            return False
        if domain == "Bit":
            return x in (0, 1)
        low, closed, high, shut = BOUNDS.get(domain, (Fraction(0), True, Fraction(1), True))
        return (low is None or x > low or (closed and x == low)) and (high is None or x < high or (shut and x == high))

    def length(s: Size) -> int:
        return s if isinstance(s, int) else int(values[s])

    for d in scope.declared:
        x = values[d.name]
        if d.domain == "Size":
            good = x.denominator == 1 and x >= 1
        elif d.domain == "Label":
            good = x.denominator == 1 and 1 <= x <= length(d.sizes[0])
        else:
            rows = x if len(d.sizes) == 2 else (x,) if d.sizes else ((x,),)
            flat = [y for row in rows for y in row]
            shape = tuple(map(length, (1, 1, *d.sizes)[-2:]))
            good = len(rows) == shape[0] and all(len(row) == shape[1] for row in rows) and all(fits(d.domain, y) for y in flat)
            if d.domain in (*DISTRIBUTIONS, "OneHot"):
                good &= sum(flat) == 1 and (d.domain != "OpenSimplex" or min(flat) > 0)
        if not good:
            return False
    return all(1 <= values[n] <= length(s) for n, s in scope.free)


__all__ = ["Declared", "Scope", "Size", "inside", "number", "point"]
