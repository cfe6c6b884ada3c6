"""A second parser, of what :mod:`.written` prints and of nothing else: it has to find the tree that was printed.

It shares no code with the reader of LaTeX and none with the printer, so a slip of either shows as a difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from derivations._kernel.tree import Node

MAX_DEPTH = 300  #: brackets within brackets
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_CHARACTER = re.compile(r"\w", re.ASCII)
_WORD = re.compile(r"[A-Za-z]\w*", re.ASCII)
_RELATION = {"=": "=", "≤": "<=", "≥": ">=", "<": "<", ">": ">", "≠": "!="}
_SIGN = {"Σ": "sum", "Π": "prod", "max": "largest", "min": "smallest"}
_CONSTANT = {"π": "pi", "∞": "infinity"}
#: Words before a bracket: the node, what it begins with, and how many arguments it takes.
_FUNCTION: dict[str, tuple[str, tuple[str, ...], tuple[int, int]]] = {
    "ln": ("log", (), (1, 1)), "exp": ("exp", (), (1, 1)), "sqrt": ("sqrt", (), (1, 1)), "binom": ("binom", (), (2, 2)),
    "max": ("max", (), (2, 99)), "min": ("min", (), (2, 99)), "σ": ("call", ("sigmoid",), (1, 1)),
    "Bernoulli": ("call", ("bernoulli",), (2, 2)), "D": ("call", ("D",), (2, 2)), "JS": ("call", ("JS",), (2, 2)),
    **{name: ("call", (name,), (1, 1)) for name in ("tanh", "softplus", "softmax", "logsumexp")},
}  # fmt: skip


class Misread(ValueError):
    """A text that is not of the form in which claims are printed."""


@dataclass
class Back:
    """What was printed: names with their domains as they are written, free indices with their ranges, and the tree."""

    domains: dict[str, str] = field(default_factory=dict)
    free: dict[str, str] = field(default_factory=dict)
    tree: Node = field(default_factory=lambda: Node("chain"))


def read_back(text: str) -> Back:
    """The claim which a text was printed from."""
    found = Back()
    if text.startswith("for "):
        head, colon, text = text[4:].partition(":  ")
        for group in head.split("; "):
            names, mark, domain = group.partition(": ")
            index, _, size = group.removeprefix("every ").partition(" = 1, …, ")
            if mark:
                found.domains |= dict.fromkeys(names.split(", "), domain)
            elif not colon or not size or found.free.setdefault(index, size) != size:
                raise Misread("the domains are not of this form")
    for domain in list(found.domains.values()):
        for size in _sizes(domain):
            if not size.isdigit():
                found.domains.setdefault(size, "Size")
    reader = _Reader(text, found)
    found.tree = reader.chain()
    if reader.at != len(text):
        raise Misread("something follows the claim")
    return found


def _sizes(domain: str) -> list[str]:
    return domain.partition("[")[2].rstrip("]").split(", ") if "[" in domain else []


class _Reader:
    def __init__(self, text: str, names: Back) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.domains, self.free = names.domains, names.free
        self.bound: list[tuple[str, str]] = []  #: names and what each is, innermost last

    # ---- characters

    def take(self, sign: str) -> bool:
        """Whether ``sign`` stands here; it is passed then."""
        there = self.text.startswith(sign, self.at)
        self.at += len(sign) * there
        return there

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise Misread(f"{sign!r} is expected at {self.at}")

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def word(self) -> str:
        """A whole name."""
        name = self.match(_WORD)
        if not name:
            raise Misread(f"a name is expected at {self.at}")
        return name

    # ---- statements and sums

    def chain(self) -> Node:
        """Sides with relations between them."""
        sides, relations = [self.sum()], []
        while self.text[self.at : self.at + 1] == " " and self.text[self.at + 1 : self.at + 2] in _RELATION:
            relations.append(_RELATION[self.text[self.at + 1]])
            self.at += 2
            self.need(" ")
            sides.append(self.sum())
        return Node("chain", (tuple(relations), *sides))

    def sum(self) -> Node:
        """Products with + and − between them."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Misread("nested too deep")
        parts = [Node("neg", (self.product(),)) if self.take("−") else self.product()]
        while True:
            if self.take(" + "):
                parts.append(self.product())
            elif self.take(" − "):
                parts.append(Node("neg", (self.product(),)))
            else:
                break
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Node("add", tuple(parts))

    def product(self) -> Node:
        """Factors, or one quotient."""
        factors = [self.power()]
        if self.take("/"):
            return Node("div", (factors[0], self.power()))
        while self.take("·"):
            factors.append(self.power())
        return factors[0] if len(factors) == 1 else Node("mul", tuple(factors))

    def power(self) -> Node:
        """An atom with its entry, exponent or factorial; or a binder with its body."""
        sign = self.text[self.at : self.at + 1]
        if sign in ("Σ", "Π", "∫", "∂") or re.compile(r"(?:max|min|lim)_\{\w+[=→]").match(self.text, self.at):
            return self.binder()
        base = self.atom()
        while self.text.startswith(("_", "("), self.at):
            if base.kind == "name" and self.take("("):
                if not self.domains.get(base.args[0], "").startswith("Family["):
                    raise Misread(f"{base.args[0]} takes no argument")
                base = Node("family", (base, self.sum()))
                self.need(")")
            else:
                self.need("_")
                base = self.entry(base, self.until_brace() if self.take("{") else self.match(_CHARACTER))
        if self.take("!"):
            return Node("factorial", (base,))
        if not self.take("^"):
            return base
        if self.take("("):
            exponent = self.sum()
            self.need(")")
            return Node("pow", (base, exponent))
        return Node("pow", (base, self.atom()))

    # ---- atoms

    def atom(self) -> Node:
        """A number, a name, a function with its arguments, or something in brackets."""
        if digits := self.match(_NUMBER):
            return Node("number", (Fraction(digits),))
        sign = self.text[self.at : self.at + 1]
        if sign in _CONSTANT:
            self.at += 1
            return Node(_CONSTANT[sign])
        if self.take("("):
            inside = self.sum()
            self.need(")")
            return inside
        if self.take("|"):
            inside = self.sum()
            self.need("|")
            return Node("abs", (inside,))
        if self.take("{"):
            return self.cases()
        if self.take("δ_{"):
            pair = self.until_brace().split(",")
            if len(pair) != 2:
                raise Misread("δ takes two indices")
            return Node("delta", tuple(map(self.symbol, pair)))
        if self.take("σ"):
            return self.function("σ")
        name = self.word()
        here = self.text[self.at : self.at + 1]
        if name.startswith("log_") and here in ("(", "{"):
            return self.logarithm(name[4:])
        if here == "(" and (name in _FUNCTION or name == "H"):
            return self.function(name)
        return self.named(name)

    def function(self, name: str) -> Node:
        """A function with its arguments."""
        self.need("(")
        found = [self.sum()]
        while self.take(" ‖ " if name == "D" else ", "):
            found.append(self.sum())
        self.need(")")
        if name == "H":
            return Node("call", ("H" if len(found) == 1 else "CE", *found))
        kind, first, (least, most) = _FUNCTION[name]
        if not least <= len(found) <= most:
            raise Misread(f"{name} takes another number of arguments")
        return Node(kind, (*first, *found))

    def logarithm(self, base: str) -> Node:
        """A logarithm to a base; one that is no plain name or number stands in braces."""
        if not base:
            self.need("{")
            to = self.sum()
            self.need("}")
        else:
            to = Node("number", (Fraction(base),)) if base.isdigit() else self.value(base)
        self.need("(")
        inside = self.sum()
        self.need(")")
        return Node("logb", (inside, to))

    def named(self, name: str) -> Node:
        """A name; or one with its only index, of a single character, after it."""
        if self.take("{"):
            inside = self.until_brace()
            if name[-1] != "_" or name[:-1] not in self.domains:
                raise Misread(f"{name} has no entries")
            return self.entry(Node("name", (name[:-1],)), inside)
        if self.known(name) or name == "e":
            return self.value(name)
        if name[-2:-1] != "_" or name[:-2] not in self.domains:
            raise Misread(f"{name} is not known")
        return self.entry(Node("name", (name[:-2],)), name[-1])

    def known(self, name: str) -> bool:
        return name in self.domains or name in self.free or any(name == each for each, _ in self.bound)

    def value(self, name: str) -> Node:
        """A name as a number or a vector."""
        kind = next((kind for each, kind in reversed(self.bound) if each == name), "")
        if kind or name in self.domains:
            return Node(kind or "name", (name,))
        if name == "e":
            return Node("euler")
        if name not in self.free:
            raise Misread(f"{name} is not known")
        return Node("index", (name,))

    def symbol(self, text: str) -> Node:
        """An index, a label or a number."""
        if text.isdigit():
            return Node("number", (Fraction(text),))
        kind = next((kind for each, kind in reversed(self.bound) if each == text), "")
        if kind == "name" or not (kind or text in self.domains or text in self.free):
            raise Misread(f"{text} is no index")
        return Node("name" if not kind and text in self.domains else "index", (text,))

    def until_brace(self) -> str:
        end = self.text.find("}", self.at)
        inside, self.at = self.text[self.at : end], end + 1
        if end < 0 or not inside:
            raise Misread("a brace is not closed")
        return inside

    def entry(self, base: Node, inside: str) -> Node:
        """An entry of what stands before the subscript: a vector takes one index, an array two."""
        sizes = 1
        if base.kind == "name":
            domain = self.domains.get(base.args[0], "")
            sizes = 0 if domain.startswith(("Label[", "Family[")) else len(_sizes(domain))
        indices = list(inside) if sizes == 2 and "," not in inside else inside.split(",")
        if len(indices) != sizes:
            raise Misread("the number of indices is another")
        return Node("entry", (base, *map(self.symbol, indices)))

    # ---- binders and cases

    def binder(self) -> Node:
        """Σ, Π, max, min, ∫, lim and ∂, with what they bind and their body."""
        if self.text.startswith("∂", self.at):
            return self.derivative()
        sign = self.match(_WORD).rstrip("_") or self.text[self.at]
        self.at += 0 if sign in ("max", "min", "lim") else 2
        self.need("{")
        name = self.word()
        self.need("→" if sign == "lim" else "=")
        ends, side, other = [self.sum()], "", None
        if sign == "lim":
            side = "+" if self.take("+") else "-" if self.take("-") else ""
        else:
            self.need("..")
            ends.append(self.sum())
        if sign == "Σ" and self.take(f", {name}≠"):
            other = self.symbol(self.match(_WORD) or self.match(_NUMBER))
        self.need("} (")
        self.bound.append((name, "name" if sign in ("∫", "lim") else "index"))
        body = self.sum()
        self.bound.pop()
        self.need(")")
        if sign == "∫":
            self.need(f" d{name}")
            return Node("integral", (name, *ends, body))
        if sign == "lim":
            return Node("limit", (name, *ends, side, body))
        return Node(_SIGN[sign], (name, *ends, body)) if other is None else Node("without", (name, *ends, other, body))

    def derivative(self) -> Node:
        """∂/∂x ∂/∂y (…)."""
        by = []
        while self.take("∂/∂"):
            by.append(self.named(self.word()))
            self.need(" ")
        self.need("(")
        body = self.sum()
        self.need(")")
        return Node("deriv", (body, *by))

    def cases(self) -> Node:
        """{a if x = 1; b otherwise}."""
        found: list[Node] = []
        while True:
            found.append(self.sum())
            if self.take(" otherwise"):
                self.need("}")
                break
            self.need(" if ")
            found.append(self.chain())
            if not self.take("; "):
                self.need("}")
                break
        return Node("cases", tuple(found))


__all__ = ["Back", "Misread", "read_back"]
