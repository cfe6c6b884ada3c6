"""The second program as a judge.

A certificate is written as JSON text and read again, with every hash made anew, before it is replayed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from derivations import replay
from derivations._kernel.check import Claim, Proof
from derivations.certificate import certificate, digest, encode, encode_claim, text

from .cases import Case, cases


@dataclass(frozen=True, eq=False)
class SecondProgram:
    """What replays certificates, with those of the catalogue replayed once."""

    known: replay.Library
    refused: tuple[str, ...]  #: theorems of the catalogue that it does not replay

    def accepts(self, claim: Claim, proof: Proof, case: Case, lines: Any = ()) -> tuple[bool, str]:
        """Whether it replays a proof of a claim that may cite what ``case`` may cite, and the lines shown; and why not."""
        data = encode_claim(claim)
        cites = {label: digest(encode_claim(case.library[label].claim)) for label in cited(proof) if label in case.library}
        mutant = json.loads(text({"label": "mutant", "claim": data, "proof": encode(proof), "uses": used(proof), "cites": cites,
                                  "hash": digest(data), "lines": list(lines)}))  # fmt: skip
        library = replay.Library([mutant, *(self.known.theorems[label] for label in cites)])
        library.claims |= {label: self.known.claims[label] for label in cites if label in self.known.claims}
        library.problems |= {label: self.known.problems[label] for label in cites}
        problem = library.problem("mutant")
        return problem is None, str(problem or "")


def used(proof: Any) -> list[str]:
    """The rules and principles which a proof uses, so that no mutant is refused for naming others."""
    if type(proof) is not Proof:
        return sorted(set().union(*map(used, proof))) if type(proof) is tuple else []
    own = proof.args[0] if proof.kind == "rule" and proof.args else proof.kind
    return sorted({own, *used(proof.args)} if type(own) is str else used(proof.args))


def cited(proof: Any) -> set[str]:
    """The labels which a proof cites."""
    if type(proof) is Proof:
        return ({proof.args[0]} if proof.kind == "cite" and type(proof.args[0]) is str else set()) | cited(proof.args)
    return set().union(*map(cited, proof)) if type(proof) is tuple else set()


@cache
def second_program() -> SecondProgram:
    """The second program, asked about the catalogue."""
    known = replay.Library([certificate(case.label, case.judged.checked, case.library) for case in cases()])
    return SecondProgram(known, tuple(label for label in known.theorems if known.problem(label) is not None))


__all__ = ["SecondProgram", "second_program", "used"]
