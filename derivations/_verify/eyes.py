"""The second witness as the decision asks it: for a counterexample, for a survey, and for points outside a condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any, Protocol

from .._kernel.domains import Scope
from .._kernel.meaning import Written
from .._kernel.terms import Term, num, substitute
from .._witness import Point, Undefined, counterexample, pointed, witness
from .._witness.sample import sample
from .._witness.truth import Ties, Trial
from .verdict import Counterexample

#: Points at which a proved claim is looked at again, at least.
SURVEY = 120
#: Points at each size which are asked whether a formula has a value anywhere, where none was found yet.
UNVALUED = 4
RELATIONS = {"eq": "=", "le": "≤", "lt": "<", "ne": "≠"}


@dataclass(frozen=True)
class Seen:
    """A point where a claim fails; at a tie, the rules have to prove both sides equal there."""

    example: Counterexample
    tie: bool = False
    weak: bool = False  #: a side is infinite there, which a definedness condition may exclude
    found: object = None  #: what the witness needs to say more about it


@dataclass(frozen=True)
class Survey:
    """What was seen at many points."""

    ok: bool
    summary: str
    contradiction: str = ""


class Eyes(Protocol):
    """A witness of one claim."""

    def refute(self, *, long: bool = False) -> Seen | None:
        """A point where the claim certainly fails."""

    def sides(self, seen: Seen, goal: Term) -> tuple[Term, Term] | None:
        """Both sides at a tie as closed terms, for the rules to prove equal; None where they cannot be written."""

    def survey(self, scope: Scope, conditions: tuple[Term, ...]) -> Survey:
        """What many points say, at those where the conditions hold."""

    def unvalued(self) -> str:
        """That the formula has no value, where it seems to have none anywhere; nothing, where it has one."""

    def meant(self, is_proved: IsProved) -> str:
        """A claim one change away which is proved; nothing, if none is found."""


def without_value(points: int, undefined: int, closed: bool) -> str:
    """That a formula has no value: known where there is one point only, and believed where many were tried."""
    if not points or undefined < points:
        return ""
    return "the formula has no value" if closed else f"the formula has no value at any of the {points} points that were tried"


def exact(value: Any) -> Any:
    """An exact value as text and nested lists of text."""
    return [exact(v) for v in value] if isinstance(value, tuple) else str(value)


def outside(scope: Scope, condition: Term) -> list[Point]:
    """Points of the scope at which the condition certainly fails: simple ones, and those that were drawn."""
    found = {p.point for seed in range(3) if (p := counterexample(scope, condition, seed=seed)) is not None and not p.tie}
    for point in sample(scope).points:
        try:
            if Trial(point, Ties.AGREE).truth(condition) is False:
                found.add(point)
        except Undefined:
            continue
    return sorted(found, key=str)


#: The conditions under which a claim, with its own witness, is proved; None if it is not.
IsProved = Callable[[Scope, Term, "Eyes", Written | None], tuple[str, ...] | None]


class TermEyes:
    """The witness of a claim that came as a term, as SymPy expressions do."""

    def __init__(self, scope: Scope, goal: Term) -> None:
        self.scope, self.goal = scope, goal

    def refute(self, *, long: bool = False) -> Seen | None:
        seen = counterexample(self.scope, self.goal, seed=int(long), per_size=20 if long else 4)
        if seen is None:
            return None
        values = {n: v for n, v in seen.point.values.items() if self.scope.domain(n).name != "Index"}
        indices = {n: int(v) for n, v in seen.point.values.items() if n not in values}
        goal = self.goal
        while goal.op == "all":
            goal = goal.args[1]
        lhs, rhs = seen.sides if seen.sides else ("", "")
        example = Counterexample(
            dict(seen.point.sizes), {n: exact(v) for n, v in values.items()}, indices, lhs, rhs,
            RELATIONS.get(goal.op, goal.op), seen.established,
        )  # fmt: skip
        return Seen(example, seen.tie, "infinite" in seen.established, seen.point)

    def sides(self, seen: Seen, goal: Term) -> tuple[Term, Term] | None:
        point = seen.found
        if not isinstance(point, Point) or point.sizes or goal.op not in ("lt", "ne"):
            return None
        values = {n: num(v) for n, v in point.values.items() if isinstance(v, Fraction)}
        if len(values) < len(point.values):
            return None
        left, right = (substitute(t, values) for t in goal.args)
        return left, right

    def meant(self, is_proved: IsProved) -> str:
        return ""

    def survey(self, scope: Scope, conditions: tuple[Term, ...]) -> Survey:
        seen = witness(scope, self.goal, per_size=SURVEY // 6 + 1)
        said = str(seen.contradicted[0]) if seen.contradicted else self._against(scope, conditions)
        if not said and seen.points and seen.undefined == seen.points:
            return Survey(False, self.unvalued())
        return Survey(seen.ok and not said, seen.summary, said)

    def _against(self, scope: Scope, conditions: tuple[Term, ...]) -> str:
        """What speaks against the claim at points it points at itself, where the conditions hold."""
        for point in pointed(scope, self.goal, Random("pointed"), range(1, 7)):
            trial = Trial(point, Ties.AGREE)
            try:
                if not all(trial.truth(h) for h in (*scope.hypotheses, *conditions)) or trial.truth(self.goal) is not False:
                    continue
            except Undefined:
                continue
            return f"at {point}: {' against '.join(trial.sides[:2])}" if trial.sides else f"at {point}: it fails"
        return ""

    def unvalued(self) -> str:
        seen = witness(self.scope, self.goal, per_size=UNVALUED)
        return without_value(seen.points, seen.undefined, not self.scope.domains)


__all__ = ["SURVEY", "Eyes", "Seen", "Survey", "TermEyes", "exact", "outside", "without_value"]
