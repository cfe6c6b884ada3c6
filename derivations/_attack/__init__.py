"""The adversary: wrong claims and wrong proofs made from right ones, to see that nobody accepts them."""

from .adversary import KINDS, attack
from .report import Accepted, Report, Tally

__all__ = ["KINDS", "Accepted", "Report", "Tally", "attack"]
