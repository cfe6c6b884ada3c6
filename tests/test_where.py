"""Domains in words: what is declared, what is printed back, and what is refused at its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations._kernel.domains import KINDS, Domain
from derivations._kernel.terms import IllFormed, num, var
from derivations._reader import ReadError, read
from derivations._surface.where import WhereError, shown, where, written

n, m, K = var("n"), var("m"), var("K")


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("p, q: Simplex[n]", {"n": Domain("Size"), "p": Domain("Simplex", (n,)), "q": Domain("Simplex", (n,))}),
        ("x: Real", {"x": Domain("Real")}),
        ("s: Positive; a: Nonnegative; u: Probability", {k: Domain(d) for k, d in
                                                         zip("sau", ("Positive", "Nonnegative", "Probability"), strict=True)}),
        ("c: Label[K]", {"K": Domain("Size"), "c": Domain("Index", (K,))}),
        ("c: Index[K]", {"K": Domain("Size"), "c": Domain("Index", (K,))}),
        ("r: OpenSimplex[n, m]", {"n": Domain("Size"), "m": Domain("Size"), "r": Domain("OpenSimplex", (n, m))}),
        ("g: Positive[3]", {"g": Domain("Positive", (num(3),))}),
        ("n, K: Size", {"n": Domain("Size"), "K": Domain("Size")}),
        ("y: Bit[K]; K: Size;\n", {"K": Domain("Size"), "y": Domain("Bit", (K,))}),
        ("\\hat{y}, \\tilde p: Real; \\lambda, \\varepsilon: Positive",
         {"y_hat": Domain("Real"), "p_tilde": Domain("Real"), "lambda": Domain("Positive"), "epsilon": Domain("Positive")}),
        ("\\hat{\\theta}: Real; \\mathbf{w}: Real[n]",
         {"n": Domain("Size"), "theta_hat": Domain("Real"), "w": Domain("Real", (n,))}),
        ("", {}),
        (" ; x : Real ; ", {"x": Domain("Real")}),
    ],
)  # fmt: skip
def test_what_is_declared(text, domains):
    assert dict(where(text).domains) == domains


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "Size"])
def test_every_domain_is_printed_back(kind):
    for count in KINDS[kind].shapes:
        sizes = f"[{', '.join('nm'[:count])}]" if count else ""
        scope = where(f"v: {kind}{sizes}")
        assert where(written(scope)) == scope
        assert where(f"v: {shown(scope.domain('v'))}") == scope


def test_users_say_label():
    assert shown(Domain("Index", (K,))) == "Label[K]"
    assert "c: Label[K]" in read("z_c = 0", "z: Real[K]; c: Label[K]").read_as


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("x Real", "x Real", "p, q: Simplex[n]"),
        ("a: Real; x: Reel", "Reel", "did you mean Real"),
        ("x: label[K]", "label", "did you mean Label"),
        ("p: Simplex", "Simplex", "Simplex[n]"),
        ("x: Real[n, m]", None, None),
        ("y: OneHot[n, m]", "OneHot[n, m]", "OneHot[n]"),
        ("x: Real; x: Bit", "x", "twice"),
        ("p: Simplex[n]; n: Real", "n", "n: Size"),
        ("p: Simplex[0]", "0", "between 1"),
        ("p: Simplex[99999999]", "99999999", "between 1"),
        ("p: Simplex[n", "p: Simplex[n", ""),
        ("x: Real, y: Bit", "x: Real, y: Bit", ";"),
        ("1x: Real", "1x", "letter"),
        ("x,: Real", ":", "letter"),
        ("\\foo: Real", "\\foo", "letter"),
        ("__class__: Real", "__class__", "letter"),
        ("p: Simplex[os.system('x')]", "os.system('x')", "letter"),
    ],
)
def test_what_is_refused_at_its_place(text, place, word):
    if place is None:
        assert dict(where(text).domains)["x"] == Domain("Real", (n, m))
        return
    with pytest.raises(WhereError) as caught:
        where(text)
    assert text[slice(*caught.value.span)] == place
    assert word in str(caught.value)
    with pytest.raises(ReadError) as read_error:
        read("x = 0", text)
    assert "^" in read_error.value.show()


def test_bounds():
    for text in ("x: Real; " * 500, ", ".join(f"x{k}" for k in range(150)) + ": Real", "x" * 70 + ": Real"):
        with pytest.raises(WhereError):
            where(text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters() | st.sampled_from("pqxnK:;,[] \\{}RealSimplex"), max_size=60))
def test_any_text_declares_or_is_refused(text):
    try:
        scope = where(text)
    except IllFormed:
        return
    assert where(written(scope)) == scope
