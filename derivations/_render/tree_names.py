"""How the names of a formula are set, so that each is read as the name it is and as no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from .._kernel.domains import Scope
from .._surface.letters import ACCENTS, GREEK
from .notation import FUNCTIONS, GREEK_LATEX

#: The command of a letter, by the name it is declared by.
COMMANDS = {name: GREEK_LATEX.get(name, f"\\{name}") for name in GREEK.values()}
#: Words which a reader takes for functions; set in script they are names.
WORDS = frozenset({*FUNCTIONS, "expit", "LSE", "lse", "JSD", "KL", "Bernoulli"})
_MARKS = {word: command for command, word in reversed(ACCENTS.items())}
_ACCENTED = re.compile(rf"([A-Za-z]+?)(_?)({'|'.join(sorted(set(ACCENTS.values())))})\Z")


def single(text: str) -> str:
    """A letter, or the command of a Greek one; "" for anything longer."""
    return COMMANDS.get(text, text if len(text) == 1 else "")


def accented(text: str, loose: bool = False) -> str:
    """A letter under an accent, declared as y_hat, or (``loose``) as yhat."""
    found = _ACCENTED.match(text)
    base = single(found[1]) if found and (found[2] or loose) else ""
    return rf"\{_MARKS[found[3]]}{{{base}}}" if found and base else ""


def upright(text: str) -> str:
    """A whole name as one word."""
    return rf"\mathrm{{{text.replace('_', chr(92) + '_')}}}"


def letter(text: str, prime: bool = True) -> str:
    """A name as a single sign, such as an index."""
    base = text.removesuffix("_prime")
    if prime and base != text and (sign := single(base) or accented(base)):
        return f"{sign}'"
    return single(text) or accented(text) or (rf"\mathcal{{{text}}}" if text in WORDS else upright(text))


class Names:
    """The names of one claim: what is declared, and what is bound where something is written."""

    def __init__(self, scope: Scope) -> None:
        self.declared = frozenset(name for name, _ in scope.domains)
        self.bound: tuple[str, ...] = ()

    @contextmanager
    def binding(self, name: str) -> Iterator[None]:
        """While the body of a binder is written."""
        before, self.bound = self.bound, (*self.bound, name)
        yield
        self.bound = before

    def name(self, name: str, indices: tuple[str, ...] = (), prime: bool = True) -> str:
        """A declared name, with the indices of an entry; or a bound name or a free index."""
        if name in self.bound or name not in self.declared:
            return letter(name, prime)
        for text, sign, script in self.ways(name):
            groups = ((script,) if script else ()) + indices
            if ("'" not in sign or prime) and self.meaning(text, groups) == (name, indices):
                symbols = (*((self.scripted(script),) if script else ()), *map(self.scripted, indices))
                return sign + (f"_{{{beside(symbols)}}}" if symbols else "")
        sign = upright(name) if len(name) > 1 else name
        return sign + (f"_{{{self.side_by_side(indices)}}}" if indices else "")

    def ways(self, name: str) -> Iterator[tuple[str, str, str]]:
        """How a name may be set: the name of the sign, the sign, and a subscript that belongs to the name."""
        if sign := single(name):
            yield name, sign, ""
        for loose in (False, True):
            if sign := accented(name, loose):
                found = _ACCENTED.match(name)
                yield (f"{found[1]}_{found[3]}" if found else name), sign, ""
        if name.endswith("_prime"):
            yield name, letter(name), ""
        base, _, script = name.rpartition("_")
        if not base and (found := re.fullmatch(r"([A-Za-z]+)([1-9][0-9]*)", name)):
            base, script = found[1], found[2]
        divergence = base == "D" and script.upper() in ("KL", "JS")
        if base and "\\_" not in letter(base) and re.fullmatch(r"[A-Za-z]+|0|[1-9][0-9]*", script) and not divergence:
            yield base, letter(base), script

    def member(self, family: str, parameter: str, indices: tuple[str, ...]) -> str:
        """q_θ, the distribution which a family takes at a vector; "" where that would be read otherwise."""
        groups = (parameter, *indices)
        plain = single(family) and single(parameter) and parameter in self.declared
        if plain and self.meaning(family, groups) == (family, groups):
            return f"{single(family)}_{{{beside(tuple(map(self.scripted, groups)))}}}"
        return ""

    def scripted(self, text: str) -> str:
        """A symbol of a subscript."""
        return text if text.isdigit() else letter(text)

    def side_by_side(self, symbols: tuple[str, ...]) -> str:
        """Symbols of a subscript, with commas where they are needed."""
        return beside(tuple(map(self.scripted, symbols)))

    # ---- what a sign with a subscript is read as

    def meaning(self, text: str, groups: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
        """The declared name which a sign with a subscript stands for, and the indices which are left; None if nothing."""
        if text in self.bound or (groups and text == "delta" and text not in self.declared):
            return None
        plain = self.declared_as(text)
        for k in range(len(groups), 0, -1):
            name = self.declared_as(f"{text}_{''.join(groups[:k])}")
            if name is not None:
                return None if plain is not None else (name, groups[k:])
        return None if plain is None else (plain, groups)

    def declared_as(self, text: str) -> str | None:
        """The one declared name that is written like this; ŷ may be y_hat or yhat."""
        base, _, last = text.rpartition("_")
        joined = base + last if last in ACCENTS.values() or last.isdigit() else text
        found = {text, joined} & self.declared
        return found.pop() if len(found) == 1 else None


def beside(symbols: tuple[str, ...]) -> str:
    """Single letters stand side by side, anything longer is set off by commas."""
    if all(len(s) == 1 and s.isalpha() for s in symbols):
        return "".join(symbols)
    return ",".join(symbols)


__all__ = ["Names", "letter"]
