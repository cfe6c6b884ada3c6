"""The second witness: values, derivatives, conventions, sampling, judging, refuting; every guard is seen refusing."""

import ast
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
from flint import arb, ctx, fmpq

import derivations._witness as package
from derivations._kernel.domains import KINDS, Domain, Scope
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, lift, num, term, var
from derivations._witness import (
    MINUS_INFINITY,
    PLUS_INFINITY,
    Point,
    Undecided,
    Undefined,
    counterexample,
    decimal,
    evaluate,
    points,
    sample,
    witness,
)
from derivations._witness.family import PolynomialFamily
from derivations._witness.jets import Jet, add, inverse, mul
from derivations._witness.sample import inside, meets
from derivations._witness.truth import Ties, Trial

T = Term
F = Fraction
n, m, x, u, k = (var(name) for name in "nmxuk")
HALF = num("1/2")


def b(level):
    return T("bound", level)


def at(name, *indices):
    return T("at", var(name), *map(term, indices))


def total(body, size="n"):
    return T("sum", var(size), body)


def log(a):
    return T("log", term(a))


def exp(a):
    return T("exp", term(a))


def xlog(w, a, c=1):
    return T("xlog", term(w), term(a), term(c))


def d(a, v):
    return T("deriv", a, v)


def eq(a, c):
    return T("eq", term(a), term(c))


def lt(a, c):
    return T("lt", term(a), term(c))


def le(a, c, *when):
    return T("le", term(a), term(c), *when)


def every(statement, size="n"):
    return T("all", var(size), statement)


def D(name, *sizes):
    return Domain(name, tuple(var(s) if isinstance(s, str) else num(s) for s in sizes))


def scope(*hypotheses, **domains):
    """``p="Simplex n"``: sizes after the name; size variables are declared on sight."""
    made, sizes = {}, {}
    for name, text in domains.items():
        kind, *brackets = text.split()
        made[name] = D(kind, *(int(s) if s.isdigit() else s for s in brackets))
        sizes.update({s: D("Size") for s in brackets if not s.isdigit()})
    return Scope(tuple({**sizes, **made}.items()), hypotheses)


P = Point(
    {"n": 3, "m": 2},
    {
        "p": (F(1, 2), F(1, 3), F(1, 6)),
        "q": (F(1, 4), F(1, 4), F(1, 2)),
        "z": (F(-1), F(2, 3), F(7, 5)),
        "r": ((F(1, 2), F(0)), (F(1, 8), F(1, 8)), (F(1, 4), F(0))),
        "x": F(3, 7),
        "u": F(2),
        "o": F(0),
        "k": 2,
        "l": 3,
        "e": (F(0), F(1), F(0)),
    },
)
KL, CE, H = T("app", "D", var("p"), var("q")), T("app", "CE", var("p"), var("q")), T("app", "H", var("p"))


def soft(i, z="z"):
    return T("app", "softmax", var(z), term(i))


def close(t, expected, point=P):
    """The value agrees with an mpmath number of 60 digits, to 55."""
    with mpmath.workdps(60):
        got = mpmath.mpf(evaluate(t, point, 300).mid().str(60, radius=False))
        return abs(got - expected()) <= mpmath.mpf(10) ** -55 * max(1, abs(expected()))


# ---------------------------------------------------------------- operators

mp = mpmath.mpf
z3 = lambda: [mp(-1), mp(2) / 3, mp(7) / 5]  # noqa: E731
p3 = lambda: [mp(1) / 2, mp(1) / 3, mp(1) / 6]  # noqa: E731
q3 = lambda: [mp(1) / 4, mp(1) / 4, mp(1) / 2]  # noqa: E731

TRANSCENDENTAL = [
    (T("const", "pi"), lambda: +mpmath.pi),
    (log(x), lambda: mpmath.log(mp(3) / 7)),
    (exp(x), lambda: mpmath.exp(mp(3) / 7)),
    (T("pow", x, HALF), lambda: mpmath.sqrt(mp(3) / 7)),
    (T("pow", u, x), lambda: mp(2) ** (mp(3) / 7)),
    (T("pow", log(u), num(-3)), lambda: mpmath.log(2) ** -3),
    (xlog(x, u, 3), lambda: mp(3) / 7 * mpmath.log(mp(2) / 3)),
    (xlog(-x, u, 3), lambda: -mp(3) / 7 * mpmath.log(mp(2) / 3)),
    (T("max", exp(x), u), lambda: mp(2)),
    (T("abs", log(x)), lambda: -mpmath.log(mp(3) / 7)),
    (T("top", n, exp(at("z", b(0)))), lambda: mpmath.exp(mp(7) / 5)),
    (T("prod", n, exp(at("z", b(0)))), lambda: mpmath.exp(sum(z3()))),
    (total(exp(at("z", b(0)))), lambda: sum(map(mpmath.exp, z3()))),
    (H, lambda: -sum(a * mpmath.log(a) for a in p3())),
    (CE, lambda: -sum(a * mpmath.log(c) for a, c in zip(p3(), q3(), strict=True))),
    (KL, lambda: sum(a * mpmath.log(a / c) for a, c in zip(p3(), q3(), strict=True))),
    (soft(k), lambda: mpmath.exp(mp(2) / 3) / sum(map(mpmath.exp, z3()))),
    (
        T("app", "softmax", T("vec", n, at("z", b(0)) * u), num(1)),
        lambda: mpmath.exp(-2) / sum(mpmath.exp(2 * a) for a in z3()),
    ),
    (T("app", "sigmoid", x), lambda: 1 / (1 + mpmath.exp(-mp(3) / 7))),
]


