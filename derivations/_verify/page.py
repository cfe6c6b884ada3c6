"""The page of a verdict: the claim, how it was read, what came out, and the derivation, in every form of document."""

from __future__ import annotations

from importlib import import_module

from .._render.blocks import Block, Derivation, Facts, Formula, Heading, Listing, Mark, Paragraph, Run, Runs
from .._render.escape import for_latex
from .._render.mathml import mathml
from .._render.page import Writer, document
from ..judged import JudgedResult, JudgedTheorem, Prose
from .formula import formula_latex
from .trace import read_trace
from .verdict import Verdict

MARKS: dict[str, bool | None] = {"proved": True, "refuted": False, "error": False, "undecided": None}
WORDS = {"proved": "Proved", "refuted": "Refuted", "error": "Not read", "undecided": "Undecided"}
#: Classes whose text a page's own mathematics leaves alone: what looks like a formula in it is none.
PLAIN = "tex2jax_ignore mathjax_ignore"
FORMS = {"html": ".html", "latex": ".tex", "markdown": ".md"}


def blocks(verdict: Verdict, *, heading: bool = True, name: str = "claim") -> list[Block]:
    """What every form shows; the lines of the derivation are named after ``name``."""
    found: list[Block] = [Heading(1, (f"Claim {verdict.id}".strip(),), "claim")] if heading else []
    found.append(_statement(verdict))
    found.append(Facts(tuple(_facts(verdict))))
    return found + derivation(verdict, name)


def _statement(verdict: Verdict) -> Block:
    if shown := formula_latex(verdict.formula):
        return Paragraph((Formula(shown, verdict.read_as, True),), "statement")
    if verdict.source:
        return Listing(verdict.read_as or verdict.source, "text")
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
    body = str(writer.blocks([settable(block, form) for block in blocks(verdict, heading=not fragment)]))
    if form == "html":
        if fragment:
            return f'<div class="lossproof derivation {PLAIN}"><style>{module.stylesheet()}</style>\n{body}\n</div>'
        return str(module.page(f"Claim {verdict.id}".strip(), body))
    if form == "latex":
        if fragment:
            said = WORDS[verdict.verdict].lower() + "".join(f", provided {c}" for c in verdict.conditions)
            shown = formula_latex(verdict.formula)
            return (f"${shown}$ " if shown else "") + f"({for_latex(said)})"
        return f"{module.PREAMBLE}\\begin{{document}}\n{body}\n\\end{{document}}\n"
    return body


def settable(block: Block, form: str) -> Block:
    """A statement nested deeper than the converter for HTML can follow is shown as it was read."""
    if form != "html" or not isinstance(block, Paragraph):
        return block
    for run in block.runs:
        if isinstance(run, Formula):
            try:
                mathml(run.latex, run.display)
            except (RecursionError, ValueError, IndexError):
                return Listing(run.text, "text")
    return block


__all__ = ["FORMS", "PLAIN", "blocks", "derivation", "render", "settable", "theorem"]
