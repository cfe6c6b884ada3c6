"""A trap is a claim that is true, or false at one exact point, and looks as if it were the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from .expr import (
    Expr,
    rel,
)
from .scopes import Declared, Scope


@dataclass(frozen=True)
class Trap:
    """A claim, whether it is true (None: it has no value anywhere), and where a false one fails."""

    scope: Scope
    chain: Expr
    truth: bool | None
    why: str
    fixed: dict[str, Any] = field(default_factory=dict)


def real(*names: str, domain: str = "Real") -> Scope:
    """A scope of numbers."""
    return Scope(tuple(Declared(v, domain) for v in names))


def pair(rng: Random, scope: Scope, a: Expr, right: Expr, wrong: Expr, fixed: dict[str, Any], why: str) -> Trap:
    """a = right, or a = wrong."""
    truth = rng.random() < 0.4
    sides = (a, right if truth else wrong)
    return Trap(scope, rel(*sides_of(sides, rng)), truth, why, fixed)


def sides_of(sides: tuple[Expr, Expr], rng: Random) -> tuple[Expr, str, Expr]:
    """An equation, either way round."""
    a, b = sides if rng.random() < 0.8 else sides[::-1]
    return a, "=", b


__all__ = ["Trap", "pair", "real"]