@pytest.mark.parametrize("t, expected", TRANSCENDENTAL, ids=[repr(t)[:50] for t, _ in TRANSCENDENTAL])
def test_values_against_mpmath(t, expected):
    with mpmath.workdps(60):
        assert close(t, expected)


EXACT = [
    (num("5/3"), "5/3"),
    (x, "3/7"),
    (n, "3"),
    (x + 1, "10/7"),
    (x * u * 7, "6"),
    (T("pow", x, num(-2)), "49/9"),
    (T("pow", num(-2), num(3)), "-8"),
    (T("pow", var("o"), ZERO), "1"),
    (T("pow", var("o"), x), "0"),
    (T("pow", var("o"), u), "0"),
    (T("pow", num("4/9"), HALF), "2/3"),
    (T("pow", num(8), num("-2/3")), "1/4"),
    (log(1), "0"),
    (exp(0), "1"),
    (xlog(u, x, x), "0"),
    (xlog(0, 0, 0), "0"),
    (xlog(0, 5, 0), "0"),
    (var("o") * log(u), "0"),
    (T("max", x, u), "2"),
    (T("abs", -x), "3/7"),
    (T("case", x, num("3/7"), u, log(0)), "2"),
    (T("case", x, u, log(0), x), "3/7"),
    (at("p", k), "1/3"),
    (at("r", 2, 1), "1/8"),
    (T("at", T("vec", n, at("p", b(0)) * 2), k), "2/3"),
    (T("at", T("vec", n, T("vec", m, T("at", var("r"), b(1), b(0)))), num(3), num(1)), "1/4"),
    (T("delta", k, num(2)), "1"),
    (T("delta", k, var("l")), "0"),
    (total(at("p", b(0))), "1"),
    (total(total(T("at", var("r"), b(1), b(0)), "m")), "1"),
    (T("prod", n, at("p", b(0))), "1/36"),
    (T("top", n, at("z", b(0))), "7/5"),
    (total(T("delta", b(0), k) * at("z", b(0))), "2/3"),
    (T("app", "bernoulli", ONE, x), "3/7"),
    (T("app", "bernoulli", ZERO, x), "4/7"),
    (T("sum", num(4), ONE), "4"),
    (d(x**3, x), "27/49"),
    (d(d(x**3, x), x), "18/7"),
    (d(x * d(x * u, u), x), "6/7"),
    (d(d(x**2 * u**3, x), u), "72/7"),
    (d(T("abs", -x), x), "1"),
    (d(T("max", x, u), x), "0"),
    (d(u, x), "0"),
    (d(T("top", n, at("z", b(0))), at("z", 3)), "1"),
    (d(T("case", u, num(2), x**2, ONE), x), "6/7"),
    (d(x**-1, x), "-49/9"),
    (d(total(at("p", b(0)) ** 2), at("p", k)), "2/3"),
    (d(at("r", 2, 1) ** 2, at("r", k, 1)), "1/4"),
    (d(T("delta", k, k) * x, x), "1"),
    (d(xlog(at("e", 1), at("z", 3)), at("z", 3)), "0"),
]


@pytest.mark.parametrize("t, expected", EXACT, ids=[repr(t)[:50] for t, _ in EXACT])
def test_rational_values_stay_exact(t, expected):
    trial = Trial(P, Ties.UNKNOWN)
    value = trial.number(t, 128)
    assert type(value) is fmpq and value == fmpq(*map(int, (expected + "/1").split("/")[:2]))


def test_indices_in_nested_binders_and_arrays():
    value = evaluate(total(T("sum", m, at("r", b(1), b(0)) * at("p", b(1)))), P)
    assert value.contains(fmpq(1, 4) + fmpq(1, 12) + fmpq(1, 24)) and value.rel_accuracy_bits() > 200


# ---------------------------------------------------------------- conventions and refusals

UNDEFINED = [
    log(0),
    log(-1),
    x / var("o"),
    var("o") * log(var("o")),
    T("pow", num(-2), HALF),
    T("pow", var("o"), num(-1)),
    T("pow", var("o"), log(x)),
    xlog(u, 0, 0),
    xlog(-1, 1, 0),
    xlog(1, -1, 2),
    xlog(0, -1, 2),
    xlog(0, 1, -2),
    xlog(u, u, 0) * 0,
    xlog(u, u, 0) - xlog(u, u, 0),
    exp(xlog(u, u, 0)),
    T("max", xlog(u, u, 0), x),
    T("case", xlog(u, u, 0), x, x, x),
    T("abs", xlog(u, u, 0)),
    1 / xlog(u, u, 0),
    T("pow", xlog(u, u, 0), u),
    d(T("abs", var("o")), var("o")),
    d(T("max", x, num("3/7")), x),
    d(T("case", x, num("3/7"), ZERO, ONE), x),
    d(xlog(var("o"), var("o")), var("o")),
    d(xlog(at("e", 1), at("e", 1), 1), at("e", 1)),
    d(xlog(u, u, var("o")), u),
    d(xlog(0, var("o"), 1), var("o")),
    d(T("pow", var("o"), HALF), var("o")),
    d(var("o") ** -1, var("o")),
    d(log(var("o")), var("o")),
    d(xlog(u, 1, 0) * 2, x),
    d(x + xlog(u, u, 0), x),
]


