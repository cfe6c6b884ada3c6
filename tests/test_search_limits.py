"""Limits and integrals: what the search proves, the kernel accepts; what is false, it does not prove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest
import sympy as sp

from derivations._kernel.check import Claim, Kernel, check
from derivations._kernel.domains import Scope
from derivations._kernel.terms import INFINITY, MINUS_INFINITY, ONE, ZERO, Term, num, var
from derivations._search.equation import NotFound
from derivations._search.integrals import find_integral, integral_proof, worth
from derivations._search.limits import find_limit, tends_proof
from derivations._search.trail import Rewriter
from derivations._surface.sympy_terms import to_sympy
from derivations._surface.where import where

T = Term
MAX_STEPS = 9_000  #: rewritings and derivations of one search, all attempts together; twice what the dearest takes
TWO, HALF, PI = num(2), num(Fraction(1, 2)), T("const", "pi")
FAR, BACK = T("const", INFINITY), T("const", MINUS_INFINITY)
x, a, b, c, m, s, t, u, w = (var(name) for name in "xabcmstuw")
n, K, k, p, q, z = (var(name) for name in "nKkpqz")
i = T("bound", 0)
p_i, q_i, z_i = (T("at", v, i) for v in (p, q, z))
LIMITS = "x, a, b: Positive; w: Real; u: Probability; p, q: OpenSimplex[n]; z: Real[K]; k: Index[K]"


def log(v: Term) -> Term:
    return T("log", v)


def exp(v: Term) -> Term:
    return T("exp", v)


def app(name: str, *args: Term) -> Term:
    return T("app", name, *args)


def total(size: Term, body: Term) -> Term:
    return T("sum", size, body)


far = ONE / x  #: what grows beyond all bounds as x decreases to 0
binary = -(x * log(x)) - (ONE - x) * log(ONE - x)
softplus, sigmoid = (lambda v: app("softplus", v)), (lambda v: app("sigmoid", v))

TRUE_LIMITS = {
    "x log ax": (x * log(a * x), ZERO),
    "slope of softplus at 0": ((softplus(x) - log(TWO)) / x, HALF),
    "curvature of softplus at 0": ((softplus(x) - log(TWO) - HALF * x) / x**TWO, num(Fraction(1, 8))),
    "binary entropy at 0": (binary, ZERO),
    "softplus is x far away": (softplus(far) - far, ZERO),
    "softplus(x)/x far away": (softplus(far) / far, ONE),
    "softplus vanishes": (softplus(-far), ZERO),
    "sigmoid at infinity": (sigmoid(far), ONE),
    "sigmoid at minus infinity": (sigmoid(-far), ZERO),
    "tanh at infinity": (app("tanh", far), ONE),
    "a pole that cancels": ((exp(far) - ONE) / (exp(far) + ONE), ONE),
    "log cosh": (log((exp(far) + exp(-far)) / TWO) - far, -log(TWO)),
    "log(1 + x)/x": (log(ONE + x) / x, ONE),
    "n log(1 + a/n)": (far * log(ONE + a / far), a),
    "(1 + a/n)^n": ((ONE + a / far) ** far, exp(a)),
    "x^x": (x**x, ONE),
    "log n/n": (log(far) / far, ZERO),
    "n² e^{−an}": (far**TWO * exp(-(a * far)), ZERO),
    "two slopes": ((exp(x) - ONE - x) / x**TWO, HALF),
    "a divisor that is not seen to be nonzero": (x / (ONE - exp(-x)), ONE),
    "Box–Cox": ((a**x - ONE) / x, log(a)),
    "generalised cross-entropy": ((ONE - u**x) / x, -log(u)),
    "focal": (-((ONE - u) ** x * log(u)), -log(u)),
    "Tsallis": ((ONE - total(n, p_i ** (ONE + x))) / x, app("H", p)),
    "Rényi": (ONE / (ONE - (ONE + x)) * log(total(n, p_i ** (ONE + x))), app("H", p)),
    "Rényi from below": (ONE / (ONE - (ONE - x)) * log(total(n, p_i ** (ONE - x))), app("H", p)),
    "Rényi divergence": (ONE / x * log(total(n, p_i ** (ONE + x) * q_i ** (-x))), app("D", p, q)),
    "Hartley": (log(total(n, p_i**x)), log(n)),
    "power mean": (total(n, p_i * q_i**x) ** (ONE / x), exp(total(n, p_i * log(q_i)))),
    "hot": (app("softmax", T("vec", K, z_i * x), k), ONE / K),
    "mean of scores": (far * log(total(K, exp(z_i * x)) / K), total(K, z_i) / K),
    "cold": (x * log(total(K, exp(z_i / x))), T("top", K, z_i)),
    "cold softplus": (x * softplus(w / x), T("max", w, ZERO)),
    "derivative of the sigmoid": ((sigmoid(w + x) - sigmoid(w - x)) / (TWO * x), sigmoid(w) * (ONE - sigmoid(w))),
    "absolute value": (T("abs", -x) / x, ONE),
    "a room that depends on another variable": (log(ONE + w**TWO * x) / x, w**TWO),
    "a power that is no number": (x ** (a + ONE) * log(x), ZERO),
    "a power that is no number far away": (far ** (-a - ONE) * log(far), ZERO),
}
FALSE_LIMITS = {
    "a power that is no number": (x ** (a - b) * log(x), ZERO),
    "slope of softplus at 0": ((softplus(x) - log(TWO)) / x, ONE),
    "x log ax": (x * log(a * x), log(a)),
    "binary entropy at 0": (binary, log(TWO)),
    "sigmoid at infinity": (sigmoid(far), HALF),
    "no limit": (log(x), ZERO),
    "grows": (far, ZERO),
    "(1 + a/n)^n": ((ONE + a / far) ** far, exp(ONE)),
    "two slopes": ((exp(x) - ONE - x) / x**TWO, ONE),
    "Tsallis": ((ONE - total(n, p_i ** (ONE + x))) / x, -app("H", p)),
    "Rényi divergence": (ONE / x * log(total(n, p_i ** (ONE + x) * q_i ** (-x))), app("D", q, p)),
    "cold": (x * log(total(K, exp(z_i / x))), T("top", K, z_i) + log(K)),
    "n² e^{−an}": (far**TWO * exp(-(a * far)), ONE),
}


def normal(mean: Term, scale: Term) -> Term:
    return ONE / (TWO * PI * scale**TWO) ** HALF * exp(-((x - mean) ** TWO / (TWO * scale**TWO)))


def rate(r: Term) -> Term:
    return r * exp(-(r * x))


HALF_LINE, LINE = "x, a, b, s: Positive; m: Real", "x, m, c: Real; s, t: Positive"
UNIT = "x: Probability; a, b: Positive"
square = (m - c) ** TWO

TRUE_INTEGRALS = {
    "exponential": (HALF_LINE, rate(a), ZERO, FAR, ONE),
    "its mean": (HALF_LINE, x * rate(a), ZERO, FAR, ONE / a),
    "its variance": (HALF_LINE, (x - ONE / a) ** TWO * rate(a), ZERO, FAR, ONE / a**TWO),
    "its entropy": (HALF_LINE, -(rate(a) * log(rate(a))), ZERO, FAR, ONE - log(a)),
    "its divergence": (HALF_LINE, rate(a) * log(rate(a) / rate(b)), ZERO, FAR, log(a / b) + b / a - ONE),
    "its tail": (HALF_LINE, rate(a), s, FAR, exp(-(a * s))),
    "its affinity": (HALF_LINE, (rate(a) * rate(b)) ** HALF, ZERO, FAR, TWO * (a * b) ** HALF / (a + b)),
    "gamma": (HALF_LINE, x ** num(3) * exp(-x), ZERO, FAR, num(6)),
    "uniform entropy": (HALF_LINE, -(ONE / s * log(ONE / s)), ZERO, s, log(s)),
    "uniform variance": (HALF_LINE, (x - s / TWO) ** TWO / s, ZERO, s, s**TWO / num(12)),
    "uniform against exponential": (HALF_LINE, ONE / s * log(ONE / s / rate(a)), ZERO, s, a * s / TWO - log(s) - log(a)),
    "−log x": (UNIT, -log(x), ZERO, ONE, ONE),
    "log(1 − x)": (UNIT, log(ONE - x), ZERO, ONE, num(-1)),
    "binary entropy": (UNIT, binary, ZERO, ONE, HALF),
    "log² x": (UNIT, log(x) ** TWO, ZERO, ONE, TWO),
    "1/√x": (UNIT, ONE / x**HALF, ZERO, ONE, TWO),
    "x^a log x": (UNIT, x**a * log(x), ZERO, ONE, -(ONE / (a + ONE) ** TWO)),
    "a power law": (UNIT, -(a * x ** (a - ONE) * log(a * x ** (a - ONE))), ZERO, ONE, ONE - ONE / a - log(a)),
    "Pareto": (HALF_LINE, a * x ** (-a - ONE), ONE, FAR, ONE),
    "Pareto entropy": (HALF_LINE, -(a * x ** (-a - ONE) * log(a * x ** (-a - ONE))), ONE, FAR, ONE + ONE / a - log(a)),
    "Lomax": (HALF_LINE, a / (ONE + x) ** (a + ONE), ZERO, FAR, ONE),
    "beta": (UNIT, num(12) * x * (ONE - x) ** TWO, ZERO, ONE, ONE),
    "beta entropy": (UNIT, TWO * x * log(TWO * x), ZERO, ONE, log(TWO) - HALF),
    "1/(1 + x)": (UNIT, ONE / (ONE + x), ZERO, ONE, log(TWO)),
    "Gauss": (LINE, normal(m, s), BACK, FAR, ONE),
    "Gaussian mean": (LINE, x * normal(m, s), BACK, FAR, m),
    "Gaussian variance": (LINE, (x - m) ** TWO * normal(m, s), BACK, FAR, s**TWO),
    "Gaussian entropy": (LINE, -(normal(m, s) * log(normal(m, s))), BACK, FAR, HALF * log(TWO * PI * exp(ONE) * s**TWO)),
    "Gaussian divergence": (LINE, normal(m, s) * log(normal(m, s) / normal(c, t)), BACK, FAR,
                            log(t / s) + (s**TWO + square) / (TWO * t**TWO) - HALF),
    "Gaussian cross-entropy": (LINE, -(normal(m, s) * log(normal(c, t))), BACK, FAR,
                               HALF * log(TWO * PI * t**TWO) + (s**TWO + square) / (TWO * t**TWO)),
    "Gaussian generating function": (LINE, exp(c * x) * normal(m, s), BACK, FAR, exp(m * c + s**TWO * c**TWO / TWO)),
    "Gaussian affinity": (LINE, (normal(m, s) * normal(c, s)) ** HALF, BACK, FAR, exp(-(square / (num(8) * s**TWO)))),
    "logistic": (LINE, sigmoid(x) * (ONE - sigmoid(x)), BACK, FAR, ONE),
    "softplus": (HALF_LINE, sigmoid(x), ZERO, s, softplus(s) - log(TWO)),
}  # fmt: skip
FALSE_INTEGRALS = {
    "x^a log x": (UNIT, x**a * log(x), ZERO, ONE, ONE / (a + ONE) ** TWO),
    "Pareto entropy": (HALF_LINE, -(a * x ** (-a - ONE) * log(a * x ** (-a - ONE))), ONE, FAR, ONE + ONE / a + log(a)),
    "exponential": (HALF_LINE, rate(a), ZERO, FAR, TWO),
    "its entropy": (HALF_LINE, -(rate(a) * log(rate(a))), ZERO, FAR, ONE + log(a)),
    "its divergence": (HALF_LINE, rate(a) * log(rate(a) / rate(b)), ZERO, FAR, log(a / b) + a / b - ONE),
    "uniform entropy": (HALF_LINE, -(ONE / s * log(ONE / s)), ZERO, s, -log(s)),
    "−log x": (UNIT, -log(x), ZERO, ONE, TWO),
    "diverges": (UNIT, ONE / x, ZERO, ONE, ONE),
    "diverges far away": (HALF_LINE, exp(a * x), ZERO, FAR, -(ONE / a)),
    "Gaussian entropy": (LINE, -(normal(m, s) * log(normal(m, s))), BACK, FAR, HALF * log(TWO * PI * s**TWO)),
    "Gaussian variance": (LINE, (x - m) ** TWO * normal(m, s), BACK, FAR, s),
    "Gaussian divergence": (LINE, normal(m, s) * log(normal(m, s) / normal(c, t)), BACK, FAR,
                            log(t / s) + (s**TWO + square) / (TWO * t**TWO)),
    "Gauss on half the line": (HALF_LINE, exp(-(x**TWO)), ZERO, FAR, PI**HALF),
}  # fmt: skip


@contextmanager
def counted(most: int = MAX_STEPS) -> Iterator[None]:
    """What happens within takes at most so many steps: a budget that is the same on every machine."""
    steps = Counter[str]()

    def counting(kind: str, before: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any) -> Any:
            steps[kind] += 1
            return before(*args)

        return step

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rewriter, "spend", counting("rewriting", Rewriter.spend))
        patch.setattr(Kernel, "derive", counting("derivations", Kernel.derive))
        yield
    assert steps.total() <= most, steps


def proved(scope: Scope, goal: Term) -> None:
    """The search finds a proof in so many steps, and the checker accepts it."""
    find = tends_proof if goal.op == "tends" else integral_proof
    with counted():
        assert check(Claim(scope, goal), find(Kernel(), scope, goal)).goal == goal


def not_proved(scope: Scope, goal: Term) -> None:
    with counted(), pytest.raises(NotFound):
        (tends_proof if goal.op == "tends" else integral_proof)(Kernel(), scope, goal)


def test_steps_are_counted() -> None:
    with pytest.raises(AssertionError, match="rewriting"), counted(10):
        proved(where(LIMITS), T("tends", TRUE_LIMITS["x log ax"][0], x, ZERO, ZERO))


@pytest.mark.parametrize("name", TRUE_LIMITS)
def test_limits_are_proved(name: str) -> None:
    term, value = TRUE_LIMITS[name]
    proved(where(LIMITS), T("tends", term, x, ZERO, value))


@pytest.mark.parametrize("name", FALSE_LIMITS)
def test_wrong_limits_are_not_proved(name: str) -> None:
    term, value = FALSE_LIMITS[name]
    not_proved(where(LIMITS), T("tends", term, x, ZERO, value))


@pytest.mark.parametrize("name", TRUE_INTEGRALS)
def test_integrals_are_proved(name: str) -> None:
    domains, body, low, high, value = TRUE_INTEGRALS[name]
    proved(where(domains), T("integrates", body, x, low, high, value))


@pytest.mark.parametrize("name", FALSE_INTEGRALS)
def test_wrong_integrals_are_not_proved(name: str) -> None:
    domains, body, low, high, value = FALSE_INTEGRALS[name]
    not_proved(where(domains), T("integrates", body, x, low, high, value))


POINT = {"a": 0.7, "b": 1.9, "c": -0.4, "m": 0.3, "s": 1.3, "t": 0.8, "u": 0.35, "w": 0.6}


def number(term: Term) -> sp.Expr:
    return to_sympy(unfolded(term)).subs({sp.Symbol(name): sp.Rational(str(v)) for name, v in POINT.items()})


def unfolded(term: Term) -> Term:
    """σ and softplus written out; the other functions stay."""
    if term.op == "app" and term.args[0] in ("sigmoid", "softplus"):
        e = exp(unfolded(term.args[1]))
        return e / (ONE + e) if term.args[0] == "sigmoid" else log(ONE + e)
    return term.rebuild(tuple(map(unfolded, term.children))) if term.children else term


@pytest.mark.parametrize("name", TRUE_INTEGRALS)
def test_the_values_of_the_integrals_are_those_of_a_quadrature(name: str) -> None:
    domains, body, low, high, value = TRUE_INTEGRALS[name]
    f = sp.lambdify(sp.Symbol("x"), number(body), "mpmath")
    ends = [{FAR: mp.inf, BACK: -mp.inf}.get(e) or mp.mpf(sp.N(number(e))) for e in (low, high)]
    assert mp.almosteq(mp.quad(f, ends), sp.N(number(value)), 1e-8, 1e-8)
    found = find_integral(Kernel(), where(domains), body, x, low, high)
    assert found is not None and abs(sp.N(number(found[0])) - sp.N(number(value))) < 1e-9


@pytest.mark.parametrize("name", TRUE_LIMITS)
def test_a_value_is_found_for_every_limit(name: str) -> None:
    term, value = TRUE_LIMITS[name]
    found = find_limit(Kernel(), where(LIMITS), term, x)
    assert found is not None
    if not any(v in repr(term) for v in ("sum", "vec", "tanh")):
        with mp.workdps(60):
            near = sp.lambdify(sp.Symbol("x"), number(term), "mpmath")(mp.mpf(10) ** -5)
        assert abs(near - sp.N(number(value))) < 1e-3
        assert abs(sp.N(number(found)) - sp.N(number(value))) < 1e-12


def test_a_limit_in_parts_that_has_no_value_is_not_found() -> None:
    assert find_limit(Kernel(), where(LIMITS), far - far**TWO, x) is None
    assert find_integral(Kernel(), where(UNIT), ONE / x, x, ZERO, ONE) is None
    assert find_integral(Kernel(), where("x: Positive"), ONE / x, x, ONE, FAR) is None


def test_a_proposal_is_a_value_or_nothing() -> None:
    scope = where(HALF_LINE)
    assert worth(scope, x * log(a * x), x) == ZERO
    assert worth(scope, rate(a), x, ZERO, FAR) == ONE
    assert worth(scope, ONE / x, x) is None and worth(scope, ONE / x, x, ZERO, FAR) is None


def test_a_limit_is_taken_in_a_positive_variable_only() -> None:
    with pytest.raises(NotFound, match="positive"):
        tends_proof(Kernel(), where("x: Real"), T("tends", x, x, ZERO, ZERO))
