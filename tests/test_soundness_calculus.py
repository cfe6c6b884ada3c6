"""Attacks on the kernel's calculus: false statements with proofs that are right but for one step, and what is refused.

An attack that must be refused stands beside an honest neighbour that must be accepted, so a refusal for another reason
than the one that is meant does not go unnoticed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from derivations._kernel.check import Checked, Claim, Proof, Refused, check
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, num, substitute, var

a, c, n, s, t, x, y, z, p, k, m, u = map(var, ("a", "c", "n", "s", "t", "x", "y", "z", "p", "k", "m", "u"))
fresh = var("#0")
REAL, POSITIVE, SIZE = Domain("Real"), Domain("Positive"), Domain("Size")
B0, B1 = Term("bound", 0), Term("bound", 1)
HALF, TWO, FIVE = num(Fraction(1, 2)), num(2), num(5)
INF, NEG_INF = Term("const", "infinity"), Term("const", "minus_infinity")


def scope(*hypotheses: Term, **domains: Domain) -> Scope:
    return Scope(tuple(domains.items()), hypotheses)


def eq(left: Term, right: Term) -> Term:
    return Term("eq", left, right)


def lt(left: Term, right: Term) -> Term:
    return Term("lt", left, right)


def le(left: Term, right: Term) -> Term:
    return Term("le", left, right)


def deriv(f: Term, v: Term = x) -> Term:
    return Term("deriv", f, v)


def tends(f: Term, v: Term = ZERO, of: Term = x) -> Term:
    return Term("tends", f, of, ZERO, v)


def integrates(f: Term, low: Term, high: Term, value: Term) -> Term:
    return Term("integrates", f, x, low, high, value)


def proof(kind: str, *args: Any) -> Proof:
    return Proof(kind, args)


def rule(name: str, **values: Term) -> Proof:
    return Proof("rule", (name, tuple(values.items())))


def field(left: Term, right: Term) -> Proof:
    return proof("field", left, right)


def sign(of: Term) -> Proof:
    return proof("sign", of)


def refused(where: Scope, goal: Term, by: Proof, why: str, library: dict[str, Checked] | None = None) -> None:
    with pytest.raises(Refused, match=why or None):
        check(Claim(where, goal), by, library)


def accepted(where: Scope, goal: Term, by: Proof, library: dict[str, Checked] | None = None) -> Checked:
    return check(Claim(where, goal), by, library)


D_X = rule("derivative of the variable", x=x)
#: (x·x)′ = 2x and (x^{−1})′ = −x^{−2}
SQUARE = proof("combine", deriv(x * x), TWO * x, ((ONE, rule("derivative of a product", a=x, b=x, x=x)), (TWO * x, D_X)))
INVERSE = proof(
    "combine", deriv(x ** num(-1)), -(x ** num(-2)),
    ((ONE, rule("derivative of a power", a=x, r=num(-1), x=x)), (-(x ** num(-2)), D_X)),
)  # fmt: skip
#: (−x^{−1})′ = x^{−2}
OPPOSITE_INVERSE = proof(
    "combine", deriv(-(x ** num(-1))), x ** num(-2),
    ((ONE, rule("derivative of a product", a=num(-1), b=x ** num(-1), x=x)),
     (x ** num(-1), rule("derivative of a constant", a=num(-1), x=x)), (num(-1), INVERSE)),
)  # fmt: skip


# ---- data that is not what it says it is


class Liar(int):
    """A whole number that equals every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


def test_a_number_is_made_of_whole_numbers() -> None:
    """1 = P and P = 2 for a number P whose numerator equals everything."""
    value = Fraction(1)
    value._numerator = Liar(1)  # type: ignore[attr-defined]
    odd = Term("num", value)
    refused(scope(), eq(ONE, TWO), proof("chain", field(ONE, odd), field(odd, TWO)), "")


def test_a_number_has_a_positive_denominator() -> None:
    """1/−1 is positive when compared and −1 when added."""
    value = Fraction(1)
    value._denominator = -1  # type: ignore[attr-defined]
    odd = Term("num", value)
    refused(scope(), lt(ZERO, num(-1)), proof("combine", ZERO, num(-1), ((ONE, sign(odd)),)), "")


class Named(str):
    """Text that equals "eq", whatever it says."""

    def __eq__(self, other: object) -> bool:
        return other == "eq" if type(other) is str else other is self

    def __hash__(self) -> int:
        return hash("eq")


