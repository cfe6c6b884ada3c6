"""Normal forms by recorded steps: each step names its rule and instance, and is judged later by the kernel.

Definitions are unfolded, derivatives carried out, logarithms and exponentials taken apart, sums split into sums of
monomials with constant factors in front. The order of the steps is a matter of readability, not of truth.
"""

from __future__ import annotations

from collections.abc import Callable

from derivations._kernel.algebra import Polynomial
from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Domain, Scope, mentions
from derivations._kernel.terms import BINDERS, LEAVES, ONE, ZERO, IllFormed, Term, closed, constant, num, opened, subterms, var

from .polynomial import TooMany, expand, monomial, product_of, rebuild, sum_of, tidy

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


class Normaliser:
    """Brings terms to normal form with the rules allowed (all, if ``allowed`` is None)."""

    def __init__(self, kernel: Kernel, allowed: frozenset[str] | None = None, budget: int = MAX_STEPS) -> None:
        self.kernel, self.allowed, self.budget = kernel, allowed, budget
        self._memo: dict[tuple[Scope, Term, bool], tuple[Term, list[Step]]] = {}

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
        trail = _Trail(self, t, scope)
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


class _Trail:
    """One term on its way to normal form."""

    def __init__(self, search: Normaliser, t: Term, scope: Scope) -> None:
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
            trail = _Trail(self.search, part, self.scope)
            trail._bits()
            trail._powers()
            path = (k,) if self.term.op == "add" else ()
            self.steps += [(path, by, times, to) for _, by, times, to in trail.steps]
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
            scope = self.scope.near(_variable(self.term)) if self.term.op == "deriv" else self.scope
            new, steps = self.search.normal(child, scope, ring)
        self.steps += [((k, *path), by, times, to) for path, by, times, to in steps]
        self.term = Term(self.term.op, *self.term.args[:k], new, *self.term.args[k + 1 :])

    def again(self, ring: bool = False) -> None:
        """Normalise the new term."""
        new, steps = self.search.normal(self.term, self.scope, ring)
        self.steps += steps
        self.term = new

    def run(self, ring: bool) -> None:
        op = self.term.op
        if op in LEAVES or op in ("at", "delta", "of", "vec"):
            if op == "delta" and self.term.args[0] == self.term.args[1] and self.search.may("delta of equal indices"):
                self.step(rule("delta of equal indices", k=self.term.args[0]), ONE)
            return
        if op in ("add", "mul"):
            for k in range(len(self.term.args)):
                self.into(k, ring=True)
            if not ring:
                self.tidy()
            return
        handler: Callable[[], None] | None = getattr(self, "_" + op, None)
        if handler is not None:
            handler()
        if not ring and self.term.op in ("pow", "mul", "add"):
            self.tidy()

    # ---- defined functions, cases

    def _app(self) -> None:
        if self.unfold():
            self.again()

    def unfold(self) -> bool:
        """Put the definition in the place of a defined function."""
        if self.term.op != "app" or not self.search.may("definition"):
            return False
        body = self.search.kernel.order(self.scope).unfolded(self.term)
        return self.search.defined(self.scope, body) and self.step(Proof("definition", (self.term,)), body)

    def _case(self) -> None:
        if self.decide():
            self.again()

    def decide(self) -> bool:
        """A case distinction that is decided, or one about a bit: u^y·v^(1−y), or y·u + (1−y)·v."""
        if self.term.op != "case":
            return False
        a, b, v, w = self.term.args
        order = self.search.kernel.order(self.scope)
        for name, op, new in (("case met", "eq", v), ("case not met", "ne", w)):
            if self.search.may(name) and order.holds(Term(op, a, b)):
                return self.step(rule(name, a=a, b=b, v=v, w=w), new)
        domain = order.domain(a.args[0] if a.op == "at" else a) if a.op in ("at", "var") else None
        if (
            domain is None
            or not domain.kind.whole
            or domain.kind.high != 1
            or b not in (ZERO, ONE)
            or not self.search.may("case met")
        ):
            return False
        from .equivalence import by_bit

        u, v = (v, w) if b == ONE else (w, v)
        new = u**a * v ** (ONE - a) if self.search.positive(self.scope, u, v) else a * u + (ONE - a) * v
        return self.step(by_bit(self.search.kernel, self.scope, Term("eq", self.term, new), a), new)

    def _bits(self) -> None:
        """y² = y for bits, y_k y_m = 0 for different entries of a one-hot vector."""
        if self.term.op not in ("mul", "pow") or not self.search.may("zero or one"):
            return
        order = self.search.kernel.order(self.scope)
        for t in sorted({s for s in subterms(self.term) if s.op in ("at", "var") and not s.loose}, key=repr):
            domain = order.domain(t.args[0]) if t.op == "at" else order.domain(t) if t.op == "var" else None
            if domain is None or not domain.kind.whole or domain.kind.high != 1:
                continue
            try:
                ((m, c),) = expand(self.term).items()
            except (TooMany, ValueError):
                return
            power = dict(m).get(t, 0)
            while power > 1:
                power -= 1
                rest = product_of(monomial({**dict(m), t: power - 1}), c)
                new = product_of(monomial({**dict(m), t: power}), c)
                self.search.spend()
                self.steps.append(((), rule("zero or one", a=t), rest, new))
                self.term = new

    def _powers(self) -> None:
        """√t·√t = t: two factors of one base, one with a broken exponent, become one."""
        if self.term.op not in ("mul", "pow") or not self.search.may("powers of one base"):
            return
        if not any(
            s.op == "pow" and (c := constant(s.args[1])) is not None and c.denominator != 1 for s in subterms(self.term)
        ):
            return
        try:
            ((m, c),) = expand(self.term).items()
        except (TooMany, ValueError):
            return
        factors = dict(m)
        for f in list(factors):
            if f.op != "pow" or (r := constant(f.args[1])) is None or r.denominator == 1:
                continue
            a = f.args[0]
            while (twice := factors.get(f, 0) >= 2) or (factors.get(f, 0) == 1 and factors.get(a, 0)):
                other = r if twice else num(factors[a]).args[0]
                new_power = r + other
                old = product_of(monomial(factors), c)
                factors[f] -= 2 if twice else 1
                if not twice:
                    factors[a] = 0
                merged = a if new_power == 1 else a ** num(new_power)
                factors[merged] = factors.get(merged, 0) + 1
                if new_power.denominator == 1 and merged is not a:
                    factors[merged] -= 1
                    factors[a] = factors.get(a, 0) + int(new_power)
                new = product_of(monomial(factors), c)
                times = product_of(monomial({**dict(monomial(factors)), merged: factors.get(merged, 0) - 1}), c)
                if old != self.term:
                    self.step(field(self.term, old), old)
                self.search.spend()
                self.steps.append(((), rule("powers of one base", a=a, r=num(r), c=num(other)), times, new))
                self.term = new

    # ---- logarithm, exponential, power

    def _log(self) -> None:
        head = _Trail(self.search, self.term.args[0], self.scope)
        while head.unfold() or head.decide():
            pass
        self.steps += [((0,), by, times, to) for _, by, times, to in head.steps]
        self.term = Term("log", head.term)
        if self._log_apart():
            return
        self.into(0)
        if not self._log_apart():
            a = self.term.args[0]
            quotient = _over_one_denominator(a, self.search.kernel)
            if quotient != a and self.search.may("logarithm of a product"):
                new = Term("log", quotient)
                if self.search.defined(self.scope, new):
                    self.step(field(self.term, new), new)
                    self._log_apart()

    def _log_apart(self) -> bool:
        """Take the logarithm of a product, power, exponential, … apart; False if it is none of these."""
        a = self.term.args[0]
        may, positive = self.search.may, self.search.positive
        if a == ONE and may("logarithm of one"):
            return self.step(rule("logarithm of one"), ZERO)
        if a.op == "exp" and may("logarithm of an exponential"):
            self.step(rule("logarithm of an exponential", a=a.args[0]), a.args[0])
        elif a.op == "prod" and may("logarithm of a product of many"):
            size, body = a.args
            new = Term("sum", size, Term("log", body))
            if not self.search.defined(self.scope, new):
                return False
            self.step(rule("logarithm of a product of many", n=size, f=body), new)
        elif a.op == "pow" and may("logarithm of a power") and positive(self.scope, a.args[0]):
            self.step(rule("logarithm of a power", a=a.args[0], r=a.args[1]), a.args[1] * Term("log", a.args[0]))
        elif a.op == "mul" and may("logarithm of a product"):
            head, rest = a.args[0], a.args[1] if len(a.args) == 2 else Term("mul", *a.args[1:])
            if not positive(self.scope, head, rest):
                return False
            self.step(rule("logarithm of a product", a=head, b=rest), Term("log", head) + Term("log", rest))
        else:
            return False
        self.again(ring=True)
        return True

    def _exp(self) -> None:
        self.into(0)
        a = self.term.args[0]
        may, positive = self.search.may, self.search.positive
        if a == ZERO and may("exponential of zero"):
            self.step(rule("exponential of zero"), ONE)
        elif a.op == "log" and may("exponential of a logarithm") and positive(self.scope, a.args[0]):
            self.step(rule("exponential of a logarithm", a=a.args[0]), a.args[0])
        elif a.op == "add" and may("exponential of a sum"):
            head, rest = a.args[0], sum_of(list(a.args[1:]))
            self.step(rule("exponential of a sum", a=head, b=rest), Term("exp", head) * Term("exp", rest))
            self.again()
        elif a.op == "mul" and may("exponential of a multiple"):
            c = constant(a.args[0])
            if c is not None:
                inner = a.args[1] if len(a.args) == 2 else Term("mul", *a.args[1:])
                self.step(rule("exponential of a multiple", r=num(c), a=inner), Term("exp", inner) ** num(c))
                if inner.op == "log":
                    self.again()

    def _pow(self) -> None:
        self.into(0, ring=True)
        self.into(1)
        n = constant(self.term.args[1])
        if n is not None and n.denominator == 1:
            return
        base, exponent = self.term.args
        if n is None and self.search.may("power as exponential") and self.search.positive(self.scope, base):
            self.step(rule("power as exponential", a=base, r=exponent), Term("exp", exponent * Term("log", base)))
            self.again()

    def _xlog(self) -> None:
        may, positive, defined = self.search.may, self.search.positive, self.search.defined
        for k in range(3):
            self.into(k)
        w, a, b = self.term.args
        if w == ZERO and may("zero times logarithm"):
            self.step(rule("zero times logarithm", a=a, b=b), ZERO)
        elif positive(self.scope, a, b) and may("weight times logarithm"):
            self.step(rule("weight times logarithm", w=w, a=a, b=b), w * (Term("log", a) - Term("log", b)))
            self.again()
        elif b != ONE and may("weighted logarithm of a quotient"):
            new = Term("xlog", w, a, ONE) - Term("xlog", w, b, ONE)
            if defined(self.scope, new):
                self.step(rule("weighted logarithm of a quotient", w=w, a=a, b=b), new)
                self.again()
        elif a.op == "mul" and b == ONE and may("weighted logarithm of a product"):
            head, rest = a.args[0], a.args[1] if len(a.args) == 2 else Term("mul", *a.args[1:])
            new = Term("xlog", w, head, ONE) + Term("xlog", w, rest, ONE)
            if defined(self.scope, new):
                self.step(rule("weighted logarithm of a product", w=w, a=head, b=rest), new)
                self.again()
        elif a.op == "pow" and b == ONE and may("weighted logarithm of a power"):
            new = a.args[1] * Term("xlog", w, a.args[0], ONE)
            if positive(self.scope, a.args[1]) and defined(self.scope, new):
                self.step(rule("weighted logarithm of a power", w=w, a=a.args[0], r=a.args[1]), new)
                self.again()
        elif w.op == "add" and may("weights add"):
            head, rest = w.args[0], sum_of(list(w.args[1:]))
            new = Term("xlog", head, a, b) + Term("xlog", rest, a, b)
            if defined(self.scope, new):
                self.step(rule("weights add", v=head, w=rest, a=a, b=b), new)
                self.again()
        elif w.op == "mul" and may("weights multiply"):
            self._weight_factor(w, a, b)

    def _weight_factor(self, w: Term, a: Term, b: Term) -> None:
        """Take out of a weight what is not needed for the term to be defined: w = c·v with v as in v log v, if possible."""
        for k, v in enumerate(w.args):
            rest = [f for m, f in enumerate(w.args) if m != k]
            c = rest[0] if len(rest) == 1 else Term("mul", *rest)
            new = c * Term("xlog", v, a, b)
            if v.op not in LEAVES - {"var": str}.keys() and self.search.defined(self.scope, new):
                self.step(rule("weights multiply", c=c, w=v, a=a, b=b), new)
                return

    # ---- sums

    def _sum(self) -> None:
        self.into(1)
        size = self.term.args[0]
        if self.search.may("total probability"):
            try:
                law = rule("total probability", t=self.term)
                self.search.kernel.derive(law, self.scope)
                self.step(law, ONE)
                return
            except Exception:
                pass
        name = self.scope.fresh()
        body = opened(self.term.args[1], var(name))
        try:
            parts = [product_of(m, c) for m, c in sorted(expand(body).items(), key=repr)]
        except TooMany:
            return
        if not parts:
            self.step(rule("sum of a constant", n=size, c=ZERO), ZERO)
            return
        if len(parts) == 1:
            self._one_sum(size, body, name)
            return
        if not self.search.may("sum of sums"):
            return
        head, rest = parts[0], sum_of(parts[1:])
        inner = self.scope.declaring(name, Domain("Index", (size,)))
        if not self.search.defined(inner, head, rest):
            return
        new = Term("sum", size, closed(head, name)) + Term("sum", size, closed(rest, name))
        self.step(rule("sum of sums", n=size, f=closed(head, name), g=closed(rest, name)), new)
        self.again(ring=True)

    def _one_sum(self, size: Term, body: Term, name: str) -> None:
        ((m, c),) = expand(body).items()
        inside = {f: e for f, e in m if mentions(f, name)}
        outside = {f: e for f, e in m if f not in inside}
        front = product_of(monomial(outside), c)
        if not inside:
            if self.search.may("sum of a constant"):
                self.step(rule("sum of a constant", n=size, c=body), size * body)
            return
        for f, e in inside.items():
            if f.op == "delta" and e == 1 and self.search.may("delta selects"):
                i, k = f.args
                i, k = (i, k) if i == var(name) else (k, i)
                if i != var(name) or mentions(k, name):
                    continue
                rest = product_of(monomial({g: n for g, n in m if g != f}), c)
                self.step(rule("delta selects", n=size, k=k, f=closed(rest, name)), opened(closed(rest, name), k))
                self.again()
                return
        if front != ONE and self.search.may("constant factor"):
            rest = closed(product_of(monomial(inside)), name)
            if self.search.defined(self.scope, front):
                self.step(rule("constant factor", n=size, c=front, f=rest), front * Term("sum", size, rest))
                self.again(ring=True)
                return
        inner = self.term.args[1]
        if inner.op == "sum" and self.search.may("order of summation") and inner.args[0].loose == 0:
            swapped = _swapped(size, inner)
            if repr(swapped) < repr(self.term):
                f = Term("sum", size, inner).args[1].args[1]
                self.step(rule("order of summation", n=size, m=inner.args[0], f=f), swapped)
                self.again()

    # ---- derivatives

    def _deriv(self) -> None:
        if not any(name.startswith("derivative") and self.search.may(name) for name in _DERIVATIVES):
            return
        self.into(0)
        body, x = self.term.args
        name = _variable(self.term)
        derive = lambda t: Term("deriv", t, x)  # noqa: E731
        if not mentions(body, name):
            self.step(rule("derivative of a constant", a=body, x=x), ZERO)
        elif body == x and x.op == "var":
            self.step(rule("derivative of the variable", x=x), ONE)
        elif body.op == "at" and x.op == "at" and body.args[0] == x.args[0] and len(x.args) == 2:
            new = Term("delta", body.args[1], x.args[1])
            self.step(rule("derivative of an entry", v=x.args[0], k=body.args[1], m=x.args[1]), new)
            self.again(ring=True)
        elif body.op == "add":
            head, rest = body.args[0], sum_of(list(body.args[1:]))
            self.step(rule("derivative of a sum", a=head, b=rest, x=x), derive(head) + derive(rest))
            self.again(ring=True)
        elif body.op == "mul":
            head, rest = body.args[0], body.args[1] if len(body.args) == 2 else Term("mul", *body.args[1:])
            self.step(rule("derivative of a product", a=head, b=rest, x=x), derive(head) * rest + head * derive(rest))
            self.again(ring=True)
        elif body.op == "pow":
            a, r = body.args
            if not mentions(r, name):
                new = r * a ** tidy(r - ONE) * derive(a)
                self.step(rule("derivative of a power", a=a, r=r, x=x), new)
                self.again(ring=True)
        elif body.op == "log":
            self.step(rule("derivative of the logarithm", a=body.args[0], x=x), derive(body.args[0]) / body.args[0])
            self.again(ring=True)
        elif body.op == "exp":
            self.step(rule("derivative of the exponential", a=body.args[0], x=x), body * derive(body.args[0]))
            self.again(ring=True)
        elif body.op == "sum":
            size, f = body.args
            self.step(rule("derivative of a sum over indices", n=size, f=f, x=x), Term("sum", size, Term("deriv", f, x)))
            self.again(ring=True)


