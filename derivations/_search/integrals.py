"""Integrals by antiderivatives: one is proposed, differentiated back by the rules, and its ends are limits."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import REAL_LINE, Domain, Scope
from derivations._kernel.terms import MINUS_INFINITY, ONE, ZERO, Term, num, substitute, var

from .antiderivatives import Antiderivatives, Primitive
from .continuity import Known
from .equation import NotFound
from .limits import limit
from .nearby import FAILURES
from .normalise import Normaliser
from .pieces import in_pieces
from .roots import equal, rooted

Found = tuple[Term, Proof]


class AnotherValue(NotFound):
    """The integral has a value, which is not seen to be the one that was asked for."""


class Integral:
    """One integral, and what is tried to find its value."""

    def __init__(self, kernel: Kernel, scope: Scope, body: Term, x: Term, low: Term, high: Term) -> None:
        if x.op != "var":
            raise NotFound("an integral is taken in a variable")
        self.kernel, self.scope, self.body, self.x = kernel, scope, body, x
        self.ends, self.inner = (low, high), scope
        for end, away in ((low, Term("lt", low, x)), (high, Term("lt", x, high))):
            if end not in REAL_LINE:
                self.inner = self.inner.assuming(away)

    def found(self, value: Term | None) -> Found:
        """A value of the integral, ``value`` if it is given, with a proof."""
        why = NotFound("no antiderivative was found")
        try:
            for primitive in Antiderivatives(self.kernel, self.inner, self.x).proposals(self.body):
                try:
                    return self.evaluated(primitive, value)
                except AnotherValue:
                    raise
                except FAILURES as error:
                    why = NotFound(str(error), getattr(error, "residue", None))
        except AnotherValue:
            raise
        except FAILURES as error:
            why = why if why.residue is not None else NotFound(str(error))
        raise why

    def evaluated(self, primitive: Primitive, value: Term | None) -> Found:
        """The value that an antiderivative gives."""
        whole, area = Term("deriv", primitive.f, self.x), ZERO
        if primitive.bell:
            c, a, m = primitive.bell
            whole = whole + c * Term("exp", -(a * (self.x - m) ** num(2)))
            area = c * (Term("const", "pi") / a) ** num(Fraction(1, 2))
        equation = equal(self.kernel, self.inner, self.body, whole)
        s = var(self.scope.fresh())
        outer = self.scope.declaring(s.args[0], Domain("Positive"))
        first, last = (self.end(primitive.f, k, outer, s) for k in (0, 1))
        raw = last.value - first.value + area
        value = self.simple(raw) if value is None else value
        proofs = [first.proof, last.proof]
        if not self.kernel.algebra.equal(value, raw):  # the last limit in words that give the value
            wanted = value - area + first.value
            try:
                proofs[1] = Proof("limit_value", (last.proof, equal(self.kernel, outer, last.value, wanted)))
            except FAILURES as error:
                raise AnotherValue("the integral has another value, or is not seen to have this one", value - raw) from error
        goal = Term("integrates", self.body, self.x, *self.ends, value)
        return value, Proof("integral", (goal, primitive.f, primitive.bell, equation, tuple(proofs)))

    def end(self, f: Term, k: int, outer: Scope, s: Term) -> Known:
        """The limit of an antiderivative at an end."""
        end = self.ends[k]
        minus = Term("const", MINUS_INFINITY)
        point = (-ONE if end == minus else ONE) / s if end in REAL_LINE else end - s if k else end + s
        return limit(self.kernel, outer, substitute(f, {self.x.args[0]: point}), s)

    def simple(self, value: Term) -> Term:
        """The shorter one of the normal forms of a value."""
        forms = [Normaliser(self.kernel).normal(value, self.scope)[0]]
        with suppress(*FAILURES):
            forms.append(rooted(self.kernel, self.scope, value))
        return min(forms, key=lambda t: t.size)


def find_integral(kernel: Kernel, scope: Scope, body: Term, x: Term, low: Term, high: Term) -> Found | None:
    """The value of the integral of ``body`` over low < x < high, with a proof; None if none is found."""
    try:
        value, proof = Integral(kernel, scope, body, x, low, high).found(None)
        if kernel.derive(proof, scope) != Term("integrates", body, x, low, high, value):
            return None
    except FAILURES:
        return None
    return value, proof


def integral_proof(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """A proof of the goal, that an integral has a value; :class:`NotFound` if none is found."""
    body, x, low, high, value = goal.args
    try:
        proof = Integral(kernel, scope, body, x, low, high).found(value)[1]
        kernel.derive(proof, scope)
        return proof
    except FAILURES as error:
        why = NotFound(str(error), getattr(error, "residue", None))
    try:
        raw, proof = in_pieces(kernel, scope, body, x, low, high, find_integral)
        proof = Proof("limit_value", (proof, equal(kernel, scope, raw, value)))
        kernel.derive(proof, scope)
        return proof
    except FAILURES as error:
        raise why from error


def worth(scope: Scope, body: Term, x: Term, *ends: Term) -> Term | None:
    """A proposal for the integral of ``body`` between the ends, or without ends for its limit as ``x`` decreases to 0."""
    kernel = Kernel()
    if ends:
        found = find_integral(kernel, scope, body, x, *ends)
        return None if found is None else found[0]
    try:
        return limit(kernel, scope, body, x).value
    except FAILURES:
        return None


__all__ = ["find_integral", "integral_proof", "worth"]
