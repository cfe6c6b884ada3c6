"""The second parser: it finds the tree in what is printed, and a slip of the printer is a refusal."""

import ast
from fractions import Fraction
from pathlib import Path

import pytest
from tree_maker import WHERE, Maker

import derivations._reader as reader
from derivations._kernel.terms import var
from derivations._kernel.tree import Node, parts
from derivations._reader import ReadError, read
from derivations._reader.read_back import MAX_DEPTH, Misread, read_back
from derivations._reader.written import written
from derivations._surface.where import shown
from derivations._surface.where import where as domains


@pytest.mark.parametrize("block", range(5))
def test_random_trees_are_found_again(block):
    scope = domains(WHERE)
    for seed in range(block * 100, block * 100 + 100):
        tree = Maker(seed).claim(1 + seed % 4)
        free = (("kappa", var("K")), ("iota", var("n"))) if any(p.args[:1] == ("kappa",) for p in parts(tree)) else ()
        back = read_back(written(tree, scope, free))
        assert back.tree == tree
        assert back.domains == {name: shown(domain) for name, domain in scope.domains}
        assert back.free == {name: size.args[0] for name, size in free}


def test_no_two_trees_are_printed_alike():
    """Each pair differs in brackets, in what a name is, or in what binds: so must the texts."""
    x, y, one = Node("name", ("x",)), Node("name", ("y",)), Node("name", ("p_1",))
    p_1, k = Node("entry", (Node("name", ("p",)), Node("name", ("c",)))), Node("name", ("p_c",))
    pairs = [
        (Node("add", (Node("add", (x, y)), x)), Node("add", (x, y, x))),
        (Node("mul", (Node("mul", (x, y)), x)), Node("mul", (x, y, x))),
        (Node("neg", (Node("add", (x, y)),)), Node("add", (Node("neg", (x,)), y))),
        (Node("neg", (Node("mul", (x, y)),)), Node("mul", (Node("neg", (x,)), y))),
        (Node("div", (Node("mul", (x, y)), x)), Node("mul", (x, Node("div", (y, x))))),
        (Node("pow", (Node("pow", (x, y)), x)), Node("pow", (x, Node("pow", (y, x))))),
        (Node("factorial", (Node("pow", (x, y)),)), Node("pow", (x, Node("factorial", (y,))))),
        (Node("abs", (Node("mul", (Node("abs", (x,)), y)),)), Node("mul", (Node("abs", (x,)), Node("abs", (y,))))),
        (p_1, k),
        (Node("logb", (x, one)), Node("logb", (one, x))),
        (Node("deriv", (Node("deriv", (x, x)), y)), Node("deriv", (x, y, x))),
        (Node("deriv", (Node("pow", (x, y)), x)), Node("pow", (Node("deriv", (x, x)), y))),
    ]
    scope = domains("x, y, p_1, p_c: Real; p: Real[K]; c: Label[K]")
    for pair in pairs:
        texts = {written(Node("chain", (("=",), side, x)), scope, ()) for side in pair}
        assert len(texts) == 2
        assert [read_back(written(Node("chain", (("=",), side, x)), scope, ())).tree.args[1] for side in pair] == list(pair)


def test_a_family_called_like_a_function_is_told_from_it():
    where = "sqrt: Family[n, d]; theta: Real[d]; x: Positive"
    reading = read(r"\sum_i \mathrm{sqrt}(\theta)_i = \sqrt{x}", where)
    assert reading.read_as.endswith("Σ_{i=1..n} ((sqrt)(theta)_i) = sqrt(x)")


CLAIM, DOMAINS = r"-(x + \sum_i p_i) x \le \log_2 (x - 1) + z_k", "x: Real; p: Simplex[n]; z: Real[K]"


@pytest.mark.parametrize(
    ("right", "misprint"),
    [
        ("(x + Σ", "x + Σ"), ("(p_i))·x", "(p_i)·x"), ("(p_i)", "(p_j)"), ("≤", "<"), ("i=1..n", "i=1..K"), ("−(", "("),
        ("log_2(x − 1)", "log_2(x) − 1"), ("log_2", "ln"), ("+ z_k", "− z_k"), ("z_k", "z_1"), (" + z_k", ""),
        ("x: Real", "x: Bit"), ("every k = 1, …, K", "every k = 1, …, n"), ("for ", ""), ("·x", "·x·x"), ("·x", "/x"),
        ("x − 1", "1 − x"), ("p: Simplex[n]; ", ""), ("Σ", "Π"),
    ],
)  # fmt: skip
def test_a_misprint_is_refused(right, misprint, monkeypatch):
    said = read(CLAIM, DOMAINS).read_as
    assert right in said
    monkeypatch.setattr(reader, "written", lambda *what: written(*what).replace(right, misprint, 1))
    with pytest.raises(ReadError, match="printed back, the formula reads differently, which is a fault of lossproof"):
        read(CLAIM, DOMAINS)


def test_a_number_that_is_no_decimal_is_refused_as_a_quotient():
    third = Node("chain", (("=",), Node("number", (Fraction(1, 3),)), Node("name", ("x",))))
    assert read_back(written(third, domains("x: Real"), ())).tree != third


@pytest.mark.parametrize(
    "text",
    ["", "x = x", "for x: Real:  x =", "for x: Real:  x = y", "for x: Real:  x x = 1", "for x: Real:  (x = 1",
     "for x: Real:  x_1 = 1", "for x: Real:  x(x) = 1", "for x: Real:  x = 1 ", "for x: Real:  ln(x, x) = 1", "for x x = 1",
     "for x: Real:  Σ_{i=1..3} i = 1", "for p: Real[n]:  p_{i} = 1", "for p: Real[n]:  p_{1,1} = 1", "for x: Real:  x·x/x = 1",
     "for x: Real:  |x = 1", "for x: Real:  {x if x = 1 = 1", "for x: Real:  lim_{t→0} (x) + = 1", "for x: Real:  x^2^2 = 1",
     "for x: Real:  ∫_{t=0..1} (t) dx = 1", "for x: Real:  D(x) = 1", "for x: Real:  δ_{x} = 1"],
)  # fmt: skip
def test_what_is_not_of_the_printed_form_is_refused(text):
    with pytest.raises(Misread):
        read_back(text)


def test_depth_is_bounded():
    deep = "(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH
    with pytest.raises((Misread, RecursionError)):
        read_back(f"for x: Real:  {deep} = 1")
    assert read_back(f"for x: Real:  {'(' * 60}x{')' * 60} = x").tree.args[1] == Node("name", ("x",))


def test_it_shares_no_code_with_the_reader():
    source = Path(reader.__file__).with_name("read_back.py").read_text(encoding="utf-8")
    modules = {n.module for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom)}
    modules |= {a.name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import) for a in n.names}
    assert modules == {"__future__", "re", "dataclasses", "fractions", "derivations._kernel.tree"}
