"""The reader: what textbook LaTeX means here, what is refused, and where."""

import contextlib
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import catalogue_theorems, theorem

from derivations._kernel.algebra import Algebra
from derivations._kernel.check import Claim
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import Term, num, opened, var
from derivations._kernel.tree import Node
from derivations._reader import ReadError, Untranslatable, read, translate
from derivations._render.formula import latex
from derivations._render.traverse import Names

CLAIMS = [
    json.loads(line) for f in sorted((Path(__file__).parent / "claims").glob("*.jsonl")) for line in f.read_text().splitlines()
]
WHERE = (
    "p, q: Simplex[n]; z: Real[K]; x, a, b: Real; s: Positive; y: Bit; c: Label[K]; u: Probability; r: Simplex[n, m]; "
    "t: OneHot[K]; \\hat{y}: Probability; \\lambda: Positive; g: Real[3]"
)


def tree(latex, where=WHERE):
    """The raw tree without places, as nested tuples; a number stands for itself and a name for its text."""

    def plain(node):
        if not isinstance(node, Node):
            return node
        if node.kind == "number":
            return node.args[0] if node.args[0].denominator > 1 else int(node.args[0])
        if node.kind in ("name", "index"):
            return node.args[0]
        return (node.kind, *(plain(a) for a in node.args))

    return plain(read(latex, where).tree)


def side(latex, where=WHERE):
    """The tree of an expression, read as the left side of an equation."""
    return tree(f"{latex} = 0", where)[2]


def entry(v, *i):
    return ("entry", v, *i)


def total(i, n, body):
    return ("sum", i, 1, n, body)


SAME_READING = [
    # many ways of writing one thing
    ("-\\sum_{i=1}^{n} p_i \\log p_i", "-\\sum_i p_{i}\\ln p_i", "- \\sum\\limits_{1 \\le i \\le n} p_i \\cdot \\log(p_i)",
     "-\\sum^{n}_{i=1} \\left[ p_i \\, \\log \\left( p_i \\right) \\right]", "-\\sum_j p_j \\log p_j",
     "-\\displaystyle\\sum_{\\ell=1}^n \\mathbf{p}_\\ell \\log\\bigl(p_\\ell\\bigr)"),
    ("\\frac{1}{2} x", "\\frac12 x", "\\tfrac{1}2x", "\\dfrac1{2} \\cdot x", "(1/2) x"),
    ("\\operatorname{softmax}(z)_k", "\\mathrm{softmax}(z)_{k}", "\\operatorname{softmax}_k(z)", "[\\text{softmax}(z)]_k"),
    ("D(p \\| q)", "D(p \\Vert q)", "D(p || q)", "D(p \\parallel q)", "D\\left(p \\,\\middle\\|\\, q\\right)",
     "D_\\text{KL}(p \\| q)", "D_{\\mathrm{KL}}(p \\| q)",
     "D_{KL}(p \\,\\|\\, q)", "\\operatorname{KL}(p, q)", "\\mathrm{KL}[p \\| q]"),
    ("\\sum_{i=1}^n \\sum_{j=1}^m r_{ij}", "\\sum_{i,j} r_{i,j}", "\\sum_{i} \\sum_j r_{i j}"),
    ("\\sum_{j \\ne c} z_j", "\\sum_{j=1, j \\neq c}^{K} z_j", "\\sum_{\\substack{j=1 \\\\ j \\ne c}}^{K} z_j"),
    ("e^{x}", "\\exp(x)", "\\exp\\left\\{x\\right\\}", "\\mathrm{e}^x", "\\exp x"),
    ("|x - a|", "\\left| x - a \\right|", "\\lvert x - a \\rvert", "\\bigl| x - a \\bigr|"),
    ("\\hat{y}", "\\hat y", "\\widehat{y}", "\\hat{\\mathbf{y}}"),
    ("\\frac{\\partial}{\\partial x}\\left(x^2\\right)", "\\frac{d}{dx} x^2", "\\frac{d x^2}{d x}", "\\partial_x (x^2)",
     "\\frac{\\mathrm{d}}{\\mathrm{d}x}\\left[x^2\\right]"),
    ("\\max_k z_k", "\\max_{k} z_k", "\\max_{1 \\leq k \\leq K} z_k", "\\max_{k=1}^{K} (z_k)"),
    ("\\sigma(x)", "\\sigma\\left(x\\right)", "\\operatorname{sigmoid}(x)"),
    ("\\log(x) + \\sum_i p_i", "\\log{\\left(x \\right)} + \\sum_{i=1}^{n} {p}_{i}", "\\log{x} + \\sum_i{p_i}"),
    ("\\delta_{kc} z_k", "\\delta_{k,c} z_k", "\\mathbb{1}[k = c] z_k", "\\mathbf{1}_{\\{k = c\\}} z_k"),
]  # fmt: skip


