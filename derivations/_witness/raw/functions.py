"""The functions of the field, by their definitions; entropies and divergences keep 0·log(a/b) = 0 and are +∞ where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .walk import Walker


def softmax(self: Walker, z: list[Any]) -> list[Any]:
    """All entries of the softmax of z."""
    exps = [self.field.exp(a) for a in z]
    scale = self.field.inverse(self.total(exps))
    return [self.field.mul(e, scale) for e in exps]


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

__all__ = ["FUNCTION_VALUES", "softmax"]
