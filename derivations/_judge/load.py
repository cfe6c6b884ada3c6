"""What a statement's hypotheses carry: one that can be dropped is reported as not needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derivations._kernel.check import Checked, Claim, Kernel, Proof, Refused, check
from derivations._kernel.domains import Scope
from derivations._kernel.terms import IllFormed, Term
from derivations._search.equation import NotFound
from derivations._search.normalise import OutOfSteps
from derivations._search.polynomial import TooMany
from derivations._search.prove import prove


def provable(claim: Claim, library: Mapping[str, Checked]) -> bool:
    """Whether the search finds a proof which the kernel accepts."""
    try:
        check(claim, prove(Kernel(library), claim.scope, claim.goal), library)
    except (NotFound, Refused, IllFormed, OutOfSteps, TooMany):
        return False
    return True


def idle_hypotheses(claim: Claim, library: Mapping[str, Checked], proof: Proof | None = None) -> tuple[Term, ...]:
    """The hypotheses without which the search, or the proof given, still proves the statement."""
    scope, idle = claim.scope, []
    for k, h in enumerate(scope.hypotheses):
        rest = Claim(Scope(scope.domains, scope.hypotheses[:k] + scope.hypotheses[k + 1 :]), claim.goal)
        if (proof is not None and still(rest, without(proof, k), library)) or provable(rest, library):
            idle.append(h)
    return tuple(idle)


def still(claim: Claim, proof: Proof, library: Mapping[str, Checked]) -> bool:
    """Whether a proof proves a claim."""
    try:
        check(claim, proof, library)
    except (Refused, IllFormed):
        return False
    return True


def without(part: Any, k: int) -> Any:
    """A part of a proof, where the hypotheses after number ``k`` have moved up; what uses that one itself fails."""
    if type(part) is Proof and part.kind == "hypothesis":
        (number,) = part.args
        return Proof("hypothesis", (number - (number > k) if number != k else -1,))
    if type(part) is Proof:
        return Proof(part.kind, without(part.args, k))
    return tuple(without(each, k) for each in part) if type(part) is tuple else part


__all__ = ["idle_hypotheses", "provable"]
