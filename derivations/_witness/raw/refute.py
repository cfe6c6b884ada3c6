"""A user's claim is judged on the tree as read: values by plain loops, and an exact point where it is certainly false.

Certain means disjoint balls, equal rationals under a strict relation, or an infinite side. Sides that look equal under a
strict relation but are known as balls only are handed over as a tie, which is for the rules to prove.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from random import Random
from typing import Any

from ..jets import Undefined
from ..point import Point
from ..sample import meets
from .beyond import beyond, grown
from .claim import CLOSE, USUAL, Claim, Reading, defined_at, evaluate
from .climb import Climber
from .closed import at_point, closed
from .critical import Critical
from .germ import MAX_EFFORT
from .points import candidates, index_choices, menu, point, size_choices, some, weight
from .reach import reach
from .scout import APART, MAX_WORK, Scout, batch
from .survey import RawReport, survey, survey_points
from .verdict import STRICT, RawCounterexample, verdict

#: Sizes at which menus are not too long, and those at which equations are solved.
PATIENT, SOLVABLE = 12, 64
#: Which of the points is the second base of lines; the first is the first.
BASE = 7
#: A counterexample with more to write down than this is worth another look.
UGLY = 45
#: Bits at which a tie is looked at once more.
MANY = 40_000


@dataclass(frozen=True)
class Budget:
    """How hard to look, in steps; time plays no part."""

    points: int = 240  #: exact points scouted at each choice of sizes
    balls: int = 10  #: of these, how many are tried with balls whatever the scout says
    confirm: int = 24  #: suspects tried with balls at each choice of sizes
    nameless: int = 3  #: points without a machine number tried with balls at each choice of sizes and indices
    close: int = 6  #: points at which sides that cannot be told apart are tried with thousands of bits
    ties: int = 8  #: ties looked at with MANY bits
    slow: int = 24  #: points tried where integrals or limits occur
    climbs: int = 18  #: how many climbs there are in all
    critical: int = 24  #: points that the claim points at, tried with balls at each choice of sizes
    blind: int = 4  #: points where machine numbers cannot tell the sides apart, tried with balls
    turns: int = 20_000  #: turns of loops after which no larger sizes are tried


def refute(reading: Reading, *, seed: int = 0, budget: Budget | None = None) -> RawCounterexample | None:
    """The smallest and simplest exact point found where the claim fails; else a tie for the rules to prove; else None."""
    return Search(Claim(reading), seed, budget or Budget()).run()


class Search:
    """The search for a counterexample to one claim."""

    def __init__(self, claim: Claim, seed: int, budget: Budget) -> None:
        self.claim, self.budget, self.seed = claim, budget, seed
        self.rng = Random(f"raw/{seed}")
        self.scout = Scout(claim.plan, claim.tree)
        self.tie: RawCounterexample | None = None
        self.infinite: RawCounterexample | None = None
        self.close = budget.close
        self.climbs, self.ties = budget.climbs, budget.ties
        self.critical = Critical(claim)

    def run(self) -> RawCounterexample | None:
        """Sizes in turn, the smallest first."""
        scope = self.claim.reading.scope
        choices = size_choices(scope, 4 if self.claim.slow else 6)
        for sizes in choices:
            found = self._at(sizes, len(choices))
            if found is not None:
                return found
        self.claim.turns = 0
        for sizes in beyond(self.critical, choices):
            if self.scout.work > MAX_WORK or self.claim.turns > self.budget.turns or self.claim.effort[0] > MAX_EFFORT // 2:
                break
            if (found := self._large(sizes)) is not None:
                return found
        return self._grown() or self.tie or self.infinite

    def _grown(self) -> RawCounterexample | None:
        """A point at sizes so large that one side has outgrown the other."""
        if self.claim.slow or not self.claim.climbs:
            return None
        first = {name: 1 for name, _ in self.claim.reading.free}

        def gap(sizes: dict[str, int], values: dict[str, Any]) -> float:
            return self._excess([values], sizes, first)[0][0]

        for sizes, values in grown(self.critical, gap, self.rng, self.budget.climbs > 0):
            found = self._first(sizes, [(values, first)])
            if found is not None:
                return found
        return None

    def _excess(
        self, group: list[dict[str, Any]], sizes: dict[str, int], indices: dict[str, int]
    ) -> tuple[list[float], list[float]]:
        """How far the claim fails at points which agree in what is no number."""
        names = batch(group, self.claim.domains) | {n: group[0][n] for n, d in self.claim.domains if d.name in APART}
        return self.scout.excess(names, sizes, indices, len(group))

    def _at(self, sizes: dict[str, int], among: int) -> RawCounterexample | None:
        slow = self.claim.slow
        points = candidates(self.claim.reading.scope, sizes, self.rng, self.budget.points, not slow)
        indices = index_choices(self.claim.reading.free, sizes)
        if slow:
            tried = [(values, i) for values in points[: self.budget.slow] for i in indices[:4]]
            pointed = self.critical.points(sizes, indices, points[:1], self.budget.critical // 4)
            return self._first(sizes, tried[: self.budget.slow]) or self._first(sizes, pointed)
        suspects: list[tuple[dict[str, Any], dict[str, int]]] = []
        for i in indices:
            suspects += [(values, i) for values in self._suspects(points, sizes, i)]
        for i in self._few(indices) if among_first(sizes) else ():
            suspects += [(values, i) for values in self._suspects(self._reaching(points[0]), sizes, i, ties=False)]
        found = self._first(sizes, self._by_weight(suspects)[: self.budget.confirm])
        if found is None:
            found = self._first(sizes, self._pointed(points, sizes, indices))
        if found is not None and weight(found.values) > UGLY and self.claim.climbs:
            nicer = self._climb(sizes, {i: found.values[i] for i, _ in self.claim.reading.free})
            found = min((found, nicer or found), key=lambda c: weight(c.values))
        if found is None:
            always = [(values, i) for values in points[: self.budget.balls] for i in self._few(indices)]
            found = self._first(sizes, always[: 2 * self.budget.balls])
        if found is None and self.claim.climbs and self.climbs > 0 and self.scout.work < MAX_WORK:
            for attempt in range(max(1, 6 // among)):
                for i in self._few(indices)[:2]:
                    self.climbs -= 1
                    found = found or self._climb(sizes, i, attempt)
        return found

    def _pointed(
        self, points: list[dict[str, Any]], sizes: dict[str, int], indices: list[dict[str, int]]
    ) -> list[tuple[dict[str, Any], dict[str, int]]]:
        """The points that the claim points at, fewer at larger sizes."""
        limit = self.budget.critical if among_first(sizes) else self.budget.critical // 3
        bases = [points[0], points[min(BASE, len(points) - 1)]][: 2 if among_first(sizes) else 1]
        return self.critical.points(sizes, indices, bases, limit, fine=self.claim.climbs and self.budget.climbs > 0)

    def _reaching(self, base: dict[str, Any]) -> list[dict[str, Any]]:
        """Points with one number as large or as small as its domain allows."""
        return [{**base, name: x} for name, domain in self.claim.domains for x in reach(domain)]

    def _few(self, indices: list[dict[str, int]]) -> list[dict[str, int]]:
        """A few values of the free indices: the first, the last, and one between."""
        return indices if len(indices) <= 3 else [indices[0], indices[1], indices[-1]]

    def _large(self, sizes: dict[str, int]) -> RawCounterexample | None:
        scope = self.claim.reading.scope
        indices = self._few(index_choices(self.claim.reading.free, sizes))
        if self.claim.slow or not self.claim.domains:
            return self._first(sizes, [(values, i) for values in some(scope, sizes, self.rng, 1) for i in indices])
        large = max(sizes.values()) > PATIENT or len(sizes) > 1
        points = some(scope, sizes, self.rng, 8) if large else candidates(scope, sizes, self.rng, 16, extra=1)[:16]
        suspects = [(values, i) for i in indices for values in self._suspects(points, sizes, i, ties=False)]
        found = self._first(sizes, self._by_weight(suspects)[:4])
        if found is None and max(sizes.values()) <= SOLVABLE:
            tried = [(points[0], indices[0]), *self.critical.points(sizes, indices, points[:1], self.budget.critical // 6)]
            found = self._first(sizes, tried)
        return found

    def _by_weight(self, suspects: list[tuple[dict[str, Any], dict[str, int]]]) -> list[tuple[dict[str, Any], dict[str, int]]]:
        return sorted(suspects, key=lambda s: weight(s[0]) + sum(s[1].values()))

    def _suspects(
        self, points: list[dict[str, Any]], sizes: dict[str, int], indices: dict[str, int], ties: bool = True
    ) -> list[dict[str, Any]]:
        """The points at which machine numbers see the claim fail, or a strict claim tie."""
        if not points:
            return []
        labels = [name for name, d in self.claim.domains if d.name in APART]
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for values in points:
            groups.setdefault(tuple(values[name] for name in labels), []).append(values)
        found = []
        order = any(r in ("<=", ">=") for r in self.claim.relations)
        for group in groups.values():
            gaps, ratios = self._excess(group, sizes, indices)
            strict = ties and any(r in STRICT for r in self.claim.relations)
            for values, gap, ratio in zip(group, gaps, ratios, strict=True):
                if ratio > 1e-13 or (strict and (ratio > -1e-14 or gap > -1e-12)):
                    found.append(values)
            if order:  # where both sides are one machine number
                alike = [values for values, ratio in zip(group, ratios, strict=True) if abs(ratio) < 1e-15]
                found += alike[-self.budget.blind :] if self.budget.blind else []
            if ties:  # where machine numbers overflow or underflow
                found += [values for values, gap in zip(group, gaps, strict=True) if isnan(gap)][: self.budget.nameless]
        return found

    def _climb(self, sizes: dict[str, int], indices: dict[str, int], attempt: int = 0) -> RawCounterexample | None:
        labels = {n: menu(d, sizes, self.rng, 0)[0] for n, d in self.claim.domains if d.name in APART}
        moving = [(n, d) for n, d in self.claim.domains if n not in labels]
        climber = Climber(self.scout, labels, moving, sizes, hash_of(self.seed + 1000 * attempt, sizes, indices))
        rounded: list[dict[str, Any]] = []
        for values in climber.found(indices):
            rounded += [{**r, **labels} for r in climber.rounded(values)]
        suspects = self._suspects(rounded, sizes, indices) if rounded else []
        return self._first(sizes, self._by_weight([(s, indices) for s in suspects])[: self.budget.confirm])

    def _first(self, sizes: dict[str, int], tried: list[tuple[dict[str, Any], dict[str, int]]]) -> RawCounterexample | None:
        """The first of the points at which the claim certainly fails; ties are kept."""
        for values, indices in tried:
            if self.claim.effort[0] > MAX_EFFORT:
                break
            found = self.trial(point(sizes, values, indices))
            if found is None:
                continue
            if found.needs_rules:
                self.tie = min((self.tie or found, found), key=lambda c: weight(c.values))
            elif found.infinite:
                self.infinite = self.infinite or found
            else:
                return found
        return None

    def trial(self, at: Point) -> RawCounterexample | None:
        """The claim at one point."""
        scope = self.claim.reading.scope
        precisions = USUAL[:1] if self.close <= 0 or self.claim.slow else CLOSE
        try:
            if scope.hypotheses and not meets(scope, at):
                return None
            links = self.claim.links(at, precisions)
        except Undefined:
            return None
        if links is None:
            return None
        if any(link.holds is None for link in links):
            self.close -= len(precisions) > 1
        found = verdict(self.claim, at, links)
        if found is not None and found.needs_rules and self.ties > 0:  # e^(−10000) takes 14,000 bits to see
            self.ties -= 1
            links = self.claim.links(at, (MANY,))
            return found if links is None else verdict(self.claim, at, links)
        return found


def among_first(sizes: dict[str, int]) -> bool:
    """Whether sizes are among the first ones, where more is tried."""
    return sum(sizes.values()) <= 3 * len(sizes)


def hash_of(seed: int, sizes: dict[str, int], indices: dict[str, int]) -> int:
    """A seed that depends on the sizes and the indices."""
    return Random(f"{seed}/{sorted(sizes.items())}/{sorted(indices.items())}").getrandbits(32)


__all__ = [
    "Budget", "RawCounterexample", "RawReport", "at_point", "closed", "defined_at", "evaluate", "refute",
    "survey", "survey_points",
]  # fmt: skip
