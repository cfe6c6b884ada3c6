"""Equations: field laws, rules, definitions, and equals put for equals."""

from __future__ import annotations

from .deriving import Deriving
from .domains import REAL, Domain, Scope, sort
from .proof import Proof, Values, refuse
from .rules import instance
from .terms import BINDERS, ONE, Term, closed, num, opened, var

MAX_WRITTEN_OUT = 64


class Equations(Deriving):
    """Principles that end in an equation."""

    def field(self, scope: Scope, a: Term, b: Term) -> Term:
        """Two terms equal by the laws of a field, where both are defined."""
        self.defined(scope, a, b)
        self.same("not equal by the laws of a field", a, b)
        return Term("eq", a, b)

    def rule(self, scope: Scope, name: str, values: Values) -> Term:
        """An instance of a rule of the table, its conditions decided and both sides defined."""
        law = instance(name, dict(values), self.order(scope))
        self.statement(scope, law)
        if law.op != "tends":  # what has a limit need not be defined everywhere
            self.defined(scope, *law.args[:2])
        return law

    def definition(self, scope: Scope, t: Term) -> Term:
        """A defined function equals what it is defined to be."""
        if t.op != "app":
            refuse("only a defined function has a definition", t)
        body = self.order(scope).unfolded(t)
        self.defined(scope, t, body)
        return Term("eq", t, body)

    def written_out(self, scope: Scope, t: Term) -> Term:
        """A sum or product over 1, …, n for a number n is f(1) + … + f(n), or f(1) ⋯ f(n)."""
        if t.op not in ("sum", "prod") or t.args[0].op != "num" or t.args[0].args[0] > MAX_WRITTEN_OUT:
            refuse(f"not a sum or product over at most {MAX_WRITTEN_OUT} indices", t)
        self.defined(scope, t)
        terms = [opened(t.args[1], num(k)) for k in range(1, int(t.args[0].args[0]) + 1)]
        return Term("eq", t, Term("add" if t.op == "sum" else "mul", *terms) if len(terms) > 1 else terms[0])

    def rewrite(self, scope: Scope, t: Term, steps: tuple[tuple[tuple[int, ...], Proof, Term, Term], ...]) -> Term:
        """Equals may be put for equals, anywhere in a term or a statement.

        A step (path, proof of left = right, times, new) puts ``new`` at ``path``, where old − new = times·(left − right).
        """
        real = sort(t, scope) == REAL
        if real:
            self.defined(scope, t)
        new = t
        for step in steps:
            new = self.step(scope, new, *step)
        return Term("eq" if real else "iff", t, new)

    def step(self, scope: Scope, t: Term, path: tuple[int, ...], by: Proof, times: Term, new: Term) -> Term:
        """``t`` after one step of a rewriting."""
        if not path:
            equation = self.relation(by, scope, "eq")
            if not (times == ONE and equation == Term("eq", t, new)):
                self.defined(scope, t, new, times)
                self.same("the step does not follow from its rule", t - new, times * (equation.args[0] - equation.args[1]))
            return new
        k, last = path[0], len(t.args) - 1
        if type(k) is not int or not 0 <= k <= last:
            refuse("no such place", t)
        child = t.args[k]
        if (
            type(child) is not Term
            or t.op in ("at", "of", "delta", "tends", "infinite", "integrates")
            or (t.op in BINDERS and k != last)
        ):
            refuse("no term may be replaced there", t)
        if t.op in BINDERS:
            name = scope.fresh()
            inner = scope.declaring(name, Domain("Index", (t.args[0],)))
            child = closed(self.step(inner, opened(child, var(name)), path[1:], by, times, new), name)
        elif t.op == "deriv":
            if k != 0:
                refuse("no term may be replaced there", t)
            x = t.args[1] if t.args[1].op == "var" else t.args[1].args[0]
            child = self.step(scope.near(x.args[0]), child, path[1:], by, times, new)
        elif t.op == "case" and k > 1:  # a value is read where its condition holds
            child = self.step(scope.assuming(Term(("eq", "ne")[k - 2], *t.args[:2])), child, path[1:], by, times, new)
        else:
            child = self.step(scope, child, path[1:], by, times, new)
        return Term(t.op, *t.args[:k], child, *t.args[k + 1 :])

    def symmetry(self, scope: Scope, proof: Proof) -> Term:
        """a = b gives b = a; P ⇔ Q gives Q ⇔ P."""
        s = self.relation(proof, scope, "eq", "iff", "ne")
        return Term(s.op, *reversed(s.args))


__all__ = ["Equations"]
