"""The rules: laws of school algebra and calculus, one row each. An instance of a law is a law.

In a law, ``meta(name)`` stands for any term and ``meta(name, i)`` for any term in which the index i may occur.
A side condition must be decided by :mod:`order` in the scope where the law is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from .domains import mentions, total
from .order import Order
from .terms import ONE, ZERO, IllFormed, Term, lift, num, replaced, shifted

Instance = dict[str, Term]


class Rule(NamedTuple):
    """A law with its conditions; ``side`` is a condition that is not a formula, in words."""

    name: str
    law: Term
    conditions: tuple[Term, ...]
    doc: str
    side: str = ""

    @property
    def metas(self) -> dict[str, int]:
        """The names a law leaves open, each with its number of indices."""
        return {m.args[0]: len(m.args) - 1 for t in (self.law, *self.conditions) for m in _metas(t)}


def _metas(t: Term) -> Iterator[Term]:
    if t.op == "meta":
        yield t
    for child in t.children:
        yield from _metas(child)


def instantiate(t: Term, values: Instance) -> Term:
    """``t`` with its metas replaced; the value of a meta with indices has them as bound(…), the last one innermost."""

    def leaf(s: Term, level: int) -> Term | None:
        if s.op != "meta":
            return None
        if s.args[0] not in values:
            raise IllFormed(f"the instance does not say what {s.args[0]} is")
        indices = [replaced(i, leaf, level) for i in s.args[1:]]
        value, count = values[s.args[0]], len(indices)
        if value.loose > count:
            raise IllFormed(f"the value of {s.args[0]} has indices which it may not have")
        return shifted(value, lambda k, inner: lift(indices[count - 1 - k + inner], inner))

    return replaced(t, leaf)


def _meta(name: str, *indices: Term) -> Term:
    return Term("meta", name, *indices)


def _eq(a: Term, b: Term | int) -> Term:
    return Term("eq", a, b if isinstance(b, Term) else num(b))


def _pos(*terms: Term) -> tuple[Term, ...]:
    return tuple(Term("lt", ZERO, t) for t in terms)


def _nonneg(*terms: Term) -> tuple[Term, ...]:
    return tuple(Term("le", ZERO, t) for t in terms)


def _neg(t: Term) -> Term:
    return Term("lt", t, ZERO)


def _sum(body: Term, size: str = "n") -> Term:
    return Term("sum", _meta(size), body)


def _log(t: Term) -> Term:
    return Term("log", t)


def _exp(t: Term) -> Term:
    return Term("exp", t)


def _xlog(w: Term, a: Term, b: Term = ONE) -> Term:
    return Term("xlog", w, a, b)


def _d(t: Term) -> Term:
    return Term("deriv", t, _meta("x"))


a, b, c, r, v, w, x = (_meta(name) for name in "abcrvwx")
i, j = Term("bound", 0), Term("bound", 1)
f, g, h = _meta("f", i), _meta("g", i), _meta("f", j, i)
k, m, p, i_, j_ = (_meta(name) for name in "kmpij")
n_body, _p_i = _sum(f), Term("at", p, i)

_TABLE = (
    # logarithm, exponential, power
    Rule("logarithm of a product", _eq(_log(a * b), _log(a) + _log(b)), _pos(a, b), "log(ab) = log a + log b"),
    Rule("logarithm of one", _eq(_log(ONE), 0), (), "log 1 = 0"),
    Rule("logarithm of a power", _eq(_log(a**r), r * _log(a)), _pos(a), "log(a^r) = r log a"),
    Rule("logarithm of an exponential", _eq(_log(_exp(a)), a), (), "log(e^a) = a"),
    Rule("exponential of a logarithm", _eq(_exp(_log(a)), a), _pos(a), "e^{log a} = a"),
    Rule("exponential of a sum", _eq(_exp(a + b), _exp(a) * _exp(b)), (), "e^{a+b} = e^a e^b"),
    Rule("exponential of zero", _eq(_exp(ZERO), 1), (), "e^0 = 1"),
    Rule("exponential of a multiple", _eq(_exp(r * a), _exp(a) ** r), (), "e^{ra} = (e^a)^r"),
    Rule("power as exponential", _eq(a**r, _exp(r * _log(a))), _pos(a), "a^r = e^{r log a}"),
    Rule("powers of one base", _eq(a**r * a**c, a ** (r + c)), _pos(a), "a^r a^c = a^{r+c}"),
    Rule("power of a product", _eq((a * b) ** r, a**r * b**r), (*_nonneg(a, b), *_pos(r)), "(ab)^r = a^r b^r"),
    Rule("powers of a base that may be zero", _eq(a**r * a**c, a ** (r + c)), (*_nonneg(a), *_pos(r, c)), "a^r a^c = a^{r+c}"),
    Rule("power of a power", _eq((a**r) ** c, a ** (r * c)), (*_nonneg(a), *_pos(r, c)), "(a^r)^c = a^{rc}"),
    Rule("root of a square", _eq((a ** num(2)) ** num(Fraction(1, 2)), Term("abs", a)), (), "√(a²) = |a|"),
    # a weight times a logarithm
    Rule("weight times logarithm", _eq(_xlog(w, a, b), w * (_log(a) - _log(b))), _pos(a, b), "w log(a/b) = w (log a − log b)"),
    Rule("zero times logarithm", _eq(_xlog(ZERO, a, b), 0), _nonneg(a, b), "0 log(a/b) = 0"),
    Rule("weighted logarithm of a quotient", _eq(_xlog(w, a, b), _xlog(w, a) - _xlog(w, b)), (),
         "w log(a/b) = w log a − w log b"),
    Rule("weighted logarithm of a product", _eq(_xlog(w, a * b), _xlog(w, a) + _xlog(w, b)), (),
         "w log(ab) = w log a + w log b"),
    Rule("weighted logarithm of a power", _eq(_xlog(w, a**r), r * _xlog(w, a)), _pos(r), "w log(a^r) = r w log a"),
    Rule("weights add", _eq(_xlog(v + w, a, b), _xlog(v, a, b) + _xlog(w, a, b)), (), "(v + w) log a = v log a + w log a"),
    Rule("weights multiply", _eq(_xlog(c * w, a, b), c * _xlog(w, a, b)), (), "(cw) log a = c (w log a)"),
    Rule("weights of a sum", _eq(_xlog(n_body, a, b), _sum(_xlog(f, a, b))), (), "(Σ w) log a = Σ w log a"),
    # sums and products over an index set
    Rule("sum of sums", _eq(_sum(f + g), _sum(f) + _sum(g)), (), "Σ(f + g) = Σf + Σg"),
    Rule("constant factor", _eq(_sum(c * f), c * _sum(f)), (), "Σ c f = c Σ f for c without the index"),
    Rule("sum of a constant", _eq(_sum(c), _meta("n") * c), (), "Σ c = n c"),
    Rule("order of summation", _eq(_sum(Term("sum", m, h)), Term("sum", m, _sum(_meta("f", i, j)))), (),
         "Σ_i Σ_j f = Σ_j Σ_i f"),
    Rule("delta selects", _eq(_sum(Term("delta", i, k) * f), _meta("f", k)), (), "Σ_i δ_ik f(i) = f(k)"),
    Rule("sum of all but one", _eq(_sum(Term("case", Term("delta", i, k), ONE, ZERO, f)), n_body - _meta("f", k)), (),
         "Σ_{i ≠ k} f(i) = Σ_i f(i) − f(k)"),
    Rule("delta of equal indices", _eq(Term("delta", k, k), 1), (), "δ_kk = 1"),
    Rule("logarithm of a product of many", _eq(_log(Term("prod", _meta("n"), f)), _sum(_log(f))),
         (Term("all", _meta("n"), Term("lt", ZERO, f)),), "log Π f = Σ log f"),
    Rule("total probability", _eq(_meta("t"), 1), (), "Σ p = 1 for a distribution p",
         "t is the sum of all entries of a distribution p"),
    Rule("zero or one", _eq(a * a, a), (), "a² = a for a = 0 or 1", "a is a bit or an entry of a vector of bits"),
    Rule("one entry is one", _eq(Term("at", p, k) * Term("at", p, m), Term("delta", k, m) * Term("at", p, k)), (),
         "y_k y_m = δ_km y_k for a one-hot y", "p is one-hot"),
    Rule("a term of a sum", Term("le", _meta("f", k), n_body), (Term("all", _meta("n"), Term("le", ZERO, f)),),
         "f(k) ≤ Σ f for terms f ≥ 0"),
    Rule("a mean is positive", Term("lt", ZERO, _sum(_p_i * f)),
         (Term("all", _meta("n"), Term("imp", Term("lt", ZERO, _p_i), Term("lt", ZERO, f))),),
         "Σ p f > 0 for a distribution p and f > 0 where p > 0", "p is a distribution over the index"),
    # maxima and absolute values
    Rule("the larger of two", _eq(Term("max", a, b), a), (Term("le", b, a),), "max(a, b) = a for b ≤ a"),
    Rule("an entry is at most the maximum", Term("le", _meta("f", k), Term("top", _meta("n"), f)), (), "f(k) ≤ max f"),
    Rule("absolute value", _eq(Term("abs", a), a), _nonneg(a), "|a| = a for a ≥ 0"),
    Rule("absolute value of the opposite", _eq(Term("abs", -a), Term("abs", a)), (), "|−a| = |a|"),
    # a case distinction
    Rule("case met", _eq(Term("case", a, b, v, w), v), (_eq(a, b),), "the first value where the condition holds"),
    Rule("case not met", _eq(Term("case", a, b, v, w), w), (Term("ne", a, b),), "the second value where it does not"),
    # derivatives
    Rule("derivative of a constant", _eq(_d(a), 0), (), "∂a/∂x = 0", "the variable of x does not occur in a"),
    Rule("derivative of the variable", _eq(Term("deriv", x, x), 1), (), "∂x/∂x = 1", "x is a variable"),
    Rule("derivative of an entry", _eq(Term("deriv", Term("at", v, k), Term("at", v, m)), Term("delta", k, m)), (),
         "∂v_k/∂v_m = δ_km", "v is a variable"),
    Rule("derivative of an entry of an array",
         _eq(Term("deriv", Term("at", v, k, i_), Term("at", v, m, j_)), Term("delta", k, m) * Term("delta", i_, j_)), (),
         "∂v_ki/∂v_mj = δ_km δ_ij", "v is a variable"),
    Rule("derivative of a sum", _eq(_d(a + b), _d(a) + _d(b)), (), "(a + b)′ = a′ + b′"),
    Rule("derivative of a product", _eq(_d(a * b), _d(a) * b + a * _d(b)), (), "(ab)′ = a′b + ab′"),
    Rule("derivative of a power", _eq(_d(a**r), r * a ** (r - ONE) * _d(a)), (), "(a^r)′ = r a^{r−1} a′",
         "the variable of x does not occur in r"),
    Rule("derivative of the logarithm", _eq(_d(_log(a)), _d(a) / a), (), "(log a)′ = a′/a"),
    Rule("derivative of the exponential", _eq(_d(_exp(a)), _exp(a) * _d(a)), (), "(e^a)′ = e^a a′"),
    Rule("derivative of a sum over indices", _eq(_d(n_body), _sum(_d(f))), (), "(Σ f)′ = Σ f′"),
    # limits
    Rule("limit of a power", Term("tends", x**r, x, ZERO, ZERO), _pos(r), "x^r → 0 as x ↓ 0, for r > 0",
         "r does not depend on x"),
    Rule("limit of a power times a logarithm", Term("tends", x**r * _log(x), x, ZERO, ZERO), _pos(r),
         "x^r log x → 0 as x ↓ 0, for r > 0", "r does not depend on x"),
    Rule("limit of a power times an exponential", Term("tends", x**r * _exp(-(c * x**w)), x, ZERO, ZERO), (*_pos(c), _neg(w)),
         "x^r e^{−c x^w} → 0 as x ↓ 0, for c > 0 and w < 0", "r, w and c do not depend on x"),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _TABLE}


def _variable(t: Term) -> str:
    while t.op == "at":
        t = t.args[0]
    if t.op != "var":
        raise IllFormed("a derivative is taken in a variable")
    return str(t.args[0])


def _is_bit(t: Term, order: Order) -> bool:
    domain = order.domain(t.args[0] if t.op == "at" else t)
    return domain is not None and domain.kind.whole and domain.kind.high == 1


def _is_total(t: Term, order: Order) -> bool:
    body = t
    while body.op == "sum":
        body = body.args[1]
    if body.op != "at" or body.args[0].loose:  # a distribution that depends on the index is another one for each
        return False
    domain = order.domain(body.args[0])
    return domain is not None and domain.kind.total and t == total(domain, body.args[0])


def _constant(at: Instance, *names: str) -> bool:
    return at["x"].op == "var" and not any(mentions(at[name], at["x"].args[0]) for name in names)


def _is_distribution(p: Term, size: Term, order: Order) -> bool:
    domain = order.domain(p)
    return domain is not None and domain.kind.total and domain.sizes == (size,)


SIDES: dict[str, Callable[[Instance, Order], bool]] = {
    "total probability": lambda at, order: _is_total(at["t"], order),
    "zero or one": lambda at, order: at["a"].op in ("var", "at") and _is_bit(at["a"], order),
    "one entry is one": lambda at, order: (d := order.domain(at["p"])) is not None and d.name == "OneHot",
    "a mean is positive": lambda at, order: _is_distribution(at["p"], at["n"], order),
    "derivative of a constant": lambda at, order: not mentions(at["a"], _variable(at["x"])),
    "derivative of an entry": lambda at, order: at["v"].op == "var",
    "derivative of an entry of an array": lambda at, order: at["v"].op == "var",
    "derivative of the variable": lambda at, order: at["x"].op == "var",
    "derivative of a power": lambda at, order: not mentions(at["r"], _variable(at["x"])),
    "limit of a power": lambda at, order: _constant(at, "r"),
    "limit of a power times a logarithm": lambda at, order: _constant(at, "r"),
    "limit of a power times an exponential": lambda at, order: _constant(at, "r", "w", "c"),
}


def instance(name: str, values: Instance, order: Order) -> Term:
    """The instance of a rule, with every condition decided; :class:`IllFormed` if one is not."""
    rule = RULES.get(name)
    if rule is None:
        raise IllFormed(f"no rule {name!r}")
    if set(values) != set(rule.metas):
        raise IllFormed(f"{name}: an instance gives {', '.join(rule.metas)}, not {', '.join(values)}")
    for meta, value in values.items():
        if value.loose > rule.metas[meta]:
            raise IllFormed(f"{name}: an index escapes from {meta}")
    for condition in rule.conditions:
        if not order.holds(condition := instantiate(condition, values)):
            raise IllFormed(f"{name}: the condition {condition!r} is not decided")
    if rule.side and not SIDES[name](values, order):
        raise IllFormed(f"{name}: {rule.side}")
    return instantiate(rule.law, values)
