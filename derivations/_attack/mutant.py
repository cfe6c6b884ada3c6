"""A mutant is a claim with proofs to try on it, made from a theorem by a change in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from derivations._kernel.check import Claim, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term
from derivations._surface.author import Theorem

from .cases import Case


@dataclass(frozen=True, eq=False)
class Mutant:
    """A change of one theorem, and everything that is to be refused because of it.

    ``attempts`` are pairs of a claim and a proof. ``asserted`` is what must be refuted by balls if an attempt is to count as
    accepting something false: the mutated claim, or what a mutated line says; None where the claim is still the true one.
    """

    kind: str
    case: Case
    what: str  #: the change, for a reader
    attempts: tuple[tuple[Claim, Proof], ...] = ()
    asserted: tuple[Scope, Term] | None = None
    part: tuple[Scope, Proof] | None = None  #: the mutated part of a proof, to be judged by itself
    written: Theorem | None = None  #: the author's derivation with a mutated line
    recorded: list[dict[str, Any]] | None = None  #: the lines that the certificate shows; only the second program reads them

    @property
    def key(self) -> Any:
        """Equal for equal mutants."""
        return self.kind, self.case.label, self.attempts, self.what if self.written or self.recorded else ""


Make = Callable[[Case, Random], Iterator[Mutant]]

__all__ = ["Make", "Mutant"]