@pytest.mark.parametrize("t", UNDEFINED, ids=repr)
def test_no_value(t):
    with pytest.raises(Undefined):
        evaluate(t, P)


def test_infinities_are_values_of_a_weighted_logarithm_only():
    zero = xlog(u, 0, x)
    for t in (zero, zero + log(x), 3 * zero, zero + zero, -xlog(u, x, 0), -CE * 0 + zero):
        assert evaluate(t, P) is MINUS_INFINITY
    assert evaluate(-zero, P) is PLUS_INFINITY and evaluate(T("app", "CE", var("p"), var("e")), P) is PLUS_INFINITY
    assert evaluate(xlog(u, x, 0) - zero, P) is PLUS_INFINITY and repr(MINUS_INFINITY) == "-infinity"
    for t in (zero - zero, xlog(u, x, 0) + zero, zero * zero, zero * 0, log(-zero), d(xlog(u, 0, x), x)):
        with pytest.raises(Undefined):
            evaluate(t, P)
    trial = Trial(P, Ties.UNKNOWN)
    assert trial.truth(lt(zero, -1000)) and trial.truth(lt(zero, xlog(u, x, 0))) and trial.truth(T("infinite", -zero))
    assert (
        trial.truth(T("infinite", zero)) is False
        and trial.truth(lt(zero, zero)) is False
        and decimal(zero, P, 3) == "-infinity"
    )
    infinite = xlog(u, x, 0)
    for t in (
        infinite,
        infinite + log(x),
        3 * infinite,
        infinite + infinite,
        total(xlog(at("p", b(0)), at("p", b(0)), at("e", b(0)))),
    ):
        assert evaluate(t, P) is PLUS_INFINITY
    assert repr(PLUS_INFINITY) == "+infinity"
    with pytest.raises(Undefined):
        add(PLUS_INFINITY, Jet(1, fmpq(1), fmpq(1)))
    with pytest.raises(Undefined):
        mul(PLUS_INFINITY, Jet(1, fmpq(1), fmpq(1)))


ILL_FORMED = [
    at("p", 4),
    at("p", 0),
    at("p", x),
    at("r", 1),
    T("at", T("vec", n, at("p", b(0))), num(9)),
    var("missing"),
    var("p"),
    T("sum", x, ONE),
    T("sum", num("1/2"), ONE),
    T("const", "tau"),
    T("delta", x, k),
    T("delta", b(0), k),
    eq(x, x),
    T("app", "softmax", var("z"), num(4)),
    T("app", "D", var("p"), var("e"), var("e")),
    T("app", "D", var("p"), T("vec", m, ONE)),
    T("app", "nothing", x),
    T("at", T("of", var("p"), var("z")), num(1)),
    d(x, T("at", T("vec", n, ONE), num(1))),
    d(x, var("p")),
    d(x, at("p", 7)),
]


@pytest.mark.parametrize("t", ILL_FORMED, ids=repr)
def test_what_is_no_number_is_refused(t):
    with pytest.raises(IllFormed):
        evaluate(t, P)


def test_points_are_exact_and_statements_are_statements():
    with pytest.raises(IllFormed):
        evaluate(x, Point({}, {"x": 0.5}))
    with pytest.raises(IllFormed):
        Trial(P).truth(x)


PAIRS = T("sum", num(1000), T("sum", num(1000), T("delta", b(0), b(1))))


def test_what_balls_cannot_tell_is_undecided():
    zero = exp(HALF) * exp(HALF) - exp(1)
    for t in (
        T("case", zero, ZERO, x, u),
        1 / zero,
        log(zero),
        xlog(zero, 0, 1),
        T("pow", zero, HALF),
        d(T("max", x, x + zero), x),
    ):
        with pytest.raises(Undecided):
            evaluate(t, P)
    with pytest.raises(Undecided):  # too many turns
        evaluate(PAIRS, P)
    assert Trial(P).truth(lt(PAIRS, 5)) is None
    with pytest.raises(Undecided):  # a ball without bounds
        evaluate(exp(exp(exp(exp(num(1000))))), P)
    deep = x
    for _ in range(195):
        deep = T("abs", deep)
    assert evaluate(deep, P).overlaps(arb(fmpq(3, 7)))


def test_nested_definitions_run_out_of_turns_not_of_time():
    z = var("z")
    for _ in range(30):
        z = T("vec", n, T("app", "softmax", lift(z, 1), b(0)))
    with pytest.raises(Undecided):
        evaluate(T("at", z, num(1)), P)


def test_precision_is_given_back():
    before = ctx.prec
    evaluate(log(x), P, 999)
    Trial(P).truth(lt(x, exp(x)))
    decimal(log(x), P, 5)
    with pytest.raises(Undefined):
        evaluate(log(0), P, 777)
    assert ctx.prec == before
    assert evaluate(log(x), P, 999).rel_accuracy_bits() > 900