@pytest.mark.parametrize("ways", SAME_READING, ids=lambda w: w[0])
def test_ways_of_writing_one_thing(ways):
    goals = {repr(translate(read(f"{w} = 0", WHERE))[1]) for w in ways}
    assert len(goals) == 1


TREES = [
    ("2 \\pi e", ("mul", 2, ("pi",), ("euler",))),
    ("-x^2", ("neg", ("pow", "x", 2))),
    ("a - b - x", ("add", "a", ("neg", "b"), ("neg", "x"))),
    ("a/b", ("div", "a", "b")),
    ("a b/x", ("div", ("mul", "a", "b"), "x")),
    ("x(1-x)", ("mul", "x", ("add", 1, ("neg", "x")))),
    ("\\sqrt{x}", ("sqrt", "x")),
    ("\\log_2 x", ("logb", "x", 2)),
    ("\\log_{10}(x)", ("logb", "x", 10)),
    ("0.25", Fraction(1, 4)),
    ("n!", ("factorial", "n")),
    ("\\binom{n}{2}", ("binom", "n", 2)),
    ("\\max\\{x, 0\\}", ("max", "x", 0)),
    ("\\min(x, a, b)", ("min", "x", "a", "b")),
    ("H(p, q)", ("call", "CE", "p", "q")),
    ("H(u p + (1-u) q)", ("call", "H", ("add", ("mul", "u", "p"), ("mul", ("add", 1, ("neg", "u")), "q")))),
    ("\\operatorname{softmax}(z/s)_c", entry(("call", "softmax", ("div", "z", "s")), "c")),
    ("\\log \\sum_k e^{z_k}", ("log", total("k", "K", ("exp", entry("z", "k"))))),
    ("\\sum_{i=2}^{n-1} p_i", ("sum", "i", 2, ("add", "n", ("neg", 1)), entry("p", "i"))),
    ("\\sum_{k=0}^{n} \\binom{n}{k}", ("sum", "k", 0, "n", ("binom", "n", "k"))),
    ("\\frac{\\partial^2}{\\partial z_k \\, \\partial z_l}(x z_c)",
     ("deriv", ("mul", "x", entry("z", "c")), entry("z", "k"), entry("z", "l"))),
    ("\\frac{\\partial^2 x}{\\partial x^2}", ("deriv", "x", "x", "x")),
    ("\\int_0^{\\infty} e^{-w} \\, dw", ("integral", "w", 0, ("infinity",), ("exp", ("neg", "w")))),
    ("\\int_0^1 \\frac{dw}{1+w}", ("integral", "w", 0, 1, ("div", 1, ("add", 1, "w")))),
    ("\\int_0^1 \\int_0^2 v w \\, dv \\, dw", ("integral", "w", 0, 1, ("integral", "v", 0, 2, ("mul", "v", "w")))),
    ("\\lim_{w \\to 0^+} w \\log w", ("limit", "w", 0, "+", ("mul", "w", ("log", "w")))),
    ("\\lim_{w \\uparrow 1} w", ("limit", "w", 1, "-", "w")),
    ("\\lim_{w \\to -\\infty} w", ("limit", "w", ("neg", ("infinity",)), "", "w")),
    ("\\begin{cases} x, & y = 1, \\\\ a & \\text{otherwise} \\end{cases}", ("cases", "x", ("chain", ("=",), "y", 1), "a")),
    ("\\begin{cases} x & \\text{if } x \\ge 0 \\\\ -x & \\text{if } x < 0 \\end{cases}",
     ("cases", "x", ("chain", (">=",), "x", 0), ("neg", "x"), ("chain", ("<",), "x", 0))),
    ("||x| - 1|", ("abs", ("add", ("abs", "x"), ("neg", 1)))),
    ("r_{12}", entry("r", 1, 2)),
    ("p_n", entry("p", "n")),
    ("\\frac{x^2}{\\frac{a}{b}}", ("div", ("pow", "x", 2), ("div", "a", "b"))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"), [t for t in TREES if t[0] != "r_{12}"], ids=lambda t: t if isinstance(t, str) else ""
)
def test_what_is_read(written, meant):
    assert side(written) == meant


def test_two_digits_are_two_indices_of_an_array_only():
    assert side("r_{12}", "r: Simplex[3, 3]") == entry("r", 1, 2)
    assert side("p_{12}", "p: Simplex[20]") == entry("p", 12)


CONVENTIONS = [
    # (written, meant, a word of the convention); without a convention the third is empty
    ("\\sum_k z_k + 1", ("add", total("k", "K", entry("z", "k")), 1), "ends before"),
    ("\\sum_k z_k x", total("k", "K", ("mul", entry("z", "k"), "x")), ""),
    ("\\sum_k -z_k x", total("k", "K", ("neg", ("mul", entry("z", "k"), "x"))), "own sign"),
    ("\\prod_k -z_k", ("prod", "k", 1, "K", ("neg", entry("z", "k"))), "own sign"),
    ("\\max_k -z_k", ("largest", "k", 1, "K", ("neg", entry("z", "k"))), "own sign"),
    ("\\lim_{w \\to 0^+} -w \\log w", ("limit", "w", 0, "+", ("neg", ("mul", "w", ("log", "w")))), "own sign"),
    ("\\lim_{w \\to 0^+} w + x", ("add", ("limit", "w", 0, "+", "w"), "x"), "ends before"),
    ("x \\sum_k -z_k - a", ("add", ("mul", "x", total("k", "K", ("neg", entry("z", "k")))), ("neg", "a")), "ends before"),
    ("p_i 2^{-x}", ("mul", entry("p", "i"), ("pow", 2, ("neg", "x"))), ""),
    ("a x^3 2^{x}", ("mul", "a", ("pow", "x", 3), ("pow", 2, "x")), ""),
    ("\\prod_k z_k x", ("prod", "k", 1, "K", ("mul", entry("z", "k"), "x")), "runs to"),
    ("\\log a b", ("mul", ("log", "a"), "b"), "one factor"),
    ("\\log a / b", ("div", ("log", "a"), "b"), "one factor"),
    ("\\log(a) b", ("mul", ("log", "a"), "b"), ""),
    ("\\log(a)(b)", ("mul", ("log", "a"), "b"), "own bracket"),
    ("\\log s^2", ("log", ("pow", "s", 2)), "of the power"),
    ("\\log(s)^2", ("pow", ("log", "s"), 2), "(f(x))^y"),
    ("\\sigma(x)^2", ("pow", ("call", "sigmoid", "x"), 2), "(f(x))^y"),
    ("\\left(\\log s\\right)^2", ("pow", ("log", "s"), 2), ""),
    ("\\log e^{x}", ("log", ("exp", "x")), ""),
    ("\\log \\frac{a}{b}", ("log", ("div", "a", "b")), ""),
    ("\\frac{d}{dx}(x)^2", ("deriv", ("pow", "x", 2), "x"), "the power"),
    ("\\frac{d}{dx} x \\log x", ("deriv", ("mul", "x", ("log", "x")), "x"), "whole product"),
    ("\\frac{d}{dx}(x^2) a", ("mul", ("deriv", ("pow", "x", 2), "x"), "a"), ""),
    ("a/b \\cdot x", ("mul", ("div", "a", "b"), "x"), "(a/b)"),
    ("\\log \\sum_k z_k x", ("log", total("k", "K", ("mul", entry("z", "k"), "x"))), "the whole of"),
    ("\\sum_k z_k z_c - z_k", ("add", total("k", "K", ("mul", entry("z", "k"), entry("z", "c"))), ("neg", entry("z", "k"))),
     "elsewhere it is free"),
    ("\\sum_k z_k \\sum_k z_k", total("k", "K", ("mul", entry("z", "k"), total("k", "K", entry("z", "k")))), "hides"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant", "word"), CONVENTIONS, ids=[c[0] for c in CONVENTIONS])
def test_conventions_decide_are_recorded_and_are_refused_when_strict(written, meant, word):
    assert side(written) == meant
    conventions = read(f"{written} = 0", WHERE).conventions
    assert any(word in c for c in conventions) if word else conventions == ()
    if word:
        with pytest.raises(ReadError, match="only a convention"):
            read(f"{written} = 0", WHERE, strict=True)
    else:
        assert read(f"{written} = 0", WHERE, strict=True).conventions == ()


def test_a_divergence_of_something_else_than_distributions_is_a_convention():
    assert read("D(v \\| w) \\ge 0", "v, w: Positive[n]").conventions
    assert not read("D(v \\| w) \\ge 0", "v, w: Simplex[n]").conventions


def test_a_limit_at_the_end_of_a_domain_is_taken_from_inside():
    assert read("\\lim_{s \\to 0} s = 0", "s: Positive").tree.args[1].args[2] == "+"
    assert read("\\lim_{s \\to 0} s = 0", "s: Real").tree.args[1].args[2] == ""


REFUSED = [
    # (written, the part under the carets, a word of the message or the fix)
    ("w + x = 0", "w", "w: Real"),
    ("f(x) = 0", "f", "no function"),
    ("exp(x) = 1", "exp", "\\exp"),
    ("KL(p \\| q) \\ge 0", "KL", "\\operatorname{KL}"),
    ("x' = 0", "x'", "derivative"),
    ("p_{i+1} = 0", "+", "rename"),
    ("x/2a = 0", "a", "\\frac"),
    ("1/2 \\log x = 0", "\\log", "\\frac"),
    ("a/b/x = 0", "/", "row"),
    ("x \\cdot -1 = 0", "-", "brackets"),
    ("a - -b = 0", "-", "side by side"),
    ("x^10 = 0", "10", "x^{10}"),
    ("x^{(i)} = 0", "{", "index"),
    ("\\log^2 x = 0", "^", "\\left("),
    ("\\sigma^2(x) = 0", "^", "\\left("),
    ("\\tanh 2x = 0", "\\tanh 2", "\\tanh\\left("),
    ("\\frac{d}{dx} x + 1 = 0", "+", "\\left("),
    ("\\frac{d}{dx}(x) x = 0", "x", "brackets"),
    ("\\max_k z_k x = 0", "x", "brackets"),
    ("\\sum_i^n p_i = 0", "\\sum_i^n", "i=1"),
    ("\\sum_k x = 0", "\\sum_k x", "\\sum_{k=1}^{n}"),
    ("\\sum_{i=1}^{m} p_i = 0", "i", "n entries"),
    ("\\sum_{i=0}^{n} p_i = 0", "i", "n entries"),
    ("\\sum_{x} p_x = 0", "\\sum_{x} p_x", "rename"),
    ("p_i z_i = 0", "i", "entries"),
    ("p_x = 0", "x", "no index"),
    ("p_2 = 0", "2", "every size"),
    ("x_1 = 0", "x_1", "number"),
    ("p_{ij} = 0", "p_{ij}", "one index"),
    ("r_i = 0", "r_i", "two indices"),
    ("p = x", "p = x", "vector"),
    ("p \\ne q", "p \\ne q", "by ="),
    ("p(x) = 0", "p", "vector"),
    ("p q = 0", "p q", "\\sum"),
    ("p + z = 0", "p + z", "entries"),
    ("\\operatorname{softmax}(z_k) = 0", "z_k", "vector"),
    ("\\sigma(z)_k = 0", "z", "number"),
    ("H(u) = 0", "u", "vector"),
    ("D(p, q) = 0", ",", "D(p \\| q)"),
    ("D(p | q) = 0", "|", "D(p \\| q)"),
    ("D(p) = 0", "D(p)", "two arguments"),
    ("\\operatorname{Bernoulli}(x; u) = 0", "x", "Bit"),
    ("\\|p - q\\| = 0", "\\|", "norm"),
    ("\\mathbb{E}[x] = 0", "\\mathbb{E}", "sum"),
    ("a \\pm b = 0", "\\pm", "two claims"),
    ("\\lg x = 0", "\\lg", "\\ln"),
    ("a \\approx b", "\\approx", "exact"),
    ("x = 0 \\text{ for all } x", "\\text{ for all }", "free index"),
    ("x", "", "relation"),
    ("(x = 0", "=", ""),
    ("(x] = 0", "]", "match"),
    ("\\left(x) = 0", ")", "match"),
    ("|x = 0", "|", "closed"),
    ("x = {a + b}", "+", "round"),
    ("{\\sum_k z_k} x = 0", "{\\sum_k z_k}", "round"),
    ("x = a \\quad c = 1", "\\quad", "apart"),
    ("\\sum_{i \\ne j} p_i p_j = 0", "\\sum_{i \\ne j} p_i p_j", "Label"),
    ("\\frac{1}{2 = 0", "=", ""),
    ("\\foo = 0", "\\foo", ""),
    ("x ≤ 0", "≤", "\\le"),
    ("x \x00 = 0", "\x00", "U+0000"),
    ("1e5 x = 0", "1e5", "10^"),
    ("x > 2e-1", "2e-1", "spaces"),
    ("n!=1", "!=", "\\ne"),
    ("\\mathcal{L}_{\\text{CE}} = x \\log a", "\\mathcal{L}_{\\text{CE}}", "leave it out"),
    ("x = \\mathcal{L}_{\\text{CE}}", "\\mathcal{L}_{\\text{CE}}", "L_CE: Real"),
    ("0 = v_{ij}", "v_{ij}", "v: Real[n, m]"),
    ("0 = v_1", "v_1", "v_1: Real"),
    ("x_1 = 0", "x_1", "x: Real[n], or x_1: Real"),
    ("x_{\\mathrm{max}} = 0", "x_{\\mathrm{max}}", "x_max: Real"),
    ("L(y, x) = 0", "L", "write out"),
    ("\\operatorname{TV}(p, q) = 0", "\\operatorname{TV}", "|p_i - q_i|"),
    ("\\operatorname{ReLU}(x) = 0", "\\operatorname{ReLU}", "\\max(x, 0)"),
    ("I(x > 0) = 0", "I", "\\mathbb{1}"),
    ("D_\\alpha(p \\| q) = 0", "D_\\alpha", "no function"),
    ("H_2(p) = 0", "H_2", "no function"),
    ("\\sigma_k(z) = 0", "\\sigma_k", "softmax"),
    ("a(x) = 0", "a(x)", "\\cdot"),
    ("a(z_k) = 0", "a(z_k)", "\\cdot"),
    ("a(2) = 0", "a(2)", "\\cdot"),
    ("z_k(x) = 0", "z_k(x)", "\\cdot"),
    ("\\sum_e e p_e = 1", "\\sum_e e p_e", "rename"),
    ("\\operatorname{argmax}_k z_k = 0", "\\operatorname{argmax}_k", "\\max"),
    ("\\lim_{n \\to \\infty} \\frac{1}{n} = 0", "\\lim_{n \\to \\infty} \\frac{1}{n}", "leave it out"),
    ("\\exp{-x} = 0", "{", "\\exp(-x)"),
    ("H(X) = 0", "X", "X: Simplex[n]"),
    ("[x = a] = 0", "=", "\\mathbb{1}"),
    ("2 \\frac{1}{2} = 1", "\\frac", "\\cdot"),
    ("\\hat{y_i} = 1", "\\hat{y_i}", "\\hat{y}_i"),
    ("2 3 = 6", "3", "number first"),
    ("x 2 = 6", "2", "number first"),
    ("3 2^x = 6", "2", "number first"),
    ("\\frac12 2^x = 6", "2", "number first"),
    ("x \\cdot 3 2^x = 6", "2", "number first"),
    ("\\sum_k + z_k = 0", "+", "\\sum_k \\left("),
    ("\\sum_k --z_k = 0", "-", "side by side"),
    ("\\lim_{w \\to 0^+} +w = 0", "+", "\\lim_{w \\to 0^+}\\left("),
    ("\\lim_{w = 0} w = 0", "=", "\\lim_{w \\to 0^+}"),
    ("\\lim w = 0", "w", "\\lim_{w \\to 0^+}"),
    ("\\lim_w w = 0", "w", "\\lim_{w \\to 0^+}"),
    ("w \\to 0", "\\to", "\\lim_{w \\to 0}"),
    ("1,000 = 0", "1,000", "without commas"),
    ("x, a = 0", ",", "one claim"),
    ("\\int_0^1 x = 0", "=", "differential"),
    ("\\int x \\, dx = 0", "\\int", "limits"),
    ("\\int_0^x x \\, dx = 0", "\\int_0^x x \\, dx", "outside"),
    ("\\lim_{x \\to 0} (x) + x = 0", "\\lim_{x \\to 0} (x)", "outside"),
    ("\\frac{\\partial}{\\partial y}(y) = 0", "y", "Bit"),
    ("x^{2000} = 0", "2000", "1000"),
    ("\\left. x \\right|_{x=0} = 0", "\\left.", "not shown"),
    ("\\begin{cases} x \\end{cases} = 0", None, None),
    ("\\begin{matrix} x \\end{matrix} = 0", "\\begin{matrix}", "cases"),
    ("x^T x = 0", None, None),
    ("\\nabla x = 0", "\\nabla", "\\partial"),
    ("1 = " + "9" * 60, "9" * 60, "digits"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "place", "word"), REFUSED, ids=[r[0][:40] for r in REFUSED])
def test_what_is_not_certain_is_refused_at_its_place(written, place, word):
    with pytest.raises(ReadError) as caught:
        read(written, WHERE)
    error = caught.value
    if place is not None:
        assert written[slice(*error.span)] == place
    assert (word or "") in f"{error.what} {error.fix}"
    shown = error.show()
    lines = shown.splitlines()
    assert error.what in shown and "^" in lines[2]
    if place and place.isprintable():
        assert lines[1][lines[2].index("^") :].startswith(place[:20])


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("H(x + 1) = 0", "H: Real; x: Real"),
        ("e x = 0", "e: Real; x: Real"),
        ("\\pi x = 0", "pi: Real; x: Real"),
        ("\\sigma(x) = 0", "sigma: Positive; x: Real"),
        ("\\hat{y} = 0", "y_hat: Real; yhat: Real"),
        ("x_1 = 0", "x: Real[3]; x_1: Real"),
        ("\\frac{d}{dx} x = 1", "d: Real; x: Real"),
        ("\\operatorname{ReLU}(x - 1) = 0", "ReLU: Real; x: Real"),
    ],
)
def test_a_name_with_two_meanings_is_refused(written, where):
    with pytest.raises(ReadError):
        read(written, where)


def test_declared_names():
    assert side("\\hat{y} + \\lambda", "yhat, \\lambda: Real") == ("add", "yhat", "lambda")
    assert side("\\pi_k", "\\pi: Simplex[K]") == entry("pi", "k")
    assert side("x_{\\mathrm{max}} + \\mathrm{TP}", "x_max, TP: Real") == ("add", "x_max", "TP")
    assert side("p_{1,i} + p_{2,i}", "p_1, p_2: Simplex[n]") == ("add", entry("p_1", "i"), entry("p_2", "i"))
    assert side("\\sigma^2 + \\sigma", "\\sigma: Positive") == ("add", ("pow", "sigma", 2), "sigma")
    assert side("D_{\\mathrm{KL}}(p \\| q) + D", "p, q: Simplex[D]") == ("add", ("call", "D", "p", "q"), "D")
    assert side("H^2", "H: Real") == ("pow", "H", 2)
    assert side("x \\cdot d", "x, d: Real") == ("mul", "x", "d")


def test_free_indices_range_over_the_size_of_their_vector():
    reading = read("\\delta_{kl} z_k p_i = 0", WHERE)
    assert dict(reading.free) == {"k": var("K"), "l": var("K"), "i": var("n")}
    assert dict(read("g_k = 0", WHERE).free) == {"k": num(3)}
    vectors = read("\\operatorname{softmax}(z + x) = \\operatorname{softmax}(z)", WHERE)
    assert vectors.free == (("k", var("K")),)


def test_chains():
    _, goal = translate(read("a = b \\le x < s \\ne u > 0 \\ge y", WHERE))
    a, b, x, s, u, y = (var(v) for v in "abxsuy")
    zero = num(0)
    relations = [("eq", a, b), ("le", b, x), ("lt", x, s), ("ne", s, u), ("lt", zero, u), ("le", y, zero)]
    assert goal == Term("and", *(Term(*r) for r in relations))
    laid_out = "\\begin{aligned} a &= b \\\\ &\\le x \\end{aligned}"
    assert translate(read(laid_out, WHERE))[1] == Term("and", Term("eq", a, b), Term("le", b, x))
    with pytest.raises(ReadError, match="one claim"):
        read("\\begin{aligned} a &= b \\\\ b &\\le x \\end{aligned}", WHERE)


# ---- translation


def at(name, *indices):
    return Term("at", var(name), *(Term("bound", i) if isinstance(i, int) else var(i) for i in indices))


def goal(latex, where=WHERE):
    scope, term = translate(read(latex, where))
    Claim(scope, term).check()
    return term


def test_a_logarithm_that_may_be_of_zero_takes_its_weight():
    def body(where, product="p_i \\log p_i"):
        left = goal(f"\\sum_i {product} = 0", where).args[0]
        return left.args[1]

    p, q = at("p", 0), at("q", 0)
    assert body("p: Simplex[n]") == Term("xlog", p, p, num(1))
    assert body("p: OpenSimplex[n]") == Term("mul", p, Term("log", p))
    both = "p, q: Simplex[n]"
    assert body(both, "p_i \\log \\frac{p_i}{q_i}") == Term("xlog", p, p, q)
    assert body(both, "2 p_i \\log q_i") == Term("mul", num(2), Term("xlog", p, q, num(1)))
    assert body("p: Simplex[n]; q: OpenSimplex[n]", "p_i \\log q_i") == Term("mul", p, Term("log", q))
    bits = Term("mul", Term("pow", Term("log", num(2)), num(-1)), Term("xlog", p, p, num(1)))
    assert body("p: Simplex[n]", "p_i \\log_2 p_i") == bits
    two_logs = body("p: Simplex[n]", "p_i \\log p_i \\log 2")
    assert two_logs == Term("mul", p, Term("log", p), Term("log", num(2)))  # the convention is for exactly one logarithm
    with_sign = body("p: Simplex[n]; x: Real", "x p_i \\log p_i")
    assert with_sign == Term("mul", var("x"), Term("xlog", p, p, num(1)))  # x may be negative: it is no weight


def test_nothing_is_cancelled():
    assert goal("\\frac{x}{x} = 1") == Term("eq", Term("mul", var("x"), Term("pow", var("x"), num(-1))), num(1))
    assert goal("x - x = 0").args[0] == Term("add", var("x"), Term("mul", num(-1), var("x")))


def test_statements_of_the_kernel():
    x, s = var("x"), var("s")
    assert goal("D(p \\| q) = \\infty") == Term("infinite", Term("app", "D", var("p"), var("q")))
    assert goal("\\lim_{w \\to 0^+} w = 0") == Term("tends", var("w"), var("w"), num(0), num(0))
    scope, limit = translate(read("\\lim_{w \\to \\infty} \\frac{1}{w} = 0", WHERE))
    assert limit.op == "tends" and str(scope.domain("w")) == "Positive"
    two_sides = goal("\\lim_{w \\to 1} w = 1")
    assert [t.args[0] for t in two_sides.args] == [num(1) + var("w"), num(1) - var("w")]
    integral = goal("2 \\int_0^1 w \\, dw + x = 1")
    value, relation = integral.args  # the integral has a value, and the relation holds with it
    assert (integral.op, value.op, value.args[:4]) == ("and", "integrates", (var("w"), var("w"), num(0), num(1)))
    assert relation == Term("eq", Term("add", Term("mul", num(2), value.args[4]), x), num(1))
    cases = goal("\\begin{cases} x & y = 1 \\\\ s & y = 0 \\end{cases} = 1").args[0]
    assert cases == Term("case", var("y"), num(1), x, s)
    branches = goal("|x| = \\begin{cases} x & x \\ge 0 \\\\ -x & x < 0 \\end{cases}")
    assert [b.op for b in branches.args] == ["imp", "imp"]
    without = goal("\\sum_{j \\ne c} z_j = 0").args[0]
    left_out = Term("delta", Term("bound", 0), var("c")), num(1)
    assert without == Term("sum", var("K"), Term("case", *left_out, num(0), at("z", 0)))
    assert goal("\\sum_{k=2}^{3} g_k = 0").args[0] == Term("add", *(Term("at", var("g"), num(k)) for k in (2, 3)))
    softmax = goal("\\operatorname{softmax}(z/s)_c = 0").args[0]
    assert softmax == Term("app", "softmax", Term("vec", var("K"), at("z", 0) / s), var("c"))


@pytest.mark.parametrize(
    "written",
    ["\\sum_{i=2}^{n} p_i = 0", "\\sum_{k=1}^{n} k = 0", "n! = 0", "p_1 = 0", "p_n = 0", "\\int_0^1 w \\, dw \\ge 0",
     "\\lim_{w \\to 0} w \\ge 0", "\\infty = \\infty", "\\begin{cases} x & y = 1 \\\\ a & y = 2 \\end{cases} = 0",
     "\\delta_{k1} z_k = 0", "x \\lim_{w \\to 0} w = 0"],
)  # fmt: skip
def test_what_the_kernel_cannot_state_is_read_all_the_same(written):
    reading = read(written, WHERE)
    with pytest.raises(Untranslatable):
        translate(reading)


def test_the_reading_says_what_was_understood():
    said = read(
        "-\\sum_i p_i \\log p_i = \\frac{\\partial}{\\partial z_k}\\left(x z_k\\right)", "p: Simplex[n]; z: Real[K]; x: Real"
    )
    assert (
        said.read_as == "for p: Simplex[n]; z: Real[K]; x: Real; every k = 1, …, K:  −Σ_{i=1..n} (p_i·ln(p_i)) = ∂/∂z_k (x·z_k)"
    )
    assert read("a \\le b \\cdot 0.125", "a, b: Real").read_as == "for a, b: Real:  a ≤ b·0.125"


def test_names_of_indices_are_of_no_account():
    one = translate(read("\\sum_i p_i \\sum_j z_j = 1", WHERE))[1]
    assert one == translate(read("\\sum_{a'} p_{a'} \\sum_l z_l = 1", WHERE))[1]


# ---- claims of others, and our own


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c["id"])
def test_the_development_claims_are_read(claim):
    reading = read(claim["latex"], claim["where"])
    assert reading.read_as
    with contextlib.suppress(Untranslatable):
        Claim(*translate(reading)).check()


