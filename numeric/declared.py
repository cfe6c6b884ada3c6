"""What the catalogue declares to be emitted: pairs of a declaration and the checked theorem it is emitted from."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any


@cache
def declared() -> tuple[tuple[Any, Any], ...]:
    """Every declaration of the catalogue with its checked theorem.

    Only the kernel is asked here, not the second witness: ``lossproof check`` and ``build`` ask both.
    """
    from derivations.catalogue import Catalogue

    catalogue = Catalogue(witnessed=False)
    return tuple(pair for name in catalogue for pair in of_result(catalogue, name))


def of_result(catalogue: Any, name: str) -> list[tuple[Any, Any]]:
    """The declarations of one result, with full labels, each with its theorem."""
    result = catalogue.known[name].load()
    if not result.emits:
        return []
    catalogue.judge(name)
    library = catalogue.library(name)
    labelled = [replace(e, theorem=f"{name}.{e.theorem}") for e in result.emits]
    return [(e, library[e.theorem]) for e in labelled if e.theorem in library]


__all__ = ["declared", "of_result"]
