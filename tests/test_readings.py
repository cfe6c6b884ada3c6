"""What TeX shows, and what may be read of it: a table made by setting each formula, not by asking the reader.

The second column is what stands on the page; braces, spaces and fonts of the source are not in it. The third is the reading,
None where a reader of the page could not be sure, and begins with ~ where only a convention of the page on reading decides.
"""

import pytest

from derivations._reader import ReadError, read

WHERE = (
    "p, q: Simplex[n]; r: Simplex[n, m]; z: Real[K]; c: Label[K]; x, a, b, t: Real; s: Positive; u: Probability; y: Bit; "
    "\\hat{y}: Real; w_max: Real; \\epsilon: Real"
)
EXPRESSIONS = {
    "braces": [
        ("{2x}^2", "2x²", None),
        ("{x}^2", "x²", "x^2"),
        ("{(x+a)}^2", "(x+a)²", "(x + a)^2"),
        ("{xy}!", "xy!", None),
        ("{x}{a}", "xa", "x·a"),
        ("x{ab}t", "xabt", "x·a·b·t"),
        ("1{0}", "10", None),
        ("2{3}", "23", None),
        ("{1}{0}", "10", None),
        ("2{\\frac12}", "2½", None),
        ("x/{at}", "x/at", None),
        ("{a/b}x", "a/bx", None),
        ("{a/b}", "a/b", "a/b"),
        ("-{x}^2", "−x²", "−x^2"),
        ("{-x}^2", "−x²", None),
        ("{x+a}b", "x+ab", None),
        ("{x^2}^3", "x²³", None),
        ("{p_i}^2", "pᵢ²", "p_i^2"),
        ("{p}_i", "pᵢ", "p_i"),
        ("{e^x}^2", "eˣ²", None),
        ("\\sum_i{p_i q_i}^2", "Σᵢ pᵢqᵢ²", None),
        ("\\sum_i{p_i q_i}", "Σᵢ pᵢqᵢ", "Σ_{i=1..n} (p_i·q_i)"),
        ("{\\sum_i p_i} x", "Σᵢ pᵢ x", None),
        ("{\\log x}^2", "log x²", None),
        ("\\log{xa}", "log xa", None),
        ("\\log{s}", "log s", "ln(s)"),
        ("\\log{xa}^2", "log xa²", None),
        ("\\log{(s)}", "log(s)", "ln(s)"),
        ("\\log {(2\\pi s)}^n", "log(2πs)ⁿ", None),
        ("\\exp{xa}", "exp xa", None),
        ("\\exp{x}", "exp x", "exp(x)"),
        ("\\exp{(x)}^2", "exp(x)²", None),
        ("\\sigma{(x)}^2", "σ(x)²", None),
        ("\\sigma{(x)}", "σ(x)", "σ(x)"),
        ("{a}(x)", "a(x)", None),
        ("{H}(p)", "H(p)", None),
        ("|{a|b|x}|", "|a|b|x|", None),
        ("\\sqrt{{x}{a}}", "√(xa) under one bar", "sqrt(x·a)"),
        ("\\sqrt{xa}^2", "√(xa) under one bar, squared", "sqrt(x·a)^2"),
        ("{}^2", "²", None),
        ("x^{{2}{3}}", "x²³", None),
    ],
    "scripts": [
        ("x^2", "x²", "x^2"),
        ("x^23", "x² 3", None),
        ("x^{23}", "x²³", "x^23"),
        ("x^{2}3", "x²3", None),
        ("x^2 a", "x²a", "x^2·a"),
        ("x^ab", "xᵃb", "x^a·b"),
        ("x^2^3", "an error of TeX", None),
        ("p_i^2", "pᵢ²", "p_i^2"),
        ("p^2_i", "pᵢ²", "p_i^2"),
        ("r_{ij}", "rᵢⱼ", "r_{ij}"),
        ("r_i_j", "an error of TeX", None),
        ("p_{i}{a}", "pᵢa", "p_i·a"),
        ("p_i'", "pᵢ′", None),
        ("p_{i'}", "p with the index i′", "p_{i_prime}"),
        ("x^{(a)}", "x⁽ᵃ⁾", None),
        ("x^\\mathrm{T}", "xᵀ", None),
        ("x^*", "x*", None),
        ("w_{\\mathrm{max}}", "w_max", "w_max"),
        ("w_{\\rm max}", "w_max", "w_max"),
        ("\\frac{a}{b}^2", "a over b, ² at the upper right", "~(a/b)^2"),
        ("\\left(\\frac{a}{b}\\right)^2", "(a/b)²", "(a/b)^2"),
        ("\\log_10 s", "log₁ 0s", None),
        ("\\log_{10} s", "log₁₀ s", "log_10(s)"),
        ("\\sum_{k=1}^10 z_k", "the sum to 1 of 0 z", None),
        ("\\int_0^12t\\,dt", "∫₀¹ 2t dt", None),
        ("x'", "x′", None),
        ("\\sigma'(x)", "σ′(x)", None),
    ],
    "slashes": [
        ("a/b", "a/b", "a/b"),
        ("xa/b", "xa/b", "(x·a)/b"),
        ("a/bx", "a/bx", None),
        ("a/b/x", "a/b/x", None),
        ("1/2x", "1/2x", None),
        ("a/b^2", "a/b²", "a/b^2"),
        ("(a/b)x", "(a/b)x", "(a/b)·x"),
        ("a/b \\cdot x", "a/b·x", "~(a/b)·x"),
        ("a/-b", "a/−b", None),
        ("a/(b)(x)", "a/(b)(x)", None),
        ("a/\\log s x", "a/log s x", None),
    ],
    "bare functions": [
        ("\\log s", "log s", "ln(s)"),
        ("\\log s u", "log su", "~ln(s)·u"),
        ("\\log s^2", "log s²", "~ln(s^2)"),
        ("\\log(s)^2", "log(s)²", "~ln(s)^2"),
        ("\\log(s^2)", "log(s²)", "ln(s^2)"),
        ("\\log^2 s", "log² s", None),
        ("\\log(s)(u)", "log(s)(u)", "~ln(s)·u"),
        ("\\log(s)/(u)", "log(s)/(u)", "~ln(s)/u"),
        ("\\log(n)!", "log(n)!", None),
        ("\\log n!", "log n!", "~ln(n!)"),
        ("\\exp n!", "exp n!", None),
        ("\\log -s", "log −s", None),
        ("\\exp x a", "exp xa", None),
        ("\\tanh 2x", "tanh 2x", None),
        ("\\max_k (z_k)^2", "max (z)²", None),
        ("\\max_k z_k^2", "max z²", "max_{k=1..K} (z_k^2)"),
        ("\\max(1,000, x)", "max(1, 000, x)", None),
        ("\\max(1,234, x)", "max(1, 234, x)", None),
        ("\\max(1, 234)", "max(1, 234)", "max(1, 234)"),
        ("\\pi(x)", "π(x)", None),
        ("a(x)", "a(x)", None),
        ("a(x - b)", "a(x − b)", "a·(x − b)"),
        ("a^{-1}(x)", "a⁻¹(x)", None),
        ("\\operatorname{softmax}(z)(a)", "softmax(z)(a)", None),
        ("{\\rm KL}(p \\| q)", "KL(p ‖ q)", "D(p ‖ q)"),
        ("D_{\\rm KL}(p \\| q)", "KL divergence", "D(p ‖ q)"),
        ("exp(x)", "italic exp(x)", None),
        ("lnx", "italic lnx", None),
    ],
    "sums": [
        ("\\sum_i p_i x", "Σᵢ pᵢx", "Σ_{i=1..n} (p_i·x)"),
        ("\\sum_i p_i + x", "Σᵢ pᵢ + x", "~Σ_{i=1..n} (p_i) + x"),
        ("\\sum_i (p_i + x)", "Σᵢ (pᵢ + x)", "Σ_{i=1..n} (p_i + x)"),
        ("\\sum_i p_i^2", "Σᵢ pᵢ²", "Σ_{i=1..n} (p_i^2)"),
        ("(\\sum_i p_i)^2", "(Σᵢ pᵢ)²", "(Σ_{i=1..n} (p_i))^2"),
        ("\\sum_i^n p_i", "Σᵢⁿ pᵢ", None),
        ("\\sum_i' p_i", "Σᵢ′ pᵢ", None),
        ("\\sum_{i=1}^{n}{p_i}x", "Σ pᵢx", "Σ_{i=1..n} (p_i·x)"),
    ],
    "bars": [
        ("|x|a|b|", "|x|a|b|", "~|x|·a·|b|"),
        ("|x||a|", "|x||a|", "|x|·|a|"),
        ("|a\\mathopen|b\\mathclose|x|", "|a|b|x|, the inner ones told apart by their spaces", "|a·|b|·x|"),
        ("\\left|x\\right|", "|x|", "|x|"),
        ("\\|p - q\\|", "‖p − q‖", None),
    ],
    "derivatives": [
        ("\\frac{da}{dx}", "da/dx", None),
        ("\\frac{d}{dx} a", "d/dx a", None),
        ("\\frac{\\partial a}{\\partial x}", "∂a/∂x", None),
        ("\\partial_x a^2", "∂ₓ a²", None),
        ("\\frac{d}{dx} y", "d/dx y", None),
        ("\\frac{\\partial p_i}{\\partial z_k}", "∂pᵢ/∂z_k", None),
        ("\\frac{\\partial^2}{\\partial x \\partial a}(x^2)", "∂²/∂x∂a (x²)", None),
        ("\\frac{dx}{dx}", "dx/dx", "∂/∂x (x)"),
        ("\\frac{\\partial z_k}{\\partial z_c}", "∂z_k/∂z_c", "∂/∂z_c (z_k)"),
        ("\\frac{d}{dx} 2", "d/dx 2", "∂/∂x (2)"),
        ("\\frac{\\partial}{\\partial x}(a x^2)", "∂/∂x (ax²)", "∂/∂x (a·x^2)"),
        ("\\frac{d}{dx}(a x^2)", "d/dx (ax²)", "~∂/∂x (a·x^2)"),
        ("\\frac{d}{dx}(y x^2)", "d/dx (yx²), y a bit", "∂/∂x (y·x^2)"),
        ("\\frac{{\\rm d}}{{\\rm d}x} x^2", "d/dx x²", "∂/∂x (x^2)"),
        ("\\frac{\\rm d}{{\\rm d}x} x^2", "d/dx x²", "∂/∂x (x^2)"),
        ("\\frac{d x^2}{dx}(a)", "dx²/dx (a)", None),
        ("\\frac{d}{dx}(x^2)(a)", "d/dx (x²)(a)", None),
        ("\\frac{d}{dx} x + 1", "d/dx x + 1", None),
    ],
    "integrals": [
        ("\\int_0^1 t\\,dt", "∫₀¹ t dt", "∫_{t=0..1} (t) dt"),
        ("\\int_0^1 t + 1\\,dt", "∫₀¹ t + 1 dt", "∫_{t=0..1} (t + 1) dt"),
        ("\\int_0^1 t\\,{\\rm d}t", "∫₀¹ t dt", "∫_{t=0..1} (t) dt"),
        ("\\int_0^1 t\\,d{t}", "∫₀¹ t dt", None),
        ("\\int_0^1 t", "∫₀¹ t", None),
        ("\\int t\\,dt", "∫ t dt", None),
    ],
    "cases": [
        ("\\begin{cases} a & x \\ge 0 \\\\ b & \\text{otherwise} \\end{cases}", "a if x ≥ 0, b otherwise",
         "{a if x ≥ 0; b otherwise}"),
        ("\\begin{cases} a & x \\ge 0 \\\\[2pt] b & \\text{otherwise} \\end{cases}", "a if x ≥ 0, b otherwise",
         "{a if x ≥ 0; b otherwise}"),
        ("\\begin{cases} a & x \\ge 0 \\\\[t] b & \\text{otherwise} \\end{cases}", "an error of TeX", None),
        ("\\begin{cases} a & x \\ge 0 \\\\ [b] & \\text{otherwise} \\end{cases}", "an error of TeX", None),
        ("\\begin{cases} a & x \\ge 0 \\\\notag b & \\text{otherwise} \\end{cases}", "a if x ≥ 0, notagb otherwise", None),
        ("\\begin{cases} a & \\text{if not } x \\ge 0 \\\\ b & \\text{otherwise} \\end{cases}", "a if not x ≥ 0", None),
        ("\\begin{cases} a & x \\ge 0 & b \\\\ t & \\text{otherwise} \\end{cases}", "three columns", None),
    ],
    "spaces": [
        ("x\\,a", "xa", "x·a"),
        ("x\\!a", "xa", "x·a"),
        ("x~a", "xa", "x·a"),
        ("x \\quad a", "x  a, apart", None),
        ("\\frac12 ~~~~ (1)", "½    (1): the number of the formula, perhaps", None),
        ("x \\; a", "x a", "x·a"),
        ("1\\,0", "1 0", None),
        ("1\\!0", "10", None),
        ("1 0", "10", None),
        ("x \\phantom{2} a", "x   a", None),
        ("x \\hspace{2em} a", "x    a", None),
        ("x\\rlap{/}a", "x/a", None),
        ("x \\color{white} a", "x", None),
    ],
    "comments and what does not show": [
        ("x % + a", "x", None),
        ("x \\label{eq:1}", "x", "x"),
        ("x \\notag", "x", "x"),
        ("x \\tag{2.1}", "x, and (2.1) in the margin", "x"),
        ("x \\tag*{(A)}", "x, and (A) in the margin", "x"),
        ("x \\label*{+ 1}", "x ∗ + 1", None),
        ("x \\tag*{+ 1}", "x + 1", None),
        ("x \\tag{+ 1}", "x (+ 1)", None),
        ("x \\tag{$= 1$}", "x (= 1)", None),
        ("x \\text{ for all } a", "x for all a", None),
        ("x \\eqno(1)", "x, and (1) in the margin", None),
    ],
    "names": [
        ("\\hat{y}", "ŷ", "y_hat"),
        ("\\hat yx", "ŷx", "y_hat·x"),
        ("\\mathbf{p}_i - p_i", "a bold pᵢ minus pᵢ: a vector and its entries", "p_i − p_i"),
        ("\\mathbf{x} - x", "a bold x minus x", None),
        ("\\mathcal{x} - x", "a script x minus x", None),
        ("\\mathbf{x} - \\boldsymbol{x}", "a bold x minus a bold x", "x − x"),
        ("\\varepsilon - \\epsilon", "two letters", None),
        ("\\hat{y} - y_{hat}", "ŷ minus y with the subscript hat", None),
        ("\\mathrm{e}^x", "eˣ", "exp(x)"),
        ("\\mathbf{e}^x", "a bold e, to the x", None),
        ("\\boldsymbol{\\pi} x", "a bold πx", None),
        ("\\mathrm{x-a}", "x − a", None),
        ("\\mathrm{x_max}", "xₘax", None),
        ("\\rm xa", "xa", None),
        ("{\\rm a}x", "ax", "a·x"),
    ],
    "numbers": [
        ("0.25", "0.25", "0.25"),
        (".25", ".25", None),
        ("1{,}000", "1,000", None),
        ("0{,}5", "0,5", None),
        ("007", "007", None),
        ("1.5.2", "1.5.2", None),
        ("2x", "2x", "2·x"),
        ("x2", "x2", None),
        ("2(3)", "2(3)", "2·3"),
        ("2\\frac12", "2½", None),
        ("x\\frac12", "x½", "x·(1/2)"),
        ("\\frac12x", "½x", "(1/2)·x"),
        ("\\frac123", "½3", None),
        ("\\frac105", "½5 with 1 over 0", None),
        ("1e5", "1e5", None),
        ("5\\%", "5%", None),
    ],
}  # fmt: skip
CLAIMS = {
    "alignment": [
        ("\\begin{aligned} a &= b \\\\ &= x \\end{aligned}", "a = b / = x", "a = b = x"),
        ("\\begin{aligned} a &= b \\\\ &\\quad + x \\end{aligned}", "a = b / + x", "a = b + x"),
        ("\\begin{aligned} a &= (b \\\\ &\\quad + x) t \\end{aligned}", "a = (b / + x)t", "a = (b + x)·t"),
        ("\\begin{aligned} a &= b \\\\ &\\quad - x \\\\ &\\le t \\end{aligned}", "a = b / − x / ≤ t", "a = b − x ≤ t"),
        ("\\begin{aligned} a &= b \\\\ x &= t \\end{aligned}", "two equations", None),
        ("\\begin{aligned} a &= b \\\\ -x &= t \\end{aligned}", "two equations", None),
        ("\\begin{aligned} &a = b \\\\ &-x = t \\end{aligned}", "two equations", None),
        ("\\begin{gathered} a = b \\\\ + x = t \\end{gathered}", "two equations", None),
        ("\\begin{aligned} a &= b & x &= t \\end{aligned}", "two equations side by side", None),
        ("\\begin{aligned} a & b = x \\end{aligned}", "two columns", None),
        ("\\begin{aligned}[t] a &= b \\end{aligned}", "a = b", "a = b"),
        ("\\begin{align*} [x] a &= b \\end{align*}", "[x]a = b, or an error of TeX", None),
        ("\\begin{aligned} a &= b \\\\[4pt] &= x \\end{aligned}", "a = b / = x", "a = b = x"),
        ("\\begin{aligned} a &= b \\end{align}", "an error of TeX", None),
        ("a = b \\\\ = x", "two lines", None),
    ],
    "relations": [
        ("a = b = x", "a = b = x", "a = b = x"),
        ("a \\not= b", "a ≠ b", "a ≠ b"),
        ("a := b", "a := b", None),
        ("a =< b", "a =< b", None),
        ("n! = a", "n! = a", "n! = a"),
        ("n!=a", "n!= a", None),
        ("x = a, b = t", "two equations", None),
        ("x = a \\quad b = t", "two equations", None),
        ("1{0} = 0", "10 = 0", None),
        ("2{3} = 6", "23 = 6", None),
        ("x = x \\label*{+ 1}", "x = x ∗ + 1", None),
    ],
}  # fmt: skip
TABLE = [
    *((f"{latex} = 0", reading and f"{reading} = 0") for lines in EXPRESSIONS.values() for latex, _, reading in lines),
    *((latex, reading) for lines in CLAIMS.values() for latex, _, reading in lines),
]


