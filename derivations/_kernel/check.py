"""The checker: a proof is data, and each kind of proof is one principle, a method below.

``Kernel.derive`` computes the statement which a proof proves in a scope; it never searches. ``check`` compares that
statement with the claim and, only if they are the same, makes a :class:`Checked`. Nothing else makes one.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple, NoReturn

from .algebra import Algebra
from .domains import REAL, STATEMENT, Domain, Scope, entry_facts, mentions, sort, total
from .order import NONNEGATIVE, NONZERO, NULL, POSITIVE, Order
from .rules import instance
from .terms import BINDERS, ONE, ZERO, IllFormed, Term, closed, entry, opened, substitute, var

Values = tuple[tuple[str, Term], ...]  #: names with what is put in for them


class Refused(Exception):
    """A proof that does not prove what it should: ``left`` and ``right`` are what ought to be equal."""

    def __init__(self, why: str, left: Term | None = None, right: Term | None = None) -> None:
        super().__init__(why)
        self.left, self.right = left, right


@dataclass(frozen=True)
class Proof:
    """A principle (see ``PRINCIPLES``) and what it is applied to: terms, proofs, names, numbers and tuples of these."""

    kind: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A statement, with the domains and hypotheses under which it is made."""

    scope: Scope
    goal: Term

    def check(self) -> None:
        """Raise :class:`IllFormed` unless the claim makes sense."""
        self.scope.check()
        if sort(self.goal, self.scope) != STATEMENT:
            raise IllFormed("a claim is a statement")


def refuse(why: str, left: Term | None = None, right: Term | None = None) -> NoReturn:
    """Raise :class:`Refused`."""
    raise Refused(why, left, right)


def conjunction(statements: list[Term]) -> Term:
    """The statements joined by "and"; one alone stands for itself."""
    return statements[0] if len(statements) == 1 else Term("and", *statements)


#: What malformed data may raise on its way through the checker.
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


