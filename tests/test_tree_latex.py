"""What a page shows of a claim is printed from its tree, and reads back to the same tree over the same domains."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from tools import compiled
from tree_maker import WAYS, WHERE, Maker

from derivations._kernel.tree import Node, parts
from derivations._reader import read
from derivations._render.latex import PREAMBLE
from derivations._render.mathml import mathml
from derivations._render.tree_latex import latex
from derivations._surface.where import where as domains

CLAIMS = [
    json.loads(line) for f in sorted((Path(__file__).parent / "claims").glob("*.jsonl")) for line in f.read_text().splitlines()
]
KINDS = {  # every kind of node which a tree is made of
    "number", "pi", "euler", "infinity", "name", "index", "add", "neg", "mul", "div", "pow", "sqrt", "log", "logb", "exp",
    "abs", "max", "min", "binom", "factorial", "call", "entry", "delta", "family", "sum", "prod", "largest", "smallest",
    "without", "deriv", "integral", "limit", "cases", "chain",
}  # fmt: skip


def printed(source, where):
    reading = read(source, where)
    return latex(reading.tree, reading.scope)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c["id"])
def test_claims_read_back(claim):
    reading = read(claim["latex"], claim["where"])
    shown = latex(reading.tree, reading.scope)
    again = read(shown, claim["where"])
    assert again.tree == reading.tree and dict(again.free) == dict(reading.free) and again.scope == reading.scope, shown
    settable(shown)


def settable(shown):
    """Whether it becomes MathML without an error and without a command left."""
    written = mathml(shown, True)
    assert "<merror" not in written and "\\" not in re.sub(r'alttext="[^"]*"|<annotation.*</annotation>', "", written), shown


@pytest.mark.parametrize("block", range(5))
def test_random_trees_read_back(block):
    scope = domains(WHERE)
    for seed in range(block * 60, block * 60 + 60):
        tree = Maker(seed).claim(1 + seed % 4)
        shown = latex(tree, scope)
        assert read(shown, WHERE).tree == tree, shown
        if seed % 4 == 0:
            settable(shown)


def test_random_trees_are_of_every_kind():
    met = {p.kind for seed in range(250) for p in parts(Maker(seed).claim(3))}
    assert met == KINDS and all(hasattr(Maker, way) for way in WAYS)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\sum_i p_i \ln(p_i/q_i) = 0", r"\sum_{i=1}^{n} p_{i} \log \frac{p_{i}}{q_{i}} = 0"),
        (r"\sum_{j\neq c} e^{z_j} = 0", r"\sum_{\substack{j=1 \\ j \ne c}}^{K} e^{z_{j}} = 0"),
        (r"\max_k z_k = 0", r"\max_{1 \le k \le K} z_{k} = 0"),
        (r"\operatorname{KL}(p, q) = 0", r"D(p \,\|\, q) = 0"),
        (r"\log_2 x = 0", r"\log_{2} x = 0"),
        (r"\sqrt[3]x = 0", r"x^{1/3} = 0"),
        (r"\mathbb{1}[z_c = 1/7] = 0", r"\mathbf{1}\left[ z_{c} = \frac{1}{7} \right] = 0"),
        (r"\mathbb{1}_{\{k = c\}} z_k = 0", r"\delta_{kc} z_{k} = 0"),
        (r"\partial_x (x^2) = 0", r"\frac{\partial}{\partial x} (x^{2}) = 0"),
        (r"\frac{d^2}{dx^2} \sigma(x) = 0", r"\frac{\partial^{2} \sigma(x)}{\partial x^{2}} = 0"),
        (r"\int_0^\infty e^{-t}\,dt = 1", r"\int_{0}^{\infty} e^{-t} \, dt = 1"),
        (r"\lim_{t\downarrow 0} t\log t = 0", r"\lim_{t \to 0^{+}} t \log t = 0"),
        (r"\binom{n}{2} n! = 0", r"\binom{n}{2} n! = 0"),
        (r"|x| \min(x, 1) \leq 0", r"\lvert x \rvert \min(x, 1) \le 0"),
        (r"\hat y = 0", r"\hat{y} = 0"),
        (r"m_{\mathrm{max}} \lambda = 0", r"m_{\mathrm{max}} \lambda = 0"),
        (r"\log a b = 0", r"(\log a) b = 0"),
        (r"\{x + 1\} - [x - (a - b)] = 0", r"(x + 1) - (x - (a - b)) = 0"),
        (r"\sum_k z_k z_c + 1 = 0", r"\sum_{k=1}^{K} z_{k} z_{c} + 1 = 0"),
        (r"\sum_k (z_k + 1) = 0", r"\sum_{k=1}^{K} (z_{k} + 1) = 0"),
        (r"e^{-x^2/2} = 0", r"e^{-x^{2}/2} = 0"),
        (r"\begin{cases} 1, & x > 0 \\ 0, & \text{otherwise}\end{cases} = 0", r"\mathbf{1}[x > 0] = 0"),
        (r"\begin{cases} x & x \ge 0 \\ -x & x < 0 \end{cases} = 0",
         r"\begin{cases} x & \text{if } x \ge 0 \\ -x & \text{if } x < 0 \end{cases} = 0"),
    ],
)  # fmt: skip
def test_it_looks_like_a_textbook(source, shown):
    where = "p, q: Simplex[n]; z: Real[K]; c: Label[K]; x, m_max, a, b, y_hat: Real; lambda: Positive"
    assert printed(source, where) == shown


def test_an_indicator_is_bold_where_browsers_know_no_bold():
    assert "\U0001d7cf" in mathml(printed(r"\mathbb{1}[x > 0] = 0", "x: Real"))


def test_a_variable_takes_the_name_of_a_function():
    """σ, δ and the like are functions or variables, and d may be a variable beside a differential."""
    for where in ("sigma, delta, d, KL, f: Real; c: Label[K]; z: Real[K]",):
        for source in (
            r"\sigma \operatorname{sigmoid}(f \cdot (d + 1)) = \delta", r"\mathbb{1}[c = 1] = \delta", r"d \cdot (z_k + 1) = d",
            r"\int_0^1 d \cdot x \, \mathrm{d}x = \frac{d \cdot f}{d \cdot d}", r"\mathrm{KL} \cdot (d + f) = 1",
            r"\int_0^1 (d) \, \mathrm{d}t = f \cdot (d - 1)",
        ):  # fmt: skip
            reading = read(source, where)
            assert read(latex(reading.tree, reading.scope), where).tree == reading.tree


def test_names_that_could_be_taken_for_others_stand_as_one_word():
    assert printed(r"p_1 + 1 = 0", "p_1: Real") == "p_{1} + 1 = 0"
    assert printed(r"\mathrm{p\_1} + p = 0", "p_1, p: Real") == r"\mathrm{p\_1} + p = 0"
    assert printed(r"\mathrm{x\_1\_2} = 0", "x_1_2: Real") == r"\mathrm{x\_1\_2} = 0"
    assert printed(r"\beta_2 = 0", "beta2: Real") == r"\beta_{2} = 0"
    assert printed(r"p_{1,i} = 0", "p_1: Simplex[n]") == "p_{1,i} = 0"
    assert printed(r"y'_1 = (x')^2", "y_prime_1, x_prime: Real") == r"y'_{1} = (x')^{2}"


@pytest.mark.parametrize("node", [Node("number", (Fraction(-1),)), Node("number", (Fraction(1, 3),)), Node("frobnicate")])
def test_what_no_reader_makes_is_not_printed(node):
    with pytest.raises(ValueError, match="no way to write"):
        latex(Node("chain", (("=",), node, node)), domains(""))


@pytest.mark.tex
def test_it_compiles(tmp_path):
    scope = domains(WHERE)
    shown = [latex(Maker(seed).claim(3), scope) for seed in range(150)]
    shown += [printed(c["latex"], c["where"]) for c in CLAIMS[::4]]
    body = "\n".join(rf"$\displaystyle {s}$\par" for s in shown)
    log = compiled(f"{PREAMBLE}\\begin{{document}}\n{body}\n\\end{{document}}\n", tmp_path)
    assert "Missing character" not in log
