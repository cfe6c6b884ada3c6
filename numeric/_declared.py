"""The formulas of the committed functions, until they come from checked theorems: then this file goes.

``declared()`` gives pairs of a declaration and what it is emitted from. It is read by emit's command, the accuracy
run and the tests, and nothing else knows the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, Term, var

from .emit import Formula


@dataclass(frozen=True)
class Emit:
    """A declaration, as results make them."""

    name: str
    theorem: str
    side: str
    parameters: tuple[str, ...]
    summary: str
    rename: dict[str, str] = field(default_factory=dict)


def declared() -> list[tuple[Emit, Formula]]:
    """The declarations, each with its formula."""
    n, k = var("n"), var("k")
    size, simplex, reals = Domain("Size"), Domain("Simplex", (n,)), Domain("Real", (n,))
    p_q = Scope((("n", size), ("p", simplex), ("q", simplex)))
    z_y = Scope((("n", size), ("z", reals), ("y", Domain("Nonnegative", (n,)))))
    z_y_k = z_y.declaring("k", Domain("Index", (n,)))
    bits = Scope((("y", Domain("UnitInterval")), ("p", Domain("UnitInterval"))))
    p, q, y = (Term("at", var(v), Term("bound", 0)) for v in "pqy")

    def total(body: Term) -> Term:
        return Term("sum", n, body)

    def xlog(w: Term, a: Term, b: Term = ONE) -> Term:
        return Term("xlog", w, a, b)

    def soft(index: Term) -> Term:
        return Term("app", "softmax", var("z"), index)

    rows = [
        ("entropy", "p", -total(xlog(p, p)), p_q,
         "Entropy of a distribution, H(p) = −Σ p log p, with 0·log 0 = 0."),
        ("cross_entropy", "pq", -total(xlog(p, q)), p_q,
         "Cross-entropy of p against q, H(p, q) = −Σ p log q; +∞ where q = 0 < p."),
        ("relative_entropy", "pq", total(xlog(p, p, q)), p_q,
         "Relative entropy D(p‖q) = Σ p log(p/q), summed as it stands; see kl_divergence for p near q."),
        ("kl_divergence", "pq", total(xlog(p, p, q) - p + q), p_q,
         "Divergence Σ (p log(p/q) − p + q): never negative, and D(p‖q) when p and q have the same sum."),
        ("binary_cross_entropy", "yp", -xlog(var("y"), var("p")) - xlog(ONE - var("y"), ONE - var("p")), bits,
         "Cross-entropy −[y log p + (1 − y) log(1 − p)] of a target y in [0, 1] against a probability p, entry by entry."),
        ("softmax", "z", soft(k), z_y_k, "Softmax exp z_k / Σ exp z_j; the result keeps the class axis."),
        ("softmax_cross_entropy", "zy", -total(xlog(y, soft(Term("bound", 0)))), z_y,
         "Cross-entropy −Σ y log softmax(z) of targets y, one-hot or soft, against logits z."),
        ("softmax_cross_entropy_grad", "zy", total(y) * soft(k) - Term("at", var("y"), k), z_y_k,
         "Gradient (Σ y)·softmax(z)_k − y_k of the softmax cross-entropy of one sample in z, in nats; keeps the class axis."),
    ]  # fmt: skip
    return [(Emit(name, "", "right", tuple(given), words), Formula(term, scope)) for name, given, term, scope, words in rows]


__all__ = ["Emit", "declared"]
