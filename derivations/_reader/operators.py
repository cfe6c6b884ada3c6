"""Sums, logarithms, maxima, case distinctions and the other operators, as they are written."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivations._kernel.tree import Node

from .calculus import (
    Differential,
    Tail,
    read_frac,
    read_infty,
    read_int,
    read_lim,
    read_partial,
)
from .cases import read_begin_cases
from .functions import symbol
from .tokens import Token, closing

if TYPE_CHECKING:
    from .parser import Parser

ONE = Node("number", (Fraction(1),))


# ---- sums, products, maxima


def read_sum(p: Parser) -> Node:
    """``\\sum_{i=1}^{n} …``."""
    return _big(p, "sum")


def read_prod(p: Parser) -> Node:
    """``\\prod_{i=1}^{n} …``."""
    return _big(p, "prod")


def read_max(p: Parser) -> Node:
    """``\\max_k z_k`` or ``\\max(u, v)``."""
    return _extreme(p, "max", "largest")


def read_min(p: Parser) -> Node:
    """``\\min_k z_k`` or ``\\min(u, v)``."""
    return _extreme(p, "min", "smallest")


def _extreme(p: Parser, name: str, big: str) -> Node:
    if p.ahead().kind == "_":
        return _big(p, big)
    start = p.next()
    if p.now.kind != "open":
        p.fail("an index or brackets are expected here", fix=f"write \\{name}_k z_k or \\{name}(u, v)")
    found = p.arguments(20, (",",))
    if len(found) < 2:
        p.fail(f"\\{name} of one number", p.since(start.start), f"write \\{name}_k z_k or \\{name}(u, v)")
    return p.powered(Node(name, tuple(found), p.since(start.start)), name)


def _big(p: Parser, kind: str) -> Node:
    start = p.next()
    names: list[Token] = []
    low = high = other = None
    seen = ""
    while p.now.kind in ("_", "^") and p.now.kind not in seen:
        seen += p.now.kind
        if p.next().kind == "^":
            high = p.script() if p.now.kind != "command" else read_infty(p)
        else:
            names, low, top, other = _range(p)
            if top is not None:
                high, seen = top, "_^"
    if p.now.kind in ("_", "^"):
        p.fail("a range is written once")
    shown = p.shown(start.start)
    if not names:
        p.fail("the index is missing", start, f"write {shown}_{{i=1}}^{{n}}")
    if high is not None and low is None and other is None:
        p.fail("where the index begins is missing", p.since(start.start), f"write _{{{names[0].text}=1}}")
    if p.now.kind == "+":
        p.fail(f"the body of {shown} is missing: it ends at the next + or -", fix=f"write {shown} \\left( ... \\right)")
    body_at = p.at + (p.now.kind == "-")
    raised = closing(p.tokens, body_at) + 1 if body_at < len(p.tokens) and p.tokens[body_at].kind == "open" else body_at
    if kind in ("largest", "smallest") and [t.kind for t in p.tokens[raised : raised + 1]] in (["^"], ["!"]):
        p.fail(f"whether this belongs to the body of {shown} is not certain", p.tokens[raised], "write brackets")
    body, product = p.signed_product(shown)
    loose = _loose(p, product, body_at, {t.text for t in names})
    if loose is not None and kind in ("largest", "smallest"):
        p.fail(f"whether this belongs to the body of {shown} is not certain", loose, "write brackets")
    if loose is not None and kind == "prod":
        p.note(f"the body of {shown} runs to the next + or -: {p.shown(p.tokens[body_at].start)}")
    p.tails.append(Tail(kind, shown, p.at, loose is not None))
    node = body
    for each in reversed(names):
        node = Node("big", (kind, each.text, low, high, other, node), p.since(start.start))
    return node


def _loose(p: Parser, body: Node, at: int, letters: set[str]) -> Node | None:
    """The last factor of a body without brackets, if it does not mention the index: not all readers would count it in."""
    if body.kind not in ("mul", "div") or (p.tokens[at].kind == "open" and closing(p.tokens, at) == p.at - 1):
        return None
    if body.kind == "div" and not any(t.kind == "/" for t in p.tokens[at : p.at] if t.start < body.children[1].span[0]):
        return None
    last = body.children[-1]
    inside = (t for t in p.tokens[at : p.at] if t.start >= last.span[0])
    return None if any(t.kind == "name" and t.text in letters for t in inside) else last


def _range(p: Parser) -> tuple[list[Token], Node | None, Node | None, Node | None]:
    """What stands below \\sum: the indices, where they begin and end, and the value they leave out."""
    t = p.now
    if t.kind == "name":
        p.next()
        return [t], None, None, None
    p.expect("lbrace", "an index", "write \\sum_{i=1}^{n}")
    stacked = p.now.kind == "command" and p.now.text == "substack"
    if stacked:
        p.next()
        p.expect("lbrace", "an index")
    low: Node | None = None
    high: Node | None = None
    if p.now.kind == "number":  # 1 \le i \le n
        low, names = p.expression(), []
        if p.expect("relation", "\\le").text != "<=":
            p.fail("the range of an index is read with \\le", fix="write \\sum_{i=1}^{n}")
        names = [index(p)]
        if p.expect("relation", "\\le").text != "<=":
            p.fail("the range of an index is read with \\le", fix="write \\sum_{i=1}^{n}")
        high = p.expression()
    else:
        names = [index(p)]
        while p.now.kind == "name" or (p.now.kind == "," and p.ahead().kind == "name" and p.ahead(2).kind != "relation"):
            p.accept(",")
            names.append(index(p))
        if p.now.kind == "," and p.ahead().kind == "name" and p.ahead(2).text == "=" and len(names) == 1:
            p.next()  # i, j = 1
            names.append(index(p))
        if p.now.kind == "relation" and p.now.text == "=":
            p.next()
            low = p.expression()
    other = _other(p, names)
    if stacked:
        p.expect("rbrace", "}")
    if p.now.kind != "rbrace":
        p.fail("this range is not read", p.now, "write \\sum_{i=1}^{n}, \\sum_{i} or \\sum_{j \\ne k}")
    p.next()
    return names, low, high, other


def index(p: Parser) -> Token:
    """A letter which is to be an index."""
    t = p.expect("name", "an index", "write \\sum_{i=1}^{n}")
    if p.now.kind == "'":
        mark = p.next()
        return Token("name", f"{t.text}_prime", t.start, mark.end)
    return t


def _other(p: Parser, names: list[Token]) -> Node | None:
    """``j \\ne k`` in a range."""
    if p.now.kind in (",", "\\\\"):
        p.next()
        again = index(p)
        if len(names) != 1 or again.text != names[0].text:
            p.fail("this range is not read", again, "write \\sum_{j \\ne k}")
    elif not (p.now.kind == "relation" and p.now.text == "!="):
        return None
    if len(names) != 1 or not (p.now.kind == "relation" and p.now.text == "!="):
        p.fail("this range is not read", p.now, "write \\sum_{i=1}^{n}, \\sum_{i} or \\sum_{j \\ne k}")
    p.next()
    t = p.now
    if t.kind not in ("name", "number"):
        p.fail("an index is expected here")
    p.next()
    return symbol(p, t)


# ---- functions that may stand without brackets


def read_log(p: Parser) -> Node:
    """``\\log x``, ``\\ln x``, ``\\log_2 x``."""
    start = p.next()
    base = None
    if p.now.kind == "_":
        if "ln" in p.source[start.start : start.end]:
            p.fail("\\ln takes no base", fix="write \\log_2")
        p.next()
        base = p.script()
    shown = p.shown(start.start)
    if p.now.kind == "^":
        p.fail("an exponent between a function and its argument is not certain", fix=f"write \\left({shown} x\\right)^2")
    bracketed = p.now.kind == "open"
    argument = _argument_of(p, shown)
    node = Node("log", (argument,), p.since(start.start))
    if base is not None:
        natural = base.kind == "sym" and base.args[0] == "e" and not p.declared("e")
        node = node if natural else Node("logb", (argument, base), node.span)
    if bracketed:
        if p.now.kind == "open" or (p.now.kind == "/" and p.ahead().kind == "open"):
            p.note(f"{p.shown(start.start)} takes only its own bracket", p.since(start.start))
        return p.powered(node, "log")
    if argument.kind == "pow" and argument.args[0] != Node("sym", ("e",)):
        p.note(f"{p.shown(start.start)} is the logarithm of the power", p.since(start.start))
    elif argument.kind == "factorial":
        p.note(f"{p.shown(start.start)} is the logarithm of the factorial", p.since(start.start))
    if p.now.kind in ("*", "/") or p.begins_factor(p.now):
        p.note(f"{p.shown(start.start)} takes one factor, and not what follows it", p.since(start.start))
    tail = p.tails[-1] if p.tails else None
    if tail is not None and tail.place == p.at and tail.loose:
        p.note(f"{shown} takes the whole of {tail.name}: {p.shown(*argument.span)}", argument.span)
    return node


def _argument_of(p: Parser, shown: str) -> Node:
    if p.now.kind in ("+", "-"):
        p.fail(f"a sign after {shown} is not certain", fix=f"write {shown}(-x)")
    if p.now.kind == "open":
        return p.bracketed()
    if p.now.kind == "command" and p.now.text in ("int", "lim", "partial"):
        p.fail(f"what {shown} is applied to is not certain", fix=f"write {shown}\\left( ... \\right)")
    brace = p.now
    if brace.kind == "lbrace" and p.ahead().kind in ("+", "-"):
        p.fail("braces do not show", brace, f"write {shown}(-x)")
    with p.nested():
        argument = p.factor()
    if argument.kind == "deriv":
        p.fail(f"what {shown} is applied to is not certain", argument, f"write {shown}\\left( ... \\right)")
    return argument


def read_exp(p: Parser) -> Node:
    """``\\exp(x)``."""
    return _plain(p, "exp")


def read_tanh(p: Parser) -> Node:
    """``\\tanh(x)``."""
    return _plain(p, "tanh")


def _plain(p: Parser, name: str) -> Node:
    start = p.next()
    if p.now.kind in ("^", "_"):
        p.fail("a script between a function and its argument is not certain", fix=f"write \\left(\\{name}(x)\\right)^2")
    bracketed = p.now.kind == "open"
    argument = _argument_of(p, f"\\{name}")
    node = Node("exp", (argument,), p.since(start.start))
    if name != "exp":
        node = Node("call", (name, argument), node.span)
    if bracketed:
        return p.powered(node, name)
    if argument.kind in ("pow", "factorial", "big") or p.now.kind in ("*", "/") or p.begins_factor(p.now):
        p.fail(
            f"where the argument of \\{name} ends is not certain", p.since(start.start), f"write \\{name}\\left( ... \\right)"
        )
    return node


def read_sqrt(p: Parser) -> Node:
    """``\\sqrt{x}``, ``\\sqrt[3]{x}``."""
    start = p.next()
    root = None
    if p.now.kind == "open" and p.now.text == "[":
        (root,) = p.arguments(1)
        if root.kind != "number" or root.args[0].denominator != 1 or not 2 <= root.args[0] <= 100:
            p.fail("the order of a root is a whole number between 2 and 100", root)
    if p.now.kind == "number" and len(p.now.text) > 1:
        p.fail("a number of more than one digit stands in braces here", fix=f"write \\sqrt{{{p.now.text}}}")
    argument = p.argument()
    span = p.since(start.start)
    if root is None or root.args[0] == 2:
        return p.powered(Node("sqrt", (argument,), span))
    if root.args[0] % 2:
        p.note(f"{p.shown(start.start)} is a power, and not for negative numbers", span)
    return p.powered(Node("pow", (argument, Node("div", (ONE, root), span)), span))


def read_binom(p: Parser) -> Node:
    """``\\binom{n}{k}``."""
    start = p.next()
    n = p.argument()
    k = p.argument()
    return p.powered(Node("binom", (n, k), p.since(start.start)))


READERS = {
    "frac": read_frac, "sqrt": read_sqrt, "binom": read_binom, "sum": read_sum, "prod": read_prod, "int": read_int,
    "lim": read_lim, "max": read_max, "min": read_min, "log": read_log, "exp": read_exp, "tanh": read_tanh,
    "partial": read_partial, "infty": read_infty, "begin cases": read_begin_cases,
}  # fmt: skip

__all__ = ["READERS", "Differential", "Tail"]
