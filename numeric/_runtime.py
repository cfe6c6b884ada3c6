"""What every emitted function does before and after its formula: shapes and dtypes in, units and reduction out.

Arrays enter as float64 with the index axes last and contiguous, so a result does not depend on ``axis`` or on memory
layout; float32 is computed in float64 and rounded once.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

Core = tuple[str | int, ...]  #: sizes of the index axes of an input; a name is bound to the length which is found
REDUCTIONS = ("none", "mean", "sum")


class Call:
    """One call of an emitted function: its inputs, their common batch shape, sizes and result dtype."""

    __slots__ = ("arrays", "axis", "batch", "dtype", "ndim", "sizes")

    def __init__(
        self, axis: int = -1, *, labels: tuple[str, ...] = (), given: dict[str, int] | None = None, **inputs: tuple[Any, Core]
    ) -> None:
        raw = {name: self._array(name, value, name in labels) for name, (value, _) in inputs.items()}
        cores = {name: () if name in labels else core for name, (_, core) in inputs.items()}
        for name, core in cores.items():
            if raw[name].ndim < len(core):
                raise ValueError(f"{name} has the shape {raw[name].shape}: it needs {len(core)} axis for its entries")
        self.dtype = _result_type(
            [raw[n].dtype for n, (value, _) in inputs.items() if n not in labels and type(value) not in (int, float, bool)]
        )
        rank = max(map(len, cores.values()), default=0)
        self.ndim = max((a.ndim + (rank == 1 and not cores[name]) for name, a in raw.items()), default=0)
        self.axis = self._axis(axis) if rank == 1 else -1
        self.sizes: dict[str | int, int] = {length: operator.index(n) for length, n in (given or {}).items()}
        for length, n in self.sizes.items():
            if n < 1:
                raise ValueError(f"{length} is a length, a whole number ≥ 1, not {n}")
        seen: dict[str | int, str] = {}
        arrays: dict[str, Any] = {}
        for name, core in cores.items():
            a = raw[name]
            if rank == 1 and core:
                a = np.moveaxis(a.reshape((1,) * (self.ndim - a.ndim) + a.shape), self.axis, -1)
            for size, length in zip(core, a.shape[a.ndim - len(core) :], strict=True):
                if length == 0:
                    raise ValueError(f"{name} has the shape {raw[name].shape}: its class axis is empty")
                want = size if isinstance(size, int) else self.sizes.setdefault(size, length)
                if length != want:
                    other = f"{seen[size]} has the shape {raw[seen[size]].shape}" if size in seen else f"the formula has {want}"
                    raise ValueError(f"{name} has the shape {raw[name].shape}, with {length} entries where {other}")
                seen.setdefault(size, name)
            arrays[name] = np.asarray(a, dtype=np.intp if name in labels else np.float64, order="C")
        try:
            self.batch = np.broadcast_shapes(*(a.shape[: a.ndim - len(cores[name])] for name, a in arrays.items()))
        except ValueError:
            shapes = ", ".join(f"{name} {a.shape}" for name, a in raw.items())
            raise ValueError(f"the shapes do not fit together: {shapes}") from None
        for name in labels:
            count = self.sizes.get(inputs[name][1][0], inputs[name][1][0])
            c = arrays[name]
            if isinstance(count, int) and c.size and (c.min() < 0 or c.max() >= count):
                raise ValueError(f"{name} has labels outside 0, …, {count - 1}")
        self.arrays = tuple(arrays.values())

    @staticmethod
    def _array(name: str, value: Any, label: bool) -> Any:
        a = np.asarray(value)
        if label and a.dtype.kind not in "iu":
            raise TypeError(f"{name} holds labels 0, …, K−1, whole numbers, not {a.dtype}")
        if a.dtype.kind not in "fiub":
            raise TypeError(f"{name} holds real numbers, not {a.dtype}")
        return a

    def _axis(self, axis: int) -> int:
        axis = operator.index(axis)
        if not -self.ndim <= axis < self.ndim:
            raise ValueError(f"axis {axis} is out of range for inputs of {self.ndim} dimensions")
        return axis % self.ndim

    def finish(
        self,
        value: Any,
        *,
        free: tuple[str | int, ...] = (),
        base: float | None = None,
        reduction: str = "none",
        weight: Any = None,
    ) -> Any:
        """The result: unit, weights, reduction over the batch; ``free`` are the sizes of the axes which it keeps."""
        shape = self.batch + tuple(size if isinstance(size, int) else self.sizes[size] for size in free)
        with np.errstate(all="ignore"):
            value = np.asarray(value, dtype=np.float64)
            if value.shape != shape or any(np.may_share_memory(value, a) for a in self.arrays):
                value = np.array(np.broadcast_to(value, shape))
            if base is not None:
                value = value / _log_base(base)
            value = _reduced(value, reduction, weight)
            value = value.astype(self.dtype, copy=False) + 0.0  # a zero has no sign
        if len(free) == 1:
            value = np.moveaxis(value, -1, self.axis)
        elif free and self.axis >= 0:
            value = np.moveaxis(value, range(-len(free), 0), range(self.axis, self.axis + len(free)))
        return value[()]


def _result_type(types: list[Any]) -> Any:
    """float32 (float16) if every floating array is; Python numbers, integers and labels have no say; else float64."""
    floating = [t for t in types if t.kind == "f"]
    found = np.result_type(*floating) if floating else np.dtype(np.float64)
    return found if found.itemsize < 8 else np.dtype(np.float64)


def _log_base(base: float) -> float:
    base = float(base)
    if not 0.0 < base < float("inf") or base == 1.0:
        raise ValueError(f"the base of a logarithm is a number > 0 and ≠ 1, not {base}")
    return float(np.log(base))


def _reduced(value: Any, reduction: str, weight: Any) -> Any:
    if reduction not in REDUCTIONS:
        raise ValueError(f"no reduction {reduction!r}; there are {', '.join(map(repr, REDUCTIONS))}")
    total: Any = value.size
    if weight is not None:
        weight = np.asarray(weight)
        if weight.dtype.kind not in "fiub":
            raise TypeError(f"weight holds real numbers, not {weight.dtype}")
        try:
            weight = np.broadcast_to(weight.astype(np.float64), value.shape)
        except ValueError:
            raise ValueError(f"weight has the shape {weight.shape}, the values have the shape {value.shape}") from None
        if np.any(weight < 0.0):
            raise ValueError("a weight is negative")
        value = np.where((weight == 0.0) & ~np.isnan(value), 0.0, weight * value)  # a sample of weight 0 does not count
        total = np.sum(weight)
    if reduction == "none":
        return value
    if reduction == "mean" and total == 0:
        raise ValueError("the mean of an empty batch, or with weights that add up to 0, is not defined")
    whole = np.sum(value)
    return np.asarray(whole / total if reduction == "mean" else whole)


def require(holds: Any, name: str, words: str) -> None:
    """Raise ValueError, naming the first place, unless ``holds`` is true everywhere."""
    holds = np.asarray(holds)
    if not holds.all():
        place = tuple(int(i) for i in np.argwhere(~holds)[0])
        raise ValueError(f"{name} is not {words}" + (f" (first at index {place})" if place else ""))


def adds_up(a: Any, rank: int, dtype: Any) -> Any:
    """Whether the entries over the last ``rank`` axes add up to 1, within the square root of the precision of the input."""
    slack = float(np.sqrt(np.finfo(dtype).eps))
    return np.abs(np.sum(a, axis=tuple(range(-rank, 0))) - 1.0) <= slack
