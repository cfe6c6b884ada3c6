"""How far a search came that found no proof: both sides of an equation as far as the rules take them, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .._judge.narrate import narrated
from .._kernel.check import Checked, Proof, Refused
from .._kernel.domains import Domain, Scope
from .._kernel.terms import IllFormed, Term, opened, var
from .._search.normalise import Normaliser, OutOfSteps
from .._search.polynomial import TooMany, tidy
from ..judged import JudgedLine, Prose
from .limits import Measured

STEPS = 20_000


def attempt(lemmas: Mapping[str, Checked], scope: Scope, goal: Term) -> list[JudgedLine]:
    """The lines of both sides to their normal forms; the last is not accepted and says what is left over."""
    kernel = Measured(lemmas, STEPS)
    while goal.op == "all":
        name = scope.fresh()
        scope, goal = scope.declaring(name, Domain("Index", (goal.args[0],))), opened(goal.args[1], var(name))
    if goal.op == "and":
        goal = goal.args[0]
    if goal.op not in ("eq", "le", "lt"):
        return []
    lines: list[JudgedLine] = []
    ends: list[Term] = []
    for heading, side in zip(("The left side", "The right side"), goal.args[:2], strict=True):
        lines.append(JudgedLine("case", None, Prose(heading)))
        try:
            end, steps = Normaliser(kernel).normal(side, scope)
            told = narrated(kernel, Proof("rewrite", (side, tuple(steps))), scope) if steps else []
        except (IllFormed, OutOfSteps, TooMany, Refused, RecursionError):
            end, told = side, []
        lines += [replace(line, depth=1) for line in told] or [JudgedLine("", side, Prose(""), depth=1)]
        ends.append(end)
    sign = {"eq": "=", "le": "<=", "lt": "<"}[goal.op]
    open_end = Prose("this was not decided")
    lines.append(JudgedLine("case", None, Prose("What is left")))
    lines.append(JudgedLine("", ends[0], Prose(""), depth=1))
    lines.append(JudgedLine(sign, ends[1], open_end, accepted=False, residue=tidy(ends[0] - ends[1]), depth=1))
    return lines


__all__ = ["attempt"]
