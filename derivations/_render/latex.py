"""LaTeX: an article per result for pdflatex; each line is its formula, with the reason as text below that wraps."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..judged import JudgedResult
from .blocks import Derivation, Facts, Form, Formula, Heading, Line, Listing, Paragraph, Runs, Table
from .escape import for_latex as escape
from .escape import for_latex_listing
from .html import plain
from .notation import RELATIONS
from .page import document, page_title
from .words import say

SUFFIX = ".tex"


def anchor(name: str) -> str:
    """A name for hyperref."""
    return re.sub(r"[^A-Za-z0-9.:-]", "-", name)


PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[a4paper,margin=27mm]{geometry}
\usepackage{amsmath,amssymb,pifont,textcomp}
\usepackage{xcolor,array,booktabs,tabularx,fvextra,needspace}
\usepackage{microtype}
\IfFileExists{upquote.sty}{\usepackage{upquote}}{}
\usepackage[hidelinks]{hyperref}
\definecolor{soft}{gray}{0.38}
\definecolor{yes}{rgb}{0.11,0.43,0.20}
\definecolor{no}{rgb}{0.68,0.12,0.10}
\setlength{\parindent}{0pt}\setlength{\parskip}{5pt plus 1pt}\setlength{\emergencystretch}{2em}
\setlength{\jot}{6pt}\allowdisplaybreaks\raggedbottom
\newcommand{\markyes}{\textcolor{yes}{\ding{51}}}
\newcommand{\markno}{\textcolor{no}{\ding{55}}}
\newcommand{\markopen}{\textbf{?}}
% \fact{name}{text}
\newcommand{\fact}[2]{\par\hangindent=8.6em\hangafter=1\makebox[8.6em][l]{\textcolor{soft}{#1}}#2\par}
\newenvironment{facts}{\par\medskip\small\setlength{\parskip}{2pt}\raggedright}{\par\medskip}
\newenvironment{statement}{\par\medskip\begingroup\leftskip=2em\rightskip=2em plus 1fil\relax}{\par\endgroup\medskip}
% \step{indent}{number}{relation}{formula}{mark}{reason}: a formula, and below it the reason, which wraps.
\newlength{\stepindent}\newlength{\stepwidth}
\newcommand{\step}[6]{\par\needspace{4\baselineskip}\setlength{\stepindent}{#1}%
  \setlength{\stepwidth}{\dimexpr\linewidth-\stepindent-6.4em\relax}%
  \noindent\hspace*{\stepindent}\makebox[2.4em][l]{\textcolor{soft}{\small #2}}\makebox[2em][c]{$#3$}%
  \parbox[t]{\stepwidth}{\raggedright\strut $\displaystyle #4$\strut}\hfill\makebox[2em][r]{#5}\par\nopagebreak
  {\leftskip=\dimexpr\stepindent+4.4em\relax\rightskip=2em plus 2em\parskip=1pt\small\color{soft}%
  #6\par}\addvspace{7pt plus 2pt}}
\newcommand{\stepwords}[5]{\par\needspace{4\baselineskip}\setlength{\stepindent}{#1}%
  \setlength{\stepwidth}{\dimexpr\linewidth-\stepindent-4.9em\relax}%
  \noindent\hspace*{\stepindent}\makebox[2.9em][l]{\textcolor{soft}{\small #2}}%
  \parbox[t]{\stepwidth}{\raggedright\strut #3\strut}\hfill\makebox[2em][r]{#4}\par\nopagebreak
  {\leftskip=\dimexpr\stepindent+4.4em\relax\rightskip=2em plus 2em\parskip=1pt\small\color{soft}%
  #5\par}\addvspace{7pt plus 2pt}}
\newcommand{\caseline}[2]{\par\needspace{5\baselineskip}\medskip\hspace*{#1}#2\par\nopagebreak}
\newcommand{\steprule}[1]{\textit{#1}}
"""


