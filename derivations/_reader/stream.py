"""Tokens read one after another, with messages that name a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from derivations._kernel.tree import Node

from .reading import ReadError
from .tokens import Token

MAX_DEPTH = 100  # of nested expressions and products


class Stream:
    """The tokens of one formula, and the conventions that decided how it is read."""

    def __init__(self, source: str, tokens: list[Token]) -> None:
        self.source, self.tokens = source, tokens
        self.end = Token("end", "", len(source.rstrip()), len(source.rstrip()) + 1)
        self.at = self.depth = 0
        self.notes: dict[str, tuple[int, int]] = {}  #: conventions, and where each decided

    @property
    def now(self) -> Token:
        """The token read next."""
        return self.tokens[self.at] if self.at < len(self.tokens) else self.end

    def ahead(self, by: int = 1) -> Token:
        """A token further on."""
        return self.tokens[self.at + by] if self.at + by < len(self.tokens) else self.end

    def next(self) -> Token:
        """Take one token."""
        t = self.now
        self.at += 1
        return t

    def accept(self, *kinds: str) -> Token | None:
        """Take one token if it is of these kinds."""
        return self.next() if self.now.kind in kinds else None

    def expect(self, kind: str, what: str, fix: str = "") -> Token:
        """Take one token of a kind."""
        if self.now.kind != kind:
            self.fail(f"{what} is expected here", fix=fix)
        return self.next()

    def fail(self, what: str, at: Token | Node | tuple[int, int] | None = None, fix: str = "") -> NoReturn:
        """Refuse the formula at a place."""
        if at is None:
            at = self.now
        span = at if isinstance(at, tuple) else at.span if isinstance(at, Node) else (at.start, at.end)
        raise ReadError(what, self.source, span, fix)

    def since(self, start: int) -> tuple[int, int]:
        """From a place in the source to the last token taken."""
        return start, max(self.tokens[self.at - 1].end if self.at else 0, start + 1)

    def note(self, convention: str, span: tuple[int, int] | None = None) -> None:
        """Record that only a convention decided."""
        self.notes.setdefault(convention, span or (self.now.start, self.now.end))

    def shown(self, start: int, end: int | None = None) -> str:
        """The source between two places, shortened."""
        text = " ".join(self.source[start : end if end is not None else self.since(start)[1]].split())
        return text if len(text) <= 60 else f"{text[:57]}..."

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"the formula is nested more than {MAX_DEPTH} deep")
        yield
        self.depth -= 1


__all__ = ["MAX_DEPTH", "Stream"]
