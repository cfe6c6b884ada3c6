"""The search sees the statement alone: no lines, other names, other letters, another order; and the long way round."""

from random import Random

import pytest
from mutants import catalogue_theorems, theorem
from sympy import Eq, Ge, Gt, Indexed, KroneckerDelta, Le, Lt, Sum, Symbol, evaluate, exp, log

from derivations._judge.judge import Library, claim_of, judge_theorem
from derivations._kernel.check import Claim, Kernel, Refused, check
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import LEAVES, Term, var
from derivations._search.equation import NotFound
from derivations._search.prove import prove
from derivations._surface.author import (
    CE, D, H, Theorem, bernoulli, exactly_when, for_all, iff, implies, partial, product, scalars, softmax, total, vectors,
)  # fmt: skip
from derivations._surface.sympy_terms import from_sympy
from derivations._surface.where import name as legal
from derivations._surface.where import where
from derivations._witness import counterexample

THEOREMS = catalogue_theorems()
EVERY = pytest.mark.parametrize(("result", "name"), THEOREMS, ids=[".".join(t) for t in THEOREMS])
NAMES = ("x1", "k", "E", "I", "S", "N", "pi", "lambda", "log", "i", "j", "q", "p", "Sum", "e_0", "zeta", "n", "y", "a", "D")
SHUFFLES = range(4)


def proved(result: str, name: str, scope: Scope, goal: Term) -> str:
    """"" if the search proves a statement and the checker accepts it, with what stands before the theorem; else why not."""
    before = theorem(result, name)[2]
    try:
        assert check(Claim(scope, goal), prove(Kernel(before), scope, goal), before).goal == goal
    except (NotFound, Refused) as error:
        return str(error)
    return ""


def mapped(t: Term, change) -> Term:
    """``t`` with its variables and the order of its parts changed from the inside out."""
    if t.op in LEAVES:
        return change(t)
    return change(Term(t.op, *(mapped(a, change) if type(a) is Term else a for a in t.args)))


def with_terms(scope: Scope, goal: Term, change) -> tuple[Scope, Term]:
    """A statement and its scope with every term changed; variables may get other names."""
    rename = lambda name: change(var(name)).args[0]  # noqa: E731
    domains = tuple((rename(n), Domain(d.name, tuple(mapped(s, change) for s in d.sizes))) for n, d in scope.domains)
    changed = Scope(domains, tuple(mapped(h, change) for h in scope.hypotheses)), mapped(goal, change)
    Claim(*changed).check()
    return changed


def renamed(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """Every variable under another legal name, consistently, and declared in another order."""
    names = dict(zip((n for n, _ in scope.domains), random.sample(NAMES, len(scope.domains)), strict=True))
    assert all(map(legal, names.values()))
    scope, goal = with_terms(scope, goal, lambda t: var(names[t.args[0]]) if t.op == "var" else t)
    return Scope(tuple(random.sample(scope.domains, len(scope.domains))), scope.hypotheses), goal


def reordered(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """Addends, factors and hypotheses in another order."""
    shuffle = lambda t: Term(t.op, *random.sample(t.args, len(t.args))) if t.op in ("add", "mul") else t  # noqa: E731
    scope, goal = with_terms(scope, goal, shuffle)
    return Scope(scope.domains, tuple(random.sample(scope.hypotheses, len(scope.hypotheses)))), goal


def turned(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """The sides of every equation and equivalence exchanged."""
    return with_terms(scope, goal, lambda t: Term(t.op, *t.args[::-1]) if t.op in ("eq", "iff") else t)


def once(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """The sides of the statement itself exchanged, if it is an equation or an equivalence."""
    return scope, Term(goal.op, *goal.args[::-1]) if goal.op in ("eq", "iff") else goal


@EVERY
def test_the_lines_are_removed(result, name):
    written, judged, before = theorem(result, name)
    assert judged.verdict == "proved"
    library = Library()
    library.own = dict(before)
    alone = judge_theorem(written, f"{result}.{name}", library, witnessed=False, search=True)
    assert alone.verdict == "proved", f"{result}.{name} without its lines: {alone.reason}"
    assert alone.searched and alone.lines and all(line.accepted for line in alone.lines)


@pytest.mark.parametrize("change", [renamed, reordered, once, turned])
@EVERY
def test_names_order_and_sides_are_irrelevant(result, name, change):
    _, judged, _ = theorem(result, name)
    failures = {}
    for seed in SHUFFLES:
        scope, goal = change(judged.scope, judged.goal, Random(f"{result}.{name}/{seed}"))
        if why := proved(result, name, scope, goal):
            failures[seed] = f"{goal!r}: {why}"
        if change in (once, turned):
            break
    assert not failures, f"{change.__name__} {result}.{name}: " + "\n".join(f"seed {k}: {v}" for k, v in failures.items())


@pytest.mark.parametrize("letter", ["j", "x1", "n1", "q0"])
def test_index_letters_do_not_exist(letter):
    scope, i, j = where("p, q: Simplex[n]"), Symbol("i"), Symbol(letter)
    (p, q), n = vectors("p q"), Symbol("n")
    with evaluate(False):
        assert from_sympy(Sum(p[i] * log(p[i] / q[i]), (i, 1, n)), scope) == from_sympy(Sum(p[j] * log(p[j] / q[j]), (j, 1, n)), scope)
        assert from_sympy(for_all(i, n, Eq(p[i], q[i])), scope) == from_sympy(for_all(j, n, Eq(p[j], q[j])), scope)
