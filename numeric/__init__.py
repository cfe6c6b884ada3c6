"""Functions of information theory and classification losses, emitted from checked formulas; they need NumPy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .emitted import (
    binary_cross_entropy,
    cross_entropy,
    entropy,
    kl_divergence,
    relative_entropy,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)

if TYPE_CHECKING:
    from .emit import lambdify

__all__ = [
    "binary_cross_entropy",
    "cross_entropy",
    "entropy",
    "kl_divergence",
    "lambdify",
    "relative_entropy",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
]


def __getattr__(name: str) -> Any:
    if name == "lambdify":
        from .emit import lambdify

        return lambdify
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
