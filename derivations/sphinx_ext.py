"""The Sphinx extension for anybody's pages: ``{claim}`` judges a formula where it stands, ``{derivation}`` shows a result.

Put "derivations.sphinx_ext" into ``extensions``. A claim that is refuted or cannot be read fails the build, also when its
page is not read again and when pages are read side by side; an undecided one is a warning.
"""

from __future__ import annotations

import atexit
import hashlib
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from ._render.escape import for_html, for_latex, for_latex_listing, for_terminal
from ._verify.formula import formula_latex
from ._verify.found import Found, Unreadable, find, options
from ._verify.verdict import Verdict

STYLE = "lossproof.css"
HERE = Path(__file__).parent
KEPT = "lossproof_claims"  #: where the environment keeps the verdicts of every page
WORDS = {"proved": "Proved", "refuted": "Refuted", "error": "Not read", "undecided": "Undecided"}
logger = logging.getLogger(__name__)


class shown(nodes.General, nodes.Element):
    """A claim or a result, in the forms which builders write."""


class Claim(SphinxDirective):
    """``{claim}``: a formula with ``:where:`` and ``:id:``."""

    has_content = True
    option_spec = {  # noqa: RUF012
        "where": directives.unchanged, "id": directives.unchanged, "class": directives.class_option,
        "name": directives.unchanged,
    }  # fmt: skip

    def run(self) -> list[nodes.Node]:
        """Judge it, remember the verdict for the end of the build, and show it."""
        given = [f":{key}: {' '.join(self.options[key].split())}" for key in ("where", "id") if self.options.get(key)]
        found = options([*given, "", *self.content], self.lineno)
        verdict = judged(found, float(self.config.lossproof_timeout))
        place = (self.env.docname, self.lineno)
        store(self.env).setdefault(self.env.docname, []).append((self.lineno, found.id, kept(verdict)))
        name = nodes.make_id(f"claim-{found.id or '-'.join(map(str, place))}")
        node = shown("", html=claim_html(verdict, name), latex=claim_latex(verdict), text=claim_text(verdict))
        node["ids"].append(name)
        self.set_source_info(node)
        return [node]


class Derivation(SphinxDirective):
    """``{derivation} NAME``: a result of the catalogue, or one of its statements as NAME.STATEMENT."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Show the result as it is judged here and now."""
        name, _, statement = self.arguments[0].partition(".")
        try:
            html, text = result_forms(name, statement)
        except KeyError as error:
            raise self.error(
                f"there is no result or statement {error.args[0]!r}; 'lossproof list' names the results"
            ) from error
        node = shown("", html=html, latex=verbatim(text), text=text)
        self.set_source_info(node)
        return [node]


# ---- judging


def judged(found: Found, timeout: float) -> Verdict:
    """The verdict on a claim, with its derivation."""
    if found.problem:
        return Verdict("error", reason=found.problem, source=found.latex, where=found.where, id=found.id)
    asked = {"id": found.id, "latex": found.latex, "where": found.where, "detail": True}
    verdict: Verdict = _pool(os.getpid()).ask(asked, timeout)
    return verdict


@cache
def _pool(process: int) -> Any:
    """The worker of this process; pages may be read by several."""
    from ._verify.pool import Pool

    pool = Pool(1)
    atexit.register(pool.close)
    return pool


@cache
def result_forms(name: str, statement: str) -> tuple[str, str]:
    """A result of the catalogue as HTML and as plain text."""
    from ._render import terminal
    from ._render.html import Html
    from ._render.page import document
    from .catalogue import Catalogue
    from .evidence import replayed

    catalogue = Catalogue()
    if name not in catalogue.known:
        raise KeyError(name)
    result = replayed(catalogue, catalogue.judge(name))
    if statement:
        chosen = tuple(t for t in result.theorems if t.name == statement)
        if not chosen:
            raise KeyError(f"{name}.{statement}")
        result = replace(result, theorems=chosen, examples=(), refutations=())
    blocks = [b for b in document(result) if getattr(b, "level", 0) != 1]
    return f'<div class="lossproof derivation">{Html(name).blocks(blocks)}</div>', terminal.render(result)


# ---- what is shown


def claim_html(verdict: Verdict, name: str) -> str:
    """The formula, a badge, what was read, and the derivation folded away."""
    from ._render.html import Html
    from ._verify.page import PLAIN, blocks, settable

    form = Html("claim")
    statement, facts, *lines = blocks(verdict, heading=False, name=name)
    statement = settable(statement, "html")
    kind = for_html(verdict.verdict)
    badge = f'<span class="verdict {kind}">{form.mark(MARKS[verdict.verdict])} {WORDS[verdict.verdict]}'
    badge += (f": {for_html(verdict.evidence)}" if verdict.evidence else "") + "</span>"
    badge += "".join(f", provided {for_html(condition)}" for condition in verdict.conditions)
    told = form.blocks([facts])
    folded = form.blocks(lines) if lines else ""
    title = "Derivation" if verdict.verdict == "proved" else "How far it came"
    details = f"<details><summary>{title}</summary>\n{told}\n{folded}</details>" if folded else told
    whole = f"{form.blocks([statement])}<p>{badge}</p>{details}"
    return f'<div class="lossproof derivation claim {kind} {PLAIN}" id="{for_html(name)}">{whole}</div>'


MARKS: dict[str, bool | None] = {"proved": True, "refuted": False, "error": False, "undecided": None}


