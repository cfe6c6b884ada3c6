"""Markdown that GitHub and MyST both read: prose is escaped, and formulas avoid what either would eat."""

from __future__ import annotations

import re

from ..judged import JudgedResult
from .blocks import Derivation, Facts, Form, Formula, Heading, Line, Listing, Paragraph, Table
from .escape import for_markdown as escape
from .escape import for_markdown_listing
from .notation import RELATIONS
from .page import document
from .words import MARKS, say

SUFFIX = ".md"

#: A backslash before punctuation is Markdown's own escape, and GitHub reads it before the formula is read.
SAFE: dict[str, str] = {
    r"\\": r"\cr", r"\,": r"\thinspace", r"\;": r"\thickspace", r"\!": r"\negthinspace", r"\|": r"\Vert", r"\{": r"\lbrace",
    r"\}": r"\rbrace", r"\_": r"\text{-}", r"\$": r"\text{S}", r"\%": r"\text{ pct}", r"\&": r"\text{ and }", r"\#": r"\sharp",
    "*": r"\ast", "<": r"\lt", ">": r"\gt",
}  # fmt: skip
_SAFE = re.compile(r"\\[A-Za-z]+|" + "|".join(map(re.escape, SAFE)))


def safe(latex: str) -> str:
    """The same formula without characters that Markdown would take for its own."""

    def change(found: re.Match[str]) -> str:
        new = SAFE.get(found[0])
        if new is None:
            return found[0]
        after = latex[found.end() : found.end() + 1]
        return new + (" " if after.isalpha() and new[-1:].isalpha() else "")

    return _SAFE.sub(change, latex)


class Markdown(Form):
    """Blocks as Markdown."""

    def prose(self, text: str) -> str:
        return escape(text)

    def formula(self, formula: Formula) -> str:
        return f"${safe(formula.latex)}$"

    def link(self, label: str) -> str:
        target = self.target(label)
        shown = f"`{label}`" if re.fullmatch(r"[A-Za-z0-9_.-]+", label) else escape(label)
        return f"[{shown}](<{target}>)" if target else shown

    def mark(self, ok: bool | None) -> str:
        return MARKS[ok]

    def anchor(self, name: str) -> str:
        """A place to link to."""
        return f'<a id="{re.sub(r"[^A-Za-z0-9_.-]", "-", name)}"></a>'

    def heading(self, heading: Heading) -> str:
        anchor = f"{self.anchor(heading.id)}\n\n" if heading.id and heading.level > 1 else ""
        return f"{anchor}{'#' * heading.level} {self.runs(heading.runs)}\n"

    def paragraph(self, paragraph: Paragraph) -> str:
        text = self.runs(paragraph.runs).strip()
        return f"> {text}\n" if paragraph.role == "statement" else f"{text}\n"

    def facts(self, facts: Facts) -> str:
        return "".join(f"- **{escape(name)}:** {self.runs(runs)}\n" for name, runs in facts.rows)

    def derivation(self, derivation: Derivation) -> str:
        return "\n".join(self.line(line) for line in derivation.lines)

    def line(self, line: Line) -> str:
        """One line: its formula, then number, reason, rules and mark."""
        rules = ", ".join(f"*{escape(rule)}*" for rule in line.rules)
        reason = self.runs(line.reason) + (rf" \[{rules}\]" if rules else "")
        content = self.runs(line.content)
        if line.number is None:
            mark = "" if line.accepted else f" {self.mark(False)}"
            text = f"**{self.runs(line.reason)}**{': ' if content else ''}{content}{mark}\n"
        else:
            head = f"{self.anchor(line.id)}**({line.number})**"
            mark = self.mark(line.accepted)
            if len(line.content) == 1 and isinstance(line.content[0], Formula):
                relation = f"{safe(RELATIONS[line.relation][0])} " if line.relation else ""
                text = f"{head} {reason} {mark}\n\n$$\n{relation}{safe(line.content[0].latex)}\n$$\n"
            else:
                text = f"{head} {content} — {reason} {mark}\n"
            if line.residue is not None:
                text += f"\n{say('Left minus right leaves ')}{self.formula(line.residue)}\n"
        quote = "> " * line.depth
        return "".join(f"{quote}{row}".rstrip() + "\n" for row in text.splitlines()) if quote else text

    def table(self, table: Table) -> str:
        head = f"| {' | '.join(map(escape, table.head))} |"
        line = "|" + "|".join("---:" if k in table.numeric else "---" for k in range(len(table.head))) + "|"
        return "\n".join([head, line, *(f"| {' | '.join(map(self.runs, row))} |" for row in table.rows)]) + "\n"

    def listing(self, listing: Listing) -> str:
        return for_markdown_listing(listing.code, listing.language)


def render(result: JudgedResult, *, links: dict[str, str] | None = None) -> str:
    """The Markdown page of a result."""
    return Markdown(result.name, links).blocks(document(result))


__all__ = ["SUFFIX", "Markdown", "render", "safe"]
