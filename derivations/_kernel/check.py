"""The checker: a proof is data, and each kind of proof is one principle.

``Kernel.derive`` computes the statement which a proof proves in a scope; it never searches. ``check`` compares that
statement with the claim and, only if they are the same, makes a :class:`Checked`. Nothing else makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .checked import Checked, checker, require_checked
from .citing import Citing
from .equations import Equations
from .inequalities import Inequalities
from .limits import Limits
from .logic import Logic
from .proof import MALFORMED, Claim, Proof, Refused, refuse
from .terms import Term


class Kernel(Equations, Inequalities, Limits, Logic, Citing):
    """All principles together."""


_NAMES = (
    "field", "rule", "definition", "written_out", "rewrite", "symmetry", "chain", "sign", "combine", "termwise", "monotone",
    "slope", "bent", "hypothesis", "at_index", "for_all", "assume", "given", "both", "part", "decided", "equivalent", "when",
    "equality_case", "weaken", "zero_or_positive", "bit_cases", "order_cases", "attained", "hot", "apart", "infinity",
    "squeeze", "multiple_of_limit", "limit_through", "limit_of_equal", "limit_value", "quotient_of_slopes", "integral",
    "adjacent", "cite",
)  # fmt: skip
_PRINCIPLES: dict[str, Callable[..., Term]] = {name: getattr(Kernel, name) for name in _NAMES}
Kernel.principles = _PRINCIPLES
#: What each principle says, for the page on the trusted base.
PRINCIPLES: dict[str, str] = {name: (method.__doc__ or "").strip() for name, method in _PRINCIPLES.items()}


def _judge(claim: Claim, proof: Proof, library: Mapping[str, Checked]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules and principles which the proof uses, and the labels it cites, if it proves exactly the claim."""
    kernel = Kernel(library)
    try:
        claim.check()
        scope, inner = claim.scope, proof
        while inner.kind == "given":  # that the claim is defined may follow from what is shown first
            scope, inner = scope.assuming(kernel.derive(inner.args[0], scope)), inner.args[1]
        missing = kernel.order(scope).undefined(claim.goal)
    except MALFORMED as error:
        raise Refused(str(error)) from error
    if missing is not None:
        refuse("the claim is not defined unless a condition holds that is not decided", claim.goal, missing)
    got = kernel.derive(proof, claim.scope)
    if got != claim.goal:
        refuse("the proof proves another statement", got, claim.goal)
    return tuple(kernel.used), tuple(kernel.cited)


_checked = checker(_judge)


def check(claim: Claim, proof: Proof, library: Mapping[str, Checked] | None = None) -> Checked:
    """The claim as a :class:`Checked`, if the proof proves exactly it; else :class:`Refused`."""
    try:
        return _checked(claim, proof, {} if library is None else library)
    except MALFORMED as error:
        raise Refused(str(error)) from error


__all__ = ["PRINCIPLES", "Checked", "Claim", "Kernel", "Proof", "Refused", "check", "require_checked"]
