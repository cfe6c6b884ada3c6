"""The second witness answers for a whole statement: at how many points it was tried, answered, and held.

Nothing here proves anything. A statement which the rules derive and this witness contradicts stops everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._kernel.domains import Scope
from .._kernel.terms import Term
from .jets import Undefined
from .point import Point
from .sample import sample
from .truth import Ties, Trial

#: How many contradictions a report keeps.
KEPT = 3
#: The share of points which must answer, in percent.
SHARE = 95


@dataclass(frozen=True)
class Contradiction:
    """A point at which the statement fails, and the two numbers which do not compare as claimed."""

    point: Point
    sides: tuple[str, ...]
    established: str

    def __str__(self) -> str:
        return f"at {self.point}: " + (f"{' against '.join(self.sides)} ({self.established})" if self.sides else "it fails")


@dataclass(frozen=True)
class Report:
    """What the witness saw."""

    points: int
    answered: int
    agreed: int
    undefined: int  #: points where the formula has no value; they are not answered
    contradicted: tuple[Contradiction, ...]  #: the first few
    unanswered: tuple[Point, ...]  #: the first few
    sizes: tuple[int, ...]  #: sizes answered by every size variable
    missing: tuple[int, ...]  #: sizes that were tried and have points, but no answer
    vacuous: tuple[dict[str, int], ...]  #: sizes at which no point that meets the hypotheses was found

    @property
    def ok(self) -> bool:
        """No contradiction, a point at all, an answer at 95 % of them and at every size which can occur."""
        enough = self.points > 0 and 100 * self.answered >= SHARE * self.points
        return enough and not self.missing and self.agreed == self.answered

    @property
    def summary(self) -> str:
        """The report in a line."""
        if not self.points:
            return "no point meets the hypotheses"
        text = f"{self.agreed} of {self.points} points agree"
        if self.answered > self.agreed:
            text += f", {self.answered - self.agreed} contradict"
        if self.points > self.answered:
            text += f", {self.points - self.answered} without an answer"
        if self.sizes:
            low, high = min(self.sizes), max(self.sizes)
            span = f"{low}–{high}" if self.sizes == tuple(range(low, high + 1)) else ", ".join(map(str, self.sizes))
            text += f", size {low}" if low == high else f", sizes {span}"
        if self.missing:
            text += f", none at size {', '.join(map(str, self.missing))}"
        return text


def witness(
    scope: Scope,
    statement: Term,
    *,
    seed: int = 0,
    per_size: int = 7,
    sizes: Iterable[int] = range(1, 7),
    stop_after: int | None = None,
) -> Report:
    """Try ``statement`` at the points of the scope; after ``stop_after`` contradictions no further point is tried."""
    drawn = sample(scope, seed=seed, per_size=per_size, sizes=sizes)
    answered = agreed = undefined = tried = 0
    contradicted: list[Contradiction] = []
    unanswered: list[Point] = []
    met: dict[str, set[int]] = {}
    heard: dict[str, set[int]] = {}
    for point in drawn.points:
        tried += 1
        trial, truth = Trial(point, Ties.AGREE), None
        try:
            truth = trial.truth(statement)
        except Undefined:
            undefined += 1
        for name, size in point.sizes.items():
            met.setdefault(name, set()).add(size)
            if truth is not None:
                heard.setdefault(name, set()).add(size)
        answered += truth is not None
        agreed += truth is True
        if truth is None and len(unanswered) < KEPT:
            unanswered.append(point)
        if truth is False and len(contradicted) < KEPT:
            sides = trial.sides
            contradicted.append(Contradiction(point, sides[:2] if sides else (), sides.established if sides else ""))
        if truth is False and stop_after is not None and answered - agreed >= stop_after:
            break
    common = set.intersection(*(heard.get(name, set()) for name in met)) if met else set()
    missing = {size for name, seen in met.items() for size in seen - heard.get(name, set())}
    return Report(
        tried, answered, agreed, undefined, tuple(contradicted), tuple(unanswered),
        tuple(sorted(common)), tuple(sorted(missing)), drawn.empty,
    )  # fmt: skip