def copied(of: Term, **changed: object) -> Term:
    """A term made around its constructor."""
    made = object.__new__(Term)
    for name in Term.__slots__:
        object.__setattr__(made, name, changed.get(name, getattr(of, name)))
    return made


def test_an_operator_is_text() -> None:
    refused(scope(), copied(eq(ONE, ONE), op=Named("lt")), field(ONE, ONE), "")


def test_what_a_term_remembers_of_itself_is_true() -> None:
    """In ΣᵢΣⱼ A_ij B_ij, A says that it has no index: then the order of summation turns B round, but not A."""
    where = scope(n=SIZE, a=Domain("Real", (n, n)), z=Domain("Real", (n, n)))
    a_ij, z_ij, z_ji = Term("at", a, B1, B0), Term("at", z, B1, B0), Term("at", z, B0, B1)

    def twice(body: Term) -> Term:
        return Term("sum", n, Term("sum", n, body))

    turned = rule("order of summation", n=n, m=n, f=copied(a_ij, loose=0) * z_ij)
    refused(where, eq(twice(a_ij * z_ij), twice(a_ij * z_ji)), turned, "")


def test_nothing_changes_while_it_is_checked() -> None:
    goal = eq(ONE, TWO)
    one = accepted(scope(), eq(ONE, ONE), field(ONE, ONE))

    class Library(dict[str, Checked]):
        def get(self, key: str, default: Any = None) -> Any:
            for name in ("args", "_hash"):
                object.__setattr__(goal, name, getattr(eq(ONE, ONE), name))
            return one

    refused(scope(), goal, proof("cite", "one", (), ()), "", Library())


# ---- monotone on an interval


def slope(f: Term, at: Term, derivative: Proof, below: Any, above: Any, *room: Any) -> Proof:
    return proof("slope", x, f, at, derivative, below, above, room)


def test_the_interval_reaches_the_minimiser() -> None:
    """x² falls for x < −1; that says nothing about 25."""
    where = scope(lt(x, num(-1)), x=REAL)
    goal = le(FIVE * FIVE, x * x)
    flipped = proof("combine", TWO * x, ZERO, ((TWO, proof("hypothesis", 0)), (ONE, sign(TWO))))
    refused(where, goal, proof("weaken", slope(x * x, FIVE, SQUARE, flipped, (), "Real")), "does not reach")
    accepted(where, lt(num(-1) * num(-1), x * x), slope(x * x, num(-1), SQUARE, flipped, (), "Real"))


@pytest.mark.parametrize(
    "gap",
    [Term("imp", lt(x, FIVE), lt(x, num(-1))), Term("ne", x, ZERO), lt(ONE, x * x), Term("and", lt(x, ONE), lt(x, TWO))],
)
def test_the_variable_ranges_over_an_interval(gap: Term) -> None:
    """Under x < 5 ⇒ x < −1, x² falls below 5 and grows above; but 25 ≤ x² fails at −2."""
    below, above = sign(TWO * x), sign(TWO * x)
    by = proof("weaken", slope(x * x, FIVE, SQUARE, below, above, "Real"))
    refused(scope(gap, x=REAL), le(FIVE * FIVE, x * x), by, "not a bound")
    accepted(scope(x=REAL), le(ZERO * ZERO, x * x), proof("weaken", slope(x * x, ZERO, SQUARE, *signs_of_2x(), "Real")))


def signs_of_2x() -> tuple[Proof, Proof]:
    """2x < 0 under x < 0, 0 < 2x under 0 < x."""
    return (proof("combine", TWO * x, ZERO, ((TWO, proof("decided", lt(x, ZERO))),)),
            proof("combine", ZERO, TWO * x, ((TWO, proof("decided", lt(ZERO, x))),)))  # fmt: skip


def test_a_bound_has_no_equality_case() -> None:
    """0 ≤ 1 with equality exactly when E says that E is false: not a bound, though 1 − 0 is constant in x."""
    gap = Term("le", ZERO, ONE, eq(x, ONE))
    by = proof("weaken", slope(x * x, ZERO, SQUARE, *signs_of_2x(), "Real"))
    refused(scope(gap, x=REAL), le(ZERO * ZERO, x * x), by, "")


