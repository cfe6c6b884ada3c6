"""The search sees the statement alone: no lines, other names, other letters, another order; and the long way round."""

from random import Random

import pytest
from mutants import catalogue_theorems, theorem
from sympy import Eq, Function, Ge, Gt, KroneckerDelta, Le, Lt, Sum, Symbol, evaluate, exp, log
from tools import dealt

from derivations._judge.judge import Library, claim_of, judge_theorem
from derivations._kernel.check import Claim, Kernel, Refused, check
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import LEAVES, ONE, Term, num, var
from derivations._search.equation import NotFound
from derivations._search.prove import prove
from derivations._surface.author import (
    CE,
    D,
    H,
    Theorem,
    bernoulli,
    exactly_when,
    for_all,
    iff,
    implies,
    partial,
    product,
    scalars,
    softmax,
    total,
    vectors,
)  # fmt: skip
from derivations._surface.sympy_terms import from_sympy
from derivations._surface.where import name as legal
from derivations._surface.where import where
from derivations._witness import counterexample

THEOREMS = catalogue_theorems()
NAMES = ("x1", "k", "E", "I", "S", "N", "pi", "lambda", "log", "i", "j", "q", "p", "Sum", "e_0", "zeta", "n", "y", "a", "D")
SHUFFLES = range(4)


def proved(result: str, name: str, scope: Scope, goal: Term) -> str:
    """ "" if the search proves a statement and the checker accepts it, with what stands before the theorem; else why not."""
    before = theorem(result, name)[2]
    try:
        assert check(Claim(scope, goal), prove(Kernel(before), scope, goal), before).goal == goal
    except (NotFound, Refused) as error:
        return str(error)
    return ""


def mapped(t: Term, change) -> Term:
    """``t`` with its variables and the order of its parts changed from the inside out."""
    if t.op in LEAVES:
        return change(t)
    return change(Term(t.op, *(mapped(a, change) if type(a) is Term else a for a in t.args)))


def with_terms(scope: Scope, goal: Term, change) -> tuple[Scope, Term]:
    """A statement and its scope with every term changed; variables may get other names."""
    rename = lambda name: change(var(name)).args[0]  # noqa: E731
    domains = tuple((rename(n), Domain(d.name, tuple(mapped(s, change) for s in d.sizes))) for n, d in scope.domains)
    changed = Scope(domains, tuple(mapped(h, change) for h in scope.hypotheses)), mapped(goal, change)
    Claim(*changed).check()
    return changed