# ---------------------------------------------------------------- derivatives


@pytest.mark.parametrize("size", range(1, 6))
def test_softmax_gradient_and_hessian(size):
    at_size = range(size, size + 1)
    s = scope(z="Real n", k="Index n", l="Index n", j="Index n")
    K, L, J = var("k"), var("l"), var("j")

    def delta(a, c):
        return T("delta", a, c)

    gradient = soft(K) * (delta(K, L) - soft(L))
    assert witness(s, eq(d(soft(K), at("z", L)), gradient), sizes=at_size).ok
    lse = log(total(exp(at("z", b(0)))))
    assert witness(s, eq(d(d(lse, at("z", K)), at("z", L)), gradient), sizes=at_size).ok
    third = soft(K) * ((delta(K, J) - soft(J)) * (delta(K, L) - soft(L)) - soft(L) * (delta(L, J) - soft(J)))
    assert witness(s, eq(d(d(d(lse, at("z", K)), at("z", L)), at("z", J)), third), sizes=at_size).ok
    inside_sum = total(at("z", b(0)) * d(soft(K), at("z", b(0))))
    assert witness(s, eq(inside_sum, soft(K) * (at("z", K) - total(at("z", b(0)) * soft(b(0))))), sizes=at_size).ok


def test_derivatives_of_powers_and_weighted_logarithms():
    s = scope(x="Probability", g="Positive")
    g = var("g")
    y = 1 - x
    focal = -T("pow", y, g) * log(x)
    slope = g * T("pow", y, g - 1) * log(x) - T("pow", y, g) / x
    assert witness(s, eq(d(focal, x), slope)).ok
    assert not witness(s, eq(d(focal, x), -slope)).ok
    assert witness(s, eq(d(T("pow", x, x), x), T("pow", x, x) * (log(x) + 1))).ok
    assert witness(s, eq(d(d(xlog(x, x, g), x), g), -1 / g)).ok
    assert witness(s, eq(d(T("app", "bernoulli", ONE, x), x), 1)).ok
    w = scope(p="OpenSimplex n", q="OpenSimplex n", k="Index n")
    assert witness(w, eq(d(KL, at("p", k)), log(at("p", k) / at("q", k)) + 1)).ok
    assert witness(w, eq(d(KL, at("q", k)), -at("p", k) / at("q", k))).ok
    refused = witness(scope(p="Simplex n", k="Index n"), eq(d(H, at("p", k)), -log(at("p", k)) - 1))
    assert refused.undefined and not refused.ok and refused.agreed == refused.answered


def test_jets_of_different_levels_do_not_mix():
    inner, outer = Jet(1, fmpq(2), fmpq(1)), Jet(2, fmpq(3), fmpq(1))
    product = mul(inner, outer)
    assert product.level == 2 and product.slope.slope == 1 and product.value.slope == 3
    assert inverse(inner).slope == fmpq(-1, 4)


# ---------------------------------------------------------------- families


def test_families_are_smooth_distributions():
    s = scope(q="Family n d", t="Real d", k="Index d")
    q = lambda i: T("at", T("of", var("q"), var("t")), i)  # noqa: E731
    score = d(log(q(b(0))), at("t", k))
    fisher = total(q(b(0)) * score**2)
    assert witness(s, eq(total(q(b(0))), 1)).ok
    assert witness(s, every(lt(0, q(b(0))))).ok
    assert witness(s, eq(total(q(b(0)) * score), 0)).ok
    assert witness(s, eq(fisher, -total(q(b(0)) * d(score, at("t", k))))).ok
    assert not witness(s, eq(fisher, total(q(b(0)) * d(score, at("t", k))))).ok
    off = witness(s, eq(total(q(b(0)) * score), num("1e-30")))
    assert off.answered and not off.agreed
    with pytest.raises(IllFormed):
        evaluate(T("at", T("of", var("f"), var("p")), num(1)), Point({}, {"f": PolynomialFamily((), 2), "p": (F(1),)}))


# ---------------------------------------------------------------- the sampler


def all_domains():
    for name, kind in KINDS.items():
        if name != "Size":
            for count in kind.shapes:
                yield " ".join([name, *("n", "m")[:count]])
    yield from ("Simplex 3", "Real 2 n", "Index 4")


@pytest.mark.parametrize("text", list(all_domains()))
def test_every_domain_is_honoured(text):
    s = scope(v=text, w=text)
    found = points(s)
    assert found == points(s)
    assert text == "Bit" or found != points(s, seed=1)
    domain = s.domain("v")
    for point in found:
        assert inside(domain, point.values["v"], point.sizes) and inside(domain, point.values["w"], point.sizes)
    for name in ("n", "m"):
        if name in text.split():
            assert {p.sizes[name] for p in found} == set(range(1, 7))
    assert any(p.values["v"] == p.values["w"] for p in found)
    if "m" in text.split():
        assert any(p.sizes["n"] < p.sizes["m"] for p in found) and any(p.sizes["n"] > p.sizes["m"] for p in found)


