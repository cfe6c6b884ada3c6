"""Proofs and claims are data; a refusal says what ought to have been equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from .domains import STATEMENT, Scope, sort
from .terms import IllFormed, Term

Values = tuple[tuple[str, Term], ...]  #: names with what is put in for them


class Refused(Exception):
    """A proof that does not prove what it should: ``left`` and ``right`` are what ought to be equal."""

    def __init__(self, why: str, left: Term | None = None, right: Term | None = None) -> None:
        super().__init__(why)
        self.left, self.right = left, right


@dataclass(frozen=True)
class Proof:
    """A principle (see ``PRINCIPLES``) and what it is applied to: terms, proofs, names, numbers and tuples of these."""

    kind: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A statement, with the domains and hypotheses under which it is made."""

    scope: Scope
    goal: Term

    def check(self) -> None:
        """Raise :class:`IllFormed` unless the claim makes sense."""
        self.scope.check()
        if sort(self.goal, self.scope) != STATEMENT:
            raise IllFormed("a claim is a statement")


def refuse(why: str, left: Term | None = None, right: Term | None = None) -> NoReturn:
    """Raise :class:`Refused`."""
    raise Refused(why, left, right)


def conjunction(statements: list[Term]) -> Term:
    """The statements joined by "and"; one alone stands for itself."""
    return statements[0] if len(statements) == 1 else Term("and", *statements)


#: What malformed data may raise on its way through the checker.
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)

__all__ = ["MALFORMED", "Claim", "Proof", "Refused", "Values", "conjunction", "refuse"]
