"""A term on its way to normal form, and the steps it has taken: the engine, which knows no rule."""

from __future__ import annotations

from collections.abc import Callable

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import BINDERS, ONE, ZERO, IllFormed, Term, closed, opened, var

from .polynomial import sum_of, tidy

Step = tuple[tuple[int, ...], Proof, Term, Term]
MAX_STEPS = 4000


class OutOfSteps(Exception):
    """The deterministic budget of a search is spent."""


def rule(name: str, **values: Term) -> Proof:
    """The instance of a rule as a proof."""
    return Proof("rule", (name, tuple(sorted(values.items()))))


def field(a: Term, b: Term) -> Proof:
    """a = b by the field laws, as a proof."""
    return Proof("field", (a, b))


def differentiated(deriv: Term) -> str:
    """The name of the variable in which a derivative is taken."""
    x = deriv.args[1]
    return str((x if x.op == "var" else x.args[0]).args[0])


class Rewriter:
    """Brings terms to normal form with the rules allowed (all, if ``allowed`` is None).

    ``handlers`` says what is done to a term by its operator, ``monomials`` what is done to every product.
    """

    handlers: dict[str, Handler]
    monomials: tuple[Handler, ...]

    def __init__(self, kernel: Kernel, allowed: frozenset[str] | None = None, budget: int = MAX_STEPS) -> None:
        self.kernel, self.allowed, self.budget = kernel, allowed, budget
        self._memo: dict[tuple[Scope, Term, bool], tuple[Term, list[Step]]] = {}
        self.roots: dict[Term, int] = {}  #: which root of e^m generates its powers

    def may(self, name: str) -> bool:
        """Whether the rule may be used."""
        return self.allowed is None or name in self.allowed

    def spend(self) -> None:
        """Count one step."""
        self.budget -= 1
        if self.budget < 0:
            raise OutOfSteps("the budget of steps is spent")

    # ---- bookkeeping

    def normal(self, t: Term, scope: Scope, ring: bool = False) -> tuple[Term, list[Step]]:
        """The normal form of ``t`` and the steps that lead to it; ``ring``: the parent is a sum or product."""
        known = self._memo.get((scope, t, ring))
        if known is not None:
            return known
        trail = Trail(self, t, scope)
        trail.run(ring)
        self._memo[scope, t, ring] = trail.term, trail.steps
        return trail.term, trail.steps

    def defined(self, scope: Scope, *terms: Term) -> bool:
        """Whether the terms are defined in the scope."""
        try:
            return all(self.kernel.order(scope).undefined(t) is None for t in terms)
        except IllFormed:
            return False

    def positive(self, scope: Scope, *terms: Term) -> bool:
        """Whether the terms are decided to be positive."""
        order = self.kernel.order(scope)
        return all(order.holds(Term("lt", ZERO, t)) for t in terms)


class Trail:
    """One term on its way to normal form."""

    def __init__(self, search: Rewriter, t: Term, scope: Scope) -> None:
        self.search, self.term, self.scope = search, t, scope
        self.steps: list[Step] = []

    def step(self, by: Proof, new: Term) -> bool:
        """Replace the whole term."""
        self.search.spend()
        self.steps.append(((), by, ONE, new))
        self.term = new
        return True

    def tidy(self) -> None:
        """Expand and sort, a step of its own if that changes the term; then simplify every monomial."""
        new = tidy(self.term)
        if new != self.term:
            self.step(field(self.term, new), new)
        parts = list(self.term.args) if self.term.op == "add" else [self.term]
        for k, part in enumerate(parts):
            trail = Trail(self.search, part, self.scope)
            for simplify in self.search.monomials:
                simplify(trail)
            path = (k,) if self.term.op == "add" else ()
            self.steps += [((*path, *inner), by, times, to) for inner, by, times, to in trail.steps]
            parts[k] = trail.term
        changed = sum_of(parts) if self.term.op == "add" else parts[0]
        if changed != self.term:
            self.term = changed
            self.tidy()

    def into(self, k: int, ring: bool = False) -> None:
        """Normalise the k-th argument."""
        child = self.term.args[k]
        if self.term.op in BINDERS:
            name = self.scope.fresh()
            inner = self.scope.declaring(name, Domain("Index", (self.term.args[0],)))
            new, steps = self.search.normal(opened(child, var(name)), inner, ring)
            new = closed(new, name)
        else:
            scope = self.scope.near(differentiated(self.term)) if self.term.op == "deriv" else self.scope
            new, steps = self.search.normal(child, scope, ring)
        self.steps += [((k, *path), by, times, to) for path, by, times, to in steps]
        self.term = Term(self.term.op, *self.term.args[:k], new, *self.term.args[k + 1 :])

    def again(self, ring: bool = False) -> None:
        """Normalise the new term."""
        new, steps = self.search.normal(self.term, self.scope, ring)
        self.steps += steps
        self.term = new

    def run(self, ring: bool) -> None:
        """Bring the term to normal form; ``ring``: its parent is a sum or product, which will be expanded as a whole."""
        op = self.term.op
        if op in ("add", "mul"):
            for k in range(len(self.term.args)):
                self.into(k, ring=True)
        elif (handler := self.search.handlers.get(op)) is not None:
            handler(self)
        if not ring and self.term.op in ("pow", "mul", "add"):
            self.tidy()


Handler = Callable[[Trail], None]
