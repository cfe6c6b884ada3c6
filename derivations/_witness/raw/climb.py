"""A population of points climbs towards a place where an order relation fails, in machine numbers.

The best points are polished by an evolution whose covariance adapts to the shape of the hill, and rounded to fractions with
small denominators.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import exp, inf, isfinite, log, log10, prod, sqrt
from random import Random
from typing import Any

from ..._kernel.domains import Domain
from ..sample import inside, shape, shaped
from .scout import Scout

DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 30, 50, 100, 1000, 10**4, 10**6, 10**9)
POPULATION, ROUNDS, KEPT = 96, 20, 3
#: The best points are polished when the claim is this close to failing there, in proportion to its sides.
CLOSE, GENERATIONS, SAMPLES = 0.3, 60, 20
#: Beyond this, a machine number is whole.
LARGEST = 2.0**53
Row = list[float]


class Climber:
    """A population of points of a domain which moves towards places where a claim fails."""

    def __init__(
        self, scout: Scout, labels: dict[str, int], domains: Sequence[tuple[str, Domain]], sizes: dict[str, int], seed: int
    ) -> None:
        self.scout, self.labels, self.sizes = scout, labels, sizes
        self.domains = [(name, d, shape(d, sizes)) for name, d in domains]
        self.rng = Random(seed)
        self.width = sum(prod(dims) for _, _, dims in self.domains)

    def decoded(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Real parameters, one row for every point, as points of the domain."""
        names: dict[str, Any] = {}
        at = 0
        for name, domain, dims in self.domains:
            count = prod(dims)
            entries = [_inside(domain, row[at : at + count]) for row in rows]
            names[name] = shaped([list(column) for column in zip(*entries, strict=True)], dims)
            at += count
        return names

    def found(self, indices: dict[str, int], rounds: int = ROUNDS) -> list[dict[str, Any]]:
        """The best points after climbing, in machine numbers."""
        if not self.width:
            return []
        rng, half = self.rng, POPULATION // 2
        first = [self._row(rng.choice((0.3, 1.0, 3.0, 8.0))) for _ in range(3 * POPULATION)]
        scores = self._scores(first, indices)
        rows: list[Row] = []
        best: list[float] = []
        for kind in (0, 1):  # one half looks at how far the claim fails, the other at how far in proportion
            order = sorted(range(len(first)), key=lambda k: -scores[kind][k])[:half]
            rows += [first[k] for k in order]
            best += [scores[kind][k] for k in order]
        steps = [1.0] * len(rows)
        for turn in range(rounds):
            trial = [self._moved(rows) if turn % 2 == 0 else self._stepped(rows[k], steps[k]) for k in range(len(rows))]
            plain, ratio = self._scores(trial, indices)
            for k in range(len(rows)):
                score = plain[k] if k < half else ratio[k]
                if score > best[k]:
                    rows[k], best[k] = trial[k], score
                    steps[k] *= 1.5
                else:
                    steps[k] *= 0.8
        kept: list[Row] = []
        for kind in (0, 1):
            order = sorted(range(kind * half, kind * half + half), key=lambda k: -best[k])[:KEPT]
            start = rows[order[0]]
            if self._scores([start], indices)[1][0] > -CLOSE:
                kept.append(self.polished(start, indices, kind))
            kept += [rows[k] for k in order if isfinite(best[k])]
        if not kept:
            return []
        names = self.decoded(kept)
        return [{name: _picked(v, k) for name, v in names.items()} for k in range(len(kept))]

    def _row(self, spread: float) -> Row:
        return [self.rng.gauss(0, spread) for _ in range(self.width)]

    def _moved(self, rows: list[Row]) -> Row:
        """A row moved by the difference of two others, in most entries."""
        rng = self.rng
        (a, b, c), base = rng.sample(rows, 3), rng.choice(rows)
        return [x + 0.7 * (y - z) if rng.random() < 0.7 else w for x, y, z, w in zip(a, b, c, base, strict=True)]

    def _stepped(self, row: Row, step: float) -> Row:
        rng = self.rng
        return [x + step * rng.gauss(0, 1) if rng.random() < 0.6 else x for x in row]

    def _scores(self, rows: Sequence[Row], indices: dict[str, int]) -> tuple[list[float], list[float]]:
        """How far the claim fails, and how far in proportion to its sides; −∞ where there is no value."""
        found = self.scout.excess({**self.decoded(rows), **self.labels}, self.sizes, indices, len(rows))
        gaps, ratios = ([x if x == x else -inf for x in column] for column in found)
        return gaps, ratios

    def polished(self, start: Row, indices: dict[str, int], kind: int) -> Row:
        """A local maximum near ``start``."""
        width, half = self.width, SAMPLES // 2
        raw = [log(half + 0.5) - log(k) for k in range(1, half + 1)]
        weights = [w / sum(raw) for w in raw]
        mass = 1 / sum(w * w for w in weights)
        mean, step, path = list(start), 0.3, [0.0] * width
        spread = [[float(i == j) for j in range(width)] for i in range(width)]
        best, top, rate = start, -inf, min(0.5, 4.0 / (width + 4))
        for _ in range(GENERATIONS):
            root = _root(spread)
            if root is None:
                break
            noise = [self._row(1.0) for _ in range(SAMPLES)]
            moves = [[sum(r * z for r, z in zip(line, n, strict=False)) for line in root] for n in noise]
            trial = [[x + step * d for x, d in zip(mean, move, strict=True)] for move in moves]
            scores = self._scores(trial, indices)[kind]
            order = sorted(range(SAMPLES), key=lambda k: -scores[k])[:half]
            if scores[order[0]] > top:
                best, top = trial[order[0]], scores[order[0]]
            for i in range(width):
                mean[i] += step * sum(w * moves[k][i] for w, k in zip(weights, order, strict=True))
                drift = sum(w * noise[k][i] for w, k in zip(weights, order, strict=True))
                path[i] = (1 - rate) * path[i] + sqrt(rate * (2 - rate) * mass) * drift
                for j in range(i + 1):
                    learned = sum(w * moves[k][i] * moves[k][j] for w, k in zip(weights, order, strict=True))
                    spread[i][j] = (1 - 0.3 * rate) * spread[i][j] + 0.3 * rate * learned
            step *= exp(0.3 * (sqrt(sum(x * x for x in path) / width) - 1))
            if not 1e-12 < step < 1e3:
                break
        return best

    def rounded(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Fractions near a point of machine numbers, from small denominators to large ones."""
        found: dict[tuple[Any, ...], None] = {}
        for d in DENOMINATORS:
            made = []
            for name, domain, dims in self.domains:
                value = shaped(_fractions(domain, _flat(values[name]), d), dims)
                if not inside(domain, value, self.sizes):
                    break
                made.append(value)
            else:
                found[tuple(made)] = None
        return [dict(zip((n for n, _, _ in self.domains), f, strict=True)) for f in found]


def _root(a: list[list[float]]) -> list[list[float]] | None:
    """The lower triangle L with L·Lᵀ = a, of which the lower triangle is read."""
    root: list[list[float]] = []
    for i, row in enumerate(a):
        line: list[float] = []
        for j in range(i):
            line.append((row[j] - sum(x * y for x, y in zip(line, root[j], strict=False))) / root[j][j])
        rest = row[i] - sum(x * x for x in line)
        if not 1e-28 < rest < inf:
            return None
        root.append([*line, sqrt(rest)])
    return root


def _picked(value: Any, k: int) -> Any:
    return tuple(_picked(v, k) for v in value) if isinstance(value, tuple) else value[k]


def _flat(value: Any) -> list[float]:
    return [e for v in value for e in _flat(v)] if isinstance(value, tuple) else [value]


def _inside(domain: Domain, row: Row) -> Row:
    """Real parameters as the entries of an element of the domain."""
    kind = domain.kind
    if kind.whole and kind.total:
        hot = row.index(max(row))
        return [float(k == hot) for k in range(len(row))]
    if kind.whole:
        return [float(x > 0) for x in row]
    if kind.total:
        top = max(row)
        e = [exp(x - top) for x in row]
        if not kind.above:
            e = [x if x >= 1e-7 else 0.0 for x in e]
        total = sum(e)
        return [x / total for x in e]
    low = kind.low or 0
    if kind.high is not None:
        return [low + (kind.high - low) / (1 + exp(min(-x, 700))) for x in row]
    if kind.low is not None:
        return [low + exp(min(x, 700)) for x in row]
    return [2 * x for x in row]


def _fractions(domain: Domain, floats: list[float], d: int) -> list[Fraction]:
    """The entries as fractions with the denominator ``d``; a distribution adds up to 1 again."""
    kind = domain.kind
    if kind.total and not kind.whole:
        scaled = [max(x, 0.0) * d for x in floats]
        counts = [int(s) for s in scaled]
        by_rest = sorted(range(len(floats)), key=lambda k: counts[k] - scaled[k])
        for k in by_rest[: max(0, d - sum(counts))]:
            counts[k] += 1
        if kind.above:  # every entry gets a share
            counts = [max(1, c) for c in counts]
            counts[counts.index(max(counts))] -= sum(counts) - d
        return [Fraction(c, d) for c in counts]
    return [_fraction(x, d) for x in floats]


def _fraction(x: float, d: int) -> Fraction:
    if not isfinite(x):
        return Fraction(0)
    if abs(x) > LARGEST:  # its last digits say nothing
        return Fraction(round(x))
    if 0 < abs(x) < 1 / d:
        return _tiny(x)
    if 0 < 1 - x < 1 / d:
        return 1 - _tiny(1 - x)
    return Fraction(round(x * d), d)


def _tiny(x: float) -> Fraction:
    """The power of ten next to x."""
    return Fraction(1 if x > 0 else -1, 10 ** max(0, round(-log10(abs(x)))))


__all__ = ["Climber"]
