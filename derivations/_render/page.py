"""The page of a result as plain blocks: what every form shows, in the order in which it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .._kernel.domains import Domain, Scope
from .._kernel.terms import Term, free_names, num, opened, var
from ..judged import Example, Function, JudgedLine, JudgedRefutation, JudgedResult, JudgedTheorem, Prose
from .blocks import Block, Derivation, Facts, Formula, Heading, Line, Link, Listing, Mark, Paragraph, Run, Runs, Table
from .formula import Latex
from .notation import RELATIONS
from .text import Text
from .traverse import Names, vector_equality
from .words import EVIDENCE, VERDICTS, say


class Writer:
    """Formulas and sentences with one choice of letters."""

    def __init__(self, terms: Iterable[Term], scope: Scope | None = None) -> None:
        self.names = Names(terms, scope)
        self._latex, self._text = Latex(self.names), Text(self.names)

    def formula(self, t: Term, display: bool = False) -> Formula:
        """A term in both notations."""
        return Formula(self._latex(t), self._text(t).replace(" - ", " − "), display)

    def prose(self, prose: Prose) -> Runs:
        """The text of a template, with its terms written."""
        parts = re.split(r"\{(\w+)\}", prose.template)
        runs: list[Run] = []
        for k, part in enumerate(parts):
            if k % 2 == 0:
                runs += [part] if part else []
            else:
                runs.append(self.formula(prose.terms[part]) if part in prose.terms else f"{{{part}}}")
        return tuple(runs)

    def statement(self, t: Term, display: bool = True) -> Runs:
        """A statement in words and formulas; formulas stand alone, what joins them is text."""
        if t.op == "le" and len(t.args) == 3:
            condition = self.statement(t.args[2], False)
            return (self.formula(Term("le", *t.args[:2]), display), say(", with equality exactly when "), *condition)
        if t.op == "imp":
            return (say("If "), *self.statement(t.args[0], False), say(", then "), *self.statement(t.args[1], display))
        if t.op == "iff":
            return (*self.statement(t.args[0], display), say(" exactly when "), *self.statement(t.args[1], display))
        if t.op == "and":
            runs: list[Run] = []
            for k, part in enumerate(t.args):
                runs += [say(" and ")] if k else []
                runs += self.statement(part, display)
            return tuple(runs)
        if t.op == "all" and vector_equality(t) is None:
            size, body = t.args
            letter = var(self.names.letter(size, free_names(body)))
            shown = self.formula(size)
            name = self.formula(letter)
            index = Formula(rf"{name.latex} = 1, \ldots, {shown.latex}", f"{name.text} = 1, …, {shown.text}")
            return (*self.statement(opened(body, letter), display), say(" for every "), index)
        return (self.formula(t, display),)

    def conditions(self, scope: Scope) -> Runs:
        """The declared variables with their domains, those of one domain together."""
        groups: dict[Domain, list[str]] = {}
        for name, domain in scope.domains:
            if not name.startswith("#"):
                groups.setdefault(domain, []).append(name)
        runs: list[Run] = []
        for domain, names in groups.items():
            runs += ["; "] if runs else []
            for k, name in enumerate(names):
                runs += [say(" and ") if k == len(names) - 1 else ", "] if k else []
                runs.append(self.formula(var(name)))
            runs += [say(" is ") if len(names) == 1 else say(" are each "), *self.domain(domain)]
        return (*runs, ".") if runs else ()

    def domain(self, domain: Domain) -> Runs:
        """A domain in words."""
        sizes = [self.formula(size) for size in domain.sizes]
        words = say(domain.kind.words)
        if domain.name == "Index":
            before, _, after = words.partition("{0}")
            return (before, sizes[0], after) if after else (before, sizes[0])
        if domain.name == "Family":
            return (words, say(": "), sizes[0], say(" outcomes, "), sizes[1], say(" parameters"))
        if not sizes:
            return (words,)
        count = sizes[0]
        if len(sizes) == 2:
            count = Formula(rf"{sizes[0].latex} \times {sizes[1].latex}", f"{sizes[0].text} × {sizes[1].text}")
        if domain.kind.total:
            return (words, say(" with "), count, say(" entries"))
        return (say("a vector of ") if len(sizes) == 1 else say("an array of "), count, say(" entries, each "), words)

    def value(self, value: Any) -> Formula:
        """An exact number, or a tuple of such."""
        if isinstance(value, (tuple, list)):
            parts = [self.value(v) for v in value]
            return Formula(f"({', '.join(p.latex for p in parts)})", f"({', '.join(p.text for p in parts)})")
        return self.formula(num(Fraction(value)))


def document(result: JudgedResult) -> tuple[Block, ...]:
    """The whole page of a result."""
    own = Writer([*result.title.terms.values(), *result.summary.terms.values()])
    blocks: list[Block] = [
        Heading(1, own.prose(result.title), result.name),
        Paragraph(own.prose(result.summary), "summary"),
        Facts(_overview(result)),
    ]
    for theorem in result.theorems:
        blocks += _theorem(theorem, result.name)
    if result.refutations:
        blocks.append(Heading(2, (say("Claims that are false"),), "refutations"))
        for number, refutation in enumerate(result.refutations, 1):
            blocks += _refutation(refutation, number)
    if result.examples:
        blocks.append(Heading(2, (say("Worked examples"),), "examples"))
        for example in result.examples:
            blocks += _example(example)
    if result.functions:
        blocks.append(Heading(2, (say("Functions"),), "functions"))
        for function in result.functions:
            blocks += _function(function)
    return tuple(blocks)


def verdict(word: str) -> Runs:
    """A verdict as the reader sees it: mark and words."""
    mark, words = VERDICTS.get(word, (None, word))
    return (Mark(mark), f" {say(words)}")


def evidence(word: str) -> str:
    """The kind of evidence in words."""
    return say(EVIDENCE.get(word, word))


def _links(labels: Iterable[str]) -> Runs:
    runs: list[Run] = []
    for label in labels:
        runs += [", "] if runs else []
        runs.append(Link(label))
    return tuple(runs)


def _overview(result: JudgedResult) -> tuple[tuple[str, Runs], ...]:
    rules = sorted({rule for theorem in result.theorems for rule in theorem.rules})
    rows: list[tuple[str, Runs]] = [(say("Verdict"), verdict(result.verdict))]
    if result.evidence:
        rows.append((say("Evidence"), (f"{result.evidence}: {evidence(result.evidence)}",)))
    rows.append((say("Primitive rules"), (", ".join(rules) or say("none"),)))
    rows.append((say("Uses"), _links(result.uses) or (say("nothing from other pages"),)))
    if result.source:
        rows.append((say("In print"), (result.source,)))
    return tuple(rows)


def _theorem(theorem: JudgedTheorem, result: str) -> list[Block]:
    terms = [theorem.goal, *theorem.title.terms.values(), *([] if theorem.missing is None else [theorem.missing])]
    for line in theorem.lines:
        terms += [t for t in (line.term, line.residue) if t is not None] + list(line.reason.terms.values())
    write = Writer(terms, theorem.scope)
    rows: list[tuple[str, Runs]] = []
    if conditions := write.conditions(theorem.scope):
        rows.append((say("Where"), conditions))
    for hypothesis in theorem.scope.hypotheses:
        rows.append((say("Given"), write.statement(hypothesis, False)))
    for hypothesis in theorem.idle:
        rows.append((say("Not needed"), write.statement(hypothesis, False)))
    if theorem.missing is not None:
        rows.append((say("To be given"), write.statement(theorem.missing, False)))
    remark = theorem.reason or theorem.evidence
    rows.append((say("Verdict"), (*verdict(theorem.verdict), *((": ", remark) if remark else ()))))
    if theorem.searched:
        rows.append((say("Lines"), (say("found by search"),)))
    if theorem.witness:
        rows.append((say("Second witness"), (theorem.witness,)))
    rows.append((say("Rules"), (", ".join(theorem.rules) or say("none"),)))
    if theorem.uses:
        rows.append((say("Uses"), _links(theorem.uses)))
    blocks: list[Block] = [
        Heading(2, write.prose(theorem.title), theorem.name),
        Paragraph(write.statement(theorem.goal), "statement"),
        Facts(tuple(rows)),
    ]
    if theorem.lines:
        blocks.append(Derivation(tuple(_lines(theorem, write, result))))
    return blocks


def _near(rule: str, result: str) -> str:
    """The label of a statement of the same page without the page's name."""
    return rule.removeprefix(result + ".")


