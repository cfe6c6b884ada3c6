"""The Sphinx extension of the project: pages of results and tables of the trusted base, made from the objects.

It writes one page per result into ``results/`` below the documentation (not committed), sets formulas as MathML, and
has the directives ``domains-table``, ``definitions-table``, ``rules-table``, ``principles-table``, ``kernel-lines``,
``second-lines``, ``reader-lines`` and ``trusted-counts``.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import tokenize
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .._kernel.definitions import DEFINITIONS
from .._kernel.domains import KINDS
from .._kernel.terms import Term, var
from ..judged import JudgedResult
from .blocks import Block, Heading, Table
from .html import Html
from .markdown import Markdown
from .mathml import mathml
from .page import Writer, document, page_title, verdict
from .words import say

KERNEL = Path(__file__).parents[1] / "_kernel"


class Mixed(Markdown):
    """Headings as Markdown, for the table of contents; everything else as the HTML page has it."""

    def __init__(self, result: str, links: dict[str, str]) -> None:
        super().__init__(result, links)
        self.html = Html(result, links)

    def blocks(self, blocks: Iterable[Block]) -> str:
        parts = (self.heading(b) if isinstance(b, Heading) else raw(self.html.blocks([b])) for b in blocks)
        return "\n".join(parts)

    def anchor(self, name: str) -> str:
        return raw(super().anchor(name))


def raw(html: str) -> str:
    """A raw block, inside the class to which the style applies."""
    inside = html.replace("`", "&#96;")
    return f'``````{{raw}} html\n<div class="lossproof derivation">{inside}</div>\n``````\n'


def results() -> list[JudgedResult]:
    """All judged results, with their functions."""
    return list(importlib.import_module("derivations.build").all_results())


def write_pages(folder: Path, found: Iterable[JudgedResult]) -> None:
    """One page per result and the page that lists them; a page that did not change is not touched."""
    found = sorted(found, key=lambda result: (result.subject, result.name))
    folder.mkdir(parents=True, exist_ok=True)
    links = {result.name: f"{result.name}.html" for result in found}
    for result in found:
        links |= {f"{result.name}.{theorem.name}": f"{result.name}.html#{theorem.name}" for theorem in result.theorems}
    pages = {f"{result.name}.md": Mixed(result.name, links).blocks(document(result)) for result in found}
    listed = "\n".join(result.name for result in found)
    rows = tuple((page_title(r), (r.subject,), verdict(r.verdict), (r.evidence,)) for r in found)
    table = Table((say("Result"), say("Subject"), say("Verdict"), say("Evidence")), rows)
    ledger = importlib.import_module("derivations.evidence").ledger(found)
    overview = f"{ledger}.\n\n" + raw(Html().table(table)) if found else say("There are no results yet.") + "\n"
    tree = f"```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n" if found else ""
    pages["index.md"] = f"# {say('Results')}\n\n{tree}\n{overview}"
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def domains_table() -> Table:
    """The table of domains."""
    brackets = {0: "", 1: "[n]", 2: "[n, m]"}
    rows = tuple(
        ((", ".join(name + brackets[shape] for shape in kind.shapes),), (kind.words.replace("{0}", "n"),))
        for name, kind in KINDS.items()
    )
    return Table((say("Domain"), say("Meaning; for a vector of numbers, of every entry")), rows)


def definitions_table() -> Table:
    """The defined functions."""
    rows = []
    for d in DEFINITIONS.values():
        left = Term("app", d.name, *(var(p[0]) for p in d.parameters))
        rows.append(((d.name,), Writer([left, d.body]).statement(Term("eq", left, d.body))))
    return Table((say("Name"), say("Definition")), tuple(rows))


def rules_table() -> Table:
    """The primitive rules: name, law, conditions."""
    rules = _kernel("rules", "RULES")
    rows = []
    for rule in rules.values():
        write = Writer([rule.law, *rule.conditions])
        conditions: list[Any] = []
        for condition in rule.conditions:
            conditions += [", "] if conditions else []
            conditions += write.statement(condition, False)
        if side := getattr(rule, "side", ""):
            conditions += ["; ", side] if conditions else [side]
        rows.append(((rule.name,), write.statement(rule.law), tuple(conditions)))
    return Table((say("Rule"), say("Law"), say("Where")), tuple(rows))


def principles_table() -> Table:
    """The inference principles."""
    rows = ((name.replace("_", " "), words.replace("``", "")) for name, words in _kernel("check", "PRINCIPLES").items())
    return Table((say("Principle"), say("In words")), tuple(((name,), (words,)) for name, words in rows))


def kernel_lines() -> Table:
    """The files of the kernel with their lengths, and what of that is code: no docstring, comment or blank line."""
    return lengths(sorted(KERNEL.glob("*.py")))


def reader_lines() -> Table:
    """The files between the text of a formula and its tree; what ``translate`` chooses is checked."""
    return lengths(path for path in sorted((KERNEL.parent / "_reader").glob("*.py")) if path.name != "translate.py")


def lengths(paths: Iterable[Path]) -> Table:
    """Files with their lines, and what of these is code."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    counts = [(name, len(text.splitlines()), code_lines(text)) for name, text in texts.items() if code_lines(text)]
    counts.append((say("together"), sum(c[1] for c in counts), sum(c[2] for c in counts)))
    rows = tuple(((name,), (str(lines),), (str(code),)) for name, lines, code in counts)
    return Table((say("File"), say("Lines"), say("of them code")), rows, frozenset({1, 2}))


