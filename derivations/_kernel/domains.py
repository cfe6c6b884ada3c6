"""Domains: what a variable may be, as one table read by checker, sampler, page, docstring and validation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from .terms import ARITY, INFINITY, MINUS_INFINITY, STATEMENTS, ZERO, IllFormed, Term, entry, free_names, num


class Kind(NamedTuple):
    """A row of the table: bounds of a scalar (or of every entry), and what else holds."""

    words: str  #: the domain in a sentence
    low: int | None = None  #: lower bound …
    above: bool = False  #: … not attained
    high: int | None = None  #: upper bound …
    below: bool = False  #: … not attained
    whole: bool = False  #: only whole numbers
    total: bool = False  #: the entries add up to 1
    shapes: tuple[int, ...] = (0, 1, 2)  #: how many sizes may stand in brackets
    near: str | None = None  #: a domain, open in the reals, around every point: where derivatives are taken


KINDS: dict[str, Kind] = {
    "Size":         Kind("a whole number ≥ 1", low=1, whole=True, shapes=(0,)),
    "Index":        Kind("one of 1, …, {0}", low=1, whole=True, shapes=(1,)),
    "Real":         Kind("real", near="Real"),
    "Positive":     Kind("positive", low=0, above=True, near="Positive"),
    "Nonnegative":  Kind("nonnegative", low=0, near="Real"),
    "Probability":  Kind("strictly between 0 and 1", low=0, above=True, high=1, below=True, near="Probability"),
    "UnitInterval": Kind("between 0 and 1, both included", low=0, high=1, near="Real"),
    "Bit":          Kind("0 or 1", low=0, high=1, whole=True),
    "Simplex":      Kind("a probability distribution", low=0, high=1, total=True, shapes=(1, 2), near="Real"),
    "OpenSimplex":  Kind("a probability distribution without zeros", low=0, above=True, high=1, total=True, shapes=(1, 2),
                         near="Positive"),
    "OneHot":       Kind("a one-hot vector", low=0, high=1, whole=True, total=True, shapes=(1,)),
    "Family":       Kind("a differentiable family of distributions without zeros, with real parameters", low=0, above=True,
                         high=1, total=True, shapes=(2,)),
}  # fmt: skip


@dataclass(frozen=True)
class Domain:
    """``Simplex[n]`` and the like: a row of :data:`KINDS` and the sizes in brackets.

    ``Family[n, d]`` maps d real parameters to a distribution over n outcomes.
    """

    name: str
    sizes: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in KINDS:
            raise IllFormed(f"no domain {self.name!r}; there are {', '.join(KINDS)}")
        if len(self.sizes) not in KINDS[self.name].shapes:
            raise IllFormed(f"{self.name} takes {' or '.join(map(str, KINDS[self.name].shapes))} sizes in brackets")

    @property
    def kind(self) -> Kind:
        """The row of the table."""
        return KINDS[self.name]

    def __str__(self) -> str:
        inside = ", ".join(str(s.args[0]) for s in self.sizes)
        return f"{self.name}[{inside}]" if self.sizes else self.name


def _bounds(h: Term, x: Term) -> bool:
    """Whether h says x < d or d < x, for a d in which x does not occur."""
    return h.op == "lt" and x in h.args and sum(mentions(t, x.args[0]) for t in h.args) == 1


class Sort(NamedTuple):
    """What a term denotes: "real", "index", "vector", "array", "family" or "statement", and over which sizes."""

    name: str
    sizes: tuple[Term, ...] = ()


REAL, STATEMENT = Sort("real"), Sort("statement")
#: The ends of the real line; they may only stand where the ends of an integral stand.
REAL_LINE = {Term("const", MINUS_INFINITY): ZERO, Term("const", INFINITY): ZERO}


@dataclass(frozen=True)
class Scope:
    """Declared variables, and the hypotheses under which a statement is read."""

    domains: tuple[tuple[str, Domain], ...] = ()
    hypotheses: tuple[Term, ...] = ()

    def domain(self, name: str) -> Domain:
        """The domain of a declared variable."""
        for declared, domain in self.domains:
            if declared == name:
                return domain
        raise IllFormed(f"{name!r} is not declared")

    def declares(self, name: str) -> bool:
        """Whether ``name`` is declared here."""
        return any(declared == name for declared, _ in self.domains)

    def declaring(self, name: str, domain: Domain) -> Scope:
        """This scope with one more variable."""
        if self.declares(name):
            raise IllFormed(f"{name!r} is declared already")
        return replace(self, domains=(*self.domains, (name, domain)))

    def assuming(self, *statements: Term) -> Scope:
        """This scope with more hypotheses."""
        return replace(self, hypotheses=(*self.hypotheses, *statements))

    def fresh(self) -> str:
        """A name for the index of the binder opened next; no author can write it."""
        return f"#{sum(name.startswith('#') for name, _ in self.domains)}"

    def near(self, name: str) -> Scope:
        """The scope in an open neighbourhood of a point, in the variable ``name``: where a derivative looks.

        Equations such as Σp = 1 and hypotheses about the variable may fail beside the point, so they are dropped; but the
        bounds x < d and d < x, for d without x, hold around it too.
        """
        domain = self.domain(name)
        if domain.kind.near is None:
            raise IllFormed(f"no derivative in {name}, which is {domain}")
        open_domain = Domain(domain.kind.near, domain.sizes)
        domains = tuple((n, open_domain if n == name else d) for n, d in self.domains)
        return Scope(domains, tuple(h for h in self.hypotheses if not mentions(h, name) or _bounds(h, Term("var", name))))

    def check(self) -> None:
        """Raise :class:`IllFormed` unless every size and every hypothesis makes sense."""
        names = [name for name, _ in self.domains]
        if len(set(names)) != len(names):
            raise IllFormed("a variable is declared twice")
        for _, domain in self.domains:
            for size in domain.sizes:
                self.check_size(size)
        for hypothesis in self.hypotheses:
            if sort(hypothesis, self) != STATEMENT:
                raise IllFormed("a hypothesis is a statement")

    def check_size(self, size: Term) -> None:
        """Raise :class:`IllFormed` unless ``size`` is a declared size or a whole number ≥ 1."""
        if size.op == "num" and size.args[0].denominator == 1 and size.args[0] >= 1:
            return
        if size.op == "var" and self.domain(size.args[0]).name == "Size":
            return
        raise IllFormed(f"not a size: {size!r}")


def sort(t: Term, scope: Scope) -> Sort:
    """What the closed term ``t`` denotes in ``scope``; :class:`IllFormed` if nothing."""

    def expect(s: Term, want: Sort) -> None:
        got = of(s)
        if got != want:
            raise IllFormed(f"{s!r} is of the sort {got.name}, where {want.name} is expected")

    def index(s: Term, size: Term) -> None:
        if s.op == "num":  # a literal label of a literal size
            if size.op == "num" and s.args[0].denominator == 1 and 1 <= s.args[0] <= size.args[0]:
                return
            raise IllFormed("an index is out of range")
        expect(s, Sort("index", (size,)))

    bound: list[Term] = []

    def under(size: Term, body: Term, want: Sort | None) -> Sort:
        scope.check_size(size)
        bound.append(size)
        got = of(body)
        bound.pop()
        if want is not None and got != want:
            raise IllFormed(f"the body of a binder is {got.name}, not {want.name}")
        return got

    def of(s: Term) -> Sort:
        op, args = s.op, s.args
        if op == "num" or (op == "const" and args[0] == "pi"):
            return REAL
        if op == "bound":
            if args[0] >= len(bound):
                raise IllFormed("a bound index without its binder")
            return Sort("index", (bound[-1 - args[0]],))
        if op == "var":
            domain = scope.domain(args[0])
            if domain.name == "Index":
                return Sort("index", domain.sizes)
            if domain.name == "Family":
                return Sort("family", domain.sizes)
            return Sort(("real", "vector", "array")[len(domain.sizes)], domain.sizes)
        if op == "at":
            vector = of(args[0])
            if vector.name not in ("vector", "array") or len(vector.sizes) != len(args) - 1:
                raise IllFormed(f"{args[0]!r} does not take {len(args) - 1} indices")
            for i, size in zip(args[1:], vector.sizes, strict=True):
                index(i, size)
            return REAL
        if op == "of":
            family, parameter = of(args[0]), of(args[1])
            if family.name != "family" or parameter != Sort("vector", family.sizes[1:]):
                raise IllFormed("a family is applied to a vector of its parameters")
            return Sort("vector", family.sizes[:1])
        if op == "delta":
            left = of(args[0])
            if left.name != "index":
                raise IllFormed("δ compares indices")
            index(args[1], left.sizes[0])
            return REAL
        if op == "deriv":
            expect(args[0], REAL)
            x = args[1]
            if not (x.op == "var" or (x.op == "at" and x.args[0].op == "var")):
                raise IllFormed("a derivative is taken in a variable or an entry of one")
            expect(x, REAL)
            scope.near((x if x.op == "var" else x.args[0]).args[0])
            return REAL
        if op in ("sum", "prod", "top"):
            return under(args[0], args[1], REAL)
        if op == "all":
            return under(args[0], args[1], STATEMENT)
        if op == "vec":
            inner = under(args[0], args[1], None)
            if inner.name not in ("real", "vector"):
                raise IllFormed("the entries of a vector are numbers")
            return Sort("vector" if inner == REAL else "array", (args[0], *inner.sizes))
        if op == "app":
            from .definitions import definition

            definition(args[0]).sizes(args[1:], tuple(of(a) for a in args[1:]))
            return REAL
        if op in ("imp", "iff", "and"):
            for a in args:
                expect(a, STATEMENT)
            return STATEMENT
        if op == "tends" and (args[1].op != "var" or scope.domain(args[1].args[0]) != Domain("Positive") or args[2] != ZERO):
            raise IllFormed("a limit is taken in a positive variable which decreases to zero")
        if op == "tends" and mentions(args[3], args[1].args[0]):
            raise IllFormed("a limit does not depend on its variable")
        if op == "integrates":
            if args[1].op != "var" or any(mentions(a, args[1].args[0]) for a in args[2:]):
                raise IllFormed("an integral is taken in a variable on which its ends and its value do not depend")
            for k, a in enumerate(args):
                expect(REAL_LINE.get(a, a) if k in (2, 3) else a, REAL)
            return STATEMENT
        if op in ARITY and op != "meta":
            for k, a in enumerate(args):
                expect(a, STATEMENT if op == "le" and k == 2 else REAL)
            return STATEMENT if op in STATEMENTS else REAL
        raise IllFormed(f"{op} may not stand in a formula")

    return of(t)


def entry_facts(domain: Domain, x: Term) -> list[tuple[Term, bool]]:
    """What holds of a scalar, or of an entry, ``x`` of the domain: pairs (a, strict) for a > 0 or a ≥ 0."""
    kind, facts = domain.kind, []
    if kind.low is not None and domain.name != "Index":
        facts.append((x if kind.low == 0 else x - num(kind.low), kind.above))
    if kind.low == 1:
        facts.append((x, True))
    if kind.high is not None:
        facts.append((num(kind.high) - x, kind.below))
    return facts


def total(domain: Domain, vector: Term) -> Term:
    """The sum of all entries of ``vector``."""
    sizes = domain.sizes[:1] if domain.name == "Family" else domain.sizes
    indices = [Term("bound", k) for k in reversed(range(len(sizes)))]
    result = entry(vector, *indices)
    for size in reversed(sizes):
        result = Term("sum", size, result)
    return result


def mentions(t: Term, name: str) -> bool:
    """Whether the variable ``name`` occurs in ``t``."""
    return name in free_names(t)
