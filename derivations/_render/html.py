"""HTML: one page that needs nothing but itself; formulas are MathML, everything else is text that wraps."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from ..judged import JudgedResult
from .blocks import Derivation, Facts, Form, Formula, Heading, Line, Listing, Paragraph, Runs, Table
from .escape import for_html as escape
from .escape import for_url
from .mathml import mathml
from .notation import RELATIONS
from .page import document, page_title
from .words import MARK_WORDS, MARKS, VERDICTS, say

SUFFIX = ".html"
INDEX = "index.html"


def stylesheet() -> str:
    """The style of a page; rules for the lines of a derivation serve the Sphinx site too."""
    return files(__package__).joinpath("page.css").read_text(encoding="utf-8")


class Html(Form):
    """Blocks as semantic HTML."""

    def prose(self, text: str) -> str:
        return escape(text)

    def formula(self, formula: Formula) -> str:
        written = mathml(formula.latex, formula.display)
        return f'<span class="display">{written}</span>' if formula.display else written

    def link(self, label: str) -> str:
        target = self.target(label)
        return f'<a href="{escape(target)}">{escape(label)}</a>' if target else f"<span>{escape(label)}</span>"

    def mark(self, ok: bool | None) -> str:
        kind = {True: "yes", False: "no", None: "open"}[ok]
        return f'<span class="mark {kind}" role="img" aria-label="{say(MARK_WORDS[ok])}">{MARKS[ok]}</span>'

    def heading(self, heading: Heading) -> str:
        identity = f' id="{escape(heading.id)}"' if heading.id else ""
        return f"<h{heading.level}{identity}>{self.runs(heading.runs)}</h{heading.level}>"

    def paragraph(self, paragraph: Paragraph) -> str:
        role = f' class="{paragraph.role}"' if paragraph.role else ""
        return f"<p{role}>{self.runs(paragraph.runs)}</p>"

    def facts(self, facts: Facts) -> str:
        rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{self.runs(runs)}</dd></div>" for name, runs in facts.rows)
        return f'<dl class="facts">{rows}</dl>'

    def derivation(self, derivation: Derivation) -> str:
        return '<ol class="lines">\n' + "\n".join(self.line(line) for line in derivation.lines) + "\n</ol>"

    def line(self, line: Line) -> str:
        """One line: number, relation, formula, mark, and under them the reason with its rules."""
        number = "" if line.number is None else f'<a class="number" href="#{escape(line.id)}">({line.number})</a>'
        relation = mathml(RELATIONS[line.relation][0]) if line.relation else ""
        content = self.runs(line.content)
        reason = self.reason(line.reason, line.rules)
        if line.number is None:
            mark = "" if line.accepted else self.mark(False)
            head = f'<p class="casehead"><b>{reason}</b>{": " if content else ""}{content} {mark}</p>'
            return f'<li class="case" id="{escape(line.id)}" style="--depth:{line.depth}">{head}</li>'
        residue = ""
        if line.residue is not None:
            words = say("Left minus right leaves ")
            residue = f'<p class="residue">{words}<span class="scroll">{self.formula(line.residue)}</span></p>'
        kind = "line" if line.relation or len(line.content) == 1 else "line words"
        return (
            f'<li class="{kind}{"" if line.accepted else " refused"}" id="{escape(line.id)}" style="--depth:{line.depth}">'
            f'{number}<span class="relation">{relation}</span><div class="scroll formula" tabindex="0">{content}</div>'
            f'{self.mark(line.accepted)}<div class="reason">{reason}</div>{residue}</li>'
        )

    def reason(self, reason: Runs, rules: tuple[str, ...]) -> str:
        """The reason and, set apart from it, the rules."""
        names = ", ".join(f"<i>{escape(rule)}</i>" for rule in rules)
        return self.runs(reason) + (f' <span class="rules">[{names}]</span>' if names else "")

    def table(self, table: Table) -> str:
        def row(cells: Iterable[str], tag: str) -> str:
            side = ("" if k not in table.numeric else ' class="number"' for k in range(len(table.head)))
            return "<tr>" + "".join(f"<{tag}{s}>{c}</{tag}>" for c, s in zip(cells, side, strict=True)) + "</tr>"

        body = "".join(row(map(self.runs, cells), "td") for cells in table.rows)
        head = row(map(escape, table.head), "th")
        return f'<div class="scroll" tabindex="0"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'

    def listing(self, listing: Listing) -> str:
        return f'<pre tabindex="0"><code class="language-{listing.language}">{escape(listing.code)}</code></pre>'


def page(title: str, body: str) -> str:
    """A whole HTML file."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<link rel="icon" href="data:,">\n<title>{escape(title)}</title>\n<style>\n{stylesheet()}</style>\n</head>\n'
        f'<body class="lossproof">\n<main class="derivation">\n{body}\n</main>\n</body>\n</html>\n'
    )


def plain(runs: Runs) -> str:
    """Runs as text alone."""
    return "".join(r if isinstance(r, str) else r.text if isinstance(r, Formula) else "" for r in runs)


def render(result: JudgedResult, *, links: dict[str, str] | None = None) -> str:
    """The page of a result."""
    form = Html(result.name, links)
    blocks = document(result)
    up = for_url(links["index"]) if links and "index" in links else None
    way = f'<nav><a href="{escape(up)}">{say("All results")}</a></nav>\n' if up else ""
    return page(plain(page_title(result)), way + form.blocks(blocks))


def index(results: Iterable[JudgedResult]) -> str:
    """The page that lists the results, each with verdict and evidence."""
    form, rows = Html(), []
    for result in results:
        mark, words = VERDICTS.get(result.verdict, (None, result.verdict))
        title = f'<a href="{escape(for_url(result.name + SUFFIX))}">{form.runs(page_title(result))}</a>'
        kind = f'<span class="evidence">{escape(result.evidence)}</span>' if result.evidence else ""
        rows.append(
            f'<li class="result"><div>{title}<br><span class="subject">{escape(result.subject)}</span></div>'
            f"<div>{form.mark(mark)} {escape(say(words))}</div><div>{kind}</div></li>"
        )
    body = f"<h1>{say('Results')}</h1>\n" + '<ul class="results">\n' + "\n".join(rows) + "\n</ul>"
    return page(say("Results"), body)


__all__ = ["INDEX", "SUFFIX", "Html", "index", "render", "stylesheet"]
