"""The tree of a claim as plain data, and back: what goes from the process that read it to the one that shows it."""

from __future__ import annotations

from typing import Any

from .._kernel.domains import Domain, Scope
from .._kernel.terms import IllFormed
from .._kernel.tree import Node
from .._reader.reading import Reading
from .._render.tree_latex import latex
from ..certificate import from_json, to_json, tree_from_json, tree_to_json


def formula_data(reading: Reading) -> dict[str, Any]:
    """What was read: the tree, the domains of its names, and the free indices with their sizes."""
    return {
        "tree": tree_to_json(reading.tree),
        "domains": [[name, domain.name, [to_json(s) for s in domain.sizes]] for name, domain in reading.scope.domains],
        "free": [[name, to_json(size)] for name, size in reading.free],
    }


def read_formula(data: dict[str, Any]) -> tuple[Node, Scope]:
    """The tree and its domains, as :func:`formula_data` wrote them."""
    domains = tuple((name, Domain(kind, tuple(map(from_json, sizes)))) for name, kind, sizes in data["domains"])
    return tree_from_json(data["tree"]), Scope(domains)


def formula_latex(data: dict[str, Any] | None) -> str:
    """The LaTeX of what was read; "" if nothing was, or if it is nested deeper than data may be."""
    try:
        return "" if data is None else latex(*read_formula(data))
    except (IllFormed, RecursionError):
        return ""


__all__ = ["formula_data", "formula_latex", "read_formula"]
