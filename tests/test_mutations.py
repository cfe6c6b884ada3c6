"""A wrong formula is refused: no mutant which the second witness refutes is proved by the author's lines, or by search."""

from collections.abc import Iterator
from dataclasses import replace
from zlib import crc32

import pytest
from mutants import KINDS, catalogue_theorems, mutants, same, spread, theorem
from tools import dealt, seed_of_the_commit

from derivations._attack.lines import case, chains, related, with_chain
from derivations._judge.judge import Library, judge_theorem
from derivations._kernel.algebra import Algebra
from derivations._kernel.check import Kernel
from derivations._kernel.definitions import DEFINITIONS
from derivations._kernel.domains import Scope
from derivations._kernel.terms import BINDERS, ONE, ZERO, Term, substitute, subterms, var
from derivations._search.equation import NotFound
from derivations._search.prove import prove
from derivations._surface.sympy_terms import from_sympy
from derivations._witness import counterexample, witness
from derivations._witness.truth import Ties, Trial

THEOREMS = catalogue_theorems()
SEARCHED = 10  #: mutants of a kind which the search tries as well; the author's lines are tried with every one
EVERY = pytest.mark.parametrize(("result", "name"), THEOREMS, ids=[".".join(t) for t in THEOREMS])


# ---- what the form of a statement admits


def indices(t: Term, scope: Scope) -> list[tuple[int, int]]:
    """For every size: how many indices over it are declared, and how deep its binders are nested."""

    def nested(s: Term, size: Term) -> int:
        return (s.op in BINDERS and s.args[0] == size) + max((nested(c, size) for c in s.children), default=0)

    sizes = {s.args[0] for s in subterms(t) if s.op in BINDERS} | {d.sizes[0] for _, d in scope.domains if d.name == "Index"}
    return [(sum(d.name == "Index" and d.sizes == (size,) for _, d in scope.domains), nested(t, size)) for size in sizes]


def exchangeable(s: Term) -> bool:
    """Whether a term has two arguments that may be taken for each other."""
    if s.op == "app":
        return len(s.args) == 3 and s.args[1] != s.args[2] and len({p[1:] for p in DEFINITIONS[s.args[0]].parameters}) == 1
    if s.op == "xlog":
        return s.args[1] != s.args[2] and s.args[0] != ZERO
    quotient = s.op == "mul" and any(a.op == "pow" and a.args[1].op == "num" and a.args[1].args[0] == -1 for a in s.args)
    return quotient or s.op in ("le", "lt", "imp") or (s.op == "pow" and s.args[1].op != "num")


def admits(kind: str, t: Term, scope: Scope) -> bool:
    """Whether the form of a statement has a place for a kind of mutation."""
    match kind:
        case "sign" | "factor":  # ±a = 0 and 2a = 0 are a = 0, and 2a > 0 is a > 0, unless the slip happens within a sum
            idle = ("eq",) if kind == "sign" else ("eq", "lt")
            return not (t.op in idle and ZERO in t.args) or any(s.op == "add" for s in subterms(t))
        case "index":  # another index must be in reach
            return any(free + nested >= 2 for free, nested in indices(t, scope))
        case "captured":  # … and one of the two be bound
            return any(free + nested >= 2 and nested for free, nested in indices(t, scope))
        case "argument order":
            return any(map(exchangeable, subterms(t)))
        case "dropped term":
            return any(s.op in ("add", "mul", "and") for s in subterms(t))
        case "relation strengthened":  # nothing is stronger than <, a limit, an infinity
            return t.op in ("eq", "le", "iff", "imp", "all")
    raise LookupError(kind)


def renamed(t: Term, scope: Scope) -> list[Term]:
    """A statement with two variables of the same domain exchanged."""
    pairs = [(a, b) for a, d in scope.domains for b, e in scope.domains if a < b and d == e and d.name != "Size"]
    return [substitute(t, {a: var(b), b: var(a)}) for a, b in pairs]


def harmless(kind: str, t: Term, scope: Scope, made: list[Term]) -> str:
    """Why a statement of this form stays true under a kind of mutation; "" if it must not."""
    if t.op == "lt" and kind == "factor":
        return "a strict inequality has room to spare"
    if t.op == "infinite" and kind == "factor":
        return "a positive multiple of +∞ is +∞"
    if t.op == "tends" and t.args[3] == ZERO and kind in ("sign", "factor"):
        return "multiples of what tends to 0 tend to 0"
    if kind == "argument order" and all(any(same(Algebra(), m, r) for r in renamed(t, scope)) for m in made):
        return "it says the same of two variables whose names are exchanged"
    return ""


# ---- statements


