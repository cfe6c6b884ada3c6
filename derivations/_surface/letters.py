"""Letters that LaTeX writes with a command, and the names they are declared by."""

from __future__ import annotations

#: Letters with a command of their own, and the name each is declared by.
GREEK: dict[str, str] = {
    name: name.removeprefix("var")
    for name in (
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
        "lambda", "mu", "nu", "xi", "pi", "rho", "varrho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega",
        "ell", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
    )
}  # fmt: skip
#: Accents, and what they add to a name: ``\\hat{y}`` is y_hat.
ACCENTS: dict[str, str] = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde", "dot": "dot",
}  # fmt: skip
#: Fonts, which are of no account.
FONTS = frozenset({"mathrm", "mathbf", "mathit", "mathsf", "boldsymbol", "bm", "operatorname", "text"})

__all__ = ["ACCENTS", "FONTS", "GREEK"]
