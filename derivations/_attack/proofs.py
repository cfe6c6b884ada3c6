"""Mutants of proofs: an instantiation, a position, a factor, a rule, a principle, a citation or a step that is not the one.

The claim stays, so a mutated proof that is accepted is another proof of a true statement; but the mutated part is also
judged by itself, and what it proves must be true where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any

from derivations._kernel.algebra import Algebra
from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import REAL, Domain, Scope, sort
from derivations._kernel.rules import RULES
from derivations._kernel.terms import STATEMENTS, IllFormed, Term, closed, opened, var

from .cases import Case, cases
from .claims import well_typed
from .mutant import Make, Mutant
from .slips import KINDS
from .terms_at_random import roles

Path = tuple[int, ...]
#: Principles that are applied to the same sort of thing.
ALIKE = (("weaken", "symmetry", "equality_case"), ("zero_or_positive", "bit_cases"), ("chain", "both"), ("sign", "infinity"))
SOME = 3  #: mutants of one kind from one place


class Watch(Kernel):
    """A kernel that remembers in which scope each part of a proof was judged, and the term that each step changes."""

    def __init__(self, library: Any) -> None:
        super().__init__(library)
        self.scopes: dict[int, Scope] = {}
        self.before: dict[int, Term] = {}

    def derive(self, proof: Proof, scope: Scope) -> Term:
        """As the kernel does."""
        self.scopes.setdefault(id(proof), scope)
        return super().derive(proof, scope)

    def step(self, scope: Scope, t: Term, path: Path, by: Proof, times: Term, new: Term) -> Term:
        """As the kernel does."""
        self.before.setdefault(id(by), t)
        return super().step(scope, t, path, by, times, new)


@cache
def watched(case: Case) -> Watch:
    """The proof of a theorem, judged once more."""
    watch = Watch(case.library)
    watch.derive(case.proof, case.claim.scope)
    return watch


def parts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Proof]]:
    """Every proof in a proof, with its place."""
    if type(value) is Proof:
        yield path, value
        value = value.args
    if type(value) is tuple:
        for k, each in enumerate(value):
            yield from parts(each, (*path, k))


def placed(value: Any, path: Path, new: Any) -> Any:
    """``value`` with ``new`` at a place."""
    if not path:
        return new
    args = value.args if type(value) is Proof else value
    args = (*args[: path[0]], placed(args[path[0]], path[1:], new), *args[path[0] + 1 :])
    return Proof(value.kind, args) if type(value) is Proof else args


Change = Callable[[Case, Proof, Scope, Random], Iterator[tuple[Proof, str]]]


def proof_mutants(kind: str, change: Change) -> Make:
    """Mutants of every part of a proof."""

    def make(case: Case, rng: Random) -> Iterator[Mutant]:
        watch, claim = watched(case), case.claim
        places = list(parts(case.proof))
        rng.shuffle(places)
        for path, part in places:
            scope = watch.scopes.get(id(part))
            if scope is None:
                continue
            for new, what in change(case, part, scope, rng):
                yield Mutant(kind, case, f"{path}: {what}", ((claim, placed(case.proof, path, new)),), part=(scope, new))

    return make


# ---- terms in proofs


def slipped(t: Term, scope: Scope, rng: Random, count: int = SOME) -> list[Term]:
    """A few well-typed terms or statements that differ from ``t`` in one place; the whole of it may be mutated too."""
    algebra, found = Algebra(), []
    whole = t if t.op in STATEMENTS else Term("infinite", t)
    for kind in rng.sample(list(KINDS), len(KINDS)):
        made = dict.fromkeys(KINDS[kind](whole, scope))
        offers = list(made) if whole is t else [new.args[0] for new in made if new.op == "infinite"]
        for new in rng.sample(offers, min(len(offers), 2)):
            if well_typed(new, t, scope, algebra):
                found.append(new)
                break
        if len(found) == count:
            break
    return found


def instantiations(case: Case, part: Proof, scope: Scope, rng: Random) -> Iterator[tuple[Proof, str]]:
    """Another term put in for a letter of a rule, or for a variable of what is cited."""
    if part.kind not in ("rule", "cite"):
        return
    values = part.args[1]
    over = {name: sizes for name, (_, sizes) in roles(RULES[part.args[0]]).items()} if part.kind == "rule" else {}
    for k, (name, value) in enumerate(values):
        for new in list(others(value, [dict(values)[size] for size in over.get(name, ())], scope, rng))[:SOME]:
            changed = (*values[:k], (name, new), *values[k + 1 :])
            yield Proof(part.kind, (part.args[0], changed, *part.args[2:])), f"{part.args[0]}: {name} = {value!r} ↦ {new!r}"


def others(value: Term, sizes: list[Term], scope: Scope, rng: Random) -> Iterator[Term]:
    """Other values of the same sort, in which the indices over ``sizes`` may occur."""
    names, inner = [], scope
    for size in sizes:
        names.append(inner.fresh())
        inner = inner.declaring(names[-1], Domain("Index", (size,)))
    for name in reversed(names):  # the last index is the innermost
        value = opened(value, var(name))
    try:
        own = sort(value, inner)
    except IllFormed:
        return
    found = slipped(value, inner, rng) if own == REAL else [
        var(n) for n, _ in inner.domains if var(n) != value and _fits(var(n), own, inner)
    ]  # fmt: skip
    for new in found:
        for name in names:
            new = closed(new, name)
        yield new


def _fits(t: Term, want: Any, scope: Scope) -> bool:
    try:
        return bool(sort(t, scope) == want)
    except IllFormed:
        return False


def terms(case: Case, part: Proof, scope: Scope, rng: Random) -> Iterator[tuple[Proof, str]]:
    """Another term in a step: its result, its factor, a coefficient, a side, a bound."""
    if part.kind in ("rule", "cite"):
        return
    for path, t, where in _terms(part.args, scope, watched(case)):
        if _fits(t, REAL, where):
            for new in slipped(t, where, rng, 2):
                yield Proof(part.kind, placed(part.args, path, new)), f"{part.kind}: {t!r} ↦ {new!r}"


def _terms(value: Any, scope: Scope, watch: Watch, path: Path = ()) -> Iterator[tuple[Path, Term, Scope]]:
    if type(value) is Term:
        yield path, value, scope
    elif type(value) is tuple:
        inner = next((watch.scopes[id(v)] for v in value if type(v) is Proof and id(v) in watch.scopes), scope)
        for k, each in enumerate(value):
            if type(each) in (Term, tuple):
                yield from _terms(each, inner if path else scope, watch, (*path, k))


# ---- places, names, order


def positions(case: Case, part: Proof, scope: Scope, rng: Random) -> Iterator[tuple[Proof, str]]:
    """A step at another place of its term."""
    if part.kind != "rewrite":
        return
    t, steps = part.args
    for k, (path, by, times, new) in enumerate(steps):
        before = watched(case).before.get(id(by), t)
        offers = [p for p in _paths(before) if p != path]
        for other in rng.sample(offers, min(len(offers), SOME)):
            changed = (*steps[:k], (other, by, times, new), *steps[k + 1 :])
            yield Proof("rewrite", (t, changed)), f"step {k + 1} at {other} instead of {path}"


def _paths(t: Term, path: Path = ()) -> Iterator[Path]:
    yield path
    for k, child in enumerate(t.args):
        if type(child) is Term and len(path) < 6:
            yield from _paths(child, (*path, k))


def rules(case: Case, part: Proof, scope: Scope, rng: Random) -> Iterator[tuple[Proof, str]]:
    """Another rule with the same letters, or other letters of the same rule exchanged."""
    if part.kind != "rule":
        return
    name, values = part.args
    for other, rule in RULES.items():
        if other != name and rule.metas == RULES[name].metas:
            yield Proof("rule", (other, values)), f"{name} ↦ {other}"
    letters = [letter for letter, _ in values]
    for a, b in ((a, b) for a in letters for b in letters if a < b and dict(values)[a] != dict(values)[b]):
        exchanged = tuple((letter, dict(values)[{a: b, b: a}.get(letter, letter)]) for letter in letters)
        yield Proof("rule", (name, exchanged)), f"{name}: {a} and {b} exchanged"


def principles(case: Case, part: Proof, scope: Scope, rng: Random) -> Iterator[tuple[Proof, str]]:
    """Another principle, applied to the same."""
    for group in ALIKE:
        if part.kind in group:
            yield from ((Proof(other, part.args), f"{part.kind} ↦ {other}") for other in group if other != part.kind)


def citations(case: Case, part: Proof, scope: Scope, rng: Random) -> Iterator[tuple[Proof, str]]:
    """Another theorem cited, its variables named in their order."""
    if part.kind != "cite":
        return
    label, values, proofs = part.args
    for other, checked in case.library.items():
        names = [name for name, _ in checked.scope.domains]
        if other != label and len(names) == len(values):
            given = tuple((name, value) for name, (_, value) in zip(names, values, strict=True))
            yield Proof("cite", (other, given, proofs)), f"{label} ↦ {other}"


def steps(case: Case, part: Proof, scope: Scope, rng: Random) -> Iterator[tuple[Proof, str]]:
    """A step left out, done twice, or two exchanged; the parts of a combination likewise; another hypothesis."""
    if part.kind == "hypothesis":
        for k in range(len(scope.hypotheses)):
            if k != part.args[0]:
                yield Proof("hypothesis", (k,)), f"hypothesis {part.args[0]} ↦ {k}"
    if part.kind not in ("rewrite", "combine", "chain", "zero_or_positive", "bit_cases", "slope", "both"):
        return
    head, items = (part.args[:-1], part.args[-1]) if part.kind in ("rewrite", "combine") else ((), part.args)
    put = lambda new: Proof(part.kind, (*head, new) if head else new)  # noqa: E731
    for k in range(len(items)):
        if part.kind in ("rewrite", "combine", "chain"):
            yield put(items[:k] + items[k + 1 :]), f"{part.kind}: part {k + 1} left out"
            yield put((*items[: k + 1], *items[k:])), f"{part.kind}: part {k + 1} twice"
        if k and type(items[k]) is type(items[k - 1]) and items[k] != items[k - 1]:
            exchanged = (*items[: k - 1], items[k], items[k - 1], *items[k + 1 :])
            yield put(exchanged), f"{part.kind}: parts {k} and {k + 1} exchanged"


def other_proofs(case: Case, rng: Random) -> Iterator[Mutant]:
    """The proof of another theorem."""
    others = [other for other in cases() if other.label != case.label and other.claim.goal != case.claim.goal]
    for other in rng.sample(others, len(others)):
        yield Mutant("another proof", case, f"the proof of {other.label}", ((case.claim, other.proof),))


PROOF_MUTANTS: dict[str, Make] = {
    **{kind: proof_mutants(kind, change) for kind, change in {
        "instantiation": instantiations, "term of a proof": terms, "position": positions, "rule": rules,
        "principle": principles, "citation": citations, "steps": steps,
    }.items()},
    "another proof": other_proofs,
}  # fmt: skip

__all__ = ["PROOF_MUTANTS"]
