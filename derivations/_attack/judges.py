"""Who judges a mutant: the kernel, the search, the author's lines, and the second program where it is there.

A certificate is written as JSON and read again before the kernel sees it. A refusal that only says that something is
malformed is told apart: it does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from derivations._judge.judge import Library, judge_theorem
from derivations._kernel.check import Checked, Claim, Kernel, Proof, Refused, check
from derivations._kernel.domains import Scope
from derivations._kernel.rules import RULES
from derivations._kernel.terms import Term
from derivations._search.equation import NotFound
from derivations._search.prove import prove
from derivations._surface.author import Theorem
from derivations.certificate import decode, decode_claim, encode, encode_claim

from .cases import Case
from .second import second_program

ACCEPTED, REFUSED, MALFORMED = "accepted", "refused", "malformed"
LOGICAL = ("the condition ", "an index escapes", *(rule.side for rule in RULES.values() if rule.side))


@dataclass(frozen=True)
class Answer:
    """What a judge says: accepted, refused, or malformed; and the statement proved, or why not."""

    verdict: str
    why: str = ""
    statement: Term | None = None


# ---- the kernel, the search, the lines


def read_again(claim: Claim, proof: Proof) -> tuple[Claim, Proof]:
    """A claim and a proof, written as JSON and read."""
    return decode_claim(encode_claim(claim)), decode(encode(proof))


def refusal(error: Refused) -> Answer:
    """Why the kernel refused; that a rule's condition is not met is no malformation."""
    cause = error.__cause__
    while cause is not None and cause.__cause__ is not None:
        cause = cause.__cause__
    logical = cause is None or any(str(cause).partition(": ")[2].startswith(words) for words in LOGICAL)
    return Answer(REFUSED if logical else MALFORMED, str(error))


def kernel(claim: Claim, proof: Proof, library: Mapping[str, Checked]) -> Answer:
    """Whether the kernel accepts a proof of a claim."""
    try:
        check(*read_again(claim, proof), library)
    except Refused as error:
        return refusal(error)
    return Answer(ACCEPTED, statement=claim.goal)


def proved_by(proof: Proof, scope: Scope, library: Mapping[str, Checked]) -> Answer:
    """What a proof proves in a scope, if anything."""
    try:
        return Answer(ACCEPTED, statement=Kernel(library).derive(proof, scope))
    except Refused as error:
        return refusal(error)


def search(claim: Claim, library: Mapping[str, Checked]) -> Answer:
    """Whether the search finds a proof that the kernel accepts."""
    try:
        return kernel(claim, prove(Kernel(library), claim.scope, claim.goal), library)
    except NotFound as error:
        return Answer(REFUSED, str(error))


def lines(written: Theorem, case: Case) -> Answer:
    """Whether a derivation by lines is accepted."""
    library = Library()
    library.own = dict(case.library)
    judged = judge_theorem(written, case.label, library, witnessed=False)
    return Answer(ACCEPTED if judged.verdict == "proved" else REFUSED, judged.reason, judged.goal)


def replay(claim: Claim, proof: Proof, case: Case, shown: Any = ()) -> Answer:
    """Whether the second program replays the certificate."""
    accepted, why = second_program().accepts(claim, proof, case, shown)
    return Answer(ACCEPTED, statement=claim.goal) if accepted else Answer(REFUSED, why)


def with_claim(written: Theorem, goal: Term) -> Theorem:
    """An author's theorem that claims something else."""
    return replace(written, claim=goal)


__all__ = [
    "ACCEPTED", "MALFORMED", "REFUSED", "Answer", "kernel", "lines", "proved_by", "replay", "search", "with_claim",
]  # fmt: skip
