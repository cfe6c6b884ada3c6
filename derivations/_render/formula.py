"""LaTeX of a term, in textbook order and style, from the tree exactly as it stands."""

from __future__ import annotations

from .._kernel.terms import Term
from .escape import on_one_line
from .notation import ACCENTS, CONSTANTS, GREEK, GREEK_LATEX, RELATIONS, WORDS, Function, Name
from .traverse import ATOM, CASE, FRACTION, POWER, PREFIX, Names, Piece, Printer

#: Characters of a name which TeX would take as commands.
_ESCAPE = {"\\": r"\backslash ", "^": "", "~": "", **{c: f"\\{c}" for c in "#$%&_{}"}}
BIG = {
    "sum": r"\sum_{{{i}=1}}^{{{n}}} {body}",
    "prod": r"\prod_{{{i}=1}}^{{{n}}} {body}",
    "top": r"\max_{{1 \le {i} \le {n}}} {body}",
}
CONNECTIVES = {
    "imp": r" \;\Longrightarrow\; ",
    "iff": r" \;\Longleftrightarrow\; ",
    "and": rf" \text{{ {WORDS['and']} }} ",
    "for every": rf" \text{{ {WORDS['for every']} }} ",
    "equality": rf" \text{{, {WORDS['equality']} }} ",
}


def word(text: str) -> str:
    """A letter as it is, a Greek letter by its command, a longer word upright."""
    if text in GREEK:
        return GREEK_LATEX.get(text, f"\\{text}" if text != "ell" else r"\ell")
    safe = "".join(_ESCAPE.get(c, c) for c in on_one_line(text))
    return safe if len(text) == 1 or text.isdigit() else rf"\mathrm{{{safe}}}"


def script(sign: str, parts: tuple[str, ...]) -> str:
    """A subscript or superscript; letters stand side by side, anything longer is set off by commas."""
    side_by_side = all(len(p) == 1 and not p.isdigit() for p in parts) or len(parts) == 1
    text = ("" if side_by_side else ",").join(parts)
    return f"{sign}{text}" if len(text) == 1 and sign == "_" else f"{sign}{{{text}}}"


class Latex(Printer):
    """LaTeX for amsmath."""

    def number(self, whole: int) -> Piece:
        return Piece(str(whole))

    def constant(self, name: str) -> Piece:
        return Piece(CONSTANTS[name][0] if name in CONSTANTS else word(name))

    def name(self, name: Name, subscripts: tuple[str, ...] = ()) -> Piece:
        text = word(name.base)
        starred = False
        for accent in name.accents:
            text, starred = ACCENTS[accent][0].format(text), starred or accent in ("star", "prime")
        parts = (*(word(s) for s in name.subscripts), *subscripts)
        return Piece(text + (script("_", parts) if parts else ""), POWER if starred else ATOM)

    def brackets(self, piece: Piece) -> str:
        text = self.signed(piece)
        return rf"\left( {text} \right)" if piece.tall else f"({text})"

    def over(self, top: Piece, bottom: Piece) -> Piece:
        return Piece(rf"\frac{{{self.signed(top)}}}{{{self.signed(bottom)}}}", FRACTION, tall=True)

    def between(self, left: str, right: str) -> str:
        fractions = right.startswith(r"\frac") and (left.isdigit() or left.startswith(r"\frac"))
        return r" \cdot " if right[:1].isdigit() or fractions else " "

    def power(self, base: str, exponent: Piece) -> Piece:
        return Piece(f"{base}^{{{self.signed(exponent)}}}", POWER, tall=base.startswith(r"\left("))

    def root(self, piece: Piece) -> Piece:
        return Piece(rf"\sqrt{{{self.signed(piece)}}}", ATOM, tall=piece.tall)

    def log(self, argument: str, tall: bool) -> Piece:
        return Piece(rf"\log {argument}", PREFIX, tail=True, tall=tall)

    def exponential(self, short: Piece, long: Piece, use_long: bool) -> Piece:
        if use_long:
            return Piece((r"\exp\!" if long.tall else r"\exp ") + self.brackets(long), ATOM, tall=long.tall)
        return Piece(f"e^{{{self.signed(short)}}}", POWER)

    def subscript(self, base: str, parts: tuple[str, ...]) -> str:
        return base + script("_", parts)

    def big(self, op: str, letter: str, size: str, body: str) -> Piece:
        return Piece(BIG[op].format(i=letter, n=size, body=body), PREFIX, tail=True, tall=True)

    def vector(self, body: str, letter: str, size: str, tall: bool) -> Piece:
        return Piece(f"{self.brackets(Piece(body, tall=tall))}_{{{letter}=1}}^{{{size}}}", POWER, tall=tall)

    def call(self, row: Function, arguments: list[Piece], subscript: str | None) -> Piece:
        inside = row.separator.join(self.signed(a) for a in arguments)
        tall = any(a.tall for a in arguments)
        text = row.latex + self.brackets(Piece(inside, tall=tall))
        return Piece(text + (script("_", (subscript,)) if subscript is not None else ""), ATOM, tall=tall)

    def absolute(self, piece: Piece) -> Piece:
        left, right = (r"\left\lvert", r"\right\rvert") if piece.tall else (r"\lvert", r"\rvert")
        return Piece(f"{left} {self.signed(piece)} {right}", ATOM, tall=piece.tall)

    def maximum(self, pieces: list[Piece]) -> Piece:
        return Piece(rf"\max{self.brackets(Piece(', '.join(map(self.signed, pieces)), tall=any(p.tall for p in pieces)))}")

    def cases(self, rows: list[tuple[str, str, str]], last: str) -> Piece:
        lines = [f"{then} & {u} = {v}" for then, u, v in rows] + [rf"{last} & \text{{{WORDS['otherwise']}}}"]
        body = r" \\ ".join(lines)
        return Piece(rf"\begin{{cases}} {body} \end{{cases}}", CASE, tall=True)

    def derivative(self, by: list[str], body: str, inside: bool) -> Piece:
        order = len(by)
        top = r"\partial" if order == 1 else rf"\partial^{{{order}}}"
        if order > 1 and len(set(by)) == 1:
            bottom = rf"\partial {by[0]}^{{{order}}}"
        else:
            bottom = r" \, ".join(rf"\partial {x}" for x in by)
        if inside:
            return Piece(rf"\frac{{{top} {body}}}{{{bottom}}}", FRACTION, tall=True)
        return Piece(rf"\frac{{{top}}}{{{bottom}}} {body}", PREFIX, tail=True, tall=True)

    def relation(self, left: str, sign: str, right: str) -> str:
        return f"{left} {RELATIONS[sign][0]} {right}"

    def connective(self, op: str, parts: list[str]) -> str:
        return CONNECTIVES[op].join(parts)

    def infinity(self) -> str:
        return r"+\infty"

    def limit(self, x: str, c: str, body: str, value: str) -> str:
        return rf"\lim_{{{x} \to {c}^+}} {body} = {value}"

    def integral(self, x: str, low: str, high: str, body: str, value: str) -> str:
        return rf"\int_{{{low}}}^{{{high}}} {body} \, d{x} = {value}"


def latex(t: Term, names: Names | None = None) -> str:
    """The LaTeX of a term or statement."""
    return Latex(names or Names([t]))(t)


__all__ = ["Latex", "Names", "latex"]
