"""Formulas become formulas which floating point evaluates well: a table of rewrites, none of which knows a result.

A row replaces a term by an equal one. The equality, and where it holds, is the row's docstring. What stands for a
stable evaluation is written ``app("#softmax", …)`` and the like; the functions with # are:

    #log1p(u) = log(1 + u)                  #softplus(x) = log(1 + eˣ)            #logsumexp(a) = log Σ exp aⱼ
    #expm1(x) = eˣ − 1                      #sigmoid(x) = 1/(1 + e⁻ˣ)             #softmax(a, k) = exp aₖ / Σ exp aⱼ
    #weighted(w, x) = w·x, 0 where w = 0    #bregman(w, v) = w log(w/v) − w + v   #log_softmax(a, k) = log #softmax(a, k)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction

from derivations._kernel.domains import Scope
from derivations._kernel.terms import BINDERS, LEAVES, ONE, ZERO, Term, num, opened

Rewrite = Callable[[Term, Scope], Term | None]
#: op of the terms a row looks at → rows, in the order in which they are tried.
REWRITES: dict[str, dict[str, Rewrite]] = {}
LIMIT = 1000


def row(op: str) -> Callable[[Rewrite], Rewrite]:
    """Enter a rewrite of terms with the operator ``op`` into the table, under its own name."""

    def enter(rewrite: Rewrite) -> Rewrite:
        REWRITES.setdefault(op, {})[rewrite.__name__] = rewrite
        return rewrite

    return enter


def stable(t: Term, scope: Scope) -> tuple[Term, tuple[str, ...]]:
    """``t`` rewritten from the inside out until no row applies, and the names of the rows used, in order of first use."""
    used: dict[str, None] = {}
    steps = 0

    def walk(s: Term) -> Term:
        nonlocal steps
        if s.op in LEAVES:
            return s
        s = _tidy(s.rebuild(tuple(walk(a) for a in s.children)))
        for name, rewrite in REWRITES.get(s.op, {}).items():
            new = rewrite(s, scope)
            if new is not None:
                used.setdefault(name)
                steps += 1
                if steps > LIMIT:
                    raise RuntimeError(f"the rewrites do not come to an end; the last one was {name}")
                return walk(new)
        return s

    return walk(t), tuple(used)


# Shape: sums and products without nesting, numbers gathered. Nothing is reordered, so equal formulas give equal source.


def _flat(op: str, t: Term) -> list[Term]:
    return [x for a in t.args for x in _flat(op, a)] if t.op == op else [t]


def _tidy(t: Term) -> Term:
    """``t`` with nested sums and products flattened, numbers combined, and a minus sign carried into a sum."""
    if t.op == "mul":
        parts = _flat("mul", t)
        number = Fraction(1)
        for a in parts:
            number *= Fraction(a.args[0]) if a.op == "num" else 1
        rest = [a for a in parts if a.op != "num"]
        if number == 0:
            return t  # 0·x is 0 only for finite x, which is not known here
        if number == -1 and len(rest) == 1 and rest[0].op == "add":
            return _add(*(negated(a) for a in rest[0].args))
        return _mul(*([] if number == 1 else [num(number)]), *rest)
    if t.op == "add":
        parts = _flat("add", t)
        number = sum((Fraction(a.args[0]) for a in parts if a.op == "num"), Fraction(0))
        return _add(*([] if number == 0 else [num(number)]), *(a for a in parts if a.op != "num"))
    if t.op == "pow":
        base, exponent = t.children
        if exponent == ONE:
            return base
        if base.op == exponent.op == "num" and base.args[0]:
            value = exponent.args[0]
            if value.denominator == 1 and abs(value) < 64:
                return num(Fraction(Fraction(base.args[0]) ** int(value)))
    return t


def _add(*parts: Term) -> Term:
    return ZERO if not parts else parts[0] if len(parts) == 1 else Term("add", *parts)


def _mul(*parts: Term) -> Term:
    return ONE if not parts else parts[0] if len(parts) == 1 else Term("mul", *parts)


def _app(name: str, *args: Term) -> Term:
    return Term("app", name, *args)


def _is(t: Term, name: str) -> bool:
    return t.op == "app" and t.args[0] == name


def negated(t: Term) -> Term:
    """−t."""
    return num(-t.args[0]) if t.op == "num" else _tidy(Term("mul", num(-1), t))


def _without(parts: list[Term], *remove: Term) -> list[Term]:
    parts = list(parts)
    for a in remove:
        parts.remove(a)
    return parts


def _exponent(t: Term) -> Term | None:
    """a, where t = exp(a)."""
    return t.args[0] if t.op == "exp" else None


def _indices(t: Term, level: int = 0) -> Iterator[Term]:
    """The indices, seen from outside ``t``, at which entries are taken in ``t``."""
    last = len(t.args) - 1
    for k, a in enumerate(t.args):
        if type(a) is not Term:
            continue
        if (t.op in ("at", "delta") and not (t.op == "at" and k == 0)) or (t.op == "app" and k == last and a.op in LEAVES):
            if a.op == "bound" and a.args[0] >= level:
                yield Term("bound", a.args[0] - level)
            elif a.op != "bound":
                yield a
        elif a.op not in LEAVES:
            yield from _indices(a, level + 1 if t.op in BINDERS and k == last else level)


def nonnegative(t: Term, scope: Scope) -> bool:
    """Whether t ≥ 0 is plain from its shape and the domains of its variables; False means: not plain."""
    op, args = t.op, t.args
    if op == "num":
        return bool(args[0] >= 0)
    if op in ("const", "exp", "abs", "delta") or (op == "app" and args[0] in ("#softmax", "#sigmoid", "#softplus", "#bregman")):
        return True
    if op == "var" or (op == "at" and args[0].op == "var"):
        low = scope.domain((t if op == "var" else args[0]).args[0]).kind.low
        return low is not None and low >= 0
    if op in ("mul", "case"):
        return all(nonnegative(a, scope) for a in args[-2 if op == "case" else 0 :])
    if op == "pow":
        return nonnegative(args[0], scope) or (args[1].op == "num" and args[1].args[0] % 2 == 0)
    if op in ("sum", "prod", "top"):
        return nonnegative(args[1], scope)
    if op == "max":
        return any(nonnegative(a, scope) for a in args)
    if op == "add":
        if args[0].op == "num" and len(args) == 2 and args[1].op == "mul" and args[1].args[0] == num(-1):
            x = _mul(*args[1].args[1:])  # c − x with x ≤ 1 ≤ c, as in 1 − p
            name = x.args[0] if x.op == "var" else x.args[0].args[0] if x.op == "at" and x.args[0].op == "var" else None
            if name is not None and scope.domain(name).kind.high == 1 <= args[0].args[0]:
                return True
        return all(nonnegative(a, scope) for a in args)
    return False


# The table.


@row("mul")
def softmax_shifted(t: Term, scope: Scope) -> Term | None:
    """exp aₖ / Σⱼ exp aⱼ = exp(aₖ − m) / Σⱼ exp(aⱼ − m) for every m, here the maximum: e^(x−m) = eˣ/eᵐ, and eᵐ ≠ 0 cancels."""
    parts = _flat("mul", t)
    for below in parts:
        if below.op == "pow" and below.args[1] == num(-1) and below.args[0].op == "sum" and below.args[0].args[1].op == "exp":
            size, body = below.args[0].args[0], below.args[0].args[1].args[0]
            for above in parts:
                a = _exponent(above)
                for i in dict.fromkeys(_indices(a)) if a is not None else ():
                    if opened(body, i) == a:
                        return _mul(*_without(parts, below, above), _app("#softmax", Term("vec", size, body), i))
    return None


@row("mul")
def sigmoid_ratio(t: Term, scope: Scope) -> Term | None:
    """eˣ · sigmoid(−x) = sigmoid(x): eˣ/(1 + eˣ) = 1/(e⁻ˣ + 1), since eˣ ≠ 0."""
    parts = _flat("mul", t)
    for above in parts:
        x = _exponent(above)
        if x is not None and (other := _app("#sigmoid", negated(x))) in parts:
            return _mul(*_without(parts, above, other), _app("#sigmoid", x))
    return None


@row("mul")
def weight_of_logarithm(t: Term, scope: Scope) -> Term | None:
    """w·x = 0 where w = 0, for x = log softmax(a)ₖ too, which is finite in truth but may have overflowed to −∞."""
    parts = _flat("mul", t)
    logs = [a for a in parts if _is(a, "#log_softmax")]
    weights = [a for a in parts if a.op != "num" and a not in logs]
    if len(logs) != 1 or not weights:
        return None
    return _mul(*(a for a in parts if a.op == "num"), _app("#weighted", _mul(*weights), logs[0]))


@row("pow")
def reciprocal_of_exp(t: Term, scope: Scope) -> Term | None:
    """(eᵃ)⁻¹ = e⁻ᵃ for every a; the left side overflows first."""
    a = _exponent(t.args[0])
    return Term("exp", negated(a)) if a is not None and t.args[1] == num(-1) else None


@row("pow")
def sigmoid_split(t: Term, scope: Scope) -> Term | None:
    """1/(1 + eᵃ) = sigmoid(−a), which is 1/(1 + e⁻ˣ) for x ≥ 0 and eˣ/(1 + eˣ) for x < 0, so that no exponential overflows."""
    if t.args[1] == num(-1) and (a := _one_plus_exp(t.args[0])) is not None:
        return _app("#sigmoid", negated(a))
    return None


def _one_plus_exp(t: Term) -> Term | None:
    return _exponent(t.args[1]) if t.op == "add" and len(t.args) == 2 and t.args[0] == ONE else None


@row("add")
def bregman_term(t: Term, scope: Scope) -> Term | None:
    """w log(w/v) − w + v = w·(s − log1p s) with s = (v − w)/w, since log(w/v) = −log(1 + s) and v − w = w·s, for w, v > 0.

    s − log1p s ≥ 0 with equality only at s = 0, so rounding cannot make the value negative; it is v at w = 0, +∞ at v = 0 < w.
    """
    parts = list(t.args)
    for x in parts:
        if x.op == "xlog" and x.args[0] == x.args[1]:
            w, v = x.args[0], x.args[2]
            need = _flat("add", _tidy(Term("add", negated(w), v)))
            rest = _without(parts, x)
            if need != [ZERO] and not Counter(need) - Counter(rest):
                return _add(*_without(rest, *need), _app("#bregman", w, v))
    return None


@row("add")
def sigmoid_complement(t: Term, scope: Scope) -> Term | None:
    """1 − sigmoid(x) = sigmoid(−x): 1 − 1/(1 + e⁻ˣ) = e⁻ˣ/(1 + e⁻ˣ) = 1/(eˣ + 1)."""
    if t.args[0] == ONE:
        for a in t.args[1:]:
            if (x := negated(a)).op == "app" and _is(x, "#sigmoid"):
                return _add(*_without(list(t.args), ONE, a), _app("#sigmoid", negated(x.args[1])))
    return None


@row("add")
def exp_minus_one(t: Term, scope: Scope) -> Term | None:
    """eᵃ − 1 = expm1(a) and 1 − eᵃ = −expm1(a), by definition of expm1."""
    if t.args[0] in (ONE, num(-1)):
        sign = t.args[0].args[0]
        for a in t.args[1:]:
            x = _exponent(a if sign == -1 else negated(a))
            if x is not None:
                new = _app("#expm1", x)
                return _add(*_without(list(t.args), t.args[0], a), new if sign == -1 else negated(new))
    return None


@row("log")
def log_of_exp(t: Term, scope: Scope) -> Term | None:
    """log eᵃ = a for every a."""
    return _exponent(t.args[0])


@row("log")
def logsumexp_shifted(t: Term, scope: Scope) -> Term | None:
    """log Σ exp aⱼ = m + log Σ exp(aⱼ − m) for every m, here the maximum, so that no term exceeds 1 and one is 1."""
    s = t.args[0]
    return _app("#logsumexp", Term("vec", s.args[0], s.args[1].args[0])) if s.op == "sum" and s.args[1].op == "exp" else None


@row("log")
def log_softmax_shifted(t: Term, scope: Scope) -> Term | None:
    """log softmax(a)ₖ = (aₖ − m) − log(1 + Σ exp(aⱼ − m) over the j other than one that attains the maximum m)."""
    return _app("#log_softmax", *t.args[0].args[1:]) if _is(t.args[0], "#softmax") else None


@row("log")
def log_sigmoid(t: Term, scope: Scope) -> Term | None:
    """log sigmoid(x) = −softplus(−x): sigmoid(x) = 1/(1 + e⁻ˣ)."""
    return negated(_app("#softplus", negated(t.args[0].args[1]))) if _is(t.args[0], "#sigmoid") else None


@row("log")
def softplus_split(t: Term, scope: Scope) -> Term | None:
    """log(1 + eˣ) = max(x, 0) + log1p(e^−|x|): for x > 0 take eˣ out of the sum."""
    a = _one_plus_exp(t.args[0])
    return _app("#softplus", a) if a is not None else None


@row("log")
def log1p_of_sum(t: Term, scope: Scope) -> Term | None:
    """log(1 + u) = log1p(u), by definition of log1p; log(1 − u) is the case −u."""
    s = t.args[0]
    return _app("#log1p", _add(*s.args[1:])) if s.op == "add" and s.args[0] == ONE else None


@row("log")
def log_of_exponential_product(t: Term, scope: Scope) -> Term | None:
    """log(a·b) = log a + log b and log(1/b) = −log b for a, b > 0; used where a factor is a power or an exponential."""
    parts = _flat("mul", t.args[0])

    def exponential(a: Term) -> bool:
        if a.op == "pow" and a.args[1].op != "num":
            return True
        a = a.args[0] if a.op == "pow" and a.args[1] == num(-1) else a
        a = a.args[1] if a.op == "sum" else a
        return a.op == "exp" or _is(a, "#softmax") or _is(a, "#sigmoid") or _one_plus_exp(a) is not None

    alone = len(parts) == 1 and not (parts[0].op == "pow" and parts[0].args[1] == num(-1))
    if alone or not any(exponential(a) for a in parts) or not all(nonnegative(a, scope) for a in parts):
        return None
    inverse = [a.op == "pow" and a.args[1] == num(-1) for a in parts]
    logs = [negated(Term("log", a.args[0])) if i else Term("log", a) for a, i in zip(parts, inverse, strict=True)]
    return _add(*logs)


@row("log")
def log_of_quotient(t: Term, scope: Scope) -> Term | None:
    """log(a/b) = 1·log(a/b) for a, b > 0: as a weighted logarithm it is evaluated as log1p((a − b)/b) where a is near b."""
    parts = _flat("mul", t.args[0])
    below = [a.args[0] for a in parts if a.op == "pow" and a.args[1] == num(-1)]
    above = [a for a in parts if not (a.op == "pow" and a.args[1] == num(-1))]
    if not below or not above or not all(nonnegative(a, scope) for a in above + below):
        return None
    return Term("xlog", ONE, _mul(*above), _mul(*below))


@row("log")
def log_of_product(t: Term, scope: Scope) -> Term | None:
    """log Π aᵢ = Σ log aᵢ for aᵢ > 0, and both sides are −∞ where an aᵢ is 0; the product underflows, the sum does not."""
    s = t.args[0]
    return Term("sum", s.args[0], Term("log", s.args[1])) if s.op == "prod" and nonnegative(s.args[1], scope) else None


@row("log")
def log_of_power(t: Term, scope: Scope) -> Term | None:
    """log aʳ = r·log a for a > 0; at a = 0 both are −∞ for r > 0, and both are 0 for r = 0."""
    s = t.args[0]
    return Term("xlog", s.args[1], s.args[0], ONE) if s.op == "pow" and nonnegative(s.args[0], scope) else None


@row("xlog")
def logarithm_of_reciprocal(t: Term, scope: Scope) -> Term | None:
    """w·log(1/b) = −w·log b for b > 0; at b = 0 < w both are +∞."""
    w, a, b = t.args
    return negated(Term("xlog", w, b, ONE)) if a == ONE != b else None


@row("xlog")
def weighted_logarithm(t: Term, scope: Scope) -> Term | None:
    """w·log(a/b) = w·(log a − log b) for a, b > 0, and 0 where w = 0; used where a logarithm has a stable form of its own."""
    w, a, b = t.args
    special = [any(r(Term("log", x), scope) for r in _LOGARITHMS) for x in (a, b)]
    if not any(special) and not (b == ONE and log1p_of_sum(Term("log", a), scope)):
        return None
    logs = [ZERO if x == ONE else Term("log", x) for x in (a, b)]  # the rows for log turn these into their stable forms
    whole = _tidy(Term("add", logs[0], negated(logs[1])))
    return whole if w == ONE else _app("#weighted", w, whole)


_LOGARITHMS = (log_of_exp, logsumexp_shifted, log_softmax_shifted, log_sigmoid, softplus_split, log_of_exponential_product)


def justification(name: str) -> str:
    """The equality of a row, and where it holds, in one sentence."""
    for rows in REWRITES.values():
        if name in rows:
            return (rows[name].__doc__ or "").split("\n\n")[0].strip()
    raise KeyError(name)


__all__ = ["REWRITES", "justification", "negated", "nonnegative", "stable"]
