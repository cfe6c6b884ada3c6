"""Signs and definedness, decided from the domains and hypotheses of a scope; "not decided" is a common answer.

A sign is the set of values that sgn(t) may take, a subset of {−1, 0, 1}: {1} is t > 0, {0, 1} is t ≥ 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .algebra import Algebra, Polynomial
from .definitions import definition
from .domains import Domain, Scope, entry_facts, mentions, sort, total
from .enclosure import enclosure
from .terms import ONE, ZERO, IllFormed, Term, constant, opened, subterms, var

Sign = frozenset[int]
ANY, POSITIVE, NONNEGATIVE, NONZERO, NULL = (frozenset(s) for s in ((-1, 0, 1), (1,), (0, 1), (-1, 1), (0,)))
NEGATIVE, NONPOSITIVE = frozenset({-1}), frozenset({-1, 0})
RELATIONS = {"eq": NULL, "le": NONNEGATIVE, "lt": POSITIVE, "ne": NONZERO}  #: the sign of b − a in a statement about a and b
POSITIVE_OPS = frozenset({"exp", "const"})


class Order:
    """What one scope decides; every answer is remembered."""

    @classmethod
    def of(cls, scope: Scope, algebra: Algebra, made: dict[Scope, Order]) -> Order:
        """The order of ``scope``, made once."""
        if scope not in made:
            made[scope] = cls(scope, algebra, made)
        return made[scope]

    def __init__(self, scope: Scope, algebra: Algebra, made: dict[Scope, Order]) -> None:
        self.scope, self.algebra, self._made = scope, algebra, made
        self._signs: dict[Term, Sign] = {}
        self._undefined: dict[Term, Term | None] = {}
        self._busy: set[Term] = next(iter(made.values()))._busy if made else set()  # shared, as each may ask the others
        self._known = [fact for h in scope.hypotheses for fact in self._facts_of(h)]

    # ---- statements

    def holds(self, statement: Term) -> bool:
        """Whether the statement is decided to be true here; its terms must be defined."""
        op, args = statement.op, statement.args
        if op == "and":
            return all(self.holds(a) for a in args)
        if op == "imp":
            return self._fails(args[0]) or self.assuming(args[0]).holds(args[1])
        if op == "all":
            inner, body = self.under(args[0], args[1])
            return inner.holds(body)
        if statement in self.scope.hypotheses:
            return True
        if op not in ("eq", "le", "lt", "ne") or len(args) == 3 or any(self.undefined(a) is not None for a in args):
            return False
        return (op == "eq" and self.algebra.equal(*args)) or self.sign(args[1] - args[0]) <= RELATIONS[op]

    def _fails(self, statement: Term) -> bool:
        op, args = statement.op, statement.args
        if op not in RELATIONS or any(self.undefined(a) is not None for a in args):
            return False
        return not self.sign(args[1] - args[0]) & RELATIONS[op]

    def assuming(self, statement: Term) -> Order:
        """The same scope under one more hypothesis."""
        return Order.of(self.scope.assuming(statement), self.algebra, self._made)

    def under(self, size: Term, body: Term) -> tuple[Order, Term]:
        """The body of a binder, opened with a fresh index, and the scope it stands in."""
        name = self.scope.fresh()
        return Order.of(self.scope.declaring(name, Domain("Index", (size,))), self.algebra, self._made), opened(body, var(name))

    # ---- facts

    def _facts_of(self, h: Term) -> Iterator[tuple[Term, Sign]]:
        if h.op == "and":
            for a in h.args:
                yield from self._facts_of(a)
        elif h.op in RELATIONS:
            known = RELATIONS[h.op]
            yield h.args[1] - h.args[0], known
            if 0 not in known and ZERO in h.args[:2]:  # a product that is not zero has no factor that is
                yield from ((f, NONZERO) for f in _factors(h.args[1] if h.args[0] == ZERO else h.args[0]))

    def _facts(self, t: Term) -> Iterator[tuple[Term, Sign]]:
        """Facts about the variables and entries in ``t``: of their domains, and of the hypotheses."""
        yield from self._known
        met: set[Term] = set()
        for s in subterms(t):
            if s.loose or s in met or s.op not in ("var", "at", "sum"):
                continue
            met.add(s)
            if s.op == "sum":
                vectors = ((var(name), d) for name, d in self.scope.domains if d.kind.total and d.name != "Family")
                yield from ((s, POSITIVE) for v, d in vectors if s == total(d, v))
                continue
            domain = self.domain(s if s.op == "var" else s.args[0])
            if domain is None or len(domain.sizes) != (len(s.args) - 1 if s.op == "at" else 0):
                continue
            for fact, strict in entry_facts(domain, s):
                yield fact, POSITIVE if strict else NONNEGATIVE
        indices = {i for s in met if s.op == "at" for i in s.args[1:]}
        for h in self.scope.hypotheses:
            if h.op in ("all", "imp"):
                yield from self._instances(h, indices)

    def _instances(self, h: Term, indices: set[Term]) -> Iterator[tuple[Term, Sign]]:
        if h.op == "all":
            for i in indices:
                if not i.loose and self.is_index(i, h.args[0]):
                    yield from self._instances(opened(h.args[1], i), indices)
        elif h.op == "imp":  # used for a premise that is a relation, and one premise behind another, no further
            if h.args[0].op in RELATIONS and h not in self._busy and len(self._busy) < 2:
                self._busy.add(h)
                try:
                    premise = self.holds(h.args[0])
                finally:
                    self._busy.discard(h)
                if premise:
                    yield from self._instances(h.args[1], indices)
        else:
            yield from self._facts_of(h)

    def domain(self, vector: Term) -> Domain | None:
        """The domain of a variable, or of the distribution which a family takes."""
        if vector.op == "var":
            return self.scope.domain(vector.args[0])
        if vector.op == "of" and vector.args[0].op == "var":
            return Domain("OpenSimplex", self.scope.domain(vector.args[0].args[0]).sizes[:1])
        return None

    def is_index(self, i: Term, size: Term) -> bool:
        """Whether ``i`` is an index over 1…size."""
        try:
            literal = i.op == size.op == "num" and i.args[0].denominator == 1 and 1 <= i.args[0] <= size.args[0]
            return literal or sort(i, self.scope) == ("index", (size,))
        except IllFormed:
            return False

    # ---- signs

    def sign(self, t: Term) -> Sign:
        """What sgn(t) may be; meaningful where ``t`` is defined."""
        found = self._signs.get(t)
        if found is None:
            found = self._sign(t) or ANY  # no sign at all: nothing here is defined, or nothing satisfies the hypotheses
            if not self._busy:
                self._signs[t] = found
        return found

    def _sign(self, t: Term) -> Sign:
        result = self._structural(t)
        if len(result) > 1 and t.op in ("add", "log") and t.size <= 1000 and (ends := enclosure(t)) is not None:
            result &= POSITIVE if ends[0] > 0 else frozenset({-1}) if ends[1] < 0 else ANY
        if len(result) > 1:
            for fact, known in self._facts(t):
                c = self.algebra.ratio(t, fact)
                if c is not None:
                    result &= known if c > 0 else frozenset(-s for s in known)
        if len(result) > 1 and t.op == "add":
            own = self.algebra.own(t)
            over, under = (self._sign_of_polynomial(p, own) for p in self.algebra.quotient(t))
            result &= _product(over, under & NONZERO)
            if len(result) > 1 and any(s.op == "app" and not s.loose for s in subterms(t)):
                result &= self.sign(self._without_definitions(t))
        return result

    def _without_definitions(self, t: Term) -> Term:
        if t.op == "app" and not t.loose:
            t = self.unfolded(t)
        return t.rebuild(tuple(self._without_definitions(c) for c in t.children)) if t.children else t

    def _sign_of_polynomial(self, polynomial: Polynomial, own: dict[int, Term]) -> Sign:
        signs = []
        for m, c in polynomial.items():
            powers = (frozenset(x**n for x in self.sign(own[k])) for k, n in m)
            signs.append(_product(frozenset({1 if c > 0 else -1}), *powers))
        return _sign_of_sum(signs)

    def _structural(self, t: Term) -> Sign:
        op, args = t.op, t.args
        if op == "num":
            return frozenset({(args[0] > 0) - (args[0] < 0)})
        if op in POSITIVE_OPS or (op == "var" and self.scope.domain(args[0]).name == "Size"):
            return POSITIVE
        if op == "add":
            return _sign_of_sum([self.sign(a) for a in args])
        if op == "mul":
            return _product(*(self.sign(a) for a in args))
        if op == "pow":
            base = self.sign(args[0])
            n = constant(args[1])
            if n is not None and n.denominator == 1:
                base = base if n > 0 else base & NONZERO if n else POSITIVE
                return base if n % 2 else frozenset(s * s for s in base)
            if n is not None:  # it has a value for no negative number
                return base & NONNEGATIVE if n > 0 else POSITIVE
            if base <= POSITIVE:
                return POSITIVE
            return NONNEGATIVE if base <= NONNEGATIVE else ANY  # the exponent may be whole by its value
        if op == "log":
            return self.sign(args[0] - ONE)
        if op == "xlog":
            return _product(self.sign(args[0]), self.sign(args[1] - args[2]))
        if op in ("sum", "prod", "top"):
            inner, body = self.under(args[0], args[1])
            s = inner.sign(body)
            if op == "sum" and len(s) == 2 and 0 in s:
                (strict,) = ({x} for x in s if x)
                if any(self.sign(opened(args[1], i)) <= strict for i in self.indices(args[0])):
                    return frozenset(strict)
            if op == "sum":
                return s if s in (POSITIVE, frozenset({-1}), NONNEGATIVE, frozenset({-1, 0}), NULL) else ANY
            return s if op == "top" or s <= NONNEGATIVE else ANY
        if op in ("max", "case"):
            a, b = (self.sign(x) for x in args[-2:])
            return POSITIVE if op == "max" and POSITIVE in (a, b) else a | b
        if op == "abs":
            return frozenset(s * s for s in self.sign(args[0]))
        if op == "delta":
            return POSITIVE if args[0] == args[1] else NONNEGATIVE
        return self.sign(self.unfolded(t)) if op == "app" else ANY

    def indices(self, size: Term) -> set[Term]:
        """The named indices over 1…size."""
        named = {var(name) for name, d in self.scope.domains if d.name == "Index" and d.sizes == (size,)}
        met = {i for h in self.scope.hypotheses for s in subterms(h) if s.op == "at" for i in s.args[1:]}
        return named | {i for i in met if not i.loose and self.is_index(i, size)}

    def unfolded(self, t: Term) -> Term:
        """A defined function replaced by its definition."""
        d = definition(t.args[0])
        return d.unfold(t.args[1:], d.sizes(t.args[1:], tuple(sort(a, self.scope) for a in t.args[1:])))

    # ---- definedness

    def undefined(self, t: Term) -> Term | None:
        """None if ``t`` is defined (a finite real) wherever the scope holds, else a condition that is not decided.

        A statement is defined when its relations are; a conclusion is looked at under its premise, a later part of
        "and" under the earlier ones. What is said to be infinite, or to have a limit, need not be finite.
        """
        found = self._undefined.get(t, t)
        if found is t:
            found = self._undefined_in(t)
            if not self._busy:
                self._undefined[t] = found
        return found

    def _undefined_in(self, t: Term) -> Term | None:
        op, args = t.op, t.args
        if op in ("sum", "prod", "top", "all", "vec"):
            inner, body = self.under(args[0], args[1])
            return inner.undefined(body)
        if op == "app":
            return self.undefined(self.unfolded(t))
        if op in ("infinite", "tends", "integrates"):
            return None
        if op in ("imp", "and"):
            missing = self.undefined(args[0])
            rest = args[1] if len(args) == 2 else Term("and", *args[1:]) if len(args) > 2 else None
            return missing or (None if rest is None else self.assuming(args[0]).undefined(rest))
        if op == "case":  # each value is read where its condition holds
            missing = self.undefined(args[0]) or self.undefined(args[1])
            branches = ((relation, a) for relation, a in zip(("eq", "ne"), args[2:], strict=True))
            return missing or next((m for r, a in branches if (m := self._in_case(r, args, a)) is not None), None)
        if op == "deriv":
            name = (args[1] if args[1].op == "var" else args[1].args[0]).args[0]
            near = Order.of(self.scope.near(name), self.algebra, self._made)
            return near.undefined(args[0]) or near.rough(args[0], name)
        for a in t.children:
            missing = self.undefined(a)
            if missing is not None:
                return missing
        conditions: list[Term] = []
        if op == "log":
            conditions = [Term("lt", ZERO, args[0])]
        elif op == "pow":
            n = self.whole(args[1])
            if n is None:
                conditions = [Term("lt", ZERO, args[0])]
                if self.holds(Term("lt", ZERO, args[1])):
                    conditions = [Term("le", ZERO, args[0])]
            elif n < 0:
                conditions = [Term("ne", args[0], ZERO)]
        elif op == "xlog":
            w, a, b = args
            positive = [Term("lt", ZERO, x) for x in (w, a, b)]
            if not all(self.holds(p) for p in positive[1:]):
                conditions = [Term("le", ZERO, x) for x in args] + [Term("imp", positive[0], p) for p in positive[1:]]
        return next((c for c in conditions if not self.holds(c)), None)

    def whole(self, r: Term) -> Fraction | None:
        """The whole number which an exponent is: by sums and products of numbers, or by an equation that was shown."""
        n = constant(r)
        if n is None:
            sides = (h.args[::k] for h in self.scope.hypotheses if h.op == "eq" for k in (1, -1))
            n = next((b.args[0] for a, b in sides if b.op == "num" and self.algebra.equal(a, r)), None)
        return n if n is not None and n.denominator == 1 else None

    def _in_case(self, relation: str, args: tuple[Term, ...], value: Term) -> Term | None:
        """What is not known to be defined in a value of a case distinction; one whose condition fails is not looked at."""
        if self.undefined(value) is None or not self.sign(args[1] - args[0]) & RELATIONS[relation]:
            return None
        return self.assuming(Term(relation, *args[:2])).undefined(value)

    def rough(self, t: Term, name: str) -> Term | None:
        """None if ``t``, defined here, is a smooth function of the variable ``name``; else what may not be smooth."""
        if not mentions(t, name):
            return None
        op, args = t.op, t.args
        if op in ("sum", "prod"):
            inner, body = self.under(args[0], args[1])
            return inner.rough(body, name)
        if op == "app":
            return self.rough(self.unfolded(t), name)
        if op in ("max", "abs", "top", "case", "vec") or (op == "deriv" and any(s.op == "of" for s in subterms(t))):
            return t  # a family is differentiable once
        if op == "pow" and ((n := constant(args[1])) is None or n.denominator != 1):
            positive = Term("lt", ZERO, args[0])
            if not self.holds(positive):
                return positive
        if op == "xlog":  # a weight or a part of the quotient that is constant may be zero as well
            rest = [Term("lt", ZERO, x) for x in args[1:] if mentions(args[0], name) or mentions(x, name)]
            missing = next((c for c in rest if not self.holds(c)), None)
            if missing is not None:
                return missing
        return next((bad for a in t.children if (bad := self.rough(a, name)) is not None), None)

    # ---- infinite values

    def never(self, side: int, t: Term) -> bool:
        """Whether ``t`` is everywhere a real number or −side·∞."""
        if self.undefined(t) is None:
            return True
        op, args = t.op, t.args
        if op == "xlog":
            w, a, b = args
            signs = all(self.undefined(x) is None and self.holds(Term("le", ZERO, x)) for x in args)
            return signs and self.holds(Term("imp", Term("lt", ZERO, w), Term("lt", ZERO, b if side > 0 else a)))
        if op == "add":
            return all(self.never(side, a) for a in args)
        if op == "mul":
            scaled = self._scaled(t)
            return scaled is not None and self.never(side * scaled[0], scaled[1])
        if op == "sum":
            inner, body = self.under(args[0], args[1])
            return inner.never(side, body)
        return op == "app" and self.never(side, self.unfolded(t))

    def infinite(self, side: int, t: Term) -> bool:
        """Whether ``t`` is side·∞ wherever the scope holds: w log(a/0) is +∞ and w log(0/b) is −∞, for w, a, b > 0."""
        op, args = t.op, t.args
        if op == "xlog":
            w, a, b = args
            zero, other = (b, a) if side > 0 else (a, b)
            positive = all(self.undefined(x) is None for x in args) and all(self.holds(Term("lt", ZERO, x)) for x in (w, other))
            return positive and self.sign(zero) <= NULL
        if op == "add":
            return all(self.never(-side, a) for a in args) and any(self.infinite(side, a) for a in args)
        if op == "mul":
            scaled = self._scaled(t)
            return scaled is not None and self.infinite(side * scaled[0], scaled[1])
        if op == "sum":
            return self.never(-side, t) and any(self.infinite(side, opened(args[1], i)) for i in self.indices(args[0]))
        return op == "app" and self.infinite(side, self.unfolded(t))

    def _scaled(self, t: Term) -> tuple[int, Term] | None:
        """A product as a defined factor of one sign, and one other factor."""
        *factors, last = sorted(t.args, key=lambda a: self.undefined(a) is not None)
        if any(self.undefined(f) is not None for f in factors):
            return None
        sign = self.sign(Term("mul", ONE, *factors))
        return (1, last) if sign <= POSITIVE else (-1, last) if sign == frozenset({-1}) else None


def _factors(t: Term) -> Iterator[Term]:
    """What is not zero where the product or power ``t`` is not."""
    if t.op == "mul":
        for a in t.args:
            yield from _factors(a)
            yield a
    elif t.op == "pow" and (n := constant(t.args[1])) is not None and n > 0:
        yield from _factors(t.args[0])
        yield t.args[0]


def _sign_of_sum(signs: list[Sign]) -> Sign:
    for side, strict in ((NULL, NULL), (NONNEGATIVE, POSITIVE), (frozenset({-1, 0}), frozenset({-1}))):
        if all(s <= side for s in signs):
            return strict if strict in signs else side
    return ANY


def _product(*signs: Sign) -> Sign:
    out = POSITIVE
    for s in signs:
        out = frozenset(a * b for a in out for b in s)
    return out
