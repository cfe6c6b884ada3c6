"""LaTeX of the tree of a formula: what the reader understood, in textbook style, so that it reads back to the same tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import NamedTuple

from .._kernel.domains import Scope
from .._kernel.tree import Node, parts
from .notation import FUNCTIONS, RELATIONS
from .tree_names import Names, letter

#: How tightly a piece holds together: a factor stands in a product, an atom takes an exponent.
SUM, PRODUCT, FACTOR, ATOM = range(4)
BIG = {"sum": r"\sum", "prod": r"\prod", "largest": r"\max", "smallest": r"\min", "without": r"\sum"}
#: Kinds which a logarithm takes without brackets.
PLAIN = frozenset({
    "number", "name", "index", "pi", "euler", "entry", "div", "sqrt", "exp", "log", "logb", "sum", "prod", "call", "delta",
    "abs", "binom",
})  # fmt: skip
#: Letters which a reader may take for a function where a bracket follows.
FUNCTION_LETTERS = frozenset({"f", "g", "h", "F", "G", "H", "D", "sigma"})
ONE, ZERO = (Node("number", (Fraction(value),)) for value in (1, 0))


class Piece(NamedTuple):
    """The LaTeX of a part."""

    text: str
    level: int = ATOM
    tall: bool = False  #: higher than a letter
    tail: bool = False  #: takes in what follows, so it stands last in a product


class TreeLatex:
    """Prints one formula over its domains."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names = Names(scope)
        self.small = False  #: whether an exponent is being written, where a quotient has a slash

    # ---- brackets

    def brackets(self, text: str, tall: bool, left: str = "(", right: str = ")") -> str:
        return rf"\left{left} {text} \right{right}" if tall else f"{left}{text}{right}"

    def wrap(self, node: Node, least: int, tail: bool = True) -> Piece:
        """A part, in brackets if it does not hold together well enough; without ``tail`` also if it takes in what follows."""
        piece = self.piece(node)
        if piece.level >= least and (tail or not piece.tail):
            return piece
        return Piece(self.brackets(piece.text, piece.tall), ATOM, piece.tall)

    @contextmanager
    def _size(self, small: bool) -> Iterator[None]:
        before, self.small = self.small, small
        yield
        self.small = before

    def normal(self, node: Node) -> Piece:
        with self._size(False):
            return self.piece(node)

    def script(self, node: Node) -> Piece:
        """A part that stands raised, or below a limit."""
        with self._size(True):
            return self.piece(node)

    def piece(self, node: Node) -> Piece:
        """The LaTeX of a part, and how it holds together."""
        if node.kind in BIG:
            return self.big(node)
        method: Callable[[Node], Piece] | None = getattr(self, f"_{node.kind}", None)
        if method is None:
            raise ValueError(f"no way to write {node.kind}")
        return method(node)

    # ---- numbers and names

    def _number(self, node: Node) -> Piece:
        return Piece(decimal(node.args[0]))

    def _pi(self, node: Node) -> Piece:
        return Piece(r"\pi")

    def _euler(self, node: Node) -> Piece:
        return Piece("e")

    def _infinity(self, node: Node) -> Piece:
        return Piece(r"\infty", FACTOR)

    def _name(self, node: Node) -> Piece:
        text = self.names.name(node.args[0])
        function = node.args[0] in FUNCTION_LETTERS and node.args[0] not in self.names.declared
        return Piece(text, FACTOR if "'" in text or function else ATOM)

    _index = _name

    # ---- arithmetic

    def _add(self, node: Node) -> Piece:
        text, tall = "", False
        for part in node.args:
            negative = part.kind == "neg"
            piece = self.wrap(part.args[0] if negative else part, PRODUCT)
            sign = " - " if negative else " + "
            text += f"{sign if text else '-' if negative else ''}{piece.text}"
            tall |= piece.tall
        return Piece(text, SUM, tall)

    def _neg(self, node: Node) -> Piece:
        piece = self.wrap(node.args[0], PRODUCT)
        return Piece(f"-{piece.text}", SUM, piece.tall)

    def _mul(self, node: Node) -> Piece:
        with self._size(False):
            pieces = [self.wrap(part, FACTOR, k == len(node.args)) for k, part in enumerate(node.args, 1)]
        text = pieces[0].text
        for k in range(1, len(pieces)):
            text += self.between(node.args[k - 1], pieces[k - 1].text, node.args[k], pieces[k].text) + pieces[k].text
        return Piece(text, PRODUCT, any(p.tall for p in pieces), pieces[-1].tail)

    def between(self, left: Node, before: str, right: Node, after: str) -> str:
        """What stands between two factors: a dot where a space could be taken for something else."""
        if after[:1].isdigit() or before == "d" or after.startswith(r"\left( \begin"):
            return r" \cdot "
        if left.kind == "number" and right.kind == "div" and all(c.kind == "number" for c in right.children):
            return r" \cdot "
        base = left.args[0] if left.kind == "entry" else left
        if base.kind not in ("name", "index") or not after.startswith(("(", r"\left(")):
            return " "
        function = base.args[0].partition("_")[0] in FUNCTION_LETTERS or before.startswith((r"\mathrm", r"\mathcal"))
        return r" \cdot " if function else " "

    def _div(self, node: Node) -> Piece:
        if self.small:
            over = self.wrap(node.args[0], PRODUCT if node.args[0].kind == "mul" else FACTOR, tail=False)
            under = self.wrap(node.args[1], FACTOR, tail=False)
            if not over.tall and not under.tall:
                return Piece(f"{over.text}/{under.text}", PRODUCT)
        over, under = map(self.normal, node.args)
        return Piece(rf"\frac{{{over.text}}}{{{under.text}}}", FACTOR, tall=True)

    def _pow(self, node: Node) -> Piece:
        base, exponent = self.wrap(node.args[0], ATOM), self.script(node.args[1])
        return Piece(f"{base.text}^{{{exponent.text}}}", FACTOR, base.tall)

    def _factorial(self, node: Node) -> Piece:
        plain = node.args[0].kind in ("number", "name", "index", "entry")
        base = self.wrap(node.args[0], ATOM if plain else ATOM + 1)
        return Piece(f"{base.text}!", FACTOR, base.tall)

    def _sqrt(self, node: Node) -> Piece:
        inside = self.normal(node.args[0])
        return Piece(rf"\sqrt{{{inside.text}}}", FACTOR, inside.tall)

    def _exp(self, node: Node) -> Piece:
        exponent = self.script(node.args[0])
        if not exponent.tall and "e" not in self.names.bound:
            return Piece(f"e^{{{exponent.text}}}", FACTOR)
        return self.applied(r"\exp", [self.normal(node.args[0])], FACTOR)

    def _abs(self, node: Node) -> Piece:
        inside = self.normal(node.args[0])
        left, right = (r"\left\lvert", r"\right\rvert") if inside.tall else (r"\lvert", r"\rvert")
        return Piece(f"{left} {inside.text} {right}", ATOM, inside.tall)

    def _binom(self, node: Node) -> Piece:
        over, under = map(self.normal, node.args)
        return Piece(rf"\binom{{{over.text}}}{{{under.text}}}", FACTOR, tall=True)

    def _log(self, node: Node, head: str = r"\log") -> Piece:
        argument = node.args[0]
        piece = self.normal(argument)
        if argument.kind in PLAIN and piece.level >= FACTOR:
            return Piece(f"{head} {piece.text}", FACTOR, piece.tall, tail=True)
        return Piece(f"{head} {self.brackets(piece.text, piece.tall)}", FACTOR, piece.tall, tail=True)

    def _logb(self, node: Node) -> Piece:
        return self._log(node, rf"\log_{{{self.script(node.args[1]).text}}}")

    # ---- functions and entries

    def applied(self, head: str, arguments: Iterable[Piece], level: int = ATOM, separator: str = ", ") -> Piece:
        """A function before its brackets."""
        pieces = list(arguments)
        tall = any(p.tall for p in pieces)
        return Piece(head + self.brackets(separator.join(p.text for p in pieces), tall), level, tall)

    def _max(self, node: Node) -> Piece:
        return self.applied(rf"\{node.kind}", map(self.normal, node.args))

    _min = _max

    def _call(self, node: Node) -> Piece:
        name, *arguments = node.args
        row = FUNCTIONS[name]
        head = row.latex
        if self.names.declared & {head.strip("\\")}:  # a variable is called H, D or σ
            head = rf"\operatorname{{{ {'D': 'KL'}.get(name, name) }}}"
        return self.applied(head, map(self.normal, arguments), separator=row.separator)

    def _family(self, node: Node, indices: tuple[str, ...] = ()) -> Piece:
        name, parameter = node.args[0].args[0], node.args[1]
        if parameter.kind == "name" and (text := self.names.member(name, parameter.args[0], indices)):
            return Piece(text)
        piece = self.applied(letter(name, prime=False), [self.normal(parameter)])
        return piece._replace(text=piece.text + (f"_{{{','.join(map(self.symbol, indices))}}}" if indices else ""))

    def symbol(self, text: str) -> str:
        """An index, a label or a number in a subscript."""
        return text if text.isdigit() else letter(text)

    def _entry(self, node: Node) -> Piece:
        base, *given = node.args
        indices = tuple(map(plain, given))
        if base.kind == "family":
            return self._family(base, indices)
        if base.kind == "name":
            text = self.names.name(base.args[0], indices)
            return Piece(text, FACTOR if "'" in text else ATOM)
        piece = self.wrap(base, ATOM)
        return Piece(f"{piece.text}_{{{','.join(map(self.symbol, indices))}}}", ATOM, piece.tall)

    def _delta(self, node: Node) -> Piece:
        pair = tuple(map(plain, node.args))
        if "delta" in self.names.declared:
            return Piece(rf"\mathbf{{1}}[{' = '.join(map(self.symbol, pair))}]")
        return Piece(rf"\delta_{{{self.names.side_by_side(pair)}}}")

    # ---- binders

    def big(self, node: Node) -> Piece:
        """Σ, Π, max and min over an index."""
        name, low, high = node.args[:3]
        sign, index, body = BIG[node.kind], letter(name), node.args[-1]
        first, last = self.script(low), self.script(high)
        if node.kind == "without":
            left_out = self.symbol(plain(node.args[3]))
            head = rf"{sign}_{{\substack{{{index}={first.text} \\ {index} \ne {left_out}}}}}^{{{last.text}}}"
        elif sign in (r"\max", r"\min") and low.kind == "number":
            head = rf"{sign}_{{{first.text} \le {index} \le {last.text}}}"
        else:
            head = f"{sign}_{{{index}={first.text}}}^{{{last.text}}}"
        with self.names.binding(name), self._size(False):
            text = self.wrap(body, FACTOR if sign in (r"\max", r"\min") else PRODUCT).text
        return Piece(f"{head} {text}", FACTOR, tall=True, tail=True)

    def _deriv(self, node: Node) -> Piece:
        body, *by = node.args
        order = "" if len(by) == 1 else f"^{{{len(by)}}}"
        below: list[str] = []
        k = 0
        while k < len(by):
            times = next((m for m in range(k, len(by)) if by[m] != by[k]), len(by)) - k
            below.append(rf"\partial {self.differentiated(by[k])}" + (f"^{{{times}}}" if times > 1 else ""))
            k += times
        bottom = r" \, ".join(below)
        piece = self.normal(body)
        flat = body.kind in ("name", "call") or (body.kind == "entry" and body.args[0].kind in ("name", "call"))
        if flat and not piece.tall:
            return Piece(rf"\frac{{\partial{order} {piece.text}}}{{{bottom}}}", FACTOR, tall=True)
        head = rf"\frac{{\partial{order}}}{{{bottom}}}"
        return Piece(f"{head} {self.brackets(piece.text, piece.tall)}", FACTOR, tall=True, tail=True)

    def differentiated(self, x: Node) -> str:
        """What a derivative is taken in; no prime stands there."""
        if x.kind == "entry" and x.args[0].kind == "name":
            return self.names.name(x.args[0].args[0], tuple(map(plain, x.args[1:])), prime=False)
        return self.names.name(x.args[0], prime=False)

    def _integral(self, node: Node) -> Piece:
        name, low, high, body = node.args
        first, last = self.script(low).text, self.script(high).text
        with self.names.binding(name), self._size(False):
            mentions = any("d" in p.args[:1] for p in parts(body) if p.kind in ("name", "index"))
            text = self.wrap(body, ATOM + 1 if mentions else PRODUCT).text
        d = r"\mathrm{d}" if "d" in self.names.declared else "d"
        x = letter(name, prime=False)
        return Piece(rf"\int_{{{first}}}^{{{last}}} {text} \, {d}{' ' if x == 'd' else ''}{x}", FACTOR, tall=True, tail=True)

    def _limit(self, node: Node) -> Piece:
        name, point, side, body = node.args
        to = self.script(point) if not side or point.kind == "infinity" else self.wrap(point, ATOM)
        arrow = rf"{letter(name, prime=False)} \to {to.text}" + (f"^{{{side}}}" if side else "")
        with self.names.binding(name), self._size(False):
            text = self.wrap(body, PRODUCT).text
        return Piece(rf"\lim_{{{arrow}}} {text}", FACTOR, tall=True, tail=True)

    # ---- cases and statements

    def _cases(self, node: Node) -> Piece:
        args = node.args
        if len(args) == 3 and (args[0], args[2]) == (ONE, ZERO) and not self.compares_labels(args[1]):
            piece = self.chain(args[1])
            return Piece(r"\mathbf{1}" + self.brackets(piece.text, piece.tall, "[", "]"), ATOM, piece.tall)
        rows = []
        for k in range(0, len(args) - 1, 2):
            rows.append(rf"{self.normal(args[k]).text} & \text{{if }} {self.chain(args[k + 1]).text}")
        if len(args) % 2:
            rows.append(rf"{self.normal(args[-1]).text} & \text{{otherwise}}")
        return Piece(r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", SUM, tall=True)

    def compares_labels(self, condition: Node) -> bool:
        """Whether a reader would take a condition in an indicator for an equation of indices or labels, which is δ."""
        symbols = [side for side in condition.children if side.kind in ("index", "name", "number")]
        return condition.args[0] == ("=",) and len(symbols) == 2 and any(map(self.is_label, symbols))

    def is_label(self, node: Node) -> bool:
        """Whether a symbol is an index or a declared label."""
        if node.kind == "name" and node.args[0] in self.names.declared and node.args[0] not in self.names.bound:
            return self.scope.domain(node.args[0]).name == "Index"
        return node.kind == "index"

    def chain(self, node: Node) -> Piece:
        """Sides with relations between them."""
        relations, *sides = node.args
        pieces = [self.normal(side) for side in sides]
        text = pieces[0].text
        for relation, piece in zip(relations, pieces[1:], strict=True):
            text += f" {RELATIONS[relation][0]} {piece.text}"
        return Piece(text, SUM, any(p.tall for p in pieces))


def plain(node: Node) -> str:
    """An index, a label or a number of a subscript as text."""
    return str(node.args[0])


def decimal(value: Fraction) -> str:
    """A number as a reader writes it; other quotients are quotients in the tree."""
    digits = next((k for k in range(60) if 10**k % value.denominator == 0), None)
    if value < 0 or digits is None:
        raise ValueError(f"no way to write the number {value}")
    text = str(int(value * 10**digits)).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def latex(tree: Node, scope: Scope) -> str:
    """The LaTeX of a whole claim."""
    return TreeLatex(scope).chain(tree).text


__all__ = ["latex"]
