"""The strong normal form: what the plain one leaves alone is taken apart too; used when the plain one has not met."""

from __future__ import annotations

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term

from . import cases, derivatives, double_sums, exponentials, factors, maxima, selections, sums
from .exponentials import Finer
from .selections import by_bits
from .trail import Rewriter, Step

_FUNCTIONS = {**factors.HANDLERS, **exponentials.HANDLERS, **maxima.HANDLERS}
_OF_BITS = ("exp", "pow", "log", "xlog", "abs", "max")


class Strong(Rewriter):
    """Brings terms to the strong normal form."""

    handlers = {  # noqa: RUF012
        **cases.HANDLERS,
        **sums.HANDLERS,
        **derivatives.HANDLERS,
        **{op: by_bits(handler) if op in _OF_BITS else handler for op, handler in _FUNCTIONS.items()},
        **double_sums.HANDLERS,
        **selections.HANDLERS,
    }
    monomials = selections.MONOMIALS
    plain_maxima = False  #: max(u, v) is written with |u − v|

    def together(self, terms: list[Term], scope: Scope) -> list[tuple[Term, list[Step]]]:
        """The normal forms of several terms, with common generators for their exponentials."""
        while True:
            try:
                found = [self.normal(t, scope) for t in terms]
            except Finer:
                self._memo.clear()
                continue
            return found


class Plain(Strong):
    """The strong normal form without maxima of two numbers."""

    plain_maxima = True


__all__ = ["Plain", "Strong"]