def test_a_side_with_points_needs_its_proof() -> None:
    below, above = signs_of_2x()
    goal = le(ZERO * ZERO, x * x)
    for sides in (((), above), (below, ())):
        refused(scope(x=REAL), goal, proof("weaken", slope(x * x, ZERO, SQUARE, *sides, "Real")), "missing")


def test_the_function_is_smooth_on_the_way() -> None:
    """−1/x grows for x > 0; its value at −1 lies beyond the pole."""
    f, grows = -(x ** num(-1)), sign(x ** num(-2))
    below_zero = substitute(f, {"x": num(-1)})
    for room in (
        ("Real",),
        ("Real", lt(num(-2), x)),
        ("Positive",),
        ("Real", Term("ne", x, ZERO)),
        ("Real", le(num(-1), x)),
        (),
    ):
        for where in (scope(x=POSITIVE), scope(lt(ZERO, x), x=REAL)):
            refused(where, lt(below_zero, f), slope(f, num(-1), OPPOSITE_INVERSE, (), grows, *room), "")
    at_one = slope(f, ONE, OPPOSITE_INVERSE, (), grows, "Positive")
    accepted(scope(lt(ONE, x), x=POSITIVE), lt(substitute(f, {"x": ONE}), f), at_one)


@pytest.mark.parametrize("f", [Term("abs", x), Term("max", x, ZERO), Term("case", x, ZERO, ONE, x), x**HALF, deriv(x * x)])
def test_a_room_is_smooth(f: Term) -> None:
    by = proof("weaken", slope(f, ZERO, field(deriv(f), deriv(f)), *signs_of_2x(), "Real"))
    refused(scope(x=REAL), le(substitute(f, {"x": ZERO}) if f.op != "deriv" else ZERO, f), by, "smooth|renamed|not defined")


# ---- bent functions


Pair = tuple[Proof, Proof]


def bent(f: Term, ends: tuple[Term, Term], slopes: Pair, curved: Proof, at_ends: Pair, *room: Any) -> Proof:
    return proof("bent", x, f, ends, room, slopes, curved, at_ends)


def test_a_chord_spans_the_whole_interval() -> None:
    """x is between −1 and 1, and −1 ≤ x is shown of fewer points than lie between −1 and 5."""
    one = ONE - x
    first = proof("combine", deriv(one), num(-1), (
        (ONE, rule("derivative of a sum", a=ONE, b=-x, x=x)), (ONE, rule("derivative of a constant", a=ONE, x=x)),
        (ONE, rule("derivative of a product", a=num(-1), b=x, x=x)), (x, rule("derivative of a constant", a=num(-1), x=x)),
        (num(-1), D_X)))  # fmt: skip
    second = rule("derivative of a constant", a=num(-1), x=x)
    flat, where = sign(ZERO), scope(lt(ZERO, x), lt(x, ONE), x=REAL)
    at_ends = (sign(substitute(one, {"x": ZERO})), field(ZERO, substitute(one, {"x": ONE})))
    accepted(where, le(ZERO, one), bent(one, (ZERO, ONE), (first, second), flat, at_ends, "Real"))
    for bounds in ((lt(ZERO, x),), (lt(x, ONE),), (lt(ZERO, x), lt(x, TWO)), (Term("ne", x, ONE), lt(ZERO, x), lt(x, ONE))):
        refused(scope(*bounds, x=REAL), le(ZERO, one), bent(one, (ZERO, ONE), (first, second), flat, at_ends, "Real"), "")
    narrow = scope(lt(HALF, x), lt(x, ONE), x=REAL)
    refused(narrow, le(ZERO, one), bent(one, (ZERO, ONE), (first, second), flat, at_ends, "Real"), "between the ends")
    refused(where, le(ZERO, one), bent(one, (ZERO, ONE), (first, second), flat, at_ends, "Probability"), "outside")


# ---- limits

TO_ZERO = rule("limit of a power", x=x, r=ONE)  # x^1 → 0
ONCE = x**ONE


def through(f: Term, *room: Any, limit: Proof = TO_ZERO) -> Proof:
    return proof("limit_through", f, ((y, limit, room),))


