"""The reader as the decision asks it: a reading, or one message that says what, where, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

from .._kernel.domains import Scope
from .._kernel.meaning import Written
from .._kernel.terms import IllFormed, Term
from .._reader import ReadError, Untranslatable
from .._reader import read as read_latex
from .._reader.reading import Reading
from .._reader.translate import translated
from .._search.integrals import worth
from .eyes import Eyes
from .raw_eyes import RawEyes
from .verdict import clean


class Unread(Exception):
    """What cannot be read with certainty, in words for its author."""


@dataclass(frozen=True)
class Read:
    """A claim that was read."""

    reading: Reading

    @property
    def read_as(self) -> str:
        """The claim printed back."""
        return self.reading.read_as

    @property
    def conventions(self) -> tuple[str, ...]:
        """What decided the reading, where the formula alone did not."""
        return self.reading.conventions

    def translated(self) -> tuple[Written, tuple[Scope, Term]]:
        """The claim with what was chosen for it, and what it says in the language of the rules."""
        try:
            return translated(self.reading, worth)
        except Untranslatable as error:
            raise Unread(f"no rules for this: {error}") from error
        except IllFormed as error:
            raise Unread(f"not a statement of the rules' language: {error}") from error


def read(latex: str, where: str, strict: bool = False) -> Read:
    """The reading of a claim; :class:`Unread` if it cannot be read with certainty."""
    try:
        return Read(read_latex(latex, where, strict=strict))
    except ReadError as error:
        raise Unread(clean(error.show())) from error
    except IllFormed as error:
        raise Unread(str(error)) from error
    except RecursionError as error:
        raise Unread("the formula is nested too deep") from error


def eyes_of(read: Read) -> Eyes:
    """The witness which looks at the formula as it was written."""
    return RawEyes(read.reading)


__all__ = ["Read", "Unread", "eyes_of", "read"]
