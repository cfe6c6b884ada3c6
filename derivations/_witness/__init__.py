"""The second witness: terms and statements evaluated in ball arithmetic, sharing no code with the rules."""

from .ball import evaluate
from .digits import decimal
from .jets import MINUS_INFINITY, PLUS_INFINITY, Undecided, Undefined
from .judge import Contradiction, Report, witness
from .point import Point
from .refute import Counterexample, counterexample, pointed
from .sample import Sample, points, sample

__all__ = [
    "MINUS_INFINITY", "PLUS_INFINITY", "Contradiction", "Counterexample", "Point", "Report", "Sample", "Undecided", "Undefined",
    "counterexample", "decimal", "evaluate", "pointed", "points", "sample", "witness",
]  # fmt: skip