def test_nearly_all_development_claims_can_be_stated():
    missing = []
    for claim in CLAIMS:
        try:
            translate(read(claim["latex"], claim["where"]))
        except Untranslatable as error:
            missing.append((claim["id"], error.why))
    assert len(missing) * 20 <= len(CLAIMS), missing


@pytest.mark.parametrize("around", ["${}$", "$${}$$", "\\[ {} \\]", "\\({}\\)", "  {} .", "$ {}, $"])
def test_signs_of_mathematics_around_a_formula_are_of_no_account(around):
    assert tree(around.format("x^2 = a")) == tree("x^2 = a")
    with pytest.raises(ReadError) as caught:
        read(around.format("x^2 = w"), WHERE)
    assert around.format("x^2 = w")[slice(*caught.value.span)] == "w"


@pytest.mark.parametrize("beside", ["\\label{eq:a}", "\\tag{2.1}", "\\tag*{(A)} \\label{eq:a}", "\\nonumber"])
def test_what_stands_in_the_margin_is_of_no_account(beside):
    assert tree(f"x = a {beside}") == tree("x = a")


def leaves(statement, scope):
    """The relations a statement is made of, each in its scope; an equality case is one of its own."""
    op, args = statement.op, statement.args
    if op == "le" and len(args) == 3:
        return [(Term("le", *args[:2]), scope), *leaves(args[2], scope)]
    if op in ("imp", "iff", "and"):
        return [leaf for a in args for leaf in leaves(a, scope)]
    if op == "all":
        letter = Names([statement], scope).letter(args[0])
        inner = scope.declaring(letter, Domain("Index", (args[0],)))
        return leaves(opened(args[1], var(letter)), inner)
    return [(statement, scope)]


