"""What somebody may put where text is expected, and what may be active in each target."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt

CANARY = "canary4711"  #: the content of a file which no document may show


def strings(folder: Path) -> list[str]:
    """Hostile texts; a file ``secret.tex`` of the folder holds the canary, and ``written`` is not to appear there."""
    secret, written = folder / "secret.tex", folder / "written.tex"
    commands = [
        rf"\input{{{secret}}}",
        rf"\label*{{\input{{{secret}}}}}",
        rf"\csname input\endcsname {secret} ",
        rf"^^5cinput{{{secret}}}",
        rf"\immediate\write18{{touch {written}}}",
        rf"\newwrite\w\immediate\openout\w={written}\immediate\write\w{{x}}",
        rf"\catcode`\$=12 \end{{Verbatim}}\input{{{secret}}}",
        rf"\end{{sphinxVerbatim}}\input{{{secret}}}",
        rf"$\input{{{secret}}}$",
        rf"}}\input{{{secret}}}{{",
        rf"%{chr(10)}{chr(10)}\input{{{secret}}}",
        r"\end{document}",
        r"\href{javascript:alert(1)}{x}",
        r"a & b \\ \hline # ~ ^ _ $ % { }",
        "\\",
    ]
    pages = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "</span></code></pre><b>",
        "<!-- x",
        "&lt;script&gt;",
        '<a href="javascript:alert(1)">x</a>',
        "</style><script>1</script>",
        "javascript:alert(1)",
    ]
    markdown = [
        "[x](javascript:alert(1))",
        "![x](http://evil.example/x.png)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)",
        "`code` ``more``",
        "a | b\n---|---\n1 | 2",
        "\n\n# heading\n\n",
        "\n\n- item\n",
        "$$\\href{javascript:alert(1)}{x}$$",
        "{raw}`x`",
        "\n```{raw} html\n<script>alert(1)</script>\n```\n",
        "\n:::{raw} html\nx\n:::\n",
        "(target)=",
        "{{ name }}",
        "````\n~~~\n",
        "% comment",
        "+++",
        "---",
        "===",
        "1. one",
        "    code",
        "\n    code\n",
        "&#92;input",
        "**bold** _it_ ~~x~~",
        "[^1]",
        "text\n: definition",
        ":field: x",
        r"\\[ \href{javascript:alert(1)}{x} \\]",
        "@someone",
        "\\`",
    ]
    rst = [
        "\n.. raw:: html\n\n   <script>alert(1)</script>\n",
        ":raw:`x`",
        "|x|",
        "`x <javascript:alert(1)>`_",
        ".. include:: x",
    ]
    terminal = [
        "\x1b]0;title\x07",
        "\x1b[2J\x1b[31m",
        "\x9b31m",
        "\x08\x08\x7f",
        "\rproved",
        "\u202egnp.exe",
        "\u2066a\u2069",
        "\u200b",
        "\u2028x\u2029",
        "\x00",
        "\ud800",
        "\u00ad",
        "\ufeff",
        "[bold red]x[/]",
        "[/]",
        "\x85",
    ]
    return [*commands, *pages, *markdown, *rst, *terminal]


def everything(folder: Path) -> str:
    """All of them in one text."""
    return "\n".join(strings(folder))


# ---- what is active, in each target; nothing of it is to be found


def steering(text: str) -> list[str]:
    """Characters which steer a terminal or turn the writing round."""
    return [c for c in text if not (c.isprintable() or c == "\n")]


TAGS = frozenset(
    [
        *(
            "html",
            "head",
            "meta",
            "link",
            "title",
            "style",
            "body",
            "main",
            "h1",
            "h2",
            "h3",
            "p",
            "span",
            "div",
            "dl",
            "dt",
            "dd",
        ),
        *("ol", "ul", "li", "a", "b", "i", "br", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "nav", "details"),
        *("summary", "math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msub", "msup"),
        *("msubsup", "munder", "mover", "munderover", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle", "mpadded"),
    ]
)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            address = re.match(r"\s*[a-zA-Z][\w+.-]*:", value or "")
            if name.startswith("on") or (name in ("href", "src", "action") and address and value != "data:,"):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def active_html(page: str) -> list[str]:
    """Tags, attributes and comments which no page of ours has; and characters that steer."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    return parser.found + steering(page)


def text_of_html(page: str) -> str:
    """The text of a page."""
    parser = _Page()
    parser.feed(page)
    return " ".join("".join(parser.text).split())


COMMANDS = re.compile(
    r"\\(?:input|include|write|openout|openin|read|csname|catcode|immediate|newwrite|def|let|href|url|label|hline|verb|special)"
    r"(?![A-Za-z])|\^\^|\\end\{document\}(?=.*\\end\{document\})", re.DOTALL,
)  # fmt: skip
_LISTING = re.compile(r"\\begin\{((?:sphinx)?Verbatim)\}\[[^\]]*\]\n(.*?)\n\\end\{\1\}", re.DOTALL)


def active_latex(source: str) -> list[str]:
    """Commands which no document of ours has in its body, special characters that are not escaped, characters that steer."""
    body = source.partition(r"\begin{document}")[2] or source
    listings = "".join(found[2] for found in _LISTING.finditer(body))
    outside = _LISTING.sub("", body)
    found = COMMANDS.findall(outside) + re.findall(r"\\(?!textbackslash\{\}|[{}]|ensuremath\{|footnotesize\[)", listings)
    return found + re.findall(r"(?<!\\)%", outside) + steering(body)


def active_markdown(page: str) -> list[str]:
    """Links to anywhere but the page, images, HTML but anchors, headings and code that are not ours; as MyST reads it too."""
    found = steering(page)
    for parser in (MarkdownIt("commonmark").enable(["table", "strikethrough"]), _myst()):
        tokens = parser.parse(page)
        for token in [inner for outer in tokens for inner in (outer, *(outer.children or ()))]:
            if token.type == "link_open" and re.match(r"\s*([a-zA-Z][\w+.-]*:|//)", str(token.attrs["href"])):
                found.append(f"link {token.attrs['href']}")
            elif token.type in ("image", "code_block", "hr") or token.type.startswith(("myst_", "substitution", "colon_fence")):
                found.append(f"{token.type} {token.content}")
            elif token.type in ("html_inline", "html_block"):
                found += [] if re.fullmatch(r'(<a id="[\w.-]*">|</a>|\s)*', token.content) else [token.content]
            elif token.type == "fence" and token.info.strip() not in ("text", "python"):
                found.append(f"fence {token.info}")
            elif token.type in ("math_inline", "math_block") and re.search(r"\\(href|input)", token.content):
                found.append(token.content)
            elif token.type in ("bullet_list_open", "ordered_list_open", "table_open") and token.level > 1:
                found.append(token.type)
    return found


def _myst() -> MarkdownIt:
    from myst_parser.config.main import MdParserConfig
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer
    from myst_parser.parsers.mdit import create_md_parser

    extensions = {"colon_fence", "dollarmath", "amsmath", "substitution", "deflist", "fieldlist", "attrs_inline", "tasklist"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), DocutilsRenderer)
