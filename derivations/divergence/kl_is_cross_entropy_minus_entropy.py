"""D(p‖q) = H(p, q) − H(p): the Kullback–Leibler divergence is the cross-entropy minus the entropy."""

from sympy import Eq, Function, Gt, log

from derivations.authoring import (
    CE,
    D,
    Emit,
    H,
    Number,
    Result,
    Theorem,
    Worked,
    chain,
    eq,
    for_all,
    implies,
    partial,
    scalars,
    text,
    total,
    vectors,
)

DISTRIBUTIONS = "p, q: Simplex[n]"


def derivation() -> Result:
    n, i, a = scalars("n i a")
    p, q, theta = vectors("p q theta")
    q_theta = Function("q")(theta)
    dominated = for_all(i, n, implies(Gt(p[i], 0), Gt(q[i], 0)))
    p_log_p = total(p[i] * log(p[i]), (i, n))
    p_log_q = total(p[i] * log(q[i]), (i, n))

    kl_is_ce_minus_h = Theorem(
        "identity",
        "Divergence, cross-entropy and entropy",
        DISTRIBUTIONS,
        Eq(D(p, q), CE(p, q) - H(p)),
        given=(dominated,),
        proof=chain(
            D(p, q),
            eq(total(p[i] * log(p[i] / q[i]), (i, n)), "the definition of the divergence", "definition"),
            eq(
                total(p[i] * log(p[i]) - p[i] * log(q[i]), (i, n)),
                "the logarithm of a quotient, weighted",
                "weighted logarithm of a quotient",
            ),
            eq(p_log_p - p_log_q, "the sum is taken apart", "sum of sums", "constant factor"),
            eq(-p_log_q - (-p_log_p), "the terms are rearranged", "field"),
            eq(CE(p, q) - H(p), "the definitions of cross-entropy and entropy", "definition"),
        ),
    )
    gradient = Theorem(
        "gradient",
        text("The gradient in the parameters of {family}", family=q_theta),
        "p: Simplex[n]; q: Family[n, d]; theta: Real[d]; a: Index[d]",
        Eq(partial(D(p, q_theta), theta[a]), partial(CE(p, q_theta), theta[a])),
        proof=chain(
            partial(D(p, q_theta), theta[a]),
            eq(
                partial(CE(p, q_theta) - H(p), theta[a]),
                "the identity above, which holds for every value of the parameters",
                "kl_is_cross_entropy_minus_entropy.identity",
            ),
            eq(
                partial(CE(p, q_theta), theta[a]),
                "the entropy does not depend on the parameters",
                "derivative of a sum",
                "derivative of a constant",
            ),
        ),
    )
    written_out = (
        Theorem("entropy", "The entropy, written out", "p: Simplex[n]", Eq(H(p), -p_log_p)),
        Theorem("cross_entropy", "The cross-entropy, written out", DISTRIBUTIONS, Eq(CE(p, q), -p_log_q), given=(dominated,)),
        Theorem(
            "relative_entropy",
            "The divergence, written out",
            DISTRIBUTIONS,
            Eq(D(p, q), total(p[i] * log(p[i] / q[i]), (i, n))),
            given=(dominated,),
        ),
    )
    coin = {"p": (".75", ".25")}
    weather = (".35", ".35", ".1", ".1", ".04", ".04", ".01", ".01")
    code = tuple(f"1/{2**length}" for length in (2, 2, 3, 3, 4, 4, 5, 5))
    turned = {"p": weather[::-1], "q": code}
    generalised = total(p[i] * log(p[i] / q[i]) - p[i] + q[i], (i, n))
    bits = log(2)
    on_q = "p: Simplex[n]; q: Positive[n]"
    q_sum = total(q[i], (i, n))
    return Result(
        title="Divergence is cross-entropy minus entropy",
        summary=text(
            "The divergence {kl} is what cross-entropy costs beyond entropy; since the entropy does not depend on a model, "
            "minimising one over the model minimises the other.",
            kl=D(p, q),
        ),
        source="Cover and Thomas, Elements of Information Theory, chapter 2; StatProofBook, KL and entropy",
        theorems=(*written_out, kl_is_ce_minus_h, gradient),
        examples=(
            Worked(
                "W05",
                "A coin that falls on one side in three cases of four.",
                (
                    Number("information of the frequent side", -log(p[1]) / bits, "p: Simplex[2]", coin, "bits", "0.41"),
                    Number("information of the rare side", -log(p[2]) / bits, "p: Simplex[2]", coin, "bits", "2"),
                    Number("entropy", H(p) / bits, "p: Simplex[2]", coin, "bits", "0.81"),
                ),
                "The source cuts the first number off; rounded, its second digit would be one higher.",
            ),
            Worked(
                "W06",
                "Eight kinds of weather.",
                (Number("entropy", H(p) / bits, "p: Simplex[n]", {"p": weather}, "bits", "2.23"),),
            ),
            Worked(
                "W07",
                "A code for them: two words each of two, three, four and five bits.",
                (
                    Number(
                        text("expected length, the cross-entropy {ce} of the probabilities against the code", ce=CE(p, q)),
                        CE(p, q) / bits,
                        on_q,
                        {"p": weather, "q": code},
                        "bits",
                        "2.42",
                    ),
                    Number("the same code, the probabilities in reverse order", CE(p, q) / bits, on_q, turned, "bits", "4.58"),
                ),
            ),
            Worked(
                "W08",
                "What that code wastes. Its word lengths give weights which do not add up to one.",
                (
                    Number(text("the sum {total} of the weights", total=q_sum), q_sum, on_q, turned),
                    Number("redundancy: expected length minus entropy", (CE(p, q) - H(p)) / bits, on_q, turned, "bits", "2.35"),
                    Number(
                        "divergence from the weights, made to add up to one",
                        (D(p, q) + log(q_sum)) / bits,
                        on_q,
                        turned,
                        "bits",
                    ),
                    Number(text("generalised divergence {sum}", sum=generalised), generalised / bits, on_q, turned, "bits"),
                ),
                "The source prints the redundancy and calls it the divergence. It would be, if the weights added up to one.",
            ),
        ),
        emits=(
            Emit("entropy", "entropy", "right", ("p",), "Entropy of a distribution, H(p) = −Σ p log p, with 0·log 0 = 0."),
            Emit(
                "cross_entropy",
                "cross_entropy",
                "right",
                ("p", "q"),
                "Cross-entropy of p against q, H(p, q) = −Σ p log q; +∞ where q = 0 < p.",
            ),
            Emit(
                "relative_entropy",
                "relative_entropy",
                "right",
                ("p", "q"),
                "Relative entropy D(p‖q) = Σ p log(p/q), summed as it stands; see kl_divergence for p near q.",
            ),
        ),
    )
