"""Textbook implementations in plain NumPy, written from the definitions and independent of everything emitted.

Each gives the value and its *scale*, the sum of the absolute values of what is added up: where the value is much smaller
than its scale, or either is not finite, a textbook form has cancelled or overflowed and says nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Textbook(NamedTuple):
    """A value by the definition, and the scale of its terms."""

    value: Any
    scale: Any

    def trusted(self, part: float = 1e-3) -> Any:
        """Where nothing overflowed and at most a factor 1/``part`` was lost to cancellation."""
        with np.errstate(all="ignore"):
            return np.isfinite(self.value) & np.isfinite(self.scale) & (np.abs(self.value) >= part * self.scale)


def _w_log(w: Any, a: Any) -> Any:
    """w log a, with 0 log 0 = 0."""
    with np.errstate(all="ignore"):
        return np.where(w == 0, 0.0, w * np.log(a))


def _summed(terms: Any) -> Textbook:
    with np.errstate(all="ignore"):
        return Textbook(terms.sum(axis=-1), np.abs(terms).sum(axis=-1))


def entropy(p: Any) -> Textbook:
    """H(p) = −Σ p log p."""
    return _summed(-_w_log(p, p))


def cross_entropy(p: Any, q: Any) -> Textbook:
    """H(p, q) = −Σ p log q."""
    return _summed(-_w_log(p, q))


def relative_entropy(p: Any, q: Any) -> Textbook:
    """D(p‖q) = Σ p log p − Σ p log q."""
    return _summed(np.concatenate([_w_log(p, p), -_w_log(p, q)], axis=-1))


def kl_divergence(p: Any, q: Any) -> Textbook:
    """Σ (p log p − p log q − p + q)."""
    return _summed(np.concatenate([_w_log(p, p), -_w_log(p, q), -p, q], axis=-1))


def binary_cross_entropy(y: Any, p: Any) -> Textbook:
    """−y log p − (1 − y) log(1 − p); the logarithm of 1 − p has lost the digits that 1 − p has lost."""
    terms = np.stack([-_w_log(y, p), -_w_log(1 - y, 1 - p)], axis=-1)
    value, scale = _summed(terms)
    return Textbook(value, scale + np.where(p < 1e-3, np.inf, 0.0))


def softmax(z: Any) -> Textbook:
    """exp z / Σ exp z."""
    with np.errstate(all="ignore"):
        e = np.exp(z)
        value = e / e.sum(axis=-1, keepdims=True)
    return Textbook(value, np.where(value > 0, value, np.inf))


def softmax_cross_entropy(z: Any, y: Any) -> Textbook:
    """−Σ y log(exp z / Σ exp z); log s has lost what s near 1 has lost."""
    s = softmax(z).value
    value, scale = _summed(-_w_log(y, s))
    return Textbook(value, np.maximum(scale, y.sum(axis=-1) * np.where(np.isnan(s).any(axis=-1), np.inf, 1.0)))


def softmax_cross_entropy_grad(z: Any, y: Any) -> Textbook:
    """(Σ y) softmax(z) − y."""
    first = y.sum(axis=-1, keepdims=True) * softmax(z).value
    return Textbook(first - y, np.where(first > 0, first + y, np.inf))