def printed_back(statement, scope):
    """Whether the printed statement reads back to itself under the hypotheses, up to the laws of rings."""
    domains = "; ".join(f"{name}: {domain}" for name, domain in scope.domains)
    reading = read(latex(statement, Names([statement], scope)), domains)
    again = translate(replace(reading, scope=reading.scope.assuming(*scope.hypotheses)))[1]
    algebra = Algebra()
    if again.op != statement.op or len(again.args) != len(statement.args):
        return False
    return all(algebra.equal(a, b) for a, b in zip(again.args, statement.args, strict=True))


@pytest.mark.parametrize(("result", "name"), catalogue_theorems())
def test_every_printed_statement_reads_back(result, name):
    judged = theorem(result, name)[1]
    scope, alone = judged.scope, Scope(judged.scope.domains)
    for statement, given_here in ((judged.goal, scope), *((h, alone) for h in scope.hypotheses)):
        for leaf, inner in leaves(statement, given_here):
            assert printed_back(leaf, inner), latex(leaf)


def test_printed_back_can_fail():
    scope = Scope(tuple((n, d) for n, d in read("x = 0", "x: Real; s: Positive").scope.domains))
    assert printed_back(Term("eq", var("x"), var("s") + num(1)), scope)
    other = read("x = s - 1", "x: Real; s: Positive")
    assert translate(other)[1] != Term("eq", var("x"), var("s") + num(1))