def test_a_limit_goes_through_a_function_only_where_it_is_smooth() -> None:
    for f, at_x, at_0 in (
        (Term("case", y, ZERO, FIVE, y), Term("case", ONCE, ZERO, FIVE, ONCE), Term("case", ZERO, ZERO, FIVE, ZERO)),
        (y ** num(-1), ONCE ** num(-1), ZERO ** num(-1)),
        (Term("log", y), Term("log", ONCE), Term("log", ZERO)),
        (Term("xlog", y, y, ONE), Term("xlog", ONCE, ONCE, ONE), Term("xlog", ZERO, ZERO, ONE)),
        (y**ZERO * y ** num(-1), ONCE**ZERO * ONCE ** num(-1), ZERO**ZERO * ZERO ** num(-1)),
    ):
        for room in (
            ("Real",),
            ("Positive",),
            ("Real", lt(num(-1), y)),
            ("Real", lt(y, ONE), lt(num(-1), y)),
            ("Nonnegative",),
        ):
            refused(scope(x=POSITIVE), tends(at_x, at_0), through(f, *room), "")
    f = Term("exp", y)
    accepted(scope(x=POSITIVE), tends(Term("exp", ONCE), Term("exp", ZERO)), through(f, "Real"))


@pytest.mark.parametrize(
    "room", [("Size",), ("Real", eq(y, ZERO)), ("Real", le(y, ZERO)), ("Real", lt(y * y, ONE)), ("", ""), (), 3, y]
)
def test_a_room_is_an_open_interval(room: Any) -> None:
    by = proof("limit_through", Term("exp", y), ((y, TO_ZERO, room),))
    refused(scope(x=POSITIVE), tends(Term("exp", ONCE), Term("exp", ZERO)), by, "")


def test_the_variables_of_a_limit_are_apart() -> None:
    where = scope(x=POSITIVE)
    refused(where, tends(ONCE + x, ZERO + x), through(y + x, "Real"), "")
    twice = proof("limit_through", y, ((y, TO_ZERO, ("Real",)), (y, rule("limit of a power", x=x, r=TWO), ("Real",))))
    refused(where, tends(ONCE), twice, "")
    refused(where, tends(ONCE), proof("limit_through", x, ((x, TO_ZERO, ("Real",)),)), "")
    refused(where, tends(ONCE), proof("limit_through", y, ()), "")
    other = proof("limit_through", y + t, ((y, TO_ZERO, ("Real",)), (t, rule("limit of a power", x=s, r=ONE), ("Real",))))
    refused(scope(x=POSITIVE, s=POSITIVE), tends(ONCE + s**ONE, ZERO + ZERO), other, "another variable")
    inner = proof("limit_through", deriv(y * y, y), ((y, TO_ZERO, ("Real",)),))
    refused(where, tends(deriv(ONCE * ONCE), ZERO), inner, "")


def test_a_limit_looks_at_every_small_x() -> None:
    """max(x, 1) = x for 1 < x < 5, and x → 0; the limit of the maximum is 1."""
    larger = Term("max", x, ONE)
    same = proof("chain", rule("the larger of two", a=x, b=ONE), field(x, ONCE))
    by = proof("limit_of_equal", FIVE, same, TO_ZERO)
    refused(scope(lt(ONE, x), x=POSITIVE), tends(larger), by, "neighbourhood")
    smaller = Term("max", ONE, x)
    one = proof("limit_of_equal", ONE, field(ONE, ONE + ZERO * ONCE), through(ONE + ZERO * y, "Real"))
    const = proof("limit_of_equal", ONE, rule("the larger of two", a=ONE, b=x), one)
    accepted(scope(x=POSITIVE), tends(smaller, ONE + ZERO * ZERO), const)
    for near in (x, ZERO, num(-1), ONE - x):
        refused(scope(x=POSITIVE), tends(smaller, ONE + ZERO * ZERO), Proof("limit_of_equal", (near, *const.args[1:])), "")


