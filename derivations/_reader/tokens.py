"""A formula becomes tokens: bounded in length and number, with the place of each in the source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derivations._surface.letters import ACCENTS, GREEK

from .reading import ReadError
from .vocabulary import CLOSING, COMMANDS, FONTS, OPENING, REFUSED, RELATIONS, SPACES, SPACING, STRETCH, UNICODE, UPRIGHT

MAX_LENGTH, MAX_TOKENS, MAX_DIGITS = 20_000, 10_000, 50
WIDE = 18  #: a space as wide as \quad sets things apart
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_SCIENTIFIC = re.compile(r"[eE][+-]?[0-9]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.S)
_PLAIN = re.compile(r"[A-Za-z0-9 _-]*\Z")
#: What TeX sets nothing for, or sets in the margin, in brackets, as the number of the formula.
_LABEL = re.compile(r"\s*\{[A-Za-z0-9 :;,./()'=+*_-]*\}")
_TAG = re.compile(r"\s*\{[A-Za-z0-9][A-Za-z0-9.:-]*'*\}|\*\s*\{\([A-Za-z0-9][A-Za-z0-9.:-]*'*\)\}")
#: What TeX takes with the end of a line: a star, and a distance.
_BREAK = re.compile(r"\*?(\[ ?-?([0-9]{1,4}(\.[0-9]{0,6})?|\.[0-9]{1,6}) ?(pt|em|ex|mm|cm|in|pc|bp|px|mu|sp|dd|cc) ?\])?")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_OLD_FONT = re.compile(r"\{\s*\\rm\s+([A-Za-z]+)\s*\}")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(?![0-9])")
_ENVIRONMENT = re.compile(r"\s*\{([A-Za-z]+\*?)\}")
#: Environments that only line up a formula.
LAYOUT = frozenset({"aligned", "align", "align*", "split", "equation", "equation*", "gathered", "gather", "gather*"})
#: Those of them that may say where they stand on the line.
_PLACED = re.compile(r"\[[tbc]\]")
#: Words that are commands; right after the end of a line, they are letters.
_KNOWN = frozenset(w for w in (*COMMANDS, *REFUSED, *SPACING, *STRETCH, *FONTS, *RELATIONS, *GREEK, *ACCENTS) if w.isalpha())
_SET_AS_TEXT = frozenset({"text", "textrm", "textbf", "textit", "textsf", "textnormal", "mbox"})
_SIGNS = frozenset("+-*/^_,;!&'.:")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the formula.

    The kinds: number, name (letter, Greek letter, accented letter, or a word in a font), text, open, close, lbrace, rbrace,
    bar, dbar, relation, command, indicator, gap, and the signs + - * / ^ _ , ; ! & ' . : and ``\\\\``.
    """

    kind: str
    text: str
    start: int
    end: int
    how: str = ""  #: of a name: its font, "greek" or "accent"; of a delimiter: left, right, middle, opening or closing