def claim_latex(verdict: Verdict) -> str:
    """The formula, if it was read, and the verdict in words."""
    formula = formula_latex(verdict.formula)
    if not formula:
        return verbatim(verdict.text())
    said = f"{WORDS[verdict.verdict]}" + (f", {verdict.evidence}" if verdict.evidence else "")
    said += "".join(f", provided {condition}" for condition in verdict.conditions)
    return f"\n\\[ {formula} \\]\n\\noindent\\textit{{{for_latex(said)}.}}\n\n"


def claim_text(verdict: Verdict) -> str:
    """The formula as it was written, and the verdict."""
    return for_terminal(f"{verdict.source}\n{verdict.text()}")


def verbatim(text: str) -> str:
    """Plain text for LaTeX."""
    return f"\n\\begin{{sphinxVerbatim}}[commandchars=\\\\\\{{\\}}]\n{for_latex_listing(text)}\n\\end{{sphinxVerbatim}}\n"


def _write(form: str) -> tuple[Any, None]:
    def visit(translator: Any, node: nodes.Element) -> None:
        if form == "text":
            translator.new_state(0)
            translator.states[-1].append((0, node["text"].splitlines()))
            translator.end_state(wrap=False)
        else:
            translator.body.append(node[form])
        raise nodes.SkipNode

    return visit, None


def _silent(translator: Any, node: nodes.Element) -> None:
    raise nodes.SkipNode


# ---- the build


def kept(verdict: Verdict) -> dict[str, Any]:
    """What the end of the build needs of a verdict."""
    return replace(verdict, formula=None, certificate=None, trace=None, checked=None).as_data()


def store(env: BuildEnvironment) -> dict[str, list[tuple[int, str, dict[str, Any]]]]:
    """The verdicts by page."""
    if not hasattr(env, KEPT):
        setattr(env, KEPT, {})
    claims: dict[str, list[tuple[int, str, dict[str, Any]]]] = getattr(env, KEPT)
    return claims


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    store(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    store(env).update({name: rows for name, rows in store(other).items() if name in docnames})


def _count(app: Sphinx, doctree: nodes.document) -> None:
    """Marks on a page which no directive answered to, such as fences of colons where they are not switched on, are errors."""
    env = app.env
    try:
        marks = find(Path(env.doc2path(env.docname)))
    except (Unreadable, OSError):
        return
    rows = store(env).setdefault(env.docname, [])
    lines = [claim.line for claim in marks.claims] + marks.lost
    if len(rows) < len(lines):
        why = (
            f"this page has {len(lines)} claim marks, on the lines {', '.join(map(str, lines))}, and {len(rows)} became claims"
        )
        lost = Verdict("error", reason=why + "; is colon_fence among myst_enable_extensions?")
        rows.append((lines[0], "", lost.as_data()))


def _report(app: Sphinx, error: Exception | None) -> None:
    """Say what is not proved, on every page of the site; anything false or unread makes the build fail."""
    if error is not None:
        return
    for docname, rows in sorted(store(app.env).items()):
        for line, name, data in rows:
            verdict = Verdict.from_data(data)
            if verdict.verdict == "proved" and not verdict.contradiction:
                continue
            state = "cannot be read" if verdict.verdict == "error" else f"is {verdict.verdict}"
            told = for_terminal(f"the claim {name or ''} ".replace("  ", " ") + f"{state}\n{verdict.text()}".rstrip())
            where = (docname, line)
            if verdict.verdict == "undecided" and not verdict.contradiction:
                logger.warning(told, location=where, type="lossproof", subtype="undecided")
            else:
                fault = for_terminal(f"\nA FAULT OF LOSSPROOF: {verdict.contradiction}") if verdict.contradiction else ""
                logger.error(told + fault, location=where)
                app.statuscode = 1


def style(app: Sphinx, error: Exception | None) -> None:
    """Put the style beside the pages."""
    if error is None and app.builder.format == "html":
        from ._render.html import stylesheet

        target = Path(app.outdir) / "_static" / STYLE
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(site_style(stylesheet()), encoding="utf-8")


def site_style(page: str) -> str:
    """The page's style on a site: the colours follow the theme, and whatever is the body's own is left out."""
    rules = [line for line in page.splitlines() if not line.lstrip().startswith(("body.", "html", ".lossproof main"))]
    dark = next(line.strip() for line in rules if line.startswith("  .lossproof { --ink"))
    body = "\n".join(rules)
    return body + (
        f"\nbody[data-theme=dark] {dark}\nbody[data-theme=light] {rules[0]}\n"
        "body .lossproof { --ground: transparent; --ink: var(--color-foreground-primary); }\n"
        ".lossproof.claim { border-left: 3px solid currentColor; padding-left: 1em; margin: 1em 0; }\n"
    )


def machinery() -> str:
    """A hash of what judges: pages are read again when it changes."""
    digest = hashlib.sha256()
    for path in sorted(HERE.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls."""
    app.add_config_value("lossproof_timeout", 10.0, "env", (int, float))
    app.add_config_value("lossproof_machinery", machinery(), "env", (str,))
    html, latex, text = _write("html"), _write("latex"), _write("text")
    app.add_node(shown, html=html, latex=latex, text=text, man=(_silent, None), texinfo=(_silent, None))
    app.add_directive("claim", Claim)
    app.add_directive("derivation", Derivation)
    app.add_css_file(STYLE)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("doctree-read", _count)
    app.connect("build-finished", style)
    app.connect("build-finished", _report)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
