"""From a proof to the statement it proves: the principle is looked up, and applied; what all principles ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from .algebra import Algebra
from .checked import Checked
from .domains import REAL, STATEMENT, Scope, sort
from .order import Order
from .proof import MALFORMED, Proof, Refused, refuse
from .terms import Term


class Deriving:
    """Derives statements from proofs, in one algebra, citing from one library of checked statements."""

    principles: ClassVar[Mapping[str, Callable[..., Term]]] = {}  #: by the kind of the proof

    def __init__(self, library: Mapping[str, Checked] | None = None) -> None:
        self.library: Mapping[str, Checked] = {} if library is None else library
        self.algebra = Algebra()
        self._orders: dict[Scope, Order] = {}
        self.used: dict[str, None] = {}  #: names of rules and principles used, in order
        self.cited: dict[str, None] = {}  #: labels cited, in order

    def order(self, scope: Scope) -> Order:
        """What is decided in ``scope``."""
        return Order.of(scope, self.algebra, self._orders)

    def derive(self, proof: Proof, scope: Scope) -> Term:
        """The statement which ``proof`` proves in ``scope``; :class:`Refused` if it proves nothing."""
        if type(proof) is not Proof or type(proof.kind) is not str or type(proof.args) is not tuple:
            refuse("not a proof")
        principle = self.principles.get(proof.kind)
        if principle is None:
            refuse(f"no principle {proof.kind!r}")
        try:
            statement = principle(self, scope, *proof.args)
        except MALFORMED as error:
            raise Refused(f"{proof.kind}: {error}") from error
        if type(statement) is not Term:
            refuse("not a statement")
        self.used[proof.args[0] if proof.kind == "rule" else proof.kind] = None
        return statement

    # ---- what is asked of terms and of parts of proofs

    def defined(self, scope: Scope, *terms: Term) -> None:
        for t in terms:
            if sort(t, scope) != REAL:
                refuse("not a number", t)
            missing = self.order(scope).undefined(t)
            if missing is not None:
                refuse("not defined unless a condition holds that is not decided", t, missing)

    def statement(self, scope: Scope, *statements: Term) -> None:
        for s in statements:
            if sort(s, scope) != STATEMENT:
                refuse("not a statement", s)

    def same(self, why: str, a: Term, b: Term) -> None:
        if not self.algebra.equal(a, b):
            refuse(why, a, b)

    def relation(self, proof: Proof, scope: Scope, *allowed: str) -> Term:
        s = self.derive(proof, scope)
        if s.op not in (allowed or ("eq", "le", "lt")):
            refuse(f"{' or '.join(allowed) or 'a relation'} is needed here", s)
        return s


__all__ = ["Deriving"]
