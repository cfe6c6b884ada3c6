"""What the reader knows by name: commands, relations, Greek letters and the functions of the field."""

from __future__ import annotations

#: Commands that set a space, in eighteenths of \quad.
SPACES: dict[str, int] = {
    ",": 3, "thinspace": 3, ":": 4, ">": 4, "medspace": 4, ";": 5, "thickspace": 5, " ": 6, "~": 6, "enspace": 9, "!": -3,
    "negthinspace": -3,
}  # fmt: skip
#: Commands that only set space or size.
SPACING = frozenset(SPACES) | frozenset({
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "strut",
})  # fmt: skip
#: Commands that make the delimiter after them larger, and the side they say it stands on.
STRETCH: dict[str, str] = {
    "left": "left", "right": "right", "middle": "middle", "mathopen": "opening", "mathclose": "closing",
    **{f"{size}{side}": where
       for size in ("big", "Big", "bigg", "Bigg")
       for side, where in (("", ""), ("l", "opening"), ("r", "closing"), ("m", "middle"))},
}  # fmt: skip
OPENING = {"(": "(", "[": "[", "\\{": "{", "lbrace": "{", "lbrack": "[", "lparen": "("}
CLOSING = {")": "(", "]": "[", "\\}": "{", "rbrace": "{", "rbrack": "[", "rparen": "("}
FONTS = frozenset({
    "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "mathcal", "mathbb", "mathds", "mathfrak", "mathscr",
    "boldsymbol", "bm", "operatorname", "text", "textrm", "textbf", "textit", "textsf", "textnormal", "mbox",
})  # fmt: skip
RELATIONS: dict[str, str] = {
    "=": "=", "<": "<", ">": ">", "lt": "<", "gt": ">", "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=",
    "geqslant": ">=", "ne": "!=", "neq": "!=",
}  # fmt: skip
#: Commands with a meaning of their own in the grammar, by the name they have there.
COMMANDS: dict[str, str] = {
    "frac": "frac", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sqrt": "sqrt", "binom": "binom", "dbinom": "binom",
    "tbinom": "binom", "sum": "sum", "prod": "prod", "int": "int", "lim": "lim", "max": "max", "min": "min", "log": "log",
    "ln": "log", "exp": "exp", "tanh": "tanh", "partial": "partial", "infty": "infty", "to": "to", "rightarrow": "to",
    "downarrow": "down", "searrow": "down", "uparrow": "up", "nearrow": "up", "cdot": "*", "times": "*", "ast": "*",
    "div": "/", "substack": "substack", "not": "not", "colon": ":",
}  # fmt: skip
#: Functions written with a word, by the name they have in the tree.
WORDS: dict[str, str] = {
    "softmax": "softmax", "sigmoid": "sigmoid", "expit": "sigmoid", "softplus": "softplus", "tanh": "tanh",
    "logsumexp": "logsumexp", "LSE": "logsumexp", "lse": "logsumexp", "JS": "JS", "JSD": "JS", "KL": "D", "H": "H", "D": "D",
    "CE": "CE", "Bernoulli": "bernoulli", "sigma": "sigmoid",
}  # fmt: skip
#: Words which are commands when they are set upright.
UPRIGHT = {"log": "log", "ln": "log", "exp": "exp", "max": "max", "min": "min", "lim": "lim"}
_EXP, _NONE = "write it with e^{x}", "this function is not read"
_DOMAIN = "say in the domains what a variable is"
_LOG_SOFTMAX = "write \\log \\operatorname{softmax}(z)_k"
#: What is refused by name, and what to write instead.
REFUSED: dict[str, str] = {
    "pm": "write two claims, one with + and one with -", "mp": "write two claims, one with + and one with -",
    "lg": "the base of \\lg is not certain; write \\ln, \\log_2 or \\log_{10}",
    "equiv": "write = for an equation", "approx": "write exact relations: =, \\le or \\ge", "sim": "write an exact relation",
    "simeq": "write an exact relation", "propto": "write an equation with its factor", "triangleq": "write =",
    "coloneqq": "write =", "doteq": "write =", "cdots": "write the sum with \\sum", "ldots": "write the sum with \\sum",
    "dots": "write the sum with \\sum", "nabla": "write \\frac{\\partial}{\\partial z_k}(...)",
    "mathbb{E}": "write the expectation as a sum, \\sum_{i=1}^{n} p_i ...", "forall": "a free index means: for every index",
    "in": "write the range as \\sum_{i=1}^{n}", "iint": "write two integrals with limits", "oint": "write \\int_a^b",
    "arg": "write the claim with \\max or \\min", "argmax": "write the claim with \\max",
    "argmin": "write the claim with \\min",
    "choose": "write \\binom{n}{k}", "over": "write \\frac{a}{b}", "langle": "write the sum with \\sum",
    "rangle": "write the sum with \\sum", "odot": "write the entries, p_i q_i", "circ": "write the entries, p_i q_i",
    "otimes": "write the entries, p_i q_j", "top": "write the sum with \\sum", "mathsf{T}": "write the sum with \\sum",
    "Pr": "write the probability as p_i or as a sum", "sup": "write \\max over a finite set",
    "inf": "write \\min over a finite set",
    "underset": "write \\lim_{x \\to 0} or \\max_{k}", "mid": "write D(p \\| q) for a divergence, |x| for an absolute value",
    "label": "leave it out", "tag": "leave it out, or write a number in it", "rm": "write \\mathrm{...}",
    "intertext": "leave words out", "star": "write another letter",
    "mathbb{I}": "write \\mathbb{1}[i = j]", "mathbb{P}": "write the probability as p_i or as a sum", "mathbb{R}": _DOMAIN,
    "sin": _NONE, "cos": _NONE, "tan": _NONE, "sinh": _EXP, "cosh": _EXP, "coth": _EXP, "arctan": _NONE,
    "arctanh": "write it with \\log", "artanh": "write it with \\log", "lfloor": _NONE, "lceil": _NONE,
    "underbrace": "leave it out", "overbrace": "leave it out", "stackrel": "write the relation alone",
    "overset": "write the relation alone", "implies": "write one claim at a time", "Rightarrow": "write one claim at a time",
    "iff": "write one claim at a time",     "Leftrightarrow": "write one claim at a time",
    "land": "write one claim at a time", "vdots": "write the sum with \\sum",
    "given": "conditional quantities are written out as sums",
}  # fmt: skip
#: Functions which the reader does not know, and what to write instead.
FUNCTION_HINTS: dict[str, str] = {
    "ReLU": "write \\max(x, 0)", "relu": "write \\max(x, 0)", "sgn": "write \\begin{cases}", "sign": "write \\begin{cases}",
    "logit": "write \\log \\frac{x}{1 - x}", "TV": "write \\frac{1}{2} \\sum_i |p_i - q_i|",
    "logsigmoid": "write \\log \\sigma(x)", "LogSigmoid": "write \\log \\sigma(x)", "logsoftmax": _LOG_SOFTMAX,
    "log_softmax": _LOG_SOFTMAX, "LogSoftmax": _LOG_SOFTMAX, "zeta": "write \\operatorname{softplus}(x) for the softplus",
    "I": "write \\mathbb{1}[x > 0] for an indicator; write mutual information as a sum", "MI": "write it as a sum",
    "E": "write the expectation as a sum, \\sum_{i=1}^{n} p_i ...", "Var": "write the variance as a sum",
    "P": "write the probability as p_i or as a sum", "BCE": "write -y \\log x - (1 - y) \\log(1 - x)",
    "h": "write -u \\log u - (1 - u) \\log(1 - u)", "arctanh": "write it with \\log",
}  # fmt: skip
SMALL_WORDS = frozenset({"if", "iff", "for", "where", "with", "and", "or", "when", "all", "ifandonlyif", "forall"})
#: Characters from outside ASCII that have a command.
UNICODE: dict[str, str] = {
    "Σ": "\\sum", "∑": "\\sum", "∏": "\\prod", "Π": "\\prod", "∫": "\\int", "∂": "\\partial", "≤": "\\le", "≥": "\\ge",
    "≠": "\\ne", "·": "\\cdot", "×": "\\times", "−": "-", "–": "-", "∞": "\\infty", "√": "\\sqrt", "→": "\\to", "‖": "\\|",
    "∥": "\\|", "π": "\\pi", "σ": "\\sigma", "λ": "\\lambda", "θ": "\\theta", "δ": "\\delta",
    "½": "\\frac{1}{2}", "²": "^2", "³": "^3",
}  # fmt: skip
