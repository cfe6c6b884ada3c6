"""Judging: statements by the kernel, every line again by the second witness, refutations and examples by exact points."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derivations._kernel.check import Checked, Claim, Kernel, Refused, check
from derivations._kernel.domains import Scope
from derivations._kernel.terms import IllFormed, Term, substitute, var
from derivations._search.equation import NotFound
from derivations._search.normalise import OutOfSteps
from derivations._search.polynomial import TooMany
from derivations._search.prove import prove
from derivations._surface.author import Number, Refutation, Result, Text, Theorem, Worked
from derivations._surface.sympy_terms import from_sympy
from derivations._surface.where import where
from derivations._witness import Point, Report, Undecided, Undefined, decimal, witness
from derivations._witness.sample import inside
from derivations._witness.truth import Ties, Trial
from derivations.judged import Example, ExampleRow, JudgedRefutation, JudgedResult, JudgedTheorem, Prose

from .elaborate import BadLine, Elaborator, relation
from .load import idle_hypotheses
from .narrate import reasons
from .validate import Malformed, validate


class Contradiction(Exception):
    """The rules accept what the second witness contradicts: a fault of this software, never of its user."""


@contextmanager
def _part(what: str) -> Iterator[None]:
    """Say of which part of a result an ill-formed formula is."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        said = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) and error.args else error
        raise Malformed(f"{what}: {said}") from error
    except RecursionError as error:
        raise Malformed(f"{what}: the formula is nested too deep") from error
    except Undefined as error:
        raise Malformed(f"{what}: the formula has no value at its point: {error}") from error
    except Undecided as error:
        raise Malformed(f"{what}: the value at its point is not known well enough: {error}") from error


class Library(Mapping[str, Checked]):
    """Checked statements by label; those of other results are judged when they are asked for."""

    def __init__(self, find: Any = None) -> None:
        self.own: dict[str, Checked] = {}
        self._find = find

    def __getitem__(self, label: str) -> Checked:
        if label not in self.own and self._find is not None:
            found = self._find(label)
            if found is not None:
                return found  # type: ignore[no-any-return]
        return self.own[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)


def prose(text: str | Text, scope: Scope) -> Prose:
    """Prose with its formulas as terms."""
    if isinstance(text, str):
        return Prose(text)
    scope = where(text.where) if text.where else scope
    return Prose(text.template, {name: from_sympy(f, scope) for name, f in text.formulas.items()})


def claim_of(theorem: Theorem | Refutation) -> Claim:
    """The claim of a statement as its author wrote it."""
    scope = where(theorem.where)
    scope = scope.assuming(*(from_sympy(h, scope) for h in theorem.given))
    claim = Claim(scope, from_sympy(theorem.claim, scope))
    claim.check()
    return claim


def judge_theorem(
    theorem: Theorem, label: str, library: Library, *, witnessed: bool = True, search: bool = False
) -> JudgedTheorem:
    """A statement, judged: by its author's lines, or by search alone with ``search``."""
    start = time.perf_counter()
    with _part(f"the statement {theorem.name!r}"):
        claim, title = claim_of(theorem), prose(theorem.title, where(theorem.where))
    kernel = Kernel(library)
    work = Elaborator(kernel, claim.scope, from_sympy, prose)
    spec = None if search else theorem.proof
    base = JudgedTheorem(
        theorem.name,
        title,
        claim.scope,
        claim.goal,
        "undecided",
        "",
        (),
        (),
        (),
        searched=spec is None,
    )
    missing = kernel.order(claim.scope).undefined(claim.goal)
    if missing is not None:
        why = "undefined unless a condition holds that is not given"
        return replace(base, verdict="undecided", missing=missing, reason=why, seconds=time.perf_counter() - start)
    try:
        proof = work.proof(spec, claim.scope, claim.goal)
        checked = check(claim, proof, library)
    except (BadLine, NotFound, Refused, IllFormed, OutOfSteps, TooMany, RecursionError) as error:
        verdict, why = ("undecided" if spec is None else "refused"), str(error)
        seen = witness(claim.scope, claim.goal) if witnessed else None
        if seen is not None and seen.contradicted:
            verdict, why = "refuted", f"it fails {seen.contradicted[0]}"
        return replace(base, verdict=verdict, lines=tuple(work.lines), reason=why, seconds=time.perf_counter() - start)
    used = tuple(name for name in reasons(kernel, proof, claim.scope) if "." not in name)
    judged = replace(
        base, verdict="proved", evidence="derived", lines=tuple(work.lines), rules=used, uses=checked.cites, checked=checked,
        witness="not asked",
    )  # fmt: skip
    if witnessed:
        judged = _witnessed(judged, label, library)
    library.own[label] = checked
    return replace(judged, seconds=time.perf_counter() - start)