def _lines(theorem: JudgedTheorem, write: Writer, label: str) -> Iterable[Line]:
    number = 0
    for place, line in enumerate(theorem.lines, 1):
        case = line.relation == "case"
        number += not case
        yield Line(
            id=f"{theorem.name}-{number}" if not case else f"{theorem.name}-case-{place}",
            number=None if case else number,
            relation=line.relation if line.relation in RELATIONS else "",
            content=_content(line, write),
            reason=write.prose(line.reason),
            rules=tuple(_near(rule, label) for rule in line.rules),
            accepted=line.accepted,
            residue=None if line.residue is None else write.formula(line.residue, True),
            depth=line.depth,
        )


def _content(line: JudgedLine, write: Writer) -> Runs:
    if line.term is None:
        return ()
    if line.relation in ("statement", "case"):
        return write.statement(line.term, line.relation == "statement")
    return (write.formula(line.term, True),)


def _refutation(refutation: JudgedRefutation, number: int) -> list[Block]:
    terms = [refutation.goal, *refutation.title.terms.values(), *refutation.correction.terms.values()]
    write = Writer(terms, refutation.scope)
    point: list[Run] = []
    for name, value in refutation.point.items():
        left, right = write.formula(var(name)), write.value(value)
        point += [", "] if point else []
        point.append(Formula(f"{left.latex} = {right.latex}", f"{left.text} = {right.text}"))
    rows: list[tuple[str, Runs]] = [
        (say("Where"), write.conditions(refutation.scope)),
        *((say("Given"), write.statement(hypothesis, False)) for hypothesis in refutation.scope.hypotheses),
        (say("Verdict"), verdict(refutation.verdict)),
        (say("At the point"), tuple(point)),
        (say("Its sides there"), (say(" and ").join(refutation.sides),)),
        (say("Established"), (refutation.established,)),
        (say("What is true"), write.prose(refutation.correction)),
    ]
    return [
        Heading(3, write.prose(refutation.title), f"refutation-{number}"),
        Paragraph(write.statement(refutation.goal), "statement"),
        Facts(tuple((name, runs) for name, runs in rows if runs)),
    ]


