"""The page of a verdict: the claim, how it was read, what came out, and the derivation, in every form of document."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from .._kernel.terms import IllFormed
from .._render.blocks import Block, Derivation, Facts, Formula, Heading, Listing, Mark, Paragraph, Run, Runs
from .._render.page import Writer, document
from ..judged import JudgedResult, JudgedTheorem, Prose
from .displayed import displayed, on_one_line
from .trace import read_trace
from .verdict import Verdict

MARKS: dict[str, bool | None] = {"proved": True, "refuted": False, "error": False, "undecided": None}
WORDS = {"proved": "Proved", "refuted": "Refuted", "error": "Not read", "undecided": "Undecided"}
FORMS = {"html": ".html", "latex": ".tex", "markdown": ".md"}


def blocks(verdict: Verdict, *, heading: bool = True, name: str = "claim") -> list[Block]:
    """What every form shows; the lines of the derivation are named after ``name``."""
    found: list[Block] = [Heading(1, (f"Claim {verdict.id}".strip(),), "claim")] if heading else []
    found.append(_statement(verdict))
    found.append(Facts(tuple(_facts(verdict))))
    return found + derivation(verdict, name)


def _statement(verdict: Verdict) -> Block:
    if verdict.verdict == "error":
        return Listing(verdict.source, "text")
    if verdict.source:
        shown = Formula(displayed(verdict.source), verdict.read_as, True)
        return Paragraph((shown,), "statement")
    if verdict.trace is not None:
        scope, goal, _ = read_trace(verdict.trace)
        return Paragraph(Writer([goal], scope).statement(goal), "statement")
    return Paragraph((verdict.read_as,), "statement")


def _facts(verdict: Verdict) -> list[tuple[str, Runs]]:
    mark: list[Run] = [Mark(MARKS[verdict.verdict]), f" {WORDS[verdict.verdict]}"]
    if verdict.evidence:
        mark.append(f": {verdict.evidence}")
    rows: list[tuple[str, Runs]] = [("Read as", (verdict.read_as,))] if verdict.read_as else []
    rows += [("By convention", (words,)) for words in verdict.conventions]
    rows.append(("Verdict", tuple(mark)))
    rows += [("Provided", (condition,)) for condition in verdict.conditions]
    if (at := verdict.counterexample) is not None:
        rows += [("At the point", (at.said(),)), ("Its sides there", (f"{at.lhs} and {at.rhs}",))]
        rows.append(("Established", (at.established,)))
        rows += [("Smallest size", (f"{at.smallest}, and none was met at smaller sizes",))] if at.smallest else []
        rows += [("Did you mean", (at.did_you_mean,))] if at.did_you_mean else []
    rows += [("Reason", (verdict.reason,))] if verdict.reason else []
    rows += [("Second witness", (verdict.witness,))] if verdict.witness else []
    rows += [("Rules", (", ".join(verdict.rules),))] if verdict.rules else []
    rows += [("Uses", (", ".join(verdict.uses),))] if verdict.uses else []
    return rows


def theorem(verdict: Verdict, name: str = "claim") -> JudgedTheorem | None:
    """The derivation as the pages of the catalogue have it; None if none was kept."""
    if verdict.trace is None:
        return None
    scope, goal, lines = read_trace(verdict.trace)
    word = "proved" if verdict.verdict == "proved" else "undecided"
    return JudgedTheorem(
        name, Prose("The claim"), scope, goal, word, verdict.evidence, lines, verdict.rules, verdict.uses, verdict.reason,
        searched=True, witness=verdict.witness,
    )  # fmt: skip


def derivation(verdict: Verdict, name: str = "claim") -> list[Block]:
    """The lines of the derivation."""
    judged = theorem(verdict, name)
    if judged is None:
        return []
    whole = document(JudgedResult("claim", "", Prose("Claim"), Prose(""), "", (judged,)))
    return [block for block in whole if isinstance(block, Derivation)]


def render(verdict: Verdict, form: str, *, fragment: bool = False) -> str:
    """The page in the form "html", "latex" or "markdown"; a fragment is without what belongs to a whole file."""
    module = import_module(f".._render.{form}", __package__)
    writer = getattr(module, form.capitalize())("claim")
    shown = [settable(block, form) for block in blocks(verdict, heading=not fragment)]
    body = str(writer.blocks(shown))
    if form == "html":
        if fragment:
            return f'<div class="lossproof derivation"><style>{module.stylesheet()}</style>\n{body}\n</div>'
        return str(module.page(f"Claim {verdict.id}".strip(), body))
    if form == "latex":
        if fragment:
            said = WORDS[verdict.verdict].lower() + "".join(f", provided {c}" for c in verdict.conditions)
            formula = f"${displayed(verdict.source)}$ " if verdict.source and verdict.verdict != "error" else ""
            return f"{formula}({module.escape(said)})"
        return f"{module.PREAMBLE}\\begin{{document}}\n{body}\n\\end{{document}}\n"
    return body


def settable(block: Block, form: str) -> Block:
    """A statement whose LaTeX a form cannot set is shown as it was written; HTML sets no alignment."""
    if form != "html" or not isinstance(block, Paragraph) or block.role != "statement":
        return block
    from .._render.mathml import mathml

    for run in block.runs:
        if isinstance(run, Formula):
            latex = on_one_line(run.latex)
            try:
                mathml(latex, run.display)
            except (Exception, IllFormed):  # a converter of somebody else's, on LaTeX of somebody else's
                return Listing(run.latex, "latex")
            return replace(block, runs=(replace(run, latex=latex),))
    return block


__all__ = ["FORMS", "blocks", "derivation", "render", "settable", "theorem"]