def renamed(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """Every variable under another legal name, consistently, and declared in another order."""
    names = dict(zip((n for n, _ in scope.domains), random.sample(NAMES, len(scope.domains)), strict=True))
    assert all(map(legal, names.values()))
    scope, goal = with_terms(scope, goal, lambda t: var(names[t.args[0]]) if t.op == "var" else t)
    return Scope(tuple(random.sample(scope.domains, len(scope.domains))), scope.hypotheses), goal


def reordered(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """Addends, factors and hypotheses in another order."""
    shuffle = lambda t: Term(t.op, *random.sample(t.args, len(t.args))) if t.op in ("add", "mul") else t  # noqa: E731
    scope, goal = with_terms(scope, goal, shuffle)
    return Scope(scope.domains, tuple(random.sample(scope.hypotheses, len(scope.hypotheses)))), goal


def turned(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """The sides of every equation and equivalence exchanged."""
    return with_terms(scope, goal, lambda t: Term(t.op, *t.args[::-1]) if t.op in ("eq", "iff") else t)


def once(scope: Scope, goal: Term, random: Random) -> tuple[Scope, Term]:
    """The sides of the statement itself exchanged, if it is an equation or an equivalence."""
    return scope, Term(goal.op, *goal.args[::-1]) if goal.op in ("eq", "iff") else goal


@pytest.mark.parametrize(("result", "name"), dealt(THEOREMS, 3, ".".join))
def test_the_lines_are_removed(result, name):
    written, judged, before = theorem(result, name)
    assert judged.verdict == "proved"
    library = Library()
    library.own = dict(before)
    alone = judge_theorem(written, f"{result}.{name}", library, witnessed=False, search=True)
    assert alone.verdict == "proved", f"{result}.{name} without its lines: {alone.reason}"
    assert alone.searched and alone.lines and all(line.accepted for line in alone.lines)


CHANGED = [(*t, change) for t in THEOREMS for change in (renamed, reordered, once, turned)]


@pytest.mark.parametrize(("result", "name", "change"), dealt(CHANGED, 8, lambda c: f"{c[0]}.{c[1]}-{c[2].__name__}"))
def test_names_order_and_sides_are_irrelevant(result, name, change):
    _, judged, _ = theorem(result, name)
    failures = {}
    for seed in SHUFFLES:
        scope, goal = change(judged.scope, judged.goal, Random(f"{result}.{name}/{seed}"))
        if why := proved(result, name, scope, goal):
            failures[seed] = f"{goal!r}: {why}"
        if change in (once, turned):
            break
    assert not failures, f"{change.__name__} {result}.{name}: " + "\n".join(f"seed {k}: {v}" for k, v in failures.items())


@pytest.mark.parametrize("letter", ["j", "x1", "n1", "q0"])
def test_index_letters_do_not_exist(letter):
    scope, i, j = where("p, q: Simplex[n]"), Symbol("i"), Symbol(letter)
    (p, q), n = vectors("p q"), Symbol("n")
    with evaluate(False):
        assert from_sympy(Sum(p[i] * log(p[i] / q[i]), (i, 1, n)), scope) == from_sympy(
            Sum(p[j] * log(p[j] / q[j]), (j, 1, n)), scope
        )
        assert from_sympy(for_all(i, n, Eq(p[i], q[i])), scope) == from_sympy(for_all(j, n, Eq(p[j], q[j])), scope)


# ---- the long way round


def long_ways() -> dict[str, tuple[str, str, tuple, object, tuple]]:
    """What is said in the catalogue, said otherwise: (theorem, domains, hypotheses, the statement, its false twins)."""
    n, i, j, k, K, N, a, b, prob = scalars("n i j k K N a b p")
    p, q, z, ys, theta = vectors("p q z y theta")
    plogp, plogq = total(p[i] * log(p[i]), (i, n)), total(p[j] * log(q[j]), (j, n))
    dominated = for_all(i, n, implies(Gt(p[i], 0), Gt(q[i], 0)))
    equal, two = for_all(i, n, Eq(q[i], p[i])), "p, q: Simplex[n]"
    written_out = exp(z[k]) / total(exp(z[j]), (j, K))
    loss = -total(ys[i] * log(exp(z[i]) / total(exp(z[j]), (j, K))), (i, K))
    logits = "z: Real[K]; y: {}[K]; k: Index[K]"
    expanded = lambda x: a * log(1 / x) + log(1 / (1 - x)) - a * log(1 / (1 - x))  # noqa: E731
    mixed = lambda x: -log(1 - x) - a * (log(x) - log(1 - x))  # noqa: E731
    q_theta = Function("q")(theta)
    gibbs, identity, bce, grad = (
        "gibbs_inequality.gibbs", "kl_is_cross_entropy_minus_entropy.identity",
        "binary_cross_entropy_from_maximum_likelihood.minimum", "softmax_cross_entropy_gradient.gradient",
    )  # fmt: skip
    return {
        "Gibbs: the entropy is at most the cross-entropy": (
            gibbs,
            two,
            (dominated,),
            exactly_when(Le(H(p), CE(p, q)), equal),
            (
                Lt(H(p), CE(p, q)),
                Le(CE(p, q), H(p)),
                Le(H(p), CE(q, p) / 2),
                exactly_when(Le(H(p), CE(p, q)), for_all(i, n, Eq(p[i], 2 * q[i]))),
            ),
        ),
        "Gibbs: sums of logarithms": (
            gibbs,
            two,
            (dominated,),
            Ge(plogp, plogq),
            (Le(plogp, plogq), Ge(plogp, 2 * plogq + 1), Gt(plogp, plogq)),
        ),
        "Gibbs: with its case, logarithms apart": (
            gibbs,
            two,
            (dominated,),
            exactly_when(Ge(plogp - plogq, 0), equal),
            (exactly_when(Ge(plogq - plogp, 0), equal),),
        ),
        "Gibbs: when it is zero, from the cross-entropy": (
            "gibbs_inequality.zero",
            two,
            (dominated,),
            iff(Eq(H(p), CE(p, q)), equal),
            (iff(Eq(H(p), CE(p, q)), Eq(H(p), 0)),),
        ),
        "identity: the cross-entropy alone": (
            identity,
            two,
            (dominated,),
            Eq(CE(p, q), D(p, q) + H(p)),
            (Eq(CE(p, q), D(p, q) - H(p)), Eq(CE(p, q), D(q, p) + H(p)), Eq(CE(q, p), D(p, q) + H(p))),
        ),
        "identity: half written out": (
            identity,
            two,
            (dominated,),
            Eq(D(p, q) - plogp, -plogq),
            (Eq(D(p, q) + plogp, -plogq), Eq(D(p, q) - plogp, plogq)),
        ),
        "gradient in the parameters: the difference has none": (
            "kl_is_cross_entropy_minus_entropy.gradient",
            "p: Simplex[n]; q: Family[n, d]; theta: Real[d]; b: Index[d]",
            (),
            Eq(partial(CE(p, q_theta) - D(p, q_theta), theta[b]), 0),
            (Eq(partial(CE(p, q_theta) + D(p, q_theta), theta[b]), 0),),
        ),
        "softmax: written out": (
            grad,
            logits.format("Simplex"),
            (),
            Eq(partial(loss, z[k]), written_out - ys[k]),
            (
                Eq(partial(loss, z[k]), ys[k] - written_out),
                Eq(partial(loss, z[k]), written_out - 2 * ys[k]),
                Eq(partial(loss, z[k]), written_out),
            ),
        ),
        "softmax: one over a sum of differences": (
            grad,
            logits.format("OneHot"),
            (),
            Eq(partial(loss, z[k]) + ys[k], 1 / total(exp(z[j] - z[k]), (j, K))),
            (Eq(partial(loss, z[k]) + ys[k], 1 / total(exp(z[k] - z[j]), (j, K))),),
        ),
        "softmax: any targets, written out": (
            "softmax_cross_entropy_gradient.any_targets",
            logits.format("Real"),
            (),
            Eq(partial(loss, z[k]), written_out * total(ys[i], (i, K)) - ys[k]),
            (Eq(partial(loss, z[k]), softmax(z, k) - ys[k]),),
        ),
        "softmax: a sum of deltas": (
            grad,
            logits.format("Simplex"),
            (),
            Eq(partial(loss, z[k]), total(ys[j] * (softmax(z, k) - KroneckerDelta(j, k)), (j, K))),
            (Eq(partial(loss, z[k]), total(ys[j] * (softmax(z, j) - KroneckerDelta(j, k)), (j, K))),),
        ),
        "minimum: the loss expanded": (
            bce,
            "a, p: Probability",
            (),
            exactly_when(Ge(expanded(prob), mixed(a)), Eq(prob, a)),
            (
                exactly_when(Ge(expanded(prob), mixed(a)), Eq(prob, 1 - a)),
                Ge(expanded(prob), 2 * mixed(a)),
                Gt(mixed(prob), expanded(a)),
            ),
        ),
        "minimum: as a difference": (
            bce,
            "a, p: Probability",
            (),
            exactly_when(Ge(mixed(prob) - expanded(a), 0), Eq(a, prob)),
            (exactly_when(Le(mixed(prob) - expanded(a), 0), Eq(a, prob)),),
        ),
        "loss: without the minus": (
            "binary_cross_entropy_from_maximum_likelihood.loss",
            "y: Bit[N]; p: Probability[N]",
            (),
            Eq(log(product(bernoulli(ys[i], p[i]), (i, N))), total(log(1 - p[j]) + ys[j] * log(p[j] / (1 - p[j])), (j, N))),
            (Eq(log(product(bernoulli(ys[i], p[i]), (i, N))), total(log(p[j]) + ys[j] * log(p[j] / (1 - p[j])), (j, N))),),
        ),
    }


with evaluate(False):
    LONG_WAYS = long_ways()


def read(domains: str, given: tuple, statement: object) -> Claim:
    """The claim of a statement."""
    return claim_of(Theorem("claim", "", domains, statement, given))


@pytest.mark.parametrize("way", LONG_WAYS)
def test_the_long_way_round_is_proved(way):
    label, domains, given, statement, _ = LONG_WAYS[way]
    claim = read(domains, given, statement)
    assert theorem(*label.split("."))[1].verdict == "proved" and claim.goal != theorem(*label.split("."))[1].goal
    assert not (why := proved(*label.split("."), claim.scope, claim.goal)), why


@pytest.mark.parametrize("way", LONG_WAYS)
def test_the_false_twin_is_refuted_and_not_proved(way):
    label, domains, given, statement, twins = LONG_WAYS[way]
    original = read(domains, given, statement)
    assert counterexample(original.scope, original.goal) is None
    for twin in twins:
        claim = read(domains, given, twin)
        found = counterexample(claim.scope, claim.goal)
        assert found is not None and (not found.tie or claim.goal.op == "lt"), claim.goal
        assert proved(*label.split("."), claim.scope, claim.goal), f"UNSOUND: {claim.goal!r} is proved, but false at {found}"


def test_factors_with_large_coefficients_are_left_together():
    """The wrapper of FLINT raises where it sorts such factors; the search goes on without them."""
    a, p = Term("var", "a"), Term("var", "p")
    c = num("1000000000001/1000000000000")
    product = (p - a) * (p * (ONE - p)) ** num(-1)
    loss = -(a * Term("log", p) + (ONE - a) * Term("log", c - p))
    with pytest.raises(NotFound):
        prove(Kernel(), where("p: Probability; a: UnitInterval"), Term("eq", Term("deriv", loss, p), product))
