"""A claim is looked at on many points of all sizes, and what is seen there is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random

from ..jets import Undefined
from ..point import Point
from .beyond import beyond
from .claim import USUAL, Claim, Reading
from .critical import Critical
from .points import candidates, index_choices, point, size_choices, some
from .reach import reach
from .verdict import RawCounterexample, verdict

#: Points of a survey of a claim with integrals or limits.
SLOW = 8
#: Points that a claim points at: at each of the first choices of sizes, at the others, at sizes beyond; where claims are slow.
POINTED, FEWER, BEYOND, SLOWLY = 8, 3, 1, 2
#: Of the numbers of any size, every so many; a size to which no loop runs.
REACHED, FAR = 6, 10**9 + 1
#: Turns of loops at all points together, and steps of integrals, after which no larger sizes are looked at.
MAX_TURNS, MAX_STEPS = 6_000, 10_000


@dataclass(frozen=True)
class RawReport:
    """How a claim fared at many points; what was seen at those it points at itself counts apart.

    There a formula often has no value, or balls cannot tell: where a denominator is zero, or at a tie.
    """

    points: int
    answered: int
    agreed: int
    contradicted: tuple[RawCounterexample, ...]  #: the first few
    undefined: int
    undecided: int
    sizes: tuple[dict[str, int], ...]  #: sizes at which a point answered
    pointed: int = 0  #: points the claim points at, and at sizes beyond the usual ones
    pointed_agreed: int = 0
    pointed_undefined: int = 0


def survey(reading: Reading, points: int = 200, *, seed: int = 0, stop_after: int | None = None) -> RawReport:
    """How the claim fares at about ``points`` points of all sizes."""
    claim = Claim(reading)
    points = min(points, SLOW) if claim.slow else points
    usual, apart = Counter[str](), Counter[str]()
    contradicted: list[RawCounterexample] = []
    heard: dict[tuple[tuple[str, int], ...], None] = {}
    both = chain(((usual, at) for at in survey_points(claim, points, seed)), ((apart, at) for at in pointed(claim, seed)))
    for counts, at in both:
        counts["points"] += 1
        try:
            links = claim.links(at, USUAL)
        except Undefined:
            counts["undefined"] += 1
            continue
        if links is None:
            counts["undecided"] += 1
            continue
        heard[tuple(at.sizes.items())] = None
        counts["answered"] += 1
        found = verdict(claim, at, links)
        if found is None or found.needs_rules:
            counts["agreed"] += found is None
            continue
        contradicted.append(found)
        if stop_after is not None and len(contradicted) >= stop_after:
            break
    return RawReport(
        usual["points"], usual["answered"], usual["agreed"], tuple(contradicted[:5]), usual["undefined"],
        usual["undecided"], tuple(dict(h) for h in heard), apart["points"], apart["agreed"], apart["undefined"],
    )  # fmt: skip


def free_of(claim: Claim) -> dict[str, int]:
    """The first value of every free index."""
    return {name: 1 for name, _ in claim.reading.free}


def pointed(claim: Claim, seed: int) -> Iterator[Point]:
    """Points where the equations of the claim hold, and between these; then larger sizes."""
    rng, scope, critical = Random(f"pointed/{seed}"), claim.reading.scope, Critical(claim)
    usual = size_choices(scope, 4 if claim.slow else 6)
    for sizes in usual:
        first = sum(sizes.values()) <= 3 * len(sizes)
        limit = SLOWLY if claim.slow else POINTED if first else FEWER
        bases = some(scope, sizes, rng, 2)
        if first and not claim.slow:
            for name, domain in claim.domains:
                yield from (point(sizes, {**bases[0], name: x}, free_of(claim)) for x in reach(domain)[::REACHED])
        for values, indices in critical.points(
            sizes, index_choices(claim.reading.free, sizes), bases, limit, fine=first and not claim.slow
        ):
            yield point(sizes, values, indices)
    claim.turns = 0
    for name in critical.sizes:
        if name not in critical.loops and not claim.slow:
            sizes = {**usual[0], name: FAR}
            yield point(sizes, some(scope, sizes, rng, 1)[0], free_of(claim))
    for sizes in beyond(critical, usual):
        if claim.turns > MAX_TURNS or claim.effort[0] > MAX_STEPS:
            break
        choices, bases = index_choices(claim.reading.free, sizes), some(scope, sizes, rng, 2)
        yield point(sizes, bases[-1], choices[-1])
        if any(d.name == "Index" for _, d in claim.domains) and not claim.slow:
            yield from (point(sizes, values, choices[0]) for values in critical.labelled(bases[:1], sizes))
        if not claim.slow:
            for values, indices in critical.points(sizes, choices, bases[:1], BEYOND):
                yield point(sizes, values, indices)


def survey_points(claim: Claim, count: int, seed: int) -> Iterator[Point]:
    """Points of all sizes in turn, simple and random ones mixed."""
    rng = Random(f"survey/{seed}")
    scope = claim.reading.scope
    choices = size_choices(scope, 4 if claim.slow else 6)
    share = -(-count // len(choices))
    for sizes in choices:
        drawn = candidates(scope, sizes, rng, 4 * share, not claim.slow)
        if not claim.slow:
            rng.shuffle(drawn)
        indices = index_choices(claim.reading.free, sizes)
        for k in range(share if claim.domains or claim.reading.free else 1):
            if k >= len(drawn) * len(indices):
                break
            yield point(sizes, drawn[k % len(drawn)], indices[rng.randrange(len(indices))])


__all__ = ["SLOW", "RawReport", "survey", "survey_points"]
