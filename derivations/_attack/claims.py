"""Mutants of claims: a false statement, a wider domain, a hypothesis that is missing or says something else.

The proof stays, or follows the change: wherever it speaks of what was changed, it speaks of the new thing. So the checker
has to find the one step that does not follow, not merely that the last line is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from derivations._kernel.algebra import Algebra
from derivations._kernel.check import Claim, Proof
from derivations._kernel.domains import KINDS as DOMAINS
from derivations._kernel.domains import REAL, STATEMENT, Domain, Scope, sort
from derivations._kernel.terms import BINDERS, IllFormed, Term, opened, replaced, var

from .cases import Case
from .mutant import Make, Mutant
from .slips import KINDS, same
from .statements import STATEMENT_KINDS

WIDER = {
    "OneHot": ("Simplex", "Bit", "Nonnegative"), "Bit": ("UnitInterval", "Nonnegative"),
    "OpenSimplex": ("Simplex", "Positive"),
    "Simplex": ("Nonnegative", "UnitInterval", "Real"), "Probability": ("UnitInterval", "Positive"),
    "Positive": ("Nonnegative", "Real"),
    "UnitInterval": ("Nonnegative", "Real"), "Nonnegative": ("Real",),
}  # fmt: skip
WHOLE = ("OneHot", "Bit")


# ---- a proof that follows a change


def difference(old: Term, new: Term, depth: int = 0) -> list[tuple[Term, Term]]:
    """What differs between two terms, from the whole to the smallest part; under a binder the index is the checker's name."""
    pairs = [(old, new)]
    if old.op != new.op or len(old.args) != len(new.args):
        return pairs
    apart = [k for k, (a, b) in enumerate(zip(old.args, new.args, strict=True)) if a != b]
    if len(apart) == 1 and type(old.args[apart[0]]) is Term:
        a, b = old.args[apart[0]], new.args[apart[0]]
        inside = old.op in BINDERS and apart[0] == len(old.args) - 1
        if inside:
            a, b = (opened(t, var(f"#{depth}")) for t in (a, b))
        pairs += difference(a, b, depth + inside)
    return pairs


def following(value: Any, pairs: list[tuple[Term, Term]]) -> Any:
    """A part of a proof with the old replaced by the new, wherever it stands."""
    if type(value) is Term:
        new = dict(pairs)
        return replaced(value, lambda s, _: new.get(s))
    if type(value) is Proof:
        return Proof(value.kind, following(value.args, pairs))
    return tuple(following(v, pairs) for v in value) if type(value) is tuple else value


def proofs(case: Case, goal: Term) -> Iterator[Proof]:
    """The proof as it is, and as it follows the change: in all, and in its smallest part."""
    yield case.proof
    pairs = difference(case.claim.goal, goal)[1:]
    for chosen in (pairs, pairs[-1:]):
        try:
            yield following(case.proof, chosen)
        except IllFormed:
            continue


# ---- statements


def well_typed(new: Term, old: Term, scope: Scope, algebra: Algebra) -> bool:
    """Whether ``new`` may stand for ``old`` and says something else by the laws of a field."""
    try:
        kind = sort(old, scope)
        return kind in (REAL, STATEMENT) and sort(new, scope) == kind and not same(algebra, new, old)
    except IllFormed:
        return False


def statement_mutants(kind: str) -> Make:
    """False statements of one kind."""

    def make(case: Case, rng: Random) -> Iterator[Mutant]:
        goal, scope, algebra = case.claim.goal, case.claim.scope, Algebra()
        offers = list(dict.fromkeys(STATEMENT_KINDS[kind](goal, scope)))
        rng.shuffle(offers)
        for new in offers:
            if well_typed(new, goal, scope, algebra):
                yield mutant(kind, case, Claim(scope, new), f"{goal!r} ↦ {new!r}")

    return make


def mutant(kind: str, case: Case, claim: Claim, what: str) -> Mutant:
    """A mutant of the claim, with the proofs to be tried."""
    tried = dict.fromkeys((claim, proof) for proof in proofs(case, claim.goal))
    return Mutant(kind, case, what, tuple(tried), (claim.scope, claim.goal))


# ---- domains and hypotheses


def wider(case: Case, rng: Random, *, whole: bool) -> Iterator[tuple[Scope, str]]:
    """The scope with one variable in a wider domain."""
    scope = case.claim.scope
    offers = [(k, wide) for k, (_, d) in enumerate(scope.domains) for wide in WIDER.get(d.name, ())]
    rng.shuffle(offers)
    for k, wide in offers:
        name, domain = scope.domains[k]
        if (domain.name in WHOLE) == whole and len(domain.sizes) in DOMAINS[wide].shapes:
            new = (name, Domain(wide, domain.sizes))
            yield replace(scope, domains=(*scope.domains[:k], new, *scope.domains[k + 1 :])), f"{name}: {domain} ↦ {wide}"


def domain_mutants(case: Case, rng: Random) -> Iterator[Mutant]:
    """Zeros, negative numbers or another total allowed."""
    for scope, what in wider(case, rng, whole=False):
        yield mutant("domain", case, Claim(scope, case.claim.goal), what)


def one_hot_mutants(case: Case, rng: Random) -> Iterator[Mutant]:
    """Facts about one-hot labels and bits, claimed of soft ones: in a wider domain, or y² for y."""
    yield from (mutant("one-hot fact", case, Claim(s, case.claim.goal), what) for s, what in wider(case, rng, whole=True))
    yield from statement_mutants("one-hot fact")(case, rng)


def missing_hypotheses(case: Case, rng: Random) -> Iterator[Mutant]:
    """A hypothesis left out, such as that q dominates p."""
    scope = case.claim.scope
    for k, h in enumerate(scope.hypotheses):
        rest = scope.hypotheses[:k] + scope.hypotheses[k + 1 :]
        yield mutant("hypothesis missing", case, Claim(replace(scope, hypotheses=rest), case.claim.goal), f"without {h!r}")


def changed_hypotheses(case: Case, rng: Random) -> Iterator[Mutant]:
    """A hypothesis that says something else."""
    scope, algebra = case.claim.scope, Algebra()
    bare = replace(scope, hypotheses=())
    for k, h in enumerate(scope.hypotheses):
        offers = [new for kind in KINDS for new in KINDS[kind](h, bare)]
        rng.shuffle(offers)
        for new in offers:
            if well_typed(new, h, bare, algebra):
                changed = replace(scope, hypotheses=(*scope.hypotheses[:k], new, *scope.hypotheses[k + 1 :]))
                yield mutant("hypothesis changed", case, Claim(changed, case.claim.goal), f"{h!r} ↦ {new!r}")


CLAIM_MUTANTS: dict[str, Make] = {
    **{kind: statement_mutants(kind) for kind in STATEMENT_KINDS},
    "one-hot fact": one_hot_mutants,
    "domain": domain_mutants,
    "hypothesis missing": missing_hypotheses,
    "hypothesis changed": changed_hypotheses,
}

__all__ = ["CLAIM_MUTANTS", "well_typed"]