class Tokenizer:
    """Cuts one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at, self.stop = inside(source)
        self.tokens: list[Token] = []
        self.side, self.side_at = "", 0
        self.environments: list[str] = []
        self.space = 0  #: of the small spaces since the last token

    def fail(self, what: str, start: int, end: int, fix: str = "") -> ReadError:
        return ReadError(what, self.source, (start, max(end, start + 1)), fix)

    def add(self, kind: str, text: str, start: int, how: str = "") -> None:
        if self.side and kind not in ("open", "close", "bar", "dbar"):
            raise self.fail(f"\\{self.side} stands before a bracket", self.side_at, self.at, "write \\left( ... \\right)")
        if self.space >= WIDE and kind != "gap":
            self.tokens.append(Token("gap", "", self.tokens[-1].end if self.tokens else 0, start))
        self.space = 0
        if len(self.tokens) >= MAX_TOKENS:
            raise self.fail(f"the formula has more than {MAX_TOKENS} parts", start, self.at)
        self.tokens.append(Token(kind, text, start, self.at, how))
        self.side = ""

    def run(self) -> list[Token]:
        if len(self.source) > MAX_LENGTH:
            raise ReadError(f"the formula is longer than {MAX_LENGTH} characters", self.source[:80], (0, 1))
        while self.at < self.stop:
            self.step()
        if self.side:
            raise self.fail(f"\\{self.side} stands before a bracket", self.side_at, self.at)
        return self.tokens

    def step(self) -> None:
        start, c = self.at, self.source[self.at]
        if c in " \t\r\n~":
            self.space += SPACES["~"] * (c == "~")
            self.at += 1
        elif c.isascii() and c.isdigit():
            self.number()
        elif c.isascii() and c.isalpha():
            self.at += 1
            self.add("name", c, start)
        elif c == "\\":
            self.command()
        elif c in "()[]":
            self.at += 1
            self.add("open" if c in "([" else "close", OPENING.get(c) or CLOSING[c], start, self.side)
        elif c == "{" and (word := _OLD_FONT.match(self.source, start, self.stop)):
            self.old_font(word)
        elif self.source.startswith("{,}", start):
            raise self.fail("a comma in a number is not read", start, start + 3, "write 1000 without it, 0.5 with a point")
        elif c in "{}":
            self.at += 1
            self.add("lbrace" if c == "{" else "rbrace", c, start)
        elif c == "|":
            self.at += 1
            self.add("bar", c, start, self.side)
        elif c in "=<>":
            self.at += 1
            if c == "=" and self.tokens and self.tokens[-1].kind == "!" and self.tokens[-1].end == start:
                fix = "write \\ne, or n! = with a space"
                raise self.fail("!= may be a factorial or an inequality", start - 1, self.at, fix)
            if self.tokens and self.tokens[-1].kind in ("relation", ":") and self.tokens[-1].end == start:
                raise self.fail(f"{self.source[self.tokens[-1].start:self.at]!r} is not a relation here", start - 1, self.at,
                                "write =, <, >, \\le, \\ge or \\ne")  # fmt: skip
            self.add("relation", c, start)
        elif c in _SIGNS:
            self.at += 1
            self.add(c, c, start)
        else:
            self.strange(c)

    def number(self) -> None:
        start = self.at
        found = _NUMBER.match(self.source, start, self.stop)
        if found is None:
            raise ValueError("no number stands here")
        self.at = found.end()
        if len(found[0]) > MAX_DIGITS:
            raise self.fail(f"a number has more than {MAX_DIGITS} digits", start, self.at)
        if scientific := _SCIENTIFIC.match(self.source, self.at, self.stop):
            fix = "write 10^{-5} for a power of ten, or 2 e - 1 with spaces"
            raise self.fail("e is Euler's number, and may be meant otherwise here", start, scientific.end(), fix)
        if grouped := _THOUSANDS.match(self.source, start, self.stop):
            fix = "write the number without commas, or a space after a comma between numbers"
            raise self.fail("this may be one number, or several", start, grouped.end(), fix)
        if found[0][0] == "0" and found[0][1:2].isdigit():
            raise self.fail("a number that begins with 0 is not certain", start, self.at, "write the number without it")
        self.add("number", found[0], start)

    def old_font(self, word: re.Match[str]) -> None:
        """``{\\rm d}`` is ``\\mathrm{d}``; its braces show the argument of a command only."""
        start = self.at
        argument = bool(self.tokens) and self.tokens[-1].kind in ("_", "^", "command", "rbrace")
        if argument:
            self.at = start + 1
            self.add("lbrace", "{", start)
        self.at = word.end(1)
        self.named(word[1], "rm", word.start(1))
        self.at = word.end()
        if argument:
            self.add("rbrace", "}", self.at - 1)

    def strange(self, c: str) -> None:
        start = self.at
        if c in '$%#@?"`':
            fix = {"$": "leave out the dollar signs", "%": "leave out comments"}.get(c, "")
            raise self.fail(f"{c!r} does not belong in a formula", start, start + 1, fix)
        if c in UNICODE:
            raise self.fail(f"{c} is not LaTeX", start, start + 1, f"write {UNICODE[c]}")
        shown = c if c.isprintable() else f"U+{ord(c):04X}"
        raise self.fail(f"the character {shown} cannot be read", start, start + 1, "write the formula with LaTeX commands")

    def command(self) -> None:
        start = self.at
        found = _COMMAND.match(self.source, self.at, self.stop)
        if found is None:
            raise self.fail("the formula ends in a backslash", start, start + 1)
        name = found[1]
        self.at = found.end()
        if name in ("quad", "qquad"):
            self.add("gap", name, start)
            return
        if name in SPACING:
            self.space += SPACES.get(name, 0)
            return
        margin = {"label": _LABEL, "tag": _TAG}.get(name)
        if margin is not None and (beside := margin.match(self.source, self.at, self.stop)):
            self.at = beside.end()
            return
        if name in STRETCH:
            if self.side:
                raise self.fail(f"\\{self.side} stands before a bracket", self.side_at, self.at)
            self.side, self.side_at = STRETCH[name] or "big", start
            self.dot()
        elif name == "\\":
            self.line_ends(start)
        elif name in ("{", "}") or name in OPENING or name in CLOSING:
            key = f"\\{name}" if name in "{}" else name
            self.add("open" if key in OPENING else "close", OPENING.get(key) or CLOSING[key], start, self.side)
        elif name in ("lvert", "rvert", "vert"):
            side = {"lvert": "opening", "rvert": "closing"}.get(name, self.side)
            self.add("bar", "|", start, side)
        elif name in ("|", "Vert", "parallel", "lVert", "rVert"):
            self.add("dbar", "|", start, self.side)
        elif name in ("begin", "end"):
            self.environment(name, start)
        elif name in FONTS or name in ACCENTS:
            self.at = start
            self.word()
        elif name in RELATIONS:
            self.add("relation", RELATIONS[name], start)
        elif name in COMMANDS:
            self.known(COMMANDS[name], start)
        elif name in GREEK:
            self.add("name", GREEK[name], start, "greek")
        elif name in ("(", ")", "[", "]"):
            raise self.fail(f"\\{name} does not belong in a formula", start, self.at, "leave out \\( \\) and \\[ \\]")
        else:
            shown = name if name.isprintable() else f"U+{ord(name):04X}"
            raise self.fail(f"\\{shown} is not read", start, self.at, REFUSED.get(name, ""))

    def line_ends(self, start: int) -> None:
        """``\\\\``, with the star and the distance that TeX takes with it."""
        beside = _BREAK.match(self.source, self.at, self.stop)
        self.at = beside.end() if beside is not None else self.at
        self.add("\\\\", "\\\\", start)
        rest = self.source[self.at : self.stop].lstrip()
        if rest[:1] in ("*", "["):
            what = "after \\\\, a star or a square bracket is taken with it"
            raise self.fail(what, start, self.at + 1, "write round brackets, or a distance such as [2pt] right after it")
        word = _LETTERS.match(self.source, self.at, self.stop)
        if word is not None and word[0] in _KNOWN | {"label", "tag", "begin", "end"}:
            what = f"after \\\\, {word[0]} is letters, and no command"
            raise self.fail(what, start, word.end(), f"write \\\\ \\{word[0]}, or \\{word[0]}")

    def known(self, name: str, start: int) -> None:
        if name == "not":
            if not self.source.startswith("=", self.at):
                raise self.fail("\\not is read before = only", start, self.at, "write \\ne")
            self.at += 1
            self.add("relation", "!=", start)
        elif name in ("*", "/", ":"):
            self.add(name, name, start)
        else:
            self.add("command", name, start)

    def dot(self) -> None:
        """``\\left.`` and ``\\right.``: a bracket that is not shown."""
        rest = self.source[self.at : self.at + 8].lstrip()
        if rest.startswith("."):
            raise self.fail("a bracket that is not shown cannot be read with certainty", self.side_at, self.at + 1,
                            "write both brackets; put a value in for a variable before writing the claim")  # fmt: skip

    def environment(self, which: str, start: int) -> None:
        found = _ENVIRONMENT.match(self.source, self.at)
        name = found[1] if found else ""
        if found is None or not (name == "cases" or name in LAYOUT):
            raise self.fail(f"\\{which}{{{name}}} is not read", start, found.end() if found else self.at,
                            "cases is read, and aligned")  # fmt: skip
        self.at = found.end()
        if which == "begin":
            self.environments.append(name)
            if name in ("aligned", "gathered") and (placed := _PLACED.match(self.source, self.at, self.stop)):
                self.at = placed.end()
            if name != "cases" and self.source[self.at : self.stop].lstrip().startswith("["):
                fix = "write round brackets"
                raise self.fail(f"a square bracket after \\begin{{{name}}} may be taken with it", self.at, self.at + 1, fix)
        elif not self.environments or self.environments.pop() != name:
            raise self.fail(f"\\end{{{name}}} closes nothing", start, self.at)
        self.add("command", f"{which} {'cases' if name == 'cases' else 'layout'}", start)

    # ---- names set in a font or under an accent

    def word(self) -> None:
        start = self.at
        text, how = self.name_at(0)
        if how in ("text", "textrm", "textnormal", "mbox") and not text.strip().isalnum():
            self.add("text", text.strip(), start)
            return
        raw = self.source[start : self.at]
        if how not in _SET_AS_TEXT and (("-" in raw and how != "operatorname") or re.search(r"(?<!\\)_[A-Za-z0-9]{2}", raw)):
            fix = "write x_{\\mathrm{max}} or \\_ for a name with a subscript, and the minus sign outside"
            raise self.fail("this font sets - as a minus sign, and _ as a subscript of one letter", start, self.at, fix)
        self.named(re.sub(r"[ -]", "", text), how, start)

    def named(self, shown: str, how: str, start: int) -> None:
        """A name, a command set upright or an indicator, up to here."""
        if how in ("mathbb", "mathbf", "mathds", "mathrm", "boldsymbol", "bm") and shown == "1":
            self.add("indicator", "1", start)
        elif not _NAME.match(shown) or (how == "mathbb" and shown not in ("H", "D", "KL", "JS")):
            fix = REFUSED.get(f"mathbb{{{shown}}}", "")
            raise self.fail(f"{self.source[start : self.at][:40]} is not a name the reader knows", start, self.at, fix)
        elif shown in UPRIGHT and how not in ("accent", "greek"):
            self.add("command", UPRIGHT[shown], start)
        else:
            self.add("name", shown, start, how)

    def name_at(self, depth: int) -> tuple[str, str]:
        """The name at this place, and how it is set: ``\\hat{\\mathbf{y}}`` is y_hat, with an accent."""
        while self.at < len(self.source) and self.source[self.at] in " \t\n\r":
            self.at += 1
        start = self.at
        if depth > 4 or start >= len(self.source):
            raise self.fail("a name is expected here", start, start + 1)
        c = self.source[start]
        if c.isascii() and c.isalnum():
            self.at += 1
            return c, ""
        if c == "{":
            return self.braces(start, depth)
        found = _COMMAND.match(self.source, start)
        if found is None:
            raise self.fail("a name is expected here", start, start + 1)
        self.at = found.end()
        name = found[1]
        if name in GREEK:
            return GREEK[name], "greek"
        if name == "operatorname" and self.source.startswith("*", self.at):
            self.at += 1
        if name in FONTS:
            text, how = self.name_at(depth + 1)
            return text, how if how in ("accent", "greek") else name
        if name in ACCENTS:
            text, _ = self.name_at(depth + 1)
            if not text or not text.strip().isalnum():
                raise self.fail("an accent stands on one letter", start, self.at, "write \\hat{y}_i")
            return f"{text.strip()}_{ACCENTS[name]}", "accent"
        raise self.fail(f"\\{name if name.isprintable() else '?'} cannot stand in a name", start, self.at)

    def braces(self, start: int, depth: int) -> tuple[str, str]:
        close = self.source.find("}", start)
        inside = re.sub(
            r"\\[ ,;!_]|\\quad", lambda m: "_" if m[0] == "\\_" else " ", self.source[start + 1 : max(close, start + 1)]
        )
        if close > 0 and _PLAIN.match(inside):
            self.at = close + 1
            return inside, ""
        if close > 0 and "\\" not in inside and "{" not in inside and len(inside) <= 80:
            self.at = close + 1
            return inside, ""  # words with signs in them: good for text, refused as a name
        self.at = start + 1
        name = self.name_at(depth + 1)
        while self.at < len(self.source) and self.source[self.at] in " \t\n\r":
            self.at += 1
        if not self.source.startswith("}", self.at):
            raise self.fail("this is not a name", start, self.at + 1)
        self.at += 1
        return name


def inside(source: str) -> tuple[int, int]:
    """Where the formula begins and ends: without the signs of mathematics around it."""
    text = source.strip()
    start = len(source) - len(source.lstrip())
    for left, right in (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")):
        if text.startswith(left) and text.endswith(right) and len(text) >= len(left) + len(right):
            return start + len(left), start + len(text) - len(right)
    return 0, len(source)


def tokens(source: str) -> list[Token]:
    """The tokens of a formula; :class:`ReadError` names the first place that cannot be read."""
    return Tokenizer(source).run()


def closing(tokens: list[Token], at: int) -> int:
    """The place of the token which closes the bracket or brace at ``at``; the end if there is none."""
    depth = 0
    for k in range(at, len(tokens)):
        depth += (tokens[k].kind in ("lbrace", "open")) - (tokens[k].kind in ("rbrace", "close"))
        if depth == 0:
            return k
    return len(tokens)


def closing_level(tokens: list[Token], at: int) -> int:
    """The place where the bracket or brace around ``at`` is closed; the end if there is none."""
    depth = 0
    for k in range(at, len(tokens)):
        depth += (tokens[k].kind in ("lbrace", "open")) - (tokens[k].kind in ("rbrace", "close"))
        if depth < 0:
            return k
    return len(tokens)


__all__ = ["MAX_LENGTH", "Token", "closing", "closing_level", "tokens"]
