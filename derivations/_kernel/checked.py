"""What was checked: an empty object that only the checker makes, and the record it keeps of it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
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

    Copies, unpickled objects and objects made in any other way have no record, so they are nobody's proof. The attributes are
    those of :class:`Record`. Each time they are copies, in objects of their own: what is done to them changes no record.
    """

    __slots__ = ("__weakref__",)

    def __init__(self) -> None:
        raise TypeError("only check() makes a Checked")

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Checked has no subclasses")

    def __getattr__(self, name: str) -> Any:
        if name not in NAMES:
            raise AttributeError(name)
        return _copied(self, name)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Checked cannot be copied or pickled; check the claim again")


NAMES = frozenset({*Record._fields, "scope", "goal"})  #: the attributes of a record
#: Decides whether a proof, built anew, proves a claim, built anew: the rules and principles it uses, the labels it cites.
Judge = Callable[[Claim, Proof, Mapping[str, Checked]], tuple[tuple[str, ...], tuple[str, ...]]]
Check = Callable[[Claim, Proof, Mapping[str, Checked]], Checked]


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


def _sealed() -> tuple[Callable[[object, str], Any], Callable[[Judge], Check]]:
    """The two ways to the records, which have no name: a copy of what stands there, and the one checker that enters it."""
    records: weakref.WeakKeyDictionary[Checked, Record] = weakref.WeakKeyDictionary()
    judges: list[Judge] = []

    def copied(c: object, name: str) -> Any:
        record = records.get(c) if type(c) is Checked else None
        if record is None:
            refuse("this was not made by check()")
        return own(getattr(record, name), {}) if name else None

    def checker(judge: Judge) -> Check:
        if judges:
            raise TypeError("there is one checker")
        judges.append(judge)

        def checked(claim: Claim, proof: Proof, library: Mapping[str, Checked]) -> Checked:
            if type(claim) is not Claim or type(proof) is not Proof:
                refuse("a claim and a proof are needed")
            kept, parts = own(claim, {}), dict[int, Any]()  # the judge sees other objects than the claim which is kept
            claim, proof = own(claim, parts), own(proof, parts)
            record = Record(kept, proof, *judge(claim, proof, library))
            made = object.__new__(Checked)
            records[made] = record
            return made

        return checked

    return copied, checker


_copied, checker = _sealed()


def require_checked(c: object) -> Checked:
    """``c`` if it was made by :func:`check`; :class:`Refused` otherwise."""
    if type(c) is not Checked:
        refuse("a checked statement is needed here")
    _copied(c, "")
    return c


__all__ = ["Checked", "Record", "checker", "own", "require_checked"]
