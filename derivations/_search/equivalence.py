"""Equivalence of statements: p = q ⇔ q = p, w/v = 1 ⇔ w = v, the same for every index, and parts that follow from others."""

from __future__ import annotations

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, num, opened, var

from .equation import NotFound, equation
from .hypotheses import by_hypotheses
from .normalise import Normaliser, field
from .polynomial import tidy


def identity(statement: Term) -> Proof:
    """P ⇔ P."""
    return Proof("rewrite", (statement, ()))


def equivalence(kernel: Kernel, scope: Scope, p: Term, q: Term) -> Proof:
    """A proof of p ⇔ q; :class:`NotFound` if none is found."""
    if p == q:
        return identity(p)
    if p.op == "all" and q.op == "all" and p.args[0] == q.args[0]:
        name = scope.fresh()
        inner = scope.declaring(name, Domain("Index", (p.args[0],)))
        found = equivalence(kernel, inner, *(opened(s.args[1], var(name)) for s in (p, q)))
        return Proof("for_all", (p.args[0], found))
    if p.op == "and" and len(p.args) == 2:
        return _absorbed(kernel, scope, p, q)
    if q.op == "and":
        return Proof("symmetry", (equivalence(kernel, scope, q, p),))
    if p.op == "eq" and q.op == "eq":
        return _equations(kernel, scope, p, q)
    raise NotFound("the two statements were not seen to be equivalent")


def _absorbed(kernel: Kernel, scope: Scope, p: Term, q: Term) -> Proof:
    """P₁ and P₂ ⇔ q, where one of the two implies the other and is equivalent to q."""
    last = Proof("hypothesis", (len(scope.hypotheses),))
    for kept in (0, 1):
        first, second = p.args[kept], p.args[1 - kept]
        try:
            follows = implied(kernel, scope.assuming(first), second)
            rest = equivalence(kernel, scope, first, q)
        except NotFound:
            continue
        together = Proof("both", (last, follows) if kept == 0 else (follows, last))
        absorbed = Proof("both", (Proof("assume", (p, Proof("part", (last, kept)))), Proof("assume", (first, together))))
        return absorbed if first == q else Proof("chain", (absorbed, rest))
    raise NotFound("neither part was seen to follow from the other")


def implied(kernel: Kernel, scope: Scope, statement: Term) -> Proof:
    """A proof of ``statement`` from the hypotheses of the scope."""
    if statement.op == "eq":
        a, b = statement.args
        if kernel.algebra.equal(a, b):
            return field(a, b)
        if kernel.order(scope).holds(statement):
            return Proof("decided", (statement,))
        for backwards in (False, True):
            (a_end, a_steps), (b_end, b_steps) = (by_hypotheses(kernel, scope, t, backwards) for t in (a, b))
            links = [Proof("rewrite", (a, tuple(a_steps)))] if a_steps else []
            try:
                links.append(equation(kernel, scope, a_end, b_end))
            except NotFound:
                continue
            links += [Proof("symmetry", (Proof("rewrite", (b, tuple(b_steps))),))] if b_steps else []
            return links[0] if len(links) == 1 else Proof("chain", tuple(links))
    if kernel.order(scope).holds(statement):
        return Proof("decided", (statement,))
    raise NotFound("a statement was not seen to follow")


def by_bit(kernel: Kernel, scope: Scope, goal: Term, y: Term) -> Proof:
    """An equation in the two cases of the bit ``y``."""
    cases = []
    for value in (ZERO, ONE):
        inner = scope.assuming(Term("eq", y, value))
        (a_end, a_steps), (b_end, b_steps) = (by_hypotheses(kernel, inner, t) for t in goal.args)
        links = [Proof("rewrite", (goal.args[0], tuple(a_steps)))] if a_steps else []
        links.append(equation(kernel, inner, a_end, b_end))
        links += [Proof("symmetry", (Proof("rewrite", (goal.args[1], tuple(b_steps))),))] if b_steps else []
        cases.append(links[0] if len(links) == 1 else Proof("chain", tuple(links)))
    return Proof("bit_cases", (y, *cases))


def _equations(kernel: Kernel, scope: Scope, p: Term, q: Term) -> Proof:
    """a = b ⇔ c = d, by a factor ≠ 0 between the differences."""
    (a, b), (c, d) = p.args, q.args
    search = Normaliser(kernel)
    left, right = (search.normal(by_hypotheses(kernel, scope, tidy(s))[0], scope)[0] for s in (a - b, c - d))
    try:
        times = quotient(kernel, left, right)
        rest = (a - b) - times * (c - d)
        proof = Proof("equivalent", (p, q, times, implied(kernel, scope, Term("eq", rest, ZERO))))
        kernel.derive(proof, scope)
        return proof
    except (Refused, IllFormed, ZeroDivisionError) as error:
        raise NotFound("the equations were not seen to be equivalent") from error


def quotient(kernel: Kernel, over: Term, under: Term) -> Term:
    """over/under as a term with common factors cancelled (SymPy proposes; the kernel checks the use made of it)."""
    from .propose import cancelled

    c = kernel.algebra.ratio(over, under)
    return num(c) if c is not None else cancelled(kernel, over, under)


__all__ = ["by_bit", "by_hypotheses", "equivalence", "identity", "implied", "quotient"]