# ---- hostile input


def harmless(text, where=WHERE):
    try:
        translate(read(text, where))
    except ReadError as error:
        assert error.show()
    except Untranslatable:
        pass


@pytest.mark.parametrize("text", [
    "(" * 5000, "{" * 5000, "\\frac" * 3000, "\\sqrt{" * 500, "-" * 9000, "x^" * 5000, "\\log " * 4000, "|" * 9000,
    "\\sum_i " * 2000, "x" * 9000 + "=1", "x+" * 4900 + "x=1", "\\left(" * 3000, "\\hat{" * 4000,
    "x^{" * 300 + "x" + "}" * 300 + "=1",
    "x=1" + "=1" * 4000, "\\begin{cases}" * 300, "\\int_0^1 " * 300 + "x" + " dx" * 300 + "=1", "\\max(" * 200, "9" * 19_000,
    "\\mathrm{" + "a" * 15_000 + "}=1", "x" * 30_000, "\\", "_", "^", "{", "}", "\\left", "\\frac", "\\frac{", "\\begin",
    "\\text{", "", "\\operatorname{__import__('os').system('x')}(x) = 1", "__import__ = 1", "\ud800", "D(" * 300,
    "\\frac{d}{dx}" * 300 + "x=1",
], ids=lambda text: repr(text[:12]))  # fmt: skip
def test_hostile_input_ends_in_a_message(text):
    harmless(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_ends_in_a_message(text):
    harmless(text)


PIECES = (
    *"xpzysucraqnKmi0127+-=<>()[]{}|_^,.;!'&/ ", "\\frac", "\\sum", "_{i=1}^{n}", "p_i", "\\log", "\\exp", "e^{x}", "\\partial",
    "\\left(", "\\right)", "\\max", "\\int_0^1", "dx", "\\lim_{x \\to 0^+}", "\\begin{cases}", "\\end{cases}", "\\\\", "\\|",
    "\\operatorname{softmax}", "\\sigma", "D(", "H(", "\\delta_{kl}", "\\hat{y}", "\\frac{\\partial}{\\partial z_k}", "\\infty",
    "\\le", "\\ne", "\\mathbb{1}", "\\sqrt[3]", "\\binom", "\\text{if}", "\\sum_{j \\ne k}", "z_k", "\\cdot", "\\prod_i",
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_broken_latex_ends_in_a_message(pieces):
    harmless("".join(pieces))


# ---- the page on reading

PAGE = (Path(__file__).parent.parent / "docs" / "reading.md").read_text()
DOMAINS = re.search(r"```\n(.*)\n```", PAGE)[1]


@pytest.mark.parametrize(("written", "meant"), re.findall(r"^- `([^`]+)` is `([^`]+)`$", PAGE, re.M))
def test_the_page_says_how_it_is_read(written, meant):
    assert read(f"{written} = 0", DOMAINS).read_as.split(":  ")[1] == f"{meant} = 0"


@pytest.mark.parametrize(("written", "fix"), re.findall(r"^- `([^`]+)` is refused: (.+)$", PAGE, re.M))
def test_the_page_says_what_is_refused(written, fix):
    with pytest.raises(ReadError) as caught:
        read(f"{written} = 0", DOMAINS)
    assert fix in caught.value.fix


def test_the_conventions_of_the_page_are_the_recorded_ones():
    section = PAGE.split("## What conventions decide")[1].split("## ")[0]
    examples = re.findall(r"^- `([^`]+)` is `", section, re.M)
    assert len(examples) > 8
    assert all(read(f"{e} = 0", DOMAINS).conventions for e in examples)


def test_a_derivative_that_breaks_off_is_refused():
    with pytest.raises(ReadError):
        read(r"\frac{d}{d", "x: Real")
