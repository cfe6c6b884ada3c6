"""Some equalities are settled exactly: a closed value is put in a normal form over logarithms of primes, powers of e and π.

Every step of the normal form is an identity of real numbers, so equal forms are equal numbers; forms that differ say nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpz

from ..._kernel.tree import Node
from ..family import PolynomialFamily
from ..jets import Undecided, Undefined
from ..point import Point
from .fields import Field, ground
from .walk import Walker

if TYPE_CHECKING:
    from .claim import Claim

#: A form is a dictionary from monomials to coefficients; a monomial is a set of (atom, exponent).
Form = dict[frozenset[tuple[Any, Fraction]], Fraction]
UNIT: frozenset[tuple[Any, Fraction]] = frozenset()
MAX_TERMS, MAX_BITS, MAX_EXPONENT = 200, 4_000, 64
PRECISION = 1152


def _times(m: frozenset[tuple[Any, Fraction]], n: frozenset[tuple[Any, Fraction]]) -> tuple[Fraction, Any]:
    """The product of two monomials; whole powers of a number among the atoms go to the coefficient."""
    powers = dict(m)
    for atom, r in n:
        powers[atom] = powers.get(atom, Fraction(0)) + r
    factor = Fraction(1)
    for atom, r in list(powers.items()):
        if type(atom) is int:
            whole = r.numerator // r.denominator
            if abs(whole) > MAX_BITS:
                raise Undecided("an exponent is too large")
            factor *= Fraction(atom) ** whole
            powers[atom] = r - whole
    return factor, frozenset((a, r) for a, r in powers.items() if r)


class Exact(Field):
    """Closed values in normal form; raises :class:`Undecided` where there is none."""

    def __init__(self) -> None:
        self.zero: Form = {}
        self.one: Form = {UNIT: Fraction(1)}

    def number(self, x: Fraction | int) -> Form:
        return {UNIT: Fraction(x)} if x else {}

    def pi(self) -> Form:
        """π."""
        return {frozenset({("pi", Fraction(1))}): Fraction(1)}

    def infinity(self) -> Form:
        """+∞ has no form."""
        raise Undecided("∞ has no exact form")

    def add_(self, a: Form, b: Form) -> Form:
        result = dict(a)
        for m, c in b.items():
            result[m] = result.get(m, Fraction(0)) + c
        return self._kept({m: c for m, c in result.items() if c})

    def mul_(self, a: Form, b: Form) -> Form:
        result: Form = {}
        for m, c in a.items():
            for n, d in b.items():
                factor, mn = _times(m, n)
                result[mn] = result.get(mn, Fraction(0)) + c * d * factor
        return self._kept({m: c for m, c in result.items() if c})

    def _kept(self, a: Form) -> Form:
        if len(a) > MAX_TERMS or any(c.numerator.bit_length() + c.denominator.bit_length() > MAX_BITS for c in a.values()):
            raise Undecided("the exact form is too large")
        return a

    def inverse_(self, a: Form) -> Form:
        if not a:
            raise Undefined("division by zero")
        if len(a) > 1:
            return {frozenset({(("sum", frozenset(a.items())), Fraction(-1))}): Fraction(1)}
        ((m, c),) = a.items()
        return self.mul_({frozenset((x, -r) for x, r in m): 1 / c}, self.one)  # which brings exponents of numbers into [0, 1)

    def log_(self, a: Form) -> Form:
        if not a or (len(a) == 1 and next(iter(a.values())) < 0):
            raise Undefined("the logarithm of a number that is not positive")
        if len(a) == 1:
            ((m, c),) = a.items()
            result = self._log_number(c)
            for atom, r in m:
                result = self.add_(result, self.mul_({UNIT: r}, self._log_atom(atom)))
            return result
        shift = min((dict(m).get("e", Fraction(0)) for m in a), default=Fraction(0))
        lead = abs(next(c for m, c in sorted(a.items(), key=lambda t: sorted(map(repr, t[0])))))
        inner = self.mul_(a, {frozenset({("e", -shift)} if shift else ()): 1 / lead})
        opaque: Form = {frozenset({(("log", frozenset(inner.items())), Fraction(1))}): Fraction(1)}
        return self.add_(self.add_(self.number(shift), self._log_number(lead)), opaque)

    def _log_number(self, c: Fraction) -> Form:
        result: Form = {}
        for n, sign in ((c.numerator, 1), (c.denominator, -1)):
            if n.bit_length() > 96:
                raise Undecided("a number too large to factor")
            for p, k in fmpz(n).factor() if n > 1 else ():
                atom = frozenset({(("log", int(p)), Fraction(1))})
                result = self.add_(result, {atom: Fraction(sign * int(k))})
        return result

    def _log_atom(self, atom: Any) -> Form:
        if atom == "e":
            return self.one
        if type(atom) is int:
            return self._log_number(Fraction(atom))
        if type(atom) is tuple and atom[0] == "exp":
            return dict(atom[1])
        if atom == "pi":
            return {frozenset({(("log", "pi"), Fraction(1))}): Fraction(1)}
        raise Undecided("the logarithm of an atom whose sign is open")

    def exp_(self, a: Form) -> Form:
        result = self.one
        for m, c in a.items():
            atoms = list(m)
            if not atoms:
                factor: Form = {frozenset({("e", c)}): Fraction(1)}
            elif len(atoms) == 1 and atoms[0][1] == 1 and type(atoms[0][0]) is tuple and atoms[0][0][0] == "log":
                factor = self._exp_log(atoms[0][0][1], c)
            else:
                factor = {frozenset({(("exp", frozenset({(m, c)})), Fraction(1))}): Fraction(1)}
            result = self.mul_(result, factor)
        return result

    def _exp_log(self, inner: Any, c: Fraction) -> Form:
        """inner to the c."""
        if inner == "pi":
            return {frozenset({("pi", c)}): Fraction(1)}
        if type(inner) is int:
            return self.mul_({frozenset({(inner, c)}): Fraction(1)}, self.one)
        if c.denominator == 1 and 0 < c <= MAX_EXPONENT:
            return self._whole(dict(inner), int(c))
        return {frozenset({(("exp", frozenset({(frozenset({(("log", inner), Fraction(1))}), c)})), Fraction(1))}): Fraction(1)}

    def _whole(self, a: Form, n: int) -> Form:
        result = self.one
        for _ in range(n):
            result = self.mul_(result, a)
        return result

    def power_(self, a: Form, r: Form) -> Form:
        if not r:
            return self.one
        if set(r) == {UNIT} and r[UNIT].denominator == 1 and abs(r[UNIT]) <= MAX_EXPONENT:
            return self._whole(a if r[UNIT] > 0 else self.inverse_(a), abs(int(r[UNIT])))
        if not a:
            return self.zero
        return self.exp_(self.mul_(r, self.log_(a)))

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        return self.zero if w == {} else super().weighted_log(w, a, b)

    def sign(self, a: Any) -> int:
        form = ground(a)
        if not form:
            return 0
        if set(form) == {UNIT}:
            return 1 if form[UNIT] > 0 else -1
        raise Undecided("the sign of a closed value")


def equal(claim: Claim, left: Node, right: Node, at: Point) -> bool | None:
    """True where both sides have the same exact form; None where that is not seen."""
    free = {name for name, _ in claim.reading.free}
    field = Exact()
    names = {n: _form(v) for n, v in at.values.items() if n not in free}
    walker = Walker(field, claim.plan, names, dict(at.sizes), {n: v for n, v in at.values.items() if n in free})
    try:
        difference = field.add(walker.value(left), field.neg(walker.value(right)))
        return vanishes(field, difference)
    except (Undecided, Undefined, RecursionError):
        return None


def vanishes(field: Exact, form: Form) -> bool | None:
    """True if the form is zero once the sums it is divided by are multiplied through; None where that is not seen."""
    for _ in range(4 if form else 1):
        sums = {atom for m in form for atom, r in m if type(atom) is tuple and atom[0] == "sum"}
        if not sums:
            return True if not form else None
        atom = min(sums, key=repr)
        worst = max(-dict(m).get(atom, Fraction(0)) for m in form)
        if worst.denominator != 1 or not 0 < worst <= 8:
            return None
        total: Form = {}
        for m, c in form.items():
            powers = dict(m)
            left = worst + powers.pop(atom, Fraction(0))
            term = {frozenset(powers.items()): c}
            total = field.add_(total, field.mul_(term, field._whole(dict(atom[1]), int(left))))
        form = total
    return None


def _form(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_form, value))
    return value if type(value) in (int, PolynomialFamily) else ({UNIT: Fraction(value)} if value else {})


__all__ = ["UNIT", "Exact", "Form", "equal", "vanishes"]
