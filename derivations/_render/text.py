"""Readable Unicode of a term on one line, for terminals: ``Σᵢ₌₁ⁿ pᵢ log(pᵢ/qᵢ)``."""

from __future__ import annotations

from .._kernel.terms import Term
from .notation import ACCENTS, CONSTANTS, GREEK, RELATIONS, WORDS, Function, Name
from .traverse import ATOM, CASE, POWER, PREFIX, Names, Piece, Printer

LOW = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
HIGH = dict(zip("0123456789+-=()nijkKNM", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱʲᵏᴷᴺᴹ", strict=True))
BIG = {"sum": "Σ", "prod": "Π", "top": "max"}
CONNECTIVES = {
    "imp": "  ⟹  ", "iff": "  ⟺  ", "and": f" {WORDS['and']} ",
    "for every": f" {WORDS['for every']} ", "equality": f", {WORDS['equality']} ",
}  # fmt: skip


def shifted(text: str, table: dict[str, str], sign: str) -> str:
    """``text`` lowered or raised, where every character can be; else after ``sign``."""
    if all(c in table for c in text):
        return "".join(table[c] for c in text)
    return f"{sign}{text}" if len(text) == 1 else f"{sign}{{{text}}}" if sign == "_" else f"{sign}({text})"


class Text(Printer):
    """One line of Unicode."""

    log_level = ATOM
    slash = True

    def signed(self, piece: Piece) -> str:
        return f"−{piece.text}" if piece.negative else piece.text

    def number(self, whole: int) -> Piece:
        return Piece(str(whole))

    def constant(self, name: str) -> Piece:
        return Piece(CONSTANTS[name][1] if name in CONSTANTS else name)

    def name(self, name: Name, subscripts: tuple[str, ...] = ()) -> Piece:
        text = GREEK.get(name.base, name.base) + "".join(ACCENTS[a][1] for a in name.accents)
        parts = (*(GREEK.get(s, s) for s in name.subscripts), *subscripts)
        return Piece(self.subscript(text, parts) if parts else text)

    def brackets(self, piece: Piece) -> str:
        return f"({self.signed(piece)})"

    def over(self, top: Piece, bottom: Piece) -> Piece:
        return Piece(f"({self.signed(top)})/({self.signed(bottom)})")

    def between(self, left: str, right: str) -> str:
        return " · " if right[:1].isdigit() else " "

    def power(self, base: str, exponent: Piece) -> Piece:
        return Piece(base + shifted(self.signed(exponent), {k: v for k, v in HIGH.items() if k.isdigit()}, "^"), POWER)

    def root(self, piece: Piece) -> Piece:
        return Piece(f"√{self.wrap(piece, ATOM)}")

    def log(self, argument: str, tall: bool) -> Piece:
        closed = argument.startswith("(")
        return Piece(f"log{argument}" if closed else f"log {argument}", PREFIX, tail=not closed)

    def exponential(self, short: Piece, long: Piece, use_long: bool) -> Piece:
        return Piece(f"exp({self.signed(long)})")

    def subscript(self, base: str, parts: tuple[str, ...]) -> str:
        together = all(len(p) == 1 and not p.isdigit() for p in parts) or len(parts) == 1
        return base + shifted(("" if together else ",").join(parts), LOW, "_")

    def big(self, op: str, letter: str, size: str, body: str) -> Piece:
        if letter in LOW and size in HIGH:
            head = f"{BIG[op]}{LOW[letter]}₌₁{HIGH[size]}"
        else:
            head = f"{BIG[op]}_{{{letter}=1…{size}}}"
        return Piece(f"{head} {body}", PREFIX, tail=True, tall=True)

    def vector(self, body: str, letter: str, size: str, tall: bool) -> Piece:
        return Piece(f"({body})_{{{letter}=1…{size}}}")

    def call(self, row: Function, arguments: list[Piece], subscript: str | None) -> Piece:
        inside = row.text_separator.join(self.signed(a) for a in arguments)
        return Piece(f"{row.text}({inside})" + (shifted(subscript, LOW, "_") if subscript is not None else ""))

    def absolute(self, piece: Piece) -> Piece:
        return Piece(f"|{self.signed(piece)}|")

    def maximum(self, pieces: list[Piece]) -> Piece:
        return Piece(f"max({', '.join(map(self.signed, pieces))})")

    def cases(self, rows: list[tuple[str, str, str]], last: str) -> Piece:
        parts = [f"{then} if {u} = {v}" for then, u, v in rows] + [f"{last} {WORDS['otherwise']}"]
        return Piece("{" + "; ".join(parts) + "}", CASE)

    def derivative(self, by: list[str], body: str, inside: bool) -> Piece:
        order = len(by)
        top = "∂" if order == 1 else f"∂{shifted(str(order), HIGH, '^')}"
        if order > 1 and len(set(by)) == 1:
            bottom = f"∂{by[0]}{shifted(str(order), HIGH, '^')}"
        else:
            bottom = "∂".join(("", *by))
        return Piece(f"{top}{body}/{bottom}") if inside else Piece(f"{top}/{bottom} {body}", PREFIX, tail=True)

    def relation(self, left: str, sign: str, right: str) -> str:
        return f"{left} {RELATIONS[sign][1]} {right}"

    def connective(self, op: str, parts: list[str]) -> str:
        return CONNECTIVES[op].join(parts)

    def infinity(self) -> str:
        return "+∞"

    def limit(self, x: str, c: str, body: str, value: str) -> str:
        return f"lim[{x} → {c}⁺] {body} = {value}"

    def integral(self, x: str, low: str, high: str, body: str, value: str) -> str:
        return f"∫[{low}, {high}] {body} d{x} = {value}"


def text(t: Term, names: Names | None = None) -> str:
    """The term or statement on one line of Unicode."""
    return Text(names or Names([t]))(t).replace(" - ", " − ")


__all__ = ["Names", "Text", "text"]
