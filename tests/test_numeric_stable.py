"""Stabilising rewrites know no result: each is an equality of the language, found in any formula, and pays."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, Term, num, subterms, var
from numeric.emit import Formula, emit_source, lambdify
from numeric.program import unfolded
from numeric.stable import REWRITES, justification, stable

N = var("n")
SCOPE = Scope((
    ("n", Domain("Size")), ("z", Domain("Real", (N,))), ("u", Domain("Real", (N,))), ("p", Domain("Simplex", (N,))),
    ("q", Domain("Simplex", (N,))), ("x", Domain("Real")), ("a", Domain("UnitInterval")), ("b", Domain("UnitInterval")),
    ("y", Domain("UnitInterval", (N,))), ("k", Domain("Index", (N,))),
))  # fmt: skip
X, A, B = var("x"), var("a"), var("b")


def at(name: str, i: int | str = 0) -> Term:
    return Term("at", var(name), Term("bound", i) if isinstance(i, int) else var(i))


def total(body: Term) -> Term:
    return Term("sum", N, body)


def log(t: Term) -> Term:
    return Term("log", t)


def exp(t: Term) -> Term:
    return Term("exp", t)


def soft(i: Term, name: str = "z") -> Term:
    return Term("app", "softmax", var(name), i)


SIGMOID = Term("app", "sigmoid", X)
K = var("k")
#: a formula, the parameters, an input where the naive form fails, the true value, the rows that must be used
CASES = [
    (log(total(exp(at("z")))), "z", [[1e4, 1e4]], 1e4 + math.log(2), {"logsumexp_shifted"}),
    (exp(at("z", "k")) / total(exp(at("z"))), "z", [[1e4, 1e4]], [0.5, 0.5], {"softmax_shifted"}),
    (log(soft(K)), "z", [[0.0, -1e4]], [0.0, -1e4], {"log_softmax_shifted"}),
    (log(exp(at("z", "k")) / total(exp(at("u")))), "zu", [[1e4], [1e4]], [0.0], {"log_of_exponential_product"}),
    (log(ONE - A), "a", [1e-20], -1e-20, {"log1p_of_sum"}),
    (log(ONE + A), "a", [1e-20], 1e-20, {"log1p_of_sum"}),
    (log(ONE + exp(X)), "x", [1e4], 1e4, {"softplus_split"}),
    (log(ONE + exp(X)), "x", [-50.0], math.exp(-50), {"softplus_split"}),
    (ONE / (ONE + exp(-X)), "x", [-1e4], 0.0, {"sigmoid_split"}),
    (exp(X) / (ONE + exp(X)), "x", [1e4], 1.0, {"sigmoid_ratio"}),
    (ONE - SIGMOID, "x", [50.0], math.exp(-50), {"sigmoid_complement"}),
    (log(SIGMOID), "x", [-1e4], -1e4, {"log_sigmoid"}),
    (-(A * log(SIGMOID)) - (ONE - A) * log(ONE - SIGMOID), "ax", [1.0, -1e4], 1e4, {"log_sigmoid", "sigmoid_complement"}),
    (exp(X) - 1, "x", [1e-20], 1e-20, {"exp_minus_one"}),
    (1 - exp(X), "x", [1e-20], -1e-20, {"exp_minus_one"}),
    (ONE / exp(X), "x", [-800.0 + 100], math.exp(700), {"reciprocal_of_exp"}),
    (log(A / B), "ab", [1e-310, 1.0], math.log(1e-310), {"log_of_quotient"}),
    (Term("xlog", ONE, ONE, A), "a", [0.0], math.inf, {"logarithm_of_reciprocal"}),
    (log(Term("prod", N, at("y"))), "y", [[0.5] * 2000], -2000 * math.log(2), {"log_of_product"}),
    (log(Term("prod", N, Term("pow", at("y"), at("y")) * Term("pow", ONE - at("y"), ONE - at("y")))), "y", [[0.5] * 2000],
     -2000 * math.log(2), {"log_of_product", "log_of_power"}),
    (Term("xlog", A, A, B) - A + B, "ab", [0.5, 0.5 + 1e-9], (1e-9 - 8.274e-17) ** 2, {"bregman_term"}),
    (B + X - A + Term("xlog", A, A, B), "abx", [0.25, 0.25, 3.0], 3.0, {"bregman_term"}),
    (Term("xlog", ONE - A, ONE - A, ONE - B) + A - B, "ab", [0.25, 0.25], 0.0, {"bregman_term"}),
    (-total(Term("xlog", at("p"), soft(Term("bound", 0)), ONE)), "pz", [[0.0, 1.0], [-1e4, 0.0]], 0.0, {"weighted_logarithm"}),
    (-total(at("p") * log(soft(Term("bound", 0)))), "pz", [[0.0, 1.0], [-1.7e308, 1.7e308]], 0.0, {"weight_of_logarithm"}),
]  # fmt: skip


@pytest.mark.parametrize("k", range(len(CASES)))
def test_a_naive_formula_is_evaluated_well(k: int) -> None:
    term, names, given, want, rows = CASES[k]
    rewritten, used = stable(unfolded(term, SCOPE), SCOPE)
    assert rows <= set(used)
    assert stable(rewritten, SCOPE) == (rewritten, ())
    function = lambdify(Formula(term, SCOPE), parameters=tuple(names))
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        np.testing.assert_allclose(function(*map(np.array, given)), want, rtol=1e-6 if rows == {"bregman_term"} else 4e-15)


def test_every_row_is_used_and_is_told_in_the_source() -> None:
    used = {name for case in CASES for name in stable(unfolded(case[0], SCOPE), SCOPE)[1]}
    rows = {name for table in REWRITES.values() for name in table}
    assert rows == used
    assert stable(log(exp(X)), SCOPE) == (X, ("log_of_exp",))
    source = emit_source(Formula(CASES[0][0], SCOPE), name="f")
    assert "logsumexp_shifted: " + justification("logsumexp_shifted")[:40] in source
    assert all(len(justification(name)) > 20 for name in rows)


def test_a_rewrite_needs_its_condition() -> None:
    """Logarithms of products are split only where every factor is plainly nonnegative; (−a)(−b) is not."""
    for term in (log(X * at("z", "k")), log(X / at("z", "k")), log(Term("pow", X, num(3))), log(Term("prod", N, at("z")))):
        assert stable(term, SCOPE) == (term, ())
    other = exp(at("z", "k")) / total(exp(at("u")))  # not a softmax: another vector below
    assert not any(s.op == "app" for s in subterms(stable(other, SCOPE)[0]))
    unlike = Term("xlog", A, A, B) - A + X  # not a Bregman term
    assert "bregman_term" not in stable(unlike, SCOPE)[1]


def test_softmax_of_any_entries_under_any_binders() -> None:
    """exp(z_i u_j)/Σ_l exp(z_l u_j) under Σ_j, i free: the rewrite sees through nested binders."""
    inner = exp(at("z", "k") * at("u", 0)) / total(exp(at("z", 0) * at("u", 1)))
    term = total(inner * at("p", 0))
    _, used = stable(term, SCOPE)
    assert used == ("softmax_shifted",)
    rng = np.random.default_rng(0)
    z, u, p = rng.normal(size=(3, 6))
    e = np.exp(z[:, None] * u[None, :])
    want = (e / e.sum(0) * p).sum(1)
    np.testing.assert_allclose(lambdify(Formula(term, SCOPE), parameters=("z", "u", "p"))(z, u, p), want, rtol=1e-14)
    assert np.isfinite(lambdify(Formula(term, SCOPE), parameters=("z", "u", "p"))(1e3 * z, u, p)).all()
