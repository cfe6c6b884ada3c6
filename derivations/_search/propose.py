"""What SymPy is asked for: cancelling a quotient, solving an equation. Its answers are proposals, never facts."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Any

from derivations._kernel.algebra import Polynomial
from derivations._kernel.check import Kernel
from derivations._kernel.domains import mentions
from derivations._kernel.terms import IllFormed, Term, num, substitute, subterms

from .factors import irreducible
from .polynomial import product_of, sum_of


class Atoms:
    """Stand-ins: every atom of the kernel's algebra as a SymPy symbol named by its number."""

    def __init__(self, kernel: Kernel, *terms: Term) -> None:
        import sympy

        self.sympy, self.kernel = sympy, kernel
        self.own = {k: a for t in terms for k, a in kernel.algebra.own(t).items()}  #: as they stand in the terms given

    def symbol(self, k: int) -> Any:
        """The symbol of the atom k."""
        return self.sympy.Symbol(f"a{k}")

    def polynomial(self, p: Polynomial) -> Any:
        """A polynomial of the kernel as a SymPy expression."""
        s = self.sympy
        return s.Add(
            *(s.Rational(c.numerator, c.denominator) * s.Mul(*(self.symbol(k) ** n for k, n in m)) for m, c in p.items())
        )

    def expression(self, t: Term) -> Any:
        """A term as a SymPy quotient of polynomials in its atoms."""
        p, q = self.kernel.algebra.quotient(t)
        return self.polynomial(p) / self.polynomial(q)

    def term(self, e: Any) -> Term:
        """A SymPy expression in such symbols as a term."""
        if e.is_Symbol:
            k = int(e.name[1:])
            return self.own.get(k) or self.kernel.algebra.atoms[k]
        if e.is_Rational:
            return num(Fraction(int(e.p), int(e.q)))
        if e.is_Add:
            return sum_of([self.term(a) for a in e.args])
        if e.is_Mul:
            return Term("mul", *(self.term(a) for a in e.args))
        if e.is_Pow and e.exp.is_Integer:
            return self.term(e.base) ** num(int(e.exp))
        raise IllFormed("a proposal that is not a quotient of polynomials")


def cancelled(kernel: Kernel, over: Term, under: Term) -> Term:
    """over/under, factored, with common factors cancelled."""
    atoms = Atoms(kernel, over, under)
    with atoms.sympy.evaluate(True):  # whoever calls, an author's file included, may have switched it off
        return atoms.term(atoms.sympy.factor(atoms.sympy.cancel(atoms.expression(over) / atoms.expression(under))))


def zeros(kernel: Kernel, t: Term, x: Term) -> list[Term]:
    """Candidates for the zeros of ``t`` in the variable ``x``: roots of its numerator in x, in log x and in e^x."""
    atoms = Atoms(kernel)
    numerator, _ = kernel.algebra.quotient(t)
    found: list[Term] = []
    places = [(x, None), (Term("log", x), "exp"), (Term("exp", x), "log")]
    factors = irreducible(numerator) if numerator else []
    with suppress(IllFormed, NotImplementedError), atoms.sympy.evaluate(True):
        for place, back in places:
            k = kernel.algebra.atom(place)
            for factor in factors:
                others = {atom for m in factor for atom, _ in m if atom != k}
                moving = any(mentions(kernel.algebra.atoms[atom], x.args[0]) for atom in others)
                if max(dict(m).get(k, 0) for m in factor) == 1 and not moving:
                    up, down = (atoms.polynomial(part) for part in _linear(factor, k))
                    root = atoms.term(atoms.sympy.cancel(-down / up))
                    found.append(root if back is None else Term(back, root))
    if Term("log", x) in set(subterms(t)):
        found.append(num(1))
    unique: list[Term] = []
    for root in found:
        if root not in unique and not mentions(root, x.args[0]):
            unique.append(root)
    return unique


def _linear(p: Polynomial, k: int) -> tuple[Polynomial, Polynomial]:
    """u and v where the polynomial is u·x + v for the atom x."""
    up = {tuple(e for e in m if e[0] != k): c for m, c in p.items() if k in dict(m)}
    return up, {m: c for m, c in p.items() if k not in dict(m)}


__all__ = ["Atoms", "cancelled", "product_of", "substitute", "zeros"]