@pytest.mark.parametrize(("latex", "reading"), TABLE, ids=[latex for latex, _ in TABLE])
def test_what_is_read_is_what_tex_shows(latex, reading):
    if reading is None:
        with pytest.raises(ReadError) as caught:
            read(latex, WHERE)
        assert "not declared" not in caught.value.what or "'" in latex, "refused for another reason"
        return
    said = read(latex, WHERE)
    assert said.read_as.split(":  ")[1] == reading.removeprefix("~")
    assert bool(said.conventions) == reading.startswith("~")
    if said.conventions:
        with pytest.raises(ReadError, match="only a convention"):
            read(latex, WHERE, strict=True)


def test_braces_decide_nothing_wherever_they_stand():
    """Braces around any one factor change no reading; around more, they change none that is not refused."""
    parts = ["x", "p_i", "2", "(x + a)", "\\frac{x}{a}", "s^2", "\\log s", "\\sum_k z_k"]
    seen = refused = 0
    for first in parts:
        for second in parts:
            for tail in ("", "^2", "!", " b", "/b"):
                for braced in (f"{{{first}}} {second}", f"{first} {{{second}}}", f"{{{first} {second}}}"):
                    try:
                        with_braces = read(f"{braced}{tail} = 0", WHERE).read_as
                    except ReadError:
                        refused += 1
                        continue
                    seen += 1
                    bare = f"{first} {second}{tail} = 0"
                    assert with_braces == read(bare, WHERE).read_as, braced
    assert seen > 300 and refused > 300


def test_the_group_that_decides_is_named():
    for latex, group in (
        ("{x} + {2x}^2 = {a}", "{2x}"),
        ("\\sum_i{p_i} = \\log{s u}", "{s u}"),
        ("{a} + 1{0} = 0", "{0}"),
    ):
        with pytest.raises(ReadError, match="braces do not show") as caught:
            read(latex, WHERE)
        assert latex[slice(*caught.value.span)] == group


def test_capital_letters_may_be_variables_and_bits_another_unit():
    joint = read("H(X, Y) \\le H(X) + H(Y)", "X, Y: Simplex[n]")
    assert any("joint" in c for c in joint.conventions) and not read("H(p, q) \\ge H(p)", "p, q: Simplex[n]").conventions
    bits = read("H(p) = -\\sum_i p_i \\log_2 p_i", "p: Simplex[n]")
    assert any("natural" in c for c in bits.conventions)
    assert not read("H(p) = -\\sum_i p_i \\log p_i", "p: Simplex[n]").conventions