def _witnessed(judged: JudgedTheorem, label: str, library: Library) -> JudgedTheorem:
    """The second witness evaluates the statement and every line, written by the author or found by search."""
    whole = _asked(judged.scope, judged.goal, label, 4)
    for scope, said in _relations(judged):
        _asked(scope, said, label, 2)
    if not whole.ok:
        why = f"the second witness: {whole.summary}"
        return replace(judged, verdict="undecided", evidence="", checked=None, reason=why, witness=whole.summary)
    return replace(judged, witness=whole.summary, idle=idle_hypotheses(judged.checked.claim, library, judged.checked.proof))


def _relations(judged: JudgedTheorem) -> Iterator[tuple[Scope, Term]]:
    """What every line says: its relation to the line before, or a statement, under the conditions of its case."""
    scopes, before = [judged.scope], judged.goal
    for line in judged.lines:
        if line.term is None:
            continue
        del scopes[line.depth + 1 :]
        if line.relation == "case":
            scopes.append(scopes[line.depth].assuming(line.term))
        elif line.relation == "statement":
            yield scopes[line.depth], line.term
        elif line.relation:
            yield scopes[line.depth], relation(line.relation, before, line.term)
        if line.relation not in ("case", "statement"):
            before = line.term


def _asked(scope: Scope, statement: Term, label: str, per_size: int) -> Report:
    report = witness(scope, statement, per_size=per_size)
    if report.contradicted:
        raise Contradiction(f"{label}: the rules accept {statement!r}, but {report.contradicted[0]}")
    return report


# ---- refutations


def exact(value: Any) -> Any:
    """Exact values as an author writes them: whole numbers, fractions, decimals in quotes, and tuples of these."""
    if isinstance(value, (tuple, list)):
        return tuple(exact(v) for v in value)
    if isinstance(value, float):
        raise ValueError(f"{value} is a rounded number; write exact values in quotes, such as '{value}' or '1/3'")
    return Fraction(value)


def point_of(scope: Scope, at: dict[str, Any]) -> Point:
    """A point of the scope; sizes that are not given are read off the values."""
    sizes: dict[str, int] = {}
    values: dict[str, Any] = {}
    for name, domain in scope.domains:
        if domain.name == "Size":
            if name in at:
                sizes[name] = int(at[name])
        elif domain.name == "Index":
            values[name] = int(at[name])
        else:
            values[name] = exact(at[name])
            here = values[name]
            for size in domain.sizes:
                if size.op == "var":
                    sizes.setdefault(size.args[0], len(here))
                here = here[0]
    return Point(sizes, values)


def _outside(scope: Scope, point: Point) -> list[str]:
    """The variables whose values are not in their domains."""
    return [n for n, d in scope.domains if d.name != "Size" and not inside(d, point.values[n], dict(point.sizes))]


