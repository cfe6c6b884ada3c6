"""Functions of the field, and subscripts."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derivations._kernel.tree import Node
from derivations._surface.letters import GREEK

from .tokens import Token, closing
from .vocabulary import COMMANDS, FUNCTION_HINTS, UPRIGHT, WORDS

if TYPE_CHECKING:
    from .parser import Parser

#: Fonts in which a letter is not taken for a function.
_APART = frozenset({"mathcal", "mathfrak", "mathscr"})
#: What may stand between two arguments, and how a function with two is written.
SEPARATORS: dict[str, tuple[tuple[str, ...], str]] = {
    "D": (("dbar",), "D(p \\| q)"),
    "KL": (("dbar", ","), "D(p \\| q)"),
    "H": ((",",), "H(p, q) for cross-entropy, H(p) for entropy"),
    "CE": ((",",), "H(p, q)"),
    "JS": ((",", "dbar"), "\\operatorname{JS}(p, q)"),
    "bernoulli": ((";", ","), "\\operatorname{Bernoulli}(y; p)"),
}
LONGEST = 64  # letters of a name
_LETTERS = ("H", "D", "sigma")
_TYPED = ("ln", "log", "exp", "max", "min", "lim", "tanh")  #: with its argument right behind it, it is typed as a product


def function_at(p: Parser, t: Token) -> str | None:
    """The function whose name stands at the token, or None if it is a variable."""
    name = WORDS.get(t.text)
    if name is not None and p.ahead().kind == "lbrace" and p.ahead(2).kind == "open" and not p.declared(t.text):
        what = "whether the power is one of the argument or of the value is not certain"
        p.fail(what, p.ahead(), "write \\left( f(x) \\right)^2")
    if is_family(p, t):
        return "family"
    if name is None or t.how in _APART or t.how == "accent":
        return None
    if t.text in _LETTERS and (t.text != "sigma" or t.how == "greek"):
        if t.text == "D" and label_end(p, p.at + 1):
            return name
        opened = p.ahead().kind == "open"
        subscripted(p, t)
        if p.declared(t.text) and opened:
            p.fail(f"{p.shown(t.start, t.end)} is declared, and may also be the function", t,
                      "give the variable another name, or write \\cdot before the bracket")  # fmt: skip
        return name if opened or (not p.declared(t.text) and p.ahead().kind == "^") else None
    if t.how == "" or t.how == "greek":
        return None
    return None if p.declared(t.text) and p.ahead().kind != "open" else name


def subscripted(p: Parser, t: Token) -> None:
    """Refuse H, D and σ with a subscript before a bracket, unless that is the name of a variable."""
    if p.ahead().kind != "_" or p.declared(t.text) or p.at + 3 >= len(p.tokens):
        return
    end = closing(p.tokens, p.at + 2) + 1 if p.ahead(2).kind == "lbrace" else p.at + 3
    word = "".join(s.text for s in p.tokens[p.at + 2 : end] if s.kind in ("name", "number"))
    if end < len(p.tokens) and p.tokens[end].kind == "open" and not p.declared(f"{t.text}_{word}"):
        fixes = {"sigma": "write \\operatorname{softmax}(z)_k", "D": "write the sum out, or D(p \\| q)"}
        p.fail(f"{p.shown(t.start, t.end)} with this subscript is no function the reader knows",
               (t.start, p.tokens[end - 1].end), fixes.get(t.text, "write the sum out, or H(p)"))  # fmt: skip


def is_family(p: Parser, t: Token) -> bool:
    """Whether a family of distributions, applied to its parameter, stands at the token."""
    declared = p.declared(t.text) and p.scope.domain(t.text).name == "Family"
    return declared and p.ahead().kind == "open"


def label_end(p: Parser, at: int) -> int:
    """The place after a subscript KL or JS at ``at``; 0 if there is none."""
    rest = p.tokens[at : at + 5]
    if len(rest) < 2 or rest[0].kind != "_":
        return 0
    end = 2 if rest[1].kind == "name" else next((k + 1 for k, t in enumerate(rest) if t.kind == "rbrace"), 0)
    return at + end if "".join(t.text for t in rest[1:end]).strip("{}").upper() in ("KL", "JS") else 0


def call(p: Parser, function: str) -> Node:
    """A function with its arguments; a subscript of softmax may stand before the bracket."""
    head = p.next()
    if function == "family":
        (parameter,) = p.arguments(1)
        return Node("family", (Node("sym", (head.text,), (head.start, head.end)), parameter), p.since(head.start))
    how, early = "KL" if head.text == "KL" else function, None
    if p.now.kind == "_":
        end = label_end(p, p.at)
        if function == "D" and end:
            label = "".join(t.text for t in p.tokens[p.at : end])
            function, how = ("JS", "JS") if "J" in label.upper() else ("D", "KL")
            p.at = end
        elif function == "softmax":
            early = subscript(p)
        else:
            p.fail("this function takes no subscript", fix=SEPARATORS[how][1] if how in SEPARATORS else "")
    if p.now.kind == "^":
        shown = p.shown(head.start, head.end)
        fix = f"write \\left({shown}(x)\\right)^2"
        if head.text in _LETTERS and not p.declared(head.text):
            fix += f"; a variable is declared: {head.text}: Real"
        p.fail("an exponent between a function and its argument is not certain", fix=fix)
    if p.now.kind != "open":
        p.fail(f"an argument in brackets is expected after {p.shown(head.start)}")
    separators, form = SEPARATORS.get(how, ((), ""))
    given = p.arguments(2 if separators else 1, separators, form)
    if (len(given) == 1 and separators and function != "H") or (function == "H" and len(given) > 2):
        p.fail("this function takes two arguments", p.since(head.start), f"write {form}")
    name = "CE" if function == "H" and len(given) == 2 else function
    node = Node("call", (name, *given), p.since(head.start))
    if name == "softmax" and early is None and p.now.kind == "open":
        p.fail("the bracket may hold an index", p.now, "write \\operatorname{softmax}(z)_k, or \\cdot before the bracket")
    return node if early is None else Node("sub", (node, *early), p.since(head.start))


# ---- subscripts


def scripted(p: Parser, base: Node) -> Node:
    """``base`` with its subscript, if there is one."""
    if p.now.kind != "_":
        return base
    if base.kind == "number":
        p.fail("a number takes no subscript")
    return Node("sub", (base, *subscript(p)), p.since(base.span[0]))


def subscript(p: Parser) -> tuple[tuple[Node, ...], ...]:
    """The symbols of a subscript, in groups set off by commas."""
    p.expect("_", "a subscript")
    t = p.now
    if t.kind == "number" and len(t.text) > 1:
        p.fail("a subscript of more than one character stands in braces", t, "write p_{12}")
    if t.kind in ("name", "number"):
        p.next()
        if p.now.kind == "'":
            p.fail("a prime after a subscript is not certain", fix="write p_{i'}, or p'_i")
        return ((symbol(p, t),),)
    p.expect("lbrace", "a subscript", "write p_i or p_{i}")
    groups: list[list[Node]] = [[]]
    while (t := p.next()).kind != "rbrace":
        if t.kind == ",":
            groups.append([])
        elif (t.kind in ("name", "number") and "." not in t.text) or (t.kind == "command" and t.text in UPRIGHT):
            groups[-1].append(symbol(p, t))
        else:
            fixes: dict[str, str] = {"+": "rename the index of the sum", "-": "rename the index of the sum",
                                     "*": "write the sum over that index", "lbrace": "write p_{i}"}  # fmt: skip
            p.fail("only indices, labels and numbers stand in a subscript", t, fixes.get(t.kind, ""))
    if not all(groups):
        p.fail("a subscript is empty", (t.start, t.end))
    return tuple(tuple(g) for g in groups)


def symbol(p: Parser, t: Token) -> Node:
    """A letter or number of a subscript."""
    if t.kind == "number":
        return Node("number", (Fraction(t.text),), (t.start, t.end))
    text, end = t.text, t.end
    if p.now.kind == "'":
        text, end = f"{t.text}_prime", p.next().end
    return Node("sym", (text,), (t.start, end))


def looks_like_an_index(p: Parser) -> bool:
    """Whether a raised (i) or (t+1) comes next."""
    close = closing(p.tokens, p.at)
    kinds = [t.kind for t in p.tokens[p.at + 1 : close]]
    return kinds in (["open", "name", "close"], ["open", "number", "close"]) or (
        len(kinds) == 5 and kinds[:2] == ["open", "name"] and kinds[2] in ("+", "-") and kinds[3:] == ["number", "close"]
    )


def is_vector(p: Parser, t: Token) -> bool:
    """Whether a vector or an array is declared by this name."""
    return p.declared(t.text) and p.scope.domain(t.text).name != "Index" and bool(p.scope.domain(t.text).sizes)


def before_bracket(p: Parser, t: Token) -> None:
    """Refuse a name before a bracket if it may be a function there rather than a factor."""
    end = p.at + 1
    while end < len(p.tokens) and (p.tokens[end].kind in ("_", "'") or (p.tokens[end].kind == "^" and t.text != "e")):
        braced = p.tokens[end].kind != "'" and end + 1 < len(p.tokens) and p.tokens[end + 1].kind == "lbrace"
        end = closing(p.tokens, end + 1) + 1 if braced else end + 1 + (p.tokens[end].kind != "'")
    opened = p.tokens[end] if end < len(p.tokens) else p.end
    if opened.kind != "open":
        return
    shown, close = p.shown(t.start, p.tokens[end - 1].end), closing(p.tokens, end)
    inside = p.tokens[end + 1 : close]
    depth, separators = 0, False
    for each in inside:
        depth += (each.kind in ("open", "lbrace")) - (each.kind in ("close", "rbrace"))
        separators |= depth == 0 and each.kind in (",", ";", "dbar", "relation")
    if separators or sum(each.kind == "bar" and not each.how for each in inside) % 2:
        hint = FUNCTION_HINTS.get(t.text, "write out what it stands for")
        p.fail(f"{shown} is no function the reader knows", (t.start, p.tokens[end - 1].end), hint)
    if not p.declared(t.text) and t.text not in ("e", "pi"):
        return
    plain = end == p.at + 1
    if plain and is_vector(p, t):
        p.fail(f"{shown} is a vector, and a bracket follows", t,
               f"write {t.text}_i for an entry, or \\cdot before the bracket")  # fmt: skip
    alone = len(inside) == 1 or (len(inside) > 2 and inside[1].kind == "_" and _one_symbol(inside[2:]))
    word = plain and len(t.text) > 1 and t.how not in ("greek", "accent")
    if word or (alone and inside[0].kind in ("name", "number")):
        p.fail(f"{shown} may be a factor here, or a function", (t.start, p.tokens[min(close, len(p.tokens) - 1)].end),
               "write \\cdot before the bracket for a product")  # fmt: skip
    if plain and t.text in ("f", "g", "h", "F", "G"):
        p.note(f"{shown} before a bracket is a factor", (t.start, t.end))


def _one_symbol(script: list[Token]) -> bool:
    """Whether the tokens are one subscript and nothing else."""
    return len(script) == 1 or (script[0].kind == "lbrace" and closing(script, 0) == len(script) - 1)


def spelled_out(p: Parser, t: Token) -> None:
    """Refuse a word whose letters are typed one by one: it would be read as a product."""
    if t.how:
        return
    start = end = t.start
    while end < min(len(p.source), t.start + LONGEST) and p.source[end].isascii() and p.source[end].isalpha():
        end += 1
    while start > max(0, t.start - LONGEST) and p.source[start - 1].isascii() and p.source[start - 1].isalpha():
        start -= 1
    for word in dict.fromkeys((p.source[start:end], p.source[t.start : end])):
        if len(word) < 2:
            continue
        command = word in COMMANDS or word in UPRIGHT or (word in GREEK and len(word) > 2)
        function = word in WORDS and (len(word) > 2 or p.source[end:].lstrip()[:1] in "([_")
        if command or function:
            fix = f"write \\{word}" if command else f"write \\operatorname{{{word}}}"
            p.fail(f"{word} is typed as separate letters", (t.start, end), fix)
        if prefix := next((f for f in _TYPED if word.startswith(f)), ""):
            p.fail(f"{prefix} is typed as separate letters", (t.start, end), f"write \\{prefix}, or \\cdot between factors")
        if p.declared(word):
            p.fail(f"{word} is typed as separate letters", (t.start, end), f"write \\mathrm{{{word}}}")


def at_differential(p: Parser) -> bool:
    """Whether dx stands here, while an integral waits for it."""
    t, x = p.now, p.ahead()
    if not p.integrals or t.kind != "name" or t.text != "d" or x.kind != "name" or p.integrals[-1].name:
        return False
    return t.how in ("mathrm", "text", "operatorname", "textrm", "rm") or not p.declared("d")


def joined(groups: Any) -> str:
    """The symbols of a subscript as one word, as in ``x_{max}``; numbers included."""
    return "".join(str(s.args[0]) for group in groups for s in group)


__all__ = [
    "at_differential", "before_bracket", "call", "function_at", "is_vector", "joined", "looks_like_an_index", "scripted",
    "spelled_out", "subscript", "symbol",
]  # fmt: skip
