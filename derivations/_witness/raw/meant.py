"""Did you mean …: claims one change away from a false one, which agree with balls at every point that is tried.

A change is a sign, a factor, a swap, a base, a direction or a constant. The candidates are sieved by machine numbers, then by
balls; whoever asks proves them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice, pairwise
from random import Random
from typing import Any

from ..._kernel.tree import Node, parts
from ..compare import compare
from ..jets import Undecided, Undefined
from .changes import Candidate, changes
from .claim import Claim, Reading, evaluate, holds
from .points import candidates, index_choices, size_choices
from .scout import Scout, batch
from .survey import SLOW, survey, survey_points

MAX_CANDIDATES, SECONDS, WANTED = 400, 2.0, 3
#: Points a candidate must agree at, with balls.
ENOUGH = 30
#: Points at which a claim with integrals or limits is tried first.
PROBES, STEPS = 2, 3_000


def meant(
    reading: Reading, is_true: Callable[[Candidate], bool], *, wanted: int = WANTED, seconds: float = SECONDS
) -> list[Candidate]:
    """The candidates, at most ``wanted``, that pass every point and of which ``is_true`` holds; the smallest change first.

    ``seconds`` bounds the sieve; the time ``is_true`` takes does not count.
    """
    sieve, spent = Sieve(reading), 0.0
    found: list[Candidate] = []
    offered = list(islice(changes(reading), MAX_CANDIDATES))
    if sieve.probes:  # those first that leave the integrals and limits alone
        offered.sort(key=lambda c: any(_is_slow(s) for s in c.tree.args[1:] if s not in reading.tree.args))
    for candidate in offered:
        start = time.monotonic()
        passed = sieve.passes(candidate.reading)
        spent += time.monotonic() - start
        if passed and is_true(candidate):
            found.append(candidate)
        if len(found) >= wanted or spent > seconds:
            break
    return found


def _is_slow(side: Node) -> bool:
    return any(p.kind in ("integral", "limit") for p in parts(side))


class Sieve:
    """Points at which candidates are tried, fastest first."""

    def __init__(self, reading: Reading) -> None:
        rng = Random("meant")
        claim = Claim(reading)
        self.slow = claim.slow or any(d.name in ("Index", "Family") for _, d in reading.scope.domains)
        self.probes = list(islice(survey_points(claim, SLOW, 0), PROBES)) if claim.slow else []
        self.known: dict[tuple[int, Node], Any] = {}
        self.batches = []
        choices = size_choices(reading.scope, 3)
        self.domains = [(n, d) for n, d in reading.scope.domains if d.name != "Size"]
        for sizes in [] if self.slow else choices[-3:]:
            points = candidates(reading.scope, sizes, rng, 40, far=False)[:40]
            self.batches.append((sizes, batch(points, self.domains), len(points), index_choices(reading.free, sizes)[:4]))

    def value(self, k: int, reading: Reading, side: Node) -> Any:
        """The value of a side at a probe; the same side is evaluated once."""
        if (k, side) not in self.known:
            try:
                self.known[k, side] = evaluate(side, self.probes[k], 128, steps=STEPS)
            except (Undefined, Undecided):
                self.known[k, side] = None
        return self.known[k, side]

    def probed(self, reading: Reading) -> bool:
        """Whether no probe contradicts the claim."""
        relations, *sides = reading.tree.args
        for k in range(len(self.probes)):
            values = [self.value(k, reading, side) for side in sides]
            for relation, (a, b) in zip(relations, pairwise(values), strict=True):
                if a is not None and b is not None and holds(relation, compare(a, b, 128)) is False:
                    return False
        return True

    def passes(self, reading: Reading) -> bool:
        """Whether no point contradicts the claim and enough agree."""
        claim = Claim(reading)
        if not self.probed(reading):
            return False
        scout = Scout(claim.plan, claim.tree)
        for sizes, names, count, indices in self.batches:
            for i in indices:
                gaps, ratios = scout.excess(names, sizes, i, count)
                if any(r > 1e-6 and g > 1e-8 for g, r in zip(gaps, ratios, strict=True)):
                    return False
        report = survey(reading, 12 if self.slow else 90, stop_after=1)
        enough = 1 if self.slow or report.points < ENOUGH else ENOUGH
        return not report.contradicted and report.agreed == report.answered >= enough


__all__ = ["Candidate", "changes", "meant"]
