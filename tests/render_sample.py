"""A judged result made by hand, with every kind of line and block: what the forms are tested on."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, num, var
from derivations.judged import (
    Example,
    ExampleRow,
    Function,
    JudgedLine,
    JudgedRefutation,
    JudgedResult,
    JudgedTheorem,
    Prose,
)

n, K, p, q, y, z, k, t = map(var, "nKpqyzkt")
B0 = Term("bound", 0)


def at(v: Term, *i: Term) -> Term:
    return Term("at", v, *i)


def total(size: Term, body: Term) -> Term:
    return Term("sum", size, body)


def xlog(w: Term, a: Term, b: Term = ONE) -> Term:
    return Term("xlog", w, a, b)


def log2(number: str) -> Term:
    return -Term("log", num(number)) / Term("log", num(2))


p_i, q_i = at(p, B0), at(q, B0)
D, CE, H = Term("app", "D", p, q), Term("app", "CE", p, q), Term("app", "H", p)
DISTRIBUTIONS = Scope((("n", Domain("Size")), ("p", Domain("Simplex", (n,))), ("q", Domain("OpenSimplex", (n,)))))

KL = JudgedTheorem(
    name="identity",
    title=Prose("{D} is cross-entropy minus entropy", {"D": D}),
    scope=DISTRIBUTIONS,
    goal=Term("eq", D, CE - H),
    verdict="proved",
    evidence="derived",
    lines=(
        JudgedLine("", D, Prose("the left side")),
        JudgedLine("=", total(n, xlog(p_i, p_i, q_i)), Prose("the definition of {D}", {"D": D}), ("unfold D",)),
        JudgedLine(
            "=",
            total(n, xlog(p_i, p_i) - xlog(p_i, q_i)),
            Prose(
                "the logarithm of a quotient is the difference of the logarithms; this holds in every addend, also where "
                "{p0}, since both sides are zero there, and it is a reason long enough to need more than one line on any page",
                {"p0": Term("eq", at(p, var("i")), ZERO)},
            ),
            ("log of a quotient",),
        ),
        JudgedLine("=", total(n, xlog(p_i, p_i)) - total(n, xlog(p_i, q_i)), Prose("sum by sum"), ("sum is linear",)),
        JudgedLine("=", CE - H, Prose("the definitions of cross-entropy and entropy"), ("unfold CE", "unfold H")),
    ),
    rules=("log of a quotient", "sum is linear"),
    uses=(),
    witness="214 of 214 points agree, sizes 1–6",
)

BERNOULLI = JudgedTheorem(
    name="bernoulli",
    title=Prose("Both values of {y} in one formula", {"y": y}),
    scope=Scope((("y", Domain("Bit")), ("p", Domain("Probability")))),
    goal=Term("eq", Term("app", "bernoulli", y, p), p**y * (1 - p) ** (1 - y)),
    verdict="proved",
    evidence="derived",
    lines=(
        JudgedLine("case", Term("eq", y, ONE), Prose("First case")),
        JudgedLine("", Term("case", y, ONE, p, 1 - p), Prose("the definition"), ("unfold bernoulli",), depth=1),
        JudgedLine("=", p, Prose("the case at hand"), ("case",), depth=1),
        JudgedLine(
            "=", p**y * (1 - p) ** (1 - y), Prose("the first power is one of exponent 1, the other of 0"), ("power",), depth=1
        ),
        JudgedLine("case", Term("eq", y, ZERO), Prose("Second case")),
        JudgedLine("statement", Term("eq", p**y * (1 - p) ** (1 - y), 1 - p), Prose("as before"), ("power",), depth=1),
    ),
    rules=("cases of a bit", "power"),
    uses=(),
)

SOFTMAX = Term("app", "softmax", z, k)
LOSS = -total(K, at(y, B0) * Term("log", Term("exp", at(z, B0)) / total(K, Term("exp", at(z, B0)))))
GRADIENT = JudgedTheorem(
    name="gradient",
    title=Prose("The gradient of softmax cross-entropy"),
    scope=Scope(
        (("K", Domain("Size")), ("z", Domain("Real", (K,))), ("y", Domain("Real", (K,))), ("k", Domain("Index", (K,)))),
        (Term("eq", total(K, at(y, B0)), ONE),),
    ),
    goal=Term("eq", Term("deriv", LOSS, at(z, k)), SOFTMAX - at(y, k)),
    verdict="refused",
    evidence="",
    lines=(
        JudgedLine("", Term("deriv", LOSS, at(z, k)), Prose("the left side")),
        JudgedLine(
            "=",
            -total(K, at(y, B0) * (Term("delta", B0, k) - Term("exp", at(z, k)) / total(K, Term("exp", at(z, B0))))),
            Prose("differentiate under the sum"),
            ("derivative of a sum", "derivative of log"),
        ),
        JudgedLine(
            "=",
            SOFTMAX + at(y, k),
            Prose("the delta picks one addend"),
            ("delta",),
            accepted=False,
            residue=-2 * at(y, k),
        ),
    ),
    rules=("derivative of a sum", "derivative of log", "delta"),
    uses=("kl_sample.identity", "gibbs.positive"),
    reason="line 3 does not follow",
)

GIBBS = JudgedTheorem(
    name="gibbs",
    title=Prose("Gibbs' inequality"),
    scope=DISTRIBUTIONS,
    goal=Term("le", ZERO, D, Term("all", n, Term("eq", p_i, q_i))),
    verdict="proved",
    evidence="derived",
    lines=(
        JudgedLine("statement", Term("tends", xlog(t, t), t, ZERO, ZERO), Prose("why the convention is the right one")),
        JudgedLine(
            "statement",
            Term("imp", Term("lt", ZERO, t), Term("le", ZERO, xlog(t, t) + ONE - t, Term("eq", t, ONE))),
            Prose("the lemma"),
            ("minimum",),
        ),
        JudgedLine(
            "statement", Term("all", n, Term("le", p_i - q_i, xlog(p_i, p_i, q_i))), Prose("put {t}", {"t": t}), ("lemma",)
        ),
        JudgedLine("", D, Prose("the left side")),
        JudgedLine("=", total(n, xlog(p_i, p_i, q_i)), Prose("the definition"), ("unfold D",)),
        JudgedLine(">=", total(n, p_i - q_i), Prose("addend by addend"), ("sum is monotone",)),
        JudgedLine("=", ZERO, Prose("both add up to one"), ("simplex",)),
    ),
    rules=("minimum", "sum is monotone"),
    uses=("entropy.limit",),
    searched=True,
)

SOURCE = '''def kl_divergence(p, q, axis=-1):
    """Σ pᵢ log(pᵢ/qᵢ) in nats; 0·log 0 = 0."""
    p, q = np.asarray(p), np.asarray(q)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p * np.log(p / q), 0.0)  # \\log {braces} and % signs $stay$ as they are
    return np.sum(terms, axis=axis)
'''

CE_EXAMPLE = -Term("log", num("2/5"))

SAMPLE = JudgedResult(
    name="kl_sample",
    subject="divergence",
    title=Prose("Relative entropy is cross-entropy minus entropy"),
    summary=Prose("For distributions {p} and {q}: {eq}. A sample with every kind of line.", {"p": p, "q": q, "eq": KL.goal}),
    source="Cover & Thomas, Elements of Information Theory, 2nd ed., §2.3",
    theorems=(KL, BERNOULLI, GRADIENT, GIBBS),
    refutations=(
        JudgedRefutation(
            title=Prose("“Relative entropy is always positive”"),
            scope=DISTRIBUTIONS,
            goal=Term("lt", ZERO, D),
            verdict="refuted",
            point={"n": 2, "p": (Fraction(1, 2), Fraction(1, 2)), "q": (Fraction(1, 2), Fraction(1, 2))},
            sides=("0", "0"),
            established="both sides are equal by the rules",
            correction=Prose("It is nonnegative: {goal}.", {"goal": Term("le", ZERO, D)}),
        ),
    ),
    examples=(
        Example(
            "W05",
            Prose("A source with probabilities 3/4 and 1/4."),
            (
                ExampleRow(Prose("information of the first"), log2("3/4"), "0.415037", "bits", "0.41", True),
                ExampleRow(Prose("information of the second"), log2("1/4"), "2.000000", "bits", "2", True),
                ExampleRow(Prose("entropy"), H / Term("log", num(2)), "0.811278", "bits", "0.81", True),
            ),
        ),
        Example(
            "W09",
            Prose("Model 1 on three samples."),
            (
                ExampleRow(Prose("loss of the first"), CE_EXAMPLE, "0.916291", "nats", "0.91", False),
                ExampleRow(Prose("loss of the third"), -Term("log", num("1/10")), "2.302585", "nats", "2.30", True),
                ExampleRow(
                    Prose("mean"),
                    num("1/3") * (CE_EXAMPLE + CE_EXAMPLE - Term("log", num("1/10"))),
                    "1.378389",
                    "nats",
                    "1.37",
                    False,
                ),
                ExampleRow(Prose("twice the mean"), 2 * CE_EXAMPLE, "1.832581", "nats"),
            ),
            Prose("The source truncates where it should round."),
        ),
    ),
    functions=(
        Function(
            "kl_divergence",
            SOURCE,
            "kl_sample.identity",
            (
                {"regime": "random", "worst_ulp": 3.2, "points": 4000, "seed": 7},
                {"regime": "1e-8 apart", "worst_ulp": 800000000.0, "points": 300, "seed": 7},
            ),
        ),
    ),
)