class Kernel:
    """Derives statements from proofs, in one algebra, citing from one library of checked statements."""

    def __init__(self, library: Mapping[str, Checked] | None = None) -> None:
        self.library: Mapping[str, Checked] = {} if library is None else library
        self.algebra = Algebra()
        self._orders: dict[Scope, Order] = {}
        self.used: dict[str, None] = {}  #: names of rules and principles used, in order
        self.cited: dict[str, None] = {}  #: labels cited, in order

    def order(self, scope: Scope) -> Order:
        """What is decided in ``scope``."""
        return Order.of(scope, self.algebra, self._orders)

    def derive(self, proof: Proof, scope: Scope) -> Term:
        """The statement which ``proof`` proves in ``scope``; :class:`Refused` if it proves nothing."""
        if type(proof) is not Proof or type(proof.kind) is not str or type(proof.args) is not tuple:
            refuse("not a proof")
        principle = _PRINCIPLES.get(proof.kind)
        if principle is None:
            refuse(f"no principle {proof.kind!r}")
        try:
            statement = principle(self, scope, *proof.args)
        except MALFORMED as error:
            raise Refused(f"{proof.kind}: {error}") from error
        if type(statement) is not Term:
            refuse("not a statement")
        self.used[proof.args[0] if proof.kind == "rule" else proof.kind] = None
        return statement

    # ---- what is asked of terms and of parts of proofs

    def defined(self, scope: Scope, *terms: Term) -> None:
        for t in terms:
            if sort(t, scope) != REAL:
                refuse("not a number", t)
            missing = self.order(scope).undefined(t)
            if missing is not None:
                refuse("not defined unless a condition holds that is not decided", t, missing)

    def statement(self, scope: Scope, *statements: Term) -> None:
        for s in statements:
            if sort(s, scope) != STATEMENT:
                refuse("not a statement", s)

    def same(self, why: str, a: Term, b: Term) -> None:
        if not self.algebra.equal(a, b):
            refuse(why, a, b)

    def relation(self, proof: Proof, scope: Scope, *allowed: str) -> Term:
        s = self.derive(proof, scope)
        if s.op not in (allowed or ("eq", "le", "lt")):
            refuse(f"{' or '.join(allowed) or 'a relation'} is needed here", s)
        return s

    # ---- equations

    def field(self, scope: Scope, a: Term, b: Term) -> Term:
        """Two terms equal by the laws of a field, where both are defined."""
        self.defined(scope, a, b)
        self.same("not equal by the laws of a field", a, b)
        return Term("eq", a, b)

    def rule(self, scope: Scope, name: str, values: Values) -> Term:
        """An instance of a rule of the table, its conditions decided and both sides defined."""
        law = instance(name, dict(values), self.order(scope))
        self.statement(scope, law)
        if law.op != "tends":
            self.defined(scope, *law.args[:2])
        return law

    def definition(self, scope: Scope, t: Term) -> Term:
        """A defined function equals what it is defined to be."""
        if t.op != "app":
            refuse("only a defined function has a definition", t)
        body = self.order(scope).unfolded(t)
        self.defined(scope, t, body)
        return Term("eq", t, body)

    def rewrite(self, scope: Scope, t: Term, steps: tuple[tuple[tuple[int, ...], Proof, Term, Term], ...]) -> Term:
        """Equals may be put for equals, anywhere in a term or a statement.

        A step (path, proof of left = right, times, new) puts ``new`` at ``path``, where old − new = times·(left − right).
        """
        real = sort(t, scope) == REAL
        if real:
            self.defined(scope, t)
        new = t
        for step in steps:
            new = self.step(scope, new, *step)
        return Term("eq" if real else "iff", t, new)

    def step(self, scope: Scope, t: Term, path: tuple[int, ...], by: Proof, times: Term, new: Term) -> Term:
        """``t`` after one step of a rewriting."""
        if not path:
            equation = self.relation(by, scope, "eq")
            if not (times == ONE and equation == Term("eq", t, new)):
                self.defined(scope, t, new, times)
                self.same("the step does not follow from its rule", t - new, times * (equation.args[0] - equation.args[1]))
            return new
        k, last = path[0], len(t.args) - 1
        if type(k) is not int or not 0 <= k <= last:
            refuse("no such place", t)
        child = t.args[k]
        if type(child) is not Term or t.op in ("at", "of", "delta", "tends", "infinite") or (t.op in BINDERS and k != last):
            refuse("no term may be replaced there", t)
        if t.op in BINDERS:
            name = scope.fresh()
            inner = scope.declaring(name, Domain("Index", (t.args[0],)))
            child = closed(self.step(inner, opened(child, var(name)), path[1:], by, times, new), name)
        elif t.op == "deriv":
            if k != 0:
                refuse("no term may be replaced there", t)
            x = t.args[1] if t.args[1].op == "var" else t.args[1].args[0]
            child = self.step(scope.near(x.args[0]), child, path[1:], by, times, new)
        else:
            child = self.step(scope, child, path[1:], by, times, new)
        return Term(t.op, *t.args[:k], child, *t.args[k + 1 :])

    def symmetry(self, scope: Scope, proof: Proof) -> Term:
        """a = b gives b = a; P ⇔ Q gives Q ⇔ P."""
        s = self.relation(proof, scope, "eq", "iff", "ne")
        return Term(s.op, *reversed(s.args))

    # ---- inequalities

    def chain(self, scope: Scope, *proofs: Proof) -> Term:
        """Relations one after another: a ≤ b = c < d gives a < d; a = d at the end exactly when every ≤ is an equality.

        So too with equivalences: P ⇔ Q ⇔ R gives P ⇔ R.
        """
        links = [self.relation(p, scope, "eq", "le", "lt", "iff") for p in proofs]
        for s, t in pairwise(links):
            if s.args[1] != t.args[0]:
                refuse("the lines do not join", s.args[1], t.args[0])
        ends = (links[0].args[0], links[-1].args[1])
        if any(s.op == "iff" for s in links):
            return Term("iff", *ends) if all(s.op == "iff" for s in links) else refuse("numbers and statements do not join")
        if any(s.op == "lt" for s in links):
            return Term("lt", *ends)
        weak = [s for s in links if s.op == "le"]
        if not weak:
            return Term("eq", *ends)
        exact = [s.args[2] for s in weak if len(s.args) == 3]
        return Term("le", *ends, conjunction(exact)) if len(exact) == len(weak) else Term("le", *ends)

    def sign(self, scope: Scope, t: Term) -> Term:
        """The sign of a term as domains and hypotheses give it: t > 0, t ≥ 0 (= 0 exactly when t = 0), t ≤ 0, t < 0."""
        self.defined(scope, t)
        s = self.order(scope).sign(t)
        if s <= NULL:
            return Term("eq", t, ZERO)
        if s <= POSITIVE:
            return Term("lt", ZERO, t)
        if s == frozenset({-1}):
            return Term("lt", t, ZERO)
        if s <= NONNEGATIVE:
            return Term("le", ZERO, t, Term("eq", t, ZERO))
        return Term("le", t, ZERO, Term("eq", t, ZERO)) if s <= frozenset({-1, 0}) else refuse("the sign is not decided", t)

    def combine(self, scope: Scope, a: Term, b: Term, parts: tuple[tuple[Term, Proof], ...]) -> Term:
        """b − a = Σ c·(right − left) over proved relations: equations with any c, inequalities with c ≥ 0."""
        self.defined(scope, a, b)
        strict, weak, rest = False, False, b - a
        exact: list[Term] = []
        for c, proof in parts:
            s = self.relation(proof, scope)
            self.defined(scope, c)
            rest = rest - c * (s.args[1] - s.args[0])
            if s.op == "eq":
                continue
            sign = self.order(scope).sign(c)
            if not sign <= NONNEGATIVE:
                refuse("an inequality may only be multiplied by a nonnegative number", c)
            strict |= s.op == "lt" and sign <= POSITIVE
            weak |= not (len(s.args) == 3 and sign <= POSITIVE)
            exact += s.args[2:]
        self.same("the parts do not add up", rest, ZERO)
        if strict:
            return Term("lt", a, b)
        if exact and not weak:
            return Term("le", a, b, conjunction(exact))
        return Term("le", a, b) if weak else Term("eq", a, b)

    def termwise(self, scope: Scope, size: Term, proof: Proof) -> Term:
        """A relation between all terms holds between their sums; Σa = Σb in Σa ≤ Σb exactly when every a = b."""
        scope.check_size(size)
        name = scope.fresh()
        s = self.relation(proof, scope.declaring(name, Domain("Index", (size,))))
        a, b, *exact = (closed(x, name) for x in s.args)
        return Term(s.op, Term("sum", size, a), Term("sum", size, b), *(Term("all", size, e) for e in exact))

    def slope(self, scope: Scope, x: Term, f: Term, c: Term, derivative: Proof, below: Proof, above: Proof) -> Term:
        """A function whose derivative is negative below c and positive above has its minimum at c and nowhere else."""
        if x.op != "var" or (domain := scope.domain(x.args[0])).name not in ("Real", "Positive", "Probability"):
            refuse("the variable ranges over an open interval", x)
        if any(mentions(h, x.args[0]) for h in scope.hypotheses) or mentions(c, x.args[0]):
            refuse("no hypothesis and not the minimiser may depend on the variable", x)
        self.defined(scope, f, c, Term("deriv", f, x))
        if not all(self.order(scope).holds(Term("lt" if s else "le", ZERO, t)) for t, s in entry_facts(domain, c)):
            refuse("the minimiser lies in the domain", c)
        slope = self.relation(derivative, scope, "eq")
        if slope.args[0] != Term("deriv", f, x):
            refuse("the derivative of another function", slope.args[0], f)
        for side, proof, want in (
            (Term("lt", x, c), below, Term("lt", slope.args[1], ZERO)),
            (Term("lt", c, x), above, Term("lt", ZERO, slope.args[1])),
        ):
            got = self.derive(proof, scope.assuming(side))
            if got != want:
                refuse("the derivative has not the sign it should have", got, want)
        return Term("le", substitute(f, {x.args[0]: c}), f, Term("eq", x, c))

    # ---- logic

    def hypothesis(self, scope: Scope, k: int) -> Term:
        """A hypothesis holds."""
        return scope.hypotheses[k] if type(k) is int and k >= 0 else refuse("no such hypothesis")

    def at_index(self, scope: Scope, proof: Proof, i: Term) -> Term:
        """What holds for all indices holds for each."""
        s = self.relation(proof, scope, "all")
        return opened(s.args[1], i) if self.order(scope).is_index(i, s.args[0]) else refuse("not an index", i)

    def for_all(self, scope: Scope, size: Term, proof: Proof) -> Term:
        """What holds for any index holds for all; equivalent statements about each are equivalent about all."""
        scope.check_size(size)
        name = scope.fresh()
        s = self.derive(proof, scope.declaring(name, Domain("Index", (size,))))
        if s.op == "iff":
            return Term("iff", *(Term("all", size, closed(a, name)) for a in s.args))
        return Term("all", size, closed(s, name))

    def assume(self, scope: Scope, hypothesis: Term, proof: Proof) -> Term:
        """What follows under a hypothesis is implied by it."""
        self.statement(scope, hypothesis)
        return Term("imp", hypothesis, self.derive(proof, scope.assuming(hypothesis)))

    def both(self, scope: Scope, *proofs: Proof) -> Term:
        """Statements together; two implications, each the other way, make an equivalence."""
        s = [self.derive(p, scope) for p in proofs]
        if len(s) == 2 and all(t.op == "imp" for t in s) and s[0].args == s[1].args[::-1]:
            return Term("iff", *s[0].args)
        return Term("and", *s)

    def part(self, scope: Scope, proof: Proof, k: int) -> Term:
        """What is said together holds by itself."""
        s = self.relation(proof, scope, "and")
        part: Term = s.args[k] if type(k) is int and k >= 0 else refuse("no such part")
        return part

    def decided(self, scope: Scope, statement: Term) -> Term:
        """A statement which domains and hypotheses decide."""
        self.statement(scope, statement)
        return statement if self.order(scope).holds(statement) else refuse("not decided", statement)

    def equivalent(self, scope: Scope, p: Term, q: Term, times: Term, by: Proof) -> Term:
        """a = b ⇔ c = d where (a − b) − times·(c − d) is the difference of the sides of a proved equation, and times ≠ 0."""
        if p.op != "eq" or q.op != "eq":
            refuse("equations are needed here", p, q)
        self.defined(scope, *p.args, *q.args, times)
        if not self.order(scope).sign(times) <= NONZERO:
            refuse("the factor may be zero", times)
        e = self.relation(by, scope, "eq")
        difference = p.args[0] - p.args[1] - times * (q.args[0] - q.args[1])
        self.same("the equations are not equivalent", difference, e.args[0] - e.args[1])
        return Term("iff", p, q)

    def when(self, scope: Scope, inequality: Proof, equivalence: Proof) -> Term:
        """The equality case of an inequality, in equivalent words."""
        s, e = self.relation(inequality, scope, "le"), self.relation(equivalence, scope, "iff")
        return Term("le", *s.args[:2], e.args[1]) if s.args[2:] == e.args[:1] else refuse("another equality case", s, e)

    def equality_case(self, scope: Scope, proof: Proof) -> Term:
        """a ≤ b with its equality case gives a = b ⇔ that case."""
        s = self.relation(proof, scope, "le")
        return Term("iff", Term("eq", *s.args[:2]), s.args[2])

    def weaken(self, scope: Scope, proof: Proof) -> Term:
        """a < b, a = b and a ≤ b with its equality case each give a ≤ b."""
        return Term("le", *self.relation(proof, scope).args[:2])

    def zero_or_positive(self, scope: Scope, w: Term, zero: Proof, positive: Proof) -> Term:
        """Two cases for w ≥ 0: w = 0 and w > 0."""
        self.defined(scope, w)
        if not self.order(scope).sign(w) <= NONNEGATIVE:
            refuse("the cases are not exhaustive: not nonnegative", w)
        return self._cases(scope, [(Term("eq", w, ZERO), zero), (Term("lt", ZERO, w), positive)])

    def bit_cases(self, scope: Scope, y: Term, zero: Proof, one: Proof) -> Term:
        """Two cases for a bit: 0 and 1."""
        domain = self.order(scope).domain(y.args[0] if y.op == "at" else y)
        if sort(y, scope) != REAL or domain is None or not (domain.kind.whole and domain.kind.high == 1):
            refuse("the cases are not exhaustive: not a bit", y)
        return self._cases(scope, [(Term("eq", y, ZERO), zero), (Term("eq", y, ONE), one)])

    def _cases(self, scope: Scope, cases: list[tuple[Term, Proof]]) -> Term:
        first, second = (self.derive(proof, scope.assuming(h)) for h, proof in cases)
        return first if first == second else refuse("the cases prove different statements", first, second)

    # ---- infinity and limits

    def infinity(self, scope: Scope, t: Term) -> Term:
        """A sum of terms, none −∞, is +∞ when one of them is: w log(a/0) and −w log(0/b) are, for w, a, b > 0."""
        if sort(t, scope) != REAL or not self.order(scope).infinite(1, t):
            refuse("not decided to be +∞", t)
        return Term("infinite", t)

    def squeeze(
        self, scope: Scope, t: Term, x: Term, v: Term, bound: Term, near: Term, lower: Proof, upper: Proof, limit: Proof
    ) -> Term:
        """t → v when −bound ≤ t − v ≤ bound for 0 < x < near, and bound → 0."""
        if self.derive(limit, scope) != Term("tends", bound, x, ZERO, ZERO):
            refuse("the bound does not tend to zero", bound)
        if mentions(v, x.args[0]) or mentions(near, x.args[0]) or any(mentions(h, x.args[0]) for h in scope.hypotheses):
            refuse("the limit may not depend on the variable", v)
        self.defined(scope, near)
        if not self.order(scope).sign(near) <= POSITIVE:
            refuse("the neighbourhood is empty", near)
        inner = scope.assuming(Term("lt", x, near))
        for proof, ends in ((lower, (-bound, t - v)), (upper, (t - v, bound))):
            s = self.relation(proof, inner)
            if s.args[:2] != ends:
                refuse("another inequality is needed", s)
        return Term("tends", t, x, ZERO, v)

    def multiple_of_limit(self, scope: Scope, c: Term, proof: Proof) -> Term:
        """a → v gives c·a → c·v for a constant c."""
        s = self.relation(proof, scope, "tends")
        self.defined(scope, c)
        if mentions(c, s.args[1].args[0]):
            refuse("the factor depends on the variable", c)
        return Term("tends", c * s.args[0], s.args[1], s.args[2], ZERO if s.args[3] == ZERO else c * s.args[3])

    # ---- what was proved before

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
            if not self._belongs(scope, given[name], domain, holds):
                refuse(f"{label}: {name} may lie outside {domain}", given[name])
        for h in claim.scope.hypotheses:
            if not holds(h := substitute(h, given)):
                refuse(f"{label}: a hypothesis is not met", h)
        self.cited[label] = None
        goal = substitute(claim.goal, given)
        self.statement(scope, goal)
        return goal

    def _belongs(self, scope: Scope, value: Term, domain: Domain, holds: Callable[[Term], bool]) -> bool:
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


