"""Proofs of whole statements: what a claim's form asks for is tried, by the same rules an author may name."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, free_names, num, opened, subterms, var

from .equation import NotFound, equation
from .equivalence import by_bit, equivalence
from .inequality import inequality, minima, stated
from .normalise import OutOfSteps
from .polynomial import TooMany


def prove(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """A proof of ``goal`` in ``scope``; :class:`NotFound` if none is found."""
    tactic = _TACTICS.get(goal.op)
    if tactic is None:
        raise NotFound(f"nothing is known about statements of the kind {goal.op}")
    try:
        proof = tactic(kernel, scope, goal)
        got = kernel.derive(proof, scope)
    except (IllFormed, OutOfSteps, TooMany) as error:
        raise NotFound(str(error)) from error
    except Refused as error:
        raise NotFound(f"refused: {error}", error.left) from error
    if got != goal:
        raise NotFound("another statement was found", got)
    return proof


def _eq(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    a, b = goal.args
    try:
        return equation(kernel, scope, a, b)
    except NotFound:
        split = _bit_cases(kernel, scope, goal)
        if split is None:
            raise
        return split


def _bit_cases(kernel: Kernel, scope: Scope, goal: Term) -> Proof | None:
    """The goal in the two cases of a bit, if one occurs free."""
    for name in sorted(free_names(goal)):
        if (
            scope.domain(name).name == "Bit"
            and not scope.domain(name).sizes
            and not any(name in free_names(h) for h in scope.hypotheses)
        ):
            return by_bit(kernel, scope, goal, var(name))
    return None


def _le(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    a, b = goal.args[:2]
    if len(goal.args) == 3 and goal.args[2].op == "eq" and goal.args[2].args[0].op == "var":
        x, c = goal.args[2].args
        for point, proof in _minima(kernel, scope, x, b):
            if point == c or kernel.algebra.equal(point, c):
                try:
                    low = kernel.derive(proof, scope)
                    links = [proof] if low.args[0] == a else [equation(kernel, scope, a, low.args[0]), proof]
                    return stated(kernel, scope, goal, Proof("chain", tuple(links)))
                except (NotFound, Refused):
                    continue
    return inequality(kernel, scope, goal)


def _minima(kernel: Kernel, scope: Scope, x: Term, f: Term) -> list[tuple[Term, Proof]]:
    """Minima of f in x, if x ranges over an open interval and no hypothesis is about it."""
    if x.args[0] not in free_names(f) or any(x.args[0] in free_names(h) for h in scope.hypotheses):
        return []
    if scope.domain(x.args[0]).name not in ("Real", "Positive", "Probability"):
        return []
    return list(minima(kernel, scope, x, f))


def _lt(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    return inequality(kernel, scope, goal)


def _iff(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    p, q = goal.args
    try:
        return equivalence(kernel, scope, p, q)
    except NotFound as first:
        if p.op != "eq":
            if q.op != "eq":
                raise
            return Proof("symmetry", (_iff(kernel, scope, Term("iff", q, p)),))
        for a, b in (p.args, p.args[::-1]):
            try:
                proof = inequality(kernel, scope, Term("le", a, b, q))
            except NotFound:
                continue
            case = Proof("equality_case", (proof,))
            if (a, b) == p.args:
                return case
            turned = Proof("equivalent", (p, Term("eq", a, b), num(-1), Proof("field", (ZERO, ZERO))))
            return Proof("chain", (turned, case))
        raise NotFound("neither side was seen to bound the other") from first


def _all(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    name = scope.fresh()
    inner = scope.declaring(name, Domain("Index", (goal.args[0],)))
    return Proof("for_all", (goal.args[0], prove(kernel, inner, opened(goal.args[1], var(name)))))


def _imp(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    hypothesis, conclusion = goal.args
    return Proof("assume", (hypothesis, prove(kernel, scope.assuming(hypothesis), conclusion)))


def _and(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    return Proof("both", tuple(prove(kernel, scope, s) for s in goal.args))


def _infinite(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    return Proof("infinity", goal.args)


def _ne(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    return Proof("decided", (goal,))


def _tends(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """A squeeze between multiples of a power: |t − v| ≤ c√x near 0."""
    t, x, c, v = goal.args
    if c != ZERO:
        raise NotFound("only limits at zero are looked for")
    root = x ** num(Fraction(1, 2))
    power = Proof("rule", ("limit of a power", (("r", num(Fraction(1, 2))), ("x", x))))
    for factor in (num(1), num(2), num(4)):
        bound = factor * root
        inner = scope.assuming(Term("lt", x, ONE))
        try:
            sides = [
                inequality(kernel, inner, Term("le", -bound, t - v), depth=0),
                inequality(kernel, inner, Term("le", t - v, bound), depth=0),
            ]
        except (NotFound, Refused):
            continue
        return Proof("squeeze", (t, x, v, bound, ONE, *sides, Proof("multiple_of_limit", (factor, power))))
    raise NotFound("no power of the variable was found as a bound")


_TACTICS = {
    "eq": _eq, "le": _le, "lt": _lt, "iff": _iff, "all": _all, "imp": _imp, "and": _and,
    "infinite": _infinite, "ne": _ne, "tends": _tends,
}  # fmt: skip

__all__ = ["prove", "subterms"]
