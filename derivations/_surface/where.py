"""Domains in words: ``p, q: Simplex[n]; x: Real; k: Index[n]`` becomes a scope. Nothing in it is evaluated."""

from __future__ import annotations

import re

from derivations._kernel.domains import KINDS, Domain, Scope
from derivations._kernel.terms import IllFormed, Term, num, var

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
_ANNOTATION = re.compile(r"\s*(?P<names>[^:]*?)\s*:\s*(?P<domain>[A-Za-z]+)\s*(?:\[(?P<sizes>[^\]]*)\])?\s*\Z")
MAX_LENGTH, MAX_NAMES, MAX_LITERAL = 2000, 100, 10**6


class WhereError(IllFormed):
    """Domains that cannot be read; the message says what, where and what to write instead."""


def name(text: str) -> str:
    """``text`` if it can name a variable."""
    if not NAME.match(text):
        raise WhereError(f"{text[:40]!r} cannot be a name; a name is a letter followed by letters, digits or _")
    return text


def size(text: str) -> Term:
    """A size in brackets: a name, or a whole number from 1."""
    if text.isascii() and text.isdigit():
        if len(text) > 7 or not 1 <= int(text) <= MAX_LITERAL:
            raise WhereError(f"the size {text[:12]} is not between 1 and {MAX_LITERAL}")
        return num(int(text))
    return var(name(text))


def where(text: str) -> Scope:
    """The scope declared by ``text``; sizes named in brackets are declared as ``Size`` of themselves."""
    if len(text) > MAX_LENGTH:
        raise WhereError(f"the domains are longer than {MAX_LENGTH} characters")
    declared: dict[str, Domain] = {}
    sizes: dict[str, Domain] = {}
    for annotation in filter(str.strip, text.split(";")):
        found = _ANNOTATION.match(annotation)
        if found is None:
            raise WhereError(f"cannot read {annotation.strip()[:60]!r}; write it as 'p, q: Simplex[n]'")
        kind = found["domain"]
        if kind not in KINDS:
            raise WhereError(f"there is no domain {kind!r}; there are {', '.join(KINDS)}")
        inside = tuple(size(s.strip()) for s in found["sizes"].split(",")) if found["sizes"] is not None else ()
        for each in inside:
            if each.op == "var":
                sizes[each.args[0]] = Domain("Size")
        for each_name in found["names"].split(","):
            key = name(each_name.strip())
            if key in declared:
                raise WhereError(f"{key!r} is declared twice")
            declared[key] = Domain(kind, inside)
    if len(declared) > MAX_NAMES:
        raise WhereError(f"more than {MAX_NAMES} variables")
    for key, domain in sizes.items():
        if declared.setdefault(key, domain) != domain:
            raise WhereError(f"{key!r} is used as a size, but declared as {declared[key]}")
    first = {k: d for k, d in declared.items() if d.name == "Size"}
    scope = Scope(tuple({**first, **declared}.items()))
    scope.check()
    return scope


def written(scope: Scope) -> str:
    """The domains of a scope in words, so that ``where(written(scope))`` is the same scope without its hypotheses."""
    return "; ".join(f"{name}: {domain}" for name, domain in scope.domains if not name.startswith("#"))


__all__ = ["WhereError", "name", "size", "where", "written"]
