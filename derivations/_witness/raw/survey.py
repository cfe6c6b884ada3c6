"""A claim is looked at on many points of all sizes, and what is seen there is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from ..jets import Undefined
from ..point import Point
from .claim import USUAL, Claim, Reading
from .points import candidates, index_choices, point, size_choices
from .verdict import RawCounterexample, verdict

#: Points of a survey of a claim with integrals or limits.
SLOW = 8


@dataclass(frozen=True)
class RawReport:
    """How a claim fared at many points."""

    points: int
    answered: int
    agreed: int
    contradicted: tuple[RawCounterexample, ...]  #: the first few
    undefined: int
    undecided: int
    sizes: tuple[dict[str, int], ...]  #: sizes at which a point answered


def survey(reading: Reading, points: int = 200, *, seed: int = 0, stop_after: int | None = None) -> RawReport:
    """How the claim fares at about ``points`` points of all sizes."""
    claim = Claim(reading)
    points = min(points, SLOW) if claim.slow else points
    counts = {"answered": 0, "agreed": 0, "undefined": 0, "undecided": 0, "points": 0}
    contradicted: list[RawCounterexample] = []
    heard: dict[tuple[tuple[str, int], ...], None] = {}
    for at in survey_points(claim, points, seed):
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
        counts["points"], counts["answered"], counts["agreed"], tuple(contradicted[:5]), counts["undefined"],
        counts["undecided"], tuple(dict(h) for h in heard),
    )  # fmt: skip


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
