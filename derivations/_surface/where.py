"""Domains in words: ``p, q: Simplex[n]; x: Real; c: Label[n]`` becomes a scope. Nothing in it is evaluated."""

from __future__ import annotations

import re
from difflib import get_close_matches

from derivations._kernel.domains import KINDS, Domain, Scope
from derivations._kernel.terms import IllFormed, Term, num, var

from .letters import ACCENTS, FONTS, GREEK

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
_DOMAIN = re.compile(r"\s*(?P<domain>[A-Za-z]+)\s*(?:\[(?P<sizes>[^\]]*)\])?\s*\Z")
#: A name as LaTeX writes it: a Greek letter, or a letter under an accent.
_LATEX = re.compile(r"\\(?P<command>[A-Za-z]+)(?:\s*\{\s*\\?(?P<letter>[A-Za-z]+)\s*\}|\s+(?P<after>[A-Za-z]))?\Z")
MAX_LENGTH, MAX_NAMES, MAX_LITERAL = 2000, 100, 10**6
#: Words of users for rows of the table.
WORDS = {"Label": "Index"}


class WhereError(IllFormed):
    """Domains that cannot be read: what, where, and what to write instead."""

    def __init__(self, what: str, span: tuple[int, int] = (0, 1), fix: str = "") -> None:
        super().__init__(f"{what}; {fix}" if fix else what)
        self.what, self.span, self.fix = what, span, fix


def name(text: str, at: int = 0) -> str:
    """``text`` if it can name a variable; ``\\lambda`` is lambda, and ``\\hat{y}`` is y_hat."""
    plain = text
    if text.startswith("\\") and (found := _LATEX.match(text)):
        letter, command = found["letter"] or found["after"], found["command"]
        if letter is None:
            plain = GREEK.get(command, text)
        elif command in ACCENTS:
            plain = f"{letter}_{ACCENTS[command]}"
        elif command in FONTS:
            plain = letter
    if not NAME.match(plain):
        fix = "a name is a letter followed by letters, digits or _"
        raise WhereError(f"{text[:40]!r} cannot be a name", (at, at + max(1, len(text))), fix)
    return plain


def size(text: str, at: int = 0) -> Term:
    """A size in brackets: a name, or a whole number from 1."""
    if text.isascii() and text.isdigit():
        if len(text) > 7 or not 1 <= int(text) <= MAX_LITERAL:
            raise WhereError(f"the size {text[:12]} is not between 1 and {MAX_LITERAL}", (at, at + len(text)))
        return num(int(text))
    return var(name(text, at))


def pieces(text: str, separator: str, at: int) -> list[tuple[str, int]]:
    """The parts of ``text`` between separators, stripped, each with its place."""
    found = []
    for part in text.split(separator):
        found.append((part.strip(), at + len(part) - len(part.lstrip())))
        at += len(part) + 1
    return found


def where(text: str) -> Scope:
    """The scope declared by ``text``; sizes named in brackets are declared as ``Size`` of themselves."""
    if len(text) > MAX_LENGTH:
        raise WhereError(f"the domains are longer than {MAX_LENGTH} characters")
    declared: dict[str, Domain] = {}
    sizes: dict[str, tuple[int, int]] = {}
    for annotation, at in pieces(text, ";", 0):
        if not annotation:
            continue
        names, domain, inside = _annotation(annotation, at)
        for each, place in inside:
            if each.op == "var":
                sizes.setdefault(each.args[0], (place, place + len(each.args[0])))
        for key, place in names:
            if key in declared:
                raise WhereError(f"{key!r} is declared twice", (place, place + len(key)))
            declared[key] = domain
        if len(declared) > MAX_NAMES:
            raise WhereError(f"more than {MAX_NAMES} variables", (at, at + len(annotation)))
    for key, span in sizes.items():
        if declared.setdefault(key, Domain("Size")) != Domain("Size"):
            raise WhereError(f"{key!r} is used as a size, but declared as {shown(declared[key])}", span, f"write {key}: Size")
    first = {k: d for k, d in declared.items() if d.name == "Size"}
    scope = Scope(tuple({**first, **declared}.items()))
    scope.check()
    return scope


def _annotation(text: str, at: int) -> tuple[list[tuple[str, int]], Domain, list[tuple[Term, int]]]:
    """The names and the domain of ``p, q: Simplex[n]``, and the sizes with their places."""
    whole = (at, at + len(text))
    names, colon, said = text.partition(":")
    found = _DOMAIN.match(said)
    if not colon or found is None:
        after = said.strip()
        fix = "write it as 'p, q: Simplex[n]'" + ("; annotations are separated by ;" if ":" in after or "," in after else "")
        raise WhereError(f"cannot read {text[:60]!r}", whole, fix)
    start = at + len(names) + 1
    kind, place = found["domain"], start + found.start("domain")
    row = WORDS.get(kind, kind)
    if row not in KINDS:
        near = get_close_matches(kind, [*KINDS, *WORDS], 1) or [k for k in KINDS if k.lower() == kind.lower()]
        known = ", ".join(dict.fromkeys([*WORDS, *(k for k in KINDS if k not in WORDS.values())]))
        fix = f"did you mean {near[0]}?" if near else ""
        raise WhereError(f"there is no domain {kind[:40]!r}; there are {known}", (place, place + len(kind)), fix)
    given = found["sizes"]
    inside = [] if given is None else [(size(s, p), p) for s, p in pieces(given, ",", start + found.start("sizes"))]
    if len(inside) not in KINDS[row].shapes:
        counts = " or ".join(map(str, KINDS[row].shapes))
        raise WhereError(f"{kind} takes {counts} sizes in brackets", (place, whole[1]), f"write it as {_example(row, kind)}")
    return [(name(n, p), p) for n, p in pieces(names, ",", at)], Domain(row, tuple(s for s, _ in inside)), inside


def _example(row: str, kind: str) -> str:
    least = KINDS[row].shapes[0]
    return f"{kind}[{', '.join('nmk'[:least])}]" if least else kind


def shown(domain: Domain) -> str:
    """A domain in the words of users."""
    words = {row: word for word, row in WORDS.items()}
    return f"{words[domain.name]}{str(domain)[len(domain.name) :]}" if domain.name in words else str(domain)


def written(scope: Scope) -> str:
    """The domains of a scope in words, so that ``where(written(scope))`` is the same scope without its hypotheses."""
    return "; ".join(f"{name}: {domain}" for name, domain in scope.domains if not name.startswith("#"))


__all__ = ["WhereError", "name", "shown", "size", "where", "written"]
