"""An expression as textbook LaTeX, in one of its many spellings: what a reader of mathematics takes it for without doubt.

A piece of text has a level: a sum, a product, a factor, or an atom, which may be raised to a power. Where a level is too low
brackets stand. A piece with a tail runs on to the right, as a sum without brackets does, and stands last in a product.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import NamedTuple

from .expr import ONE, Expr, indicator, parts

SUM, PRODUCT, FACTOR, ATOM = range(4)
GREEK = {"lambda", "theta", "alpha", "beta", "tau", "mu"}
RELATIONS = {
    "=": ("=",), "<=": ("\\le", "\\leq", "\\leqslant"), ">=": ("\\ge", "\\geq"), "<": ("<", "\\lt"), ">": (">", "\\gt"),
    "!=": ("\\ne", "\\neq"),
}  # fmt: skip
BRACKETS = (
    ("(", ")"), ("\\left(", "\\right)"), ("[", "]"), ("\\left[", "\\right]"), ("\\bigl(", "\\bigr)"), ("\\Big(", "\\Big)"),
    ("\\{", "\\}"), ("\\left\\{", "\\right\\}"),
)  # fmt: skip
OPENING = ("(", "[", "\\left", "\\big", "\\Big", "\\{", "|", "\\lvert")
Shapes = Mapping[str, tuple[str | int, ...]]


class Piece(NamedTuple):
    """A piece of a formula."""

    text: str
    level: int = ATOM
    tail: bool = False


class Writer:
    """Spells one formula; ``shapes`` are the sizes of the vectors, from which a range that is not written can be told."""

    def __init__(self, rng: Random, shapes: Shapes, plain: bool = False) -> None:
        self.rng, self.shapes, self.plain, self.bars = rng, shapes, plain, False

    def pick(self, *offers: str) -> str:
        """One of several spellings; the first where the plainest is wanted."""
        return offers[0] if self.plain else self.rng.choice(offers)

    def chance(self, share: float) -> bool:
        """Whether a rarer spelling is taken."""
        return not self.plain and self.rng.random() < share

    # ---- statements

    def claim(self, chain: Expr) -> str:
        """The whole claim."""
        self.bars = sum(p.kind == "abs" for p in parts(chain)) == 1
        text = self.chain(chain)
        return self.pick(text, text, text, f"${text}$", text + ".", f"\\displaystyle {text}")

    def chain(self, chain: Expr) -> str:
        """Sides with relations between them."""
        relations, first, *rest = chain.args
        text = self.write(first)[0]
        for relation, side in zip(relations, rest, strict=True):
            text += f" {self.pick(*RELATIONS[relation])} {self.write(side)[0]}"
        return text

    # ---- pieces

    def write(self, e: Expr) -> Piece:
        """A piece, at its own level."""
        made: Piece = getattr(self, f"write_{e.kind}")(e)
        return made

    def at_least(self, e: Expr, level: int, tail: bool = False) -> str:
        """The text of an expression, in brackets where its level asks for them."""
        piece = self.write(e)
        return piece.text if piece.level >= level and (tail or not piece.tail) else self.bracket(piece.text)

    def bracket(self, text: str) -> str:
        """Text in brackets."""
        opening, closing = BRACKETS[1] if self.plain else self.rng.choice(BRACKETS[: 8 if self.rng.random() < 0.3 else 2])
        return f"{opening}{text}{closing}"

    def script(self, text: str) -> str:
        """What is set high or low: one character needs no braces."""
        return self.pick(f"{{{text}}}", text) if len(text) == 1 else f"{{{text}}}"

    def variable(self, name: str) -> str:
        """A name: Greek, under an accent, with a word below, or a letter."""
        base, _, word = name.partition("_")
        if base in GREEK:
            base = f"\\{base}"
        if word in ("hat", "tilde", "bar"):
            return f"\\{word}{{{base}}}"
        return f"{base}_{{\\mathrm{{{word}}}}}" if word else base

    # ---- numbers and names

    def write_number(self, e: Expr) -> Piece:
        value: Fraction = e.args[0]
        if value.denominator == 1:
            return Piece(str(value.numerator))
        return Piece(str(float(value)))

    def write_pi(self, e: Expr) -> Piece:
        return Piece("\\pi")

    def write_euler(self, e: Expr) -> Piece:
        return Piece(self.pick("e", "\\mathrm{e}"))

    def write_infinity(self, e: Expr) -> Piece:
        return Piece("\\infty", FACTOR)

    def write_name(self, e: Expr) -> Piece:
        return Piece(self.variable(e.args[0]))

    write_index = write_name

    def write_entry(self, e: Expr) -> Piece:
        base, *at = e.args
        places = [self.write(i).text for i in at]
        joint = self.pick(",", "", ", ") if all(len(p) == 1 for p in places) else ","
        text = joint.join(places)
        if base.kind == "name":
            return Piece(f"{self.variable(base.args[0])}_{self.script(text)}")
        return Piece(f"{self.write(base).text}_{self.script(text)}", FACTOR)

    def write_delta(self, e: Expr) -> Piece:
        i, j = (self.write(a).text for a in e.args)
        if "number" not in (e.args[0].kind, e.args[1].kind) and self.chance(0.6):
            return Piece(f"\\delta_{{{i}{j}}}" if self.chance(0.5) else f"\\delta_{{{i},{j}}}", FACTOR)
        return Piece(f"{self.pick(*INDICATORS)}[{i} = {j}]", FACTOR)

    # ---- arithmetic

    def write_add(self, e: Expr) -> Piece:
        text = ""
        for k, part in enumerate(e.args):
            negative = part.kind == "neg" and k > 0
            term = part.args[0] if negative else part
            piece = self.write(term)
            words = piece.text if piece.level >= PRODUCT or (k == 0 and term.kind == "neg") else self.bracket(piece.text)
            text += words if k == 0 else f" {'-' if negative else '+'} {words}"
        return Piece(text, SUM)

    def write_neg(self, e: Expr) -> Piece:
        return Piece(f"-{self.at_least(e.args[0], PRODUCT, tail=True)}", SUM)

    def write_mul(self, e: Expr) -> Piece:
        text, tail = "", False
        for k, factor in enumerate(e.args):
            last = k == len(e.args) - 1
            words = self.at_least(factor, FACTOR, tail=last)
            tail = last and self.ends_open(factor, words)
            text = words if k == 0 else self.joined(text, e.args[k - 1], words)
        return Piece(text, PRODUCT, tail)

    def ends_open(self, factor: Expr, words: str) -> bool:
        """Whether a factor may run on to the right; one in brackets does not."""
        open_kinds = ("sum", "without", "prod", "largest", "smallest", "limit", "deriv", "integral", "log", "logb")
        return factor.kind in open_kinds and not words.startswith(OPENING)

    def joined(self, before: str, last: Expr, words: str) -> str:
        """Two factors with a sign between them, or side by side."""
        digit = words[0].isdigit()
        fraction = words.startswith(("\\frac", "\\tfrac", "\\dfrac")) and before[-1:].isdigit()
        bracket = words.startswith(OPENING) and last.kind != "number" and not before.endswith((")", "]"))
        if digit or fraction or bracket or before.endswith(")") or self.chance(0.2):
            return before + self.pick(" \\cdot ", " \\cdot ", " \\times ") + words
        return before + self.pick(" ", " ", " \\, ") + words

    def write_div(self, e: Expr) -> Piece:
        a, b = e.args
        if self.chance(0.25):
            over, under = self.write(a), self.write(b)
            simple = b.kind in ("number", "name", "entry") and a.kind in ("number", "name", "entry", "pow")
            if simple and over.level >= FACTOR and under.level >= FACTOR and "\\frac" not in over.text:
                return Piece(over.text + self.pick("/", " / ") + under.text, PRODUCT, True)
        over, under = self.write(a), self.write(b)
        if len(over.text) == len(under.text) == 1 and (over.text + under.text).isdigit() and self.chance(0.3):
            return Piece(f"\\frac{over.text}{under.text}", FACTOR)
        word = self.pick("\\frac", "\\frac", "\\dfrac", "\\tfrac")
        return Piece(f"{word}{{{over.text}}}{{{under.text}}}", FACTOR)

    def write_pow(self, e: Expr) -> Piece:
        base, exponent = e.args
        root = exponent.args[1].args[0] if exponent.kind == "div" and exponent.args[0] == ONE else None
        if isinstance(root, Fraction) and root > 1 and self.chance(0.2):
            return Piece(f"\\sqrt[{root}]{{{self.write(base).text}}}", FACTOR)
        below = self.write(base)
        named = base.kind == "entry" and base.args[0].kind == "name"
        plain = named or base.kind in ("number", "name", "index", "euler", "abs")
        words = below.text if plain and below.level == ATOM else self.bracket(below.text)
        above = self.write(exponent).text
        if exponent.kind in ("number", "name") and len(above) == 1:
            return Piece(f"{words}^{self.script(above)}", FACTOR)
        return Piece(f"{words}^{{{above}}}", FACTOR)

    def write_sqrt(self, e: Expr) -> Piece:
        return Piece(f"\\sqrt{{{self.write(e.args[0]).text}}}", FACTOR)

    def write_log(self, e: Expr) -> Piece:
        return self.logarithm(self.pick("\\log", "\\ln"), e.args[0])

    def write_logb(self, e: Expr) -> Piece:
        base = self.write(e.args[1]).text
        return self.logarithm(f"\\log_{self.script(base)}", e.args[0])

    def logarithm(self, word: str, argument: Expr) -> Piece:
        piece = self.write(argument)
        simple = argument.kind in ("number", "name", "entry") or (argument.kind == "div" and piece.level == FACTOR)
        if simple and self.chance(0.6):
            return Piece(f"{word} {piece.text}", FACTOR, True)
        return Piece(f"{word}{self.bracket(piece.text)}", FACTOR, True)

    def write_exp(self, e: Expr) -> Piece:
        inner = self.write(e.args[0]).text
        if self.chance(0.5):
            return Piece(f"\\exp{self.bracket(inner)}", FACTOR)
        return Piece(self.pick("e", "e", "\\mathrm{e}") + f"^{{{inner}}}", FACTOR)

    def write_abs(self, e: Expr) -> Piece:
        inner = self.write(e.args[0]).text
        if self.bars and self.chance(0.5):
            return Piece(f"|{inner}|")
        return Piece(self.pick(f"\\left|{inner}\\right|", f"\\lvert {inner} \\rvert"))

    def write_max(self, e: Expr) -> Piece:
        inner = ", ".join(self.write(a).text for a in e.args)
        opening, closing = self.rng.choice(BRACKETS[:2]) if not self.chance(0.3) else BRACKETS[6]
        return Piece(f"\\{e.kind}{opening}{inner}{closing}", FACTOR)

    write_min = write_max

    def write_binom(self, e: Expr) -> Piece:
        n, k = (self.write(a).text for a in e.args)
        return Piece(f"\\binom{{{n}}}{{{k}}}", FACTOR)

    def write_factorial(self, e: Expr) -> Piece:
        return Piece(f"{self.at_least(e.args[0], ATOM)}!", FACTOR)

    # ---- functions

    def write_call(self, e: Expr) -> Piece:
        function, *args = e.args
        inside = [self.write(a).text for a in args]
        if function == "D":
            word = self.pick("D", "D_{\\mathrm{KL}}", "\\operatorname{KL}", "D_{KL}")
            return Piece(f"{word}({inside[0]} \\| {inside[1]})", FACTOR)
        word = {
            "sigmoid": "\\sigma", "tanh": "\\tanh", "H": "H", "CE": "H", "softmax": "\\operatorname{softmax}",
            "JS": "\\operatorname{JS}", "softplus": "\\operatorname{softplus}", "logsumexp": "\\operatorname{logsumexp}",
            "bernoulli": "\\operatorname{Bernoulli}",
        }[function]  # fmt: skip
        text = ("; " if function == "bernoulli" else ", ").join(inside)
        opening, closing = BRACKETS[0] if self.plain else self.rng.choice(BRACKETS[:2])
        return Piece(f"{word}{opening}{text}{closing}", FACTOR)

    # ---- binders

    def write_sum(self, e: Expr) -> Piece:
        name, low, high, body = e.args
        word = {"sum": "\\sum", "prod": "\\prod", "largest": "\\max", "smallest": "\\min"}[e.kind]
        letter = self.variable(name)
        first, last = self.write(low).text, self.write(high).text
        if self.told(name, low, high, body) and self.chance(0.5 if e.kind in ("sum", "prod") else 0.9):
            head = f"{word}_{self.script(letter)}"
        elif low.kind == "number" and self.chance(0.15):
            head = f"{word}_{{{first} \\le {letter} \\le {last}}}"
        else:
            limits = "\\limits" if e.kind in ("sum", "prod") and self.chance(0.1) else ""
            head = f"{word}{limits}_{{{letter}={first}}}^{self.script(last)}"
        return Piece(f"{head} {self.body(body, e.kind)}", FACTOR, True)

    write_prod = write_largest = write_smallest = write_sum

    def told(self, name: str, low: Expr, high: Expr, body: Expr) -> bool:
        """Whether an index runs over all entries of the vectors it stands at, so that its range need not be written."""
        if low != ONE or high.kind not in ("name", "number"):
            return False
        size = high.args[0] if high.kind == "name" else int(high.args[0])
        found = set()
        for p in parts(body):
            if p.kind == "entry" and p.args[0].kind == "name":
                shape = self.shapes.get(p.args[0].args[0], ())
                found |= {s for s, i in zip(shape, p.args[1:], strict=False) if i == Expr("index", (name,))}
        return found == {size}

    def body(self, body: Expr, kind: str) -> str:
        """The body of an operator: a sum stands in brackets, and what is not plain to see does."""
        piece = self.write(body)
        wanted = PRODUCT if kind in ("sum", "without") else FACTOR
        if piece.level >= wanted and not (kind not in ("sum", "without") and piece.tail) and not self.chance(0.2):
            return piece.text
        return self.bracket(piece.text)

    def write_without(self, e: Expr) -> Piece:
        name, low, high, other, body = e.args
        letter, out = self.variable(name), self.write(other).text
        first, last = self.write(low).text, self.write(high).text
        if self.told(name, low, high, body) and self.chance(0.5):
            head = f"\\sum_{{{letter} \\ne {out}}}"
        else:
            below = f"{letter}={first}, {letter} \\ne {out}"
            if self.chance(0.4):
                below = f"\\substack{{{letter}={first} \\\\ {letter} \\neq {out}}}"
            head = f"\\sum_{{{below}}}^{self.script(last)}"
        return Piece(f"{head} {self.body(body, 'sum')}", FACTOR, True)

    def write_cases(self, e: Expr) -> Piece:
        if e == indicator(e.args[1]) and not self.chance(0.15):
            condition = self.chain(e.args[1])
            one = self.pick(*INDICATORS)
            return Piece(f"{one}_{{{condition}}}" if self.chance(0.2) else f"{one}[{condition}]", FACTOR)
        word = self.pick("\\text{if } ", "", "\\text{for } ")
        rows = [
            f"{self.write(e.args[k]).text} & {word}{self.chain(e.args[k + 1])}" for k in range(0, len(e.args) - 1, 2)
        ]
        if len(e.args) % 2:
            rows.append(self.write(e.args[-1]).text + self.pick(" & \\text{otherwise}", " & \\text{else}"))
        return Piece("\\begin{cases} " + " \\\\ ".join(rows) + " \\end{cases}", FACTOR)

    # ---- calculus

    def write_deriv(self, e: Expr) -> Piece:
        body, *by = e.args
        inner = self.bracket(self.write(body).text)
        names = [self.write(x).text for x in by]
        if len(by) == 1 and self.chance(0.25) and by[0].kind == "name":
            return Piece(f"\\partial_{self.script(names[0])} {inner}", FACTOR, True)
        sign = self.pick("\\partial", "d") if len(by) == 1 and by[0].kind == "name" else "\\partial"
        times = "" if len(by) == 1 else f"^{len(by)}"
        twice = len(by) == 2 and by[0] == by[1] and by[0].kind == "name"
        below = f"{sign} {names[0]}^2" if twice else " ".join(f"{sign} {x}" for x in names)
        return Piece(f"\\frac{{{sign}{times}}}{{{below}}} {inner}", FACTOR, True)

    def write_integral(self, e: Expr) -> Piece:
        name, low, high, body = e.args[:4]
        ends = f"_{self.script(self.write(low).text)}^{self.script(self.write(high).text)}"
        piece = self.write(body)
        inner = piece.text if piece.level >= PRODUCT and not piece.tail else self.bracket(piece.text)
        space = self.pick("\\,", "\\;", "")
        return Piece(f"\\int{ends} {inner} {space} d{self.variable(name)}", FACTOR, True)

    def write_limit(self, e: Expr) -> Piece:
        name, point, side, body = e.args[:4]
        to = self.write(point).text
        if side and self.chance(0.2):
            arrow = self.variable(name) + (" \\downarrow " if side == "+" else " \\uparrow ") + to
        else:
            arrow = self.variable(name) + self.pick(" \\to ", " \\rightarrow ") + to
            arrow += f"^{self.script(side)}" if side else ""
        piece = self.write(body)
        inner = piece.text if piece.level >= FACTOR and not piece.tail and self.chance(0.3) else self.bracket(piece.text)
        return Piece(f"\\lim_{{{arrow}}} {inner}", FACTOR, True)


INDICATORS = ("\\mathbb{1}", "\\mathbf{1}", "\\mathbb{1}")


def spelled(chain: Expr, rng: Random, shapes: Shapes, plain: bool = False) -> str:
    """A claim in LaTeX."""
    return Writer(rng, shapes, plain).claim(chain)


__all__ = ["Shapes", "Writer", "spelled"]
