"""Claims in reStructuredText: ``.. claim::`` with ``:where:`` and ``:id:``, nested or not; not in literal text or comments."""

from __future__ import annotations

import re

from .found import RST_MARK, Found, Marks, counted, lines_of, options

VERBATIM = {
    "code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "raw", "math", "highlight", "prompt", "doctest",
    "testcode", "testoutput", "testsetup", "testcleanup", "ipython", "jupyter-execute", "graphviz", "csv-table",
}  # fmt: skip
_DIRECTIVE = re.compile(r"\s*\.\. +(?:\|[^|]+\| +)?([A-Za-z][\w:.+-]*)::(?:\s+(.*))?$")
_TARGET = re.compile(r"\s*\.\. +(\[|_|\|)")


def marks(text: str, quoted: set[int] | None = None) -> Marks:
    """The claims of a reStructuredText; marks on the lines ``quoted`` stand in code of another notation."""
    lines, found = lines_of(text), Marks()
    if quoted:
        found.shown |= {n for n in counted(text, RST_MARK) if n in quoted}
    number = 0
    while number < len(lines):
        line = lines[number]
        if number + 1 in (quoted or ()):
            number += 1
            continue
        directive = _DIRECTIVE.match(line)
        if directive and directive[1].lower() == "claim":
            number = _claim(lines, number, directive[2] or "", found)
        elif directive[1].lower() in VERBATIM if directive else _comment(line) or line.rstrip().endswith("::"):
            number = _skipped(lines, number, found)
        else:
            number += 1
    return found.agree(counted(text, RST_MARK))


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


def _end(lines: list[str], start: int) -> int:
    """The line after the indented block below the line ``start``."""
    own, last = _indent(lines[start]), start + 1
    for number in range(start + 1, len(lines)):
        if lines[number].strip():
            if _indent(lines[number]) <= own:
                break
            last = number + 1
    return last


def _claim(lines: list[str], number: int, argument: str, found: Marks) -> int:
    end = _end(lines, number)
    block = lines[number + 1 : end]
    filled = [_indent(row) for row in block if row.strip()]
    depth = min(filled, default=0)
    claim = options([row.expandtabs(8)[depth:] for row in block], number + 1)
    if argument.strip():
        problem = "nothing may follow 'claim::' on its line; the formula stands below the options, indented"
        claim = Found(claim.line, claim.latex, claim.where, claim.id, problem)
    elif not filled:
        claim = Found(claim.line, "", "", "", "there is no indented formula below '.. claim::'")
    found.claims.append(claim)
    found.shown |= set(range(number + 2, end + 1))
    return end


def _comment(line: str) -> bool:
    """Whether an explicit block is neither directive, footnote, target nor substitution: then it is a comment."""
    begins = re.match(r"\s*\.\.(\s|$)", line) is not None
    return begins and not _DIRECTIVE.match(line) and not _TARGET.match(line) and not RST_MARK.match(line)


def _skipped(lines: list[str], number: int, found: Marks) -> int:
    end = _end(lines, number)
    found.shown |= set(range(number + 2, end + 1))
    return max(end, number + 1)


__all__ = ["marks"]
