"""What was proved before, for values in the domains of its variables."""

from __future__ import annotations

from collections.abc import Callable

from .checked import require_checked
from .deriving import Deriving
from .domains import REAL, Domain, Scope, entry_facts, sort, total
from .proof import Proof, Values, refuse
from .terms import ONE, ZERO, Term, entry, substitute, var


class Citing(Deriving):
    """Citations of checked statements."""

    def cite(self, scope: Scope, label: str, values: Values, proofs: tuple[tuple[str, Proof], ...]) -> Term:
        """A checked statement, for values in the domains of its variables that satisfy its hypotheses."""
        claim = require_checked(self.library.get(label)).claim
        given, order = dict(values), self.order(scope)
        if set(given) != {name for name, _ in claim.scope.domains}:
            refuse(f"{label}: a value for each of its variables is needed, and for nothing else")
        shown = [self.derive(p, scope) for _, p in proofs]
        holds: Callable[[Term], bool] = lambda s: s in shown or order.holds(s)  # noqa: E731
        for name, domain in claim.scope.domains:
            domain = Domain(domain.name, tuple(substitute(s, given) for s in domain.sizes))
            if not self.belongs(scope, given[name], domain, holds):
                refuse(f"{label}: {name} may lie outside {domain}", given[name])
        for h in claim.scope.hypotheses:
            if not holds(h := substitute(h, given)):
                refuse(f"{label}: a hypothesis is not met", h)
        self.cited[label] = None
        goal = substitute(claim.goal, given)
        self.statement(scope, goal)
        return goal

    def belongs(self, scope: Scope, value: Term, domain: Domain, holds: Callable[[Term], bool]) -> bool:
        """Whether a value is seen to lie in a domain, at every point of the scope."""
        if domain.name == "Size":
            scope.check_size(value)
            return True
        if domain.name == "Index":
            return self.order(scope).is_index(value, domain.sizes[0])
        if domain.name == "Family":
            return value.op == "var" and scope.domain(value.args[0]) == domain
        want = REAL if not domain.sizes else (("vector", "array")[len(domain.sizes) - 1], domain.sizes)
        if sort(value, scope) != want:
            return False
        inner, indices = scope, []
        for size in domain.sizes:
            indices.append(var(inner.fresh()))
            inner = inner.declaring(indices[-1].args[0], Domain("Index", (size,)))
        x, order = entry(value, *indices), self.order(inner)
        if order.undefined(x) is not None:
            return False
        facts = entry_facts(domain, x)[: 1 if domain.kind.total else None]  # nonnegative entries that add up to 1 are ≤ 1
        if not all(order.holds(Term("lt" if strict else "le", ZERO, fact)) for fact, strict in facts):
            return False
        own = self.order(scope).domain(value.args[0] if value.op == "at" else value)
        if domain.kind.whole and not (own is not None and own.kind.whole and own.kind.high == 1) and x not in (ZERO, ONE):
            return False
        return not domain.kind.total or (own is not None and own.kind.total) or holds(Term("eq", total(domain, value), ONE))


__all__ = ["Citing"]
