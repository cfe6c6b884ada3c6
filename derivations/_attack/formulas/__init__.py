"""The adversary of formulas: LaTeX claims whose truth it knows, given to ``lossproof verify``."""

from .claims import Claim, made
from .judged import BATCH, Outcome, Violation, attack_formulas, by_pool, look

__all__ = ["BATCH", "Claim", "Outcome", "Violation", "attack_formulas", "by_pool", "look", "made"]
