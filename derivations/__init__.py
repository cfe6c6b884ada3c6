"""Derivations: results of information theory and of classification losses, derived and checked."""
