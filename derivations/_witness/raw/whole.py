"""An exponent is whole where its value is a whole number, however it is written: 3, log₂ 8, e^(log 3), n·log₂ 2.

This is the definition, of which every use of the word is a special case: a^r has a value for a ≤ 0 as soon as the value of
r is a whole number (with a ≠ 0 for r < 0), and for a = 0 where r > 0; for a > 0 it has one always.

It is decided by the normal form of the exponent (:mod:`.exact`), every step of which is an identity of real numbers; never
by digits: a ball without a whole number in it says no, a ball around one says nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from ..._kernel.tree import Node, parts
from ..family import PolynomialFamily
from ..jets import Undecided, Undefined
from .exact import UNIT, Exact, Form, vanishes
from .growth import ball
from .plan import Plan
from .walk import Walker

#: Beyond this, a ball is not looked at for a whole number.
LARGEST = 2**50
#: Bits at which a closed exponent is looked at.
PRECISIONS = (192, 1152)


def settled(walker: Walker, node: Node, value: arb) -> fmpq | arb:
    """The value of an exponent at a point: the whole number in the ball, if the exact form of ``node`` is that number."""
    whole = the_whole_number(value)
    if whole is None:
        return value
    field = Exact()
    inner = Walker(field, walker.plan, {n: _form(v) for n, v in walker.names.items()}, walker.sizes, walker.indices)
    inner.lane = walker.lane
    return fmpq(whole) if is_number(field, lambda: inner.value(node), Fraction(whole)) else value


def the_whole_number(value: arb) -> int | None:
    """The whole number in a ball, if there is just one and it is not very large."""
    if not (value.abs_upper() < LARGEST and value.rad() < fmpq(1, 4)):
        return None
    whole = round(float(value.mid()))  # unique_fmpz ends the process at radii with a very large exponent
    return whole if value.contains(whole) else None


def is_number(field: Exact, form: Any, number: Fraction) -> bool:
    """Whether the form which ``form()`` gives is seen to be the number.

    What it is divided by must be known not to be zero, as it is where balls have found a value.
    """
    try:
        return vanishes(field, field.add(form(), field.number(-number))) is True
    except (Undecided, Undefined, RecursionError):
        return False


def always_whole(node: Node, wholes: Collection[str]) -> bool | None:
    """Whether an exponent is whole wherever it has a value: True, False for never, None where that is not seen.

    ``wholes`` names what stands for whole numbers: sizes, labels, bits. Indices do so too. True means that the normal form is
    a polynomial in these with whole coefficients, or a whole number; False, that it is a number which is not whole.
    """
    field = Exact()
    opened = _without_indices(node)
    names = {name: {frozenset({(("whole", name), Fraction(1))}): Fraction(1)} for name in (*wholes, *_indices(node))}
    try:
        form = field.add(Walker(field, Plan(opened), names, {}).value(opened), field.zero)
    except (Undecided, Undefined, RecursionError):
        return None
    if all(_is_monomial(m) and c.denominator == 1 for m, c in form.items()):
        return True
    if any(p.kind == "name" for p in parts(opened)):
        return None
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            try:
                value = ball(form)
            except (ArithmeticError, ValueError):
                return None
            if not value.contains_integer():
                return False
            whole = the_whole_number(value)
            if whole is not None and is_number(field, lambda: form, Fraction(whole)):
                return True
    return None


def _is_monomial(m: frozenset[tuple[Any, Fraction]]) -> bool:
    return all(type(atom) is tuple and atom[0] == "whole" and r.denominator == 1 and r > 0 for atom, r in m)


def _name(index: str) -> str:
    return f"index {index}"


def _indices(node: Node) -> set[str]:
    if node.kind == "index":
        return {_name(node.args[0])}
    return set().union(*map(_indices, node.children))


def _without_indices(node: Node) -> Node:
    """``node`` with names in place of its indices; a sum over one of them has no value then."""
    if node.kind == "index":
        return Node("name", (_name(node.args[0]),))
    return Node(node.kind, tuple(_without_indices(a) if type(a) is Node else a for a in node.args), node.span)


def _form(value: Any) -> Any:
    """A value at a point as a form; None for what has none."""
    if type(value) is tuple:
        return tuple(map(_form, value))
    if type(value) is fmpq:
        number = Fraction(int(value.p), int(value.q))
        return {UNIT: number} if number else {}
    return value if type(value) in (int, PolynomialFamily) else None


__all__ = ["Form", "always_whole", "is_number", "settled", "the_whole_number"]
