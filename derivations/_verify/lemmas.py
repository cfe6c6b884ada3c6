"""The catalogue's statements for a proof to cite, each checked anew by the kernel when it is first asked for.

Judging the catalogue takes seconds; checking a recorded proof takes milliseconds. The committed certificates are only
where the proofs come from: what the kernel does not accept is not a lemma.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from .._kernel.check import Checked, Refused, check
from .._kernel.terms import IllFormed
from ..certificate import SCHEMA, WITH_FORMULA, certificate, decode, decode_claim, encode_line, text
from ..judged import JudgedLine

FOLDER = Path(__file__).parents[1] / "_certificates"


class Lemmas(Mapping[str, Checked]):
    """Checked statements by label."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._checked: dict[str, Checked | None] = {}

    @cached_property
    def _recorded(self) -> dict[str, dict[str, Any]]:
        recorded = {}
        for path in sorted(self.folder.glob("*.json")):
            for theorem in json.loads(path.read_text(encoding="utf-8"))["theorems"]:
                recorded[theorem["label"]] = theorem
        return recorded

    def __getitem__(self, label: str) -> Checked:
        if label not in self._checked:
            theorem = self._recorded[label]
            self._checked[label] = None  # what is cited in its own proof is not there
            try:
                self._checked[label] = check(decode_claim(theorem["claim"]), decode(theorem["proof"]), self)
            except (Refused, IllFormed):
                pass
            except BaseException:
                del self._checked[label]  # interrupted: to be asked for again
                raise
        found = self._checked[label]
        if found is None:
            raise KeyError(label)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._recorded)

    def __len__(self) -> int:
        return len(self._recorded)


class Extended(Mapping[str, Checked]):
    """Checked statements, and those which are proved on the way to one claim, for its proof to cite."""

    def __init__(self, base: Mapping[str, Checked]) -> None:
        self.base = base
        self._own: dict[str, Checked] = {}

    def keep(self, theorem: Checked) -> str:
        """The label under which a statement can be cited."""
        for label, known in self._own.items():
            if known.claim == theorem.claim:
                return label
        labels = (f"claim.lemma_{k}" for k in count(1))
        label = next(label for label in labels if label not in self._own and label not in self.base)
        self._own[label] = theorem
        return label

    def is_own(self, label: str) -> bool:
        """Whether the statement was proved on the way to the claim."""
        return label in self._own

    def __getitem__(self, label: str) -> Checked:
        return self._own[label] if label in self._own else self.base[label]

    def __iter__(self) -> Iterator[str]:
        yield from self.base
        yield from (label for label in self._own if label not in self.base)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def whole_certificate(
    label: str,
    checked: Checked,
    library: Mapping[str, Checked],
    lines: Mapping[str, Iterable[JudgedLine]],
    formula: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A certificate file for a claim: what is cited before what cites it, and the claim last, each with its lines.

    ``formula`` is what the claim was read from, if it was.
    """
    theorems: dict[str, dict[str, Any]] = {}

    def add(name: str, theorem: Checked) -> None:
        if name not in theorems:
            for cited in theorem.cites:
                add(cited, library[cited])
            shown = [encode_line(line) for line in lines.get(name, ())]
            theorems[name] = {**certificate(name, theorem, library), "lines": shown}

    add(label, checked)
    if formula is not None:
        theorems[label]["formula"] = formula
    schema = SCHEMA if formula is None else WITH_FORMULA
    return dict(json.loads(text({"schema": schema, "result": "claim", "theorems": list(theorems.values())})))


__all__ = ["Extended", "Lemmas", "whole_certificate"]