class Latex(Form):
    """Blocks as LaTeX."""

    def prose(self, text: str) -> str:
        return escape(text)

    def formula(self, formula: Formula) -> str:
        return rf"$\displaystyle {formula.latex}$" if formula.display else f"${formula.latex}$"

    def link(self, label: str) -> str:
        own = label.partition(".")[0] == self.result
        shown = rf"\texttt{{{escape(label)}}}"
        return rf"\hyperlink{{{anchor(label.partition('.')[2])}}}{{{shown}}}" if own else shown

    def mark(self, ok: bool | None) -> str:
        return {True: r"\markyes{}", False: r"\markno{}", None: r"\markopen{}"}[ok]

    def heading(self, heading: Heading) -> str:
        target = rf"\hypertarget{{{anchor(heading.id)}}}{{}}" if heading.id else ""
        text = self.runs(heading.runs)
        if heading.level == 1:
            return rf"{{\LARGE\bfseries\raggedright {target}{text}\par}}\bigskip"
        name = "section" if heading.level == 2 else "subsection"
        return rf"\{name}*{{{target}\texorpdfstring{{{text}}}{{{escape(plain(heading.runs))}}}}}"

    def paragraph(self, paragraph: Paragraph) -> str:
        text = self.runs(paragraph.runs)
        if paragraph.role == "statement":
            return f"\\begin{{statement}}\n{text}\n\\end{{statement}}\n"
        return f"{text}\n"

    def facts(self, facts: Facts) -> str:
        rows = "\n".join(rf"\fact{{{escape(name)}}}{{{self.runs(runs)}}}" for name, runs in facts.rows)
        return f"\\begin{{facts}}\n{rows}\n\\end{{facts}}\n"

    def derivation(self, derivation: Derivation) -> str:
        return "\n".join(self.line(line) for line in derivation.lines) + "\n"

    def line(self, line: Line) -> str:
        """One line of the derivation."""
        indent = f"{1.6 * line.depth:g}em"
        reason = self.reason(line.reason, line.rules)
        content = self.runs(line.content)
        if line.number is None:
            mark = "" if line.accepted else " " + self.mark(False)
            colon = ": " if content else ""
            return rf"\caseline{{{indent}}}{{\textbf{{{reason}}}{colon}{content}{mark}}}"
        if line.residue is not None:
            words = escape(say("Left minus right leaves "))
            reason += rf"\par\textcolor{{no}}{{{words}{self.formula(line.residue)}}}"
        mark = self.mark(line.accepted)
        if len(line.content) == 1 and isinstance(line.content[0], Formula):
            relation = RELATIONS[line.relation][0] if line.relation else ""
            name = rf"\step{{{indent}}}{{({line.number})}}{{{relation}}}{{{line.content[0].latex}}}"
        else:
            name = rf"\stepwords{{{indent}}}{{({line.number})}}{{{content}}}"
        return f"{name}{{{mark}}}{{{reason}}}"

    def reason(self, reason: Runs, rules: tuple[str, ...]) -> str:
        """The reason and the rules."""
        names = ", ".join(rf"\steprule{{{escape(rule)}}}" for rule in rules)
        return self.runs(reason) + (f" [{names}]" if names else "")

    def table(self, table: Table) -> str:
        kinds = ["r" if k in table.numeric else "l" for k in range(len(table.head))]
        flexible = next((k for k, kind in enumerate(kinds) if kind == "l"), None)
        if flexible is not None:
            kinds[flexible] = r">{\raggedright\arraybackslash}X"
        head = " & ".join(map(escape, table.head))
        body = "\n".join(" & ".join(map(self.runs, row)) + r" \\[2pt]" for row in table.rows)
        width = r"{\linewidth}" if flexible is not None else ""
        name = "tabularx" if flexible is not None else "tabular"
        return (
            f"{{\\small\\renewcommand{{\\arraystretch}}{{1.25}}\\begin{{{name}}}{width}{{@{{}}{''.join(kinds)}@{{}}}}\n"
            f"\\toprule\n{head} \\\\\n\\midrule\n{body}\n\\bottomrule\n\\end{{{name}}}\\par}}\\medskip\n"
        )

    def listing(self, listing: Listing) -> str:
        options = r"commandchars=\\\{\},fontsize=\footnotesize,breaklines,breakanywhere,frame=leftline,framesep=8pt"
        return f"\\begin{{Verbatim}}[{options}]\n{for_latex_listing(listing.code.rstrip())}\n\\end{{Verbatim}}\n"


def render(result: JudgedResult, *, links: dict[str, str] | None = None) -> str:
    """The article of a result."""
    title = escape(plain(page_title(result)))
    body = Latex(result.name, links).blocks(document(result))
    return f"{PREAMBLE}\\hypersetup{{pdftitle={{{title}}}}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


def index(results: Iterable[JudgedResult]) -> str:
    """All results in one document."""
    bodies = (Latex(result.name).blocks(document(result)) for result in results)
    return f"{PREAMBLE}\\begin{{document}}\n" + "\n\\clearpage\n".join(bodies) + "\n\\end{document}\n"


__all__ = ["SUFFIX", "Latex", "index", "render"]