def judge_refutation(refutation: Refutation, library: Library) -> JudgedRefutation:
    """A false claim, refuted at its point: by disjoint balls, or at a tie by proving both sides equal there."""
    claim = claim_of(refutation)
    point = point_of(claim.scope, refutation.at)
    outside = _outside(claim.scope, point)
    trial = Trial(point, Ties.UNKNOWN)
    truth = None if outside or any(trial.truth(h) is not True for h in claim.scope.hypotheses) else trial.truth(claim.goal)
    sides = tuple(trial.sides[:2]) if trial.sides else ()
    established = trial.sides[2] if truth is False and trial.sides else ""
    if truth is not False and not outside and (equal := _tie(claim, point, library)) is not None:
        truth, established = False, equal
        at_tie = Trial(point, Ties.EQUAL)
        at_tie.truth(claim.goal)
        sides = tuple(at_tie.sides[:2]) if at_tie.sides else ()
    return JudgedRefutation(
        prose(refutation.title, claim.scope), claim.scope, claim.goal, "refuted" if truth is False else "undecided",
        point.as_dict(), sides, established, prose(refutation.correction, claim.scope),
    )  # fmt: skip


def _tie(claim: Claim, point: Point, library: Library) -> str | None:
    """For a < b or a ≠ b: variables with equal values at the point are made one; the rules then prove a = b."""
    if claim.goal.op not in ("lt", "ne"):
        return None
    first: dict[Any, str] = {}
    same: dict[str, Term] = {}
    for name, domain in claim.scope.domains:
        if domain.name != "Size":
            kept = first.setdefault((domain, point.values[name]), name)
            if kept != name:
                same[name] = var(kept)
    goal = Term("eq", *(substitute(t, same) for t in claim.goal.args))
    scope = Scope(tuple(d for d in claim.scope.domains if d[0] not in same))
    try:
        proof = prove(Kernel(library), scope, goal)
        check(Claim(scope, goal), proof, library)
    except (NotFound, Refused, IllFormed):
        return None
    return "the rules prove both sides equal wherever " + " and ".join(f"{v.args[0]} = {n}" for n, v in same.items())


# ---- worked examples


def judge_example(worked: Worked) -> Example:
    """The numbers of a worked example, computed at exact points and rounded correctly."""
    rows = tuple(_row(number) for number in worked.numbers)
    scope = where(worked.numbers[0].where)
    return Example(worked.id, prose(worked.text, scope), rows, None if worked.remark is None else prose(worked.remark, scope))


def _row(number: Number) -> ExampleRow:
    scope = where(number.where)
    t = from_sympy(number.formula, scope)
    point = point_of(scope, number.at)
    for name in _outside(scope, point):
        raise IllFormed(f"the value of {name} lies outside {scope.domain(name)}")
    value = decimal(t, point, 6)
    agrees = None
    if number.printed:
        digits = len(number.printed.partition(".")[2])
        agrees = Fraction(decimal(t, point, digits)) == Fraction(number.printed)
    return ExampleRow(prose(number.label, scope), t, value, number.unit, number.printed, agrees)


# ---- whole results


def judge_result(
    result: Result, name: str, subject: str, library: Library, *, witnessed: bool = True, search: bool = False
) -> JudgedResult:
    """Every part of a result, judged in order; a statement may cite those before it."""
    validate(result)
    theorems = tuple(judge_theorem(t, f"{name}.{t.name}", library, witnessed=witnessed, search=search) for t in result.theorems)
    with _part("the summary"):
        summary = prose(result.summary, theorems[0].scope)
    refutations, examples = [], []
    for number, refutation in enumerate(result.refutations, 1):
        with _part(f"refutation {number}"):
            refutations.append(judge_refutation(refutation, library))
    for worked in result.examples:
        with _part(f"the worked example {worked.id!r}"):
            examples.append(judge_example(worked))
    return JudgedResult(
        name, subject, Prose(result.title), summary, result.source, theorems, tuple(refutations), tuple(examples)
    )


__all__ = [
    "Contradiction",
    "Library",
    "Malformed",
    "claim_of",
    "judge_example",
    "judge_refutation",
    "judge_result",
    "judge_theorem",
    "prose",
]
