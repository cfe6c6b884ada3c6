"""What a statement's hypotheses carry: one that can be dropped is reported as not needed."""

from __future__ import annotations

from collections.abc import Mapping

from derivations._kernel.check import Checked, Claim, Kernel, Refused, check
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


def idle_hypotheses(claim: Claim, library: Mapping[str, Checked]) -> tuple[Term, ...]:
    """The hypotheses without which the search still proves the statement."""
    scope = claim.scope
    return tuple(
        h
        for k, h in enumerate(scope.hypotheses)
        if provable(Claim(Scope(scope.domains, scope.hypotheses[:k] + scope.hypotheses[k + 1 :]), claim.goal), library)
    )


__all__ = ["idle_hypotheses", "provable"]