def test_the_boundary_is_drawn_on_purpose():
    found = [
        p.values for p in points(scope(p="Simplex n", v="UnitInterval n", t="Nonnegative n", z="Real n", o="OpenSimplex n"))
    ]
    big = [v for v in found if len(v["p"]) > 2]
    assert any(0 in v["p"] and 1 not in v["p"] for v in big) and any(1 in v["p"] for v in big)
    assert any(len(set(v["p"])) == 1 for v in big) and any(len(set(v["z"])) == 1 for v in big)
    assert any(0 in v["v"] for v in found) and any(1 in v["v"] for v in found) and any(0 in v["t"] for v in found)
    assert any(0 < a < F(1, 10**4) for v in found for a in v["o"]) and any(abs(a) >= 100 for v in found for a in v["z"])
    joint = [p.values["r"] for p in points(scope(r="Simplex n m")) if min(p.sizes.values()) > 1]
    assert any(all(r[0][0] * r[i][j] == r[0][j] * r[i][0] for i in range(len(r)) for j in range(len(r[0]))) for r in joint)


def test_every_pair_of_a_domain_meets():
    found = points(scope(a="Simplex n", b="Simplex n", c="Simplex n", d="Simplex n"))
    for left, right in ("ab", "ac", "ad", "bc", "bd", "cd"):
        assert any(p.values[left] == p.values[right] and p.sizes["n"] > 1 and len(set(p.values[left])) > 1 for p in found)


def test_elements_of_domains_are_recognised():
    third = F(1, 3)
    assert inside(D("Simplex", "n"), (third, third, third), {"n": 3})
    for domain, value in (
        ("Simplex n", (third, third, F(1, 2))),
        ("Simplex n", (third, third)),
        ("Simplex n", (F(2), F(-1), F(0))),
        ("OpenSimplex n", (F(1), F(0), F(0))),
        ("OneHot n", (third, third, third)),
        ("Bit", F(2)),
        ("Bit", F(1, 2)),
        ("Probability", F(1)),
        ("Positive", F(0)),
        ("Index n", 4),
        ("Index n", F(1)),
        ("Real n", F(1)),
        ("Real n", ((F(1),),) * 3),
        ("Family n n", F(1)),
    ):
        assert not inside(scope(v=domain).domain("v"), value, {"n": 3}), (domain, value)


BASE = {
    "p": "Simplex n",
    "q": "Simplex n",
    "l": "Positive n",
    "y": "OneHot n",
    "k": "Index n",
    "i": "Index n",
    "x": "Real",
    "u": "UnitInterval",
    "r": "Simplex n m",
    "t": "Bit",
}
ABSOLUTE = every(T("imp", lt(0, at("p", b(0))), lt(0, at("q", b(0)))))
INDEPENDENT = every(every(eq(at("r", b(1), b(0)), T("sum", m, at("r", b(2), b(0))) * total(at("r", b(0), b(1)))), "m"))
REACHED = [
    ABSOLUTE,
    every(T("imp", eq(at("q", b(0)), 0), eq(at("p", b(0)), 0))),
    every(eq(at("p", b(0)), at("q", b(0)))),
    every(T("iff", eq(at("p", b(0)), 0), eq(at("q", b(0)), 0))),
    lt(0, at("p", k)),
    le(total(T("pow", num(2), -at("l", b(0)))), 1),
    eq(total(at("l", b(0))), 1),
    le(total(at("l", b(0))), 1),
    eq(x, num("3/7")),
    eq(x, 2 * u),
    eq(at("y", k), 1),
    every(eq(at("p", b(0)), 1 / n)),
    every(lt(0, at("p", b(0)))),
    lt(num("9/10"), u),
    T("ne", u, ONE),
    eq(at("p", k), at("q", k)),
    every(le(at("p", b(0)), at("p", k))),
    INDEPENDENT,
    eq(total(at("p", b(0)) * at("l", b(0))), HALF),
    T("ne", x, ZERO),
    eq(var("t"), 1),
    T("and", lt(0, at("q", k)), eq(x, at("q", k))),
]
NOT_AT_ONE = [
    eq(at("q", k), 0),
    eq(T("delta", var("i"), k), 0),
    eq(at("y", k), 0),
    lt(1, n),
    T("and", eq(at("q", k), 0), lt(0, at("p", k))),
]


@pytest.mark.parametrize("hypothesis", REACHED + NOT_AT_ONE, ids=lambda h: repr(h)[:60])
def test_hypotheses_are_met_at_every_size(hypothesis):
    s = scope(hypothesis, **BASE)
    found = sample(s, per_size=5)
    assert all(meets(s, point) for point in found.points)
    least = 2 if hypothesis in NOT_AT_ONE else 1
    assert {p.sizes["n"] for p in found.points} == set(range(least, 7))
    assert all(choice["n"] == 1 for choice in found.empty)


def test_absolute_continuity_keeps_the_zeros():
    found = points(scope(ABSOLUTE, p="Simplex n", q="Simplex n"))
    assert any(0 in p.values["q"] and 1 not in p.values["q"] for p in found)
    assert any(0 in p.values["p"] and 0 not in p.values["q"] for p in found)


