"""A counterexample is an exact point at which a statement is certainly false, the smallest and simplest that is found.

Certain means disjoint balls, exact rationals, or a side that is infinite. Where a strict claim seems to fail by a tie that
balls cannot prove, the point is handed over marked ``tie``: the rules must prove both sides equal there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import prod
from random import Random
from typing import Any

from .._kernel.domains import Domain, Kind, Scope
from .._kernel.terms import Term
from .critical import critical
from .jets import Undefined
from .menus import places
from .point import Point
from .repair import repaired
from .sample import allowed, draw, inside, meets, sample, shape, shaped, size_choices
from .truth import Ties, Trial

#: Simple points tried at each choice of sizes: while the sizes add up to 4 at most, and beyond.
SIMPLE, SIMPLE_BEYOND = 60, 15
#: Choices of sizes, and points at each, from which a statement is solved for one number; found points
#: from which it is solved for another one; sizes at which a few points are tried.
FIRST, BASES, AGAIN, BEYOND = 2, 3, 3, range(7, 13)
#: Precisions at which balls may come apart.
PRECISIONS = (256, 1152)


@dataclass(frozen=True)
class Counterexample:
    """An exact point, both sides there, and how it is known that the statement fails."""

    point: Point
    sides: tuple[str, ...]
    established: str  #: "disjoint balls", "exact rational arithmetic", "one side is infinite", or "tie"
    tie: bool = False  #: the sides seem equal, which is for the rules to prove


def counterexample(
    scope: Scope, statement: Term, *, seed: int = 0, sizes: range = range(1, 7), per_size: int = 7
) -> Counterexample | None:
    """The first point where ``statement`` is certainly false, small sizes and simple numbers first; else a tie, else None."""
    tie: Counterexample | None = None
    for point in _candidates(scope, statement, seed, sizes, per_size):
        trial = Trial(point, Ties.UNKNOWN, PRECISIONS)
        try:
            truth = trial.truth(statement)
            if truth is False:
                left, right, established = trial.sides or ("", "", "exact rational arithmetic")
                return Counterexample(point, (left, right) if trial.sides else (), established)
            if truth is None and tie is None:
                trial = Trial(point, Ties.EQUAL, PRECISIONS)
                if trial.truth(statement) is False and trial.sides:
                    tie = Counterexample(point, trial.sides[:2], "tie", True)
        except Undefined:
            continue
    return tie


def _candidates(scope: Scope, statement: Term, seed: int, sizes: range, per_size: int) -> Iterator[Point]:
    rng = Random(f"refute/{seed}")
    seen: set[Point] = set()
    choices = size_choices(scope, sizes, rng) + size_choices(scope, (n for n in sizes if n <= 3), rng, full=True)
    unique = {tuple(sorted(c.items())): c for c in choices}
    for _, choice in sorted(unique.items(), key=lambda c: (sum(c[1].values()), c[0])):
        for point in islice(_simple(scope, choice, rng), SIMPLE if sum(choice.values()) <= 4 else SIMPLE_BEYOND):
            if scope.hypotheses and not meets(scope, point):
                point = repaired(scope, point, rng, inside)
                if not meets(scope, point):
                    continue
            if point not in seen:
                seen.add(point)
                yield point
    for point in pointed(scope, statement, rng, sizes):
        if point not in seen and (not scope.hypotheses or meets(scope, point)):
            seen.add(point)
            yield point
    drawn = sample(scope, seed=seed, per_size=per_size, sizes=sizes).points
    yield from sorted((p for p in drawn if p not in seen), key=_weight)


def pointed(scope: Scope, statement: Term, rng: Random, sizes: Iterable[int]) -> Iterator[Point]:
    """Points which the statement points at, at the smallest sizes; then a few at larger sizes."""
    choices = size_choices(scope, sizes, rng)
    choices.sort(key=lambda c: sum(c.values()))
    for choice in choices[:FIRST]:
        for base in islice(_simple(scope, choice, rng), BASES):
            yield base
            near = critical(scope, statement, base)
            yield from near
            for point in near[:AGAIN] if len(base.values) > 1 else ():
                yield from critical(scope, statement, point)
    if any(d.name == "Size" for _, d in scope.domains):
        for choice in size_choices(scope, BEYOND, rng):
            yield from islice(_simple(scope, choice, rng), 2)


def _weight(point: Point) -> tuple[int, int]:
    def bits(value: Any) -> int:
        if isinstance(value, tuple):
            return sum(map(bits, value))
        return value.numerator.bit_length() + value.denominator.bit_length() if isinstance(value, (int, Fraction)) else 20

    return sum(point.sizes.values()), sum(map(bits, point.values.values()))


def _simple(scope: Scope, sizes: dict[str, int], rng: Random) -> Iterator[Point]:
    """Points with simple values in every variable, in the order of how simple they are."""
    names = [name for name, d in scope.domains if d.name != "Size"]
    menus = [list(_values(d, sizes, rng)) for _, d in scope.domains if d.name != "Size"]
    for place in places([len(m) for m in menus]):
        yield Point(sizes, {name: menu[k] for name, menu, k in zip(names, menus, place, strict=True)})


def _scalars(kind: Kind) -> list[Fraction]:
    pairs = [(0, 1), (1, 1), (1, 2), (2, 1), (-1, 1), (1, 3), (2, 3), (3, 1), (1, 4), (3, 4), (-2, 1), (10, 1)]
    return [x for x in (Fraction(a, b) for a, b in pairs) if allowed(kind, x)]


def _values(domain: Domain, sizes: dict[str, int], rng: Random) -> Iterator[Any]:
    """Simple elements of a domain, the simplest first."""
    kind, dimensions, seen = domain.kind, shape(domain, sizes), set()
    for value in _offers(domain, kind, dimensions, sizes, rng):
        if value not in seen and inside(domain, value, sizes):
            seen.add(value)
            yield value


def _offers(domain: Domain, kind: Kind, dimensions: tuple[int, ...], sizes: dict[str, int], rng: Random) -> Iterator[Any]:
    if domain.name == "Index":
        yield from range(1, dimensions[0] + 1)
    elif domain.name == "Family":
        yield from (draw(domain, sizes, mode, rng) for mode in ("level", "plain", "plain"))
    elif not dimensions:
        yield from _scalars(kind)
    else:
        count = prod(dimensions)
        one, ramp = Fraction(1), [Fraction(k) for k in range(1, count + 1)]
        if kind.total:
            heads = [[one] * min(h, count) + [0 * one] * (count - h) for h in (count, 1, 2)]
            patterns = [*heads, heads[1][::-1], [2 * one, *heads[0][1:]], ramp, ramp[::-1], [k * k for k in ramp]]
            yield from (shaped([w / sum(p) for w in p], dimensions) for p in patterns)
        else:
            scalars = _scalars(kind)
            for a in scalars[:2]:
                yield shaped([a] * count, dimensions)
            for a, b in ((a, b) for a in scalars[:3] for b in scalars[:3] if a != b):
                yield shaped([a] + [b] * (count - 1), dimensions)
            for a in scalars[2:]:
                yield shaped([a] * count, dimensions)
            yield from (shaped(r, dimensions) for r in (ramp, ramp[::-1], [1 / k for k in ramp]))
        yield draw(domain, sizes, "plain", rng)
        yield draw(domain, sizes, "extreme", rng)
