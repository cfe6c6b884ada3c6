"""Where accuracy is measured: one row of data per regime, for every function whose inputs are of a kind it makes.

A kind spells the inputs: P a distribution, R logits, T targets over the classes (one-hot or soft), u a number in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Rng = np.random.Generator
Inputs = dict[str, Any]
DISTRIBUTION, PAIR, BINARY, LOGITS, LOSS = "P", "P,P", "u,u", "R", "R,T"
SMALL = ((2, 80), (10, 60), (1000, 3))  #: (number of classes, points)
FEW = ((2, 40), (10, 30), (1000, 1))
ONE_NUMBER = ((1, 400),)


@dataclass(frozen=True)
class Regime:
    """A name, the kinds it serves, (size, count) of its points, and how to draw one."""

    name: str
    kinds: tuple[str, ...]
    points: tuple[tuple[int, int], ...]
    make: Callable[[Rng, int], Inputs]


def _distribution(rng: Rng, n: int) -> Any:
    w = rng.exponential(size=n)
    return w / w.sum()


def _pair(rng: Rng, n: int) -> Inputs:
    return {"p": _distribution(rng, n), "q": _distribution(rng, n)}


def _near(distance: float) -> Callable[[Rng, int], Inputs]:
    def make(rng: Rng, n: int) -> Inputs:
        p = _distribution(rng, n)
        q = p * (1.0 + distance * rng.uniform(-1.0, 1.0, n))
        return {"p": p, "q": q / q.sum()}

    return make


def _with_zeros(rng: Rng, n: int) -> Inputs:
    """Zeros in p, sometimes a certain outcome, sometimes a zero in q where p is positive."""
    p, q = _distribution(rng, n), _distribution(rng, n)
    p[rng.random(n) < 0.5] = 0.0
    if p.sum() == 0.0 or rng.random() < 0.3:
        p[:] = 0.0
        p[rng.integers(n)] = 1.0
    if rng.random() < 0.3:
        q[rng.integers(n)] = 0.0
    elif rng.random() < 0.3:
        q[:] = p
    return {"p": p / p.sum(), "q": q / q.sum()}


def _tiny(rng: Rng, n: int) -> Inputs:
    """Some probabilities down to the least subnormal (of float32, or of float64)."""

    def one() -> Any:
        p = _distribution(rng, n)
        low = -44.8 if rng.random() < 0.5 else -323.0
        small = rng.random(n) < 0.5
        small[rng.integers(n)] = False
        p[small] = 10.0 ** rng.uniform(low, -30.0, small.sum())
        return p / p.sum()

    return {"p": one(), "q": one()}


def _certain(rng: Rng, n: int) -> Inputs:
    """Almost all weight on one outcome, in p and in q."""

    def one() -> Any:
        p = _distribution(rng, n) * 10.0 ** rng.uniform(-16.0, -1.0)
        p[0] += 1.0 - p.sum()
        return p

    return {"p": one(), "q": one()}


def _binary(rng: Rng, n: int) -> Inputs:
    return {"y": rng.random(), "p": rng.random()}


def _binary_edges(rng: Rng, n: int) -> Inputs:
    ends = (0.0, 1.0, 0.5)
    return {"y": rng.choice(ends), "p": rng.choice(ends)}


def _binary_extreme(rng: Rng, n: int) -> Inputs:
    """p within 1e−16 … 1e−1 of 0 or 1, hard or soft target."""
    small = 10.0 ** rng.uniform(-16.0, -1.0)
    return {"y": rng.choice((0.0, 1.0, rng.random())), "p": rng.choice((small, 1.0 - small))}


def _binary_tiny(rng: Rng, n: int) -> Inputs:
    y = rng.choice((0.0, 1.0, rng.random(), 10.0 ** rng.uniform(-44.8, -38.0)))
    return {"y": y, "p": 10.0 ** rng.uniform(-323.0, -38.0)}


def _one_hot(n: int, label: int) -> Any:
    return np.eye(n)[label]


def _logits(scale: float, soft: bool = False) -> Callable[[Rng, int], Inputs]:
    def make(rng: Rng, n: int) -> Inputs:
        z = rng.normal(0.0, scale, n) if scale < 100 else rng.uniform(-scale, scale, n)
        return {"z": z, "y": _distribution(rng, n) if soft else _one_hot(n, int(rng.integers(n)))}

    return make


def _margin(margin: float) -> Callable[[Rng, int], Inputs]:
    """The label's logit exceeds all others by about ``margin``, or falls behind the best one by as much."""

    def make(rng: Rng, n: int) -> Inputs:
        z = rng.normal(0.0, 1.0, n)
        label = int(rng.integers(n))
        others = np.delete(z, label)
        z[label] = others.max() + margin
        return {"z": z, "y": _one_hot(n, label)}

    return make


def _ties(rng: Rng, n: int) -> Inputs:
    z = rng.choice((-3.5, 0.0, 7.25), n) if rng.random() < 0.7 else np.full(n, rng.normal())
    return {"z": z, "y": _one_hot(n, int(rng.integers(n)))}


def _unnormalised(rng: Rng, n: int) -> Inputs:
    """Targets with zeros which do not add up to 1."""
    y = rng.exponential(size=n)
    y[rng.random(n) < 0.3] = 0.0
    return {"z": rng.normal(0.0, 3.0, n), "y": y}


def _fitted(rng: Rng, n: int) -> Inputs:
    """Soft targets which the logits already fit, so the gradient nearly vanishes."""
    z = rng.normal(0.0, 1.0, n)
    e = np.exp(z - z.max())
    return {"z": z, "y": e / e.sum() * (1.0 + 1e-6 * rng.uniform(-1.0, 1.0, n))}


REGIMES: tuple[Regime, ...] = (
    Regime("ordinary", (DISTRIBUTION, PAIR), SMALL, _pair),
    *(Regime(f"p near q: relative distance 1e-{k}", (PAIR,), FEW, _near(10.0**-k)) for k in (1, 2, 4, 6, 8, 10, 12, 15)),
    Regime("exact zeros and ones", (DISTRIBUTION, PAIR), SMALL, _with_zeros),
    Regime("subnormal probabilities", (DISTRIBUTION, PAIR), SMALL, _tiny),
    Regime("nearly certain", (DISTRIBUTION, PAIR), SMALL, _certain),
    Regime("ordinary", (BINARY,), ONE_NUMBER, _binary),
    Regime("exact zeros and ones", (BINARY,), ONE_NUMBER, _binary_edges),
    Regime("p near 0 or 1", (BINARY,), ONE_NUMBER, _binary_extreme),
    Regime("subnormal probabilities", (BINARY,), ONE_NUMBER, _binary_tiny),
    Regime("ordinary", (LOGITS, LOSS), SMALL, _logits(3.0)),
    *(Regime(f"margin {m:+d}", (LOGITS, LOSS), FEW, _margin(m)) for s in (20, 40, 100, 300, 740, 800) for m in (s, -s)),
    Regime("logits within ±1e4", (LOGITS, LOSS), FEW, _logits(1e4)),
    Regime("ties", (LOGITS, LOSS), FEW, _ties),
    Regime("soft targets", (LOSS,), SMALL, _logits(3.0, soft=True)),
    Regime("soft targets which do not add up to 1", (LOSS,), FEW, _unnormalised),
    Regime("soft targets near softmax(z)", (LOSS,), FEW, _fitted),
)
