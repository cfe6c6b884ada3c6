"""Machine numbers look where a claim may fail; what they find is a guess, which balls try again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import inf, isfinite, nan
from typing import Any

from ..._kernel.domains import Domain
from ..._kernel.tree import Node
from ..jets import Undecided, Undefined
from .fields import ground
from .floats import Floats
from .plan import Plan
from .walk import Walker

#: Turns of loops, times points, that a scout may take in all; a claim without loops counts as this many turns.
MAX_WORK, PLAIN_TURNS = 4_000_000, 10
#: Domains whose elements are no numbers: a batch is of points which agree in them.
APART = ("Index", "Family")
_ORDER = {"<=": 1, "<": 1, ">=": -1, ">": -1}


def batch(points: Sequence[dict[str, Any]], domains: Sequence[tuple[str, Domain]]) -> dict[str, Any]:
    """Many points as machine numbers: every entry of every variable a list, one number for every point."""

    def stacked(values: list[Any]) -> Any:
        if type(values[0]) is tuple:
            return tuple(stacked([v[k] for v in values]) for k in range(len(values[0])))
        return [_float(v) for v in values]

    return {name: stacked([p[name] for p in points]) for name, d in domains if d.name not in APART}


def _float(x: Fraction) -> float:
    try:
        return float(x)
    except OverflowError:
        return nan


class Scout:
    """The links of a chain evaluated in machine numbers; there is a limit to its ``work``."""

    def __init__(self, plan: Plan, chain: Node) -> None:
        self.plan, self.field, self.work = plan, Floats(), 0
        self.relations: tuple[str, ...] = chain.args[0]
        self.sides: tuple[Node, ...] = chain.args[1:]

    def excess(
        self, names: dict[str, Any], sizes: dict[str, int], indices: dict[str, int], count: int
    ) -> tuple[list[float], list[float]]:
        """How far the worst link fails, and how far in proportion to its sides, at every point; nan where there is no value.

        Positive where it fails; for ``=`` the distance, for ``!=`` minus the distance.
        """
        if self.work > MAX_WORK:
            return [nan] * count, [nan] * count
        walker = Walker(self.field, self.plan, names, sizes, indices)
        try:
            values = [ground(walker.value(side)) for side in self.sides]
        except (Undefined, Undecided, OverflowError, ZeroDivisionError, RecursionError):
            return [nan] * count, [nan] * count
        finally:
            self.work += (walker.turns[0] + PLAIN_TURNS) * count
        columns = [v if type(v) is list else [v] * count for v in values]
        links = list(zip(self.relations, pairwise(columns), strict=True))
        gaps, ratios = [], []
        for k in range(count):
            worst, ratio = -inf, -inf
            for relation, (left, right) in links:
                a, b = left[k], right[k]
                gap = _ORDER[relation] * (a - b) if relation in _ORDER else abs(a - b) if relation == "=" else -abs(a - b)
                if not isfinite(gap):
                    worst = nan
                    break
                if gap > worst:
                    worst, ratio = gap, gap / (abs(a) + abs(b) + 1e-300)
            gaps.append(worst)
            ratios.append(ratio if worst == worst else nan)
        return gaps, ratios


__all__ = ["APART", "MAX_WORK", "Scout", "batch"]
