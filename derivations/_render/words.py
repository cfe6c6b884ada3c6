"""Every sentence a reader sees passes through one function, so that a page can be had in another language."""

from __future__ import annotations


def say(message: str, **values: object) -> str:
    """The message with its values put in."""
    return message.format(**values) if values else message


#: Verdict → (mark, words); the mark is True for ✓, False for ✗, None for neither.
VERDICTS: dict[str, tuple[bool | None, str]] = {
    "proved": (True, "Proved"),
    "refused": (False, "Not proved: a line, or the whole, does not hold"),
    "refuted": (False, "False"),
    "undecided": (None, "Undecided"),
}
EVIDENCE: dict[str, str] = {
    "derived": "every line was accepted as an instance of the rules named beside it, under the conditions shown",
    "replayed": "derived, and accepted by the second program as well",
    "enclosed": "verified by ball arithmetic over the whole domain",
}
MARKS = {True: "✓", False: "✗", None: "?"}
MARK_WORDS = {True: "accepted", False: "refused", None: "not decided"}

__all__ = ["EVIDENCE", "MARKS", "MARK_WORDS", "VERDICTS", "say"]
