"""Proofs of whole statements: what a claim's form asks for is tried, by the same rules an author may name."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import islice

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, constant, free_names, num, opened, subterms, var

from . import settling
from .casework import by_hot_entry, by_last_entry, by_value
from .equal_terms import by_equal_terms
from .equation import NotFound, equation
from .equivalence import equivalence
from .extrema import by_extremum, positive_maximum
from .inequality import inequality, minima, stated
from .integrals import integral_proof
from .limits import squeezed, tends_proof
from .normalise import OutOfSteps
from .numbers import by_numbers
from .polynomial import TooMany, tidy
from .remains import by_forms
from .scalars import by_scalars
from .settling import cancelled, forms
from .squares import by_logarithms, by_squares, by_squaring
from .strong import Plain, Strong
from .taking import by_taking
from .weighing import by_quotient, by_weighing


def prove(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """A proof of ``goal`` in ``scope``; :class:`NotFound` if none is found."""
    tactic = _TACTICS.get(goal.op)
    if tactic is None:
        raise NotFound(f"nothing is known about statements of the kind {goal.op}")
    try:
        proof = tactic(kernel, scope, goal)
        got = Kernel(kernel.library).derive(proof, scope)  # a fresh one: what was tried before is not in its way
    except (IllFormed, OutOfSteps, TooMany, RecursionError) as error:
        raise NotFound(str(error)) from error
    except Refused as error:
        raise NotFound(f"refused: {error}", error.left) from error
    if got != goal:
        raise NotFound("another statement was found", got)
    return proof


def _eq(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    a, b = goal.args
    return first_of(
        lambda: _accepted(kernel, scope, equation(kernel, scope, a, b)),
        lambda: _accepted(kernel, scope, settling.equation(Strong(Kernel(kernel.library)), scope, a, b)),
        lambda: _accepted(kernel, scope, settling.equation(Plain(Kernel(kernel.library)), scope, a, b)),
        lambda: by_value(kernel, scope, goal, prove),
        lambda: by_hot_entry(kernel, scope, goal, prove),
        lambda: by_last_entry(kernel, scope, goal, prove),
        lambda: by_extremum(kernel, scope, goal, prove),
        lambda: by_equal_terms(kernel, scope, goal, prove),
    )


def first_of(*ways: Callable[[], Proof]) -> Proof:
    """What the first way that succeeds finds; else the failure of the last one that had a residue to show."""
    failure: NotFound | None = None
    for way in ways:
        try:
            return way()
        except NotFound as error:
            if failure is None or error.residue is not None:
                failure = error
        except (ValueError, OutOfSteps, Refused, RecursionError) as error:
            failure = failure or NotFound(str(error))
    raise failure or NotFound("there is nothing to try")


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
    return _bound(kernel, scope, goal)


def _bound(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """a ≤ b or a < b: by the plain ways, by a form of b − a with a decided sign, by weights, by cases."""
    a, b = goal.args[:2]
    by_logs = lambda: by_logarithms(Kernel(kernel.library), scope, goal, by_numbers_only, prove)  # noqa: E731
    return first_of(
        lambda: inequality(kernel, scope, goal),
        *([lambda: positive_maximum(kernel, scope, goal)] if a == ZERO and goal.op == "lt" else []),
        lambda: _told(kernel, scope, goal, by_forms(Kernel(kernel.library), scope, a, b)),
        lambda: _told(kernel, scope, goal, by_weighing(Kernel(kernel.library), scope, a, b)),
        lambda: _told(kernel, scope, goal, by_quotient(Kernel(kernel.library), scope, a, b)),
        lambda: _told(kernel, scope, goal, by_squares(Kernel(kernel.library), scope, a, b)),
        lambda: _by_factor(kernel, scope, goal),
        lambda: _told(kernel, scope, goal, by_taking(Kernel(kernel.library), scope, a, b)),
        lambda: by_value(kernel, scope, goal, prove),
        lambda: by_hot_entry(kernel, scope, goal, prove),
        lambda: by_last_entry(kernel, scope, goal, prove),
        lambda: by_logarithms(Kernel(kernel.library), scope, goal, logarithms_only, prove),
        lambda: by_extremum(kernel, scope, goal, prove),
        lambda: _told(kernel, scope, goal, Proof("combine", (a, b, tuple(by_scalars(kernel, scope, b - a))))),
        *([by_logs] if any(t.op == "exp" or (t.op == "pow" and constant(t.args[1]) is None) for t in (a, b)) else []),
        lambda: stated(kernel, scope, goal, by_numbers(kernel, scope, a, b, strict=goal.op == "lt")),
        lambda: by_squaring(kernel, scope, goal, prove),
    )


def _by_factor(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """b − a is a product in which one factor is not decided, and that one is shown to be ≥ 0 by weights."""
    a, b = goal.args[:2]
    search, order = Strong(Kernel(kernel.library)), kernel.order(scope)
    for form, _ in islice(forms(search, scope, b - a, spreading=False), 1, 2):
        unknown = [f for f in (form.args if form.op == "mul" else ()) if not order.sign(f) <= {0, 1} and order.sign(f) != {-1}]
        if len(unknown) != 1 or len(form.args) < 2:
            continue
        rest = cancelled(search.kernel, form / unknown[0])
        enough = {1} if goal.op == "lt" else {0, 1}
        h, rest = (unknown[0], rest) if order.sign(rest) <= enough else (-unknown[0], -rest)
        if not order.sign(rest) <= enough or rest.op == "num":  # a multiple of what was tried already
            continue
        h = tidy(h)
        ways = [partial(way, Kernel(kernel.library), scope, ZERO, h) for way in (by_weighing, by_squares)]
        part = first_of(*ways)
        equal = settling.equation(search, scope, b - a, rest * h)
        return _told(kernel, scope, goal, Proof("combine", (a, b, ((rest, part), (num(-1), equal)))))
    raise NotFound("not a product with one factor of no decided sign")


def _told(kernel: Kernel, scope: Scope, goal: Term, proof: Proof) -> Proof:
    """The relation proved between the sides of the goal, in the words of the goal."""
    if goal.op == "le" and len(goal.args) == 2:
        return Proof("weaken", (proof,))
    return stated(Kernel(kernel.library), scope, goal, proof)


def logarithms_only(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """log a ≤ log b, by weights."""
    a, b = goal.args[:2]
    return _told(kernel, scope, goal, by_weighing(Kernel(kernel.library), scope, a, b))


def by_numbers_only(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """log a ≤ log b, by slopes."""
    a, b = goal.args[:2]
    return stated(Kernel(kernel.library), scope, goal, by_numbers(kernel, scope, a, b, strict=goal.op == "lt"))


def _minima(kernel: Kernel, scope: Scope, x: Term, f: Term) -> list[tuple[Term, Proof]]:
    """Minima of f in x, if x ranges over an open interval and no hypothesis is about it."""
    if x.args[0] not in free_names(f) or any(x.args[0] in free_names(h) for h in scope.hypotheses):
        return []
    if scope.domain(x.args[0]).name not in ("Real", "Positive", "Probability"):
        return []
    return list(minima(kernel, scope, x, f))


def _lt(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    return _bound(kernel, scope, goal)


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
    a, b = goal.args
    return first_of(
        lambda: _accepted(kernel, scope, Proof("decided", (goal,))),
        lambda: Proof("apart", (_bound(kernel, scope, Term("lt", a, b)),)),
        lambda: Proof("symmetry", (Proof("apart", (_bound(kernel, scope, Term("lt", b, a)),)),)),
    )


def _accepted(kernel: Kernel, scope: Scope, proof: Proof) -> Proof:
    """The proof, if a kernel that has seen nothing else accepts it; else the next way is tried."""
    Kernel(kernel.library).derive(proof, scope)
    return proof


def _limit(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    return first_of(
        lambda: _tends(kernel, scope, goal),
        lambda: tends_proof(kernel, scope, goal),
        lambda: squeezed(kernel, scope, goal, prove),
    )


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
    "infinite": _infinite, "ne": _ne, "tends": _limit,
    "integrates": integral_proof,
}  # fmt: skip

__all__ = ["prove", "subterms"]
