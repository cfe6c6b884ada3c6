"""What is read has the value that was meant: LaTeX and its value are made side by side, and the reader's tree is evaluated.

The maker never sees a tree: it writes text by the rules of the page on reading, and computes with mpmath by the definitions.
"""

from fractions import Fraction
from random import Random

import pytest
from mpmath import exp, fabs, fsum, log, mp, mpf, sqrt, tanh

from derivations._reader import read
from derivations._witness.point import Point
from derivations._witness.raw.claim import evaluate

SIZES = {"n": 3, "K": 2, "m": 2}
WHERE = (
    "p, q: OpenSimplex[n]; z: Real[K]; x, a: Real; s, \\lambda: Positive; u: Probability; c: Label[K]; "
    "r: OpenSimplex[n, m]; \\hat{y}: Probability"
)
VALUES = {
    "p": (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)), "q": (Fraction(1, 5), Fraction(1, 5), Fraction(3, 5)),
    "z": (Fraction(-3, 2), Fraction(2, 3)), "x": Fraction(-7, 4), "a": Fraction(5, 3), "s": Fraction(7, 5),
    "lambda": Fraction(1, 4), "u": Fraction(2, 7), "c": 2, "y_hat": Fraction(3, 8),
    "r": ((Fraction(1, 21), Fraction(2, 21)), (Fraction(1, 7), Fraction(4, 21)), (Fraction(5, 21), Fraction(2, 7))),
}  # fmt: skip
SUM, PRODUCT, POWER, ATOM = range(4)
#: The vectors, by the size they have.
VECTORS = {"p": "n", "q": "n", "z": "K"}


def real(value):
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpf(value)


