"""Choices from menus, the simple ones first."""

from __future__ import annotations

from collections.abc import Iterator


def places(lengths: list[int]) -> Iterator[tuple[int, ...]]:
    """A place in each menu, in the order of how far down they are in all."""
    for rank in range(sum(length - 1 for length in lengths) + 1):
        yield from _at_rank(rank, lengths)


def _at_rank(rank: int, lengths: list[int]) -> Iterator[tuple[int, ...]]:
    if not lengths:
        if rank == 0:
            yield ()
        return
    for k in range(min(rank, lengths[0] - 1) + 1):
        for rest in _at_rank(rank - k, lengths[1:]):
            yield (k, *rest)


__all__ = ["places"]
