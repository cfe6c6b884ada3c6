"""Limits by continuity: what a smooth function does to parts whose limits are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Domain, Scope, mentions
from derivations._kernel.terms import ONE, ZERO, Term, constant, num, substitute, var

from .equation import NotFound
from .nearby import FAILURES, Nearby
from .normalise import Normaliser, field, rule
from .roots import equal

#: How deep limits of parts are looked for.
DEEPEST = 12
LINE = ("Real",)


@dataclass(frozen=True)
class Known:
    """A term, its limit, and a proof."""

    term: Term
    value: Term
    proof: Proof


Room = tuple[Any, ...]  #: a domain, and bounds of a variable in it
Parts = dict[Term, tuple[Term, Known, Room]]  #: a part of a term → (what stands for it, its limit, its room)


class Continuity(Nearby):
    """Limits of terms as one variable decreases to zero; every answer is remembered."""

    def __init__(self, kernel: Kernel, scope: Scope, x: Term, t: Term) -> None:
        super().__init__(kernel, scope, x, t)
        self._known: dict[Term, Known] = {}
        self._failed: dict[Term, NotFound] = {}
        self._busy: list[Term] = []
        self.known(x, ZERO, self.renamed(x, self.power(Fraction(1))))

    def known(self, t: Term, value: Term, proof: Proof) -> Known:
        """Remember a limit; its value is brought to normal form."""
        plain = self.plain(value)
        new, steps = Normaliser(self.kernel).normal(plain, self.scope)
        if plain != value:
            proof = Proof("limit_value", (proof, field(value, plain)))
        if steps:
            proof = Proof("limit_value", (proof, Proof("rewrite", (plain, tuple(steps)))))
        self._known[t] = Known(t, new, proof)
        return self._known[t]

    def power(self, r: Fraction) -> Proof:
        return rule("limit of a power", r=num(r), x=self.x)

    def renamed(self, t: Term, proof: Proof, equality: Proof | None = None) -> Proof:
        """The limit of what equals the term of a known limit, near zero."""
        whole = self.kernel.derive(proof, self.scope).args[0]
        if whole == t:
            return proof
        self.defined(t)
        equality = equality or equal(self.kernel, self.inner, t, whole)
        self.kernel.derive(equality, self.inner)
        return Proof("limit_of_equal", (self.near, equality, proof))

    def zero(self, v: Term) -> bool:
        """Whether a value is seen to be zero."""
        if v == ZERO or self.kernel.algebra.equal(v, ZERO):
            return True
        if 0 not in self.sign(v) or not v.children:
            return False
        try:
            equal(self.kernel, self.scope, v, ZERO)
        except FAILURES:
            return False
        return True

    def tends(self, t: Term) -> Known:
        """The limit of ``t``; :class:`NotFound` if none is found."""
        if t in self._known:
            return self._known[t]
        if t in self._failed or t in self._busy or len(self._busy) > DEEPEST:
            raise self._failed.get(t) or NotFound("the limit of a part leads back to itself", t)
        self._busy.append(t)
        why: list[str] = []
        try:
            for way in (self.continuous, self.prepared, *self.ways()):
                try:
                    return way(t)
                except FAILURES as error:
                    why.append(str(error))
        finally:
            self._busy.pop()
        self._failed[t] = NotFound(why[2] if len(why) > 2 else why[-1], t)
        raise self._failed[t]

    def ways(self) -> tuple[Callable[[Term], Known], ...]:
        """What else is tried, in this order."""
        return ()

    def prepared(self, t: Term) -> Known:
        """The limit of the same in a form that shows more, if there is one."""
        less, steps = self.without_cases(t)
        new = self.plain(less)
        if new == t:
            raise NotFound("there is no other form", t)
        known = self.tends(new)
        links = [Proof("rewrite", (t, tuple(steps)))] if steps else []
        links += [field(less, new)] if new != less else []
        equality = links[0] if len(links) == 1 else Proof("chain", tuple(links))
        return self.known(t, known.value, self.renamed(t, known.proof, equality))

    def continuous(self, t: Term) -> Known:
        """f(u) → f(v) for a smooth f of parts with known limits."""
        parts: Parts = {}
        return self.through(self.template(t, parts), parts)

    def through(self, f: Term, parts: Parts) -> Known:
        """The limit of ``f`` with the parts put in."""
        if not parts:
            self.slot(parts, self._known[self.x], LINE)
        whole = {y.args[0]: known.term for y, known, _ in parts.values()}
        ends = {y.args[0]: known.value for y, known, _ in parts.values()}
        proof = Proof("limit_through", (f, tuple((y, known.proof, room) for y, known, room in parts.values())))
        return self.known(substitute(f, whole), substitute(f, ends), proof)

    def slot(self, parts: Parts, known: Known, room: Room) -> Term:
        """A variable that stands for a part; it is new each time a part is asked for in another room."""
        if known.term in parts and parts[known.term][2] == room:
            return parts[known.term][0]
        key = known.term
        while key in parts:
            key = key * ONE
        inner = self.scope
        for _ in parts:
            inner = inner.declaring(inner.fresh(), Domain("Real"))
        y = var(inner.fresh())
        placed = tuple(substitute(b, {self.name: y}) if type(b) is Term else b for b in room)
        parts[key] = (y, known, placed)
        return y

    def template(self, t: Term, parts: Parts) -> Term:
        """``t`` as a smooth function of parts whose limits are known."""
        op, args = t.op, t.args
        if not mentions(t, self.name):
            return t
        if t in self._known:
            return self.slot(parts, self._known[t], LINE)
        if op in ("add", "mul", "exp"):
            return Term(op, *(self.template(a, parts) for a in args))
        if op == "log":
            return Term("log", self.signed(args[0], parts, False))
        if op == "pow":
            base, n = args[0], constant(args[1])
            if n is not None and n.denominator == 1 and n >= 0:
                power: Term = self.template(base, parts) ** args[1]
                return power
            if n is not None and base == self.x and n > 0:
                return self.slot(parts, self.known(t, ZERO, self.power(n)), LINE)
            if n is None and base == self.x and not mentions(args[1], self.name) and self.sign(args[1]) == {1}:
                return self.slot(parts, self.known(t, ZERO, rule("limit of a power", r=args[1], x=self.x)), LINE)
            whole = n is not None and n.denominator == 1
            exponent = self.template(args[1], parts)
            return (self.signed(base, parts, whole) if mentions(base, self.name) else base) ** exponent
        if op in ("app", "sum", "prod"):
            room = self.room(t)
            y = self.slot(parts, self._known[self.x], room)
            return substitute(t, {self.name: y})
        raise NotFound("no rule says that it is continuous", t)

    def signed(self, h: Term, parts: Parts, negative: bool) -> Term:
        """A part with a positive limit, or a negative one where that is allowed."""
        known = self.tends(h)
        sign = self.sign(known.value)
        if sign <= {1}:
            return self.slot(parts, known, ("Positive",))
        if negative and sign == {-1}:
            return self.slot(parts, known, ("Real", Term("lt", self.x, ZERO)))
        raise NotFound("the limit of a part is not decided to be positive", known.value)


__all__ = ["LINE", "Continuity", "Known", "Parts"]
