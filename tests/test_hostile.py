"""Text from outside stays text: the same hostile strings through every way into a page, a document, a notebook, a terminal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hostile import (
    CANARY,
    active_html,
    active_latex,
    active_markdown,
    everything,
    steering,
    strings,
    text_of_html,
)
from render_sample import GRADIENT, SAMPLE
from tools import tool

from derivations import cli
from derivations._render import escape, forms
from derivations._render.latex import PREAMBLE
from derivations._verify.page import render
from derivations._verify.verdict import Counterexample, Verdict
from derivations.judged import Prose
from derivations.sphinx_ext import claim_html, claim_latex, claim_text
from derivations.verify import verify

FOLDER = Path("/tmp/lossproof-hostile")
ALL = strings(FOLDER)
ACTIVE = {"html": active_html, "latex": active_latex, "markdown": active_markdown}
#: Formulas which can be read, with something beside them that is not to act.
READ = [
    (r"x = x \label*{+ 1}", "x: Real"), (r"x = x \tag*{\input{secret}}", "x: Real"),
    (r"$$ x = x \label{<script>} $$", "x: Real"), (r"x \le \mathrm{a\_b} + x", "x: Real; a_b: Positive"),
]  # fmt: skip


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    try:
        code = cli.main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    out = capsys.readouterr()
    return code, out.out + out.err


# ---- the functions


@pytest.mark.parametrize("text", ALL, ids=lambda t: ascii(t)[:30])
def test_every_string_becomes_text_in_every_target(text: str) -> None:
    html = f"<p title='{escape.for_html(text)}'>{escape.for_html(text)}</p>"
    assert active_html(html) == [] and text_of_html(html) == " ".join(escape.visible(text).split())
    listing = f"\\begin{{Verbatim}}[x]\n{escape.for_latex_listing(text)}\n\\end{{Verbatim}}"
    assert active_latex(escape.for_latex(text) + "\n" + listing) == [] and "\n" not in escape.for_latex(text)
    marked = escape.for_markdown(text)
    for page in (f"{marked}\n", f"- **a:** {marked}\n", f"> {marked}\n", f"# {marked}\n", f"| a |\n|---|\n| {marked} |\n"):
        assert active_markdown(page.replace("| a |", "a\n\n| a |") if page[0] == "|" else page) == []
    assert active_markdown(escape.for_markdown_listing(text, "text")) == []
    assert steering(escape.for_terminal(text)) == []
    assert steering(escape.for_json(json.dumps(text, ensure_ascii=False))) == []
    assert json.loads(escape.for_json(json.dumps([text], ensure_ascii=False))) == [text]
    assert not active_html(f'<a href="{escape.for_html(escape.for_url(text.encode(errors="replace").decode()))}">x</a>')


@pytest.mark.parametrize("target", ["html", "latex", "markdown", "terminal"])
def test_the_checks_see_what_is_not_escaped(target: str) -> None:
    """Each check finds something in the raw strings, so that finding nothing means something."""
    found = {"html": active_html, "latex": active_latex, "markdown": active_markdown, "terminal": steering}[target]
    seen = [text for text in ALL if found(f"a {text}" if target == "latex" else text)]
    assert len(seen) >= 10


# ---- pages of verdicts


def verdicts(text: str) -> list[Verdict]:
    """A verdict of every kind with the text in every field that holds text."""
    words = {f.name: text for f in fields(Verdict) if f.type == "str" and f.name != "verdict"}
    lists = dict.fromkeys(("conditions", "conventions", "rules", "uses"), (text, text))
    point = Counterexample({text: 1}, {text: text}, {text: 2}, text, text, text, text, text)
    formula = verify("x = x", "x: Real").formula
    return [
        Verdict("proved", formula=formula, **words, **lists),
        Verdict("refuted", counterexample=point, formula=formula, **words),
        Verdict("undecided", **words, **lists),
        Verdict("error", **words),
    ]


@pytest.mark.parametrize("verdict", verdicts(everything(FOLDER)), ids=lambda v: v.verdict)
def test_pages_of_verdicts(verdict: Verdict) -> None:
    for form, active in ACTIVE.items():
        for fragment in (False, True):
            assert active(render(verdict, form, fragment=fragment)) == [], form
    assert active_html(claim_html(verdict, "claim-a")) == []
    assert active_latex(claim_latex(verdict)) == [] and steering(claim_text(verdict)) == []
    assert steering(verdict.text()) == []
    bundle = verdict._repr_mimebundle_()
    assert steering(bundle["text/plain"]) == [] and active_html(bundle["text/html"]) == []
    assert active_latex(bundle["text/latex"]) == [] and active_markdown(bundle["text/markdown"]) == []


@pytest.mark.parametrize(("latex", "where"), READ, ids=lambda t: t[:24])
def test_what_is_shown_is_what_was_judged(latex: str, where: str) -> None:
    verdict = verify(latex, where)
    shown = [render(verdict, form, fragment=f) for form in ACTIVE for f in (False, True)]
    for page in (*shown, claim_html(verdict, "a"), claim_latex(verdict)):
        body = page.partition(r"\begin{document}")[2] or page.partition("</style>")[2] or page
        if verdict.verdict == "error":
            continue
        assert not any(word in body for word in (r"\label", r"\tag", "<script", r"\input"))
        assert latex.startswith(r"x \le") or ("x = x" in body and "+ 1" not in body)


# ---- the command


def test_the_command_prints_no_character_that_steers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = tmp_path / "a\x1b[31m\u202eb\n2 claims in 1 file: 2 proved.md"
    odd.write_text(
        "```{claim}\n:id: \x1b]0;x\x07\n\nx \x9b = x\n```\n\n```{claim}\n:where: x: Real\n\nx = \u202e\n```\n", "utf-8"
    )
    broken = tmp_path / "\x1b[2J.py"
    broken.write_text("def f(:\n", encoding="utf-8")
    for arguments in (
        ("verify", str(odd), str(broken)), ("verify", str(odd), "--json"), ("verify", str(tmp_path / "no\x1b.md")),
        ("verify", "x", "y\x1b", "--where", "x: Real"),
        ("show", "\x1b[31m"), ("check", str(tmp_path / "no\x9b.py")), ("axioms", "\x1b.\x1b"), ("emit", "\x1b"),
        ("verify", "x = x", "--\x1b[31m"), ("derive", "\x1b", "x", "--where", "x: Real"), ("new", "\x1b[31m"),
    ):  # fmt: skip
        code, out = run(*arguments, capsys=capsys)
        assert code and out and steering(out) == [], arguments
        assert "\n2 claims in 1 file" not in out, arguments


def test_files_of_a_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run("verify", READ[0][0], "--where", "x: Real", "-o", str(tmp_path / "out\x1b[31m"), capsys=capsys)
    assert steering(out) == []
    if code == 0:  # read without its margin, or refused: never shown with it
        for form, suffix in (("html", ".html"), ("latex", ".tex"), ("markdown", ".md")):
            page = (tmp_path / "out\x1b[31m" / f"claim{suffix}").read_text(encoding="utf-8")
            assert ACTIVE[form](page) == [] and "+ 1" not in page.partition("document}")[2]


# ---- pages of results


def hostile_result(text: str):  # type: ignore[no-untyped-def]
    theorem = replace(
        GRADIENT, name=text, title=Prose(text), witness=text, reason=text, rules=(text,), uses=(text, f"kl_sample.{text}"),
        lines=tuple(replace(line, reason=Prose(text), rules=(text,)) for line in GRADIENT.lines),
    )  # fmt: skip
    function = replace(SAMPLE.functions[0], name=text, source=text, theorem=text, note=text)
    example = replace(SAMPLE.examples[0], id=text, text=Prose(text), remark=Prose(text))
    return replace(
        SAMPLE, name=text, subject=text, title=Prose(text), summary=Prose(text), source=text, theorems=(theorem,),
        functions=(function,), examples=(example,),
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(forms()))
def test_pages_of_results(name: str) -> None:
    text = everything(FOLDER)
    for links in (None, {text: f"{text}.html", f"kl_sample.{text}": "javascript:alert(1)", "index": "javascript:alert(1)"}):
        links = links and {k: v.encode(errors="replace").decode() for k, v in links.items()}
        page = forms()[name].render(hostile_result(text), links=links)
        assert ACTIVE.get(name, steering)(page) == []
    if hasattr(forms()[name], "index"):
        one = replace(hostile_result("javascript:alert(1)"), subject=text)
        assert ACTIVE.get(name, steering)(forms()[name].index([one])) == []


RESULT = """
from sympy import Eq
from pathlib import Path
from derivations.authoring import *