def test_a_quotient_of_slopes_needs_zeros() -> None:
    """(x + 1)/x grows beyond all bounds, though the slopes are 1 and 1."""
    plus = proof("combine", deriv(x + ONE), ONE, (
        (ONE, rule("derivative of a sum", a=x, b=ONE, x=x)), (ONE, D_X),
        (ONE, rule("derivative of a constant", a=ONE, x=x))))  # fmt: skip
    one = proof("limit_of_equal", ONE, field(ONE / ONE, ONE + ZERO * ONCE), through(ONE + ZERO * y, "Real"))

    def hospital(f: Term, df: Proof, zero: Proof) -> Proof:
        return proof("quotient_of_slopes", f, x, x, ONE, ("Real",), (zero, field(ZERO, ZERO)), (df, D_X), sign(ONE), one)

    where, value = scope(x=POSITIVE), ONE + ZERO * ZERO
    accepted(where, tends(x / x, value), hospital(x, D_X, field(ZERO, ZERO)))
    refused(where, tends((x + ONE) / x, value), hospital(x + ONE, plus, field(ZERO, ZERO)), "zero at zero")
    refused(where, tends((x + ONE) / x, value), hospital(x + ONE, plus, field(ZERO + ONE, ZERO)), "")
    refused(scope(lt(ONE, x), x=POSITIVE), tends(x / x, value), hospital(x, D_X, field(ZERO, ZERO)), "positive variable")


# ---- integrals


def near_end(end: Term, side: int) -> Proof:
    """end ± s → end."""
    moved, inner = (end + fresh, end + y) if side > 0 else (end - fresh, end - y)
    got = through(inner, "Real", limit=rule("limit of a power", x=fresh, r=ONE))
    same = proof("limit_of_equal", ONE, field(moved, substitute(inner, {"y": fresh**ONE})), got)
    return proof("limit_value", same, field(substitute(inner, {"y": ZERO}), end))


def area_of_inverse_square(low: Term, high: Term) -> Proof:
    """∫ x^{−2} = 1/l − 1/h."""
    f, ends = -(x ** num(-1)), []
    for end, side in ((low, 1), (high, -1)):
        room = ("Positive",) if end.args[0] > 0 else ("Real", lt(y, ZERO))
        ends.append(through(-(y ** num(-1)), *room, limit=near_end(end, side)))
    goal = integrates(x ** num(-2), low, high, value_of(low, high))
    return proof("integral", goal, f, (), proof("symmetry", OPPOSITE_INVERSE), tuple(ends))


def value_of(low: Term, high: Term) -> Term:
    return num(1 / low.args[0] - 1 / high.args[0])


def test_no_integral_across_a_pole() -> None:
    """The integral of x^{−2} from −1 to 1 is not −2, and from 1 to 2 it is 1/2."""
    accepted(scope(x=POSITIVE), integrates(x ** num(-2), ONE, TWO, HALF), area_of_inverse_square(ONE, TWO))
    for domain, why in ((REAL, "defined"), (POSITIVE, "less than the interval")):
        across = area_of_inverse_square(num(-1), ONE)
        refused(scope(x=domain), integrates(x ** num(-2), num(-1), ONE, num(-2)), across, why)


def area_of_half_square(body: Term, equal: Proof, low: Term, high: Term, value: Term) -> Proof:
    """∫ body = h²/2 − l²/2, with body = x shown."""
    f = HALF * (x * x)
    slope_of_f = proof("combine", x, deriv(f), (
        (num(-1), rule("derivative of a product", a=HALF, b=x * x, x=x)),
        (-(x * x), rule("derivative of a constant", a=HALF, x=x)), (num(Fraction(-1, 2)), SQUARE)))  # fmt: skip
    ends = tuple(
        proof("limit_through", HALF * (y * y), ((y, near_end(e, side), ("Real",)),)) for e, side in ((low, 1), (high, -1))
    )
    return proof("integral", integrates(body, low, high, value), f, (), proof("chain", equal, slope_of_f), ends)


def test_the_variable_of_an_integral_ranges_over_all_of_it() -> None:
    """|x| = x where x > 0; the integral of |x| from −1 to 1 is 1, not 0."""
    same = rule("absolute value", a=x)
    whole = integrates(Term("abs", x), num(-1), ONE, ZERO)
    by = area_of_half_square(Term("abs", x), same, num(-1), ONE, ZERO)
    refused(scope(x=POSITIVE), whole, by, "less than the interval")
    refused(scope(lt(ZERO, x), x=REAL), whole, by, "open interval")
    refused(scope(x=REAL), whole, by, "not decided")
    half = area_of_half_square(Term("abs", x), same, ZERO, ONE, HALF)
    accepted(scope(x=POSITIVE), integrates(Term("abs", x), ZERO, ONE, HALF), half)
    wrong = area_of_half_square(Term("abs", x), same, ZERO, ONE, ONE)
    refused(scope(x=POSITIVE), integrates(Term("abs", x), ZERO, ONE, ONE), wrong, "another value")


