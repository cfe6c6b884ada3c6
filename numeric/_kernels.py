"""The elementwise and last-axis functions which emitted source calls; each is defined at infinity and nan only for nan.

They are called inside ``np.errstate(all="ignore")``: a division by zero here is an infinity that is meant.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any  #: float64 array or scalar
#: 1/3, 1/5, … of the series of artanh; with r² ≤ 1/9 the first term left out is below 2⁻⁶⁰ of the value.
_ARTANH = tuple(1.0 / (2 * k + 3) for k in range(18))


def log_ratio(a: Array, b: Array) -> Array:
    """log(a/b) for a, b ≥ 0, with a relative error of a few ulp also where a is near b.

    Between b/2 and 2b the difference a − b is exact, so log1p((a − b)/b) has no cancellation. Where the quotient would
    overflow or be subnormal, the difference of two logarithms is large and has none either.
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    ratio = a / b
    near = (ratio > 0.5) & (ratio < 2.0)
    tame = (ratio > 1e-300) & (ratio < 1e300)
    return np.where(near, np.log1p((a - b) / b), np.where(tame, np.log(ratio), np.log(a) - np.log(b)))


def xlog(w: Array, a: Array, b: Array | None = None) -> Array:
    """w·log(a/b), 0 where w = 0 (also for a = 0 or b = 0), +∞ where w, a > 0 = b, −∞ where w, b > 0 = a."""
    known = ~(np.isnan(a) if b is None else np.isnan(a) | np.isnan(b))
    return np.where(np.equal(w, 0.0) & known, 0.0, w * (np.log(a) if b is None else log_ratio(a, b)))


def weighted(w: Array, x: Array) -> Array:
    """w·x, 0 where w = 0, for x = ±∞ too."""
    return np.where(np.equal(w, 0.0) & ~np.isnan(x), 0.0, w * x)


def bregman(w: Array, v: Array) -> Array:
    """w log(w/v) − w + v ≥ 0, exactly 0 where w = v, v where w = 0, +∞ where v = 0 < w.

    Near w = v it is w·(s − log1p s) with s = (v − w)/w, and s − log1p s = r·(s − 2r²·(1/3 + r²/5 + …)) with r = s/(2 + s),
    from log1p s = 2 artanh r: no difference of near numbers is taken.
    """
    w, v = np.asarray(w, dtype=np.float64), np.asarray(v, dtype=np.float64)
    gap = v - w
    s = gap / w
    close = np.abs(s) <= 0.5
    s = np.where(close, s, 0.0)
    r = s / (2.0 + s)
    square = r * r
    series = np.zeros(np.shape(r))
    for coefficient in reversed(_ARTANH):
        series *= square
        series += coefficient
    near = w * (r * (s - 2.0 * square * series))
    far = np.maximum(w * log_ratio(w, v) + gap, 0.0)
    return np.where((w == 0.0) & ~np.isnan(v), v, np.where(close, near, far))


def softplus(x: Array) -> Array:
    """log(1 + eˣ)."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def sigmoid(x: Array) -> Array:
    """1/(1 + e⁻ˣ)."""
    small = np.exp(-np.abs(x))
    return np.where(np.greater_equal(x, 0.0), 1.0, small) / (1.0 + small)


def _shifted(a: Array) -> tuple[Array, Array]:
    """The maximum of each row, and the row minus it; entries equal to the maximum give 0, infinite ones too."""
    top = np.max(a, axis=-1, keepdims=True)
    return top, np.where(a == top, 0.0, a - top)


def _log_rest(shift: Array) -> Array:
    """log Σ exp(shift), where one entry of each row is 0: that one is the 1 in log1p, so small rests keep their digits."""
    e = np.exp(shift)
    np.put_along_axis(e, np.argmax(shift, axis=-1, keepdims=True), 0.0, axis=-1)
    return np.log1p(np.sum(e, axis=-1, keepdims=True))


def logsumexp(a: Array) -> Array:
    """log Σ exp(a) over the last axis."""
    top, shift = _shifted(a)
    return np.sum(top + _log_rest(shift), axis=-1)


def softmax(a: Array) -> Array:
    """exp(a) / Σ exp(a) along the last axis."""
    e = np.exp(_shifted(a)[1])
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(a: Array) -> Array:
    """log softmax(a) along the last axis; never positive."""
    shift = _shifted(a)[1]
    return shift - _log_rest(shift)


def gather(a: Array, labels: Array, rank: int) -> Array:
    """The entry at ``labels`` of the last axis of ``a``, which has ``rank`` index axes before that one."""
    index = labels.reshape(labels.shape + (1,) * (rank + 1))
    ndim = max(a.ndim, index.ndim)
    a, index = a.reshape((1,) * (ndim - a.ndim) + a.shape), index.reshape((1,) * (ndim - index.ndim) + index.shape)
    return np.take_along_axis(a, index, axis=-1)[..., 0]


def permute(a: Array, order: tuple[int, ...]) -> Array:
    """The last axes of ``a`` in another order."""
    first = a.ndim - len(order)
    return np.transpose(a, (*range(first), *(first + k for k in order)))
