"""Proofs by the value of a bit, and by the place where a one-hot vector has its one."""

from __future__ import annotations

from collections.abc import Callable

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Domain, Scope, total
from derivations._kernel.terms import ONE, ZERO, Term, free_names, num, subterms, var

from .equation import NotFound
from .hypotheses import by_hypotheses
from .polynomial import sum_of
from .settling import back, chained, rewriting
from .strong import Strong
from .trail import rule

MOST_OUTCOMES = 4
Prover = Callable[[Kernel, Scope, Term], Proof]


def by_value(kernel: Kernel, scope: Scope, goal: Term, prove: Prover) -> Proof:
    """The relation for the bit 0 and for the bit 1, for a bit that occurs free."""
    for bit in _bits(scope, goal):
        cases = []
        for value in (ZERO, ONE):
            inner = scope.assuming(Term("eq", bit, value))
            (a, a_steps), (b, b_steps) = (by_hypotheses(kernel, inner, t) for t in goal.args[:2])
            middle = prove(kernel, inner, Term(goal.op, a, b))
            left, right = rewriting(goal.args[0], a_steps), back(rewriting(goal.args[1], b_steps))
            proof = chained(left, middle, right)
            cases.append(_weakened(kernel, inner, goal, proof or middle))
        return Proof("bit_cases", (bit, *cases))
    raise NotFound("no bit occurs free")


def _bits(scope: Scope, goal: Term) -> list[Term]:
    """The bits and entries of vectors of bits which occur free in the goal, and of which nothing is known yet."""
    used = {h.args[0] for h in scope.hypotheses if h.op == "eq"}
    found = []
    for t in {s for s in subterms(goal) if s.op in ("var", "at") and not s.loose} - used:
        vector = t if t.op == "var" else t.args[0]
        if vector.op == "var" and (d := scope.domain(vector.args[0])).name == "Bit" and len(d.sizes) == len(t.args) - 1:
            found.append(t)
    return sorted(found, key=repr)


def _weakened(kernel: Kernel, scope: Scope, goal: Term, proof: Proof) -> Proof:
    """``proof`` of a relation that implies the goal, as a proof of the goal."""
    got = kernel.derive(proof, scope)
    return Proof("weaken", (proof,)) if goal.op == "le" and got != goal else proof


def by_hot_entry(kernel: Kernel, scope: Scope, goal: Term, prove: Prover) -> Proof:
    """A one-hot vector y is 1 at some m and 0 elsewhere: the goal where y_i = δ_im."""
    for name in sorted(free_names(goal)):
        domain = scope.domain(name)
        if domain.name != "OneHot" or any(h.op == "all" and name in free_names(h) for h in scope.hypotheses):
            continue
        m, i = scope.fresh(), Term("bound", 0)
        known = Term("all", domain.sizes[0], Term("eq", Term("at", var(name), i), Term("delta", i, var(m))))
        inner = scope.declaring(m, Domain("Index", domain.sizes)).assuming(known)
        return Proof("hot", (var(name), prove(kernel, inner, goal)))
    raise NotFound("no one-hot vector occurs")


def by_last_entry(kernel: Kernel, scope: Scope, goal: Term, prove: Prover) -> Proof:
    """A distribution over two or three outcomes, say: the last probability is 1 minus the others, and not negative."""
    for name in sorted(free_names(goal)):
        domain = scope.domain(name)
        if not domain.kind.total or len(domain.sizes) != 1 or domain.sizes[0].op != "num" or domain.name == "Family":
            continue
        size = int(domain.sizes[0].args[0])
        entries = [Term("at", var(name), num(k)) for k in range(1, size + 1)]
        if not 2 <= size <= MOST_OUTCOMES or any(entries[-1] in h.children for h in scope.hypotheses):
            continue
        last, rest, whole = entries[-1], sum_of([ONE, *(-e for e in entries[:-1])]), total(domain, var(name))
        is_one, written = rule("total probability", t=whole), Proof("written_out", (whole,))
        equal = Proof("combine", (last, rest, ((ONE, is_one), (num(-1), written))))
        first = scope.assuming(Term("eq", last, rest))
        put = Proof("hypothesis", (len(scope.hypotheses),))
        known = Proof("combine", (ZERO, rest, ((ONE, Proof("sign", (last,))), (ONE, put))))
        got = kernel.derive(known, first)
        known = known if got.op == "lt" else Proof("weaken", (known,))
        inner = first.assuming(kernel.derive(known, first))
        sides = []
        for t in goal.args[:2]:
            plain, steps = Strong(kernel).together([t], inner)[0]
            new, more = by_hypotheses(kernel, inner, plain)
            sides.append((new, chained(rewriting(t, steps), rewriting(plain, more))))
        (a, to_a), (b, to_b) = sides
        middle = prove(kernel, inner, Term(goal.op, a, b))
        proof = chained(to_a, middle, back(to_b)) or middle
        return Proof("given", (equal, Proof("given", (known, _weakened(kernel, inner, goal, proof)))))
    raise NotFound("no distribution over a few outcomes occurs")


__all__ = ["by_hot_entry", "by_last_entry", "by_value"]