_NAMES = (
    "field", "rule", "definition", "rewrite", "symmetry", "chain", "sign", "combine", "termwise", "slope",
    "hypothesis", "at_index", "for_all", "assume", "both", "part", "decided", "equivalent", "when",
    "equality_case", "weaken", "zero_or_positive", "bit_cases", "infinity", "squeeze", "multiple_of_limit", "cite",
)  # fmt: skip
_PRINCIPLES: dict[str, Callable[..., Term]] = {name: getattr(Kernel, name) for name in _NAMES}
#: What each principle says, for the page on the trusted base.
PRINCIPLES: dict[str, str] = {name: (method.__doc__ or "").strip() for name, method in _PRINCIPLES.items()}


class Record(NamedTuple):
    """What was checked."""

    claim: Claim
    proof: Proof
    used: tuple[str, ...]  #: names of the rules and principles used
    cites: tuple[str, ...]  #: labels of the statements cited
    plain: Any  #: the claim as plain data, as it was when it was checked

    @property
    def scope(self) -> Scope:
        """The variables and hypotheses of the claim."""
        return self.claim.scope

    @property
    def goal(self) -> Term:
        """The statement of the claim."""
        return self.claim.goal


class Checked:
    """A claim whose proof was accepted. Objects of this class are empty: what was checked stands in the kernel's record.

    Copies, unpickled objects and objects made in any other way have no record, so they are nobody's proof; nor has one
    whose claim was tampered with. The attributes are those of :class:`Record`.
    """

    __slots__ = ("__weakref__",)

    def __init__(self) -> None:
        raise TypeError("only check() makes a Checked")

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Checked has no subclasses")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_record(self), name)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Checked cannot be copied or pickled; check the claim again")


