"""Sums put together again: terms that are sums over one size become one sum, and its body is cancelled and factored."""

from __future__ import annotations

from collections.abc import Iterator

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope, total
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, closed, num, opened, subterms, var

from .equation import NotFound
from .factors import product_view
from .polynomial import TooMany, expand, monomial, product_of, sum_of, tidy
from .strong import Strong
from .trail import Step, field

Link = tuple[Term, Proof | None]  #: a term, and a proof that what it was made from equals it (None: it is the same)


def chained(*proofs: Proof | None) -> Proof | None:
    """The proofs one after another; None stands for nothing to prove."""
    links = [p for p in proofs if p is not None]
    return None if not links else links[0] if len(links) == 1 else Proof("chain", tuple(links))


def rewriting(t: Term, steps: list[Step]) -> Proof | None:
    """The steps as a proof."""
    return Proof("rewrite", (t, tuple(steps))) if steps else None


def back(proof: Proof | None) -> Proof | None:
    """The same equation, read from right to left."""
    return None if proof is None else Proof("symmetry", (proof,))


def joined(search: Strong, scope: Scope, a: Term, b: Term) -> Proof | None:
    """A proof of a = b by strong normal forms; :class:`NotFound` if they differ."""
    if a == b:
        return None
    (a_end, a_steps), (b_end, b_steps) = search.together([a, b], scope)
    if not search.kernel.algebra.equal(a_end, b_end):
        raise NotFound("the strong normal forms differ", tidy(a_end - b_end))
    middle = None if a_end == b_end else field(a_end, b_end)
    return chained(rewriting(a, a_steps), middle, back(rewriting(b, b_steps)))


def cancelled(kernel: Kernel, t: Term) -> Term:
    """``t`` as a product of factors, common ones cancelled, or as zero if it is; ``t`` itself if it is too large."""
    if t.size >= 600:
        return t
    return ZERO if t != ZERO and kernel.algebra.equal(t, ZERO) else product_view(kernel, t)


def merged(search: Strong, scope: Scope, t: Term, spread: Term | None = None) -> Link:
    """``t`` with the sums over each size made one; ``spread`` is a vector over whose entries the rest is distributed."""
    kernel = search.kernel
    try:
        parts = expand(t)
    except TooMany:
        return t, None
    name = scope.fresh()
    bodies: dict[Term, list[Term]] = {}
    rest: list[Term] = []
    for m, c in parts.items():
        found = next((f for f, e in m if f.op == "sum" and e > 0), None)
        if found is None:
            rest.append(product_of(m, c))
            continue
        front = product_of(monomial({f: e - (f is found) for f, e in m}), c)
        bodies.setdefault(found.args[0], []).append(front * opened(found.args[1], var(name)))
    if spread is not None and rest:
        size, weight = spread.args[0], opened(spread.args[1], var(name))
        bodies.setdefault(size, []).append(sum_of(rest) * weight)
        rest = []
    if not bodies:
        alone = cancelled(kernel, t)
        return (t, None) if alone == t else (alone, field(t, alone))
    raw: list[Term] = []
    new: list[Term] = []
    steps: list[tuple[int, Proof, Term]] = []
    for k, (size, body) in enumerate(bodies.items()):
        inner = scope.declaring(name, Domain("Index", (size,)))
        whole = sum_of(body)
        raw.append(Term("sum", size, closed(whole, name)))
        end, proof = _within(search, inner, whole)
        new.append(Term("sum", size, closed(end, name)))
        if proof is not None:
            steps.append((k, proof, end))
    raw, new = raw + rest, new + rest
    together = sum_of(raw)
    first = joined(search, scope, t, together)
    paths: list[Step] = [(((k, 1) if len(raw) > 1 else (1,)), proof, ONE, end) for k, proof, end in steps]
    return sum_of(new), chained(first, rewriting(together, paths))


def _within(search: Strong, scope: Scope, body: Term) -> Link:
    plain, steps = search.together([body], scope)[0]
    inner, proof = merged(search, scope, plain)
    return inner, chained(rewriting(body, steps), proof)


