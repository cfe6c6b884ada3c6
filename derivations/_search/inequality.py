"""Inequalities: by signs, by cases, by the slope of a function of one variable, and by the pointwise Gibbs inequality.

The last one: logarithms are grouped by their weights; to every weight w belongs w log w − w log v − w + v ≥ 0, with
equality exactly when w = v; what remains must be decided by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope, mentions
from derivations._kernel.rules import RULES
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, free_names, num, opened, substitute, subterms, var

from .equation import NotFound, equation
from .equivalence import equivalence
from .hypotheses import by_hypotheses
from .looks import never_negative, points
from .normalise import Normaliser, OutOfSteps, rule
from .polynomial import Expansion, TooMany, expand, monomial, product_of, rebuild, tidy

TANGENT = "gibbs_inequality.tangent"  #: t log t + 1 − t ≥ 0
POINTWISE = "gibbs_inequality.pointwise"  #: w log w − w log v − w + v ≥ 0
ALL_RULES = frozenset(RULES) | {"definition"}


def inequality(kernel: Kernel, scope: Scope, goal: Term, depth: int = 2, keep: bool = False) -> Proof:
    """A proof of the goal a ≤ b (perhaps with its equality case) or a < b; :class:`NotFound` otherwise.

    With ``keep``, the equality case that was found is kept, whatever the goal says of it.
    """
    why: list[str] = []
    a, b = goal.args[:2]
    for tactic in (by_sign, by_slope, by_weights, by_root):
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
    at = points(scope)
    for c in zeros(kernel, slope, x):
        if not never_negative(f - substitute(f, {x.args[0]: c}), at):
            continue
        for view in (lambda t: t, tidy, lambda t: cancelled(kernel, t, ONE)):
            try:
                form = view(slope)
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


Logarithms = dict[tuple[Term | None, Term], Expansion]  #: (size of the sum, argument) → coefficient
TAKING_APART = frozenset({"logarithm of a product", "logarithm of a power"})


def _logarithms(scope: Scope, t: Term) -> Logarithms:
    """The logarithms in the normal form ``t``, each with its coefficient, under one sum or under none."""
    found: Logarithms = {}
    name = scope.fresh()

    def add(size: Term | None, factors: dict[Term, int], c: Fraction) -> None:
        logs = [f for f in factors if f.op in ("log", "xlog")]
        if len(logs) != 1 or factors[logs[0]] != 1:
            return
        (log,) = logs
        rest = product_of(monomial({f: e for f, e in factors.items() if f is not log}), c)
        argument, inner = (log.args[0], ONE) if log.op == "log" else (log.args[1], log.args[0])
        coefficient = found.setdefault((size, argument), {})
        for m, d in expand(rest * inner).items():
            coefficient[m] = coefficient.get(m, Fraction(0)) + d

    for m, c in expand(t).items():
        sums = [f for f, e in m if f.op == "sum" and e == 1 and any(s.op in ("log", "xlog") for s in subterms(f))]
        if not sums:
            add(None, dict(m), c)
        elif len(sums) == 1:
            rest = {f: e for f, e in m if f is not sums[0]}
            for n, d in expand(opened(sums[0].args[1], var(name))).items():
                factors = dict(rest)
                for f, e in n:
                    factors[f] = factors.get(f, 0) + e
                add(sums[0].args[0], factors, c * d)
    return found


def _weights(kernel: Kernel, found: Logarithms) -> Iterator[tuple[Term | None, Term, Term, Fraction]]:
    """(size, w, v, c): the logarithms with one weight w, up to numbers, are c·(w log w − w log v)."""
    clusters: list[tuple[Term | None, Term, list[tuple[Term, Term]]]] = []
    for (size, argument), coefficient in found.items():
        c = rebuild({m: x for m, x in coefficient.items() if x})
        if c == ZERO:
            continue
        for other, representative, members in clusters:
            if other == size and kernel.algebra.ratio(c, representative) is not None:
                members.append((argument, c))
                break
        else:
            clusters.append((size, c, [(argument, c)]))
    for size, representative, members in clusters:
        owned = ((a, ratio) for a, c in members if (ratio := kernel.algebra.ratio(c, a)) is not None and ratio > 0)
        w, scale = next(owned, (representative, Fraction(1)))
        v: list[Term] = [] if any(a == w for a, _ in members) else [w]
        for argument, c in members:
            exponent = -(kernel.algebra.ratio(c, w) or Fraction(0)) / scale
            if argument != w:
                v.append(argument if exponent == 1 else argument ** num(exponent))
        yield size, w, tidy(Term("mul", ONE, ONE, *v)), scale


def by_weights(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """b − a is a sum of w log w − w log v − w + v, each ≥ 0, and of something decided to be ≥ 0."""
    why = NotFound("no weight stands with a logarithm")
    for allowed in (None, ALL_RULES - TAKING_APART):
        normal, _ = Normaliser(kernel, allowed).normal(b - a, scope)
        try:
            proof = _bounded(kernel, scope, a, b, list(_weights(kernel, _logarithms(scope, normal))))
            kernel.derive(proof, scope)
            return proof
        except NotFound as error:
            why = error
        except Refused as error:
            why = NotFound(f"refused: {error}")
    raise why


def _bounded(kernel: Kernel, scope: Scope, a: Term, b: Term, weights: list[tuple[Term | None, Term, Term, Fraction]]) -> Proof:
    parts: list[tuple[Term, Proof]] = []
    rest, name = b - a, scope.fresh()
    for size, w, v, scale in weights:
        inner = scope if size is None else scope.declaring(name, Domain("Index", (size,)))
        if not kernel.order(inner).sign(w) <= {0, 1}:
            raise NotFound("a weight is not decided to be nonnegative")
        below, factor = _below(kernel, v, w)
        if size is not None:
            if factor != ONE:
                raise NotFound("the pointwise inequality is not at hand")
            zero = Term("sum", size, ZERO)
            nothing = Proof("rewrite", (zero, (((), rule("sum of a constant", n=size, c=ZERO), ONE, ZERO),)))
            below = Proof("chain", (Proof("symmetry", (nothing,)), Proof("termwise", (size, below))))
        factor = num(scale) * factor
        parts.append((factor, below))
        rest = rest - factor * kernel.derive(below, scope).args[1]
    if not parts:
        raise NotFound("no weight stands with a logarithm")
    remainder, _ = Normaliser(kernel).normal(rest, scope)
    parts.append((num(-1), equation(kernel, scope, rest, remainder)))
    if remainder != ZERO:
        if not kernel.order(scope).sign(remainder) <= {0, 1}:
            raise NotFound("what remains is not decided to be nonnegative")
        parts.append((ONE, Proof("sign", (remainder,))))
    return Proof("combine", (a, b, tuple(parts)))


def by_root(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """√x log √x ≥ √x − 1, so x log x = 2√x·√x log √x is at least 2√x (√x − 1): for what is small near zero."""
    if POINTWISE not in kernel.library:
        raise NotFound("the pointwise inequality is not at hand")
    for name in sorted(free_names(b - a)):
        x = var(name)
        if scope.domain(name).name != "Positive" or scope.domain(name).sizes or not _has_log(b - a, x):
            continue
        root = x ** num(Fraction(1, 2))
        below, _ = _below(kernel, ONE, root)
        factor = num(2) * root
        rest = b - a - factor * kernel.derive(below, scope).args[1]
        remainder, _ = Normaliser(kernel).normal(rest, scope)
        parts = ((factor, below), (num(-1), equation(kernel, scope, rest, remainder)), (ONE, Proof("sign", (remainder,))))
        proof = Proof("combine", (a, b, parts))
        kernel.derive(proof, scope)
        return proof
    raise NotFound("no logarithm of a variable")


def _has_log(t: Term, x: Term) -> bool:
    return any(s.op == "log" and s.args[0] == x for s in subterms(t))


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


__all__ = ["POINTWISE", "by_root", "by_sign", "by_slope", "by_weights", "inequality", "minima", "stated"]