_checked: weakref.WeakKeyDictionary[Checked, Record] = weakref.WeakKeyDictionary()


def plain(value: Any) -> Any:
    """A claim or a proof as nested tuples of text and numbers; :class:`Refused` for what is not exactly of our types."""
    kind = type(value)
    if kind in (str, int, Fraction):
        return value
    if kind is tuple:
        return tuple(map(plain, value))
    if kind is Term:
        return value.op, tuple(map(plain, value.args))
    if kind in (Proof, Claim, Scope, Domain):
        return kind.__name__, tuple(plain(getattr(value, f.name)) for f in fields(kind))
    refuse("not a claim or a proof")


def _record(c: Checked) -> Record:
    record = _checked.get(c) if type(c) is Checked else None
    if record is None or plain(record.claim) != record.plain:
        refuse("this was not made by check(), or was changed")
    return record


def require_checked(c: object) -> Checked:
    """``c`` if it was made by :func:`check`; :class:`Refused` otherwise."""
    if type(c) is not Checked:
        refuse("a checked statement is needed here")
    _record(c)
    return c


def check(claim: Claim, proof: Proof, library: Mapping[str, Checked] | None = None) -> Checked:
    """The claim as a :class:`Checked`, if the proof proves exactly it; else :class:`Refused`."""
    kernel = Kernel(library)
    try:
        before = plain((claim, proof))[0]
        if type(claim) is not Claim or type(proof) is not Proof:
            refuse("a claim and a proof are needed")
        claim.check()
        missing = kernel.order(claim.scope).undefined(claim.goal)
    except MALFORMED as error:
        raise Refused(str(error)) from error
    if missing is not None:
        refuse("the claim is not defined unless a condition holds that is not decided", claim.goal, missing)
    got = kernel.derive(proof, claim.scope)
    if got != claim.goal:
        refuse("the proof proves another statement", got, claim.goal)
    made = object.__new__(Checked)
    _checked[made] = Record(claim, proof, tuple(kernel.used), tuple(kernel.cited), before)
    return made


__all__ = ["PRINCIPLES", "Checked", "Claim", "Kernel", "Proof", "Refused", "check", "require_checked"]