def test_what_cannot_be_met_is_reported():
    for hypothesis in (lt(x, x), eq(x * x, 2), eq(x, exp(1))):
        s = scope(hypothesis, x="Real", p="Simplex n")
        report = witness(s, eq(x, x))
        assert report.points == 0 and not report.ok and len(report.vacuous) == 6
        assert report.summary == "no point meets the hypotheses"
        assert counterexample(s, eq(0, 1)) is None
    assert witness(scope(lt(n, 1), p="Simplex n"), eq(0, 0)).points == 0
    assert sample(scope(eq(n, m), r="Simplex n m"), per_size=2).tried[0] == {"n": 1, "m": 1}


# ---------------------------------------------------------------- the judge

PQ = scope(p="Simplex n", q="OpenSimplex n")
SAME = every(eq(at("p", b(0)), at("q", b(0))))
UNIFORM = every(eq(at("p", b(0)), 1 / n))
POSITIVE, REAL = scope(x="Positive"), scope(x="Real")
LOGITS = scope(z="Real n", y="OneHot n", k="Index n")
LOSS = -total(at("y", b(0)) * log(soft(b(0))))
BCE = -xlog(var("y"), u) - xlog(1 - var("y"), 1 - u)

TRUE = [
    (PQ, eq(KL, CE - H)),
    (PQ, le(0, KL, SAME)),
    (PQ, le(0, KL)),
    (PQ, le(H, log(n), UNIFORM)),
    (PQ, le(H, CE, SAME)),
    (PQ, T("iff", eq(KL, 0), SAME)),
    (PQ, T("imp", SAME, eq(CE, H))),
    (PQ, T("and", le(0, H), le(0, CE))),
    (POSITIVE, le(0, x * log(x) + 1 - x, eq(x, 1))),
    (POSITIVE, le(log(x), x - 1, eq(x, 1))),
    (REAL, lt(0, exp(x))),
    (POSITIVE, T("imp", T("ne", x, ONE), lt(log(x), x - 1))),
    (REAL, T("ne", exp(x), ZERO)),
    (REAL, eq(x + num("1e-20") - num("1e-20"), x)),
    (scope(x="Real", w="Positive"), eq(log(exp(x)), x)),
    (LOGITS, eq(d(LOSS, at("z", k)), soft(k) - at("y", k))),
    (LOGITS, le(T("top", n, at("z", b(0))), log(total(exp(at("z", b(0))))))),
    (scope(y="Bit", u="Probability"), eq(BCE, -log(T("app", "bernoulli", var("y"), u)))),
    (scope(ABSOLUTE, p="Simplex n", q="Simplex n"), eq(KL, CE - H)),
    (scope(lt(0, at("p", k)), eq(at("q", k), 0), p="Simplex n", q="Simplex n", k="Index n"), T("infinite", KL)),
    (scope(p="Simplex n", q="Simplex n"), le(0, KL, SAME)),
    (scope(p="Simplex 3"), le(H, log(3))),
    (
        scope(INDEPENDENT, r="Simplex n m"),
        every(every(eq(at("r", b(1), b(0)), T("sum", m, at("r", b(2), b(0))) * total(at("r", b(0), b(1)))), "m")),
    ),
    (POSITIVE, T("tends", x * log(x), x, ZERO, ZERO)),
    (POSITIVE, T("tends", (log(1 + exp(x)) - log(2)) / x, x, ZERO, HALF)),
    (POSITIVE, T("tends", x, x, ONE, ONE)),
]


@pytest.mark.parametrize("where, statement", TRUE, ids=[repr(s)[:60] for _, s in TRUE])
def test_true_statements_agree(where, statement):
    report = witness(where, statement)
    assert report.ok, (report.summary, [str(c) for c in report.contradicted], [str(p) for p in report.unanswered])
    assert f"{report.points} of {report.points} points agree" in report.summary
    assert (
        report.summary.endswith("sizes 1–6")
        or not any(d.name == "Size" for _, d in where.domains)
        or report.sizes != (1, 2, 3, 4, 5, 6)
    )
    found = counterexample(where, statement, per_size=2)
    assert found is None


FALSE = [
    (PQ, eq(KL, CE + H)),
    (PQ, eq(KL, H - CE)),
    (PQ, eq(KL, T("app", "D", var("q"), var("p")))),
    (PQ, lt(0, KL)),
    (PQ, T("ne", KL, ZERO)),
    (PQ, le(KL, 0)),
    (PQ, le(0, KL, UNIFORM)),
    (PQ, le(0, KL, eq(0, 1))),
    (PQ, le(0, KL, eq(0, 0))),
    (PQ, lt(H, log(n))),
    (PQ, le(H, log(n), eq(H, 0))),
    (PQ, T("iff", eq(KL, 0), UNIFORM)),
    (PQ, T("imp", UNIFORM, eq(CE, H))),
    (PQ, T("and", le(0, H), le(CE, H))),
    (POSITIVE, le(0, x * log(x) + 1 - x, eq(x, 2))),
    (POSITIVE, lt(log(x), x - 1)),
    (POSITIVE, T("ne", x, ONE)),
    (REAL, eq(x + num("1e-20"), x)),
    (REAL, eq(exp(x) + num("1e-30"), exp(x))),
    (REAL, eq(exp(x) * (1 + num("1e-30")), exp(x))),
    (REAL, eq(exp(x) - exp(x), num("1e-40"))),
    (REAL, eq(log(1 + num("1e-150") * exp(x)), 0)),
    (REAL, le(exp(x) + num("1e-30"), exp(x))),
    (LOGITS, eq(d(LOSS, at("z", k)), at("y", k) - soft(k))),
    (scope(p="Simplex n", q="Simplex n"), lt(KL, 100)),
    (REAL, T("infinite", x)),
]


