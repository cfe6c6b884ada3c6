"""Sizes beyond the usual ones: up to 12 where that is cheap, those a claim points at, those at which a side has grown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from math import isfinite, log2, sqrt
from random import Random
from typing import Any

from ..._kernel.tree import Node, parts
from .critical import SOLVED_SIZES, Critical
from .points import some

#: All sizes up to this one are looked at, and then some.
ALL, THEN = 12, (16, 32, 64)
#: The largest sizes that are looked at; the largest where a loop runs up to them, and where a vector is as long.
FAR, FAR_LOOP, FAR_VECTOR = 2**60, 2**15, 2**10
#: Sizes that are looked for: where a loop runs up to them, and where none does.
MAX_LOOP, MAX_SIZE = 400, 10**9
#: Choices of sizes that are combined from those of one size.
COMBINED = 64
#: The first of the doublings.
START = 16


def beyond(critical: Critical, usual: list[dict[str, int]]) -> list[dict[str, int]]:
    """Sizes to try after the usual ones, the smallest first."""
    names = critical.sizes
    if not names:
        return []
    top = max(max(choice.values()) for choice in usual)
    found = {tuple(choice.values()): None for choice in special_sizes(critical)}
    for n in range(top + 1, ALL + 1):
        found[tuple(n for _ in names)] = None
        if len(names) > 1:
            found.update({tuple(n if s == name else 2 for s in names): None for name in names})
    if len(names) == 1:
        found.update({(n,): None for n in THEN})
    known = {tuple(choice.values()) for choice in usual}
    return [dict(zip(names, t, strict=True)) for t in sorted(found, key=lambda t: (sum(t), t)) if t not in known]


def special_sizes(critical: Critical) -> list[dict[str, int]]:
    """Sizes at which equations in them hold, and those next to these, each with the other sizes small."""
    literals = sorted({int(p.args[0]) for p in parts(critical.claim.tree) if _is_size(p)})[:4] if critical.sizes else []
    found: dict[tuple[int, ...], None] = {}
    wide: list[list[int]] = []
    critical.left = SOLVED_SIZES
    for name in critical.sizes:
        top = MAX_LOOP if name in critical.loops else MAX_SIZE
        wanted = {k + d for k in literals for d in (0, 1)}
        for other in (2, 3):
            if other == 2 or len(critical.sizes) > 1:
                wanted |= critical.roots_of_size(name, other)
        wide.append(sorted(n for n in wanted if 1 <= n <= top))
        for n in wide[-1]:
            for other in (2, 3) if len(critical.sizes) > 1 else (1,):
                found[tuple(n if s == name else other for s in critical.sizes)] = None
            if len(critical.sizes) > 1 and n <= MAX_LOOP:
                found[tuple(n for _ in critical.sizes)] = None
    if len(critical.sizes) > 1:
        found.update(dict.fromkeys(islice(product(*wide), COMBINED)))
    return [dict(zip(critical.sizes, choice, strict=True)) for choice in sorted(found, key=lambda t: (sum(t), t))]


def _is_size(node: Node) -> bool:
    return node.kind == "number" and node.args[0].denominator == 1 and 7 <= node.args[0] <= MAX_LOOP


def grown(
    critical: Critical, gap: Callable[[dict[str, int], dict[str, Any]], float], rng: Random, loops: bool
) -> Iterator[tuple[dict[str, int], dict[str, Any]]]:
    """Points at the smallest sizes where ``gap`` is found to be positive, by doubling a size and halving the step back.

    A size that a loop runs up to is doubled as long as the gap grows fast enough; without ``loops`` it is left alone.
    """
    scope = critical.claim.reading.scope
    ways = [(name,) for name in critical.sizes] + ([tuple(critical.sizes)] if len(critical.sizes) > 1 else [])
    for way in ways:
        looping = any(name in critical.loops for name in way)
        if looping and not loops:
            continue
        far = FAR_VECTOR if any(name in critical.lengths for name in way) else FAR_LOOP if looping else FAR
        for which in range(2 if critical.domains else 1):

            def at(n: int, way: tuple[str, ...] = way, which: int = which) -> tuple[dict[str, int], dict[str, Any]]:
                sizes = {name: n if name in way else 2 for name in critical.sizes}
                return sizes, some(scope, sizes, rng, which + 1)[which]

            n, before = START, gap(*at(START // 2))
            while n <= far:
                here = gap(*at(n))
                if not isfinite(here) and looping:
                    break
                if here > 0:
                    low, high = n // 2, n
                    while high - low > 1:
                        middle = (low + high) // 2
                        low, high = (low, middle) if gap(*at(middle)) > 0 else (middle, high)
                    yield at(high)
                    break
                if looping and not -here < _reached(here - before, log2(far / n)):
                    break
                n, before = 2 * n, here


def _reached(step: float, doublings: float) -> float:
    """How far a gap comes that grew by ``step`` when a size was doubled, if it grows like the root of the size."""
    return step * sqrt(2) * float(2 ** (doublings / 2) - 1) / (sqrt(2) - 1)


__all__ = ["beyond", "grown", "special_sizes"]
