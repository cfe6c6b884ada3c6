"""Claims in Markdown and MyST: fenced ``{claim}`` blocks of backticks, tildes or colons, also in lists, quotes and notes."""

from __future__ import annotations

import re
from typing import Any

from .found import FENCE_MARK, RST_MARK, Found, Marks, counted, lines_of, options

#: Directives that show their content as it stands.
VERBATIM = {
    "code", "code-block", "code-cell", "sourcecode", "literalinclude", "parsed-literal", "raw", "math", "prompt", "highlight",
    "mermaid", "graphviz", "doctest", "testcode", "testoutput", "testsetup", "csv-table", "only-text",
}  # fmt: skip
_NAME = re.compile(r"\{([A-Za-z][\w:.-]*)\}(.*)", re.DOTALL)


def marks(text: str) -> Marks:
    """The claims of a Markdown text."""
    found, rst = Marks(), Marks()
    lines = lines_of(text)
    _look("\n".join(lines), 0, found, rst)
    found.claims += rst.claims
    found.shown |= rst.shown
    rst_lines = {c.line for c in rst.claims} | rst.shown
    wanted = counted(text, FENCE_MARK) + [n for n in counted(text, RST_MARK) if n in rst_lines]
    for number in wanted:  # a MyST comment
        if lines[number - 1].lstrip().startswith("%"):
            found.shown.add(number)
    return found.agree(wanted)


def _look(text: str, offset: int, found: Marks, rst: Marks) -> None:
    for token in _parser().parse(text):
        if token.type in ("code_block", "html_block"):
            found.shown |= set(range(offset + token.map[0] + 1, offset + token.map[1] + 1))
        elif token.type == "fence":
            _fence(token, offset, found, rst)


def _fence(token: Any, offset: int, found: Marks, rst: Marks) -> None:
    first, last = offset + token.map[0] + 1, offset + token.map[1]
    named = _NAME.match(token.info.strip())
    name = named[1].lower() if named else ""  # as docutils takes the names of directives
    if name == "claim":
        block = token.content.split("\n")
        claim = options(block, first)
        if len(block) == token.map[1] - token.map[0]:
            claim = Found(first, claim.latex, claim.where, claim.id, "the block is not closed")
        elif named and named[2].strip():
            claim = Found(first, claim.latex, claim.where, claim.id, "nothing may follow {claim} on its line; "
                          "the formula stands below the options")  # fmt: skip
        found.claims.append(claim)
        found.shown |= set(range(first + 1, last + 1))
    elif name == "eval-rst":
        from . import in_rst

        inner = in_rst.marks(token.content)
        rst.claims += [Found(c.line + first, c.latex, c.where, c.id, c.problem) for c in inner.claims]
        rst.shown |= {line + first for line in inner.shown}
    elif not name or name in VERBATIM:
        found.shown |= set(range(first, last + 1))
    else:
        _look(token.content, first, found, rst)


_made: list[Any] = []


def _parser() -> Any:
    if not _made:
        from markdown_it import MarkdownIt

        parser = MarkdownIt("commonmark")
        parser.disable(["reference"])
        parser.block.ruler.before("fence", "colon_fence", _colon_fence, {"alt": ["paragraph", "blockquote", "list"]})
        parser.core.ruler.disable(["inline"])
        _made.append(parser)
    return _made[0]


def _colon_fence(state: Any, start: int, end: int, silent: bool) -> bool:
    """MyST's fence of colons, as the rule for backticks has it."""
    here = re.match(r":{3,}", _row(state, start))
    if here is None or state.sCount[start] - state.blkIndent >= 4:
        return False
    if silent:
        return True
    last = start + 1
    while last < end and not (state.sCount[last] < state.blkIndent and _row(state, last)):
        closing = re.fullmatch(r"(:{3,})\s*", _row(state, last))
        if closing and len(closing[1]) >= len(here[0]) and state.sCount[last] - state.blkIndent < 4:
            break
        last += 1
    closed = last < end and _row(state, last).startswith(here[0])
    token = state.push("fence", "code", 0)
    token.info = _row(state, start)[len(here[0]) :]
    token.content = state.getLines(start + 1, last, state.sCount[start], True)
    token.markup = here[0]
    token.map = [start, last + closed]
    state.line = last + closed
    return True


def _row(state: Any, line: int) -> str:
    return str(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])


__all__ = ["marks"]
