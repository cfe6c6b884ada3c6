"""One claim is decided: read, looked at, proved or refuted, checked, replayed, and looked at again as it was written."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import replay
from .._judge.narrate import narrated, reasons
from .._kernel.check import Checked, Claim, Proof, Refused, check
from .._kernel.domains import Scope
from .._kernel.exact import require_exact
from .._kernel.meaning import Written
from .._kernel.terms import STATEMENTS, IllFormed, Term
from .._kernel.understood import require_covered, require_understood
from .._render.text import Names, text
from .._search.equation import NotFound
from .._search.normalise import OutOfSteps
from .._search.polynomial import TooMany, tidy
from .._search.prove import prove
from .._search.strong import Strong
from .._surface.where import shown
from ..certificate import encode_formula
from ..evidence import refusal
from ..judged import JudgedLine, Prose
from .definedness import conditions, whole_exponents, with_condition
from .eyes import Eyes, Seen, TermEyes, outside
from .formula import formula_data
from .lemmas import Extended, whole_certificate
from .limits import MAX_LATEX, MAX_WHERE, STEPS, Measured, TimeUp, clock
from .partial import attempt
from .reading import Unread, eyes_of, read
from .trace import trace_data
from .verdict import Verdict, clean

#: The certificate of a claim is filed under this label.
LABEL = "claim.claim"
FAULT = "lossproof failed while {stage}, which is a fault of lossproof: {kind}: {error}; please report it"
STOPPED = "stopped after {seconds:g} s (--timeout) while {stage}"


@dataclass(frozen=True)
class Question:
    """A claim as it is asked: LaTeX with domains, or a statement that was read already."""

    latex: str = ""
    where: str = ""
    id: str = ""
    strict: bool = False
    detail: bool = False  #: the derivation and the certificate are wanted
    timeout: float | None = None
    term: tuple[Scope, Term] | None = None


@dataclass(frozen=True)
class Provided:
    """What a formula leaves implicit: the conditions to display, and those which hold everywhere, with their proofs."""

    said: tuple[str, ...]  #: the conditions to display, in words
    open: tuple[Term, ...]  #: the same as statements
    scope: Scope  #: the scope with these conditions
    proved: tuple[tuple[Term, Proof], ...] = ()

    @property
    def whole(self) -> Scope:
        """The scope in which what was shown may be used as well."""
        return self.scope.assuming(*(condition for condition, _ in self.proved))

    def given(self, proof: Proof) -> Proof:
        """A proof in the whole scope becomes one in the scope of the claim."""
        for _, known in reversed(self.proved):
            proof = Proof("given", (known, proof))
        return proof


class Decision:
    """The way of one question to its verdict."""

    def __init__(self, question: Question, lemmas: Mapping[str, Checked], steps: int = STEPS) -> None:
        self.question, self.lemmas, self.steps = question, Extended(lemmas), steps
        self.written: Written | None = None  #: the formula, of a claim that was read from LaTeX
        self.stage = "reading"
        self.verdict = Verdict(
            "undecided", source=clean(question.latex, MAX_LATEX), where=clean(question.where), id=question.id
        )

    def decide(self) -> Verdict:
        """The verdict; nothing that a claim can contain makes this raise."""
        start = time.perf_counter()
        try:
            with clock(self.question.timeout):
                self._decide()
        except TimeUp:
            why = STOPPED.format(seconds=self.question.timeout or 0.0, stage=self.stage)
            self._stopped(why + (f"; {self.verdict.reason}" if self.verdict.reason else ""))
        except MemoryError:
            self._stopped(f"out of memory (512 MB a claim) while {self.stage}")
        except RecursionError:
            self._stopped(f"nested too deep, met while {self.stage}")
        except Exception as error:  # one claim is lost, and not those after it
            if os.environ.get("LOSSPROOF_DEBUG"):
                raise
            late = self.question.timeout is not None and time.perf_counter() - start >= self.question.timeout
            if late and isinstance(error, SystemError):  # the alarm rang inside of compiled code
                self._stopped(STOPPED.format(seconds=self.question.timeout or 0.0, stage=self.stage))
                return replace(self.verdict, seconds=time.perf_counter() - start)
            self._stopped(FAULT.format(stage=self.stage, kind=type(error).__name__, error=clean(str(error), 200)))
        return replace(self.verdict, seconds=time.perf_counter() - start)

    def _say(self, **what: Any) -> None:
        self.verdict = replace(self.verdict, **what)

    def _undecided(self, why: str) -> None:
        self._say(verdict="undecided", reason=why, evidence="", counterexample=None, conditions=())

    def _unknown(self, why: str, eyes: Eyes) -> None:
        """Nothing was found; that the formula has no value is said first."""
        self._undecided(why)
        none = eyes.unvalued()
        if none:
            self._undecided(f"{none}; {why}")

    def _stopped(self, why: str) -> None:
        """A limit was met; what is established by then stays."""
        if self.verdict.verdict == "undecided":
            self._undecided(why)

    # ---- the stages

    def _decide(self) -> None:
        question = self.question
        if question.term is not None:
            scope, goal = question.term
            self._say(read_as=said(scope, goal))
            looker = TermEyes(scope, goal)
            self.stage = "looking for a counterexample"
            seen = looker.refute()
            if seen is not None and not seen.tie and not seen.weak:
                self._refuted(seen, looker)
            else:
                self._claim(scope, goal, looker, seen)
            return
        try:
            for words, what, most in ((question.latex, "formula", MAX_LATEX), (question.where, "domains", MAX_WHERE)):
                if len(words) > most:
                    raise Unread(f"the {what} is longer than {most} characters; give one claim at a time")
            reading = read(question.latex, question.where, question.strict)
        except Unread as error:
            self._say(verdict="error", reason=str(error))
            return
        self._say(read_as=reading.read_as, conventions=reading.conventions, formula=formula_data(reading.reading))
        eyes = eyes_of(reading)
        self.stage = "looking for a counterexample"
        seen = eyes.refute()
        if seen is not None and not seen.tie and not seen.weak:
            self._refuted(seen, eyes)
            return
        self.stage = "bringing the formula into the language of the rules"
        try:
            self.written, (scope, goal) = reading.translated()
        except Unread as error:
            if not self._look_longer(eyes, seen, None):
                self._unknown(str(error), eyes)
            return
        self._claim(scope, goal, eyes, seen)

    def _claim(self, scope: Scope, goal: Term, eyes: Eyes, seen: Seen | None, *, quick: bool = False) -> None:
        kernel = Measured(self.lemmas, self.steps)
        self.stage = "looking for what the formula leaves implicit"
        try:
            exponents = self._exponents(scope, goal)
            known = scope.assuming(*(fact for fact, _ in exponents))
            _, needed, lacking = conditions(kernel, known, goal, lambda s, c: self._shown(s, c) is not None)
        except (IllFormed, OutOfSteps, TooMany) as error:
            self._undecided(str(error))
            return
        self.stage = "proving what the formula leaves implicit"
        provided = self._provided(scope, exponents, needed)
        why = self._defined(scope, goal, provided.open, lacking)
        if not why:
            self.stage = "looking for a proof"
            why = self._prove(kernel, scope, Claim(provided.scope, goal), provided, eyes)
        if not why or quick or self._look_longer(eyes, seen, goal):
            return
        self._unknown(why, eyes)
        if self.question.detail:
            self._say(trace=trace_data(provided.whole, goal, attempt(self.lemmas, provided.whole, goal), searched=True))

    def _exponents(self, scope: Scope, goal: Term) -> tuple[tuple[Term, Proof], ...]:
        """The exponents in a formula that are whole numbers though they are not written so, with proofs that they are."""
        shown = ((fact, self._shown(scope, fact)) for fact in whole_exponents(goal))
        return tuple((fact, proof) for fact, proof in shown if proof is not None)

    def _provided(self, scope: Scope, known: tuple[tuple[Term, Proof], ...], needed: tuple[Term, ...]) -> Provided:
        """The conditions in two parts: those which hold wherever the others do, with their proofs, and those to display."""
        left, facts = list(needed), [fact for fact, _ in known]
        for condition in needed:
            rest = [c for c in left if c is not condition]
            if self._shown(_under(scope, [*facts, *rest]), condition) is not None:
                left = rest
        found = Provided(tuple(said_condition(scope, c) for c in left), tuple(left), _under(scope, left), known)
        for condition in needed:
            if condition not in left and (proof := self._shown(found.whole, condition)) is not None:
                found = replace(found, proved=(*found.proved, (condition, proof)))
        for condition, _ in found.proved[len(known) :]:  # the search meets the terms of a condition in normal form
            same = self._in_normal_form(found.whole, condition)
            if same != condition and (proof := self._shown(found.whole, same)) is not None:
                found = replace(found, proved=(*found.proved, (same, proof)))
        return found

    def _in_normal_form(self, scope: Scope, condition: Term) -> Term:
        """A relation between the normal forms of its sides; other conditions as they are."""
        if condition.op not in ("lt", "le", "ne"):
            return condition
        try:
            ends = Strong(Measured(self.lemmas, self.steps // 10)).together(list(condition.args[:2]), scope)
        except (NotFound, Refused, IllFormed, OutOfSteps, TooMany):
            return condition
        return Term(condition.op, *(end for end, _ in ends))

    def _shown(self, scope: Scope, condition: Term) -> Proof | None:
        """A proof of a condition."""
        kernel = Measured(self.lemmas, self.steps // 10)
        try:
            proof = prove(kernel, scope, condition)
            kernel = Measured(self.lemmas)
            return (
                proof if kernel.derive(proof, scope) == condition and kernel.order(scope).undefined(condition) is None else None
            )
        except (NotFound, Refused, IllFormed, OutOfSteps, TooMany):
            return None

    def _defined(self, scope: Scope, goal: Term, needed: tuple[Term, ...], lacking: Term | None) -> str:
        """Why the conditions will not do; nothing, if they do.

        The formula has to be without a value wherever one of them fails, which the kernel decides; and there has to be such
        a point, or the condition is none.
        """
        if lacking is not None and lacking.op in STATEMENTS:
            return f"the formula is not known to be defined: it would need {said_condition(scope, lacking)}"
        if lacking is not None:
            return f"a derivative is not known to exist: {said_condition(scope, lacking)} may have a corner there"
        for k, condition in enumerate(needed):
            words = said_condition(scope, condition)
            try:
                require_exact(scope, goal, needed[: k + 1], Measured(self.lemmas, self.steps // 10).algebra)
            except (Refused, IllFormed, OutOfSteps, TooMany):
                return f"the rules need {words}, but the formula may have a value where this fails"
            if not outside(scope.assuming(*needed[:k]), condition):
                return f"the rules need {words}, which was neither proved nor seen to fail"
        return ""

    def _understood(self, scope: Scope, goal: Term, conditions: tuple[Term, ...], checked: Checked) -> None:
        """:class:`Refused` unless what was checked is what was written."""
        if self.written is None:
            require_covered(scope, goal, conditions, checked)
        else:
            require_understood(self.written, conditions, checked)

    def _prove(self, kernel: Measured, scope: Scope, claim: Claim, provided: Provided, eyes: Eyes) -> str:
        """Find a proof, check it, replay it, and look at the claim again; why not, or nothing."""
        try:
            proof = prove(kernel, provided.whole, claim.goal)
            self.stage = "checking the proof"
            checked = check(claim, provided.given(proof), self.lemmas)
            self._understood(scope, claim.goal, provided.open, checked)
        except (NotFound, Refused, IllFormed, OutOfSteps, TooMany) as error:
            residue = getattr(error, "residue", None)
            return clean(f"no proof was found: {error}{left_over(residue, claim.scope)}", 600)
        self.stage = "looking at the claim again at many points"
        survey = eyes.survey(claim.scope, provided.open)
        if survey.contradiction:
            self._say(verdict="undecided", contradiction=f"the rules accept it, but {survey.contradiction}",
                      reason="the rules and the second witness contradict each other")  # fmt: skip
            return ""
        if not survey.ok:
            return f"a proof was found, but the second witness could not confirm it: {survey.summary}"
        self.stage = "replaying the certificate"
        own = self._lemma_lines(checked) if self.question.detail else {}
        lines = narrated(Measured(self.lemmas), proof, provided.whole) if self.question.detail else []
        formula = None if self.written is None else encode_formula(self.written, provided.open)
        shown = {**own, LABEL: [] if provided.proved else lines}
        certificate = whole_certificate(LABEL, checked, self.lemmas, shown, formula)
        library = replay.Library(certificate["theorems"])
        remark = refusal(library, LABEL)
        if library.otherwise(LABEL):
            self._say(verdict="undecided", contradiction=f"the second program reads it otherwise: {remark}",
                      reason="the two readings of the formula contradict each other")  # fmt: skip
            return ""
        evidence = "derived" if remark else "replayed"
        self._say(
            verdict="proved", evidence=evidence, conditions=provided.said, reason=remark, witness=survey.summary,
            uses=checked.cites, checked=checked,
        )  # fmt: skip
        if self.question.detail:
            used = tuple(name for name in reasons(kernel, proof, provided.whole) if "." not in name)
            trace = trace_data(claim.scope, claim.goal, [*self._with_headings(own), *lines], searched=True)
            self._say(certificate=certificate, rules=used, trace=trace)
        return ""

    def _lemma_lines(self, checked: Checked) -> dict[str, list[JudgedLine]]:
        """The lines of each lemma that was proved on the way and is cited."""
        cited = {label: self.lemmas[label] for label in checked.cites if self.lemmas.is_own(label)}
        return {k: narrated(Measured(self.lemmas), t.proof, t.claim.scope) for k, t in cited.items()}

    def _with_headings(self, lemmas: dict[str, list[JudgedLine]]) -> Iterable[JudgedLine]:
        """The lemmas as they stand before the derivation that cites them."""
        for label, lines in lemmas.items():
            domains = "; ".join(f"{name}: {shown(domain)}" for name, domain in self.lemmas[label].claim.scope.domains)
            yield JudgedLine("case", None, Prose(f"{label.partition('.')[2]}, for {domains}"))
            yield from (replace(line, depth=line.depth + 1) for line in lines)

    # ---- refutations

    def _look_longer(self, eyes: Eyes, seen: Seen | None, goal: Term | None) -> bool:
        """Whether a longer search refutes the claim, or the rules prove that a tie is one."""
        self.stage = "looking longer for a counterexample"
        self._say(reason="no proof was found")
        found = eyes.refute(long=True)
        if found is None or found.weak or (found.tie and seen is not None and seen.tie):
            found = seen
        self._say(reason="")
        if found is None or found.weak:  # +∞ is no number: a point where a side is infinite refutes nothing
            return False
        if not found.tie:
            self._refuted(found, eyes)
            return True
        self.stage = "proving both sides equal at a point"
        sides = None if goal is None else eyes.sides(found, goal)
        if sides is not None and self._equal(*sides):
            example = replace(found.example, established="the rules prove both sides equal there")
            self._refuted(Seen(example), eyes)
            return True
        return False

    def _equal(self, left: Term, right: Term) -> bool:
        """Whether the rules prove two closed terms equal."""
        claim = Claim(Scope(), Term("eq", left, right))
        try:
            check(claim, prove(Measured(self.lemmas, self.steps), claim.scope, claim.goal), self.lemmas)
        except (NotFound, Refused, IllFormed, OutOfSteps, TooMany):
            return False
        return True

    def _refuted(self, seen: Seen, eyes: Eyes) -> None:
        self._say(verdict="refuted", counterexample=seen.example, reason="")
        self.stage = "looking for what was meant"
        meant = eyes.meant(self._is_proved)
        self._say(counterexample=replace(seen.example, did_you_mean=meant))

    def _is_proved(self, scope: Scope, goal: Term, eyes: Eyes, written: Written | None = None) -> tuple[str, ...] | None:
        """The conditions under which a claim one change away is proved; its own verdict is not this one's."""
        other = Decision(Question(timeout=None), self.lemmas, self.steps // 8)
        other.written = written
        other._claim(scope, goal, eyes, None, quick=True)
        proved = other.verdict.verdict == "proved" and not other.verdict.contradiction
        return other.verdict.conditions if proved else None


def _under(scope: Scope, needed: Iterable[Term]) -> Scope:
    """The scope under conditions."""
    for condition in needed:
        scope = with_condition(scope, condition)
    return scope


def left_over(residue: Term | None, scope: Scope) -> str:
    """What a search could not bring to zero, in words."""
    if residue is None:
        return ""
    with contextlib.suppress(IllFormed, OutOfSteps, TooMany, RecursionError):
        residue = tidy(residue)
    return f"; left over: {text(residue, Names([residue], scope))}"


def said_condition(scope: Scope, condition: Term) -> str:
    """A condition on one line."""
    return text(condition, Names([condition], scope))


def said(scope: Scope, goal: Term) -> str:
    """A statement with its domains on one line, for a claim that was not read from LaTeX."""
    from .._surface.where import written

    names = Names([goal], scope)
    given = "".join(f", given {text(h, Names([h], scope))}" for h in scope.hypotheses)
    return f"{text(goal, names)}   where {written(scope)}{given}"


__all__ = ["LABEL", "Decision", "Question", "said"]
