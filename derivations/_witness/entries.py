"""The value of a vector or an array is a tuple of entries, or of such tuples; these functions go through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from flint import fmpq


def flat(value: Any) -> list[Any]:
    """All entries, in order."""
    return [e for v in value for e in flat(v)] if type(value) is tuple else [value]


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every entry changed."""
    return tuple(mapped(v, change) for v in value) if type(value) is tuple else change(value)


def refilled(value: Any, entries: Iterator[Any]) -> Any:
    """The value with other entries."""
    return mapped(value, lambda _: next(entries))


def scaled(value: Any, factor: Any) -> Any:
    """The value with every entry multiplied."""
    return mapped(value, lambda e: e * factor)


def plain(value: Any) -> Any:
    """The value with fractions for entries."""
    return mapped(value, lambda e: Fraction(int(e.p), int(e.q)) if type(e) is fmpq else e)


def replaced(value: Any, place: tuple[int, ...], fresh: Any) -> Any:
    """The value with another entry at a place, counted from 1."""
    if not place:
        return fresh
    k = place[0] - 1
    return (*value[:k], replaced(value[k], place[1:], fresh), *value[k + 1 :])


__all__ = ["flat", "mapped", "plain", "refilled", "replaced", "scaled"]
