"""Text from outside, made fit for where it is shown: one function for each target, and nothing in it stays active.

Whatever somebody else wrote (labels, ids, names of files, reasons, prose, LaTeX sources) passes through one of these on its way
into a page, a document, a notebook or a terminal.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from .notation import GREEK, GREEK_LATEX

# ---- what every target leaves out


def visible(text: str) -> str:
    """Text without characters that steer: controls, escape sequences, marks that turn the writing round. Lines stay lines."""
    return "".join(c if c.isprintable() or c == "\n" else " " if c.isspace() else "�" for c in text)


def on_one_line(text: str) -> str:
    """Visible text without line breaks."""
    return re.sub(r"\s*\n\s*", " ", visible(text))


# ---- terminals, and JSON that may be shown in one


def for_terminal(text: str) -> str:
    """Text for a terminal, a log or a plain text file."""
    return visible(text)


def for_json(text: str) -> str:
    """JSON whose strings hold no character that steers a terminal; it means the same."""
    return "".join(c if c.isprintable() or c == "\n" else _units(c) for c in text)


def _units(c: str) -> str:
    data = c.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[k]:02x}{data[k + 1]:02x}" for k in range(0, len(data), 2))


# ---- HTML


def for_html(text: str) -> str:
    """Text for HTML, between tags and in attributes."""
    return html.escape(visible(text))


def for_url(text: str) -> str:
    """A relative address: no scheme, so nothing that runs."""
    return quote(text, safe="/#.-_~")


# ---- LaTeX

_SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
            "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
            **{c: f"\\{c}" for c in "#$%&_"}}  # fmt: skip
_MATH = {"≥": r"\ge", "≤": r"\le", "≠": r"\ne", "→": r"\to", "∞": r"\infty", "×": r"\times", "·": r"\cdot", "−": "-",
         "∑": r"\sum", "∏": r"\prod", "∂": r"\partial", "∇": r"\nabla", "√": r"\surd", "∈": r"\in", "‖": r"\|", "∫": r"\int",
         "≈": r"\approx", "±": r"\pm", "⇒": r"\Rightarrow", "⟹": r"\Rightarrow", "⟺": r"\Leftrightarrow",
         "⇔": r"\Leftrightarrow", "✓": r"\checkmark", "✗": r"\times",
         **{letter: GREEK_LATEX.get(name, f"\\{name}") for name, letter in GREEK.items()}}  # fmt: skip
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚᵣₛₜₓₐₑ₊₋", "0123456789ijklmnprstxae+-", strict=True))
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀᴷᴺˣᵐᵃᵇᵏⁱʲ", "0123456789+-nTKNxmabkij", strict=True))
_TEXT = {"–": "--", "—": "---", "…": r"\ldots{}", "“": "``", "”": "''", "‘": "`", "’": "'", "„": r"\quotedblbase{}"}


def _character(c: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c in _MATH:
        return rf"\ensuremath{{{_MATH[c]}}}"
    if c in _LOWERED:
        return rf"\ensuremath{{{{}}_{{{_LOWERED[c]}}}}}"
    if c in _RAISED:
        return rf"\ensuremath{{{{}}^{{{_RAISED[c]}}}}}"
    if c in _TEXT:
        return _TEXT[c]
    return c if ord(c) < 0x80 or c in _LATIN else rf"{{\footnotesize[U+{ord(c):04X}]}}"


#: Letters which a European font has.
_LATIN = frozenset(map(chr, range(0xA1, 0x180))) - set("\u00ad¤¦¨¬¯°²³´µ¶¸¹¼½¾ĦħĿŀŉŦŧſĸ")


def for_latex(text: str) -> str:
    """Text that TeX sets as it reads; nothing in it is a command."""
    return "".join(map(_character, on_one_line(text)))


def for_latex_listing(text: str) -> str:
    """Lines for a Verbatim environment in which only backslash and braces are commands."""
    lines = visible(text.expandtabs(4))
    return "".join(c if c == "\n" or (c.isascii() and c not in "\\{}") else _character(c) for c in lines)


# ---- Markdown, as GitHub, MyST and notebooks read it

_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "\\": "&#92;"}


def for_markdown(text: str) -> str:
    """Prose that Markdown shows as it reads, wherever it stands on a line."""
    text = re.sub(r"[&<>\\]", lambda m: _ENTITIES[m[0]], re.sub(r"^\s+", " ", on_one_line(text)))
    text = re.sub(r"([`*_\[\]{}|$~%]|(?<!&)#)", r"\\\1", text)
    text = re.sub(r"^(\s*)([-+=:(])|^(\s*\d+)([.)])(?=\s|$)", r"\1\3\\\2\4", text)  # would begin something on a new line
    return re.sub(r"(?<=:)(?=//)|(?<=\bwww)(?=\.)", r"\\", text)  # addresses become links by themselves


def for_markdown_listing(text: str, language: str = "") -> str:
    """Lines in a fence which nothing in them closes."""
    text = visible(text.expandtabs(4)).rstrip()
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"


__all__ = [
    "for_html", "for_json", "for_latex", "for_latex_listing", "for_markdown", "for_markdown_listing", "for_terminal", "for_url",
    "on_one_line", "visible",
]  # fmt: skip
