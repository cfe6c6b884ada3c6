"""The form of a result: what its parts must be, told before anything is judged."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from derivations._surface.author import Cases, Chain, Emit, Line, Minimum, Number, Refutation, Result, Text, Theorem, Worked

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
PLACE = re.compile(r"\{(\w+)\}")


class Malformed(Exception):
    """A part of a result that makes no sense: which, and why."""


def validate(result: Result) -> None:
    """Raise :class:`Malformed` unless the parts of a result are of the right kinds, have their own names, and fit."""
    _sequence("theorems", result.theorems, Theorem)
    _sequence("refutations", result.refutations, Refutation)
    _sequence("examples", result.examples, Worked)
    _sequence("emits", result.emits, Emit)
    if not result.theorems:
        raise Malformed("a result has a statement at least")
    names = [t.name for t in result.theorems]
    for name, count in Counter(names).items():
        if not isinstance(name, str) or not NAME.match(name):
            raise Malformed(f"the statement {name!r}: a name is small letters, digits and _")
        if count > 1:
            raise Malformed(f"two statements are called {name!r}")
    for theorem in result.theorems:
        _sequence(f"the hypotheses of {theorem.name!r}", theorem.given, object)
        _proof(theorem.name, theorem.proof)
        _texts(theorem.name, theorem.title)
    for worked in result.examples:
        _sequence(f"the numbers of {worked.id!r}", worked.numbers, Number)
        _texts(worked.id, worked.text, worked.remark, *(n.label for n in worked.numbers))
    _texts("the summary", result.summary)
    for emit in result.emits:
        if emit.theorem not in names:
            raise Malformed(f"the function {emit.name!r} is emitted from {emit.theorem!r}, which is no statement here")
        if emit.side not in ("left", "right"):
            raise Malformed(f"the function {emit.name!r}: a side is 'left' or 'right', not {emit.side!r}")
        if not NAME.match(emit.name):
            raise Malformed(f"the function {emit.name!r}: a name is small letters, digits and _")


def _sequence(what: str, parts: Any, kind: type) -> None:
    if not isinstance(parts, (tuple, list)):
        raise Malformed(f"{what}: a tuple is needed, with a comma even for one: ({type(parts).__name__}(…),)")
    for part in parts:
        if not isinstance(part, kind):
            raise Malformed(f"{what}: {type(part).__name__} stands where {kind.__name__} is needed")


def _proof(name: str, proof: Any) -> None:
    if proof is not None and not isinstance(proof, (Chain, Cases, Minimum)):
        raise Malformed(f"the statement {name!r}: a proof is a chain, cases, a minimum, or None; not {type(proof).__name__}")
    if isinstance(proof, Chain):
        if not proof.lines:
            raise Malformed(f"the statement {name!r}: a chain has a line after its first term at least")
        _sequence(f"the lines of {name!r}", proof.lines, Line)
        _texts(name, *(line.reason for line in proof.lines))
    for inner in (
        (proof.first, proof.second) if isinstance(proof, Cases) else (proof.derivative,) if isinstance(proof, Minimum) else ()
    ):
        _proof(name, inner)


def _texts(where: str, *texts: Any) -> None:
    for text in texts:
        template = text.template if isinstance(text, Text) else text
        formulas = text.formulas if isinstance(text, Text) else {}
        if template is None:
            continue
        if not isinstance(template, str):
            raise Malformed(f"{where}: a text is needed, not {type(template).__name__}")
        missing = set(PLACE.findall(template)) - set(formulas)
        if missing:
            raise Malformed(f"{where}: the text has a place {{{min(missing)}}} and no formula for it")


__all__ = ["Malformed", "validate"]
