"""Claims found in a text: where each stands, and a second count of the marks which must agree with the first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

#: How a directive is opened in Markdown, and in reStructuredText; a mark is counted whatever stands around it.
FENCE_MARK = re.compile(r"^[\s>*+\-]*(?:\d+[.)]\s*)?(?:`{3,}|~{3,}|:{3,})[ \t]*\{claim\}", re.IGNORECASE)
RST_MARK = re.compile(r"^\s*\.\. +claim::", re.IGNORECASE)
TEX_MARK = re.compile(r"\\begin\s*\{claim\}")
#: Folders that hold no text of the user's own.
SKIPPED = {"node_modules", "__pycache__", "_build", "build", "dist", "site-packages"}
MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Found:
    """A claim as it stands in a file. ``problem`` says why it cannot be judged, if it cannot."""

    line: int  #: the line of the mark, counted from 1
    latex: str
    where: str
    id: str = ""
    problem: str = ""


@dataclass
class Marks:
    """The claims of a text, the marks that are only shown (in a code block, a comment), and those nobody accounts for."""

    claims: list[Found] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)  #: lines of marks which stand in code or in a comment
    lost: list[int] = field(default_factory=list)  #: lines of marks that were counted, but neither read nor seen to be shown

    def agree(self, counted: list[int]) -> Marks:
        """Compare with an independent count of the lines on which a mark stands."""
        known = {claim.line for claim in self.claims} | self.shown
        self.lost = [line for line in counted if line not in known]
        self.claims.sort(key=lambda claim: claim.line)
        return self


class Unreadable(Exception):
    """A file that cannot be looked through: what is wrong and what to do."""


def counted(text: str, *marks: re.Pattern[str]) -> list[int]:
    """The lines on which a mark stands, one for each mark, by looking at nothing but the line."""
    return [number for number, line in enumerate(lines_of(text), 1) for mark in marks for _ in mark.finditer(line)]


def lines_of(text: str) -> list[str]:
    """The lines as an editor numbers them: only newlines end a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


_OPTION = re.compile(r"\s*:([A-Za-z][A-Za-z-]*):(?:\s+(.*))?$")
_YAML = re.compile(r"([A-Za-z][A-Za-z-]*)\s*:(?:\s+(.*))?$")


def options(block: list[str], line: int) -> Found:
    """The claim of a directive's lines: options first (``:where: …``, or between two lines ``---``), then the formula."""
    rest, given, problem = list(block), dict[str, str](), ""
    while rest and not rest[0].strip():
        rest.pop(0)
    pattern, key = _OPTION, ""
    if rest and rest[0].strip() == "---":
        pattern = _YAML
        rest.pop(0)
    while rest and rest[0].strip() and rest[0].strip() != "---":
        row = pattern.match(rest[0])
        if row is not None:
            key = row[1]
            given[key] = (row[2] or "").strip()
        elif key and rest[0].startswith((" ", "\t")):
            given[key] += " " + rest[0].strip()  # an option may go on over several lines
        else:
            break
        rest.pop(0)
    if pattern is _YAML and rest and rest[0].strip() == "---":
        rest.pop(0)
    unknown = [key for key in given if key not in ("where", "id", "name", "class")]
    values = {key: v[1:-1] if v[:1] in "\"'" and v[:1] == v[-1:] and len(v) > 1 else v for key, v in given.items()}
    latex = "\n".join(rest).strip()
    if unknown:
        problem = f"there is no option {unknown[0]!r}; a claim has :where: and :id:"
    elif not latex:
        problem = "there is no formula below the options"
    return Found(line, latex, values.get("where", ""), values.get("id", ""), problem or bad_id(values.get("id", "")))


def bad_id(name: str) -> str:
    """What is wrong with an id; nothing, if it may stand in a report and in a link."""
    good = not name or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}", name)
    return "" if good else f"{name[:40]!r} cannot be an id; use letters, digits, '-', '_' and '.'"


def find(path: Path) -> Marks:
    """The claims of a file, by its kind."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise Unreadable(f"{path}: claims are looked for in files that end in {', '.join(KINDS)}")
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"{path}: the file is larger than {MAX_BYTES // 10**6} MB")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    try:
        return find_in(text, kind)
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from error


def find_in(text: str, kind: str) -> Marks:
    """The claims of a text of a kind: "markdown", "rst", "tex" or "python"."""
    from importlib import import_module

    made: Marks = import_module(f"{__package__}.in_{kind}").marks(text)
    return made


KINDS = {
    ".md": "markdown", ".markdown": "markdown", ".myst": "markdown", ".rst": "rst", ".txt": "rst",
    ".tex": "tex", ".ltx": "tex", ".latex": "tex", ".sty": "tex", ".py": "python", ".pyi": "python",
}  # fmt: skip


def files(paths: list[Path]) -> list[Path]:
    """The files named, and those below the folders named which may hold claims; hidden and generated folders are left out."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        for inner in sorted(path.rglob("*")):
            parts = inner.relative_to(path).parts
            if inner.suffix.lower() in KINDS and inner.is_file() and not any(p.startswith(".") or p in SKIPPED for p in parts):
                found.append(inner)
    return list(dict.fromkeys(found))


__all__ = ["FENCE_MARK", "KINDS", "RST_MARK", "TEX_MARK", "Found", "Marks", "Unreadable", "counted", "files", "find", "find_in"]
