"""Questions from lines of JSON, and from the claims of files; what cannot be asked is an error with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .found import Found, Marks, Unreadable, bad_id, find
from .pool import Asked
from .verdict import Verdict, clean

#: A line of JSON may be this long, and no longer: the rest of it is read and dropped.
MAX_LINE = 100_000


def from_lines(stream: IO[bytes], strict: bool = False) -> Iterator[Asked | Verdict]:
    """One question a line; a line that is none becomes an error, with the number of the line where there is no id."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (more := stream.readline(MAX_LINE)) and not more.endswith(b"\n"):
                pass
            yield Verdict("error", id=str(number), reason=f"line {number} is longer than {MAX_LINE} bytes")
        elif line.strip():
            yield _question(line, number, strict)


def _question(line: bytes, number: int, strict: bool) -> Asked | Verdict:
    try:
        data = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except Twice as error:
        return _bad(number, str(number), str(error))
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "it is not text in UTF-8, or nested too deep"
        return _bad(number, str(number), f"not JSON: {what}")
    if not isinstance(data, dict):
        return _bad(number, str(number), 'not an object; write {"id": …, "where": …, "latex": …}')
    name = data.get("id", str(number))
    name = clean(name if isinstance(name, str) else json.dumps(name), 200)
    latex, where = data.get("latex"), data.get("where", "")
    if not isinstance(latex, str) or not isinstance(where, str):
        return _bad(number, name, '"latex" and "where" are text, and "latex" is needed')
    return {"id": name, "latex": latex, "where": where, "strict": strict or data.get("strict") is True}


class Twice(ValueError):
    """A line of JSON that says two things, or what is no JSON."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose keys stands twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Twice(f"the key {clean(key, 40)!r} stands twice")
        found[key] = value
    return found


def _no_number(word: str) -> None:
    """NaN and Infinity, which Python would take, are no JSON."""
    raise Twice(f"not JSON: {word} is no number")


def _bad(number: int, name: str, what: str) -> Verdict:
    return Verdict("error", id=name, reason=f"line {number}: {what}")


@dataclass(frozen=True)
class Placed:
    """A claim of a file, with the place to report."""

    path: Path
    found: Found

    @property
    def name(self) -> str:
        """The id, or the line where there is none that could be one."""
        return f"line-{self.found.line}" if bad_id(self.found.id) or not self.found.id else self.found.id

    @property
    def place(self) -> str:
        """What editors and terminals make a link of."""
        return f"{self.path}:{self.found.line}"

    def question(self, *, strict: bool = False, detail: bool = False) -> Asked | Verdict:
        """The question, or the error if it cannot be asked."""
        found = self.found
        if found.problem:
            return Verdict("error", id=self.name, reason=found.problem, source=clean(found.latex), where=clean(found.where))
        return {"id": self.name, "latex": found.latex, "where": found.where, "strict": strict, "detail": detail}


@dataclass(frozen=True)
class Looked:
    """What a file holds: its claims, the marks that are only shown, and what is wrong with the file as a whole."""

    path: Path
    claims: tuple[Placed, ...] = ()
    shown: int = 0
    lost: tuple[int, ...] = ()
    problem: str = ""


def look(path: Path) -> Looked:
    """The claims of a file; two with one id are told apart, and reported."""
    try:
        marks: Marks = find(path)
    except Unreadable as error:
        return Looked(path, problem=str(error))
    except OSError as error:
        return Looked(path, problem=f"{path}: {error.strerror or error}")
    claims, seen = [], set[str]()
    for found in marks.claims:
        if found.id and found.id in seen:
            problem = f"the id {found.id!r} is used twice in this file"
            found = Found(found.line, found.latex, found.where, "", found.problem or problem)
        seen.add(found.id)
        claims.append(Placed(path, found))
    return Looked(path, tuple(claims), len(marks.shown), tuple(marks.lost))


def as_row(placed: Placed, verdict: Verdict) -> dict[str, Any]:
    """The JSON of a verdict on a claim of a file."""
    return {"file": str(placed.path), "line": placed.found.line, **verdict.as_json()}


__all__ = ["MAX_LINE", "Looked", "Placed", "as_row", "from_lines", "look"]
