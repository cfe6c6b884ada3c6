"""Case distinctions and indicators, and formulas laid out over several lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivations._kernel.tree import Node

from .reading import ReadError
from .tokens import Token

if TYPE_CHECKING:
    from .parser import Parser


#: What a wide space may stand beside: elsewhere it sets things apart, and is no product.
_BESIDE = frozenset({"relation", "+", "-", "*", "/", ",", ".", ";", "&", "\\\\", "text", "gap"})
_APPLIED = frozenset({"log", "exp", "tanh", "max", "min"})


def laid_out(tokens: list[Token], source: str) -> list[Token]:
    """The tokens without the marks that only line up a formula, and without braces around the bracket of a function."""
    return _unwrapped(_without_gaps(_without_lines(tokens, source)))


def _without_gaps(tokens: list[Token]) -> list[Token]:
    def idle(k: int) -> bool:
        before, after = tokens[k - 1 : k] if k else [], tokens[k + 1 : k + 2]
        beside = [*before, *after]
        return len(beside) < 2 or any(t.kind in _BESIDE or t.text == "end cases" for t in beside)

    return [t for k, t in enumerate(tokens) if t.kind != "gap" or not idle(k)]


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """``\\log{\\left(x\\right)}`` is set like ``\\log\\left(x\\right)``."""
    partner: dict[int, int] = {}
    open_at: list[int] = []
    for k, t in enumerate(tokens):
        if t.kind in ("lbrace", "open"):
            open_at.append(k)
        elif t.kind in ("rbrace", "close") and open_at:
            partner[open_at.pop()] = k
    dropped: set[int] = set()
    for k, t in enumerate(tokens[:-1]):
        before = tokens[k - 1] if k else t
        applied = before.kind == "name" or (before.kind == "command" and before.text in _APPLIED)
        inner = partner.get(k + 1)
        if (
            t.kind == "lbrace"
            and applied
            and tokens[k + 1].kind == "open"
            and inner is not None
            and partner.get(k) == inner + 1
            and [s.kind for s in tokens[inner + 2 : inner + 3]] != ["^"]
        ):
            dropped |= {k, inner + 1}
    return [t for k, t in enumerate(tokens) if k not in dropped]


def _without_lines(tokens: list[Token], source: str) -> list[Token]:
    if not tokens or tokens[0].text != "begin layout":
        return tokens
    if tokens[-1].text != "end layout":
        raise ReadError("the environment is not closed", source, (tokens[0].start, tokens[0].end))
    kept: list[Token] = []
    line: list[Token] = []
    groups = brackets = 0
    for t in [*tokens[1:-1], Token("\\\\", "", tokens[-1].start, tokens[-1].end)]:
        change = (t.kind == "lbrace" or t.text == "begin cases") - (t.kind == "rbrace" or t.text == "end cases")
        groups += change
        brackets += change + (t.kind == "open") - (t.kind == "close")
        if groups or t.kind not in ("&", "\\\\"):
            line.append(t if brackets or t.kind != "relation" else replace(t, how="between sides"))
        elif t.kind == "&":
            line.append(Token("gap", t.text, t.start, t.end))
        else:
            kept += _continued(line, source) if kept else line
            line = []
    return kept


def _continued(line: list[Token], source: str) -> list[Token]:
    """A further line, which begins with a relation, or with a sign and goes on with the side before it."""
    said = [t for t in line if t.kind != "gap"]
    if said and said[0].kind != "relation":
        equation = any(t.how == "between sides" for t in said)
        if said[0].kind not in ("+", "-") or equation:
            raise ReadError("one claim is read at a time", source, (said[0].start, said[0].end),
                            "begin each further line with a relation")  # fmt: skip
    return line


def read_begin_cases(p: Parser) -> Node:
    """``\\begin{cases} a & y = 1 \\\\ b & y = 0 \\end{cases}``."""
    start = p.next()
    outside, p.integrals = p.integrals, []
    bars, p.bars = p.bars, False
    parts: list[Node] = []
    while True:
        parts.append(p.expression())
        p.accept(",", ".", ";")
        p.accept("&")
        words = p.next().text.lower().strip(" ,.") if p.now.kind in ("text", "name") and _word(p.now) else ""
        if words in ("otherwise", "else"):
            p.accept(".", ",", ";")
            p.accept("\\\\")
            if p.now.text != "end cases":
                p.fail("the last case is the one for all others")
            break
        if words not in ("", "if", "for", "when", "where"):
            p.fail("this condition is not read", fix="write a & y = 1 or b & \\text{otherwise}")
        condition = p.chain((",", ".", ";", "\\\\", "command"))
        parts.append(condition)
        p.accept(",", ".", ";")
        more = p.accept("\\\\")
        if p.now.text == "end cases":
            break
        if more is None:
            p.unexpected()
    p.expect("command", "\\end{cases}")
    p.integrals, p.bars = outside, bars
    if len(parts) < 3:
        p.fail("a case distinction has at least two cases", p.since(start.start))
    return Node("cases", tuple(parts), p.since(start.start))


def _word(t: Token) -> bool:
    return t.kind == "text" or (t.how in ("text", "mathrm", "textrm", "mbox", "textnormal", "operatorname") and len(t.text) > 1)


def indicator(p: Parser) -> Node:
    """``\\mathbb{1}[i = j]``."""
    start = p.next()
    fix = "write \\delta_{ij}, or \\mathbb{1}[i = j]"
    if p.accept("_"):
        p.expect("lbrace", "a condition", fix)
        opening = p.accept("open")
        condition = p.chain(("rbrace", "close"))
        if opening and p.expect("close", "a bracket").text != opening.text:
            p.fail("this bracket does not match the one that was opened", p.since(start.start))
        p.expect("rbrace", "}")
    else:
        bracket = p.expect("open", "a condition", fix)
        condition = p.chain(("close",))
        if p.next().text != bracket.text:
            p.fail("this bracket does not match the one that was opened", p.since(start.start))
    return Node("indicator", (condition,), p.since(start.start))


__all__ = ["indicator", "laid_out", "read_begin_cases"]
