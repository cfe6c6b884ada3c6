"""Limits as a variable decreases to zero: by continuity, by what grows fastest, by repeated slopes of a quotient.

A term is written as a quotient of sums of c·x^r (log x)^k e^{a x^w}, where each c has a finite limit. What grows fastest
below the line is divided by; what then still grows stands with a c that vanishes, and c/x^m has the limit of its slopes.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope, mentions
from derivations._kernel.terms import ONE, ZERO, Term, constant, num, substitute, subterms

from . import looks
from .coldest import Coldest
from .continuity import LINE, Known, Parts
from .equation import NotFound
from .magnitude import Growth
from .nearby import FAILURES
from .normalise import Normaliser, field, rule
from .polynomial import expand, monomial, product_of, sum_of
from .roots import equal

#: How often a quotient is differentiated, and how many parts an expansion has.
MOST_SLOPES, MOST_PARTS = 4, 60
Piece = tuple[Growth, Term]
Lead = tuple[Growth, Known]


class Limits(Coldest):
    """Limits of terms in one scope as one variable decreases to zero."""

    def ways(self) -> tuple[Callable[[Term], Known], ...]:
        return self.dominant, self.slopes

    # ---- what grows fastest

    def dominant(self, t: Term) -> Known:
        """What leads below the line is divided by; above it, every part must vanish then, or have a limit."""
        normal, _ = Normaliser(self.kernel).normal(t, self.inner)
        over, under = self.kernel.algebra.quotient(self.plain(normal))
        lead, bottom = self.summed(self.pieces(under))
        parts: Parts = {}
        terms = []
        for growth, c in self.grouped(self.pieces(over)):
            small, known = growth.over(lead, self.kernel), self.tends(c)
            if small.direction(self.kernel, self.scope) > 0 and self.zero(known.value):
                m, known = self.raised(known.term)
                small = small.times(Growth(Fraction(m)), self.kernel)
            factor = self.slot(parts, known, LINE)
            terms.append(factor if small.trivial else self.slot(parts, self.vanishing(small), LINE) * factor)
        f = sum_of(terms) if bottom.term == ONE else sum_of(terms) * self.below(bottom, parts) ** num(-1)
        whole = self.through(f, parts)
        return self.known(t, whole.value, self.renamed(t, whole.proof))

    def leading(self, t: Term) -> Lead:
        """A growth P, and Q with a known limit, such that t = P·Q near zero; Q does not vanish, as far as that is seen."""
        normal, _ = Normaliser(self.kernel).normal(t, self.inner)
        over, under = self.kernel.algebra.quotient(self.plain(normal))
        (m, top), (n, bottom) = (self.summed(self.pieces(p)) for p in (over, under))
        if bottom.term == ONE:
            return m.over(n, self.kernel), top
        parts: Parts = {}
        f = self.slot(parts, top, LINE) * self.below(bottom, parts) ** num(-1)
        return m.over(n, self.kernel), self.through(f, parts)

    def below(self, known: Known, parts: Parts) -> Term:
        sign = self.sign(known.value)
        if sign not in ({1}, {-1}):
            raise NotFound("the limit below the line has no decided sign", known.value)
        return self.slot(parts, known, ("Positive",) if sign == {1} else ("Real", Term("lt", self.x, ZERO)))

    def pieces(self, polynomial: dict[tuple[tuple[int, int], ...], Fraction]) -> list[Piece]:
        """A polynomial in the kernel's atoms as a sum of growths with coefficients."""
        found: list[Piece] = []
        for m, c in polynomial.items():
            row: list[Piece] = [(Growth(), num(c))]
            for k, n in m:
                atom = self.pieces_of(self.kernel.algebra.atoms[k])
                if len(atom) == 1:
                    ((growth, d),) = atom
                    atom, n = [(growth.power(Fraction(n)), d if n == 1 or d == ONE else d ** num(n))], 1
                for _ in range(n):
                    row = [(g.times(h, self.kernel), d if e == ONE else d * e) for g, d in row for h, e in atom]
                    if len(row) > MOST_PARTS:
                        raise NotFound("too many parts")
            found += row
        return found

    def pieces_of(self, atom: Term) -> list[Piece]:
        """An atom as a sum of growths with coefficients."""
        if not mentions(atom, self.name):
            return [(Growth(), atom)]
        if atom == self.x:
            return [(Growth(Fraction(1)), ONE)]
        if atom.op == "log":
            return [(Growth(k=1), ONE)] if atom.args[0] == self.x else self.logarithm(atom)
        if atom.op == "pow" and not mentions(atom.args[1], self.name) and constant(atom.args[1]) is None:
            growth, known = (Growth(Fraction(1)), None) if atom.args[0] == self.x else self.leading(atom.args[0])
            if not growth.trivial:
                return [(growth.raised(atom.args[1]), ONE if known is None else known.term ** atom.args[1])]
        if atom.op == "pow" and (q := constant(atom.args[1])) is not None:
            if atom.args[0] == self.x:
                return [(Growth(q), ONE)]
            growth, known = self.leading(atom.args[0])
            if not growth.trivial:
                return [(growth.power(q), known.term ** num(q))]
        if atom.op == "exp":
            try:
                self.tends(atom.args[0])
            except NotFound:
                return [self.power_of(atom.args[0]) or (self.exponential(atom.args[0]), ONE)]
        return [(Growth(), atom)]

    def power_of(self, g: Term) -> Piece | None:
        """e^{c log h} = h^c for an h that grows or vanishes; None for another exponent."""
        parts = expand(g)
        logs = [f for m in parts for f, e in m if f.op == "log" and e == 1 and mentions(f, self.name)]
        if len(parts) != 1 or len(logs) != 1 or logs[0].args[0] == self.x:
            return None
        ((m, c),) = parts.items()
        front = product_of(monomial({**dict(m), logs[0]: 0}), c)
        growth, known = self.leading(logs[0].args[0])
        if mentions(front, self.name) or growth.trivial:
            return None
        return growth.raised(front), known.term**front

    def exponential(self, g: Term) -> Growth:
        """e^{c x^w} with w < 0, or e^{c log x} = x^c."""
        parts = expand(g)
        if len(parts) != 1:
            raise NotFound("an exponent of several parts is not looked at", g)
        ((m, c),) = parts.items()
        factors = dict(m)
        if factors.pop(Term("log", self.x), 0) == 1 and not any(mentions(f, self.name) for f in factors):
            return Growth(Fraction(1)).raised(product_of(monomial(factors), c))
        factors = dict(m)
        w = Fraction(factors.pop(self.x, 0))
        for f in list(factors):
            if f.op == "pow" and f.args[0] == self.x and (q := constant(f.args[1])) is not None:
                w += q * factors.pop(f)
        front = product_of(monomial(factors), c)
        if w >= 0 or mentions(front, self.name):
            raise NotFound("an exponent that is not a power of the variable", g)
        return Growth(exponents=((w, front),))

    def logarithm(self, atom: Term) -> list[Piece]:
        """log(P·Q) = log P + log Q."""
        try:
            growth, known = self.leading(atom.args[0])
        except NotFound:
            return self.coldest(atom)
        if growth.trivial:
            return [(Growth(), atom)]
        if growth.k:
            raise NotFound("a logarithm of a logarithm of the variable is not looked at", atom)
        rest = [(Growth(), Term("log", known.term))]
        if growth.r:
            rest.append((Growth(k=1), num(growth.r)))
        return rest + [(Growth(w), c) for w, c in growth.exponents]

    def summed(self, pieces: list[Piece]) -> Lead:
        """The growth that leads in a sum, and by what it is multiplied, which does not vanish as far as that is seen."""
        groups = self.grouped(pieces)
        if not groups:
            return Growth(), self.continuous(ZERO)
        found = [(growth, self.tends(t)) for growth, t in groups]
        for _ in range(MOST_SLOPES * len(found) + 1):
            first = 0
            for k in range(1, len(found)):
                if found[k][0].over(found[first][0], self.kernel).direction(self.kernel, self.scope) > 0:
                    first = k
            lead = found[first]
            if not self.zero(lead[1].value):
                break
            m, known = self.raised(lead[1].term)
            found[first] = (lead[0].times(Growth(Fraction(m)), self.kernel), known)
        parts: Parts = {}
        terms = [self.slot(parts, lead[1], LINE)]
        for growth, known in found[:first] + found[first + 1 :]:
            small = self.vanishing(growth.over(lead[0], self.kernel))
            terms.append(self.slot(parts, small, LINE) * self.slot(parts, known, LINE))
        if len(terms) == 1:
            return lead
        return lead[0], self.through(sum_of(terms), parts)

    def grouped(self, pieces: list[Piece]) -> list[Piece]:
        """Like growths together; what differs by whole powers of x is one group."""
        exact: list[tuple[Growth, list[Term]]] = []
        for growth, c in pieces:
            for g, terms in exact:
                if g == growth or g.over(growth, self.kernel).trivial:
                    terms.append(c)
                    break
            else:
                exact.append((growth, [c]))
        groups: list[tuple[Growth, list[Piece]]] = []
        for growth, terms in exact:
            whole = sum_of(terms)
            if self.kernel.algebra.equal(whole, ZERO):
                continue
            for g, members in groups:
                if g.same(growth, self.kernel):
                    members.append((growth, whole))
                    break
            else:
                groups.append((growth, [(growth, whole)]))
        found = []
        for _, members in groups:
            lowest = min(members, key=lambda m: m[0].r)[0]
            shifted = [(g.r - lowest.r, c) for g, c in members]
            found.append((lowest, sum_of([c if not n else (c if n == 0 else Growth(n).term(self.x) * c) for n, c in shifted])))
        return found

    # ---- slopes

    def raised(self, f: Term) -> tuple[int, Known]:
        """The smallest m for which f/x^m has a limit that is not zero, and that limit."""
        derivatives, slopes = [f], list[Proof]()
        for m in range(1, MOST_SLOPES + 1):
            new, proof = self.slope(derivatives[-1])
            derivatives.append(new)
            slopes.append(proof)
            if not self.zero(self.tends(new).value):
                return m, self.hospital(derivatives, slopes, self.x if m == 1 else self.x ** num(m))
        raise NotFound(f"it vanishes faster than x^{MOST_SLOPES}, or is zero", f)

    def slope(self, f: Term) -> tuple[Term, Proof]:
        """The derivative of ``f`` in a form that shows where it is smooth, and a proof of the equation."""
        d = Term("deriv", f, self.x)
        new, steps = Normaliser(self.kernel).normal(d, self.inner)
        proof, plain = Proof("rewrite", (d, tuple(steps))), self.plain(new)
        return (new, proof) if plain == new else (plain, Proof("chain", (proof, field(new, plain))))

    def hospital(self, derivatives: list[Term], slopes: list[Proof], g: Term) -> Known:
        """The limit of f/g from the derivatives of f, by the slopes of f and g, as often as needed."""
        if not slopes:
            return self.tends(derivatives[0] / g)
        g1, slope = self.slope(g)
        further = self.hospital(derivatives[1:], slopes[1:], g1)
        return self.quotient(derivatives[0], g, (slopes[0], slope), Proof("sign", (g1,)), further)

    def quotient(self, f: Term, g: Term, slopes: tuple[Proof, ...], sign: Proof, further: Known) -> Known:
        self.defined(Term("deriv", f + g, self.x))
        zeros = tuple(equal(self.kernel, self.scope, substitute(h, {self.name: ZERO}), ZERO) for h in (f, g))
        room = self.room(f + g)
        proof = Proof("quotient_of_slopes", (f, g, self.x, self.near, room, zeros, slopes, sign, further.proof))
        return self.known(f / g, further.value, proof)

    def slopes(self, t: Term) -> Known:
        """A quotient as it is written, by the slopes of both its sides: g need not be seen to be different from zero."""
        if t.op != "mul" or len(t.args) != 2 or t.args[1].op != "pow" or t.args[1].args[1] != num(-1):
            raise NotFound("not a quotient", t)
        f, g = t.args[0], t.args[1].args[0]
        if not all(self.zero(self.tends(h).value) for h in (f, g)):
            raise NotFound("not a quotient of vanishing terms", t)
        (f1, first), (g1, second) = self.slope(f), self.slope(g)
        return self.quotient(f, g, (first, second), Proof("sign", (g1,)), self.tends(f1 / g1))


