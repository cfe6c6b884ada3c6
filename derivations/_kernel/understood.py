"""What was checked is what was written: the last step from a formula to its proof."""

from __future__ import annotations

from .algebra import Algebra
from .checked import Checked, require_checked
from .citing import Citing
from .domains import Scope
from .exact import require_exact
from .meaning import Written, statement
from .order import Order
from .proof import MALFORMED, Refused, refuse
from .terms import Term, var


def require_understood(written: Written, conditions: tuple[Term, ...], checked: Checked) -> None:
    """:class:`Refused` unless the checked statement is what the formula says, wherever it has a value.

    The formula has no value at any point of its domains at which one of the conditions fails; at all others the statement was
    checked, and it is the one which the tree makes.
    """
    try:
        written.whole.check()
        scope, goal = statement(written)
        scope.check()
        order = Order(scope, Algebra(), {})
        for _, value in written.values:  # a value that has none itself would excuse any condition
            if order.undefined(value) is not None:
                refuse("a value that is said need not be defined", value)
    except MALFORMED as error:
        raise Refused(str(error)) from error
    require_covered(scope, goal, conditions, checked)


def require_covered(scope: Scope, goal: Term, conditions: tuple[Term, ...], checked: Checked) -> None:
    """:class:`Refused` unless ``goal`` was checked for every point of the scope at which it has a value."""
    claim = require_checked(checked).claim
    if claim.goal != goal:
        refuse("another statement was checked", claim.goal, goal)
    kernel = Citing()
    try:
        wide = require_exact(scope, goal, conditions, kernel.algebra)
        if [name for name, _ in claim.scope.domains] != [name for name, _ in wide.domains]:
            refuse("other variables were declared")
        for name, domain in claim.scope.domains:
            if wide.domain(name) != domain and not kernel.belongs(wide, var(name), domain, kernel.order(wide).holds):
                refuse(f"{name} may lie outside {domain}", var(name))
        for h in claim.scope.hypotheses:
            if not kernel.order(wide).holds(h):
                refuse("a hypothesis is not met", h)
    except MALFORMED as error:
        raise Refused(str(error)) from error


__all__ = ["require_covered", "require_understood"]
