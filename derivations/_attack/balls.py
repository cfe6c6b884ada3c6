"""What ball arithmetic says of a statement that a mutant makes: whether it is certainly not one that may be proved.

That is so where it fails, where a part of it is undefined, where a side of a relation between numbers is infinite, and
where the sides of a strict relation seem to be equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations
from random import Random

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term
from derivations._witness import Point, Undefined, counterexample, sample
from derivations._witness.sample import allowed, meets
from derivations._witness.truth import Ties, Trial

from .slips import RELATIONS

#: Points for each choice of sizes, and sizes: for a quick look, and for a thorough one.
FEW, MANY = (2, range(1, 5)), (36, range(1, 7))
POINTS, SEEDS, FINER = 200, 12, 40  #: an accepted mutant is looked at at so many points, if the scope has them


@lru_cache(maxsize=256)
def drawn(scope: Scope, per_size: int, sizes: range, seed: int = 0) -> tuple[Point, ...]:
    """The points of a scope; drawing them takes longer than looking at them."""
    return sample(scope, seed=seed, per_size=per_size, sizes=sizes).points


def conclusion(statement: Term) -> Term:
    """What a statement says "for all" and "if"."""
    while statement.op in ("all", "imp"):
        statement = statement.args[1]
    return statement


def against(statement: Term, point: Point) -> str:
    """What is wrong with a statement at a point; "" if nothing is known to be."""
    said = conclusion(statement)
    trial = Trial(point, Ties.AGREE)
    try:
        truth = trial.truth(statement)
        sides = trial.sides
        if truth is None and said.op in ("lt", "ne") and Trial(point, Ties.EQUAL).truth(statement) is False:
            return f"at {point}: both sides seem to be equal"
    except Undefined:
        return f"at {point}: it is not defined"
    if truth is False:
        return f"at {point}: {' against '.join(sides[:2]) if sides else 'it fails'}"
    if said.op in RELATIONS and sides is not None and sides.established == "one side is infinite":
        return f"at {point}: a side is infinite"
    return ""


@lru_cache(maxsize=4096)
def refuted(scope: Scope, statement: Term) -> bool:
    """Whether a few points speak against a statement."""
    per_size, sizes = FEW
    if not any(d.name == "Size" for _, d in scope.domains):
        per_size *= len(sizes)
    found = drawn(scope, per_size, sizes)
    return any(against(statement, point) for point in chain(found, corners(scope, found))) or _tie(scope, statement)


def _tie(scope: Scope, statement: Term) -> bool:
    strict = conclusion(statement).op in ("lt", "ne")
    return strict and counterexample(scope, statement, sizes=range(1, 4), per_size=2) is not None


def corners(scope: Scope, found: tuple[Point, ...]) -> Iterator[Point]:
    """Points on the boundary: 0 or 1 put for each number that may be 0 or 1, and for each two."""
    offers = [
        (name, Fraction(end)) for name, d in scope.domains for end in (0, 1) if not d.sizes and allowed(d.kind, Fraction(end))
        and d.name != "Size"
    ]  # fmt: skip
    for point in found[:2]:
        for ends in (*((o,) for o in offers), *combinations(offers, 2)):
            new = Point(point.sizes, {**point.values, **dict(ends)})
            if meets(scope, new):
                yield new


def finer(scope: Scope, found: tuple[Point, ...]) -> Iterator[Point]:
    """More points: those found, with numbers of many digits put for some of their numbers, as far as the scope allows."""
    rng = Random(0)
    scalars = [(name, d.kind) for name, d in scope.domains if not d.sizes and not d.kind.whole]
    for point in found * (FINER if scalars else 0):
        values = dict(point.values)
        for name, kind in scalars:
            if rng.random() < 0.5:
                b = rng.randint(2, 10**6)
                a = rng.randint(1, b - 1) if kind.high is not None else rng.randint(1, 9 * b)
                values[name] = Fraction(a if kind.low is not None else rng.choice((-1, 1)) * a, b)
        new = Point(point.sizes, values)
        if meets(scope, new):
            yield new


@lru_cache(maxsize=4096)
def refutation(scope: Scope, statement: Term) -> tuple[int, str]:
    """At how many points a statement was tried, sizes 1 to 6, and what speaks against it, or ""."""
    first = drawn(scope, *MANY)
    first = tuple(dict.fromkeys((*first, *corners(scope, first))))
    more = chain.from_iterable(drawn(scope, *MANY, seed) for seed in range(1, SEEDS if first else 1))
    tried: set[Point] = set()
    for point in chain(first, finer(scope, first), more):
        if len(tried) >= POINTS and point not in first:
            break
        if point not in tried:
            tried.add(point)
            if wrong := against(statement, point):
                return len(tried), wrong
    return len(tried), "a tie at a simple point" if _tie(scope, statement) else ""


__all__ = ["POINTS", "refutation", "refuted"]
