"""Certificates of results, and the evidence they give: what the second program says of them, each time anew."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from . import replay
from ._kernel.rules import RULES
from .catalogue import HERE, Catalogue
from .certificate import SCHEMA, certificate, encode_line, text
from .judged import JudgedResult, JudgedTheorem

KINDS = ("replayed", "derived")  #: the kinds of evidence for a proof, the strongest first
CERTIFICATES = HERE / "_certificates"  #: committed, one per result of the catalogue


def result_certificate(catalogue: Catalogue, judged: JudgedResult) -> dict[str, Any]:
    """The certificate of a result: each statement with its proof and its lines."""
    library = catalogue.library(judged.name)
    theorems = []
    for theorem in judged.theorems:
        if theorem.checked is None:
            continue
        lines = [encode_line(line) for line in theorem.lines]
        made = certificate(f"{judged.name}.{theorem.name}", theorem.checked, library)
        theorems.append({**made, "lines": lines})
    return {"schema": SCHEMA, "result": judged.name, "theorems": theorems}


def certificate_drift(folder: Path = CERTIFICATES, *, update: bool = False) -> list[str]:
    """The committed certificates that differ from what the catalogue gives; with ``update``, they are written anew."""
    catalogue = Catalogue(witnessed=False)
    texts = {f"{name}.json": text(result_certificate(catalogue, catalogue.judge(name))) + "\n" for name in catalogue}
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    different = sorted(name for name in {*texts, *there} if texts.get(name) != there.get(name))
    for name in different if update else ():
        if name in texts:
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f"{name}.part"
            part.write_text(texts[name], encoding="utf-8")
            os.replace(part, folder / name)
        else:
            (folder / name).unlink()
    return different


def refusal(library: replay.Library, label: str) -> str:
    """Why the second program does not replay a theorem; "" if it does. It may recurse as deep as when it runs by itself."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, replay.DEEP))
    try:
        problem = library.problem(label)
    finally:
        sys.setrecursionlimit(limit)
    if problem is None:
        return ""
    step = problem.step.removeprefix("rule ")
    if step in replay.UNKNOWN:
        return f"the second program does not know the step “{step}”"
    return f"the second program refuses it: {problem.step or 'claim'}: {problem.why}"


def replayed(catalogue: Catalogue, judged: JudgedResult) -> JudgedResult:
    """The result, with "replayed" on every statement whose certificate the second program accepts."""
    theorems = [t for name in _needed(catalogue, judged) for t in _certified(catalogue, name)]
    library = replay.Library(theorems)

    def seen(theorem: JudgedTheorem) -> JudgedTheorem:
        if theorem.verdict != "proved":
            return replace(theorem, evidence="")
        why = refusal(library, f"{judged.name}.{theorem.name}")
        if not why:
            return replace(theorem, evidence="replayed")
        return replace(theorem, evidence="derived", reason=f"derived, but {why}")

    return replace(judged, theorems=tuple(map(seen, judged.theorems)))


def upheld(folder: Path, labels: Iterable[str]) -> bool:
    """Whether the second program replays these statements from the certificates in a folder: a record of it is not enough."""
    try:
        theorems = [theorem for path in sorted(folder.glob("*.json")) for theorem in replay.read(str(path))]
        library = replay.Library(theorems)
    except replay.Unreadable:
        return False
    return all(label in library.theorems and not refusal(library, label) for label in labels)


def ledger(results: Iterable[JudgedResult]) -> str:
    """How many results there are of each kind of evidence, or of each verdict where there is none, in a sentence."""
    found = tuple(results)
    kinds = Counter(result.evidence or result.verdict for result in found)
    order = [*KINDS, *sorted(kinds.keys() - set(KINDS))]
    parts = ", ".join(f"{kinds[kind]} {kind}" for kind in order if kinds[kind] or kind in ("replayed", "derived"))
    statements = [theorem for result in found for theorem in result.theorems]
    again = sum(theorem.evidence == "replayed" for theorem in statements)
    return f"{len(found)} results: {parts}; {again} of {len(statements)} statements replayed"


class Axioms(NamedTuple):
    """What a statement rests on, its citations followed: names in alphabetical order."""

    rules: tuple[str, ...]  #: primitive rules
    principles: tuple[str, ...]
    cites: tuple[str, ...]  #: labels of statements
    evidence: str  #: the weakest of the statement and of all that it cites; "" if something is not proved


def axioms(catalogue: Catalogue, label: str) -> Axioms:
    """What a result (NAME) or one of its statements (RESULT.STATEMENT) rests on; :class:`LookupError` if there is none."""
    own, _, statement = label.partition(".")
    if own not in catalogue.known:
        raise LookupError(label)
    waiting = [f"{own}.{t.name}" for t in catalogue.judge(own).theorems if not statement or t.name == statement]
    if not waiting:
        raise LookupError(label)
    asked, reached, found = set(waiting), set[str](), dict[str, JudgedTheorem]()
    while waiting:
        here = waiting.pop()
        name = here.partition(".")[0]
        if here not in found:
            found |= {f"{name}.{t.name}": t for t in replayed(catalogue, catalogue.judge(name)).theorems}
        if here not in reached:
            reached.add(here)
            waiting += found[here].uses
    used = {name for here in reached if found[here].checked is not None for name in found[here].checked.used}
    kinds = {found[here].evidence for here in reached}
    return Axioms(
        tuple(sorted(used & RULES.keys())),
        tuple(sorted(used - RULES.keys())),
        tuple(sorted(reached - asked)),
        next((kind for kind in ("", *reversed(KINDS)) if kind in kinds), ""),
    )


def _certified(catalogue: Catalogue, name: str) -> list[dict[str, Any]]:
    """The theorems of a certificate as they are read from its text, as anybody would read them."""
    return list(json.loads(text(result_certificate(catalogue, catalogue.judge(name))))["theorems"])


def _needed(catalogue: Catalogue, judged: JudgedResult) -> list[str]:
    """The results that this one cites, and those which they cite; itself last."""
    names: list[str] = []

    def visit(result: JudgedResult) -> None:
        for name in sorted({label.partition(".")[0] for label in result.uses} - {result.name}):
            if name not in names:
                visit(catalogue.judge(name))
        if result.name not in names:
            names.append(result.name)

    visit(judged)
    return names


__all__ = ["Axioms", "axioms", "certificate_drift", "ledger", "refusal", "replayed", "result_certificate", "upheld"]
