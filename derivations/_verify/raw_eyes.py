"""The second witness of a claim that was read from LaTeX: it evaluates the tree as read, and nothing made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import cast

from .._kernel.domains import Scope
from .._kernel.terms import IllFormed, Term, free_names, num, substitute
from .._kernel.tree import Node, parts
from .._reader import Untranslatable
from .._reader.reading import Reading
from .._reader.translate import translated
from .._reader.written import written as said
from .._search.integrals import worth
from .._witness import Point, Undefined
from .._witness.raw import Budget, Candidate, RawCounterexample, RawReport, meant, refute, survey
from .._witness.truth import Ties, Trial
from .eyes import SURVEY, UNVALUED, IsProved, Seen, Survey, exact, without_value
from .verdict import Counterexample

SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
#: Answers which a claim with an integral or a limit needs.
FEW = 3
#: A first look, before any proof is tried, and the look which is taken when none was found.
QUICK = Budget(points=60, balls=3, confirm=8, close=2, slow=6, climbs=0, turns=4_000)
LONG = Budget(points=400, balls=20, confirm=40, close=8, slow=10, climbs=24)
#: Seconds for the sieve of what may have been meant; what is left of a claim's time bounds it too.
MEANT = 2.0
#: The largest number of entries of a vector with a literal size at which points are tried.
LARGEST = 2000


def plain(node: Node) -> Node:
    """A side without factors 1."""
    args = tuple(a for a in node.args if a != Node("number", (Fraction(1),))) if node.kind == "mul" else node.args
    return args[0] if node.kind == "mul" and len(args) == 1 else Node(node.kind, args)


def trimmed(reading: Reading) -> Reading:
    """The reading without variables that stand nowhere in the formula: points are not spent on them."""
    used = {p.args[0] for p in parts(reading.tree) if p.kind == "name"}
    domains = [(n, d) for n, d in reading.scope.domains if n in used and d.name != "Size"]
    sizes = {s for _, d in domains for s in d.sizes} | {s for _, s in reading.free}
    used |= {s.args[0] for s in sizes if s.op == "var"}
    kept = tuple((n, d) for n, d in reading.scope.domains if n in used)
    return replace(reading, scope=replace(reading.scope, domains=kept))


def ranges(numbers: Sequence[int]) -> str:
    """Whole numbers in order, in words: 1–12, 16, 100–101."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


class RawEyes:
    """The witness of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        counts = (prod(s.args[0] for s in d.sizes if s.op == "num") for _, d in reading.scope.domains)
        self.large = any(count > LARGEST for count in counts)

    def refute(self, *, long: bool = False) -> Seen | None:
        if self.large:
            return None
        found = refute(self.reading, seed=int(long), budget=LONG if long else QUICK)
        if found is None:
            return None
        free = {name for name, _ in self.reading.free}
        indices = {n: int(v) for n, v in found.values.items() if n in free}
        values = {n: exact(v) for n, v in found.values.items() if n not in free}
        example = Counterexample(
            dict(found.sizes), values, indices, *found.sides, SIGNS.get(found.relation, found.relation), found.established
        )  # fmt: skip
        return Seen(example, found.needs_rules, weak=found.infinite, found=found)

    def sides(self, seen: Seen, goal: Term) -> tuple[Term, Term] | None:
        """Both sides of the link that ties, as closed terms; where every variable of the claim is a number."""
        found = seen.found
        if not isinstance(found, RawCounterexample) or found.sizes or goal.op not in ("eq", "le", "lt", "ne", "and"):
            return None
        links = goal.args if goal.op == "and" else (goal,)
        if len(links) != len(self.reading.tree.args[0]):  # values of limits and integrals are said besides
            return None
        numbers = {n: num(v) for n, v in found.values.items() if isinstance(v, Fraction)}
        if len(numbers) < len(found.values) or found.place >= len(links):
            return None
        left, right = (substitute(t, numbers) for t in links[found.place].args[:2])
        return left, right

    def meant(self, is_proved: IsProved) -> str:
        def proved(candidate: Candidate) -> bool:
            sides = candidate.tree.args[1:]
            if any(a == b for a, b in pairwise(map(plain, sides))):  # x = x · 1 says nothing
                return False
            try:
                written, (scope, goal) = translated(cast(Reading, candidate.reading), worth)
            except (Untranslatable, IllFormed):
                return False
            conditions = is_proved(scope, goal, RawEyes(cast(Reading, candidate.reading)), written)
            provided[candidate.tree] = "".join(f", provided {condition}" for condition in conditions or ())
            return conditions is not None

        provided: dict[Node, str] = {}
        for found in meant(self.reading, proved, wanted=1, seconds=MEANT):
            claim = said(found.tree, found.reading.scope, found.reading.free)
            return f"{claim}{provided[found.tree]}   ({found.words})"
        return ""

    def survey(self, scope: Scope, conditions: tuple[Term, ...]) -> Survey:
        if self.large:
            return Survey(False, f"a size is larger than {LARGEST}, and no point of it is tried")
        seen = survey(trimmed(self.reading), SURVEY)
        contradicted = [c for c in seen.contradicted if all(self._holds(condition, c.point) for condition in conditions)]
        said = f"at {contradicted[0].point}: {' against '.join(contradicted[0].sides)}" if contradicted else ""
        if contradicted:
            return Survey(False, said, said)
        return Survey(self._enough(seen, bool(conditions)), self._summary(seen))

    @property
    def _closed(self) -> bool:
        """Whether the formula depends on nothing, so that there is one point only."""
        return not self.reading.free and not any(p.kind == "name" for p in parts(self.reading.tree))

    def unvalued(self) -> str:
        if self.large:
            return ""
        seen = survey(trimmed(self.reading), 6 * UNVALUED)
        return without_value(seen.points + seen.pointed, seen.undefined + seen.pointed_undefined, self._closed)

    def _enough(self, seen: RawReport, conditions: bool) -> bool:
        """An answer at 95 % of the points where the formula has a value; without conditions it has one everywhere.

        Integrals and limits are enclosed at some points only: there a few answers will do, and the summary counts them.
        """
        if any(part.kind in ("integral", "limit") for part in parts(self.reading.tree)):
            return seen.answered >= min(FEW, seen.points) and (conditions or not seen.undefined)
        asked = seen.points - (seen.undefined if conditions else 0)
        return seen.answered > 0 and 100 * seen.answered >= 95 * asked

    def _summary(self, seen: RawReport) -> str:
        if none := without_value(seen.points + seen.pointed, seen.undefined + seen.pointed_undefined, self._closed):
            return none
        words = f"{seen.agreed + seen.pointed_agreed} of {seen.points + seen.pointed} points agree"
        undefined = seen.undefined + seen.pointed_undefined
        words += f", {undefined} have no value" if undefined else ""
        unanswered = seen.points + seen.pointed - seen.agreed - seen.pointed_agreed - undefined
        words += f", {unanswered} without an answer" if unanswered else ""
        sizes = sorted({n for choice in seen.sizes for n in choice.values()})
        return words + (f", sizes {ranges(sizes)}" if sizes else "")

    def _holds(self, condition: Term, at: Point) -> bool:
        if not free_names(condition) <= {*at.values, *at.sizes}:
            return True  # it speaks of the variable of an integral or a limit, which has no value at a point
        try:
            return Trial(at, Ties.AGREE).truth(condition) is not False
        except Undefined:
            return False


__all__ = ["LONG", "QUICK", "RawEyes"]
