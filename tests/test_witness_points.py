"""The witness looks where a claim points, and beyond its menus; what it cannot know it does not say."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path
from random import Random

import pytest
from flint import arb, fmpq, fmpq_poly
from fuzz_trees import Terms, Trees
from test_cli import RESULT, run, write

from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import Term, num, var
from derivations._reader import read
from derivations._verify.eyes import TermEyes
from derivations._verify.raw_eyes import LONG, QUICK, RawEyes, ranges
from derivations._witness import Point, Undecided, Undefined, counterexample, decimal
from derivations._witness import evaluate as value_of
from derivations._witness.critical import critical
from derivations._witness.family import PolynomialFamily
from derivations._witness.jets import MAX_EXACT, TooLarge, add, mul
from derivations._witness.raw import Budget, defined_at, evaluate, meant, refute, survey
from derivations._witness.raw.beyond import beyond
from derivations._witness.raw.claim import Claim
from derivations._witness.raw.climb import _fraction
from derivations._witness.raw.critical import Critical
from derivations._witness.raw.points import LABELS, candidates, index_choices, labels, point, size_choices
from derivations._witness.raw.whole import always_whole
from derivations._witness.roots import between, interpolated, rational_roots, real_roots, simplest

SIX = "(n-1)(n-2)(n-3)(n-4)(n-5)(n-6)"
ONE_SEVENTH = r"\mathbb{1}[t = \frac17]"

# Where a claim fails: the first such point, by the definitions


@pytest.mark.parametrize(
    "latex, where, point",
    [
        (rf"\sum_{{j=2, j \ne 1}}^{{3}} {ONE_SEVENTH} = {ONE_SEVENTH}", "t: Real", {"t": F(1, 7)}),
        (rf"\sum_{{j=1, j \ne 5}}^{{3}} {ONE_SEVENTH} = 2 {ONE_SEVENTH}", "t: Real", {"t": F(1, 7)}),
        (rf"\sum_{{j=2, j \ne c}}^{{3}} {ONE_SEVENTH} = {ONE_SEVENTH}", "t: Real; c: Label[3]", {"t": F(1, 7), "c": 1}),
        (rf"{SIX} = 0", "n: Size", {"n": 7}),
        (rf"2\left(\int_0^2 x\,dx + {SIX}\right) = 4 + 4{SIX}", "n: Size", {"n": 7}),
        (rf"{SIX} \mathbb{{1}}[x = \frac17] = 0", "x: Real; n: Size", {"n": 7, "x": F(1, 7)}),
        (rf"{SIX}(n-7)(n-8)(n-9)(n-10)(n-11)(n-12)(n-13) = 0", "n: Size", {"n": 14}),
        (r"\begin{cases}5 & x=\frac17\\ \frac{7x-1}{7x-1} & \text{otherwise}\end{cases} = 1", "x: Real", {"x": F(1, 7)}),
        (r"x^{\log_2 8} \ge 0", "x: Real", {"x": F(-1)}),
        (r"(u-\frac{3}{17})^2>0", "u: Probability", {"u": F(3, 17)}),
        (r"(7u-2)^2>0", "u: Probability", {"u": F(2, 7)}),
        (r"|5u-1| > 0", "u: Probability", {"u": F(1, 5)}),
        (r"(n-11)^2>0", "n: Size", {"n": 11}),
        (r"(n-100)^2>0", "n: Size", {"n": 100}),
        (r"\mathbb{1}[p_1 = \frac17] = 0", "p: Simplex[n]", {"n": 2, "p": (F(1, 7), F(6, 7))}),
        (r"\sum_{i=1}^n \mathbb{1}[p_i = \frac{1}{13}] = 0", "p: Simplex[n]", {"n": 2, "p": (F(1, 13), F(12, 13))}),
        (r"\mathbb{1}[z_c = \frac17] \mathbb{1}[c = 2] = 0", "z: Real[n]; c: Label[n]", {"n": 2, "z": (F(0), F(1, 7)), "c": 2}),
        (r"\mathbb{1}[x=\frac17]\mathbb{1}[y=\frac{3}{11}] = 0", "x,y: Real", {"x": F(1, 7), "y": F(3, 11)}),
        (r"\mathbb{1}[x + y = \frac{5}{13}] \mathbb{1}[y = 1] = 0", "x,y: Real", {"x": F(-8, 13), "y": F(1)}),
        (r"|x^{-s-\frac17}| = x^{-s-\frac17}", "x, s: Real", {"x": F(-2), "s": F(-8, 7)}),
        (r"(n-9)^2 + (m-4)^2 > 0", "n, m: Size", {"n": 9, "m": 4}),
        (r"\mathbb{1}[n = 9] \mathbb{1}[c = 5] = 0", "n: Size; c: Label[n]", {"n": 9, "c": 5}),
        (r"\log n \le 10", "n: Size", {"n": 22027}),
        (r"n \le 1000000", "n: Size", {"n": 1000001}),
        (r"n^2 \ge 1000 n - 200000", "n: Size", {"n": 277}),
    ],
)
def test_a_first_look_finds_points_that_stand_on_no_menu(latex: str, where: str, point: dict[str, object]) -> None:
    reading = read(latex, where)
    found = refute(reading, budget=QUICK)
    assert found is not None and not found.needs_rules
    assert {**found.sizes, **found.values} == point
    seen = survey(reading, 120).contradicted
    assert seen or where == "n: Size", "the guard looks there too"


@pytest.mark.parametrize(
    "latex, where",
    [
        (r"\log x \le 30", "x: Positive"),
        (r"\log(1+x) \le 20", "x: Positive"),
        (r"\sqrt{x} \le 100000", "x: Positive"),
        (r"\sigma(x) \le 1-10^{-30}", "x: Real"),
        (r"x \ge -10^{40}", "x: Real"),
        (r"\frac1x \le 10^{20}", "x: Positive"),
        (r"(x-\frac{1234}{789})(x-\frac{1235}{789}) \ge 0", "x: Real"),
        (r"(\log x - 1)(\log x - \frac{10001}{10000}) \ge 0", "x: Positive"),
        (r"\sum_{i=1}^n \frac{1}{i} \le 8", "n: Size"),
        (r"H(p) \le 6", "p: Simplex[n]"),
    ],
)
@pytest.mark.parametrize("seed", range(1, 2))
def test_a_longer_look_finds_far_and_narrow_places(latex: str, where: str, seed: int) -> None:
    found = refute(read(latex, where), seed=seed, budget=LONG)
    assert found is not None and not found.needs_rules


@pytest.mark.parametrize(
    "latex, where",
    [
        (r"\begin{cases}1 & x=\frac17\\ \frac{7x-1}{7x-1} & \text{otherwise}\end{cases} = 1", "x: Real"),
        (r"(u-\frac{3}{17})^2 \ge 0", "u: Probability"),
        (r"\sigma(x) < 1", "x: Real"),
        (r"\log(1+x) \le x", "x: Positive"),
        (r"|x^{\log_3 27}| = |x|^3", "x: Real"),
        (r"\sum_{j=1, j \ne c}^{3} t = 2 t", "t: Real; c: Label[3]"),
        (r"n^2 \ge 2 n - 1", "n: Size"),
    ],
)
def test_what_is_true_is_not_refuted_at_such_points(latex: str, where: str) -> None:
    reading = read(latex, where)
    assert all(refute(reading, budget=budget) is None for budget in (QUICK, LONG))
    assert not survey(reading, 120).contradicted


def test_the_guard_counts_the_points_a_claim_points_at_apart() -> None:
    seen = survey(read(r"\frac{7x-1}{7x-1} = 1", "x: Real"), 60)
    assert seen.undefined == 0 and seen.answered == seen.points, "1/7 stands on no menu"
    assert seen.pointed_undefined >= 1 and not seen.contradicted


def test_sizes_up_to_twelve_and_those_a_claim_points_at() -> None:
    claim = Claim(read(r"\sum_{i=1}^n (n-40)^2 z_i = 0", "z: Real[n]"))
    found = [choice["n"] for choice in beyond(Critical(claim), size_choices(claim.reading.scope))]
    assert {*range(7, 13), 40, 41} <= set(found) and found == sorted(found)
    assert beyond(Critical(Claim(read("x = x", "x: Real"))), [{}]) == []


def test_all_labels_are_tried() -> None:
    assert labels(12) == list(range(1, 13))
    assert labels(10**9)[LABELS:] == [10**9 - 3, 10**9 - 2, 10**9 - 1, 10**9]
    found = refute(read(r"\mathbb{1}[c = 11] = 0", "c: Label[12]"), budget=QUICK)
    assert found is not None and found.values == {"c": 11}


def test_sizes_in_words() -> None:
    assert ranges([1, 2, 3, 7, 40, 41]) == "1–3, 7, 40–41"
    assert ranges([4]) == "4"


# The other witness: statements that were no formula


X, U, N = var("x"), var("u"), var("n")


@pytest.mark.parametrize(
    "domains, statement, point",
    [
        ({"x": "Real"}, Term("eq", Term("case", X, num(F(1, 7)), num(5), num(1)), num(1)), {"x": F(1, 7)}),
        ({"u": "Probability"}, Term("lt", num(0), Term("pow", U - num(F(3, 17)), num(2))), {"u": F(3, 17)}),
        ({"n": "Size"}, Term("lt", num(0), Term("pow", N - num(11), num(2))), {"n": 11}),
        (
            {"x": "Real", "u": "Real"},
            Term("eq", Term("case", X, num(F(1, 7)), Term("case", U, num(F(3, 11)), num(1), num(0)), num(0)), num(0)),
            {"x": F(1, 7), "u": F(3, 11)},
        ),
    ],
)
def test_statements_are_tried_where_they_point(domains: dict[str, str], statement: Term, point: dict[str, object]) -> None:
    scope = Scope(tuple((name, Domain(d)) for name, d in domains.items()))
    found = counterexample(scope, statement)
    assert found is not None and found.point.as_dict() == point
    assert TermEyes(scope, statement).survey(scope, ()).contradiction


def test_a_polynomial_of_a_sum_is_solved() -> None:
    scope = Scope((("n", Domain("Size")), ("p", Domain("Simplex", (N,)))))
    body = Term("case", Term("at", var("p"), Term("bound", 0)), num(F(1, 7)), num(1), num(0))
    base = Point({"n": 2}, {"p": (F(1, 2), F(1, 2))})
    found = critical(scope, Term("eq", Term("sum", N, body), num(0)), base)
    assert Point({"n": 2}, {"p": (F(1, 7), F(6, 7))}) in found


# Whole exponents


@pytest.mark.parametrize(
    "exponent, value, always",
    [
        (r"\log_2 8", F(-8), True),
        (r"\log_3 27", F(-8), True),
        (r"\log_4 16", F(4), True),
        (r"\log_{\frac12} 8", F(-1, 8), True),
        (r"\ln e", F(-2), True),
        (r"\exp(\log 3)", F(-8), True),
        (r"e^{\log 3}", F(-8), True),
        (r"n \log_2 2", F(-8), True),
        (r"\log_2 3 \log_3 4", F(4), True),
        (r"\log_6 36", F(4), True),
        (r"\frac{\ln 36}{\ln 2 + \ln 3}", F(4), True),
        (r"\sqrt{2}\sqrt{2}", F(4), True),
        (r"\frac{\pi}{\pi}", F(-2), True),
        (r"\log_4 8", None, False),
        (r"\frac12", None, False),
        (r"\pi", None, False),
        (r"\log_2 8 + 10^{-60}", None, False),
        (r"\frac{n}{3}", F(-2), None),
    ],
)
def test_an_exponent_is_whole_where_its_value_is(exponent: str, value: F | None, always: bool | None) -> None:
    node = read(rf"x^{{{exponent}}} \ge 0", "x: Real; n: Size").tree.args[1]
    assert always_whole(node.args[1], ["n"]) is always
    at = Point({"n": 3}, {"x": F(-2)})
    if value is None:
        with pytest.raises(Undefined):
            evaluate(node, at, 512)
    else:
        assert evaluate(node, at) == fmpq(value.numerator, value.denominator)


def test_whether_an_exponent_is_whole_may_stay_open() -> None:
    reading = read(r"x^{2 + \log\log(1+e^{\log(e-1)})} \ge 0", "x: Real")
    hidden = Point({}, {"x": F(-2)})  # the exponent is 2, which its form may not show: then nothing is said
    assert defined_at(reading, hidden) in (True, None)
    tiny = Term("pow", num(10), num(-5000))  # beyond every precision: the ball holds 2 and does not tell
    exponent = num(2) + Term("exp", tiny * Term("const", "pi")) - num(1)
    for at, t in ((F(-2), None), (F(2), arb(4))):
        power = Term("pow", num(at), exponent)
        if t is None:
            with pytest.raises(Undecided):
                value_of(power, Point(), 256)
        else:
            assert value_of(power, Point(), 256).overlaps(t)


@pytest.mark.parametrize("base, expected", [(F(-2), -8), (F(0), 0), (F(2), 8)])
def test_exponents_of_terms_are_whole_by_their_value(base: F, expected: int) -> None:
    eight = Term("log", num(8)) * Term("pow", Term("log", num(2)), num(-1))
    assert value_of(Term("pow", num(base), eight), Point()) == expected


def test_a_derivative_of_a_whole_power() -> None:
    node = read(r"\frac{d}{dx} x^{\log_2 8} = 3 x^2", "x: Real").tree.args[1]
    assert evaluate(node, Point({}, {"x": F(-2)})) == 12 and evaluate(node, Point({}, {"x": F(0)})) == 0


# Numbers that are too large, and formulas without a value


@pytest.mark.parametrize("latex", [r"\log(-1) \ge 0", r"\frac{1}{0} = 1", r"\sqrt{-2} \le 3", r"0^{-1} = 0"])
def test_a_closed_formula_without_a_value_says_so(latex: str) -> None:
    eyes = RawEyes(read(latex, ""))
    assert eyes.refute() is None and eyes.refute(long=True) is None
    assert eyes.unvalued() == eyes.survey(Scope(), ()).summary == "the formula has no value"


def test_a_formula_without_a_value_at_many_points_is_believed_to_have_none() -> None:
    eyes = RawEyes(read(r"\log(-1 - x^2) \ge 0", "x: Real"))
    assert eyes.unvalued().startswith("the formula has no value at any of the ") and eyes.unvalued().endswith("were tried")
    assert RawEyes(read(r"\log x \ge 0", "x: Real")).unvalued() == ""
    scope = Scope((("x", Domain("Real")),))
    assert TermEyes(scope, Term("le", num(0), Term("log", num(-1) - X * X))).unvalued()
    assert TermEyes(Scope(), Term("le", num(0), Term("log", num(-1)))).unvalued() == "the formula has no value"
    assert TermEyes(scope, Term("le", num(0), Term("log", X))).unvalued() == ""


@pytest.mark.parametrize(
    "latex", ["e^{" * 40 + "x" + "}" * 40 + r" \ge 0", r"((x^{999})^{999})^{999} \ge x", r"10^{10^{10^{x}}} > 0"]
)
def test_towers_and_powers_of_powers_end_in_an_answer(latex: str) -> None:
    eyes = RawEyes(read(latex, "x: Real"))
    found = eyes.refute(long=True)
    assert (found is not None) == ("999" in latex), "a large negative power of −2 is below −2"
    assert eyes.survey(Scope(), ()).summary


def test_exact_numbers_are_bounded() -> None:
    huge = fmpq(2) ** MAX_EXACT
    assert type(mul(huge, huge)) is arb and type(add(huge, 1 / huge)) is arb
    assert type(mul(fmpq(3), fmpq(1, 3))) is fmpq


def test_a_machine_number_of_any_size_is_rounded() -> None:
    assert _fraction(1e308, 10**9) == F(1e308) and _fraction(float("inf"), 10**6) == 0


def test_a_value_of_a_million_digits_is_not_written_out() -> None:
    with pytest.raises(TooLarge):
        decimal(Term("exp", Term("exp", num(20))), Point(), 6)


def test_factorials_of_large_numbers_are_open_and_of_negative_ones_undefined() -> None:
    node = read("n! > 0", "n: Size").tree.args[1]
    with pytest.raises(TooLarge):
        evaluate(node, Point({"n": 10**9}))


def test_families_have_points() -> None:
    where = "q: Family[n, d]; theta: Real[d]"
    true = RawEyes(read(r"\sum_{k=1}^n q_{\theta,k} = 1", where))
    assert true.refute(long=True) is None and true.survey(Scope(), ()).ok
    found = RawEyes(read(r"q_{\theta,1} \le \frac12", where)).refute()
    assert found is not None and found.example.values["q"].startswith("the softmax of (")
    family = PolynomialFamily((((F(1, 2), ()), (F(-3), (0, 1))), ((F(0), ()),)), 2)
    assert str(family) == "the softmax of (1/2 - 3·θ_1·θ_2, 0)"
    node = read(r"q_{\theta,1} = 1", "q: Family[2, 2]; theta: Real[2]").tree.args[1]
    value = evaluate(node, Point({}, {"q": family, "theta": (F(1), F(1, 6))}))
    assert value == fmpq(1, 2), "both exponents are zero there"


@pytest.mark.parametrize(
    "extra",
    [
        'examples=(Worked("e", "An example.", (Number("a value", log(x), "x: Real", {"x": "-1"}),)),)',
        'examples=(Worked("e", "An example.", (Number("a value", exp(exp(exp(x))), "x: Positive", {"x": "20"}),)),)',
        'refutations=(Refutation("A false claim.", "x: Real", Ge(log(x), 0), {"x": "-1"}, "Not so."),)',
    ],
)
def test_a_number_without_a_value_is_a_fault_of_the_file(
    extra: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = RESULT.format(claim="Eq(D(p, u), kl)", proof="None").replace("    ))\n", f"    ), {extra})\n")
    text = text.replace("Eq, Ge, log", "Eq, Ge, exp, log")
    code, out, err = run("check", write(tmp_path, text), capsys=capsys)
    assert code not in (0, 4) and "fault of lossproof" not in out + err
    assert "has no value at its point" in err or "is not known well enough" in err


# Roots


def test_rational_roots_are_exact() -> None:
    poly = fmpq_poly([-1, 7]) * fmpq_poly([2, 3]) ** 2 * fmpq_poly([-2, 0, 1])
    assert sorted(rational_roots(poly)) == [F(-2, 3), F(1, 7)]
    assert rational_roots(fmpq_poly([5])) == rational_roots(fmpq_poly()) == []
    irrational = [x for x in real_roots(poly) if x not in (F(-2, 3), F(1, 7))]
    assert len(irrational) == 2 and all(abs(x * x - 2) < F(1, 10**12) for x in irrational)
    assert real_roots(fmpq_poly([1, 0, 1])) == []


def test_between_two_places_there_is_a_simple_fraction() -> None:
    assert between([F(1, 7), F(1, 8), F(3)]) == [F(-1), F(2, 15), F(1), F(4)] and between([]) == []
    rng = Random(0)
    for _ in range(500):
        low = F(rng.randint(-99, 99), rng.randint(1, 60))
        high = low + F(1, rng.randint(1, 500))
        found = simplest(low, high)
        assert low < found < high
        assert not any(low < F(k, d) < high for d in range(1, found.denominator) for k in (int(high * d), int(low * d) + 1))


def test_a_polynomial_is_known_by_more_values_than_it_needs() -> None:
    places = [F(k) for k in range(6)]
    assert interpolated(places, [x**3 - x for x in places]) == fmpq_poly([0, -1, 0, 1])
    assert interpolated(places, [x**5 for x in places]) is None


# Nothing but its own refusals


def _asked(seed: int) -> None:
    reading = Trees(Random(seed)).reading()
    few = Budget(points=20, balls=2, confirm=3, close=1, slow=2, climbs=seed % 4 == 0, ties=1, critical=8, turns=2_000)
    refute(reading, budget=few)
    survey(reading, 18)
    if seed % 9 == 0:
        meant(reading, lambda _: False, seconds=0.1)
    sizes = size_choices(reading.scope)[-1]
    for values in candidates(reading.scope, sizes, Random(seed), 30)[-2:]:
        for indices in index_choices(reading.free, sizes)[:1]:
            defined_at(reading, point(sizes, values, indices))


def _asked_as_a_term(seed: int) -> None:
    scope, statement = Terms(Random(seed)).statement()
    counterexample(scope, statement, per_size=1)
    TermEyes(scope, statement).unvalued()
    for name, domain in scope.domains:
        if name == "v0" and not domain.sizes:
            try:
                decimal(Term("exp", Term("exp", var("v0"))), Point({}, {"v0": F(10**9)}), 6)
            except (Undefined, Undecided):
                continue


@pytest.mark.parametrize("ask, seeds", [(_asked, range(10)), (_asked_as_a_term, range(1000, 1016))])
def test_no_formula_makes_the_witness_raise(ask: Callable[[int], None], seeds: range) -> None:
    for seed in seeds:
        ask(seed)
