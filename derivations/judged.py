"""What judging a result gives, as plain data: every form of document, the command line and the tests read this."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ._kernel.domains import Scope
from ._kernel.terms import Term


@dataclass(frozen=True)
class Prose:
    """Text with terms in it: ``{name}`` in the template is replaced by the formula of ``terms[name]``.

    A template holds no formula of its own, so a page shows no formula that was not judged.
    """

    template: str
    terms: dict[str, Term] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgedLine:
    """One line of a derivation, as the checker saw it.

    ``relation`` is "" for the first line of a chain, "=", "<=", "<", ">=", ">" for the following ones ("=" continues
    from the term of the line before), "statement" for a whole statement, and "case" for a heading (then ``reason`` is
    the heading's text and ``term`` the condition of the case, or None). ``depth`` is the nesting under such headings.
    """

    relation: str
    term: Term | None
    reason: Prose
    rules: tuple[str, ...] = ()  #: names of the rules used, for the reader
    accepted: bool = True
    residue: Term | None = None  #: on a refused line: left side minus right side, as far as it was simplified
    depth: int = 0


@dataclass(frozen=True)
class JudgedTheorem:
    """One statement of a result with its derivation and its verdict."""

    name: str  #: short identifier within the result
    title: Prose
    scope: Scope  #: variables with domains, and hypotheses
    goal: Term  #: the statement
    verdict: str  #: "proved" | "refused" (a line or the proof does not hold) | "refuted" | "undecided"
    evidence: str  #: "derived" for a proved one, else ""
    lines: tuple[JudgedLine, ...]
    rules: tuple[str, ...]  #: primitive rules and principles used, directly
    uses: tuple[str, ...]  #: labels ("result.theorem") of what it cites
    reason: str = ""  #: why it is not proved, in words
    searched: bool = False  #: the derivation was found by search
    missing: Term | None = None  #: a condition which is not given, and without which the statement is undefined
    idle: tuple[Term, ...] = ()  #: hypotheses without which the statement is proved as well
    witness: str = ""  #: what the second witness said, e.g. "214 of 214 points agree, sizes 1–6"
    seconds: float = 0.0
    checked: Any = None  #: the kernel's Checked object, only on a proved one


@dataclass(frozen=True)
class JudgedRefutation:
    """A false claim met in the literature, refuted at an exact point, with what is true instead."""

    title: Prose
    scope: Scope
    goal: Term  #: the false statement
    verdict: str  #: "refuted", or "undecided" where the refutation fails
    point: dict[str, Any]  #: name → whole number, Fraction, or (nested) tuple of Fractions
    sides: tuple[str, ...]  #: both sides there, as decimal numbers
    established: str  #: how, in words
    correction: Prose


@dataclass(frozen=True)
class ExampleRow:
    """One computed number of a worked example."""

    label: Prose  #: what is computed
    term: Term
    value: str  #: six digits after the point
    unit: str = ""  #: "nats", "bits" or ""
    printed: str = ""  #: what the source printed, if it printed something
    agrees: bool | None = None  #: whether the printed number is the rounding of the true one


@dataclass(frozen=True)
class Example:
    """A worked example on real numbers."""

    id: str  #: ledger number such as "W05"
    text: Prose
    rows: tuple[ExampleRow, ...]
    remark: Prose | None = None


@dataclass(frozen=True)
class Function:
    """An emitted function as the pages show it; made by ``numeric``, passed through as plain data."""

    name: str
    source: str
    theorem: str  #: label of the theorem whose term it computes
    record: tuple[dict[str, Any], ...] = ()  #: accuracy record, one row per regime
    note: str = ""  #: seed, platform and whatever else belongs to the record


@dataclass(frozen=True)
class JudgedResult:
    """One result: its statements, derivations, verdicts, examples and functions."""

    name: str  #: the file's name, e.g. "kl_is_cross_entropy_minus_entropy"
    subject: str  #: the folder's name, e.g. "divergence"
    title: Prose
    summary: Prose
    source: str  #: where the statement can be found in print
    theorems: tuple[JudgedTheorem, ...]
    refutations: tuple[JudgedRefutation, ...] = ()
    examples: tuple[Example, ...] = ()
    functions: tuple[Function, ...] = ()

    @property
    def verdict(self) -> str:
        """ "proved" if everything holds, else the worst that was met."""
        verdicts = [t.verdict for t in self.theorems] + [
            "proved" if r.verdict == "refuted" else r.verdict for r in self.refutations
        ]
        return next((bad for bad in ("refuted", "refused", "undecided") if bad in verdicts), "proved")

    @property
    def evidence(self) -> str:
        """The weakest evidence of its statements."""
        found = {t.evidence for t in self.theorems}
        return next((kind for kind in ("derived", "replayed") if kind in found), "") if self.verdict == "proved" else ""

    @property
    def uses(self) -> tuple[str, ...]:
        """The labels of statements of other results which this one cites."""
        return tuple(sorted({u for t in self.theorems for u in t.uses if not u.startswith(self.name + ".")}))
