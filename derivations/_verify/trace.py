"""A derivation as plain data, and back: what goes from the process that found it to the one that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._kernel.check import Claim
from .._kernel.domains import Scope
from .._kernel.terms import Term
from ..certificate import decode_claim, encode_claim, encode_line, from_json, to_json
from ..judged import JudgedLine, Prose


def trace_data(scope: Scope, goal: Term, lines: Iterable[JudgedLine], *, searched: bool) -> dict[str, Any]:
    """The statement with its lines as JSON can carry them."""
    rows = [
        {
            **encode_line(line),
            "accepted": line.accepted,
            "residue": None if line.residue is None else to_json(line.residue),
        }
        for line in lines
    ]
    return {"claim": encode_claim(Claim(scope, goal)), "lines": rows, "searched": searched}


def read_trace(data: dict[str, Any]) -> tuple[Scope, Term, tuple[JudgedLine, ...]]:
    """What :func:`trace_data` wrote."""
    claim = decode_claim(data["claim"])
    lines = tuple(
        JudgedLine(
            row["relation"],
            None if row["term"] is None else from_json(row["term"]),
            Prose(row["reason"]),
            tuple(row["rules"]),
            row["accepted"],
            None if row["residue"] is None else from_json(row["residue"]),
            row["depth"],
        )
        for row in data["lines"]
    )
    return claim.scope, claim.goal, lines


__all__ = ["read_trace", "trace_data"]