_DERIVATIVES = ("derivative of a constant", "derivative of a sum", "derivative of the logarithm")


def _variable(deriv: Term) -> str:
    x = deriv.args[1]
    return str((x if x.op == "var" else x.args[0]).args[0])


def _swapped(size: Term, inner: Term) -> Term:
    """Σ_i Σ_j f with the two sums exchanged."""
    from derivations._kernel.rules import instantiate

    f = Term("meta", "f", Term("bound", 0), Term("bound", 1))
    return instantiate(Term("sum", inner.args[0], Term("sum", size, f)), {"f": inner.args[1]})


def _over_one_denominator(a: Term, kernel: Kernel) -> Term:
    """A sum of quotients as one quotient, common factors in front; other terms as they are."""
    if a.op != "add":
        return a

    def apart(polynomial: Polynomial) -> tuple[Term, dict[Term, int]]:
        atoms = kernel.algebra.atoms
        e = {tuple((atoms[k], n) for k, n in m): c for m, c in polynomial.items()}
        lowest = {f: low for f in {f for m in e for f, _ in m} if (low := min(dict(m).get(f, 0) for m in e))}
        rest = {monomial({f: n - lowest.get(f, 0) for f, n in m}): c for m, c in e.items()}
        return rebuild(rest), lowest

    try:
        (top, over), (bottom, under) = map(apart, kernel.algebra.quotient(a))
    except IllFormed:
        return a
    factors = {f: over.get(f, 0) - under.get(f, 0) for f in {*over, *under}}
    parts = [f if n == 1 else f ** num(n) for f, n in monomial(factors)]
    parts = ([] if top == ONE else [top]) + parts + ([] if bottom == ONE else [bottom ** num(-1)])
    return (
        a
        if len(parts) == 1 and bottom == ONE and not factors
        else Term("mul", *parts)
        if len(parts) > 1
        else parts[0]
        if parts
        else ONE
    )


__all__ = ["Normaliser", "OutOfSteps", "Step", "field", "rule", "subterms"]
