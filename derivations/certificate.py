"""Certificates: a checked statement and its proof as plain data. Nothing in a certificate is believed by its reader."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ._kernel.check import Checked, Claim, Proof, require_checked
from ._kernel.domains import Scope
from ._kernel.terms import MAX_DEPTH, IllFormed, Term, num

SCHEMA = "lossproof-certificate/draft-1"
NUMBER = re.compile(r"-?[0-9]{1,1000}(/[1-9][0-9]{0,999})?")


def to_json(t: Term) -> list[Any]:
    """``t`` as nested lists; numbers are written as text, exactly."""
    return [t.op, *(to_json(a) if type(a) is Term else str(a) if type(a) is Fraction else a for a in t.args)]


def from_json(data: Any, depth: int = 0) -> Term:
    """The term written by :func:`to_json`; anything else raises :class:`IllFormed`."""
    if depth > MAX_DEPTH or not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise IllFormed("a term is a list that begins with an operator, and not nested too deep")
    op, *args = data
    if op == "num":
        if len(args) != 1 or not isinstance(args[0], str) or not NUMBER.fullmatch(args[0]):
            raise IllFormed("a number is written as a whole number or a quotient of two")
        return num(args[0])
    return Term(op, *(from_json(a, depth + 1) if isinstance(a, list) else a for a in args))


def encode(value: Any) -> Any:
    """A part of a proof: terms are lists, proofs are objects with "by", sequences are objects with "seq"."""
    if type(value) is Term:
        return to_json(value)
    if type(value) is Proof:
        return {"by": value.kind, "args": [encode(a) for a in value.args]}
    if isinstance(value, tuple):
        return {"seq": [encode(a) for a in value]}
    if isinstance(value, Fraction):
        return str(value)
    return value


def encode_scope(scope: Scope) -> dict[str, Any]:
    """The variables with their domains, and the hypotheses."""
    return {
        "domains": [[name, domain.name, [to_json(s) for s in domain.sizes]] for name, domain in scope.domains],
        "hypotheses": [to_json(h) for h in scope.hypotheses],
    }


def encode_claim(claim: Claim) -> dict[str, Any]:
    """The statement with its scope."""
    return {**encode_scope(claim.scope), "goal": to_json(claim.goal)}


def text(data: Any) -> str:
    """The one way in which a certificate is written, byte for byte."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(data: Any) -> str:
    """The content hash of plain data."""
    return hashlib.sha256(text(data).encode()).hexdigest()


def certificate(label: str, checked: Checked, library: Mapping[str, Checked]) -> dict[str, Any]:
    """The certificate of one checked statement; what it cites is named with the hash of its claim."""
    require_checked(checked)
    return {
        "label": label,
        "claim": encode_claim(checked.claim),
        "proof": encode(checked.proof),
        "uses": list(checked.used),
        "cites": {cited: digest(encode_claim(library[cited].claim)) for cited in checked.cites},
        "hash": digest(encode_claim(checked.claim)),
    }


__all__ = ["SCHEMA", "certificate", "digest", "encode", "encode_claim", "from_json", "text", "to_json"]