def forms(search: Strong, scope: Scope, t: Term, spreading: bool = True) -> Iterator[Link]:
    """Terms equal to ``t``, from the plain to the elaborate, each with a proof."""
    normal, steps = search.together([t], scope)[0]
    start = rewriting(t, steps)
    yield normal, start
    factored = cancelled(search.kernel, normal)
    if factored != normal:
        yield factored, chained(start, field(normal, factored))
    if not any(s.op == "sum" for s in subterms(normal)):
        return
    seen = {normal, factored}
    for spread in (None, *(spreads(scope, normal) if spreading else ())):
        try:
            new, proof = merged(search, scope, normal, spread)
        except (NotFound, Refused, IllFormed):
            continue
        if new in seen:
            continue
        seen.add(new)
        yield new, chained(start, proof)
        again, more = search.together([new], scope)[0]
        if again not in seen:
            seen.add(again)
            yield again, chained(start, proof, rewriting(new, more))


def spreads(scope: Scope, t: Term) -> list[Term]:
    """Sums equal to one: the total of every distribution in scope, and uniform weights."""
    sizes = {s.args[0] for s in subterms(t) if s.op == "sum" and not s.args[0].loose}
    found = totals(scope)
    found += [Term("sum", size, size ** num(-1)) for size in sorted(sizes, key=repr)]
    shares = {f for m in expand(t) for f, e in m if f.op == "sum" and e < 0 and not f.loose}
    found += [Term("sum", f.args[0], f.args[1] * f ** num(-1)) for f in sorted(shares, key=repr)]
    return [s for s in found if s.args[0] in sizes][:5]


def totals(scope: Scope) -> list[Term]:
    """The totals of the distributions in scope."""
    return [total(d, var(n)) for n, d in scope.domains if d.kind.total and d.name != "Family" and len(d.sizes) == 1]


def zero(search: Strong, scope: Scope, t: Term) -> Proof:
    """A proof of t = 0."""
    residue = None
    for term, proof in forms(search, scope, t):
        residue = residue or term
        if search.kernel.algebra.equal(term, ZERO):
            end = None if term == ZERO else field(term, ZERO)
            return chained(proof, end) or field(t, ZERO)
    if residue is not None and has_few(scope):
        term, proof = last_entries(search, scope, t)
        if search.kernel.algebra.equal(term, ZERO):
            return chained(proof, None if term == ZERO else field(term, ZERO)) or field(t, ZERO)
    raise NotFound("the difference is not seen to be zero", residue)


def has_few(scope: Scope) -> bool:
    """Whether there is a distribution over a written-out number of outcomes."""
    return any(d.sizes and d.sizes[0].op == "num" and d.kind.total for _, d in scope.domains)


def last_entries(search: Strong, scope: Scope, t: Term) -> Link:
    """``t`` with the last entry of every distribution over a written-out number of outcomes put as 1 minus the others."""
    proof: Proof | None = None
    for name, domain in scope.domains:
        if not (domain.kind.total and len(domain.sizes) == 1 and domain.sizes[0].op == "num"):
            continue
        size = domain.sizes[0]
        whole = total(domain, var(name))
        entries = [Term("at", var(name), num(k)) for k in range(1, int(size.args[0]) + 1)]
        rest = sum_of([ONE, *(-e for e in entries[:-1])])
        is_one, written = Proof("rule", ("total probability", (("t", whole),))), Proof("written_out", (whole,))
        known = Proof("combine", (entries[-1], rest, ((ONE, is_one), (num(-1), written))))
        normal, steps = search.together([t], scope)[0]
        parts, more = list(normal.args) if normal.op == "add" else [normal], []
        for k, part in enumerate(parts):
            factors = list(part.args) if part.op == "mul" else [part]
            for j, f in enumerate(factors):
                path = ((k,) if normal.op == "add" else ()) + ((j,) if part.op == "mul" else ())
                base = f.args[0] if f.op == "pow" else f
                if base == entries[-1]:
                    more.append(((*path, 0) if f.op == "pow" else path, known, ONE, rest))
                    factors[j] = f if f.op != "pow" and f != base else rest if f == base else Term("pow", rest, f.args[1])
            parts[k] = Term("mul", *factors) if part.op == "mul" else factors[0]
        new = sum_of(parts) if normal.op == "add" else parts[0]
        end, last = search.together([new], scope)[0]
        proof = chained(proof, rewriting(t, steps), rewriting(normal, more), rewriting(new, last))
        t = end
    return t, proof


def equation(search: Strong, scope: Scope, a: Term, b: Term) -> Proof:
    """A proof of a = b."""
    try:
        return joined(search, scope, a, b) or field(a, b)
    except NotFound:
        return Proof("combine", (a, b, ((ONE, zero(search, scope, a - b)),)))


__all__ = ["equation", "forms", "joined", "merged", "zero"]
