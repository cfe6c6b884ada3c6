"""Mutants for the tests: the slips, and the theorems of the catalogue they are made from; both belong to the adversary."""

from derivations._attack.cases import catalogue_theorems, theorem
from derivations._attack.slips import KINDS, mutants, places, put, same, spread

__all__ = ["KINDS", "catalogue_theorems", "mutants", "places", "put", "same", "spread", "theorem"]
