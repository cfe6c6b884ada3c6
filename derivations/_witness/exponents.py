"""The exponent of a term is whole where its value is, which its exact form tells (:mod:`.raw.whole`)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from .._kernel.terms import Term
from .jets import Undecided


def exponent_of(evaluator: Any, t: Term) -> Any:
    """The value of an exponent: the whole number in a ball, if the exact form of the term is that number."""
    value = evaluator.value(t)
    if type(value) is not arb or not value.contains_integer():
        return value
    from .raw.exact import Exact
    from .raw.whole import is_number, the_whole_number

    whole = the_whole_number(value)
    if whole is None:
        return value
    field = Exact()
    return fmpq(whole) if is_number(field, lambda: _form(field, evaluator, t), Fraction(whole)) else value


def _form(field: Any, evaluator: Any, t: Term) -> Any:
    if t.op == "const":
        return field.pi() if t.args[0] == "pi" else field.infinity()
    if t.op in _RULES:
        return _RULES[t.op](field, *(_form(field, evaluator, a) for a in t.args))
    value = evaluator.value(t)
    if type(value) is not fmpq:
        raise Undecided("no exact form")
    return field.number(Fraction(int(value.p), int(value.q)))


def _added(field: Any, *forms: Any) -> Any:
    total = field.zero
    for form in forms:
        total = field.add(total, form)
    return total


def _multiplied(field: Any, *forms: Any) -> Any:
    total = field.one
    for form in forms:
        total = field.mul(total, form)
    return total


_RULES: dict[str, Any] = {
    "add": _added,
    "mul": _multiplied,
    "pow": lambda field, a, r: field.power(a, r),
    "log": lambda field, a: field.log(a),
    "exp": lambda field, a: field.exp(a),
}

__all__ = ["exponent_of"]