class Maker:
    """Makes formulas with their values; ``sure`` asks for a positive one."""

    def __init__(self, seed):
        self.rng = Random(seed)

    def pick(self, *ways):
        return self.rng.choice(ways)

    def gap(self):
        return self.pick("", " ", " ", "\\,", "~")

    def brackets(self, text):
        left, right = self.pick(
            "()", ("\\left(", "\\right)"), "[]", ("\\bigl(", "\\bigr)"), ("\\left[", "\\right]"), ("\\{", "\\}")
        )
        return f"{left}{text}{right}"

    def at_least(self, piece, level):
        text, own, tail, _ = piece
        if own >= level and not (tail and level > SUM):
            return text
        return self.brackets(text)

    # Each way of making one returns (text, level, takes in what follows, value).

    def number(self):
        n = self.rng.randrange(1, 10)
        d = self.rng.randrange(2, 10)
        return self.pick(
            (str(n), ATOM, False, lambda e: mpf(n)),
            (f"{n}.5", ATOM, False, lambda e: mpf(n) + mpf(1) / 2),
            (f"\\frac{{{n}}}{{{d}}}", ATOM, False, lambda e: mpf(n) / d),
            (f"\\tfrac{n}{d}", ATOM, False, lambda e: mpf(n) / d),
        )

    def leaf(self, sure, bound):
        choices = [self.number, lambda: self.variable(sure), lambda: self.entry(sure, bound), lambda: self.entry(sure, bound)]
        return self.pick(*choices)()

    def variable(self, sure):
        name, text = self.pick(("s", "s"), ("u", "u"), ("lambda", "\\lambda"), ("y_hat", self.pick("\\hat{y}", "\\hat y")),
                               *([] if sure else [("x", "x"), ("a", "a"), ("x", "x")]))  # fmt: skip
        return text, ATOM, False, lambda e: real(VALUES[name])

    def index(self, size, bound):
        free = [i for i, of in bound if of == size]
        if size == "K":
            free.append("c")
        return self.pick(*free) if free else None

    def entry(self, sure, bound):
        name = self.pick("p", "q") if sure else self.pick("p", "q", "z", "z")
        i, j = self.index(VECTORS[name], bound), self.index("m", bound)
        k = self.index("n", bound)
        if k and j and self.rng.random() < 0.5:
            text = self.pick(f"r_{{{k}{j}}}", f"r_{{{k},{j}}}")
            return text, ATOM, False, lambda e: real(VALUES["r"][e[k] - 1][e[j] - 1])
        if i is None:
            return self.variable(sure)
        text = self.pick(f"{name}_{i}", f"{name}_{{{i}}}")
        return text, ATOM, False, lambda e: real(VALUES[name][e.get(i, 2) - 1])

    def make(self, depth, sure=False, bound=()):
        if depth <= 0:
            return self.leaf(sure, bound)
        ways = [self.product, self.product, self.quotient, self.power, self.root, self.exponential, self.function, self.total,
                self.maximum, self.added]  # fmt: skip
        if not sure:
            ways += [self.added, self.logarithm, self.logarithm, self.difference, self.negative]
        return self.pick(*ways)(depth - 1, sure, bound)

    def added(self, depth, sure, bound):
        a, b = self.make(depth, sure, bound), self.make(depth, sure, bound)
        left, right = self.at_least(a, SUM), self.at_least(b, PRODUCT if not b[2] else SUM)
        if b[1] == SUM:
            right = self.brackets(b[0])
        return f"{left} + {right}", SUM, False, lambda e: a[3](e) + b[3](e)

    def difference(self, depth, sure, bound):
        a, b = self.make(depth, False, bound), self.make(depth, False, bound)
        right = self.brackets(b[0]) if b[1] == SUM else b[0]
        return f"{a[0]} - {right}", SUM, False, lambda e: a[3](e) - b[3](e)

    def negative(self, depth, sure, bound):
        a = self.make(depth, False, bound)
        return f"-{self.brackets(a[0]) if a[1] == SUM else a[0]}", SUM, False, lambda e: -a[3](e)

    def product(self, depth, sure, bound):
        parts = [self.make(depth, sure, bound) for _ in range(self.pick(2, 2, 3))]
        text = ""
        for k, part in enumerate(parts):
            last = k == len(parts) - 1
            piece = part[0] if part[1] >= POWER and (last or not part[2]) else self.brackets(part[0])
            sign = self.pick(" \\cdot ", " \\times ") if piece[:1].isdigit() or self.rng.random() < 0.3 else self.gap()
            if text[-1:].isdigit() and piece.startswith(("\\frac", "\\tfrac")):
                sign = " \\cdot "  # 2½ is two and a half to some
            if not sign and text[-1:].isalpha() and piece[:1].isalpha():
                sign = " "
            text = piece if k == 0 else f"{text}{sign}{piece}"

        def value(e):
            out = mpf(1)
            for part in parts:
                out *= part[3](e)
            return out

        return text, PRODUCT, parts[-1][2] and text.endswith(parts[-1][0]), value

    def quotient(self, depth, sure, bound):
        a, b = self.make(depth, sure, bound), self.make(depth, True, bound)
        if self.rng.random() < 0.3:
            left = self.brackets(a[0]) if a[1] < POWER or a[2] else a[0]
            right = self.brackets(b[0]) if b[1] < POWER or b[2] else b[0]
            return self.brackets(f"{left}/{right}"), ATOM, False, lambda e: a[3](e) / b[3](e)
        return f"\\{self.pick('', 'd', 't')}frac{{{a[0]}}}{{{b[0]}}}", ATOM, False, lambda e: a[3](e) / b[3](e)

    def power(self, depth, sure, bound):
        base = self.make(depth, True, bound)
        text = base[0] if base[1] == ATOM and "frac" not in base[0] else self.brackets(base[0])
        if self.rng.random() < 0.5:
            n = self.rng.randrange(2, 4)
            return f"{text}^{self.pick(n, f'{{{n}}}')}", POWER, False, lambda e: base[3](e) ** n
        exponent = self.leaf(False, bound)
        return f"{text}^{{{exponent[0]}}}", POWER, False, lambda e: base[3](e) ** exponent[3](e)

    def root(self, depth, sure, bound):
        a = self.make(depth, True, bound)
        return f"\\sqrt{{{a[0]}}}", ATOM, False, lambda e: sqrt(a[3](e))

    def exponential(self, depth, sure, bound):
        a = self.make(min(depth, 1), False, bound)
        if self.rng.random() < 0.5:
            return f"\\exp{self.brackets(f'-{self.brackets(a[0])}')}", ATOM, False, lambda e: exp(-a[3](e))
        return f"{self.pick('e', chr(92) + 'mathrm{e}')}^{{{a[0]}}}", POWER, False, lambda e: exp(a[3](e))

    def logarithm(self, depth, sure, bound):
        a = self.make(depth, True, bound)
        base = self.pick(None, None, 2, 10)
        name = f"\\log_{{{base}}}" if base else self.pick("\\log", "\\ln")
        whole = a[1] >= POWER and "\\{" not in a[0][:2] and not a[2]
        if whole and a[0][0] not in "([" and not a[0].startswith(("\\left", "\\big")) and self.rng.random() < 0.5:
            text = f"{name} {a[0]}"
        else:
            text = f"{name}{self.brackets(a[0])}"
        return text, POWER, False, lambda e: log(a[3](e)) / (log(base) if base else 1)

    def total(self, depth, sure, bound):
        size = self.pick("n", "K", "m")
        letter = self.pick(*[x for x in "ijkl" if x not in dict(bound)] or ["i"])
        body = self.make(min(depth, 2), sure, (*(b for b in bound if b[0] != letter), (letter, size)))
        kind = self.pick("sum", "sum", "sum", "prod") if sure else "sum"
        low = self.pick(1, 1, 1, 2) if letter not in body[0] else 1
        text = self.brackets(body[0]) if body[1] == SUM else body[0]
        script = f"_{{{letter}={low}}}^{{{size}}}" if self.rng.random() < 0.7 else f"^{size}_{{{letter} = {low}}}"

        def value(e):
            found = [body[3]({**e, letter: k}) for k in range(low, SIZES[size] + 1)]
            if kind == "sum":
                return fsum(found)
            out = mpf(1)
            for f in found:
                out *= f
            return out

        if sure and low == 2:
            return self.make(depth, sure, bound)
        return f"\\{kind}{self.pick('', chr(92) + 'limits')}{script} {text}", POWER, True, value

    def maximum(self, depth, sure, bound):
        a, b = self.make(depth, sure, bound), self.make(depth, sure, bound)
        name, best = self.pick(("max", max), ("min", min))
        form = self.pick("({}, {})", "\\left({}, {}\\right)", "\\{{{}, {}\\}}")
        return f"\\{name}{form.format(a[0], b[0])}", ATOM, False, lambda e: best(a[3](e), b[3](e))

    def function(self, depth, sure, bound):
        p, q, z = (tuple(map(real, VALUES[v])) for v in "pqz")
        if self.rng.random() < 0.5:
            fixed = self.pick(
                ("H(p)", -fsum(w * log(w) for w in p)),
                ("H(p, q)", -fsum(w * log(v) for w, v in zip(p, q, strict=True))),
                (self.pick("D(p \\| q)", "D_{\\mathrm{KL}}(p \\,\\|\\, q)"),
                 fsum(w * log(w / v) for w, v in zip(p, q, strict=True))),
                ("\\operatorname{logsumexp}(z + 3)", 3 + log(fsum(map(exp, z)))),
                ("\\operatorname{softmax}(z/2)_c", exp(z[1] / 2) / fsum(exp(v / 2) for v in z)),
                ("\\max_k |z_k|", max(map(fabs, z))),
                ("H(\\tfrac12 p + \\tfrac12 q)", -fsum((w + v) / 2 * log((w + v) / 2) for w, v in zip(p, q, strict=True))),
                ("\\sum_{k \\ne c} e^{z_k}", exp(z[0])),
                ("\\begin{cases} 5 & c = 2 \\\\ 7 & \\text{otherwise} \\end{cases}", mpf(5)),
            )  # fmt: skip
            return fixed[0], POWER, fixed[0].startswith(("\\max", "\\sum")), lambda e: fixed[1]
        a = self.make(depth, False, bound)
        name, f = self.pick(("\\sigma", lambda v: 1 / (1 + exp(-v))), ("\\operatorname{softplus}", lambda v: log(1 + exp(v))),
                            ("\\left| \\right|", fabs), *([] if sure else [("\\tanh", tanh)]))  # fmt: skip
        if name.startswith("\\left"):
            return f"\\left|{a[0]}\\right| + 1", SUM, False, lambda e: f(a[3](e)) + 1
        return f"{name}{self.brackets(a[0])}", ATOM, False, lambda e: f(a[3](e))


