"""Functions of one variable, known by their derivatives, and where a function is smooth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .deriving import Deriving
from .domains import REAL, Domain, Scope, entry_facts, mentions, sort
from .proof import Proof, refuse
from .terms import ZERO, Term, free_names, substitute

OPEN = ("Real", "Positive", "Probability")  #: the domains that are open intervals


class Slopes(Deriving):
    """What the sign of a derivative says."""

    def slope(self, scope: Scope, x: Term, f: Term, c: Term, derivative: Proof, below: Any, above: Any, room: Any = ()) -> Term:
        """f(c) ≤ f(x) when f′ ≤ 0 for x < c and f′ ≥ 0 for x > c on an interval; with < and > it is = at x = c only.

        The interval is the domain of x, cut by hypotheses x < d and d < x. A side without points has no proof, but ().
        Where c is an end, ``room`` is a wider open interval that holds it, and f must be smooth there.
        """
        name, bounds = self.interval(scope, x)
        if mentions(c, name):
            refuse("the minimiser may not depend on the variable", c)
        low, order = substitute(f, {name: c}), self.order(scope)
        self.defined(scope, c, low)
        self.smooth(self.room(scope, {x: (x, c)}, {x: room} if room else {x: (scope.domain(name).name, *bounds)}), f, x)
        self.reached(scope, name, bounds, c)
        slope = self.relation(derivative, scope, "eq")
        if slope.args[0] != Term("deriv", f, x):
            refuse("the derivative of another function", slope.args[0], f)
        strict = True
        for side, proof, ends in (
            (Term("lt", x, c), below, (slope.args[1], ZERO)),
            (Term("lt", c, x), above, (ZERO, slope.args[1])),
        ):
            if proof == ():
                if not order.holds(Term("le", *reversed(side.args))):
                    refuse("a proof for this side is missing", *side.args)
                continue
            got = self.relation(proof, scope.assuming(side))
            if got.args[:2] != ends:
                refuse("the derivative has not the sign it should have", got.args[0], got.args[1])
            strict &= got.op == "lt"
        if strict and order.holds(Term("ne", x, c)):
            return Term("lt", low, f)
        return Term("le", low, f, Term("eq", x, c)) if strict else Term("le", low, f)

    def bent(
        self, scope: Scope, x: Term, f: Term, ends: tuple[Term, Term], room: Any, slopes: tuple[Proof, Proof], sign: Proof,
        at_ends: tuple[Proof, Proof],
    ) -> Term:  # fmt: skip
        """f ≥ 0 between l and h when f″ ≤ 0 there and f ≥ 0 at l and at h: f lies above its chord.

        The slopes are proofs of f′ = g and g′ = g₁; ``room`` is an open interval that holds both ends, where f is smooth.
        """
        (name, bounds), order = self.interval(scope, x), self.order(scope)
        if any(mentions(end, name) for end in ends) or not all(
            order.holds(Term("lt", a, b)) for a, b in ((ends[0], x), (x, ends[1]))
        ):
            refuse("the variable is not seen to lie between the ends", *ends)
        self.reached(scope, name, bounds, *ends)  # so what is shown of x holds everywhere between them
        self.smooth(self.room(scope, {x: (x, *ends)}, {x: room}), f, x)
        (df, g), (dg, g1) = (self.relation(p, scope, "eq").args for p in slopes)
        if (df, dg) != (Term("deriv", f, x), Term("deriv", g, x)):
            refuse("the derivative of another function", df, dg)
        if self.relation(sign, scope).args[:2] != (g1, ZERO):
            refuse("the second derivative has not the sign it should have", g1)
        for end, proof in zip(ends, at_ends, strict=True):
            if self.relation(proof, scope).args[:2] != (ZERO, substitute(f, {name: end})):
                refuse("the value at an end is needed", end)
        return Term("le", ZERO, f)

    def interval(self, scope: Scope, x: Term) -> tuple[str, list[Term]]:
        """The name of x and the hypotheses about it, which cut its domain, an open interval, as x < d or x + a ≤ 1 do."""
        positive = Term("lt", ZERO, x) in scope.hypotheses and x.op == "var" and scope.domain(x.args[0]).name == "Nonnegative"
        if x.op != "var" or not (positive or scope.domain(x.args[0]).name in OPEN):
            refuse("the variable ranges over an open interval", x)
        name: str = x.args[0]
        bounds = [h for h in scope.hypotheses if mentions(h, name)]
        for h in bounds:
            if h.op not in ("lt", "le") or len(h.args) != 2 or not self.affine(h.args[1] - h.args[0], x):
                refuse("a hypothesis about the variable is not a bound", h)
        return name, bounds

    def affine(self, t: Term, x: Term) -> bool:
        """Whether t = a + b·x, where x occurs neither in a nor in b."""
        (over, under), k = self.algebra.quotient(t), self.algebra.atom(x)
        met = {atom for polynomial in (over, under) for m in polynomial for atom, _ in m}
        alone = not any(atom != k and mentions(self.algebra.atoms[atom], x.args[0]) for atom in met)
        return alone and all(dict(m).get(k, 0) <= 1 for m in over) and not any(k in dict(m) for m in under)

    def reached(self, scope: Scope, name: str, bounds: list[Term], *points: Term) -> None:
        """Refuse unless the interval of a variable reaches the points, or holds them."""
        for c in points:
            weak = [Term("le", ZERO, t) for t, _ in entry_facts(scope.domain(name), c)]
            weak += [Term("le", *(substitute(t, {name: c}) for t in h.args)) for h in bounds]
            if not all(map(self.order(scope).holds, weak)):
                refuse("the interval does not reach this point", c)

    def room(self, scope: Scope, points: Mapping[Term, tuple[Term, ...]], rooms: Mapping[Term, Any]) -> Scope:
        """``scope`` with each variable in a wider open interval, (domain, bounds …), which holds the points given for it."""
        names = {x.args[0] for x in rooms}
        wide = Scope(
            tuple((n, d) for n, d in scope.domains if n not in names),
            tuple(h for h in scope.hypotheses if not names & free_names(h)),
        )
        order = self.order(scope)
        for x, (domain, *bounds) in rooms.items():
            if any((names - {x.args[0]}) & free_names(h) for h in bounds):
                refuse("a bound of one variable by another", *bounds[0].args[:2])
            wide = wide.declaring(x.args[0], Domain(domain)).assuming(*bounds)
            name, _ = self.interval(Scope(((x.args[0], Domain(domain)),), tuple(bounds)), x)
            if any(h.op != "lt" for h in bounds):
                refuse("a room is open", *bounds[0].args[:2])
            for point in points[x]:
                facts = [Term("lt", ZERO, t) for t, _ in entry_facts(Domain(domain), point)]
                facts += [substitute(h, {name: point}) for h in bounds]
                if not all(map(order.holds, facts)):
                    refuse("the point is outside", point)
        wide.check()
        return wide

    def smooth(self, scope: Scope, f: Term, *variables: Term) -> None:
        """Refuse unless f is defined and smooth in the variables, which range over open intervals."""
        if sort(f, scope) != REAL:
            refuse("not a number", f)
        order = self.order(scope)
        rough = order.undefined(f) or next((t for x in variables if (t := order.rough(f, x.args[0])) is not None), None)
        if rough is not None:
            refuse("not seen to be smooth", f, rough)


__all__ = ["Slopes"]
