"""The grammar: tokens become a tree of what was written; names and indices get their meaning in ``resolve``.

Kinds of nodes that only live between here and there: ``sym(name)``; ``sub(base, group, …)`` where a group is the tuple of
the symbols between two commas of a subscript; ``big(kind, indices, low, high, other, body)``; ``indicator(chain)``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derivations._kernel.domains import Scope
from derivations._kernel.tree import Node

from . import cases, operators
from .functions import at_differential, before_bracket, call, function_at, looks_like_an_index, scripted, spelled_out
from .stream import MAX_DEPTH, Stream
from .tokens import Token, closing_level

_SHUT = {"(": ")", "[": "]", "{": "\\}"}
_TRANSPOSED = "write the sum with \\sum, or another letter"


class Parser(Stream):
    """Reads one formula from left to right."""

    def __init__(self, source: str, scope: Scope, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        self.scope, self.declared = scope, scope.declares
        self.bars = False  #: whether a bare | closes, or separates, rather than opens
        self.integrals: list[operators.Differential] = []  #: integrals which wait for their dx, innermost last
        self.tails: list[operators.Tail] = []  #: operators met, with the place where their body ended
        self.groups: list[tuple[int, int]] = []  #: braces that are no argument: where each pair stands in the source

    # ---- statements

    def chain(self, last: tuple[str, ...] = ("end",)) -> Node:
        """Expressions with relations between them."""
        start, sides, relations = self.now.start, [self.expression()], []
        while (t := self.accept("relation")) is not None:
            relations.append(t.text)
            sides.append(self.expression())
        if "end" in last:
            while self.now.kind in (".", ",", ";") and self.ahead().kind == "end":
                self.next()
        if self.now.kind not in last:
            self.unexpected()
        if not relations:
            self.fail("a claim needs a relation", self.end if "end" in last else None, "write =, \\le, \\ge, <, > or \\ne")
        return Node("chain", (tuple(relations), *sides), self.since(start))

    def unexpected(self) -> Any:
        """Refuse the token which stands here."""
        t = self.now
        if t.kind == "end":
            return self.fail("the formula ends too early")
        fixes = {
            "'": "write another letter, or \\frac{d}{dx} for a derivative",
            ":": "write \\frac{a}{b} for a quotient, = for a definition",
            "number": "write \\cdot between numbers",
            ",": "write one claim at a time",
            "&": "alignment is read inside \\begin{aligned} and \\begin{cases}",
            "dbar": "write D(p \\| q) for a divergence, |x| for an absolute value, a sum for a norm",
            "bar": "write D(p \\| q) for a divergence, |x| for an absolute value",
            "text": "leave words out; a free index already means: for every index",
            "gap": "a wide space sets things apart; write one claim, or \\cdot",
            "close": "each bracket is closed by its own kind",
            "to": f"a limit is written \\lim_{{{self.before(t)} \\to 0}}",
            "relation": "relations stand between whole sides; an indicator is written \\mathbb{1}[i = j]",
        }
        shown = self.source[t.start : t.end]
        return self.fail(f"{shown} is not expected here", t, fixes.get(t.kind, fixes.get(t.text, "")))

    def before(self, t: Token) -> str:
        """The name right before a token, as it is written; x if there is none."""
        last = self.tokens[self.at - 1] if self.at else t
        return self.source[last.start : last.end] if last.kind == "name" else "x"

    # ---- arithmetic

    def expression(self) -> Node:
        """A sum of products."""
        with self.nested():
            start = self.now.start
            parts: list[Node] = []
            while True:
                sign = self.accept("+", "-")
                if parts and sign is None:
                    break
                if sign is not None and parts:
                    self.stops(sign)
                if self.now.kind in ("+", "-"):
                    self.fail("two signs stand side by side", fix="write brackets: a - (-b)")
                part = self.product()
                parts.append(Node("neg", (part,), (sign.start, part.span[1])) if sign and sign.kind == "-" else part)
                if self.integrals and self.integrals[-1].name:
                    break
            return parts[0] if len(parts) == 1 else Node("add", tuple(parts), self.since(start))

    def stops(self, sign: Token) -> None:
        """What an operator without brackets leaves out when a sign follows."""
        for tail in self.tails:
            if tail.place != self.at - 1:
                continue
            if tail.kind == "deriv":
                self.fail("where the derivative ends is not certain", sign, f"write {tail.name}\\left( ... \\right)")
            elif tail.kind in ("sum", "prod", "limit"):
                self.note(f"the body of {tail.name} ends before the next + or -", (sign.start, sign.end))

    def signed_product(self, operator: str) -> tuple[Node, Node]:
        """The body of an operator without brackets, which may begin with its own minus sign, and its product."""
        sign = self.accept("-")
        if sign is None:
            body = self.product()
            return body, body
        if self.now.kind in ("+", "-"):
            self.fail("two signs stand side by side", fix="write brackets: a - (-b)")
        self.note(f"the body of {operator} begins with its own sign", (sign.start, sign.end))
        body = self.product()
        return Node("neg", (body,), (sign.start, body.span[1])), body

    def product(self) -> Node:
        """Factors side by side, or with a sign between them."""
        with self.nested():
            start, factors, divided = self.now.start, [self.factor()], False
            while True:
                t = self.now
                if t.kind == "*":
                    self.next()
                    if self.now.kind in ("+", "-"):
                        self.fail("a sign after \\cdot is not certain", fix="write brackets: a \\cdot (-b)")
                    if divided:
                        self.note("a/b \\cdot c is (a/b) \\cdot c")
                    factors.append(self.factor())
                elif t.kind == "/":
                    if divided:
                        self.fail("two quotients in a row are not certain", t, "write \\frac{a}{b} or brackets")
                    self.next()
                    factors, divided = [self.divided(factors, start)], True
                elif self.begins_factor(t):
                    if divided:
                        self.fail("what the slash divides by is not certain", t, "write \\frac{a}{b} or brackets")
                    if t.kind == "number" and self.bare():
                        self.fail("a number after a factor is not certain", t, "write the number first, or \\cdot before it")
                    factors.append(self.factor())
                    if factors[-2].kind == "number" and mixed(factors[-1]) and t.text == "frac":
                        self.fail("a number and a fraction may be their sum or their product", t, "write + or \\cdot")
                else:
                    break
            return factors[0] if len(factors) == 1 else Node("mul", tuple(factors), self.since(start))

    def divided(self, factors: list[Node], start: int) -> Node:
        """A quotient with a slash; below it stands one factor."""
        if self.now.kind in ("+", "-"):
            self.fail("a sign after a slash is not certain", fix="write brackets: a/(-b)")
        over = factors[0] if len(factors) == 1 else Node("mul", tuple(factors), self.since(start))
        under = self.factor()
        if self.tails and self.tails[-1].place == self.at and self.tails[-1].loose:
            self.fail("what the slash divides by is not certain", under, "write brackets around the sum, or \\frac{a}{b}")
        return Node("div", (over, under), self.since(start))

    def bare(self) -> bool:
        """Whether the number that stands here is not the base of a power, or may belong to a number before it."""
        before = [t.kind for t in self.tokens[max(0, self.at - 2) : self.at]]
        return self.ahead().kind != "^" or (before[-1:] == ["number"] and before[0] not in ("^", "_"))

    def begins_factor(self, t: Token) -> bool:
        """Whether a factor may begin with this token, right after another factor."""
        if t.kind == "name":
            return not at_differential(self)
        if t.kind == "bar":
            return t.how in ("left", "opening") or (not self.bars and t.how not in ("right", "closing", "middle"))
        return t.kind in ("number", "open", "lbrace", "indicator") or (t.kind == "command" and t.text in operators.READERS)

    def factor(self) -> Node:
        """A function or operator with what it applies to, or an atom with its scripts."""
        t = self.now
        if t.kind == "command":
            if t.text not in operators.READERS:
                self.unexpected()
            return operators.READERS[t.text](self)
        if t.kind == "name":
            spelled_out(self, t)
            if (function := function_at(self, t)) is not None:
                return self.powered(call(self, function), function)
            before_bracket(self, t)
        return self.powered(scripted(self, self.atom()))

    def powered(self, base: Node, function: str = "") -> Node:
        """``base`` with its exponent and factorial, if there are any."""
        start = base.span[0]
        fraction = base.kind == "div" and self.tokens[self.at - 1].kind != "close" and self.now.kind in ("^", "!")
        if self.now.kind == "_":
            if base.kind == "sub":
                self.fail("a second subscript is not certain", fix="write p_{ij}")
            base = scripted(self, base)
            function = ""
        if self.now.kind == "!":
            if function:
                self.fail("whether the factorial is one of the argument or of the value is not certain", fix="write brackets")
            self.next()
            if self.now.kind == "!":
                self.fail("a double factorial is not read", fix="write brackets")
            base = Node("factorial", (base,), self.since(start))
        if self.accept("^"):
            exponent = self.exponent(base.kind == "sub" or (base.kind == "sym" and base.args[0] != "e"))
            if function:
                self.note(f"f(x)^y is (f(x))^y: {self.shown(start)}", self.since(start))
            if self.now.kind == "_" and base.kind == "sym":
                base = scripted(self, base)
            base = Node("pow", (base, exponent), self.since(start))
            if self.now.kind in ("^", "!", "_", "'"):
                self.fail("a second script is not certain", fix="write brackets")
        if fraction:
            self.note(f"what follows a fraction is applied to all of it: {self.shown(start)}", self.since(start))
        return base

    def exponent(self, named: bool = False) -> Node:
        """What stands after ^, on a name or on something else."""
        t = self.now
        if t.kind == "lbrace":
            inside = self.ahead()
            if named and looks_like_an_index(self):
                self.fail("a raised bracket may be an index", (t.start, t.end), "write x^{a} for a power, x_{a} for an entry")
            if inside.kind == "*" or _transposed(inside):
                self.fail("this is not an exponent", inside, _TRANSPOSED)
            return self.braced(self.expression)
        if t.kind == "number" and len(t.text) == 1:
            self.next()
            return Node("number", (Fraction(t.text),), (t.start, t.end))
        if t.kind == "name" and function_at(self, t) is None:
            if _transposed(t):
                self.fail("this is not an exponent", t, _TRANSPOSED)
            self.next()
            return Node("sym", (t.text,), (t.start, t.end))
        fix = "write the exponent in braces: x^{10}, x^{\\frac{1}{2}}"
        return self.fail("an exponent of more than one character stands in braces" if t.kind != "*" else "* is not an exponent",
                         t, fix)  # fmt: skip

    def braced(self, inside: Callable[[], Node]) -> Node:
        """``{ … }`` as an argument; brackets around it are of no account in it."""
        self.expect("lbrace", "{")
        outside, self.integrals = self.integrals, []
        bars, self.bars = self.bars, False
        node = inside()
        self.integrals, self.bars = outside, bars
        if self.now.kind in ("+", "-") and inside == self.product:
            self.fail("braces do not show", fix="write round brackets")
        if self.now.kind != "rbrace":
            self.unexpected()
        self.next()
        return node

    def script(self) -> Node:
        """The argument of _ or ^, where a number of several digits may be meant whole."""
        t = self.now
        if t.kind == "number" and len(t.text) > 1:
            self.fail("a number of more than one digit stands in braces here", t, f"write {{{t.text}}}")
        return self.argument()

    def argument(self) -> Node:
        """The argument of a command: a group in braces, one digit or one letter."""
        t = self.now
        if t.kind == "lbrace":
            return self.braced(self.expression)
        if t.kind == "number" and "." not in t.text:  # \frac12 is one half
            digit = Node("number", (Fraction(t.text[0]),), (t.start, t.start + 1))
            if len(t.text) > 2 and t.text[1] == "0":
                self.fail("a number that begins with 0 is not certain", t, "write the arguments in braces")
            if len(t.text) > 1:
                self.tokens[self.at] = Token("number", t.text[1:], t.start + 1, t.end)
            else:
                self.next()
            return digit
        if t.kind == "name" and t.how in ("", "greek", "accent"):
            self.next()
            return Node("sym", (t.text,), (t.start, t.end))
        return self.fail("an argument in braces is expected here")

    # ---- atoms

    def atom(self) -> Node:
        """A number, a name, or something in brackets."""
        t = self.now
        if t.kind == "number":
            self.next()
            return Node("number", (Fraction(t.text),), (t.start, t.end))
        if t.kind == "name":
            self.next()
            if self.now.kind == "'":
                mark = self.next()
                return Node("sym", (f"{t.text}_prime",), (t.start, mark.end))
            return Node("sym", (t.text,), (t.start, t.end))
        if t.kind == "open":
            return self.bracketed()
        if t.kind == "bar":
            return self.absolute()
        if t.kind == "lbrace":
            return self.invisible()
        if t.kind == "indicator":
            return cases.indicator(self)
        return self.unexpected()  # type: ignore[no-any-return]

    def invisible(self) -> Node:
        """``{ … }``, which does not show; ``braces`` asks whether the formula says the same without it."""
        start = self.now.start
        node = self.braced(self.product)
        self.groups.append((start, self.tokens[self.at - 1].start))
        return node

    def bracketed(self) -> Node:
        """``( … )``, ``[ … ]`` or ``\\{ … \\}``."""
        (node,) = self.arguments(1)
        return Node(node.kind, node.args, node.span)

    def arguments(self, most: int, separators: tuple[str, ...] = (), form: str = "") -> list[Node]:
        """What stands in brackets: expressions with commas, or other signs, between them; ``form`` shows how."""
        start = self.next()
        outside, self.integrals = self.integrals, []
        bars, self.bars = self.bars, "dbar" in separators
        found = [self.expression()]
        while len(found) < most:
            if self.now.kind in separators:
                self.next()
            elif "dbar" in separators and self.now.kind == self.ahead().kind == "bar":
                self.next()
                self.next()
            else:
                break
            found.append(self.expression())
        end = self.now
        if form and end.kind in (",", ";", "bar", "dbar"):
            self.fail("the arguments are not separated like this", end, f"write {form}")
        if end.kind != "close":
            self.unexpected()
        if end.text != start.text or (start.how == "left") != (end.how == "right"):
            self.fail("this bracket does not match the one that was opened", end,
                      f"the bracket opened at {start.start + 1} is closed by {_SHUT[start.text]}")  # fmt: skip
        self.next()
        self.integrals, self.bars = outside, bars
        return found

    def absolute(self) -> Node:
        """``|x|``."""
        start = self.next()
        if start.how in ("right", "closing", "middle"):
            self.fail("this bar closes nothing", start)
        outside, self.integrals = self.integrals, []
        bars, self.bars = self.bars, True
        node = self.expression()
        end = self.now
        if end.kind != "bar" or end.how in ("left", "opening", "middle") or (start.how == "left") != (end.how == "right"):
            self.fail("the absolute value is not closed", (start.start, start.end), "write |x| or \\lvert x \\rvert")
        self.next()
        self.integrals, self.bars = outside, bars
        span = self.since(start.start)
        if not start.how and self.now.kind != "bar" and self.begins_factor(self.now):
            rest = self.tokens[self.at : closing_level(self.tokens, self.at)]
            if sum(t.kind == "bar" for t in rest) > 1:
                self.note(f"a bar closes the one before it: {self.shown(start.start)}", span)
        return Node("abs", (node,), span)


def _transposed(t: Token) -> bool:
    """Whether an upright T stands in an exponent."""
    return t.kind == "name" and t.text == "T" and t.how not in ("", "accent", "greek")


def mixed(node: Node) -> bool:
    """Whether a node is a fraction of two numbers, as in 2½."""
    return node.kind == "div" and all(child.kind == "number" for child in node.children)


__all__ = ["MAX_DEPTH", "Parser"]