def test_the_ends_of_an_integral_stand_in_order() -> None:
    same = field(x, x)
    for low, high in ((ONE, ZERO), (ONE, ONE), (INF, NEG_INF), (INF, INF), (NEG_INF, NEG_INF), (a, t)):
        value = HALF * (high * high) - HALF * (low * low) if low.op != "const" else ZERO
        where = scope(x=REAL, a=REAL, t=REAL)
        by = area_of_half_square(x, same, low, high, value)
        refused(where, integrates(x, low, high, value), by, "the smaller one")


@pytest.mark.parametrize(
    "goal",
    [le(x, INF), lt(NEG_INF, x), eq(INF, INF), tends(x, INF), Term("infinite", INF), integrates(x, ZERO, INF + ONE, ZERO),
     integrates(INF, ZERO, ONE, ZERO), integrates(x, ZERO, ONE, INF), integrates(x, x, ONE, ZERO), integrates(x, ZERO, ONE, x)],
)  # fmt: skip
def test_infinity_is_no_number(goal: Term) -> None:
    for by in (proof("decided", goal), proof("hypothesis", 0), proof("assume", goal, proof("hypothesis", 0))):
        refused(scope(x=POSITIVE), goal, by, "")
        refused(scope(goal, x=POSITIVE), goal, by, "")


# ---- names


def test_citing_captures_nothing() -> None:
    """a·x → 0 for every constant a, but not for a = 1/x; ∂(ax)/∂x = a, but not for a = x; ∫₀¹ a dx = a, likewise."""
    small = accepted(scope(x=POSITIVE, a=REAL), tends(a * ONCE), proof("multiple_of_limit", a, TO_ZERO))
    line = proof("combine", deriv(a * x), a, (
        (ONE, rule("derivative of a product", a=a, b=x, x=x)), (x, rule("derivative of a constant", a=a, x=x)),
        (a, D_X)))  # fmt: skip
    slope_of_line = accepted(scope(x=REAL, a=REAL), eq(deriv(a * x), a), line)
    library = {"small": small, "line": slope_of_line}

    def cite(label: str, **values: Term) -> Proof:
        return proof("cite", label, tuple(values.items()), ())

    both = scope(x=POSITIVE, y=POSITIVE, t=REAL)
    refused(both, tends(x ** num(-1) * ONCE), cite("small", x=x, a=x ** num(-1)), "renamed", library)
    refused(both, tends(x ** num(-1) * y**ONE, of=y), cite("small", x=ONE, a=y), "", library)
    refused(both, tends(x * ONCE), cite("small", x=x, a=x), "renamed", library)
    accepted(both, tends(x * y**ONE, of=y), cite("small", x=y, a=x), library)
    refused(both, eq(deriv(x * x), x), cite("line", x=x, a=x), "renamed", library)
    accepted(both, eq(deriv(y * x), y), cite("line", x=x, a=y), library)
    refused(both, eq(deriv(a * x), a), cite("small", x=x, a=t), "", library)


def test_names_with_a_hash_do_not_collide() -> None:
    """A claim may declare what looks like a fresh name; then another one is taken, or nothing is shown."""
    size = Domain("Index", (n,))
    for name in ("#0", "#1"):
        where = Scope((("n", SIZE), ("z", Domain("Real", (n,))), (name, size)))
        z_h, all_z = Term("at", z, var(name)), Term("all", n, eq(Term("at", z, B0), Term("at", z, var(name))))
        refused(where, all_z, proof("for_all", n, field(z_h, z_h)), "")


def test_what_follows_for_some_index_does_not_name_it() -> None:
    where = scope(n=SIZE, z=Domain("Real", (n,)), y=Domain("OneHot", (n,)), k=Domain("Index", (n,)))
    top, z_k = Term("top", n, Term("at", z, B0)), Term("at", z, k)
    refused(where, eq(top, z_k), proof("attained", top, proof("hypothesis", 0)), "depends on the index")
    refused(where, eq(Term("at", y, k), Term("delta", k, k)), proof("hot", y, proof("at_index", proof("hypothesis", 0), k)), "")
    refused(where, le(top, z_k), rule("an entry is at most the maximum", n=n, f=Term("at", z, B0), k=k), "another statement")
    accepted(where, le(z_k, top), rule("an entry is at most the maximum", n=n, f=Term("at", z, B0), k=k))