def second_lines() -> Table:
    """The file of the second program with its length, and what of that is code."""
    text = (KERNEL.parent / "replay.py").read_text(encoding="utf-8")
    row = (("replay.py",), (str(len(text.splitlines())),), (str(code_lines(text)),))
    return Table((say("File"), say("Lines"), say("of them code")), (row,), frozenset({1, 2}))


def code_lines(text: str) -> int:
    """The number of lines with something on them that Python executes."""
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines = {n for t in tokens if t.type not in silent for n in range(t.start[0], t.end[0] + 1)}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def trusted_counts() -> Table:
    """How many rules, principles and definitions there are."""
    counts = (
        (say("rules"), "rules", "RULES"),
        (say("principles"), "check", "PRINCIPLES"),
        (say("definitions"), "definitions", "DEFINITIONS"),
    )
    rows = tuple(((words,), (str(len(_kernel(module, name))),)) for words, module, name in counts)
    return Table((say("Kind"), say("Number")), rows, frozenset({1}))


def authoring_table() -> Table:
    """What a result file can be written with: name, arguments, first sentence of the documentation."""
    authoring = importlib.import_module("derivations.authoring")
    rows = []
    for name in authoring.__all__:
        thing = getattr(authoring, name)
        if (inspect.isfunction(thing) or inspect.isclass(thing)) and str(thing.__module__).startswith("derivations"):
            arguments = ", ".join(inspect.signature(thing).parameters)
            words = " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split()).replace("``", "")
            rows.append(((f"{name}({arguments})",), (words,)))
        else:
            rows.append(((name,), (say("a defined function, as the table of definitions says"),)))
    return Table((say("Name"), say("Meaning")), tuple(rows))


def _kernel(module: str, name: str) -> dict[str, Any]:
    try:
        return dict(getattr(importlib.import_module(f"derivations._kernel.{module}"), name))
    except ModuleNotFoundError as error:
        if error.name != f"derivations._kernel.{module}":
            raise
        return {}


def directive(make: Callable[[], Table]) -> type[SphinxDirective]:
    """A directive without content which shows a table."""

    class Shown(SphinxDirective):
        def run(self) -> list[nodes.Node]:
            for path in KERNEL.glob("*.py"):  # the page is made again when the kernel changes
                self.env.note_dependency(str(path))
            html = f'<div class="lossproof derivation">{Html().table(make())}</div>'
            return [nodes.raw("", html, format="html")]

    return Shown


TABLES = (
    domains_table, definitions_table, rules_table, principles_table, kernel_lines, second_lines, reader_lines,
    trusted_counts,
    authoring_table,
)  # fmt: skip


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(f'<span class="derivation">{mathml(node.astext())}</span>')
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    written = mathml(node.astext(), True)
    translator.body.append(f'<div class="lossproof derivation"><div class="scroll">{written}</div></div>')
    raise nodes.SkipNode


def _begin(app: Sphinx) -> None:
    write_pages(Path(app.srcdir) / "results", results())


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    for make in TABLES:
        app.add_directive(make.__name__.replace("_", "-"), directive(make))
    app.setup_extension("derivations.sphinx_ext")
    app.connect("builder-inited", _begin)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
