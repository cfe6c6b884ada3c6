"""D(p‖q) ≥ 0, with equality exactly when p = q: Gibbs' inequality and its cases, from t log t + 1 − t ≥ 0."""

from sympy import Eq, Ge, Gt, Le, log, sqrt

from derivations.authoring import (
    D,
    Emit,
    Refutation,
    Result,
    Theorem,
    chain,
    eq,
    exactly_when,
    for_all,
    ge,
    iff,
    implies,
    infinite,
    minimum,
    partial,
    scalars,
    tends,
    text,
    total,
    vectors,
    xlog,
    zero_or_positive,
)

DISTRIBUTIONS = "p, q: Simplex[n]"


def derivation() -> Result:
    n, i, k, t, v, w = scalars("n i k t v w")
    p, q = vectors("p q")
    phi = t * log(t) + 1 - t
    bregman = w * log(w / v) - w + v
    terms = total(p[i] * log(p[i] / q[i]) - p[i] + q[i], (i, n))
    dominated = for_all(i, n, implies(Gt(p[i], 0), Gt(q[i], 0)))
    equal = for_all(i, n, Eq(p[i], q[i]))

    first_derivative = chain(
        partial(phi, t),
        eq(log(t) + t * (1 / t) - 1, "sum and product rule, and the derivative of the logarithm"),
        eq(log(t), "the last two terms cancel", "field"),
    )
    slope = Theorem(
        "slope", "The derivative of the function behind it", "t: Positive", Eq(partial(phi, t), log(t)), proof=first_derivative
    )
    convex = Theorem("convexity", "It is convex", "t: Positive", Gt(partial(partial(phi, t), t), 0))
    tangent = Theorem(
        "tangent",
        "Its minimum",
        "t: Positive",
        exactly_when(Ge(phi, 0), Eq(t, 1)),
        proof=minimum(phi, t, 1, first_derivative),
    )
    pointwise = Theorem(
        "pointwise",
        text("The same without division: for a weight {w} and a number {v}", w=w, v=v),
        "w, v: Nonnegative",
        exactly_when(Ge(bregman, 0), Eq(w, v)),
        given=(implies(Gt(w, 0), Gt(v, 0)),),
        proof=zero_or_positive(
            w,
            zero=chain(
                bregman,
                eq(v, "nothing is left of a weight that is zero"),
                ge(0, text("{v} is not negative", v=v)),
            ),
            positive=chain(
                bregman,
                eq(v * (w / v * log(w / v) + 1 - w / v), text("{v} is positive, so it may be taken out", v=v)),
                ge(0, text("the minimum above, at {t}", t=w / v), "gibbs_inequality.tangent"),
            ),
        ),
    )
    as_bregman = Theorem(
        "bregman",
        "The divergence as a sum of nonnegative terms",
        DISTRIBUTIONS,
        Eq(D(p, q), terms),
        given=(dominated,),
        proof=chain(
            D(p, q),
            eq(total(p[i] * log(p[i] / q[i]), (i, n)), "the definition of the divergence", "definition"),
            eq(total(p[i] * log(p[i] / q[i]), (i, n)) - 1 + 1, "one is taken away and given back", "field"),
            eq(
                total(p[i] * log(p[i] / q[i]), (i, n)) - total(p[i], (i, n)) + total(q[i], (i, n)),
                "both distributions add up to one",
                "total probability",
            ),
            eq(terms, "the sums are put together", "sum of sums", "constant factor"),
        ),
    )
    gibbs = Theorem(
        "gibbs",
        "Gibbs' inequality",
        DISTRIBUTIONS,
        exactly_when(Ge(D(p, q), 0), equal),
        given=(dominated,),
        proof=chain(
            D(p, q),
            eq(terms, "the divergence as a sum of nonnegative terms", "gibbs_inequality.bregman"),
            ge(0, "every term is nonnegative, and zero only for equal entries", "gibbs_inequality.pointwise"),
        ),
    )
    zero_exactly = Theorem(
        "zero",
        "It is zero exactly for equal distributions",
        DISTRIBUTIONS,
        iff(Eq(D(p, q), 0), equal),
        given=(dominated,),
        proof=chain(
            D(p, q),
            ge(0, "Gibbs' inequality, with its equality case", "gibbs_inequality.gibbs"),
        ),
    )
    subnormalised = Theorem(
        "subnormalised",
        text("Weights {q} that add up to at most one, such as those of a code", q=q),
        "p: Simplex[n]; q: Nonnegative[n]",
        exactly_when(Ge(D(p, q), 0), equal),
        given=(dominated, Le(total(q[i], (i, n)), 1)),
        proof=chain(
            D(p, q),
            eq(terms + (1 - total(q[i], (i, n))), "the divergence, with what the weights lack to one"),
            ge(0, "every term is nonnegative, and so is what the weights lack", "gibbs_inequality.pointwise"),
        ),
    )
    zero_weight = Theorem(
        "zero_weight",
        "An outcome of probability zero adds nothing",
        "v: Nonnegative",
        Eq(xlog(0, 0, v), 0),
    )
    near_zero = Theorem(
        "near_zero",
        text("A bound near {zero}, from the pointwise inequality for the square root", zero=Eq(t, 0)),
        "t: Positive",
        Ge(t * log(t), -2 * sqrt(t)),
    )
    limit = Theorem(
        "limit",
        "A remark: that convention is continuous",
        "t: Positive",
        tends(t * log(t), t, 0),
    )
    impossible = Theorem(
        "infinite",
        text("An outcome {k} with {case}", k=k, case=Eq(q[k], 0)),
        DISTRIBUTIONS + "; k: Index[n]",
        infinite(D(p, q)),
        given=(Eq(q[k], 0), Gt(p[k], 0)),
    )
    same = Theorem("same", "Equal distributions", "p: Simplex[n]", Eq(D(p, p), 0))
    return Result(
        title="Gibbs' inequality and its cases",
        summary=text(
            "The divergence {kl} is never negative, and zero only between equal distributions. The inequality follows from "
            "one function of one variable, {phi}, which is nowhere negative.",
            kl=D(p, q),
            phi=phi,
        ).over("p, q: Simplex[n]; t: Positive"),
        source="Cover and Thomas, Elements of Information Theory, Theorem 2.6.3; StatProofBook, Gibbs' inequality",
        theorems=(
            slope,
            convex,
            tangent,
            pointwise,
            as_bregman,
            gibbs,
            zero_exactly,
            subnormalised,
            zero_weight,
            near_zero,
            limit,
            impossible,
            same,
        ),
        refutations=(
            Refutation(
                "Printed in two of the sources: the divergence is always greater than zero",
                DISTRIBUTIONS,
                Gt(D(p, q), 0),
                {"p": ("1/2", "1/2"), "q": ("1/2", "1/2")},
                text("It is at least zero, and it is zero exactly when {case}.", case=equal),
                given=(dominated,),
            ),
        ),
        emits=(
            Emit(
                "kl_divergence",
                "bregman",
                "right",
                ("p", "q"),
                "Divergence Σ (p log(p/q) − p + q): never negative, and D(p‖q) when p and q have the same sum.",
            ),
        ),
    )
