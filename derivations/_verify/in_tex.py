"""Claims in LaTeX: ``\\begin{claim}[where={…}, id={…}] … \\end{claim}``, outside comments and verbatim text."""

from __future__ import annotations

import re

from .found import TEX_MARK, Found, Marks, bad_id, counted

#: Environments whose content TeX does not read.
VERBATIM = r"verbatim\*?|Verbatim\*?|BVerbatim|LVerbatim|lstlisting|minted|comment|alltt|filecontents\*?"
_SILENT = re.compile(
    rf"(?P<escaped>\\[%\\])|%[^\n]*|\\begin\s*\{{(?P<kind>{VERBATIM})\}}.*?(?:\\end\s*\{{(?P=kind)\}}|\Z)"
    r"|\\iffalse(?![A-Za-z]).*?(?:\\fi(?![A-Za-z])|\Z)"
    r"|\\(?:verb|lstinline)\*?(?P<bar>[^\sA-Za-z*{])[^\n]*?(?P=bar)|\\end\s*\{document\}.*",
    re.DOTALL,
)
_BEGIN = re.compile(r"\\begin\s*\{claim\}")
_END = re.compile(r"\\end\s*\{claim\}")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")


def marks(text: str) -> Marks:
    """The claims of a LaTeX text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = Marks()
    bare = _blanked(text)
    position = 0
    while (begin := _BEGIN.search(bare, position)) is not None:
        line = bare.count("\n", 0, begin.start()) + 1
        position = begin.end()
        end, following = _END.search(bare, position), _BEGIN.search(bare, position)
        if end is None or (following and following.start() < end.start()):
            found.claims.append(Found(line, "", "", "", r"there is no \end{claim}"))
            continue
        found.claims.append(_claim(bare[position : end.start()], line))
        position = end.end()
    lines = counted(text, TEX_MARK)
    live = [claim.line for claim in found.claims]
    for line in lines:
        if live.count(line) < lines.count(line) and not _BEGIN.search(bare.split("\n")[line - 1]):
            found.shown.add(line)
    return found.agree(lines)


def _blanked(text: str) -> str:
    """The text with comments and verbatim material replaced by spaces; lines stay where they are."""

    def blank(match: re.Match[str]) -> str:
        whole = match[0]
        return whole if match["escaped"] else re.sub(r"[^\n]", " ", whole)

    return _SILENT.sub(blank, text)


def _claim(body: str, line: int) -> Found:
    given, rest = _bracketed(body)
    if given is None:
        return Found(line, body.strip(), "", "", "the bracket of options is not closed")
    read = _pairs(given)
    unknown = [key for key in read if key not in ("where", "id")]
    latex = _LABEL.sub("", rest).strip()
    problem = ""
    if unknown:
        problem = rf"cannot read the option {unknown[0][:40]!r}; write \begin{{claim}}[where={{p: Simplex[n]}}, id={{name}}]"
    elif not latex:
        problem = r"there is no formula before \end{claim}"
    name = read.get("id", "")
    return Found(line, latex, read.get("where", ""), name, problem or bad_id(name))


def _bracketed(body: str) -> tuple[str | None, str]:
    """What stands in the square brackets with which the environment begins, and the rest."""
    start = re.match(r"\s*\[", body)
    if start is None:
        return "", body
    depth = 0
    for place in range(start.end(), len(body)):
        depth += {"{": 1, "}": -1}.get(body[place], 0)
        if body[place] == "]" and depth == 0:
            return body[start.end() : place], body[place + 1 :]
    return None, body


def _pairs(text: str) -> dict[str, str]:
    """Options ``key={value}``, separated by commas at the level of the bracket."""
    parts, depth, current = [], 0, ""
    for c in text:
        depth += {"{": 1, "}": -1, "[": 1, "]": -1}.get(c, 0)
        if c == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += c
    parts.append(current)
    read: dict[str, str] = {}
    for part in filter(str.strip, parts):
        key, _, value = part.partition("=")
        value = value.strip()
        read[key.strip()] = " ".join((value[1:-1] if value[:1] == "{" and value[-1:] == "}" else value).split())
    return read


__all__ = ["marks"]