def pairs(count, seed):
    """Formulas with values of moderate size."""
    maker, found = Maker(seed), 0
    while found < count:
        with mp.workdps(40):
            text, _, _, value = maker.make(maker.rng.randrange(1, 5))
            try:
                number = value({"c": 2})
            except (OverflowError, ValueError, ZeroDivisionError):
                continue
        if len(text) < 1500 and isinstance(number, mpf) and 1e-9 < abs(number) < 1e9:
            found += 1
            yield text, number


@pytest.mark.parametrize("part", range(10))
def test_what_is_read_has_the_value_that_was_meant(part):
    """500 formulas a part."""
    at = Point(SIZES, VALUES)
    for text, number in pairs(500, part):
        node = read(f"{text} = 0", WHERE).tree.args[1]
        got = evaluate(node, at)
        assert close(got, number), (text, got, number)


def close(got, number):
    """Whether an exact value or a ball agrees with a number of 40 digits."""
    with mp.workdps(40):
        if hasattr(got, "mid"):
            mantissa, exponent = got.mid().man_exp()
            value = mpf(int(mantissa)) * mpf(2) ** int(exponent)
        else:
            value = mpf(int(got.p)) / int(got.q)
        return abs(value - number) < mpf(10) ** -20 * max(1, abs(number))


def test_another_value_would_be_seen():
    at = Point(SIZES, VALUES)
    with mp.workdps(40):
        right, wrong = real(VALUES["x"]) - real(VALUES["a"]) - 1, real(VALUES["x"]) - (real(VALUES["a"]) - 1)
    got = evaluate(read("x - a - 1 = 0", WHERE).tree.args[1], at)
    assert close(got, right) and not close(got, wrong)
