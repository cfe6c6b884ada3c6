"""Mutants of the lines that a certificate shows, and of the names beside them: only the second program can refuse them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from derivations._judge.elaborate import relation
from derivations._kernel.domains import REAL, STATEMENT, Scope, sort
from derivations._kernel.rules import RULES
from derivations._kernel.terms import IllFormed, Term
from derivations.certificate import encode_line, to_json

from .cases import Case
from .mutant import Make, Mutant
from .proofs import slipped
from .second import used


def shown(case: Case) -> list[dict[str, Any]]:
    """The lines as a certificate shows them."""
    return [encode_line(line) for line in case.judged.lines]


def said(case: Case) -> Iterator[tuple[int, Scope, Term | None]]:
    """Every line that says something: its number, its scope, and the line before (None: it is a statement)."""
    scopes, before = [case.claim.scope], case.claim.goal
    for k, line in enumerate(case.judged.lines):
        if line.term is None:
            continue
        del scopes[line.depth + 1 :]
        if line.relation == "case":
            scopes.append(scopes[line.depth].assuming(line.term))
        elif line.relation:
            yield k, scopes[line.depth], None if line.relation == "statement" else before
        if line.relation not in ("case", "statement"):
            before = line.term


def recorded_mutants(case: Case, rng: Random) -> Iterator[Mutant]:
    """A shown line that says something else, in an otherwise untouched certificate."""
    places = list(said(case))
    for k, scope, before in rng.sample(places, len(places)):
        line = case.judged.lines[k]
        try:
            if line.term is None or sort(line.term, scope) not in (REAL, STATEMENT):
                continue
        except IllFormed:
            continue
        for new in slipped(line.term, scope, rng, 6):
            lines = shown(case)
            lines[k]["term"] = to_json(new)
            statement = new if before is None else relation(line.relation, before, new)
            what = f"line {k + 1}: {line.term!r} ↦ {new!r}"
            yield Mutant("shown line", case, what, ((case.claim, case.proof),), (scope, statement), recorded=lines)


def named_mutants(case: Case, rng: Random) -> Iterator[Mutant]:
    """A shown line with a rule beside it which the proof does not use."""
    strangers = sorted(RULES.keys() - set(used(case.proof)))
    places = range(len(case.judged.lines))
    for k in rng.sample(places, len(places)):
        for rule in rng.sample(strangers, 3):
            lines = shown(case)
            lines[k]["rules"] = [*lines[k]["rules"][1:], rule]
            yield Mutant("shown rule", case, f"line {k + 1} by {rule}", ((case.claim, case.proof),), recorded=lines)


RECORDED_MUTANTS: dict[str, Make] = {"shown line": recorded_mutants, "shown rule": named_mutants}

__all__ = ["RECORDED_MUTANTS"]
