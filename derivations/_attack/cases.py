"""Cases: the theorems of the catalogue as the adversary meets them, each with its proof and with what it may cite.

They are made once, before anything is attacked, so a fault planted into the kernel later does not change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from derivations._kernel.check import Checked, Claim, Proof
from derivations._surface.author import Theorem
from derivations.catalogue import Catalogue, Unloadable, entries
from derivations.judged import JudgedTheorem


@dataclass(frozen=True, eq=False)
class Case:
    """A theorem that is proved: as written, as judged, and all that stands before it, nothing else."""

    result: str
    written: Theorem
    judged: JudgedTheorem
    library: Mapping[str, Checked]

    @property
    def label(self) -> str:
        """The name under which it is cited."""
        return f"{self.result}.{self.written.name}"

    @cached_property  # what is handed out is a copy, and parts of proofs are told apart by their identity
    def claim(self) -> Claim:
        """What was claimed."""
        return self.judged.checked.claim  # type: ignore[no-any-return]

    @cached_property
    def proof(self) -> Proof:
        """How it was proved."""
        return self.judged.checked.proof  # type: ignore[no-any-return]


def catalogue_theorems() -> list[tuple[str, str]]:
    """(result, theorem) for every theorem found by discovery; (result, "") for a file that cannot be loaded."""
    found = []
    for entry in entries():
        try:
            found += [(entry.name, t.name) for t in entry.load().theorems]
        except Unloadable:
            found.append((entry.name, ""))
    return found


@cache
def _catalogue() -> Catalogue:
    return Catalogue(witnessed=False)


@cache
def theorem(result: str, name: str) -> tuple[Theorem, JudgedTheorem, dict[str, Checked]]:
    """A theorem as its author wrote it, as it was judged, and what it may cite: all that stands before it, nothing else."""
    catalogue = _catalogue()
    before: dict[str, Checked] = {}
    for other in catalogue:
        judged = catalogue.judge(other)
        if other != result:
            before |= {f"{other}.{t.name}": t.checked for t in judged.theorems if t.checked}
    for written, judged_one in zip(catalogue.known[result].load().theorems, catalogue.judge(result).theorems, strict=True):
        if written.name == name:
            return written, judged_one, before
        before[f"{result}.{written.name}"] = judged_one.checked
    raise LookupError(f"{result} has no theorem {name!r}: see whether its file can be loaded")


@cache
def cases() -> tuple[Case, ...]:
    """Every theorem of the catalogue that is proved."""
    found = (Case(result, *theorem(result, name)) for result, name in catalogue_theorems() if name)
    return tuple(case for case in found if case.judged.checked is not None)


__all__ = ["Case", "cases", "catalogue_theorems", "theorem"]
