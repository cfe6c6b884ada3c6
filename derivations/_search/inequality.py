"""Inequalities: by signs, by cases, by the slope of a function of one variable, and by the pointwise Gibbs inequality.

The last one: logarithms are grouped by their weights; to every weight w belongs w log w − w log v − w + v ≥ 0, with
equality exactly when w = v; what remains must be decided by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Scope, mentions
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, free_names, num, opened, substitute, subterms, var

from .equation import NotFound, equation
from .equivalence import by_hypotheses, equivalence
from .normalise import Normaliser, OutOfSteps, rule
from .polynomial import TooMany, expand, monomial, product_of, tidy

TANGENT = "gibbs_inequality.tangent"  #: t log t + 1 − t ≥ 0
POINTWISE = "gibbs_inequality.pointwise"  #: w log w − w log v − w + v ≥ 0
Tactic = Callable[[Kernel, Scope, Term, Term], Proof]


def inequality(kernel: Kernel, scope: Scope, goal: Term, depth: int = 2, keep: bool = False) -> Proof:
    """A proof of the goal a ≤ b (perhaps with its equality case) or a < b; :class:`NotFound` otherwise.

    With ``keep``, the equality case that was found is kept, whatever the goal says of it.
    """
    why: list[str] = []
    a, b = goal.args[:2]
    for tactic in (by_sign, by_slope, by_weights):
        try:
            proof = tactic(kernel, scope, a, b)
            kernel.derive(proof, scope)
            return proof if keep else stated(kernel, scope, goal, proof)
        except (NotFound, IllFormed, OutOfSteps, TooMany) as error:
            why.append(f"{tactic.__name__}: {error}")
        except Refused as error:
            why.append(f"{tactic.__name__}: refused: {error}")
    if depth:
        try:
            return by_cases(kernel, scope, goal, depth - 1)
        except (NotFound, Refused) as error:
            why.append(f"by_cases: {error}")
    raise NotFound("; ".join(why))


def by_sign(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """b − a, simplified, has a sign which is decided."""
    for difference in _forms(kernel, scope, b - a):
        sign = kernel.order(scope).sign(difference)
        if sign <= {0, 1}:
            parts: list[tuple[Term, Proof]] = [(ONE, Proof("sign", (difference,)))]
            if difference != b - a:
                parts.append((num(-1), equation(kernel, scope, b - a, difference)))
            proof = Proof("combine", (a, b, tuple(parts)))
            kernel.derive(proof, scope)
            return proof
    raise NotFound("no sign is decided")


def _forms(kernel: Kernel, scope: Scope, t: Term) -> Iterator[Term]:
    yield t
    plain = tidy(t)
    if plain != t:
        yield plain
    try:
        normal, _ = Normaliser(kernel).normal(t, scope)
    except (OutOfSteps, IllFormed):
        return
    if normal not in (t, plain):
        yield normal


# ---- one variable


def by_slope(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """b − a has its minimum where its derivative changes sign, and is ≥ 0 there."""
    f = b - a
    for name in sorted(free_names(f)):
        if scope.domain(name).name not in ("Real", "Positive", "Probability") or scope.domain(name).sizes:
            continue
        if any(mentions(h, name) for h in scope.hypotheses):
            continue
        x = var(name)
        for c, proof in minima(kernel, scope, x, f):
            low = substitute(f, {name: c})
            try:
                parts: list[tuple[Term, Proof]] = [(ONE, proof)]
                try:
                    parts.append((num(-1), equation(kernel, scope, low, ZERO)))
                except NotFound:
                    parts.append((ONE, by_sign(kernel, scope, ZERO, low)))
                whole = Proof("combine", (a, b, tuple(parts)))
                kernel.derive(whole, scope)
                return whole
            except (NotFound, Refused):
                continue
    raise NotFound("no minimum with a decided value")


def minima(kernel: Kernel, scope: Scope, x: Term, f: Term) -> Iterator[tuple[Term, Proof]]:
    """Points c, independent of x, with a proof of f(c) ≤ f(x), equality exactly when x = c."""
    from .propose import cancelled, zeros

    derivative = Term("deriv", f, x)
    try:
        slope, _ = Normaliser(kernel).normal(derivative, scope)
    except (OutOfSteps, IllFormed):
        return
    for c in zeros(kernel, slope, x):
        for form in (slope, tidy(slope), cancelled(kernel, slope, ONE)):
            try:
                proof = Proof(
                    "slope",
                    (x, f, c, equation(kernel, scope, derivative, form), Proof("sign", (form,)), Proof("sign", (form,))),
                )
                kernel.derive(proof, scope)
            except (Refused, NotFound, IllFormed):
                continue
            yield c, proof
            break


# ---- cases


def by_cases(kernel: Kernel, scope: Scope, goal: Term, depth: int) -> Proof:
    """A weight is zero, or it is positive."""
    order = kernel.order(scope)
    weights = {s.args[0] for s in subterms(goal) if s.op == "xlog" and not s.loose and s.args[0].op in ("var", "at")}
    for w in sorted(weights, key=repr):
        if order.sign(w) != frozenset({0, 1}):
            continue
        try:
            cases = [_in_case(kernel, scope.assuming(h), goal, depth) for h in (Term("eq", w, ZERO), Term("lt", ZERO, w))]
            proof = Proof("zero_or_positive", (w, *cases))
            kernel.derive(proof, scope)
            return proof
        except NotFound:
            continue
    raise NotFound("no weight to tell cases by")


def _in_case(kernel: Kernel, scope: Scope, goal: Term, depth: int) -> Proof:
    a, b = goal.args[:2]
    (a_end, a_steps), (b_end, b_steps) = (by_hypotheses(kernel, scope, t) for t in (a, b))
    core = inequality(kernel, scope, Term(goal.op, a_end, b_end, *goal.args[2:]), depth)
    links = [Proof("rewrite", (a, tuple(a_steps)))] if a_steps else []
    links.append(core)
    links += [Proof("symmetry", (Proof("rewrite", (b, tuple(b_steps))),))] if b_steps else []
    return links[0] if len(links) == 1 else Proof("chain", tuple(links))


# ---- weights


class _Group:
    """c·w·log a for one weight w, in one sum (or in none): the coefficient of each logarithm."""

    def __init__(self, size: Term | None, weight: Term) -> None:
        self.size, self.weight = size, weight
        self.logs: dict[Term, Fraction] = {}


def _grouped(kernel: Kernel, scope: Scope, t: Term) -> dict[tuple[Term | None, Term], _Group]:
    """The logarithms in the normal form ``t`` by their weights."""
    groups: dict[tuple[Term | None, Term], _Group] = {}

    def add(size: Term | None, factors: dict[Term, int], c: Fraction) -> None:
        logs = [f for f in factors if f.op in ("log", "xlog")]
        if len(logs) != 1 or factors[logs[0]] != 1:
            return
        (log,) = logs
        rest = monomial({f: e for f, e in factors.items() if f is not log})
        argument, inner = (log.args[0], ONE) if log.op == "log" else (log.args[1], log.args[0])
        weight = tidy(product_of(rest) * inner)
        group = groups.setdefault((size, weight), _Group(size, weight))
        group.logs[argument] = group.logs.get(argument, Fraction(0)) + c

    for m, c in expand(t).items():
        sums = [f for f, e in m if f.op == "sum" and e == 1 and any(s.op in ("log", "xlog") for s in subterms(f))]
        if not sums:
            add(None, dict(m), c)
        elif len(sums) == 1:
            name = scope.fresh()
            rest = {f: e for f, e in m if f is not sums[0]}
            body = expand(opened(sums[0].args[1], var(name)))
            for n, d in body.items():
                factors = dict(rest)
                for f, e in n:
                    factors[f] = factors.get(f, 0) + e
                add(sums[0].args[0], factors, c * d)
    return groups


def by_weights(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """b − a is a sum of w log w − w log v − w + v, each ≥ 0, and of something decided to be ≥ 0."""
    normal, _ = Normaliser(kernel).normal(b - a, scope)
    parts: list[tuple[Term, Proof]] = []
    rest = b - a
    for group in _grouped(kernel, scope, normal).values():
        w = group.weight
        own = next((x for x in group.logs if kernel.algebra.equal(x, w)), None)
        scale = group.logs.get(own, Fraction(0)) if own is not None else Fraction(0)
        if scale <= 0 or own is None:
            continue
        v = product_of(monomial({}), Fraction(1))
        for argument, c in group.logs.items():
            if argument != own and c:
                exponent = -c / scale
                v = v * (argument if exponent == 1 else argument ** num(exponent))
        v = tidy(v)
        below, factor = _below(kernel, v, w)
        if group.size is None:
            factor = num(scale) * factor
        else:
            if factor != ONE:
                raise NotFound("the pointwise inequality is not at hand")
            factor = num(scale)
            zero = Term("sum", group.size, ZERO)
            nothing = Proof("rewrite", (zero, (((), rule("sum of a constant", n=group.size, c=ZERO), ONE, ZERO),)))
            below = Proof("chain", (Proof("symmetry", (nothing,)), Proof("termwise", (group.size, below))))
        gap = kernel.derive(below, scope).args[1]
        parts.append((factor, below))
        rest = rest - factor * gap
    if not parts:
        raise NotFound("no weight stands with its own logarithm")
    remainder, _ = Normaliser(kernel).normal(rest, scope)
    parts.append((num(-1), equation(kernel, scope, rest, remainder)))
    if remainder != ZERO:
        if not kernel.order(scope).sign(remainder) <= {0, 1}:
            raise NotFound("what remains is not decided to be nonnegative")
        parts.append((ONE, Proof("sign", (remainder,))))
    return Proof("combine", (a, b, tuple(parts)))


def below_root(kernel: Kernel, scope: Scope, goal: Term, x: Term, root: Term) -> Proof:
    """An inequality near x = 0, or by √x log √x ≥ √x − 1: so x log x = 2√x·√x log √x is at least 2√x (√x − 1)."""
    try:
        return inequality(kernel, scope, goal, depth=0)
    except NotFound:
        a, b = goal.args[:2]
        if POINTWISE not in kernel.library:
            raise
        below, factor = _below(kernel, ONE, root)
        gap, factor = kernel.derive(below, scope).args[1], num(2) * root
        rest = b - a - factor * gap
        remainder, _ = Normaliser(kernel).normal(rest, scope)
        parts = ((factor, below), (num(-1), equation(kernel, scope, rest, remainder)), (ONE, Proof("sign", (remainder,))))
        return stated(kernel, scope, goal, Proof("combine", (a, b, parts)))


def _below(kernel: Kernel, v: Term, w: Term) -> tuple[Proof, Term]:
    """w log w − w log v − w + v ≥ 0, or v times the inequality of which it is the perspective, at w/v."""
    if POINTWISE in kernel.library:
        return Proof("cite", (POINTWISE, (("v", v), ("w", w)), ())), ONE
    if TANGENT in kernel.library:
        return Proof("cite", (TANGENT, (("t", w / v),), ())), v
    raise NotFound("the pointwise inequality is not at hand")


# ---- the goal as it was stated


def stated(kernel: Kernel, scope: Scope, goal: Term, proof: Proof) -> Proof:
    """The relation proved, brought into the words of the goal: its equality case, or none."""
    got = kernel.derive(proof, scope)
    if got == goal:
        return proof
    if goal.op == "le" and len(goal.args) == 2 and got.args[:2] == goal.args:
        return Proof("weaken", (proof,))
    if goal.op == "le" and got.op == "le" and len(got.args) == 3 and got.args[:2] == goal.args[:2]:
        return Proof("when", (proof, equivalence(kernel, scope, got.args[2], goal.args[2])))
    raise NotFound("a weaker relation was found")


__all__ = ["POINTWISE", "below_root", "by_sign", "by_slope", "by_weights", "inequality", "minima", "stated"]
