"""Inequalities: chains, signs, combinations, sums term by term, and functions that grow."""

from __future__ import annotations

from itertools import pairwise

from .deriving import Deriving
from .domains import Domain, Scope
from .order import NONNEGATIVE, NULL, POSITIVE
from .proof import Proof, conjunction, refuse
from .terms import ONE, ZERO, Term, closed


class Inequalities(Deriving):
    """Principles that end in an inequality."""

    def chain(self, scope: Scope, *proofs: Proof) -> Term:
        """Relations one after another: a ≤ b = c < d gives a < d; a = d at the end exactly when every ≤ is an equality.

        So too with equivalences: P ⇔ Q ⇔ R gives P ⇔ R.
        """
        links = [self.relation(p, scope, "eq", "le", "lt", "iff") for p in proofs]
        for s, t in pairwise(links):
            if s.args[1] != t.args[0]:
                refuse("the lines do not join", s.args[1], t.args[0])
        ends = (links[0].args[0], links[-1].args[1])
        if any(s.op == "iff" for s in links):
            return Term("iff", *ends) if all(s.op == "iff" for s in links) else refuse("numbers and statements do not join")
        if any(s.op == "lt" for s in links):
            return Term("lt", *ends)
        weak = [s for s in links if s.op == "le"]
        if not weak:
            return Term("eq", *ends)
        exact = [s.args[2] for s in weak if len(s.args) == 3]
        return Term("le", *ends, conjunction(exact)) if len(exact) == len(weak) else Term("le", *ends)

    def sign(self, scope: Scope, t: Term) -> Term:
        """The sign of a term as domains and hypotheses give it: t > 0, t ≥ 0 (= 0 exactly when t = 0), t ≤ 0, t < 0."""
        self.defined(scope, t)
        s = self.order(scope).sign(t)
        if s <= NULL:
            return Term("eq", t, ZERO)
        if s <= POSITIVE:
            return Term("lt", ZERO, t)
        if s == frozenset({-1}):
            return Term("lt", t, ZERO)
        if s <= NONNEGATIVE:
            return Term("le", ZERO, t, Term("eq", t, ZERO))
        return Term("le", t, ZERO, Term("eq", t, ZERO)) if s <= frozenset({-1, 0}) else refuse("the sign is not decided", t)

    def combine(self, scope: Scope, a: Term, b: Term, parts: tuple[tuple[Term, Proof], ...]) -> Term:
        """b − a = Σ c·(right − left) over proved relations: equations with any c, inequalities with c ≥ 0."""
        self.defined(scope, a, b)
        strict, weak, rest = False, False, b - a
        exact: list[Term] = []
        for c, proof in parts:
            s = self.relation(proof, scope)
            self.defined(scope, c)
            rest = rest - c * (s.args[1] - s.args[0])
            if s.op == "eq":
                continue
            sign = self.order(scope).sign(c)
            if not sign <= NONNEGATIVE:
                refuse("an inequality may only be multiplied by a nonnegative number", c)
            strict |= s.op == "lt" and sign <= POSITIVE
            weak |= not (len(s.args) == 3 and sign <= POSITIVE)
            exact += s.args[2:]
        self.same("the parts do not add up", rest, ZERO)
        if strict:
            return Term("lt", a, b)
        if exact and not weak:
            return Term("le", a, b, conjunction(exact))
        return Term("le", a, b) if weak else Term("eq", a, b)

    def termwise(self, scope: Scope, size: Term, proof: Proof) -> Term:
        """A relation between all terms holds between their sums; Σa = Σb in Σa ≤ Σb exactly when every a = b."""
        scope.check_size(size)
        name = scope.fresh()
        s = self.relation(proof, scope.declaring(name, Domain("Index", (size,))))
        a, b, *exact = (closed(x, name) for x in s.args)
        return Term(s.op, Term("sum", size, a), Term("sum", size, b), *(Term("all", size, e) for e in exact))

    def monotone(self, scope: Scope, op: str, proof: Proof, exponent: Term = ONE) -> Term:
        """log, exp and, on nonnegative numbers, a power with an exponent > 0 keep =, ≤ and <, and the equality case of ≤."""
        s = self.relation(proof, scope)
        a, b = s.args[:2]
        if op == "pow":
            order = self.order(scope)
            self.defined(scope, exponent)
            if not (order.sign(exponent) <= POSITIVE and order.sign(a) <= NONNEGATIVE and order.sign(b) <= NONNEGATIVE):
                refuse("a power grows on nonnegative numbers, and for exponents > 0", a, exponent)
            sides = a**exponent, b**exponent
        else:
            sides = (Term(op, a), Term(op, b)) if op in ("log", "exp") else refuse("only log, exp and powers are known to grow")
        self.defined(scope, *sides)
        return Term(s.op, *sides, *s.args[2:])


__all__ = ["Inequalities"]
