"""Blind mutants of certificates: one field of the JSON replaced by another value that could stand there.

Nothing is known here of what a field means, so every field has its turn. The claims and proofs are read back from the
JSON by :func:`decode`; a certificate that cannot be read, or whose claim is ill-typed, is no mutant.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from derivations._kernel.algebra import Algebra
from derivations._kernel.check import PRINCIPLES, Claim
from derivations._kernel.domains import KINDS as DOMAINS
from derivations._kernel.terms import ARITY, IllFormed
from derivations.certificate import decode, decode_claim, encode, encode_claim

from .cases import Case
from .mutant import Make, Mutant
from .slips import same

OPERATORS = [op for op in ARITY if op != "meta"]
PER_FIELD, PASSES = 2, 4


# ---- fields


def fields(data: Any, path: tuple[Any, ...] = (), role: str = "") -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    """Every leaf of the JSON, and every sequence, with its place and what may stand there."""
    if isinstance(data, dict):
        for key in sorted(data):
            inside = {"by": "principle", "domains": "domains", "hypotheses": "hypotheses"}.get(key, "")
            yield from fields(data[key], (*path, key), inside)
    elif isinstance(data, list) and data and isinstance(data[0], str) and role not in ("domains", "seq", "declaration"):
        yield (*path, 0), "operator", data[0]
        for k, each in enumerate(data[1:], 1):
            yield from fields(each, (*path, k), data[0] if not isinstance(each, list) else "")
    elif isinstance(data, list):
        if path and path[-1] in ("seq", "args", "hypotheses"):
            yield path, "sequence", data
        inside = {"domains": "declaration", "seq": "seq"}.get(str(path[-1]) if path else "", role)
        for k, each in enumerate(data):
            yield from fields(each, (*path, k), "domain" if role == "declaration" and k == 1 else inside)
    elif role != "declaration":
        yield path, role or "name", data


def replacements(role: str, value: Any, pool: list[Any], rng: Random) -> list[Any]:
    """Other values for a field."""
    if role == "sequence":
        k = rng.randrange(len(value)) if value else 0
        offers = [value[:k] + value[k + 1 :], value[: k + 1] + value[k:], value[::-1]]
    elif role == "operator":
        offers = [op for op in OPERATORS if ARITY[op] == ARITY.get(value)]
    elif role == "principle":
        offers = list(PRINCIPLES)
    elif role == "domain":
        offers = [d for d in DOMAINS if d not in ("Size", "Index", "Family")]
    elif role == "num":
        offers = [*pool, "0", "2", "-1", "1/2", str(value).removeprefix("-"), f"-{value}".replace("--", "")]
    elif type(value) is int:
        offers = [0, 1, 2, value + 1]
    else:
        offers = pool
    offers = [o for o in offers if o != value and type(o) is type(value)]
    return rng.sample(offers, min(len(offers), PER_FIELD))


def put(data: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The JSON with one field replaced."""
    if not path:
        return new
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = put(data[path[0]], path[1:], new)
    return copy


def field_mutants(case: Case, rng: Random) -> Iterator[Mutant]:
    """One field of the certificate replaced; several at random places."""
    data = {"claim": encode_claim(case.claim), "proof": encode(case.proof)}
    places = list(fields(data))
    pools: dict[str, list[Any]] = {}
    for _, role, value in places:
        pools.setdefault(role, []).append(value)
    pools = {role: list({json.dumps(v): v for v in values}.values()) for role, values in pools.items()}
    for path, role, value in (place for _ in range(PASSES) for place in rng.sample(places, len(places))):
        for new in replacements(role, value, pools[role], rng):
            changed = put(data, path, new)
            try:
                claim, proof = decode_claim(changed["claim"]), decode(changed["proof"])
                claim.check()
            except (IllFormed, TypeError, ValueError):
                continue
            if alike(claim, case.claim) and proof == case.proof:
                continue
            said = None if alike(claim, case.claim) else (claim.scope, claim.goal)
            what = f"{'.'.join(map(str, path))}: {json.dumps(value)[:60]} ↦ {json.dumps(new)[:60]}"
            yield Mutant("certificate field", case, what, ((claim, proof),), said)


def alike(a: Claim, b: Claim) -> bool:
    """Whether two claims say the same by the laws of a field."""
    algebra = Algebra()
    pairs = zip((a.goal, *a.scope.hypotheses), (b.goal, *b.scope.hypotheses), strict=False)
    same_number = len(a.scope.hypotheses) == len(b.scope.hypotheses)
    return a.scope.domains == b.scope.domains and same_number and all(same(algebra, s, t) for s, t in pairs)


FIELD_MUTANTS: dict[str, Make] = {"certificate field": field_mutants}

__all__ = ["FIELD_MUTANTS"]
