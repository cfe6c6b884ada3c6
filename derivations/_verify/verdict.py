"""A verdict on one claim, as plain data: what was read, what came out, and all that is needed to show it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from .._render.escape import for_terminal, visible

VERDICTS = ("proved", "refuted", "undecided", "error")
#: What a verdict says to a shell: proved, refuted, undecided, error. The worst of several is the highest of FALSE, USAGE, …
CODES = {"proved": 0, "refuted": 1, "error": 2, "undecided": 3}
CONTRADICTION = 4


@dataclass(frozen=True)
class Counterexample:
    """An exact point at which a claim fails."""

    sizes: dict[str, int]
    values: dict[str, Any]  #: name → exact number as text, or nested lists of these
    indices: dict[str, int]
    lhs: str  #: both sides there, as decimal numbers
    rhs: str
    relation: str
    established: str  #: how it is known that the claim fails there
    did_you_mean: str = ""  #: a claim one change away which is proved

    @property
    def smallest(self) -> str:
        """The sizes of the point, in words: sizes are tried in order, so it failed at no smaller ones that were tried."""
        return ", ".join(f"{name} = {size}" for name, size in self.sizes.items())

    def said(self) -> str:
        """The point on one line."""
        given = [f"{k} = {v}" for k, v in (*self.sizes.items(), *self.indices.items())]
        given += [f"{name} = {written(value)}" for name, value in self.values.items()]
        return ", ".join(given) or "everywhere"


def written(value: Any) -> str:
    """An exact value as text: lists in round brackets."""
    return f"({', '.join(map(written, value))})" if isinstance(value, (list, tuple)) else str(value)


@dataclass(frozen=True)
class Verdict:
    """What came out for one claim.

    ``verdict`` is "proved", "refuted", "undecided" or "error" (the claim cannot be read). ``conditions`` are definedness
    conditions alone: what the formula as written leaves implicit. In a notebook a verdict shows itself.
    """

    verdict: str
    read_as: str = ""  #: the claim printed back, with its bindings and domains
    evidence: str = ""  #: "replayed" or "derived", of a proved one
    conditions: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    reason: str = ""  #: why it is not proved; for an error, what is wrong and what to write instead
    seconds: float = 0.0
    id: str = ""
    source: str = ""  #: the claim as it was given
    formula: dict[str, Any] | None = field(default=None, repr=False)  #: its tree with the domains: what pages show
    where: str = ""
    witness: str = ""  #: what the second witness said
    conventions: tuple[str, ...] = ()  #: reading conventions that decided something
    rules: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()  #: catalogue results that the proof cites
    certificate: dict[str, Any] | None = field(default=None, repr=False)  #: of a proved one, with all it cites
    trace: dict[str, Any] | None = field(default=None, repr=False)  #: scope, statement and lines as plain data
    contradiction: str = ""  #: rules and second witness disagree: a fault of this software
    checked: Any = field(default=None, repr=False, compare=False)  #: the kernel's object, in the process that proved it

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not true or false; ask whether verdict.verdict == 'proved'")

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and sent to another process: all but the kernel's object, which only a check makes."""
        return {**self.__dict__, "checked": None}

    @property
    def code(self) -> int:
        """The exit code which this verdict asks for."""
        return CONTRADICTION if self.contradiction else CODES[self.verdict]

    def as_json(self) -> dict[str, Any]:
        """The keys which ``lossproof verify --jsonl`` prints, and no others."""
        example = None
        if self.counterexample is not None:
            example = {f.name: getattr(self.counterexample, f.name) for f in fields(self.counterexample)}
            example["smallest_size"] = self.counterexample.sizes
        return {
            "id": self.id, "verdict": self.verdict, "read_as": self.read_as, "evidence": self.evidence,
            "conditions": list(self.conditions), "counterexample": example, "reason": self.reason,
            "seconds": round(self.seconds, 3),
        }  # fmt: skip

    def as_data(self) -> dict[str, Any]:
        """Everything but the kernel's object, as JSON can carry it from one process to another."""
        words = ("source", "where", "witness", "conventions", "rules", "uses", "contradiction")
        return {**self.as_json(), **{name: getattr(self, name) for name in (*words, "formula", "certificate", "trace")}}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Verdict:
        """The verdict written by :meth:`as_data`."""
        example = {k: v for k, v in (data["counterexample"] or {}).items() if k != "smallest_size"} or None
        made: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in data.items()}
        made["counterexample"] = None if example is None else Counterexample(**example)
        return cls(**made)

    def named(self, id: str) -> Verdict:
        """The same verdict under an id."""
        return replace(self, id=id)

    def text(self) -> str:
        """The verdict as plain text."""
        return "\n".join(self.text_lines()) + "\n"

    def text_lines(self) -> list[str]:
        """What is said, line by line: the reading first, then the verdict with all that belongs to it."""
        rows = [("read as", self.read_as)] if self.read_as else []
        rows += [("convention", words) for words in self.conventions]
        rows.append(("verdict", self.verdict + (f", {self.evidence}" if self.evidence else "")))
        rows += [("provided", condition) for condition in self.conditions]
        if (at := self.counterexample) is not None:
            rows += [("at", at.said()), ("there", f"{at.lhs} {at.relation} {at.rhs} does not hold")]
            rows.append(("known by", at.established))
            rows += [("smallest", f"{at.smallest}, and none was met at smaller sizes")] if at.smallest else []
            rows += [("did you mean", at.did_you_mean)] if at.did_you_mean else []
        rows += [("reason", self.reason)] if self.reason else []
        rows += [("witness", self.witness)] if self.witness and self.verdict == "proved" else []
        return [for_terminal(f"{name:12} {line}").rstrip() for name, words in rows for name, line in _indented(name, words)]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The forms which a notebook may choose from."""
        from .page import render

        bundle = {"text/plain": self.text()}
        for kind, form in (("text/html", "html"), ("text/latex", "latex"), ("text/markdown", "markdown")):
            bundle[kind] = render(self, form, fragment=True)
        wanted = {k: v for k, v in bundle.items() if not include or k in include}
        return {k: v for k, v in wanted.items() if k not in (exclude or ())}


def _indented(name: str, words: str) -> list[tuple[str, str]]:
    """A fact whose words run over several lines: the name stands before the first."""
    lines = words.split("\n")
    return [(name, lines[0]), *(("", line) for line in lines[1:])]


def clean(text: str, limit: int = 2000) -> str:
    """Text from outside without characters that steer a terminal, and not longer than is of use to anybody."""
    kept = visible(text)
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def worst(codes: list[int]) -> int:
    """The exit code of several verdicts: contradiction, then false, then unreadable, then undecided, then all proved."""
    return next((code for code in (CONTRADICTION, 1, 2, 3) if code in codes), 0)


__all__ = ["CONTRADICTION", "VERDICTS", "Counterexample", "Verdict", "clean", "worst", "written"]
