"""Certificates of results, and the evidence they give: what the second program says of them, each time anew."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import replay
from .catalogue import HERE, Catalogue
from .certificate import SCHEMA, certificate, text, to_json
from .judged import JudgedResult, JudgedTheorem

CERTIFICATES = HERE / "_certificates"  #: committed, one per result of the catalogue


def result_certificate(catalogue: Catalogue, judged: JudgedResult) -> dict[str, Any]:
    """The certificate of a result: each statement with its proof and its lines."""
    library = catalogue.library(judged.name)
    theorems = []
    for theorem in judged.theorems:
        if theorem.checked is None:
            continue
        lines = [
            {
                "relation": line.relation,
                "term": None if line.term is None else to_json(line.term),
                "reason": line.reason.template,
                "rules": list(line.rules),
                "depth": line.depth,
            }
            for line in theorem.lines
        ]
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


def replayed(catalogue: Catalogue, judged: JudgedResult) -> JudgedResult:
    """The result, with "replayed" on every statement whose certificate the second program accepts."""
    theorems = [t for name in _needed(catalogue, judged) for t in _certified(catalogue, name)]
    library = replay.Library(theorems)

    def seen(theorem: JudgedTheorem) -> JudgedTheorem:
        if theorem.verdict != "proved":
            return theorem
        problem = library.problem(f"{judged.name}.{theorem.name}")
        if problem is None:
            return replace(theorem, evidence="replayed")
        return replace(theorem, reason=f"derived, but the second program refuses it: {problem.step or 'claim'}: {problem.why}")

    return replace(judged, theorems=tuple(map(seen, judged.theorems)))


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


__all__ = ["certificate_drift", "replayed", "result_certificate"]