def _example(example: Example) -> list[Block]:
    terms = [t for row in example.rows for t in (row.term, *row.label.terms.values())]
    write = Writer([*terms, *example.text.terms.values()])
    differs = (" ", Mark(False), say(" not its rounding"))
    agreement: dict[bool | None, Runs] = {True: (" ", Mark(True)), False: differs, None: ()}
    rows = tuple(
        (
            write.prose(row.label),
            (write.formula(row.term, True),),
            (f"{row.value} {row.unit}".strip(),),
            (row.printed, *agreement[row.agrees]) if row.printed else ("–",),
        )
        for row in example.rows
    )
    head = (say("Quantity"), say("Formula"), say("Value"), say("Printed in the source"))
    blocks: list[Block] = [
        Heading(3, (say("Example {id}", id=example.id),), f"example-{example.id}"),
        Paragraph(write.prose(example.text)),
        Table(head, rows, frozenset({2, 3})),
    ]
    if example.remark is not None:
        blocks.append(Paragraph(write.prose(example.remark), "note"))
    return blocks


def _function(function: Function) -> list[Block]:
    blocks: list[Block] = [
        Heading(3, (function.name,), f"function-{function.name}"),
        Paragraph((say("Computes the formula of "), Link(function.theorem), ".")),
        Listing(function.source),
    ]
    if function.record:
        keys = list(dict.fromkeys(key for row in function.record for key in row))
        rows = tuple(tuple((_cell(row.get(key, "")),) for key in keys) for row in function.record)
        numbers = frozenset(k for k, key in enumerate(keys) if isinstance(function.record[0].get(key), (int, float)))
        blocks += [
            Paragraph((say("Accuracy, measured against the true value:"),)),
            Table(tuple(key.replace("_", " ") for key in keys), rows, numbers),
        ]
        blocks += [Paragraph((function.note,), "note")] if function.note else []
    return blocks


def _cell(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def page_title(result: JudgedResult) -> Runs:
    """The title alone, for an index."""
    return Writer(result.title.terms.values()).prose(result.title)