@pytest.mark.parametrize("where, statement", FALSE, ids=[repr(s)[:60] for _, s in FALSE])
def test_false_statements_are_contradicted_and_refuted(where, statement):
    report = witness(where, statement)
    assert not report.ok and report.contradicted and report.agreed < report.answered and "contradict" in report.summary
    assert str(report.contradicted[0]).startswith("at ")
    found = counterexample(where, statement)
    assert found is not None and not found.tie and meets(where, found.point)
    assert found.established in ("disjoint balls", "exact rational arithmetic", "one side is infinite")
    assert Trial(found.point, Ties.UNKNOWN).truth(statement) is False


def test_limits_that_fail_are_contradicted_but_never_refuted():
    wrong = T("tends", (log(1 + exp(x)) - log(2)) / x, x, ZERO, ONE)
    assert witness(POSITIVE, wrong).contradicted and counterexample(POSITIVE, wrong) is None
    assert witness(POSITIVE, T("tends", 1 / x, x, ZERO, ZERO)).contradicted
    slow = witness(POSITIVE, T("tends", 1 / log(x), x, ZERO, ZERO))
    assert slow.answered == 0 and not slow.ok


def test_a_point_without_a_value_is_not_an_answer():
    report = witness(scope(p="Simplex n"), eq(total(at("p", b(0)) * log(at("p", b(0)))), -H))
    assert report.undefined and not report.ok and report.agreed == report.answered < report.points
    assert "without an answer" in report.summary and report.unanswered
    at_size_one = witness(scope(p="Simplex n"), T("imp", eq(n, 1), eq(log(at("p", 1) - 1), 0)))
    assert at_size_one.missing == (1,) and not at_size_one.ok and "none at size 1" in at_size_one.summary


def test_ties_count_as_the_caller_says():
    a, c = exp(HALF) * exp(HALF), exp(1)
    expected = {
        Ties.UNKNOWN: (None, None, None, None, None),
        Ties.AGREE: (True, True, None, None, None),
        Ties.EQUAL: (True, True, False, False, False),
    }
    for ties, truths in expected.items():
        statements = (eq(a, c), le(a, c), lt(a, c), T("ne", a, c), le(a, c, eq(0, 1)))
        assert tuple(Trial(P, ties).truth(s) for s in statements) == truths
    assert Trial(P, Ties.AGREE).truth(le(a, c, eq(0, 0))) is True
    assert Trial(P, Ties.AGREE).truth(le(a, c + 1, eq(0, 0))) is False
    assert Trial(P, Ties.AGREE).truth(le(a + 1, c, eq(0, 1))) is False
    assert Trial(P, Ties.UNKNOWN).truth(T("imp", eq(a, c), eq(0, 1))) is None
    assert Trial(P, Ties.UNKNOWN).truth(T("iff", eq(a, c), eq(0, 1))) is None
    assert Trial(P, Ties.AGREE).truth(eq(a - c, 0)) is True and Trial(P, Ties.UNKNOWN).truth(eq(a - c, 0)) is None


def test_fewer_points_on_request():
    few, many = witness(PQ, eq(KL, CE - H), per_size=2), witness(PQ, eq(KL, CE - H))
    assert few.ok and few.points < many.points and few.sizes == (1, 2, 3, 4, 5, 6)
    assert witness(PQ, eq(KL, CE + H), stop_after=1).points < 5
    assert witness(PQ, eq(KL, CE - H), sizes=[1]).summary.endswith("size 1")
    assert witness(PQ, eq(KL, CE - H), sizes=[1, 4]).summary.endswith("sizes 1, 4")


# ---------------------------------------------------------------- refutation


def test_the_smallest_and_simplest_point_comes_first():
    assert counterexample(PQ, lt(0, KL)).point == Point({"n": 1}, {"p": (F(1),), "q": (F(1),)})
    assert counterexample(PQ, eq(KL, CE + H)).point == Point({"n": 2}, {"p": (F(1, 2),) * 2, "q": (F(1, 2),) * 2})
    found = counterexample(REAL, lt(0, x))
    assert found.point.as_dict() == {"x": F(0)} and found.sides == ("0", "0")
    assert found.established == "exact rational arithmetic" and str(found.point) == "x = 0"


def test_comparisons_use_the_full_precision():
    assert ctx.prec < 100  # so that a conversion outside the chosen precision would show
    assert Trial(Point({}, {"x": F(-2, 3)})).truth(eq(log(exp(x)), x)) is True
    assert Trial(Point({}, {"x": F(1, 3)})).truth(eq(log(exp(x)) + num("1e-40"), x)) is False
    strict = witness(LOGITS, lt(T("top", n, at("z", b(0))), log(total(exp(at("z", b(0)))))))
    assert (
        strict.missing == (1,)
        and not strict.ok
        and counterexample(LOGITS, lt(T("top", n, at("z", b(0))), log(total(exp(at("z", b(0)))))))
    )


