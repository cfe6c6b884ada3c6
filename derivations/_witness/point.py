"""A point holds exact values only: whole numbers, fractions, (nested) tuples of fractions, and families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import fmpq

from .._kernel.terms import IllFormed
from .family import PolynomialFamily


@dataclass(frozen=True)
class Point:
    """Exact values for the sizes and the variables of a scope.

    Fractions for scalars, (nested) tuples of them for vectors and arrays, whole numbers from 1 for indices.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.sizes.items())), tuple(sorted((k, hash(v)) for k, v in self.values.items()))))

    def as_dict(self) -> dict[str, Any]:
        """All names and their values in one dictionary."""
        return {**self.sizes, **self.values}

    def __str__(self) -> str:
        return ", ".join(f"{name} = {_text(value)}" for name, value in self.as_dict().items())


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))})"
    return str(value)


def exact(value: Any) -> Any:
    """A value of a point in the evaluator's rationals; indices and families stay what they are."""
    if type(value) is Fraction:
        return fmpq(value.numerator, value.denominator)
    if type(value) is tuple:
        return tuple(exact(v) for v in value)
    if type(value) in (int, PolynomialFamily):
        return value
    raise IllFormed(f"{value!r} is not an exact value")
