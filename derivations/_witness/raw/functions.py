"""The functions of the field, by their definitions; entropies and divergences keep 0·log(a/b) = 0 and are +∞ where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..._kernel.tree import Node
from ..family import PolynomialFamily
from ..jets import Undefined

if TYPE_CHECKING:
    from .walk import Walker


def softmax(self: Walker, z: list[Any]) -> list[Any]:
    """All entries of the softmax of z."""
    exps = [self.field.exp(a) for a in z]
    scale = self.field.inverse(self.total(exps))
    return [self.field.mul(e, scale) for e in exps]


def family(self: Walker, node: Node) -> Any:
    """The entry in the lane of the distribution which a family takes at a parameter."""
    chosen, parameter = self.names.get(node.args[0].args[0]), node.args[1]
    if type(chosen) is not PolynomialFamily:
        raise Undefined("a family stands for nothing here")
    key = (id(node), "all", *(self.indices.get(i) for i in self.plan.free(node)))
    if key not in self.memo:
        theta = self.vector(parameter)
        if len(theta) != chosen.parameters:
            raise Undefined("a family takes a vector of its parameters")
        self.memo[key] = softmax(self, [_exponent(self, monomials, theta) for monomials in chosen.outcomes])
    if not self.lane or not 1 <= self.lane[0] <= len(self.memo[key]):
        raise Undefined("a vector, where a number is expected")
    return self.memo[key][self.lane[0] - 1]


def _exponent(self: Walker, monomials: Any, theta: list[Any]) -> Any:
    """The value of one of the polynomials of a family."""
    field = self.field
    return self.total(self.product([field.number(c), *(theta[i] for i in indices)]) for c, indices in monomials)


def _sigmoid(field: Any, x: Any) -> Any:
    return field.inverse(field.add(field.one, field.exp(field.neg(x))))


def _tanh(field: Any, x: Any) -> Any:
    return field.add(field.mul(field.number(2), _sigmoid(field, field.mul(field.number(2), x))), field.number(-1))


def _softplus(field: Any, x: Any) -> Any:
    return field.log(field.add(field.one, field.exp(x)))


def _divergence(self: Walker, p: list[Any], q: list[Any]) -> Any:
    return self.total(self.field.weighted_log(a, a, b) for a, b in zip(p, q, strict=True))


def _cross(self: Walker, p: list[Any], q: list[Any]) -> Any:
    return self.field.neg(self.total(self.field.weighted_log(a, b, self.field.one) for a, b in zip(p, q, strict=True)))


def _jensen_shannon(self: Walker, p: list[Any], q: list[Any]) -> Any:
    half = self.field.inverse(self.field.number(2))
    m = [self.field.mul(half, self.field.add(a, b)) for a, b in zip(p, q, strict=True)]
    return self.field.mul(half, self.field.add(_divergence(self, p, m), _divergence(self, q, m)))


def _bernoulli(field: Any, y: Any, p: Any) -> Any:
    """p for y = 1 and 1 − p for y = 0; the reader lets no other y pass."""
    return field.add(field.mul(y, p), field.mul(field.add(field.one, field.neg(y)), field.add(field.one, field.neg(p))))


FUNCTION_VALUES: dict[str, Callable[..., Any]] = {
    "sigmoid": _sigmoid, "tanh": _tanh, "softplus": _softplus, "bernoulli": _bernoulli,
    "logsumexp": lambda self, z: self.field.log(self.total(self.field.exp(a) for a in z)),
    "H": lambda self, p: _cross(self, p, p), "CE": _cross, "D": _divergence, "JS": _jensen_shannon,
}  # fmt: skip

__all__ = ["FUNCTION_VALUES", "family", "softmax"]