# ---- definedness


def test_a_cut_defines_nothing_that_is_not_shown() -> None:
    goal = eq(Term("log", x), Term("log", x))
    inner = field(Term("log", x), Term("log", x))
    for shown in (
        proof("assume", lt(ZERO, x), proof("hypothesis", 0)),
        proof("rewrite", lt(ZERO, Term("log", x)), ()),
        proof("assume", lt(ZERO, Term("log", x)), proof("hypothesis", 0)),
        field(x, x),
    ):
        refused(scope(x=REAL), goal, proof("given", shown, inner), "")
    accepted(scope(x=POSITIVE), goal, proof("given", field(x, x), inner))


# ---- rules

WHERE = scope(
    n=SIZE, x=POSITIVE, u=REAL, t=Domain("Nonnegative"), z=Domain("Real", (n,)), p=Domain("Simplex", (n,)),
    k=Domain("Index", (n,)), m=SIZE, s=Domain("Simplex", (m,)),
)  # fmt: skip
P_B, Z_B = Term("at", p, B0), Term("at", z, B0)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("power of a product", {"a": u, "b": u, "r": HALF}),
        ("power of a product", {"a": t, "b": t, "r": num(Fraction(-1, 2))}),
        ("powers of a base that may be zero", {"a": t, "r": ONE, "c": num(-1)}),
        ("powers of a base that may be zero", {"a": u, "r": HALF, "c": HALF}),
        ("power of a power", {"a": u, "r": TWO, "c": HALF}),
        ("power of a power", {"a": t, "r": num(-1), "c": num(-1)}),
        ("the larger of two", {"a": x, "b": ONE}),
        ("absolute value", {"a": u}),
        ("a term of a sum", {"n": n, "f": Z_B, "k": k}),
        ("a term of a sum", {"n": n, "f": P_B, "k": ONE}),
        ("a term of a sum", {"n": m, "f": Term("at", s, B0), "k": k}),
        ("an entry is at most the maximum", {"n": m, "f": P_B, "k": k}),
        ("an entry is at most the maximum", {"n": n, "f": P_B, "k": ONE}),
        ("a mean is positive", {"n": n, "p": z, "f": ONE}),
        ("a mean is positive", {"n": m, "p": p, "f": ONE}),
        ("a mean is positive", {"n": n, "p": p, "f": P_B - HALF}),
        ("a mean is positive", {"n": n, "p": p, "f": t}),
        ("limit of a power", {"x": x, "r": ZERO}),
        ("limit of a power", {"x": u, "r": ONE}),
        ("limit of a power", {"x": x, "r": x}),
        ("limit of a power times a logarithm", {"x": x, "r": ZERO}),
        ("limit of a power times a logarithm", {"x": t, "r": ONE}),
        ("limit of a power times an exponential", {"x": x, "r": num(-1), "c": x, "w": num(-1)}),
        ("limit of a power times an exponential", {"x": x, "r": num(-1), "c": ONE, "w": ONE}),
        ("limit of a power times an exponential", {"x": x, "r": num(-1), "c": t, "w": num(-1)}),
        ("derivative of an entry of an array", {"v": z, "k": k, "m": k, "i": k, "j": k}),
    ],
)
def test_a_rule_outside_its_conditions(name: str, values: dict[str, Term]) -> None:
    anything = eq(ONE, ONE)
    with pytest.raises(Refused) as caught:
        check(Claim(WHERE, anything), rule(name, **values))
    assert "another statement" not in str(caught.value)


def test_powers_grow_on_nonnegative_numbers_only() -> None:
    """u ≤ 1 gives neither 1/1 ≤ 1/u … nor u² ≤ 1."""
    known = proof("hypothesis", 0)
    for domain, exponent in ((REAL, TWO), (POSITIVE, num(-1)), (POSITIVE, ZERO), (POSITIVE, u)):
        where = scope(lt(x, ONE), x=domain, u=REAL)
        refused(where, lt(x**exponent, ONE**exponent), proof("monotone", "pow", known, exponent), "")
    accepted(scope(lt(x, ONE), x=POSITIVE), lt(x**TWO, ONE**TWO), proof("monotone", "pow", known, TWO))
    refused(scope(lt(x, ONE), x=POSITIVE), lt(Term("abs", x), Term("abs", ONE)), proof("monotone", "abs", known), "")
