"""What was checked: an empty object that only the checker makes, and the record it keeps of it."""

from __future__ import annotations

import weakref
from dataclasses import fields
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

from .domains import Domain, Scope
from .proof import Claim, Proof, refuse
from .terms import Term


class Record(NamedTuple):
    """What was checked."""

    claim: Claim
    proof: Proof
    used: tuple[str, ...]  #: names of the rules and principles used
    cites: tuple[str, ...]  #: labels of the statements cited
    copy: Claim  #: the claim as it was when it was checked, in other objects

    @property
    def scope(self) -> Scope:
        """The variables and hypotheses of the claim."""
        return self.claim.scope

    @property
    def goal(self) -> Term:
        """The statement of the claim."""
        return self.claim.goal


class Checked:
    """A claim whose proof was accepted. Objects of this class are empty: what was checked stands in the kernel's record.

    Copies, unpickled objects and objects made in any other way have no record, so they are nobody's proof; nor has one
    whose claim was tampered with. The attributes are those of :class:`Record`.
    """

    __slots__ = ("__weakref__",)

    def __init__(self) -> None:
        raise TypeError("only check() makes a Checked")

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Checked has no subclasses")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_record(self), name)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Checked cannot be copied or pickled; check the claim again")


_checked: weakref.WeakKeyDictionary[Checked, Record] = weakref.WeakKeyDictionary()


def own(value: Any, made: dict[int, Any]) -> Any:
    """A claim or a proof built anew, of parts that nobody else holds; :class:`Refused` for what is not exactly of our types.

    ``made`` holds what was built for a part, by its identity: a part that stands in many places is built once.
    """
    kind = type(value)
    if kind in (str, int):
        return value
    if id(value) in made:
        return made[id(value)][1]
    if kind is tuple:
        new: Any = tuple(own(v, made) for v in value)
    elif kind is Fraction:
        parts = value.numerator, value.denominator
        new = Fraction(*parts) if all(type(v) is int for v in parts) else refuse("not a number")
    elif kind is Term:
        new = Term(own(value.op, made), *own(value.args, made))
    elif kind in (Proof, Claim, Scope, Domain):
        new = kind(*(own(getattr(value, f.name), made) for f in fields(kind)))
    else:
        refuse("not a claim or a proof")
    made[id(value)] = value, new
    return new


def _record(c: Checked) -> Record:
    record = _checked.get(c) if type(c) is Checked else None
    if record is None or own(record.claim, {}) != record.copy:
        refuse("this was not made by check(), or was changed")
    return record


def require_checked(c: object) -> Checked:
    """``c`` if it was made by :func:`check`; :class:`Refused` otherwise."""
    if type(c) is not Checked:
        refuse("a checked statement is needed here")
    _record(c)
    return c


def _enter(record: Record) -> Checked:
    """A :class:`Checked` for a record; the checker alone calls this."""
    checked = object.__new__(Checked)
    _checked[checked] = record
    return checked


__all__ = ["Checked", "Record", "own", "require_checked"]
