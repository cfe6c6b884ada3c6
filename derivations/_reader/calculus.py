"""Derivatives, integrals and limits, as they are written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations._kernel.tree import Node

from .functions import at_differential, scripted
from .tokens import Token, closing

if TYPE_CHECKING:
    from .parser import Parser

MAX_ORDER = 8


@dataclass
class Differential:
    """The dx of an integral, once it has been met."""

    name: str = ""


@dataclass(frozen=True)
class Tail:
    """An operator whose body, without brackets, ended at a place among the tokens."""

    kind: str
    name: str  #: as it is written
    place: int
    loose: bool = False  #: the last factor of the body does not mention the index


def _is_d(p: Parser, t: Token) -> bool:
    upright = t.how in ("mathrm", "operatorname", "text", "textrm", "rm")
    return t.kind == "name" and t.text == "d" and (upright or not p.declared("d"))


def is_derivative(p: Parser) -> str:
    """Whether the fraction which comes next is a derivative: "partial", "d" or ""."""
    if p.now.kind != "lbrace":
        return ""
    close = closing(p.tokens, p.at)
    top = p.ahead()
    below = p.tokens[close + 2] if close + 2 < len(p.tokens) and p.tokens[close + 1].kind == "lbrace" else p.end
    if top.kind == "command" and top.text == "partial":
        if not (below.kind == "command" and below.text == "partial"):
            p.fail("\\partial is expected below as well", below, "write \\frac{\\partial}{\\partial x}")
        return "partial"
    plain = [t.kind == "name" and t.text == "d" for t in (top, below)]
    if not all(plain) or close + 3 >= len(p.tokens) or p.tokens[close + 3].kind != "name":
        return ""
    if not (_is_d(p, top) and _is_d(p, below)):
        p.fail("d is declared, and this may be a derivative", top, "write \\partial for it, or \\cdot after d for a product")
    return "d"


def read_frac(p: Parser) -> Node:
    """A fraction, or a derivative written as one."""
    start = p.next().start
    kind = is_derivative(p)
    if kind:
        return derivative(p, kind, start)
    over = numerator(p)
    under = p.argument()
    return p.powered(Node("div", (over, under), p.since(start)))


def numerator(p: Parser) -> Node:
    """What stands above; the dx of an integral may stand there."""
    if not p.integrals or p.now.kind != "lbrace":
        return p.argument()
    brace = p.next()
    node = Node("number", (Fraction(1),), (brace.start, brace.end)) if at_differential(p) else p.expression()
    if at_differential(p):
        p.next()
        p.integrals[-1].name = p.next().text
    if p.now.kind != "rbrace":
        p.unexpected()
    p.next()
    return node


def order(p: Parser) -> int:
    """The order of a derivative, after ^."""
    if not p.accept("^"):
        return 1
    braces = p.accept("lbrace")
    t = p.expect("number", "the order of the derivative")
    if braces:
        p.expect("rbrace", "}")
    if not t.text.isdigit() or not 1 <= int(t.text) <= MAX_ORDER:
        p.fail(f"the order of a derivative is between 1 and {MAX_ORDER}", t)
    return int(t.text)


def variable(p: Parser) -> Node:
    """What a derivative is taken in."""
    t = p.expect("name", "the variable of the derivative")
    return scripted(p, Node("sym", (t.text,), (t.start, t.end)))


def derivative(p: Parser, kind: str, start: int) -> Node:
    """``\\frac{\\partial^2 f}{\\partial x \\partial y}`` or ``\\frac{d}{dx} f``."""
    p.next()
    p.next()
    times, body = order(p), None
    outside, p.integrals = p.integrals, []
    if p.now.kind != "rbrace":
        body = p.product()
        if p.now.kind != "rbrace":
            p.fail("what is differentiated is not certain", fix="write \\frac{\\partial}{\\partial x}\\left( ... \\right)")
    p.next()
    p.expect("lbrace", "the variable of the derivative")
    by: list[Node] = []
    while p.now.kind != "rbrace":
        t = p.next()
        if not ((t.kind == "command" and t.text == "partial") if kind == "partial" else _is_d(p, t)):
            p.fail("\\partial x is expected here", t)
        x = variable(p)
        by += [x] * order(p)
        if len(by) > MAX_ORDER:
            p.fail(f"the order of a derivative is between 1 and {MAX_ORDER}", x)
    p.next()
    p.integrals = outside
    if len(by) != times:
        p.fail(f"the order above is {times}, and below it is {len(by)}", p.since(start))
    if body is not None:
        return evaluated(p, p.powered(Node("deriv", (kind, body, *by), p.since(start))))
    return applied(p, kind, by, start)


def read_partial(p: Parser) -> Node:
    """``\\partial_x f``."""
    start = p.next().start
    if p.now.kind != "_":
        p.fail("a derivative is written \\frac{\\partial}{\\partial x} or \\partial_x")
    p.next()
    if p.now.kind == "lbrace":
        p.next()
        x = variable(p)
        p.expect("rbrace", "}")
    else:
        t = p.expect("name", "the variable of the derivative")
        x = Node("sym", (t.text,), (t.start, t.end))
    return applied(p, "partial", [x], start)


def evaluated(p: Parser, node: Node) -> Node:
    """Refuse a bracket after a derivative: it may be a factor, or the place at which the derivative is taken."""
    if p.now.kind == "open":
        p.fail("the bracket may be a factor, or where the derivative is taken", p.now, "write \\cdot before the bracket")
    return node


def applied(p: Parser, kind: str, by: list[Node], start: int) -> Node:
    """An operator before what it is applied to: a bracket, or the rest of a product."""
    operator = p.shown(start)
    if p.now.kind in ("+", "-"):
        p.fail("where the derivative ends is not certain", fix=f"write {operator}\\left( ... \\right)")
    letters = {(x.args[0] if x.kind == "sub" else x).args[0] for x in by}
    if p.now.kind != "open":
        first = p.at
        body = p.product()
        if body.kind in ("mul", "div"):
            later = [t for t in p.tokens[first : p.at] if t.start >= body.children[0].span[1]]
            if p.tokens[first].text != "frac" and mention(later, letters):
                p.note(f"{operator} runs over the whole product: {p.shown(*body.span)}", body.span)
        p.tails.append(Tail("deriv", operator, p.at))
        return Node("deriv", (kind, body, *by), p.since(start))
    body = p.powered(p.bracketed())
    if body.kind in ("pow", "factorial") and p.tokens[p.at - 1].kind != "close":
        p.note(f"{operator} differentiates the power of the bracket", body.span)
    node = Node("deriv", (kind, body, *by), p.since(start))
    goes_on = p.now.kind in ("*", "/") or p.begins_factor(p.now)
    if goes_on and mention(p.tokens[p.at : product_end(p, p.at)], letters):
        p.fail("whether the derivative goes on over this factor is not certain", p.now,
               "write brackets around the derivative, or around all it is applied to")  # fmt: skip
    return evaluated(p, node)


def mention(tokens: list[Token], letters: set[str]) -> bool:
    """Whether one of the letters is among the tokens."""
    return any(t.kind == "name" and t.text in letters for t in tokens)


def product_end(p: Parser, at: int) -> int:
    """Where the product that goes on at ``at`` ends, as far as brackets tell."""
    depth = 0
    for k in range(at, len(p.tokens)):
        t = p.tokens[k]
        if depth == 0 and t.kind in ("+", "-", "relation", ",", "close", "rbrace", "&", "\\\\"):
            return k
        depth += (t.kind in ("lbrace", "open")) - (t.kind in ("rbrace", "close"))
    return len(p.tokens)


def read_int(p: Parser) -> Node:
    """``\\int_a^b … dx``."""
    start = p.next()
    low = high = None
    while p.now.kind in ("_", "^"):
        which = p.next().kind
        if (low if which == "_" else high) is not None:
            p.fail("a limit is written twice")
        value = p.script() if p.now.kind != "command" else infinity(p)
        low, high = (value, high) if which == "_" else (low, value)
    if low is None or high is None:
        p.fail("an integral needs both limits", start, "write \\int_{a}^{b}")
    p.integrals.append(Differential())
    if at_differential(p):
        p.fail("the differential stands at the end", p.now, "write \\int_a^b f(x) \\, dx")
    body = p.expression()
    if not p.integrals[-1].name:
        if not at_differential(p):
            p.fail("the integral has no differential", start if p.now.kind == "end" else p.now, "write \\int_a^b ... \\, dx")
        p.next()
        p.integrals[-1].name = p.next().text
    name = p.integrals.pop().name
    return Node("integral", (name, low, high, body), p.since(start.start))


def infinity(p: Parser) -> Node:
    """``\\infty``."""
    t = p.next()
    if t.text != "infty":
        p.fail("a limit of more than one character stands in braces", t)
    return Node("infinity", (), (t.start, t.end))


def read_lim(p: Parser) -> Node:
    """``\\lim_{x \\to 0^+} …``."""
    start = p.next()
    for kind in ("_", "lbrace"):
        own = p.shown(p.now.start, p.now.end) if p.now.kind == "name" else "x"
        p.expect(kind, "what the limit is taken in", f"write \\lim_{{{own} \\to 0^+}}")
    x = p.expect("name", "the variable of the limit")
    arrow = p.next()
    if arrow.kind != "command" or arrow.text not in ("to", "down", "up"):
        p.fail("an arrow is expected here", arrow, f"write \\lim_{{{p.shown(x.start, x.end)} \\to 0^+}}")
    side = {"to": "", "down": "+", "up": "-"}[arrow.text]
    close = closing(p.tokens, p.at - 3)
    last = [t.kind for t in p.tokens[max(p.at, close - 4) : close]]
    for pattern in (["^", "lbrace"], ["^"], []):  # 0^{+}, 0^+, 0+
        for sign in ("+", "-"):
            whole = [*pattern, sign, *(["rbrace"] if "lbrace" in pattern else [])]
            if last[-len(whole) :] == whole and close - len(whole) > p.at and not side:
                side = sign
                del p.tokens[close - len(whole) : close]
                last = []
    point = p.expression()
    if p.now.kind != "rbrace":
        p.unexpected()
    p.next()
    shown = p.shown(start.start)
    if p.now.kind == "+":
        p.fail("where the limit ends is not certain", fix=f"write {shown}\\left( ... \\right)")
    body, _ = p.signed_product(shown)
    p.tails.append(Tail("limit", shown, p.at))
    return Node("limit", (x.text, point, side, body), p.since(start.start))


def read_infty(p: Parser) -> Node:
    """``\\infty``."""
    return infinity(p)


__all__ = ["Differential", "Tail", "product_end", "read_frac", "read_infty", "read_int", "read_lim", "read_partial"]
