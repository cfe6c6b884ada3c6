"""Normal forms by recorded steps: each step names its rule and instance, and is judged later by the kernel.

Definitions are unfolded, derivatives carried out, logarithms and exponentials taken apart, sums split into sums of
monomials with constant factors in front. The order of the steps is a matter of readability, not of truth. There is one
module for each family of rules.
"""

from __future__ import annotations

from . import cases, derivatives, logarithms, sums
from .monomials import MONOMIALS
from .trail import OutOfSteps, Rewriter, Step, field, rule


class Normaliser(Rewriter):
    """Brings terms to normal form by all the families of rules."""

    handlers = {**cases.HANDLERS, **logarithms.HANDLERS, **sums.HANDLERS, **derivatives.HANDLERS}  # noqa: RUF012
    monomials = MONOMIALS


__all__ = ["Normaliser", "OutOfSteps", "Step", "field", "rule"]
