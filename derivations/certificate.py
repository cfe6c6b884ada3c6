"""Certificates: a checked statement and its proof as plain data. Nothing in a certificate is believed by its reader."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ._kernel.check import Checked, Claim, Proof, require_checked
from ._kernel.domains import Domain, Scope
from ._kernel.meaning import Written
from ._kernel.terms import MAX_DEPTH, IllFormed, Term, num
from ._kernel.tree import RELATIONS, Node
from .judged import JudgedLine

SCHEMA = "lossproof-certificate/1"
WITH_FORMULA = "lossproof-certificate/2"  #: of a claim that was read: its certificate begins with the formula
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
        if str(Fraction(args[0])) != args[0]:
            raise IllFormed(f"a number is written in one way only: {Fraction(args[0])}, not {args[0][:60]}")
        return num(args[0])
    return Term(op, *(from_json(a, depth + 1) if isinstance(a, list) else a for a in args))


def tree_to_json(node: Node) -> list[Any]:
    """The tree of a formula as nested lists: its kind, then its arguments; the relations of a chain are a list of texts."""
    return [node.kind, *(tree_to_json(a) if type(a) is Node else _plain(a) for a in node.args)]


def _plain(value: Any) -> Any:
    return str(value) if type(value) is Fraction else list(value) if type(value) is tuple else value


def tree_from_json(data: Any, depth: int = 0) -> Node:
    """The tree written by :func:`tree_to_json`; anything else raises :class:`IllFormed`. Whether it means something is
    found out by what reads it."""
    if depth > MAX_DEPTH or not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise IllFormed("a formula is a list that begins with a kind, and not nested too deep")
    kind, *args = data
    if kind == "number":
        return Node(kind, from_json(["num", *args]).args)
    if kind == "chain" and args and isinstance(args[0], list):
        if not all(relation in RELATIONS for relation in args[0]):
            raise IllFormed("a relation is one of " + " ".join(RELATIONS))
        return Node(kind, (tuple(args[0]), *(tree_from_json(a, depth + 1) for a in args[1:])))
    if not all(isinstance(a, (list, str)) for a in args):
        raise IllFormed("the arguments of a formula are formulas and names")
    return Node(kind, tuple(tree_from_json(a, depth + 1) if isinstance(a, list) else a for a in args))


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


def decode(data: Any) -> Any:
    """A part of a proof as it was encoded; :class:`IllFormed` for anything else."""
    if isinstance(data, list):
        return from_json(data)
    if isinstance(data, dict) and data.keys() == {"by", "args"} and isinstance(data["args"], list):
        return Proof(data["by"], tuple(map(decode, data["args"])))
    if isinstance(data, dict) and data.keys() == {"seq"} and isinstance(data["seq"], list):
        return tuple(map(decode, data["seq"]))
    if type(data) in (str, int):
        return data
    raise IllFormed("not a part of a proof")


def encode_scope(scope: Scope) -> dict[str, Any]:
    """The variables with their domains, and the hypotheses."""
    return {
        "domains": [[name, domain.name, [to_json(s) for s in domain.sizes]] for name, domain in scope.domains],
        "hypotheses": [to_json(h) for h in scope.hypotheses],
    }


def encode_claim(claim: Claim) -> dict[str, Any]:
    """The statement with its scope."""
    return {**encode_scope(claim.scope), "goal": to_json(claim.goal)}


def decode_claim(data: Any) -> Claim:
    """A claim as it was encoded."""
    domains = tuple((name, Domain(kind, tuple(map(from_json, sizes)))) for name, kind, sizes in data["domains"])
    return Claim(Scope(domains, tuple(map(from_json, data["hypotheses"]))), from_json(data["goal"]))


def encode_formula(written: Written, conditions: tuple[Term, ...]) -> dict[str, Any]:
    """A formula as it was read, with what was chosen for it, and the conditions under which its statement is claimed."""
    return {
        "domains": encode_scope(written.scope)["domains"],
        "free": [[name, to_json(size)] for name, size in written.free],
        "tree": tree_to_json(written.tree),
        "conditions": [to_json(condition) for condition in conditions],
        "weights": [[tree_to_json(node), list(places)] for node, places in written.weights],
        "values": [[tree_to_json(node), to_json(value)] for node, value in written.values],
        "ranges": [[tree_to_json(node), domain] for node, domain in written.domains],
    }


def encode_line(line: JudgedLine) -> dict[str, Any]:
    """A line of a derivation, as it is displayed."""
    return {
        "relation": line.relation,
        "term": None if line.term is None else to_json(line.term),
        "reason": line.reason.template,
        "rules": list(line.rules),
        "depth": line.depth,
    }


def text(data: Any) -> str:
    """The one way in which a certificate is written, byte for byte."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(data: Any) -> str:
    """The content hash of plain data."""
    return hashlib.sha256(text(data).encode()).hexdigest()


def certificate(label: str, checked: Checked, library: Mapping[str, Checked]) -> dict[str, Any]:
    """The certificate of one checked statement, without lines; what it cites is named with the hash of its claim."""
    require_checked(checked)
    return {
        "label": label,
        "claim": encode_claim(checked.claim),
        "proof": encode(checked.proof),
        "uses": list(checked.used),
        "cites": {cited: digest(encode_claim(library[cited].claim)) for cited in checked.cites},
        "hash": digest(encode_claim(checked.claim)),
        "lines": [],
    }


__all__ = [
    "SCHEMA", "WITH_FORMULA", "certificate", "decode", "decode_claim", "digest", "encode", "encode_claim", "encode_formula",
    "encode_line", "encode_scope", "from_json", "text", "to_json", "tree_from_json", "tree_to_json",
]  # fmt: skip
