"""Notation is data: how names, functions, relations and index letters are written, one row each."""

from __future__ import annotations

import re
from typing import NamedTuple


class Function(NamedTuple):
    """How a defined function is written: head, separator between arguments, and which argument is a subscript."""

    latex: str
    text: str
    separator: str = ", "  #: in LaTeX
    text_separator: str = ", "
    subscript: int | None = None


FUNCTIONS: dict[str, Function] = {
    "H": Function("H", "H"),
    "CE": Function("H", "H"),
    "D": Function("D", "D", r" \,\|\, ", " ‖ "),
    "softmax": Function(r"\operatorname{softmax}", "softmax", subscript=1),
    "JS": Function(r"\operatorname{JS}", "JS"),
    "logsumexp": Function(r"\operatorname{logsumexp}", "logsumexp"),
    "sigmoid": Function(r"\sigma", "σ"),
    "softplus": Function(r"\operatorname{softplus}", "softplus"),
    "tanh": Function(r"\tanh", "tanh"),
    "bernoulli": Function(r"\operatorname{Bernoulli}", "Bernoulli", "; ", "; "),
}


def function(name: str) -> Function:
    """The row of a function; a function without one is written by its name."""
    return FUNCTIONS.get(name) or Function(rf"\operatorname{{{re.sub(r'[^A-Za-z0-9]', ' ', name)}}}", name)


GREEK: dict[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "ell": "ℓ", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
#: TeX's command where it is not the name itself.
GREEK_LATEX: dict[str, str] = {"epsilon": r"\varepsilon", "phi": r"\varphi"}

#: Suffixes of names: (LaTeX around {}, what stands after the letter in plain text).
ACCENTS: dict[str, tuple[str, str]] = {
    "bar": (r"\bar{{{}}}", "\u0304"),
    "hat": (r"\hat{{{}}}", "\u0302"),
    "tilde": (r"\tilde{{{}}}", "\u0303"),
    "dot": (r"\dot{{{}}}", "\u0307"),
    "prime": ("{}'", "′"),
    "star": ("{}^{{*}}", "*"),
}

#: Relations of a chain and of statements: (LaTeX, plain text).
RELATIONS: dict[str, tuple[str, str]] = {
    "=": ("=", "="), "<=": (r"\le", "≤"), "<": ("<", "<"), ">=": (r"\ge", "≥"), ">": (">", ">"), "!=": (r"\ne", "≠"),
}  # fmt: skip
STATEMENT_RELATION = {"eq": "=", "le": "<=", "lt": "<", "ne": "!="}
CONSTANTS: dict[str, tuple[str, str]] = {
    "pi": (r"\pi", "π"),
    "e": ("e", "e"),
    "infinity": (r"\infty", "∞"),
    "minus_infinity": (r"-\infty", "−∞"),
}

#: Words inside formulas, in one place so that they can be translated.
WORDS: dict[str, str] = {
    "otherwise": "otherwise",
    "and": "and",
    "for every": "for every",
    "equality": "with equality exactly when",
}

#: Letters an index over 1…size prefers, by the size's name; others take the first list.
LETTERS: dict[str, str] = {"": "ijklmrstuv", "K": "kjlmrstuv", "C": "kjlmrstuv", "m": "jiklrstuv", "d": "jklmrstuv"}


class Name(NamedTuple):
    """A name taken apart: ``y_bar_1`` is the letter y with a bar and the subscript 1."""

    base: str
    accents: tuple[str, ...]
    subscripts: tuple[str, ...]


def parse_name(name: str) -> Name:
    """The parts of a variable's name."""
    base, *rest = [part for part in name.split("_") if part] or [name or "?"]
    accents = tuple(part for part in rest if part in ACCENTS)
    subscripts = [part for part in rest if part not in ACCENTS]
    digits = re.fullmatch(r"([^\W\d]+)(\d+)", base)
    if digits:
        base, subscripts = digits[1], [digits[2], *subscripts]
    while base.endswith("'"):
        base, accents = base[:-1], (*accents, "prime")
    return Name(base, accents, tuple(subscripts))
