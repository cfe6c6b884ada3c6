"""The points of a scope are exact rationals: random ones, and the boundary on purpose.

What may be drawn is read from the table of domains. Hypotheses are met by repairing a draw (see :mod:`.repair`) and by
throwing away what still fails. The same seed gives the same points.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product
from math import prod
from typing import Any

from .._kernel.domains import Domain, Kind, Scope
from .._kernel.terms import Term, free_names
from .family import PolynomialFamily
from .jets import Undefined
from .point import Point
from .repair import repaired
from .truth import Ties, Trial

#: What a slot of the sample asks for; the first is always "plain".
MODES = ("plain", "edge", "level", "extreme", "vertex", "plain", "edge")
TRIES = 12
#: Slots after which sizes without a point are given up.
HOPELESS = 3


@dataclass(frozen=True)
class Sample:
    """The points found, the sizes which were tried, and the sizes at which no point meets the hypotheses."""

    points: tuple[Point, ...]
    tried: tuple[dict[str, int], ...]
    empty: tuple[dict[str, int], ...]


def shape(domain: Domain, sizes: dict[str, int]) -> tuple[int, ...]:
    """The sizes in brackets, as numbers."""
    return tuple(int(s.args[0]) if s.op == "num" else sizes[s.args[0]] for s in domain.sizes)


def entries(value: Any) -> list[Any]:
    """All entries of a scalar, vector or array, in order."""
    return [e for v in value for e in entries(v)] if isinstance(value, tuple) else [value]


def shaped(flat: Sequence[Any], dimensions: tuple[int, ...]) -> Any:
    """The entries put into a scalar, a vector or an array again."""
    if not dimensions:
        return flat[0]
    if len(dimensions) == 1:
        return tuple(flat)
    n, m = dimensions
    return tuple(tuple(flat[i * m : (i + 1) * m]) for i in range(n))


def inside(domain: Domain, value: Any, sizes: dict[str, int]) -> bool:
    """Whether ``value`` is an element of the domain, exactly."""
    kind, dimensions = domain.kind, shape(domain, sizes)
    if domain.name == "Family":
        return isinstance(value, PolynomialFamily) and (len(value.outcomes), value.parameters) == dimensions
    if domain.name == "Index":
        return type(value) is int and 1 <= value <= dimensions[0]
    flat = entries(value)
    count = prod(dimensions)
    if len(flat) != count or _depth(value) != len(dimensions):
        return False
    return all(allowed(kind, x) for x in flat) and (not kind.total or sum(flat) == 1)


def _depth(value: Any) -> int:
    return 1 + _depth(value[0]) if isinstance(value, tuple) else 0


def allowed(kind: Kind, x: Any) -> bool:
    """Whether a scalar, or an entry, keeps the bounds of the row of the table."""
    return (
        (kind.low is None or x > kind.low or (x == kind.low and not kind.above))
        and (kind.high is None or x < kind.high or (x == kind.high and not kind.below))
        and (not kind.whole or x.denominator == 1)
    )


def _scalar(kind: Kind, mode: str, rng: random.Random) -> Fraction:
    ends = [Fraction(e) for e, open_ in ((kind.low, kind.above), (kind.high, kind.below)) if e is not None and not open_]
    if kind.whole:
        return Fraction(rng.randint(kind.low or 0, kind.high if kind.high is not None else (kind.low or 0) + 9))
    if mode == "edge" and (ends or kind.low is None) and rng.random() < 0.6:
        return rng.choice(ends or [Fraction(0)])
    tiny = Fraction(rng.randint(1, 9), 10**6)
    far = mode == "extreme" and rng.random() < 0.6
    if kind.low is None:
        near = Fraction(rng.randint(-12, 12), rng.randint(1, 5))
        return rng.choice([tiny, -tiny, Fraction(100), Fraction(-100)]) if far else near
    if kind.high is None:
        return kind.low + (rng.choice([tiny, Fraction(100)]) if far else Fraction(rng.randint(1, 12), rng.randint(1, 6)))
    if far:
        return rng.choice([kind.low + tiny, kind.high - tiny])
    b = rng.randint(2, 12)
    return kind.low + (kind.high - kind.low) * Fraction(rng.randint(1, b - 1), b)


def _weights(kind: Kind, count: int, mode: str, rng: random.Random) -> list[Fraction]:
    """Entries which add up to 1."""
    lone = rng.randrange(count)
    if kind.whole or (mode == "vertex" and not kind.above):
        return [Fraction(int(i == lone)) for i in range(count)]
    raw = [rng.randint(1, 9) for _ in range(count)]
    if mode == "level":
        raw = [1] * count
    if mode in ("extreme", "vertex"):
        raw[lone] = 10**6
    if mode == "edge" and not kind.above:
        raw = [w if i == lone or rng.random() < 0.5 else 0 for i, w in enumerate(raw)]
        if count > 1 and all(raw):
            raw[lone - 1] = 0
    total = sum(raw)
    return [Fraction(w, total) for w in raw]


def _family(outcomes: int, parameters: int, mode: str, rng: random.Random) -> PolynomialFamily:
    def coefficient() -> Fraction:
        return Fraction(0 if mode == "level" else rng.randint(-4, 4), rng.randint(2, 5))

    monomials: list[tuple[int, ...]] = [(), *((i,) for i in range(parameters))]
    monomials += [tuple(sorted(rng.choices(range(parameters), k=2))) for _ in range(min(parameters, 3))]
    return PolynomialFamily(tuple(tuple((coefficient(), m) for m in monomials) for _ in range(outcomes)), parameters)


def draw(domain: Domain, sizes: dict[str, int], mode: str, rng: random.Random) -> Any:
    """An element of the domain: "plain", or at the "edge", "level", "extreme", a "vertex", or an "outer" product."""
    kind, dimensions = domain.kind, shape(domain, sizes)
    if domain.name == "Family":
        outcomes, parameters = dimensions
        return _family(outcomes, parameters, mode, rng)
    if domain.name == "Index":
        return rng.randint(1, dimensions[0])
    count = prod(dimensions)
    if kind.total and mode == "outer" and len(dimensions) == 2:
        rows, columns = (_weights(kind, n, "plain", rng) for n in dimensions)
        return shaped([a * b for a in rows for b in columns], dimensions)
    if kind.total:
        return shaped(_weights(kind, count, mode, rng), dimensions)
    if mode in ("level", "vertex"):
        flat = [_scalar(kind, "edge" if mode == "vertex" else "plain", rng)] * count
        if mode == "vertex":
            flat[rng.randrange(count)] = _scalar(kind, "edge", rng)
        return shaped(flat, dimensions)
    return shaped([_scalar(kind, mode, rng) for _ in range(count)], dimensions)


def size_choices(scope: Scope, sizes: Iterable[int], rng: random.Random, full: bool = False) -> list[dict[str, int]]:
    """Sizes for the size variables: all equal, and shifted against each other; hypotheses about sizes are met.

    With ``full``, every combination (of the first hundred) instead.
    """
    names, menu = [name for name, d in scope.domains if d.name == "Size"], list(sizes)
    about = [h for h in scope.hypotheses if free_names(h) <= set(names)]
    if not names:
        return [{}] if _meet(about, Point()) else []
    found: list[dict[str, int]] = []

    def offer(choice: dict[str, int]) -> None:
        if choice not in found and _meet(about, Point(choice)):
            found.append(choice)

    if full:
        for combination in islice(product(menu, repeat=len(names)), 100):
            offer(dict(zip(names, combination, strict=True)))
        return found
    for shift in range(min(2, len(names))):
        for k in range(len(menu)):
            offer({name: menu[(k + 2 * shift * j) % len(menu)] for j, name in enumerate(names)})
    for _ in range(100):
        if len(found) >= len(menu):
            break
        offer({name: rng.choice(menu) for name in names})
    return found


def _meet(hypotheses: Iterable[Term], point: Point) -> bool:
    trial = Trial(point, Ties.UNKNOWN)
    try:
        return all(trial.truth(h) is True for h in hypotheses)
    except Undefined:
        return False


def meets(scope: Scope, point: Point) -> bool:
    """Whether the point certainly lies in the domains and meets the hypotheses."""
    placed = all(inside(d, point.values[name], dict(point.sizes)) for name, d in scope.domains if d.name != "Size")
    return placed and _meet(scope.hypotheses, point)


def sample(scope: Scope, *, seed: int = 0, per_size: int = 7, sizes: Iterable[int] = range(1, 7)) -> Sample:
    """Points at all sizes, about ``per_size`` at each (three times as many where no size varies)."""
    rng = random.Random(f"witness/{seed}")
    choices = size_choices(scope, sizes, rng)
    variables = [(name, d) for name, d in scope.domains if d.name != "Size"]
    pairs = [(a, b) for (a, d), (b, e) in combinations(variables, 2) if d == e]
    modes = MODES if all(len(d.sizes) < 2 or d.name == "Family" for _, d in variables) else (*MODES[:1], "outer", *MODES[1:])
    slots = per_size if len(choices) > 1 else 3 * per_size
    if len(choices) > 6:
        slots = max(2, (per_size + 1) // 2)
    twins = -(-len(pairs) // max(1, len(choices) - 1))
    points: dict[Point, None] = {}
    empty, turn, pair = [], 0, 0
    for choice in choices:
        before = len(points)
        for slot in range(slots + twins):
            if slot == HOPELESS and len(points) == before:
                break
            twin = None
            if slot < slots:
                mode = MODES[0] if slot == 0 else modes[1 + turn % (len(modes) - 1)]
                turn += slot > 0
            else:
                mode, twin, pair = "plain", pairs[pair % len(pairs)], pair + 1
            for attempt in range(TRIES):
                mode = mode if attempt < TRIES // 2 else "plain"
                values = {name: draw(d, choice, rng.choice(("plain", mode, mode)), rng) for name, d in variables}
                if twin is not None:
                    values[twin[1]] = values[twin[0]]
                point = Point(choice, values)
                if scope.hypotheses and not meets(scope, point):
                    point = repaired(scope, point, rng, inside)
                    if not meets(scope, point):
                        continue
                points[point] = None
                break
        if len(points) == before:
            empty.append(choice)
    return Sample(tuple(points), tuple(choices), tuple(empty))


def points(scope: Scope, *, seed: int = 0, per_size: int = 7, sizes: Iterable[int] = range(1, 7)) -> list[Point]:
    """The points of :func:`sample`."""
    return list(sample(scope, seed=seed, per_size=per_size, sizes=sizes).points)