TEXT = Path({path!r}).read_text(encoding="utf-8")

def derivation():
    (x,) = scalars("x,")
    return Result(TEXT, TEXT, TEXT, theorems=(Theorem("main", TEXT, "x: Real", Eq(x, x)),))
"""


def test_a_result_of_somebody_elses_is_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = re.sub(r"\{(\w+)\}", r"{\1 }", everything(FOLDER))  # {x} alone is a place for a formula in a result's prose
    (tmp_path / "text").write_text(text.encode(errors="replace").decode(), encoding="utf-8")
    path = tmp_path / "javascript:alert(1)\x1b[31m.py"
    path.write_text(RESULT.format(path=str(tmp_path / "text")), encoding="utf-8")
    _, out = run("build", str(path), "-o", str(tmp_path / "site"), capsys=capsys)
    assert steering(out) == [], out
    pages = [p for p in (tmp_path / "site").rglob("*") if p.suffix in (".html", ".md", ".tex")]
    assert len(pages) == 4, out
    for page in pages:
        form = {".html": "html", ".md": "markdown", ".tex": "latex"}[page.suffix]
        assert ACTIVE[form](page.read_text(encoding="utf-8")) == [], page.name


# ---- Sphinx


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Claims with hostile formulas, domains and ids, built as HTML and LaTeX."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "secret.tex").write_text(CANARY, encoding="utf-8")
    conf = ('project = "x"', 'extensions = ["derivations.sphinx_ext"]', 'html_theme = "basic"',
            'latex_elements = {"fncychap": "", "fontpkg": ""}')  # fmt: skip
    (folder / "conf.py").write_text("\n".join(conf), encoding="utf-8")
    rows = ["x", "=", ""]
    texts = [" ".join(escape.visible(text).split()) for text in strings(folder)[::2]]
    texts += [rf"x = x \label*{{\input{{{folder / 'secret.tex'}}}}}", rf"x = x \tag*{{\input{{{folder / 'secret.tex'}}}}}"]
    for text in texts:
        rows += [".. claim::", "   :where: x: Real", "", f"   {text}", ""]
    rows += [".. claim::", f"   :where: {texts[0]}", "   :id: <script>", "", "   x = x", ""]
    (folder / "index.rst").write_text("\n".join(rows), encoding="utf-8")
    for builder in ("html", "latex"):
        command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, str(folder), str(folder / builder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        assert steering(done.stdout.replace("\x1b[91m", "").replace("\x1b[31m", "").replace("\x1b[39;49;00m", "")) == []
    return folder


def claims_of(page: str, begin: str, end: str) -> str:
    return begin.join(part.partition(end)[0] for part in page.split(begin)[1:])


def test_claims_on_a_site(site: Path) -> None:
    html = (site / "html" / "index.html").read_text(encoding="utf-8")
    inside = claims_of(html, '<div class="lossproof', '<div class="clearer">')
    assert "alert(1)" in inside and active_html('<div class="' + inside) == []
    (tex,) = (site / "latex").glob("*.tex")
    body = tex.read_text(encoding="utf-8").partition(r"\begin{document}")[2]
    first, begin, rest = body.partition(r"\begin{sphinxVerbatim}")
    inside = (begin + rest).split(r"\renewcommand{\indexname}")[0]
    assert r"\textbackslash{}input" in inside and active_latex(inside) == [] and "alert" not in first


# ---- TeX


def compiled_text(folder: Path, name: str) -> str:
    """The text of the PDF; the document is given every chance: a shell escape is allowed."""
    command = [tool("pdflatex"), "-interaction=nonstopmode", "-shell-escape", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=180, check=False)
    pdf = folder / f"{Path(name).stem}.pdf"
    assert pdf.exists() and b"\n!" not in done.stdout, done.stdout[-1500:].decode(errors="replace")
    return subprocess.run([tool("pdftotext"), str(pdf), "-"], capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.tex
def test_a_document_reads_writes_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text(CANARY, encoding="utf-8")
    text = everything(tmp_path)
    pages = [render(v, "latex") for v in verdicts(text)] + [forms()["latex"].render(hostile_result(text), links=None)]
    for k, page in enumerate(pages):
        (tmp_path / f"page{k}.tex").write_text(page, encoding="utf-8")
        shown = compiled_text(tmp_path, f"page{k}.tex")
        assert CANARY not in shown and "secret.tex" in "".join(shown.split())
    assert not (tmp_path / "written.tex").exists()


@pytest.mark.tex
def test_the_canary_can_be_seen(tmp_path: Path) -> None:
    """The same document with one command that is not escaped shows the file, and another writes one."""
    (tmp_path / "secret.tex").write_text(CANARY, encoding="utf-8")
    body = rf"\input{{secret.tex}} \immediate\write18{{touch {tmp_path / 'written.tex'}}}"
    (tmp_path / "page.tex").write_text(f"{PREAMBLE}\\begin{{document}}{body}\\end{{document}}", encoding="utf-8")
    assert CANARY in compiled_text(tmp_path, "page.tex") and (tmp_path / "written.tex").exists()


@pytest.mark.tex
def test_a_manual_reads_and_writes_nothing(site: Path) -> None:
    (tex,) = (site / "latex").glob("*.tex")
    shown = compiled_text(site / "latex", tex.name)
    assert CANARY not in shown and "input" in shown and not (site / "written.tex").exists()


@pytest.mark.tex
def test_every_letter_compiles(tmp_path: Path) -> None:
    letters = "".join(map(chr, range(0x20, 0x500))) + "".join(map(chr, range(0x2000, 0x2300)))
    body = "\n".join(escape.for_latex(letters[k : k + 20]) for k in range(0, len(letters), 20))
    (tmp_path / "page.tex").write_text(f"{PREAMBLE}\\begin{{document}}{body}\\end{{document}}", encoding="utf-8")
    assert compiled_text(tmp_path, "page.tex")
