"""The functions of the field, by their textbook formulas; a weight that is zero makes its logarithm count as zero."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from . import values as v
from .values import NoValue, Unknown, Value

ZERO = Fraction(0)


def weighted_log(w: Value, a: Value, b: Value) -> Value:
    """w·log(a/b) for a weight that is never negative."""
    signs = [v.sign(x) for x in (w, a, b)]
    if None in signs:
        raise Unknown("a sign of a weighted logarithm")
    if -1 in signs[1:]:
        if signs[1] == signs[2] == -1:
            raise Unknown("a quotient of negative numbers")
        raise NoValue("a logarithm of a negative number")
    if signs[0] == 0:
        return ZERO
    if signs[0] == -1 and 0 in signs[1:]:
        raise NoValue("a logarithm of zero")
    if 0 in signs[1:]:
        raise NoValue("an infinite value")
    return v.mul(w, v.add(v.log(a), v.neg(v.log(b))))


def _total(found: list[Value]) -> Value:
    total: Value = ZERO
    for x in found:
        total = v.add(total, x)
    return total


def _cross(p: Any, q: Any) -> Value:
    return v.neg(_total([weighted_log(a, b, Fraction(1)) for a, b in zip(p, q, strict=True)]))


def _divergence(p: Any, q: Any) -> Value:
    return _total([weighted_log(a, a, b) for a, b in zip(p, q, strict=True)])


def _jensen_shannon(p: Any, q: Any) -> Value:
    half = Fraction(1, 2)
    m = [v.mul(half, v.add(a, b)) for a, b in zip(p, q, strict=True)]
    return v.mul(half, v.add(_divergence(p, m), _divergence(q, m)))


def _sigmoid(x: Value) -> Value:
    return v.div(Fraction(1), v.add(Fraction(1), v.exp(v.neg(x))))


def _tanh(x: Value) -> Value:
    up, down = v.exp(x), v.exp(v.neg(x))
    return v.div(v.add(up, v.neg(down)), v.add(up, down))


def _bernoulli(y: Value, p: Value) -> Value:
    if y not in (0, 1):
        raise NoValue("a Bernoulli variable is 0 or 1")
    return p if y == 1 else v.add(Fraction(1), v.neg(p))


#: What each function of the field is at its arguments.
FUNCTIONS: dict[str, Any] = {
    "sigmoid": _sigmoid, "tanh": _tanh, "softplus": lambda x: v.log(v.add(Fraction(1), v.exp(x))),
    "logsumexp": lambda z: v.log(_total([v.exp(x) for x in z])), "H": lambda p: _cross(p, p), "CE": _cross, "D": _divergence,
    "JS": _jensen_shannon, "bernoulli": _bernoulli,
}  # fmt: skip

__all__ = ["FUNCTIONS", "weighted_log"]
