"""The documents: how terms are printed, and that every form shows what was judged, all of it, and no more."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_sample import GRADIENT, SAMPLE
from tools import HANGS, compiled, overflow

from derivations._kernel.definitions import DEFINITIONS
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, num, var
from derivations._render import escape, forms, html, markdown, terminal
from derivations._render import latex as latex_form
from derivations._render.blocks import Derivation, Formula
from derivations._render.formula import latex
from derivations._render.mathml import mathml
from derivations._render.page import Writer, document
from derivations._render.text import text
from derivations._render.traverse import Names
from derivations.judged import JudgedLine, Prose

n, N, K, p, q, y, z, x, a, b, c, t, k, i = map(var, "nNKpqyzxabctki")
theta, Y = var("theta"), var("Y")
B0, B1 = Term("bound", 0), Term("bound", 1)
L = var("L")


def at(v: Term, *indices: Term) -> Term:
    return Term("at", v, *indices)


def total(size: Term, body: Term) -> Term:
    return Term("sum", size, body)


def log(s: Term) -> Term:
    return Term("log", s)


def exp(s: Term) -> Term:
    return Term("exp", s)


def xlog(w: Term, u: Term, v: Term = ONE) -> Term:
    return Term("xlog", w, u, v)


def app(name: str, *arguments: Term) -> Term:
    return Term("app", name, *arguments)


def diff(s: Term, *by: Term) -> Term:
    for v in by:
        s = Term("deriv", s, v)
    return s


p0, q0, y0, z0 = (at(v, B0) for v in (p, q, y, z))
PRINTED: list[tuple[Term, str]] = [
    # weights, logarithms
    (total(n, xlog(p0, p0, q0)), r"\sum_{i=1}^{n} p_i \log \frac{p_i}{q_i}"),
    (total(n, p0 * log(p0 * q0 ** num(-1))), r"\sum_{i=1}^{n} p_i \log \frac{p_i}{q_i}"),
    (xlog(p, q), r"p \log q"),
    (xlog(1 - at(y, i), 1 - at(p, i)), r"(1 - y_i) \log (1 - p_i)"),
    (xlog(-p, q), r"(-p) \log q"),
    (xlog(a * b, c), r"a b \log c"),
    (xlog(num(2), c), r"2 \log c"),
    (log(a * b), r"\log (a b)"),
    (log(log(a)), r"\log \log a"),
    (log(a) * b, r"(\log a) b"),
    (log(-a), r"\log (-a)"),
    (log(a**2), r"\log a^{2}"),
    (log(a) ** 2, r"(\log a)^{2}"),
    (log(total(K, exp(z0))), r"\log \sum_{k=1}^{K} e^{z_k}"),
    (log(a / b + c), r"\log \left( \frac{a}{b} + c \right)"),
    # sums of signs
    (a - b, "a - b"),
    (a + b * -1, r"a + b (-1)"),
    (a - (b + c), "a - (b + c)"),
    (a + (b + c), "a + (b + c)"),
    (a + b + c, "a + b + c"),
    (a - (b - c), "a - (b - c)"),
    (-a + b, "-a + b"),
    (-(a + b), "-(a + b)"),
    (-(num(-1) * a), "-(-a)"),
    (a - num(2), "a - 2"),
    (a + Term("mul", num(-2), b), "a - 2 b"),
    (num("-1/2") * a, r"-\frac{1}{2} a"),
    (a + num("-1/2") * b, r"a - \frac{1}{2} b"),
    # products
    (b * a, "b a"),
    (a * (b + c), "a (b + c)"),
    (a * -b, "a (-b)"),
    (a * num(2), r"a \cdot 2"),
    (num(2) * num(3), r"2 \cdot 3"),
    (num(2) * num("1/3"), r"2 \cdot \frac{1}{3}"),
    (num(2) * a, "2 a"),
    (a * (b * c), "a b c"),
    (total(n, p0) * a, r"\left( \sum_{i=1}^{n} p_i \right) a"),
    (a * total(n, p0), r"a \sum_{i=1}^{n} p_i"),
    # fractions
    (a / b, r"\frac{a}{b}"),
    (a * b / c, r"\frac{a b}{c}"),
    (a / b * c, r"\frac{a}{b} c"),
    (-(a / b), r"-\frac{a}{b}"),
    (Term("mul", a, b ** num(-1), c ** num(-1)), r"\frac{a}{b c}"),
    (b ** num(-1), r"\frac{1}{b}"),
    (b ** num(-2), r"\frac{1}{b^{2}}"),
    ((p - a) / (p * (1 - p)), r"\frac{p - a}{p (1 - p)}"),
    (ONE / N * total(N, p0), r"\frac{1}{N} \sum_{i=1}^{N} p_i"),
    (-(ONE / N) * total(N, p0), r"-\frac{1}{N} \sum_{i=1}^{N} p_i"),
    (exp(at(z, k)) / total(K, exp(z0)), r"\frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}"),
    (num("3/4"), r"\frac{3}{4}"),
    ((a / b) ** 2, r"\left( \frac{a}{b} \right)^{2}"),
    # powers, exponentials
    (p**y * (1 - p) ** (1 - y), r"p^{y} (1 - p)^{1 - y}"),
    ((a**b) ** c, r"(a^{b})^{c}"),
    ((-a) ** 2, r"(-a)^{2}"),
    (a ** num("1/2"), r"\sqrt{a}"),
    (exp(-(x**2) / 2), r"e^{-x^{2}/2}"),
    (exp(a / (b + c)), r"e^{a/(b + c)}"),
    (exp(total(n, p0)), r"\exp\!\left( \sum_{i=1}^{n} p_i \right)"),
    (exp(exp(a)), r"\exp (e^{a})"),
    # binders
    (total(n, p0 + q0), r"\sum_{i=1}^{n} (p_i + q_i)"),
    (total(n, -p0), r"\sum_{i=1}^{n} (-p_i)"),
    (total(n, p0) - total(n, q0), r"\sum_{i=1}^{n} p_i - \sum_{i=1}^{n} q_i"),
    (total(n, total(n, at(p, B1) * q0)), r"\sum_{i=1}^{n} \sum_{j=1}^{n} p_i q_j"),
    (total(num(3), p0), r"\sum_{i=1}^{3} p_i"),
    (total(n, at(p, i) * q0), r"\sum_{j=1}^{n} p_i q_j"),
    (Term("prod", N, p0), r"\prod_{i=1}^{N} p_i"),
    (Term("top", n, z0), r"\max_{1 \le i \le n} z_i"),
    (Term("vec", n, p0 * a), r"(p_i a)_{i=1}^{n}"),
    (total(N, total(K, at(Y, B1, B0))), r"\sum_{i=1}^{N} \sum_{k=1}^{K} Y_{ik}"),
    # names, indices
    (at(Y, num(1), num(2)), "Y_{1,2}"),
    (at(var("y_bar"), k), r"\bar{y}_k"),
    (var("p_hat"), r"\hat{p}"),
    (var("p_prime"), "p'"),
    (var("p_star") ** 2, "(p^{*})^{2}"),
    (var("x_1"), "x_1"),
    (var("beta2"), r"\beta_2"),
    (var("phi"), r"\varphi"),
    (var("acc"), r"\mathrm{acc}"),
    (Term("delta", i, k), r"\delta_{ik}"),
    (Term("of", q, theta), r"q_{\theta}"),
    (at(Term("of", q, theta), i), r"q_{\theta,i}"),
    (at(p, var("#0")), "p_i"),
    (Term("max", a, b), r"\max(a, b)"),
    (Term("abs", a - b), r"\lvert a - b \rvert"),
    (Term("const", "pi"), r"\pi"),
    (Term("case", y, ONE, p, 1 - p), r"\begin{cases} p & y = 1 \\ 1 - p & \text{otherwise} \end{cases}"),
    # functions
    (app("H", p), "H(p)"),
    (app("CE", p, q), "H(p, q)"),
    (app("D", p, Term("of", q, theta)), r"D(p \,\|\, q_{\theta})"),
    (app("softmax", z, k), r"\operatorname{softmax}(z)_k"),
    (app("sigmoid", x), r"\sigma(x)"),
    (app("bernoulli", y, p), r"\operatorname{Bernoulli}(y; p)"),
    # derivatives
    (diff(L, at(z, k)), r"\frac{\partial L}{\partial z_k}"),
    (diff(L, at(z, k), at(z, i)), r"\frac{\partial^{2} L}{\partial z_i \, \partial z_k}"),
    (diff(L, x, x), r"\frac{\partial^{2} L}{\partial x^{2}}"),
    (diff(a / x + b, x), r"\frac{\partial}{\partial x} \left( \frac{a}{x} + b \right)"),
    (diff(log(x), x) * a, r"\left( \frac{\partial}{\partial x} \log x \right) a"),
    # statements
    (Term("eq", a, b), "a = b"),
    (Term("ne", a, ZERO), r"a \ne 0"),
    (Term("lt", ZERO, -a), "-a > 0"),
    (Term("all", n, Term("eq", p0, q0)), "p = q"),
    (Term("all", n, Term("lt", ZERO, p0)), r"p_i > 0 \text{ for every } i"),
    (Term("le", a, b, Term("eq", a, b)), r"a \le b \text{, with equality exactly when } a = b"),
    (Term("imp", Term("lt", ZERO, a), Term("lt", ZERO, b)), r"a > 0 \;\Longrightarrow\; b > 0"),
    (Term("iff", Term("eq", a, ZERO), Term("eq", b, ZERO)), r"a = 0 \;\Longleftrightarrow\; b = 0"),
    (Term("and", Term("eq", a, ZERO), Term("eq", b, ZERO)), r"a = 0 \text{ and } b = 0"),
    (Term("infinite", app("D", p, q)), r"D(p \,\|\, q) = +\infty"),
    (Term("tends", xlog(t, t), t, ZERO, ZERO), r"\lim_{t \to 0^+} t \log t = 0"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "want"), PRINTED, ids=lambda value: value if isinstance(value, str) else "")
def test_printed(term: Term, want: str) -> None:
    assert latex(term) == want
    written = mathml(want, True)
    assert "<merror" not in written and "\\" not in re.sub(r'alttext="[^"]*"|<annotation.*</annotation>', "", written)
    assert text(term) and "\\" not in text(term)


@pytest.mark.parametrize(
    ("term", "want"),
    [
        (total(n, xlog(p0, p0, q0)), "Σᵢ₌₁ⁿ pᵢ log(pᵢ/qᵢ)"),
        (-(ONE / N) * total(N, y0), "−(1/N) Σᵢ₌₁ᴺ yᵢ"),
        (a / (b * c), "a/(b c)"),
        (diff(L, at(z, k)), "∂L/∂zₖ"),
        (app("D", p, q), "D(p ‖ q)"),
        (var("y_bar"), "y\u0304"),
    ],
)
def test_text(term: Term, want: str) -> None:
    assert text(term) == want


def test_every_definition_is_printed_by_its_notation() -> None:
    for definition in DEFINITIONS.values():
        arguments = (var(parameter[0]) for parameter in definition.parameters)
        assert "operatorname{CE}" not in latex(app(definition.name, *arguments)) and latex(definition.body)


# Index letters


@st.composite
def nested(draw: st.DrawFn) -> tuple[Term, list[str]]:
    """Binders in binders, over a body which mentions every index and some free letters."""
    depth = draw(st.integers(1, 5))
    free = draw(st.lists(st.sampled_from("ijklmnrst"), max_size=5, unique=True))
    body: Term = var("x")
    for level in range(depth):
        body = body + at(var("p"), Term("bound", level))
    for name in free:
        body = body + var(name)
    for _ in range(depth):
        body = Term(draw(st.sampled_from(("sum", "prod", "top"))), var(draw(st.sampled_from(("n", "N", "K", "m", "d")))), body)
    return body, free


@settings(max_examples=150, deadline=None)
@given(nested())
def test_index_letters_never_clash(example: tuple[Term, list[str]]) -> None:
    term, free = example
    letters = re.findall(r"(?:\\(?:sum|prod)_\{(.*?)=1\}|\\max_\{1 \\le (.*?) \\le)", latex(term))
    bound = [left or right for left, right in letters]
    assert len(set(bound)) == len(bound) and not set(bound) & {*free, "x", "p"}


def test_opened_indices_get_letters_by_their_size() -> None:
    scope = Scope((("K", Domain("Size")), ("z", Domain("Real", (K,))), ("k", Domain("Index", (K,)))))
    term = at(z, var("#0")) - at(z, k)
    assert latex(term, Names([term], scope)) == "z_j - z_k"
    body = total(K, z0 * at(z, var("#0")))
    assert latex(body, Names([body], scope)) == r"\sum_{l=1}^{K} z_l z_j"
    assert latex(total(K, z0), Names(hints={"K": "m"})) == r"\sum_{m=1}^{K} z_m"


def test_a_name_given_to_an_index_in_words_is_free() -> None:
    statement = Term("all", n, Term("le", ZERO, total(n, p0 * at(q, B1))))
    runs = Writer([statement]).statement(statement)
    formulas = [run.latex for run in runs if isinstance(run, Formula)]
    assert formulas == [r"\sum_{j=1}^{n} p_j q_i \ge 0", r"i = 1, \ldots, n"]


# Forms


def derivations() -> list[Derivation]:
    return [block for block in document(SAMPLE) if isinstance(block, Derivation)]


def test_forms_are_found_by_being_there() -> None:
    assert {"html", "latex", "markdown", "terminal"} <= set(forms())
    assert len({form.SUFFIX for form in forms().values()}) == len(forms())


@pytest.mark.parametrize("name", sorted(forms()))
def test_every_form_shows_every_line(name: str) -> None:
    shown = forms()[name].render(SAMPLE, links=None)
    flat = " ".join(shown.split())
    write = {
        "html": lambda f: f.latex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        "latex": lambda f: f.latex,
        "markdown": lambda f: markdown.safe(f.latex),
        "terminal": lambda f: f.text,
    }[name]
    lines = [line for derivation in derivations() for line in derivation.lines]
    assert len(lines) == sum(len(theorem.lines) for theorem in SAMPLE.theorems)
    for line in lines:
        for run in (*line.content, *line.reason):
            if isinstance(run, Formula):
                assert write(run) in flat
            else:
                assert [word for word in re.findall(r"[a-z]+", run) if word not in flat] == []
        assert all(rule.split()[0] in flat for rule in line.rules)
        assert line.residue is None or write(line.residue) in flat
    for example in SAMPLE.examples:
        assert all(row.value in flat and row.printed in flat for row in example.rows)
    assert "800000000" in flat or "8e+08" in flat
    assert "np.errstate" in flat


MARK = {
    "html": ('class="mark yes"', 'class="mark no"'),
    "latex": (r"\markyes{}", r"\markno{}"),
    "markdown": ("✓", "✗"),
    "terminal": ("✓", "✗"),
}


@pytest.mark.parametrize("name", sorted(MARK))
@pytest.mark.parametrize("accepted", [True, False])
def test_marks_follow_the_verdict(name: str, accepted: bool) -> None:
    lines = (JudgedLine("", a, Prose("start"), accepted=accepted), JudgedLine("=", b, Prose("next"), accepted=accepted))
    theorem = replace(GRADIENT, lines=lines, verdict="proved" if accepted else "refused", uses=())
    result = replace(SAMPLE, theorems=(theorem,), refutations=(), examples=(), functions=())
    shown = forms()[name].render(result, links=None)
    if name == "latex":
        shown = shown.partition(r"\begin{document}")[2]
    yes, no = MARK[name]
    assert shown.count(yes if accepted else no) == 4  # result, theorem and two lines
    assert (no if accepted else yes) not in shown


def test_a_refused_case_heading_is_marked() -> None:
    theorem = replace(GRADIENT, lines=(JudgedLine("case", Term("eq", a, b), Prose("Case"), accepted=False),), verdict="proved")
    result = replace(SAMPLE, theorems=(theorem,), refutations=(), examples=(), functions=())
    for name, (_, no) in MARK.items():
        assert no in forms()[name].render(result, links=None)


HOSTILE = "<script>alert(1)</script> $x$ \\input{/etc/passwd} 50% & # _a_ *b* ~ ^ `c` | {none} \\end{document} \x1b[31m λ ≥ 中"


def hostile() -> dict[str, str]:
    theorem = replace(GRADIENT, lines=(JudgedLine("", a, Prose(HOSTILE), (HOSTILE,)),), witness=HOSTILE, reason=HOSTILE)
    result = replace(SAMPLE, title=Prose(HOSTILE), source=HOSTILE, theorems=(theorem,))
    result = replace(result, functions=(replace(SAMPLE.functions[0], source=HOSTILE + "\n\\end{Verbatim}\n````\n"),))
    return {name: form.render(result, links=None) for name, form in forms().items()}


def test_hostile_prose_is_only_text() -> None:
    shown = hostile()
    assert "<script" not in shown["html"] and "&lt;script&gt;" in shown["html"]
    body = shown["latex"].partition(r"\begin{document}")[2]
    assert r"\input" not in body and body.count(r"\end{document}") == 1 and body.count(r"\end{Verbatim}") == 1
    outside = re.sub(r"\\begin\{Verbatim\}.*?\\end\{Verbatim\}", "", body, flags=re.S)
    assert not re.search(r"(?<!\\)%", outside) and "\x1b" not in body
    outside = re.sub(r"(`{3,}).*?\n\1\n", "", shown["markdown"], flags=re.S)
    assert "<script" not in outside and r"\$x\$" in outside and r"\`c\`" in outside and r"\_a\_" in outside
    assert "\x1b" not in shown["terminal"] and "<script>" in shown["terminal"]


def test_latex_keeps_quotes_and_knows_unknown_letters() -> None:
    assert escape.for_latex("“a” – ≥ θ é 中") == r"``a'' -- \ensuremath{\ge} \ensuremath{\theta} é {\footnotesize[U+4E2D]}"
    assert escape.for_latex_listing("a\\b{c}") == r"a\textbackslash{}b\{c\}"


def test_markdown_formulas_have_nothing_that_markdown_takes() -> None:
    for term, _ in PRINTED:
        assert not re.search(r"\\[^A-Za-z]|[*<>|]", markdown.safe(latex(term)))


def test_html_needs_no_network_and_labels_every_line() -> None:
    shown = html.render(SAMPLE, links={"gibbs.positive": "gibbs.html#positive", "index": "index.html"})
    assert not re.search(r"https?://|//cdn|<script|@import|url\(", shown)
    ids = re.findall(r'id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    assert all(f'id="{line.id}"' in shown for derivation in derivations() for line in derivation.lines)
    assert '<a href="gibbs.html#positive">' in shown and '<a href="#identity">' in shown
    listing = html.index([SAMPLE])
    assert 'href="kl_sample.html"' in listing and 'class="mark no"' in listing


def test_terminal_without_colours_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = terminal.render(SAMPLE)
    assert "\x1b" not in shown and max(map(len, shown.splitlines())) <= 100
    assert "kl_sample" in terminal.index([SAMPLE])


# Tools


@pytest.mark.tex
@pytest.mark.parametrize("which", ["sample", "hostile"])
def test_latex_compiles(which: str, tmp_path: Path) -> None:
    log = compiled(latex_form.render(SAMPLE) if which == "sample" else hostile()["latex"], tmp_path)
    if which == "sample":
        assert "Overfull \\hbox" not in log and "Missing character" not in log


@pytest.mark.tex
def test_every_printed_formula_compiles(tmp_path: Path) -> None:
    body = "\n".join(rf"\[ {latex(term)} \]" for term, _ in PRINTED)
    compiled(rf"{latex_form.PREAMBLE}\begin{{document}}{body}\end{{document}}", tmp_path)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", ["result", "index"])
def test_html_fits_the_screen(page: str, width: int, tmp_path: Path) -> None:
    source = html.render(SAMPLE) if page == "result" else html.index([SAMPLE])
    assert overflow(source, width, tmp_path) <= 0


@pytest.mark.browser
def test_what_does_not_fit_the_screen_is_seen(tmp_path: Path) -> None:
    wide = html.render(SAMPLE).replace("</body>", '<div style="width: 3000px">x</div></body>')
    assert overflow(wide, 390, tmp_path) > 1000


# The site


def test_site_is_made_from_the_results(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    shutil.copytree(Path(__file__).parents[1] / "docs", source, ignore=shutil.ignore_patterns("_build", "results"))
    (source / "decisions").mkdir(exist_ok=True)
    (source / "decisions" / "placeholder.md").write_text("# A decision\n", encoding="utf-8")
    program = (
        "import sys, types; from render_sample import SAMPLE; m = types.ModuleType('derivations.build');"
        "m.all_results = lambda: [SAMPLE]; sys.modules['derivations.build'] = m;"
        "from sphinx.cmd.build import main; sys.exit(main(['-W', '-q', '-b', 'html', *sys.argv[1:]]))"
    )
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(here), str(here.parent)))}
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "site")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, env=environment, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    shown = (tmp_path / "site" / "results" / "kl_sample.html").read_text(encoding="utf-8")
    assert 'id="gradient-3"' in shown and 'class="mark no"' in shown and not re.search("cdn|mathjax@|katex", shown.lower())
    trusted = (tmp_path / "site" / "trusted-base.html").read_text(encoding="utf-8")
    assert "terms.py" in trusted and "softmax" in trusted
    assert "a one-hot vector" in (tmp_path / "site" / "meaning.html").read_text(encoding="utf-8")
