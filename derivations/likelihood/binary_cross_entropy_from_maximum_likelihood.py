"""−(1/N) Σ [yᵢ log pᵢ + (1 − yᵢ) log(1 − pᵢ)]: binary cross-entropy from the likelihood of independent samples."""

from sympy import Eq, Ge, Gt, Lt, Piecewise, log

from derivations.authoring import (
    Emit,
    Number,
    Result,
    Theorem,
    Worked,
    bernoulli,
    chain,
    eq,
    exactly_when,
    ge,
    iff,
    implies,
    infinite,
    minimum,
    partial,
    product,
    scalars,
    text,
    total,
    vectors,
    zero_or_one,
)

SAMPLES = "y: Bit[N]; p: Probability[N]"
SHARED = "a, p: Probability"
CLOSED = "a, p: UnitInterval"


def derivation() -> Result:
    N, i, a, p, y = scalars("N i a p y")
    ys, ps = vectors("y p")
    likelihood = product(bernoulli(ys[i], ps[i]), (i, N))
    powers = ps[i] ** ys[i] * (1 - ps[i]) ** (1 - ys[i])
    summand = ys[i] * log(ps[i]) + (1 - ys[i]) * log(1 - ps[i])
    mean = total(ys[i], (i, N)) / N

    model = Theorem(
        "model",
        "The model: one outcome of two",
        "p: Probability; y: Bit",
        Eq(bernoulli(y, p), Piecewise((p, Eq(y, 1)), (1 - p, True))),
        proof=chain(
            bernoulli(y, p),
            eq(Piecewise((p, Eq(y, 1)), (1 - p, True)), text("one has the probability {p}", p=p), "definition"),
        ),
    )
    pmf = Theorem(
        "pmf",
        "Both probabilities in one formula",
        "p: Probability; y: Bit",
        Eq(bernoulli(y, p), p**y * (1 - p) ** (1 - y)),
        proof=zero_or_one(
            y,
            zero=chain(
                bernoulli(y, p),
                eq(1 - p, "the probability of zero"),
                eq(p**y * (1 - p) ** (1 - y), "the first power is one, the second has the exponent one", "hypothesis"),
            ),
            one=chain(
                bernoulli(y, p),
                eq(p, "the probability of one"),
                eq(p**y * (1 - p) ** (1 - y), "the second power is one, the first has the exponent one", "hypothesis"),
            ),
        ),
    )
    samples = Theorem(
        "likelihood",
        "The likelihood: the probabilities of independent samples multiply",
        SAMPLES,
        Eq(likelihood, product(powers, (i, N))),
        proof=chain(
            likelihood,
            eq(
                product(powers, (i, N)),
                "both probabilities in one formula, for every sample",
                "binary_cross_entropy_from_maximum_likelihood.pmf",
            ),
        ),
    )
    log_likelihood = Theorem(
        "log_likelihood",
        "Its logarithm",
        SAMPLES,
        Eq(log(likelihood), total(summand, (i, N))),
        proof=chain(
            log(likelihood),
            eq(log(product(powers, (i, N))), "the likelihood", "binary_cross_entropy_from_maximum_likelihood.likelihood"),
            eq(total(log(powers), (i, N)), "the logarithm of a product of many", "logarithm of a product of many"),
            eq(
                total(log(ps[i] ** ys[i]) + log((1 - ps[i]) ** (1 - ys[i])), (i, N)),
                "the logarithm of a product",
                "logarithm of a product",
            ),
            eq(total(summand, (i, N)), "the logarithm of a power", "logarithm of a power"),
        ),
    )
    negative = Theorem(
        "negative",
        "What is maximised becomes, with a minus, what is minimised",
        SAMPLES,
        Eq(-log(likelihood), -total(summand, (i, N))),
        proof=chain(
            -log(likelihood),
            eq(-total(summand, (i, N)), "the logarithm above", "binary_cross_entropy_from_maximum_likelihood.log_likelihood"),
        ),
    )
    main = Theorem(
        "loss",
        "The mean over the samples: the binary cross-entropy",
        SAMPLES,
        Eq(-(1 / N) * log(likelihood), -(1 / N) * total(summand, (i, N))),
        proof=chain(
            -(1 / N) * log(likelihood),
            eq(
                -(1 / N) * total(summand, (i, N)),
                "the logarithm above, with a minus, per sample",
                "binary_cross_entropy_from_maximum_likelihood.log_likelihood",
            ),
        ),
    )
    shared_loss = -(mean * log(p) + (1 - mean) * log(1 - p))
    shared = Theorem(
        "shared",
        text("One probability {p} for all samples: only their mean matters", p=p),
        "y: Bit[N]; p: Probability",
        Eq(-(1 / N) * total(ys[i] * log(p) + (1 - ys[i]) * log(1 - p), (i, N)), shared_loss),
        proof=chain(
            -(1 / N) * total(ys[i] * log(p) + (1 - ys[i]) * log(1 - p), (i, N)),
            eq(
                -(1 / N) * (total(ys[i], (i, N)) * log(p) + (N - total(ys[i], (i, N))) * log(1 - p)),
                "the logarithms do not depend on the sample",
                "sum of sums",
                "constant factor",
                "sum of a constant",
            ),
            eq(shared_loss, "the factor is multiplied in", "field"),
        ),
    )
    loss = lambda x: -(a * log(x) + (1 - a) * log(1 - x))  # noqa: E731
    slope_lines = chain(
        partial(loss(p), p),
        eq(-(a / p - (1 - a) / (1 - p)), "the derivative of the logarithm, and the chain rule"),
        eq((p - a) / (p * (1 - p)), "one denominator", "field"),
    )
    slope = Theorem(
        "slope",
        text("Its derivative, with {a} for the mean", a=a),
        SHARED,
        Eq(partial(loss(p), p), (p - a) / (p * (1 - p))),
        proof=slope_lines,
    )
    stationary = Theorem(
        "stationary",
        "The only stationary point",
        SHARED,
        iff(Eq(partial(loss(p), p), 0), Eq(p, a)),
        proof=slope_lines,
    )
    minimum_inside = Theorem(
        "minimum",
        "It is the only minimum",
        SHARED,
        exactly_when(Ge(loss(p), loss(a)), Eq(p, a)),
        proof=minimum(loss(p), p, a, slope_lines),
    )
    of_samples = Theorem(
        "minimum_of_samples",
        "The same for samples that are neither all zero nor all one",
        "y: Bit[N]; p: Probability",
        exactly_when(
            Ge(
                -(1 / N) * total(ys[i] * log(p) + (1 - ys[i]) * log(1 - p), (i, N)),
                -(mean * log(mean) + (1 - mean) * log(1 - mean)),
            ),
            Eq(p, mean),
        ),
        given=(Gt(mean, 0), Lt(mean, 1)),
        proof=chain(
            -(1 / N) * total(ys[i] * log(p) + (1 - ys[i]) * log(1 - p), (i, N)),
            eq(shared_loss, "only the mean matters", "binary_cross_entropy_from_maximum_likelihood.shared"),
            ge(
                -(mean * log(mean) + (1 - mean) * log(1 - mean)),
                "the minimum above, at the mean",
                "binary_cross_entropy_from_maximum_likelihood.minimum",
            ),
        ),
    )
    closed = lambda x: -(a * log(x)) - (1 - a) * log(1 - x)  # noqa: E731
    kl = a * log(a / p) + (1 - a) * log((1 - a) / (1 - p))
    finite = (implies(Gt(a, 0), Gt(p, 0)), implies(Lt(a, 1), Lt(p, 1)))
    decomposition = Theorem(
        "decomposition",
        text("On the closed interval, with {a} for the mean: entropy plus divergence", a=a),
        CLOSED,
        Eq(closed(p), closed(a) + kl),
        given=finite,
    )
    minimum_closed = Theorem(
        "minimum_closed",
        "Its minimum on the closed interval, by Gibbs' inequality",
        CLOSED,
        exactly_when(Ge(closed(p), closed(a)), Eq(p, a)),
        given=finite,
        proof=chain(
            closed(p),
            eq(closed(a) + kl, "entropy plus divergence", "binary_cross_entropy_from_maximum_likelihood.decomposition"),
            ge(closed(a), "the divergence is nonnegative, and zero only for equal probabilities", "gibbs_inequality.pointwise"),
        ),
    )
    infinite_at_zero = Theorem(
        "infinite_at_zero",
        text("The loss at {p}, where ones occur", p=Eq(p, 0)),
        CLOSED,
        infinite(closed(p)),
        given=(Eq(p, 0), Gt(a, 0)),
    )
    infinite_at_one = Theorem(
        "infinite_at_one",
        text("The loss at {p}, where zeros occur", p=Eq(p, 1)),
        CLOSED,
        infinite(closed(p)),
        given=(Eq(p, 1), Lt(a, 1)),
    )
    bce = -(1 / N) * total(summand, (i, N))
    return Result(
        title="Binary cross-entropy from maximum likelihood",
        summary=text(
            "The negative logarithm of the likelihood of independent labels, per sample, is {loss}; with one probability for "
            "all samples its minimum lies at their mean, and nowhere else.",
            loss=bce,
        ).over(SAMPLES),
        source="Bishop, Pattern Recognition and Machine Learning, 4.3.2; Goodfellow, Bengio and Courville, Deep Learning, 5.5",
        theorems=(
            model,
            pmf,
            samples,
            log_likelihood,
            negative,
            main,
            shared,
            slope,
            stationary,
            minimum_inside,
            of_samples,
            decomposition,
            minimum_closed,
            infinite_at_zero,
            infinite_at_one,
        ),
        examples=(
            Worked(
                "W12",
                "Four labels and the probabilities predicted for them.",
                (Number("binary cross-entropy", bce, SAMPLES, {"y": (0, 1, 1, 0), "p": (".1", ".9", ".8", ".4")}, "nats"),),
            ),
        ),
        emits=(
            Emit(
                "binary_cross_entropy",
                "decomposition",
                "left",
                ("a", "p"),
                "Cross-entropy −[y log p + (1 − y) log(1 − p)] of a target y in [0, 1] against a probability p, entrywise.",
                {"a": "y"},
            ),
        ),
    )
