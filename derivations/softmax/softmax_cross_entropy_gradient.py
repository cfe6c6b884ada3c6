"""∂L/∂z_k = softmax(z)_k − y_k: the gradient of the softmax cross-entropy in its logits."""

from sympy import Eq, Gt, KroneckerDelta, exp, log

from derivations.authoring import (
    CE,
    Emit,
    Number,
    Result,
    Theorem,
    Worked,
    chain,
    eq,
    partial,
    scalars,
    softmax,
    text,
    total,
    vectors,
)

LOGITS = "z: Real[K]; y: {}[K]; k: Index[K]"


def derivation() -> Result:
    K, N, i, j, k, c, a = scalars("K N i j k c a")
    p, y, z = vectors("p y z")
    ys, zs = y, z  # arrays of samples and classes in the last example
    loss = -total(y[j] * log(softmax(z, j)), (j, K))
    normaliser = total(exp(z[j]), (j, K))
    log_sum = log(normaliser)
    mass = total(y[j], (j, K))

    as_difference = Theorem(
        "log_softmax",
        "The logarithm of the softmax",
        "z: Real[K]; k: Index[K]",
        Eq(log(softmax(z, k)), z[k] - log_sum),
        proof=chain(
            log(softmax(z, k)),
            eq(log(exp(z[k]) / normaliser), "the definition of the softmax", "definition"),
            eq(
                z[k] - log_sum,
                "the logarithm of a quotient",
                "logarithm of a product",
                "logarithm of a power",
                "logarithm of an exponential",
            ),
        ),
    )
    positive = Theorem("positive", "The softmax is positive", "z: Real[K]; k: Index[K]", Gt(softmax(z, k), 0))
    sums_to_one = Theorem(
        "total",
        "Its entries add up to one, so it is a distribution",
        "z: Real[K]",
        Eq(total(softmax(z, j), (j, K)), 1),
        proof=chain(
            total(softmax(z, j), (j, K)),
            eq(total(exp(z[j]) / normaliser, (j, K)), "the definition of the softmax", "definition"),
            eq(normaliser / normaliser, "the divisor is the same in every term", "constant factor"),
            eq(1, "it is not zero", "field"),
        ),
    )
    shift = Theorem(
        "shift",
        "Adding a constant to all logits changes nothing",
        "z: Real[K]; k: Index[K]; c: Real",
        Eq(softmax(z, k), exp(z[k] - c) / total(exp(z[j] - c), (j, K))),
    )
    value = Theorem(
        "loss",
        "The loss in the logits",
        "z: Real[K]; y: Nonnegative[K]",
        Eq(loss, mass * log_sum - total(y[j] * z[j], (j, K))),
        proof=chain(
            loss,
            eq(
                -total(y[j] * (z[j] - log_sum), (j, K)),
                "the logarithm of the softmax, in every term",
                "softmax_cross_entropy_gradient.log_softmax",
            ),
            eq(mass * log_sum - total(y[j] * z[j], (j, K)), "the sum is taken apart", "sum of sums", "constant factor"),
        ),
    )
    d = lambda e: partial(e, z[k])  # noqa: E731
    general = Theorem(
        "any_targets",
        "The gradient for any targets, whatever they add up to",
        LOGITS.format("Nonnegative"),
        Eq(d(loss), softmax(z, k) * mass - y[k]),
        proof=chain(
            d(loss),
            eq(d(mass * log_sum - total(y[j] * z[j], (j, K))), "the loss in the logits", "softmax_cross_entropy_gradient.loss"),
            eq(
                mass * d(log_sum) - total(y[j] * KroneckerDelta(j, k), (j, K)),
                text("only the entry {z_k} depends on {z_k}", z_k=z[k]),
                "derivative of a sum",
                "derivative of a product",
                "derivative of a constant",
                "derivative of a sum over indices",
                "derivative of an entry",
            ),
            eq(mass * d(log_sum) - y[k], "the delta selects one term", "delta selects"),
            eq(
                mass * (total(exp(z[j]) * KroneckerDelta(j, k), (j, K)) / normaliser) - y[k],
                "chain rule for logarithm and exponential",
            ),
            eq(mass * (exp(z[k]) / normaliser) - y[k], "the delta selects one term", "delta selects"),
            eq(softmax(z, k) * mass - y[k], "the definition of the softmax", "definition"),
        ),
    )
    soft = Theorem(
        "gradient",
        "The gradient for targets that are a distribution",
        LOGITS.format("Simplex"),
        Eq(d(loss), softmax(z, k) - y[k]),
        proof=chain(
            d(loss),
            eq(softmax(z, k) * mass - y[k], "the gradient for any targets", "softmax_cross_entropy_gradient.any_targets"),
            eq(softmax(z, k) - y[k], "the targets add up to one", "total probability"),
        ),
    )
    one_hot = Theorem(
        "one_hot",
        "The gradient for one-hot targets, which are distributions too",
        LOGITS.format("OneHot"),
        Eq(d(loss), softmax(z, k) - y[k]),
        proof=chain(
            d(loss), eq(softmax(z, k) - y[k], "the gradient for a distribution", "softmax_cross_entropy_gradient.gradient")
        ),
    )
    label = Theorem(
        "label",
        text("The loss of a label {c}", c=c),
        "z: Real[K]; c: Index[K]",
        Eq(-log(softmax(z, c)), log_sum - z[c]),
        proof=chain(
            -log(softmax(z, c)),
            eq(-(z[c] - log_sum), "the logarithm of the softmax", "softmax_cross_entropy_gradient.log_softmax"),
            eq(log_sum - z[c], "the sign is multiplied in", "field"),
        ),
    )
    label_gradient = Theorem(
        "label_gradient",
        text("The gradient of the loss of a label {c}", c=c),
        "z: Real[K]; c, k: Index[K]",
        Eq(d(-log(softmax(z, c))), softmax(z, k) - KroneckerDelta(c, k)),
        proof=chain(
            d(-log(softmax(z, c))),
            eq(d(log_sum - z[c]), "the loss of a label", "softmax_cross_entropy_gradient.label"),
            eq(
                total(exp(z[j]) * KroneckerDelta(j, k), (j, K)) / normaliser - KroneckerDelta(c, k),
                "sum rule, chain rule for logarithm and exponential",
            ),
            eq(exp(z[k]) / normaliser - KroneckerDelta(c, k), "the delta selects one term", "delta selects"),
            eq(softmax(z, k) - KroneckerDelta(c, k), "the definition of the softmax", "definition"),
        ),
    )
    zero_sum = Theorem(
        "gradient_sum",
        "The entries of the gradient add up to zero",
        "z: Real[K]; y: Simplex[K]",
        Eq(total(softmax(z, j) - y[j], (j, K)), 0),
    )
    rows = (
        ("0.1117", "0.8158", "0.2626", "0.4839", "0.6765"),
        ("0.7539", "0.2627", "0.0428", "0.2080", "0.1180"),
        ("0.1217", "0.7356", "0.7118", "0.7876", "0.4183"),
        ("0.9014", "0.9969", "0.7565", "0.2239", "0.3023"),
    )
    labels = (4, 3, 3, 2)
    row_loss = -log(softmax(z, c))
    hot = tuple(tuple(int(label == k) for k in range(5)) for label in labels)
    in_row = total(exp(zs[i, j]), (j, K))
    mean = -(1 / N) * total(ys[i, k] * log(exp(zs[i, k]) / in_row), (k, K), (i, N))
    picked = -log(p[c])
    on_label = "p: OpenSimplex[K]; c: Index[K]"

    def model(
        id: str, text_: str, picks: tuple[str, ...], mean_printed: str, printed: tuple[str, ...], remark: str
    ) -> Worked:
        return Worked(
            id,
            text_,
            (
                *(
                    Number(f"{which} sample", -log(a), "a: Positive", {"a": x}, "nats", shown)
                    for which, x, shown in zip(("first", "second", "third"), picks, printed, strict=True)
                ),
                Number("mean", -total(log(p[j]), (j, K)) / K, "p: Positive[K]", {"p": picks}, "nats", mean_printed),
            ),
            remark,
        )

    return Result(
        title="The gradient of the softmax cross-entropy",
        summary=text(
            "With logits {z} and targets {y}, the gradient of the loss is the difference between what the softmax predicts and "
            "what the targets say; when the targets do not add up to one, their sum stands as a factor before the softmax.",
            z=z,
            y=y,
        ),
        source="Bishop, Pattern Recognition and Machine Learning, section 4.3.4",
        theorems=(as_difference, positive, sums_to_one, shift, value, general, soft, one_hot, label, label_gradient, zero_sum),
        examples=(
            Worked(
                "W01",
                "Two rows of predicted probabilities. Labels count from one here, from zero in the source and in functions.",
                (
                    Number(
                        "first row, label one (in the source: zero)",
                        picked,
                        on_label,
                        {"p": (".1", ".3", ".6"), "c": 1},
                        "nats",
                    ),
                    Number(
                        "second row, label three (in the source: two)",
                        picked,
                        on_label,
                        {"p": (".3", ".2", ".5"), "c": 3},
                        "nats",
                    ),
                ),
            ),
            model(
                "W09",
                "The probabilities that a first model gives to the right classes of three samples.",
                (".4", ".4", ".1"),
                "1.37",
                ("0.91", "0.91", "2.30"),
                "The source cuts numbers off instead of rounding. One of its rows of predictions adds up to more than one.",
            ),
            model(
                "W10",
                "The same for a second model.",
                (".7", ".7", ".3"),
                "0.63",
                ("0.35", "0.35", "1.20"),
                "Again cut off, and again one row adds up to more than one; the lower mean belongs to the better model.",
            ),
            Worked(
                "W13",
                "One-hot rows against predictions; the mean over the three samples.",
                (
                    Number(
                        "mean of the cross-entropies",
                        -total(log(p[j]), (j, K)) / K,
                        "p: Positive[K]",
                        {"p": (".7", ".8", ".6")},
                        "nats",
                    ),
                    Number(
                        "cross-entropy of the first row",
                        CE(y, p),
                        "y: OneHot[K]; p: OpenSimplex[K]",
                        {"y": (1, 0, 0), "p": (".7", ".2", ".1")},
                        "nats",
                    ),
                ),
                "The code of the source adds a small constant inside the logarithm, which makes every value too small.",
            ),
            Worked(
                "W14",
                "Seven classes, the right one predicted with a probability of three tenths.",
                (Number("loss", -log(a), "a: Positive", {"a": ".3"}, "nats", "1.203"),),
                "The source cuts the number off.",
            ),
            Worked(
                "W15",
                "Four rows of five logits, given to four digits.",
                (
                    Number(
                        "loss of the first row, label five (in the source: four)",
                        row_loss,
                        "z: Real[K]; c: Index[K]",
                        {"z": rows[0], "c": 5},
                        "nats",
                    ),
                    Number(
                        "mean loss of the four rows", mean, "z: Real[N, K]; y: Nonnegative[N, K]", {"z": rows, "y": hot}, "nats"
                    ),
                ),
                "The source computes with unrounded logits, so its last digits differ.",
            ),
        ),
        emits=(
            Emit("softmax", "shift", "left", ("z",), "Softmax exp z_k / Σ exp z_j; the result keeps the class axis."),
            Emit(
                "softmax_cross_entropy",
                "loss",
                "left",
                ("z", "y"),
                "Cross-entropy −Σ y_j log softmax(z)_j of targets y, one-hot or soft (not labels), against logits z.",
            ),
            Emit(
                "softmax_cross_entropy_grad",
                "any_targets",
                "right",
                ("z", "y"),
                "Gradient (Σ y)·softmax(z)_k − y_k of softmax_cross_entropy in z; it loses digits where the softmax is near y.",
            ),
        ),
    )
