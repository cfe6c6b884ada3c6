"""Mutants of authored derivations: a line that says something else, or names a rule which it does not use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from derivations._kernel.algebra import Algebra
from derivations._kernel.domains import Scope
from derivations._kernel.rules import RULES
from derivations._kernel.terms import ONE, ZERO, Term
from derivations._surface.author import Cases, Chain, Minimum
from derivations._surface.sympy_terms import from_sympy

from .cases import Case
from .claims import well_typed
from .mutant import Make, Mutant
from .slips import KINDS

Derivation = Chain | Cases | Minimum | None


def chains(proof: object) -> list[tuple[Chain, tuple[int, ...]]]:
    """The chains of a derivation, each with the position of its case."""
    if isinstance(proof, Chain):
        return [(proof, ())]
    if isinstance(proof, Minimum):
        return [(proof.derivative, ())]
    if isinstance(proof, Cases):
        return [(c, (k,)) for k, c in enumerate((proof.first, proof.second)) if c is not None]
    return []


def with_chain(proof: Derivation, position: tuple[int, ...], chain: Chain) -> Derivation:
    """The derivation with one of its chains replaced."""
    if isinstance(proof, Minimum):
        return replace(proof, derivative=chain)
    if isinstance(proof, Cases):
        return replace(proof, first=chain) if position == (0,) else replace(proof, second=chain)
    return chain


def case(proof: Derivation, position: tuple[int, ...], scope: Scope) -> Scope:
    """The scope in which a chain is judged."""
    if not isinstance(proof, Cases):
        return scope
    on = from_sympy(proof.on, scope)
    second = Term("lt", ZERO, on) if proof.kind == "zero_or_positive" else Term("eq", on, ONE)
    return scope.assuming((Term("eq", on, ZERO), second)[position[0]])


def related(relation: str, a: Term, b: Term) -> Term:
    """a before, b on the line."""
    sides = (b, a) if relation in (">=", ">") else (a, b)
    return Term({"=": "eq", "<=": "le", ">=": "le", "<": "lt", ">": "lt"}[relation], *sides)


def line_mutants(theorem: Case, rng: Random) -> Iterator[Mutant]:
    """A line with another term; what it then says of the line before is what may be false."""
    written, scope, algebra = theorem.written, theorem.claim.scope, Algebra()
    places = [(chain, at, k) for chain, at in chains(written.proof) for k in range(len(chain.lines))]
    offers = [(chain, at, k, kind) for chain, at, k in places for kind in KINDS]
    rng.shuffle(offers)
    for chain, at, k, kind in offers:
        before, term = (from_sympy(t, scope) for t in ((chain.first, *(x.term for x in chain.lines))[k : k + 2]))
        found = list(dict.fromkeys(KINDS[kind](Term("infinite", term), scope)))
        for new in rng.sample(found, min(len(found), 3)):
            if new.op == "infinite" and well_typed(new.args[0], term, scope, algebra):
                line = replace(chain.lines[k], term=new.args[0])
                spoiled = replace(chain, lines=(*chain.lines[:k], line, *chain.lines[k + 1 :]))
                said = (case(written.proof, at, scope), related(line.relation, before, new.args[0]))
                other = replace(written, proof=with_chain(written.proof, at, spoiled))
                yield Mutant("line", theorem, f"line {k + 1}: {term!r} ↦ {new.args[0]!r}", asserted=said, written=other)


def evidence_mutants(theorem: Case, rng: Random) -> Iterator[Mutant]:
    """A line with a rule to its name that does not prove it."""
    written = theorem.written
    used = {rule for line in theorem.judged.lines for rule in line.rules}
    offers = [
        (chain, at, k, rule)
        for chain, at in chains(written.proof) for k in range(len(chain.lines)) for rule in RULES if rule not in used
    ]  # fmt: skip
    for chain, at, k, rule in rng.sample(offers, len(offers)):
        lines = (*chain.lines[:k], replace(chain.lines[k], rules=(rule,)), *chain.lines[k + 1 :])
        other = replace(written, proof=with_chain(written.proof, at, replace(chain, lines=lines)))
        yield Mutant("wrong evidence", theorem, f"line {k + 1} by {rule}", written=other)


LINE_MUTANTS: dict[str, Make] = {"line": line_mutants, "wrong evidence": evidence_mutants}

__all__ = ["LINE_MUTANTS", "case", "chains", "related", "with_chain"]