def tied(t: Term, scope: Scope, mutant: Term) -> bool:
    """Whether a strict mutant of a proved relation fails where the proved relation is an equality."""
    if t.op not in ("eq", "le") or mutant.op != "lt":
        return False
    found = counterexample(scope, mutant, sizes=range(1, 4))
    equal = t.args[2] if len(t.args) == 3 else Term("eq", ONE, ONE)
    return found is not None and (
        not found.tie or ((t.op, len(t.args)) != ("le", 2) and Trial(found.point, Ties.EQUAL).truth(equal) is True)
    )


def refuted(scope: Scope, statement: Term) -> bool:
    """Whether balls contradict a statement."""
    return bool(witness(scope, statement, per_size=2, sizes=range(1, 4), stop_after=1).contradicted)


def provable(kernel: Kernel, scope: Scope, statement: Term) -> bool:
    """Whether the search proves a statement."""
    try:
        prove(kernel, scope, statement)
    except NotFound:
        return False
    return True


THIRD = [THEOREMS[k] for k in range(crc32(seed_of_the_commit().encode()) % 3, len(THEOREMS), 3)]
WHOLE = [pytest.param(*t, True, id=".".join((*t, "whole")), marks=pytest.mark.slow) for t in THIRD]


LONG = "minimum_of_samples"  #: takes as long as the others together; "minimum" is of the same form
SOME = [
    pytest.param(*t, False, id=".".join(t), marks=pytest.mark.slow if t[1] == LONG else ()) for t in THEOREMS
]


@pytest.mark.parametrize(("result", "name", "whole"), [*SOME, *WHOLE])
def test_refuted_mutants_of_a_statement_are_not_proved(result, name, whole, request):
    """One of each kind, and the search tries one kind in eight, not the same of every theorem; in a slow run all of them."""
    written, judged, before = theorem(result, name)
    goal, scope = judged.goal, judged.scope
    assert judged.verdict == "proved"
    kernel, accepted = Kernel(before), []
    for kind in KINDS:
        made = mutants(goal, scope, kind)
        assert bool(made) == admits(kind, goal, scope), f"{kind}: {len(made)} mutants of {goal!r}"
        bad = [m for m in made if refuted(scope, m) or tied(goal, scope, m)]
        request.node.user_properties.append((kind, f"{len(bad)} of {len(made)} refuted"))
        assert bad or not made or harmless(kind, goal, scope, made), f"{kind}: no mutant of {goal!r} is refuted"
        chosen = whole or crc32(f"{result}.{name}/{kind}".encode()) % 8 == 5
        searched = spread(bad, SEARCHED if whole else 1) if chosen else []
        for mutant in bad if whole else spread(bad, 1):
            library = Library()
            library.own = dict(before)
            by_lines = written.proof is not None and judge_theorem(
                replace(written, claim=mutant), f"{result}.{name}", library, witnessed=False
            ).verdict == "proved"  # fmt: skip
            if by_lines or ((mutant in searched or (whole and written.proof is None)) and provable(kernel, scope, mutant)):
                accepted.append((kind, mutant))
    assert not accepted, f"UNSOUND: {accepted}"


# ---- lines


def spoiled(relation: str, before: Term, term: Term, scope: Scope, kind: str) -> Iterator[Term]:
    """Mutants of a line's term which balls refute against the line before."""
    return (m for m in mutants(term, scope, kind) if refuted(scope, related(relation, before, m)))


AUTHORED = [t for t in THEOREMS if not t[1] or theorem(*t)[0].proof is not None]


@pytest.mark.parametrize(("result", "name"), dealt(AUTHORED, 2, ".".join))
def test_a_refuted_mutant_of_a_line_is_refused_on_that_line(result, name, request):
    written, judged, before = theorem(result, name)
    assert judged.verdict == "proved" and all(line.accepted for line in judged.lines)
    tried = 0
    for chain, position in chains(written.proof):
        inside = case(written.proof, position, judged.scope)
        terms = [from_sympy(t, judged.scope) for t in (chain.first, *(line.term for line in chain.lines))]
        for k, line in enumerate(chain.lines):
            tried_before = tried
            for kind in KINDS:
                mutant = next(spoiled(line.relation, terms[k], terms[k + 1], inside, kind), None)
                if mutant is None:
                    continue
                tried += 1
                lines = (*chain.lines[:k], replace(line, term=mutant), *chain.lines[k + 1 :])
                library = Library()
                library.own = dict(before)
                other = replace(written, proof=with_chain(written.proof, position, replace(chain, lines=lines)))
                after = judge_theorem(other, f"{result}.{name}", library, witnessed=False)
                refused = [x for x in after.lines if not x.accepted]
                where = f"line {k + 1} of {name}, {kind}: {mutant!r}"
                assert after.verdict == "refused", where
                assert refused and refused[0].term == mutant and refused[0].residue is not None, where
                assert [x.term for x in refused[1:]] in ([], [terms[k + 2]] if k + 2 < len(terms) else []), where
            assert tried > tried_before or terms[k + 1] == ZERO, f"no mutant of line {k + 1} of {name} is refuted"
    request.node.user_properties.append(("mutated lines", tried))