def test_a_tie_is_left_to_the_rules():
    s = scope(lt(1, n), p="OpenSimplex n")
    found = counterexample(s, lt(H, log(n)))
    assert found.tie and found.established == "tie" and found.point.values["p"] == (F(1, 2), F(1, 2))
    assert found.sides[0][:20] == found.sides[1][:20] == "0.693147180559945309"
    assert counterexample(s, lt(H + num("1e-300"), log(n))).tie is False  # 10⁻³⁰⁰ is seen: no tie


@pytest.mark.parametrize(
    "where, statement, point",
    [  # from the development benchmarks
        (scope(p="OpenSimplex n"), eq(H, -total(at("p", b(0)) * log(1 / at("p", b(0))))), {"n": 2, "p": (F(1, 2), F(1, 2))}),
        (
            scope(y="Bit", u="Probability"),
            eq(-log(var("y") * u + (1 - var("y")) * (1 - u)), -var("y") * log(u) + (1 - var("y")) * log(1 - u)),
            None,
        ),
        (scope(y="OneHot n", u="Probability"), eq(total((1 - u) * at("y", b(0)) + 1 / n), 1), None),
        (
            scope(x="Real", s="Positive"),
            eq(HALF * (var("s") ** 2 + x**2 - 1) - log(var("s")), HALF * (var("s") ** 2 + x**2 - 1 + 2 * log(var("s")))),
            None,
        ),
        (
            scope(z="Real n", i="Index n", k="Index n"),
            eq(d(soft(var("i")), at("z", k)), soft(var("i")) * (1 - soft(var("i")))),
            None,
        ),
        (scope(z="Positive n", k="Index n"), eq(soft(k), exp(at("z", k)) / total(at("z", b(0)))), None),
        (scope(p="Simplex n"), eq(H / log(2), H * log(2)), {"n": 2, "p": (F(1, 2), F(1, 2))}),
        (scope(z="Real n"), le(log(total(exp(at("z", b(0))))), total(at("z", b(0))) / n + log(n)), None),
        (scope(x="Probability"), eq(d(-x * log(x) - (1 - x) * log(1 - x), x), log(x / (1 - x))), None),
        (
            scope(r="OpenSimplex n m"),
            eq(total(T("sum", m, at("r", b(1), b(0)) * log(at("r", b(1), b(0))))), 0),
            {"n": 2, "m": 1, "r": ((F(1, 2),), (F(1, 2),))},
        ),
    ],
)
def test_benchmark_claims_are_refuted(where, statement, point):
    found = counterexample(where, statement)
    assert found is not None and not found.tie and len(found.sides) == 2
    assert point is None or found.point.as_dict() == point


# ---------------------------------------------------------------- decimals


def test_decimals_are_correctly_rounded():
    third, bits = Point({}, {"x": F(1, 3)}), T("pow", log(2), num(-1))
    assert decimal(x, third, 6) == "0.333333" and decimal(-2 * x, third, 6) == "-0.666667" and decimal(-x, third, 0) == "0"
    assert decimal(T("const", "pi"), third, 10) == "3.1415926536" and decimal(log(8) * bits, third, 3) == "3.000"
    assert (
        decimal(num("1/8"), third, 2) == "0.12"
        and decimal(num("3/8"), third, 2) == "0.38"
        and decimal(num("-1e-9"), third, 6) == "0.000000"
    )
    assert decimal(H * bits, Point({"n": 2}, {"p": (F(1, 4), F(3, 4))}), 6) == "0.811278"
    assert decimal(num("1234567"), third, 0) == "1234567" and decimal(xlog(1, 1, 0), third, 3) == "+infinity"
    assert decimal(num("1/2") + exp(num(-500)), third, 0) == "1" and decimal(num("1/2") - exp(num(-500)), third, 0) == "0"
    with mpmath.workdps(60):
        assert decimal(exp(10), third, 40) == mpmath.nstr(mpmath.exp(10), 45)
    with pytest.raises(Undecided):
        decimal(HALF + exp(1) - exp(HALF) * exp(HALF), third, 0)
    with pytest.raises(Undefined):
        decimal(log(0), third, 3)


# ---------------------------------------------------------------- the room


def test_the_witness_shares_no_code_with_the_rules():
    permitted = {"terms", "domains", "definitions", "tree"}
    folder = Path(package.__file__).parent
    paths = sorted(folder.rglob("*.py"))
    assert {path.parent.name for path in paths} == {"_witness", "raw"}
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        outside = 1 + len(path.relative_to(folder).parts)
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.level > outside)
            if isinstance(node, ast.ImportFrom) and node.level == outside:
                kernel, _, module = (node.module or "").partition(".")
                assert kernel == "_kernel" and module in permitted, (path.name, node.module)
            if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0):
                names = [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
                assert not {"sympy", "numpy", "mpmath", "derivations"} & {name.split(".")[0] for name in names}
            assert not isinstance(node, ast.Assert)
            assert not (isinstance(node, ast.Name) and node.id in ("eval", "exec", "compile"))
            assert not (isinstance(node, ast.Attribute) and node.attr in ("unfold", "near"))
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 260
        assert ast.get_docstring(tree)
