"""What a result is made of: statements, lines with reasons, false claims refuted, worked examples, functions to emit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import sympy as sp

from .sympy_terms import OWN, Said, Vec

H, CE, D, softmax, sigmoid, bernoulli = (OWN[name] for name in ("H", "CE", "D", "softmax", "sigmoid", "bernoulli"))


def vectors(names: str) -> tuple[sp.IndexedBase, ...]:
    """Vectors whose entries are written ``p[i]``."""
    return tuple(sp.IndexedBase(name) for name in names.replace(",", " ").split())


def scalars(names: str) -> tuple[sp.Symbol, ...]:
    """Numbers, sizes and indices."""
    return tuple(sp.Symbol(name) for name in names.replace(",", " ").split())


def total(body: Any, *limits: Any) -> Any:
    """Σ of ``body``: ``total(p[i], (i, n))`` runs over i = 1 … n."""
    return sp.Sum(body, *((i, 1, n) for i, n in limits))


def product(body: Any, *limits: Any) -> Any:
    """Π of ``body``."""
    return sp.Product(body, *((i, 1, n) for i, n in limits))


def vector(body: Any, i: Any, n: Any) -> Any:
    """The vector of all ``body`` for i = 1 … n."""
    return Vec(body, (i, 1, n))


def partial(body: Any, x: Any) -> Any:
    """∂ body / ∂x."""
    return sp.Derivative(body, x, evaluate=False)


def xlog(w: Any, a: Any, b: Any = 1) -> Any:
    """w·log(a/b), where 0·log(a/b) = 0; written out, it is recognised where the argument may be zero."""
    return OWN["xlog"](w, a, b)


def for_all(i: Any, n: Any, statement: Any) -> Said:
    """The statement, for every index i = 1 … n."""
    return Said("all", statement, (i, 1, n))


def implies(p: Any, q: Any) -> Said:
    """If p, then q."""
    return Said("imp", p, q)


def iff(p: Any, q: Any) -> Said:
    """p exactly when q."""
    return Said("iff", p, q)


def exactly_when(relation: Any, case: Any) -> Said:
    """An inequality a ≤ b (or a ≥ b) together with its equality case: equality exactly when ``case``."""
    return Said("exactly when", relation, case)


def infinite(a: Any) -> Said:
    """a = +∞."""
    return Said("infinite", a)


def tends(a: Any, x: Any, to: Any) -> Said:
    """a → ``to`` as x decreases to 0."""
    return Said("tends", a, x, sp.S.Zero, to)


@dataclass(frozen=True)
class Text:
    """Prose with formulas put in: ``Text("… {claim} …", claim=expression)``."""

    template: str
    formulas: dict[str, Any] = field(default_factory=dict)
    where: str = ""

    def over(self, where: str) -> Text:
        """The same text with domains of its own for the variables of its formulas."""
        return replace(self, where=where)


def text(template: str, **formulas: Any) -> Text:
    """Prose with formulas put in by name."""
    return Text(template, formulas)


@dataclass(frozen=True)
class Line:
    """A line of a derivation: the relation to the line before, the term, the reason; ``rules`` restricts what may be used.

    A rule is a name in the table of rules, "definition", or the label of a checked statement.
    """

    relation: str
    term: Any
    reason: str | Text = ""
    rules: tuple[str, ...] = ()


def eq(term: Any, reason: str | Text = "", *rules: str) -> Line:
    """… = term."""
    return Line("=", term, reason, rules)


def ge(term: Any, reason: str | Text = "", *rules: str) -> Line:
    """… ≥ term."""
    return Line(">=", term, reason, rules)


def le(term: Any, reason: str | Text = "", *rules: str) -> Line:
    """… ≤ term."""
    return Line("<=", term, reason, rules)


@dataclass(frozen=True)
class Chain:
    """Lines one after another, from ``first`` to the last."""

    first: Any
    lines: tuple[Line, ...]


def chain(first: Any, *lines: Line) -> Chain:
    """A derivation by lines."""
    return Chain(first, lines)


@dataclass(frozen=True)
class Cases:
    """Two cases, each with a derivation of its own (None: to be found)."""

    on: Any
    kind: str  #: "zero_or_positive" or "bit_cases"
    first: Chain | None = None
    second: Chain | None = None


def zero_or_positive(w: Any, zero: Chain | None = None, positive: Chain | None = None) -> Cases:
    """The cases w = 0 and w > 0 for w ≥ 0."""
    return Cases(w, "zero_or_positive", zero, positive)


def zero_or_one(y: Any, zero: Chain | None = None, one: Chain | None = None) -> Cases:
    """The cases y = 0 and y = 1 for a bit."""
    return Cases(y, "bit_cases", zero, one)


@dataclass(frozen=True)
class Minimum:
    """f has its minimum at ``at``: its derivative, the lines of ``derivative``, is negative before and positive after."""

    f: Any
    x: Any
    at: Any
    derivative: Chain


@dataclass(frozen=True)
class Theorem:
    """A statement, the domains it is made on, the hypotheses, and its derivation (None: to be found)."""

    name: str
    title: str | Text
    where: str
    claim: Any
    given: tuple[Any, ...] = ()
    proof: Chain | Cases | Minimum | None = None


@dataclass(frozen=True)
class Refutation:
    """A false claim that is met in print, the exact point at which it fails, and what is true instead."""

    title: str | Text
    where: str
    claim: Any
    at: dict[str, Any]
    correction: str | Text
    given: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Number:
    """A number of a worked example: a formula, the exact values put in, and what the source printed."""

    label: str | Text
    formula: Any
    where: str
    at: dict[str, Any]
    unit: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Worked:
    """A worked example, named by its number in the list of sources."""

    id: str
    text: str | Text
    numbers: tuple[Number, ...]
    remark: str | Text | None = None


@dataclass(frozen=True)
class Emit:
    """A function to be emitted: it computes one side of a checked statement."""

    name: str
    theorem: str
    side: str  #: "left" or "right"
    parameters: tuple[str, ...]
    summary: str
    rename: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """A result: one file, one of these, returned by its function ``derivation()``."""

    title: str
    summary: str | Text
    source: str
    theorems: tuple[Theorem, ...]
    refutations: tuple[Refutation, ...] = ()
    examples: tuple[Worked, ...] = ()
    emits: tuple[Emit, ...] = ()


def decimals(*values: str) -> tuple[Fraction, ...]:
    """Exact rationals from decimals: ``decimals(".35", "1/3")``."""
    return tuple(Fraction(v) for v in values)
