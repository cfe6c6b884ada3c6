"""Field laws: deciding whether two terms are equal as quotients of polynomials over their other subterms.

Everything that is not a number, a sum, a product or a whole power is an atom. Two atoms are one when they have the
same operator and equal arguments. Equality of a/b and c/d is a·d = c·b as polynomials, so it is sound wherever both
terms are defined: the checker asks that first.
"""

from __future__ import annotations

from fractions import Fraction

from .terms import IllFormed, Term, constant

Monomial = tuple[tuple[int, int], ...]  #: ((atom, exponent), …), sorted, exponents ≥ 1
Polynomial = dict[Monomial, Fraction]
ONE_POLY: Polynomial = {(): Fraction(1)}
MAX_TERMS, MAX_POWER, MAX_BITS = 4000, 64, 100_000
SYMMETRIC = frozenset({"delta", "max"})


class TooLarge(IllFormed):
    """A formula whose expansion exceeds the budget."""


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    if a == ONE_POLY:
        return b
    if b == ONE_POLY:
        return a
    if len(a) * len(b) > MAX_TERMS:
        raise TooLarge(f"the expansion has more than {MAX_TERMS} terms")
    out: Polynomial = {}
    for m, x in a.items():
        for n, y in b.items():
            powers = dict(m)
            for atom, e in n:
                powers[atom] = powers.get(atom, 0) + e
            key = tuple(sorted(powers.items()))
            out[key] = out.get(key, Fraction(0)) + x * y
    return {m: c for m, c in out.items() if c}


def _plus(a: Polynomial, b: Polynomial) -> Polynomial:
    out = dict(a)
    for m, c in b.items():
        out[m] = out.get(m, Fraction(0)) + c
    return {m: c for m, c in out.items() if c}


def _power(a: Polynomial, n: int) -> Polynomial:
    if not a and n:
        return a
    if n > MAX_POWER and len(a) > 1:
        raise TooLarge(f"the power {n} of a sum is too large")
    if len(a) == 1 and n:
        ((m, c),) = a.items()
        if n > 10**6 or (abs(c) != 1 and n * max(c.numerator.bit_length(), c.denominator.bit_length()) > MAX_BITS):
            raise TooLarge(f"the power {n} is too large")
        return {tuple((atom, e * n) for atom, e in m): c**n}
    out = ONE_POLY
    for _ in range(n):
        out = _times(out, a)
    return out


class Algebra:
    """The atoms met so far, and the quotient of polynomials of each term."""

    def __init__(self) -> None:
        self.atoms: list[Term] = []
        self._same: dict[tuple[str, object, int], list[int]] = {}
        self._memo: dict[Term, tuple[Polynomial, Polynomial]] = {}

    def equal(self, a: Term, b: Term) -> bool:
        """Whether a = b follows from the field laws alone, where both are defined."""
        if a == b:
            return True
        (p, q), (r, s) = self.quotient(a), self.quotient(b)
        return p == r if q == s else _times(p, s) == _times(r, q)

    def ratio(self, a: Term, b: Term) -> Fraction | None:
        """The rational c ≠ 0 with a = c·b by the field laws, if there is one."""
        (p, q), (r, s) = self.quotient(a), self.quotient(b)
        left, right = (p, r) if q == s else (_times(p, s), _times(r, q))
        if len(left) != len(right) or not left:
            return None
        m = next(iter(left))
        if m not in right:
            return None
        c = left[m] / right[m]
        return c if all(n in right and x == c * right[n] for n, x in left.items()) else None

    def quotient(self, t: Term) -> tuple[Polynomial, Polynomial]:
        """Numerator and denominator of ``t``."""
        found = self._memo.get(t)
        if found is None:
            found = self._memo[t] = self._quotient(t)
        return found

    def _quotient(self, t: Term) -> tuple[Polynomial, Polynomial]:
        if t.op == "num":
            return ({(): t.args[0]} if t.args[0] else {}), ONE_POLY
        if t.op == "add":
            p, q = self.quotient(t.args[0])
            for a in t.args[1:]:
                r, s = self.quotient(a)
                p, q = (_plus(p, r), q) if q == s else (_plus(_times(p, s), _times(r, q)), _times(q, s))
            return p, q
        if t.op == "mul":
            p, q = ONE_POLY, ONE_POLY
            for a in t.args:
                r, s = self.quotient(a)
                p, q = _times(p, r), _times(q, s)
            return p, q
        if t.op == "pow" and (whole := constant(t.args[1])) is not None and whole.denominator == 1:
            n = int(whole)
            p, q = self.quotient(t.args[0])
            if n < 0:
                p, q = q, p
                if not q:
                    raise IllFormed("division by zero")
            return _power(p, abs(n)), _power(q, abs(n))
        return {((self.atom(t), 1),): Fraction(1)}, ONE_POLY

    def atom(self, t: Term) -> int:
        """The number of the atom ``t``; equal atoms have one number."""
        for child in t.children:  # first, so that comparing with atoms met before only looks up what is known
            self.quotient(child)
        named = t.args[0] if t.args and type(t.args[0]) is not Term else None
        alike = self._same.setdefault((t.op, named, len(t.args)), [])
        for k in alike:
            if self._congruent(self.atoms[k], t):
                return k
        self.atoms.append(t)
        alike.append(len(self.atoms) - 1)
        return alike[-1]

    def own(self, t: Term) -> dict[int, Term]:
        """The atoms of ``t`` as they stand in it: only these are known to be defined where ``t`` is."""
        if t.op == "num":
            return {}
        if t.op in ("add", "mul") or (t.op == "pow" and (n := constant(t.args[1])) is not None and n.denominator == 1):
            return {k: a for s in (t.args[:1] if t.op == "pow" else t.args) for k, a in self.own(s).items()}
        return {self.atom(t): t}

    def _congruent(self, s: Term, t: Term) -> bool:
        if s == t:
            return True
        if not s.children:
            return False
        pairs = [tuple(zip(s.children, t.children, strict=True))]
        if s.op in SYMMETRIC:
            pairs.append(tuple(zip(s.children, reversed(t.children), strict=True)))
        try:
            return any(all(self.equal(a, b) for a, b in p) for p in pairs)
        except TooLarge:  # two atoms that are not seen to be one are two
            return False
