"""A user's claim, judged on the tree as it was read: values, counterexamples, surveys, and what was meant."""

from .changes import Candidate
from .claim import defined_at, evaluate
from .closed import at_point, closed
from .meant import changes, meant
from .points import index_choices
from .refute import Budget, refute
from .survey import RawReport, survey
from .verdict import RawCounterexample

__all__ = [
    "Budget", "Candidate", "RawCounterexample", "RawReport", "at_point", "changes", "closed", "defined_at", "evaluate",
    "index_choices", "meant", "refute", "survey",
]  # fmt: skip
