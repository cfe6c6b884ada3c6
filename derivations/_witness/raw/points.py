"""The exact points at which a user's claim is tried: the simplest first, the boundary, ties and extremes on purpose.

What a value may be is read from the table of domains; every value is a fraction.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, islice, product
from math import prod
from random import Random
from typing import Any

from ..._kernel.domains import Domain, Kind, Scope
from ..family import PolynomialFamily
from ..menus import places
from ..point import Point
from ..sample import allowed, draw, entries, inside, shape, shaped

#: Numbers worth trying, the simplest first: small ones, then large, tiny, and just beside the special ones.
_SIMPLE = "0 1 1/2 2 -1 1/3 2/3 3 -2 1/4 3/4 -1/2 1/10 9/10 10 -3 4 -10 1/100 99/100 5 3/2"
_FAR = (
    "1/1000 999/1000 20 -20 30 -40 1001/1000 501/1000 -1/1000 100 -100 1/1000000 999999/1000000 500001/1000000"
    " 1000001/1000000 1/1000000000000 1000000 -1/1000000"
    f" 1/1{'0' * 50} 1/1{'0' * 500}"
)
SIMPLE = tuple(map(Fraction, _SIMPLE.split()))
FAR = tuple(map(Fraction, _FAR.split()))
TINY = (Fraction(1, 1000), Fraction(1, 10**6), Fraction(1, 10**9))
ONE, NONE = Fraction(1), Fraction(0)
#: Labels that are all tried, and families.
LABELS, FAMILIES = 64, 6


def scalars(kind: Kind, far: bool = True) -> list[Fraction]:
    """Numbers of a domain worth trying."""
    return [x for x in (*SIMPLE, *(FAR if far else ())) if allowed(kind, x)]


def size_choices(scope: Scope, limit: int = 6) -> list[dict[str, int]]:
    """Sizes to try, the smallest first: every combination up to 3, then all equal and one large with the others small."""
    names = [name for name, d in scope.domains if d.name == "Size"]
    if not names:
        return [{}]
    if len(names) == 1:
        return [{names[0]: n} for n in range(1, limit + 1)]
    tuples = {*islice(product(range(1, min(3, limit) + 1), repeat=len(names)), 100)}
    for n in range(4, limit + 1):
        tuples.add((n,) * len(names))
        for k in range(len(names)):
            tuples.update(tuple(n if j == k else m for j in range(len(names))) for m in (1, 2))
    return [dict(zip(names, t, strict=True)) for t in sorted(tuples, key=lambda t: (sum(t), t))]


def index_choices(free: tuple[tuple[str, Any], ...], sizes: dict[str, int]) -> list[dict[str, int]]:
    """Values of the free indices: all of them while there are at most 40, else every pattern of equal and different ones."""
    ranges = [int(s.args[0]) if s.op == "num" else sizes[s.args[0]] for _, s in free]
    names = [name for name, _ in free]
    if prod(ranges) <= 40:
        return [dict(zip(names, t, strict=True)) for t in product(*(range(1, n + 1) for n in ranges))]
    menus = [sorted({1, min(2, n), min(3, n), n}) for n in ranges]
    return [dict(zip(names, t, strict=True)) for t in islice(product(*menus), 64)]


def weight(values: dict[str, Any]) -> int:
    """How much there is to write down for a point."""

    def bits(value: Any) -> int:
        if isinstance(value, tuple):
            return sum(map(bits, value))
        if isinstance(value, int):
            return 1
        if isinstance(value, PolynomialFamily):
            return sum(bits(c) for monomials in value.outcomes for c, _ in monomials)
        return int(abs(value.numerator).bit_length() + 2 * value.denominator.bit_length() + (value < 0))

    different = {e for value in values.values() for e in entries(value)}
    return sum(map(bits, values.values())) + 3 * len(different)


def menu(domain: Domain, sizes: dict[str, int], rng: Random, extra: int, far: bool = True) -> list[Any]:
    """Elements of a domain, the simplest first, then ``extra`` random ones."""
    seen: dict[Any, None] = {}
    for value in _offers(domain, sizes, rng, extra, far):
        if value not in seen and inside(domain, value, sizes):
            seen[value] = None
    return list(seen)


def _offers(domain: Domain, sizes: dict[str, int], rng: Random, extra: int, far: bool) -> Iterator[Any]:
    kind, dimensions = domain.kind, shape(domain, sizes)
    if domain.name == "Index":
        yield from labels(dimensions[0])
    elif domain.name == "Family":
        yield from (draw(domain, sizes, mode, rng) for mode in ("level", *["plain"] * FAMILIES))
    elif not dimensions:
        yield from scalars(kind, far)
        yield from (random_scalar(kind, rng) for _ in range(extra))
    elif kind.total:
        yield from (shaped(w, dimensions) for w in _distributions(prod(dimensions), dimensions, kind.whole, rng, extra))
    else:
        yield from (shaped(v, dimensions) for v in _vectors(kind, prod(dimensions), rng, extra))


def labels(size: int) -> list[int]:
    """Every label up to a size, or of a large size the first and the last ones."""
    return [*range(1, min(size, LABELS) + 1), *range(max(LABELS + 1, size - 3), size + 1)]


def random_scalar(kind: Kind, rng: Random) -> Fraction:
    """A random number of a domain with a small denominator, now and then a large or a tiny one."""
    for _ in range(20):
        b = rng.choice((1, 2, 3, 4, 5, 8, 10, 100))
        if kind.low is not None and kind.high is not None:
            x = kind.low + (kind.high - kind.low) * Fraction(rng.randint(0, b), b)
        else:
            x = Fraction(rng.randint(-4 * b, 4 * b), b) * rng.choice((1, 1, 1, 1, 5, 25))
        if allowed(kind, x):
            return x
    return next(x for x in SIMPLE if allowed(kind, x))


def _vectors(kind: Kind, count: int, rng: Random, extra: int) -> Iterator[list[Fraction]]:
    few = scalars(kind, far=False)
    first, second, *_ = [*few, *few]
    ramp = [Fraction(k) for k in range(1, count + 1)]
    yield from ([a] * count for a in (first, second))
    for a, b in ((second, first), (first, second)):
        yield from ([a if k == hot else b for k in range(count)] for hot in sorted({0, count - 1}))
    yield from (ramp, ramp[::-1])
    yield [(-1) ** k * a for k, a in enumerate(ramp)]
    yield from ([few[k % 2] for k in range(count)], [few[k % len(few)] for k in range(count)])
    yield from ([a] * count for a in few[2:6])
    for spread in (3, 10, 30):
        yield [Fraction(spread)] + [NONE] * (count - 1)
        yield [Fraction(-spread)] + [NONE] * (count - 1)
        yield [Fraction(spread) if k % 2 == 0 else Fraction(-spread) for k in range(count)]
    yield from ([Fraction(c)] + [ONE] * (count - 1) for c in (100, 20, Fraction(1, 100), Fraction(1, 1000)))
    yield [1 + Fraction(k, 1000) for k in range(count)]
    yield from ([random_scalar(kind, rng) for _ in range(count)] for _ in range(extra))


def _distributions(count: int, dimensions: tuple[int, ...], whole: bool, rng: Random, extra: int) -> Iterator[list[Fraction]]:
    def hot(k: int) -> list[Fraction]:
        return [Fraction(int(i == k)) for i in range(count)]

    if whole:
        yield from (hot(k) for k in range(count))
        return

    def normal(w: list[Any]) -> list[Fraction]:
        total = sum(w)
        return [Fraction(a, total) for a in w]

    ramp = list(range(1, count + 1))
    yield [Fraction(1, count)] * count
    slopes = ([2] + [1] * (count - 1), [1] * (count - 1) + [2], [1] + [3] * (count - 1), ramp, ramp[::-1])
    yield from (normal(w) for w in slopes)
    yield from (hot(0), hot(count - 1))
    if count > 2:
        yield normal([1, 1] + [0] * (count - 2))
        yield normal([0, 0] + [1] * (count - 2))
    if len(dimensions) == 2:
        n, m = dimensions
        diagonal = [3 if i % m == j % n else 0 for i in range(n) for j in range(m)]
        if sum(diagonal):
            yield normal(diagonal)
            yield normal([w + 1 for w in diagonal])
        yield normal([(i + 1) * (j + 2) for i in range(n) for j in range(m)])
        yield normal([1 if i == 0 else 0 for i in range(n) for j in range(m)])
        yield normal([1 if j == 0 else 0 for i in range(n) for j in range(m)])
    for a, b in ((1, 9), (9, 1), (1, 99), (999, 1), (1, 10**6), (10**6, 1), (10**9, 1)):
        yield normal([a] + [b] * (count - 1))
    for epsilon in TINY:
        yield normal([Fraction(1, count) + (epsilon if k == 0 else -epsilon if k == 1 else 0) for k in range(count)])
    for k in range(extra):
        top = rng.choice((2, 4, 9))
        w = [rng.randint(0 if k % 2 else 1, top) for _ in range(count)]
        yield normal(w if any(w) else [1] * count)


def candidates(
    scope: Scope, sizes: dict[str, int], rng: Random, budget: int, far: bool = True, extra: int = 12
) -> list[dict[str, Any]]:
    """Values for all variables at these sizes, about ``budget`` of them: simple ones, twins, near twins, random ones.

    Without ``far`` there are no large or tiny scalars.
    """
    variables = [(name, d) for name, d in scope.domains if d.name != "Size"]
    if not variables:
        return [{}]
    menus = [menu(d, sizes, rng, extra, far) for _, d in variables]
    names = [name for name, _ in variables]
    found: dict[tuple[Any, ...], None] = {}
    for place in islice(places([len(m) for m in menus]), budget // 2):
        found[tuple(m[k] for m, k in zip(menus, place, strict=True))] = None
    pairs = [(a, b) for (a, (_, d)), (b, (_, e)) in combinations(enumerate(variables), 2) if d == e]
    for a, b in pairs:
        for k in range(min(6, len(menus[a]))):
            base = [m[k % len(m)] for m in menus]
            base[b] = base[a]
            found[tuple(base)] = None
            for epsilon in TINY:
                near = beside(variables[a][1], base[a], epsilon, sizes)
                if near is not None:
                    found[(*base[:b], near, *base[b + 1 :])] = None
    if len(variables) > 1:
        for _ in range(budget - len(found)):
            found[tuple(m[int(len(m) * rng.random() ** rng.choice((1, 2)))] for m in menus)] = None
    return [dict(zip(names, t, strict=True)) for t in found]


def some(scope: Scope, sizes: dict[str, int], rng: Random, count: int) -> list[dict[str, Any]]:
    """A few values for all variables, where sizes are so large that a menu takes long."""
    variables = [(name, d) for name, d in scope.domains if d.name != "Size"]
    found: list[list[Any]] = []
    for _, d in variables:
        offers = (v for v in _offers(d, sizes, rng, 0, True) if inside(d, v, sizes))
        found.append(list(islice(offers, count)))
    return [{name: f[k % len(f)] for (name, _), f in zip(variables, found, strict=True)} for k in range(count)]


def beside(domain: Domain, value: Any, epsilon: Fraction, sizes: dict[str, int]) -> Any:
    """An element of the domain just beside ``value``, or None."""
    kind = domain.kind
    if kind.whole or domain.name in ("Index", "Family"):
        return None
    if type(value) is not tuple:
        near: Any = value + epsilon
    elif type(value[0]) is tuple or len(value) < 2:
        return None
    else:
        near = (value[0] + epsilon, value[1] - epsilon if kind.total else value[1], *value[2:])
    return near if inside(domain, near, sizes) else None


def point(sizes: dict[str, int], values: dict[str, Any], indices: dict[str, int]) -> Point:
    """A point with the values of the free indices among its values."""
    return Point(sizes, {**values, **indices})


__all__ = [
    "beside", "candidates", "index_choices", "menu", "point", "random_scalar", "scalars", "size_choices", "some",
    "weight",
]  # fmt: skip
