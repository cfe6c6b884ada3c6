"""Logic: hypotheses, indices, cases, and what was shown before."""

from __future__ import annotations

from collections.abc import Callable

from .deriving import Deriving
from .domains import REAL, Domain, Scope, mentions, sort
from .order import NONNEGATIVE, NONZERO
from .proof import Proof, refuse
from .terms import ONE, ZERO, Term, closed, entry, lift, opened, var


class Logic(Deriving):
    """Principles about statements."""

    def hypothesis(self, scope: Scope, k: int) -> Term:
        """A hypothesis holds."""
        return scope.hypotheses[k] if type(k) is int and k >= 0 else refuse("no such hypothesis")

    def at_index(self, scope: Scope, proof: Proof, i: Term) -> Term:
        """What holds for all indices holds for each."""
        s = self.relation(proof, scope, "all")
        return opened(s.args[1], i) if self.order(scope).is_index(i, s.args[0]) else refuse("not an index", i)

    def for_all(self, scope: Scope, size: Term, proof: Proof) -> Term:
        """What holds for any index holds for all; equivalent statements about each are equivalent about all."""
        scope.check_size(size)
        name = scope.fresh()
        s = self.derive(proof, scope.declaring(name, Domain("Index", (size,))))
        if s.op == "iff":
            return Term("iff", *(Term("all", size, closed(a, name)) for a in s.args))
        return Term("all", size, closed(s, name))

    def assume(self, scope: Scope, hypothesis: Term, proof: Proof) -> Term:
        """What follows under a hypothesis is implied by it."""
        self.statement(scope, hypothesis)
        return Term("imp", hypothesis, self.derive(proof, scope.assuming(hypothesis)))

    def given(self, scope: Scope, shown: Proof, proof: Proof) -> Term:
        """What was shown may be used as a hypothesis."""
        return self.derive(proof, scope.assuming(self.derive(shown, scope)))

    def both(self, scope: Scope, *proofs: Proof) -> Term:
        """Statements together; two implications, each the other way, make an equivalence."""
        s = [self.derive(p, scope) for p in proofs]
        if len(s) == 2 and all(t.op == "imp" for t in s) and s[0].args == s[1].args[::-1]:
            return Term("iff", *s[0].args)
        return Term("and", *s)

    def part(self, scope: Scope, proof: Proof, k: int) -> Term:
        """What is said together holds by itself."""
        s = self.relation(proof, scope, "and")
        part: Term = s.args[k] if type(k) is int and k >= 0 else refuse("no such part")
        return part

    def decided(self, scope: Scope, statement: Term) -> Term:
        """A statement which domains and hypotheses decide."""
        self.statement(scope, statement)
        return statement if self.order(scope).holds(statement) else refuse("not decided", statement)

    def equivalent(self, scope: Scope, p: Term, q: Term, times: Term, by: Proof) -> Term:
        """a = b ⇔ c = d where (a − b) − times·(c − d) is the difference of the sides of a proved equation, and times ≠ 0."""
        if p.op != "eq" or q.op != "eq":
            refuse("equations are needed here", p, q)
        self.defined(scope, *p.args, *q.args, times)
        if not self.order(scope).sign(times) <= NONZERO:
            refuse("the factor may be zero", times)
        e = self.relation(by, scope, "eq")
        difference = p.args[0] - p.args[1] - times * (q.args[0] - q.args[1])
        self.same("the equations are not equivalent", difference, e.args[0] - e.args[1])
        return Term("iff", p, q)

    def when(self, scope: Scope, inequality: Proof, equivalence: Proof) -> Term:
        """The equality case of an inequality, in equivalent words."""
        s, e = self.relation(inequality, scope, "le"), self.relation(equivalence, scope, "iff")
        return Term("le", *s.args[:2], e.args[1]) if s.args[2:] == e.args[:1] else refuse("another equality case", s, e)

    def equality_case(self, scope: Scope, proof: Proof) -> Term:
        """a ≤ b with its equality case gives a = b ⇔ that case."""
        s = self.relation(proof, scope, "le")
        return Term("iff", Term("eq", *s.args[:2]), s.args[2])

    def weaken(self, scope: Scope, proof: Proof) -> Term:
        """a < b, a = b and a ≤ b with its equality case each give a ≤ b."""
        return Term("le", *self.relation(proof, scope).args[:2])

    def zero_or_positive(self, scope: Scope, w: Term, zero: Proof, positive: Proof) -> Term:
        """Two cases for w ≥ 0: w = 0 and w > 0."""
        self.defined(scope, w)
        if not self.order(scope).sign(w) <= NONNEGATIVE:
            refuse("the cases are not exhaustive: not nonnegative", w)
        return self._cases(scope, [(Term("eq", w, ZERO), zero), (Term("lt", ZERO, w), positive)])

    def bit_cases(self, scope: Scope, y: Term, zero: Proof, one: Proof) -> Term:
        """Two cases for a bit: 0 and 1."""
        domain = self.order(scope).domain(y.args[0] if y.op == "at" else y)
        if sort(y, scope) != REAL or domain is None or not (domain.kind.whole and domain.kind.high == 1):
            refuse("the cases are not exhaustive: not a bit", y)
        return self._cases(scope, [(Term("eq", y, ZERO), zero), (Term("eq", y, ONE), one)])

    def order_cases(self, scope: Scope, a: Term, b: Term, first: Proof, second: Proof) -> Term:
        """Two cases for two numbers: a ≤ b and b ≤ a."""
        self.defined(scope, a, b)
        return self._cases(scope, [(Term("le", a, b), first), (Term("le", b, a), second)])

    def attained(self, scope: Scope, t: Term, proof: Proof) -> Term:
        """A maximum is one of its entries: what follows for any m from max f = f(m), and f ≤ f(m) for all, holds."""
        if t.op != "top":
            refuse("not a maximum", t)
        self.defined(scope, t)
        largest: Callable[[Term], tuple[Term, ...]] = lambda m: (  # noqa: E731
            Term("eq", t, opened(t.args[1], m)),
            Term("all", t.args[0], Term("le", t.args[1], lift(opened(t.args[1], m), 1))),
        )
        return self._some(scope, t.args[0], largest, proof)

    def hot(self, scope: Scope, y: Term, proof: Proof) -> Term:
        """A one-hot vector is 1 at some m and 0 elsewhere: what follows for any m from y_i = δ_im holds."""
        domain = self.order(scope).domain(y)
        if domain is None or domain.name != "OneHot":
            refuse("not a one-hot vector", y)
        i, size = Term("bound", 0), domain.sizes[0]
        return self._some(scope, size, lambda m: (Term("all", size, Term("eq", entry(y, i), Term("delta", i, m))),), proof)

    def _some(self, scope: Scope, size: Term, known: Callable[[Term], tuple[Term, ...]], proof: Proof) -> Term:
        name = scope.fresh()
        s = self.derive(proof, scope.declaring(name, Domain("Index", (size,))).assuming(*known(var(name))))
        return refuse("the conclusion depends on the index", s) if mentions(s, name) else s

    def apart(self, scope: Scope, proof: Proof) -> Term:
        """a < b gives a ≠ b."""
        return Term("ne", *self.relation(proof, scope, "lt").args)

    def _cases(self, scope: Scope, cases: list[tuple[Term, Proof]]) -> Term:
        first, second = (self.derive(proof, scope.assuming(h)) for h, proof in cases)
        return first if first == second else refuse("the cases prove different statements", first, second)


__all__ = ["Logic"]