def limit(kernel: Kernel, scope: Scope, t: Term, x: Term) -> Known:
    """The limit of ``t`` as ``x`` decreases to zero, with a proof the kernel accepts; :class:`NotFound` otherwise."""
    kernel = Kernel(kernel.library)  # an algebra that has met 1/(1/x) may show it for x, which has no value at zero
    try:
        found = Limits(kernel, scope, x, t).tends(t)
        got = kernel.derive(found.proof, scope)
    except FAILURES as error:
        raise NotFound(str(error), getattr(error, "residue", None) or getattr(error, "left", None)) from error
    if got != Term("tends", t, x, ZERO, found.value):
        raise NotFound("another limit was found", got)
    return found


def tends_proof(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """A proof of the goal t → v as x decreases to 0; :class:`NotFound` if none is found."""
    t, x, c, v = goal.args
    if c != ZERO:
        raise NotFound("only limits at zero are looked for")
    found = limit(kernel, scope, t, x)
    if found.value == v:
        return found.proof
    try:
        return Proof("limit_value", (found.proof, equal(kernel, scope, found.value, v)))
    except FAILURES as error:
        raise NotFound("the limit has another value, or is not seen to have this one", found.value - v) from error


def squeezed(kernel: Kernel, scope: Scope, goal: Term, prove: Callable[[Kernel, Scope, Term], Proof]) -> Proof:
    """t → v because |t − v| ≤ n x, for a size n over which t is a sum: where no term of the sum has a limit by itself."""
    t, x, c, v = goal.args
    sizes = dict.fromkeys(s.args[0] for s in subterms(t) if s.op == "sum" and s.args[0].op == "var")
    power = rule("limit of a power", r=ONE, x=x)
    for n in sizes if c == ZERO else ():
        bound, inner = n * x**ONE, scope.assuming(Term("lt", x, ONE))
        sides = [Term("le", -bound, t - v), Term("le", t - v, bound)]
        if not all(looks.never_negative(s.args[1] - s.args[0], looks.points(inner, t)) for s in sides):
            continue
        proofs = [prove(Kernel(kernel.library), inner, side) for side in sides]
        return Proof("squeeze", (t, x, v, bound, ONE, *proofs, Proof("multiple_of_limit", (n, power))))
    raise NotFound("no multiple of the variable was found as a bound")


def find_limit(kernel: Kernel, scope: Scope, t: Term, x: Term) -> Term | None:
    """A value which ``t`` can be proved to tend to as ``x`` decreases to zero; None if none is found."""
    try:
        return limit(kernel, scope, t, x).value
    except NotFound:
        return None


__all__ = ["Known", "Limits", "equal", "find_limit", "limit", "squeezed", "tends_proof"]
