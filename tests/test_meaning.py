"""From a formula to its statement, in both programs: what each kind of tree says, and which conditions are exact."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from derivations import replay
from derivations._kernel.algebra import Algebra
from derivations._kernel.check import Claim, Proof, check
from derivations._kernel.exact import require_exact
from derivations._kernel.formula import MAX_WRITTEN_OUT, Untranslatable
from derivations._kernel.meaning import Written, statement
from derivations._kernel.proof import Refused
from derivations._kernel.terms import ONE, ZERO, Term, closed, num, var
from derivations._kernel.tree import Node
from derivations._kernel.understood import require_covered, require_understood
from derivations._reader import ReadError, read
from derivations._reader.translate import translated
from derivations._search.integrals import worth
from derivations._verify.decide import LABEL, Decision, Question
from derivations._verify.lemmas import Lemmas
from derivations.certificate import encode_formula, tree_from_json, tree_to_json

LEMMAS = Lemmas()
i, n, x, y, t = Term("bound", 0), var("n"), var("x"), var("y"), var("t")


def case(u: Term, v: Term, a: Term, b: Term) -> Term:
    return Term("case", u, v, a, b)


def at(v: str, k: Any) -> Term:
    return Term("at", var(v), k if isinstance(k, Term) else var(k))


def eq(a: Term, b: Term) -> Term:
    return Term("eq", a, b)


def said(latex: str, where: str) -> Term:
    return translated(read(latex, where), worth)[1][1]


POINT = case(t, num(Fraction(1, 7)), ONE, ZERO)
MEANINGS = [
    # an index that is left out is compared, and nothing is subtracted
    (r"\sum_{j \ne c} z_j = 0", "z: Real[n]; c: Label[n]",
     eq(Term("sum", n, case(Term("delta", i, var("c")), ONE, ZERO, at("z", i))), ZERO)),
    (r"\sum_{j=1, j \ne 5}^{3} t = 0", "t: Real", eq(Term("sum", num(3), t), ZERO)),
    (r"\sum_{j=2, j \ne 1}^{3} t = 0", "t: Real", eq(Term("add", t, t), ZERO)),
    (r"\sum_{j=2, j \ne 3}^{3} t = 0", "t: Real", eq(Term("add", t, ZERO), ZERO)),
    (r"\sum_{j=2, j \ne c}^{4} t = 0", "t: Real; c: Label[3]",
     eq(Term("add", *(case(Term("delta", var("c"), num(k)), ONE, ZERO, t) for k in (2, 3)), t), ZERO)),
    (r"\sum_{j \ne 2} z_j = 0", "z: Real[3]",
     eq(Term("sum", num(3), case(Term("delta", i, num(2)), ONE, ZERO, at("z", i))), ZERO)),
    # what stands beside an integral stays there, and its value is said
    (r"2\left(\int_0^2 x\,dx + t\right) = 4", "t: Real",
     Term("and", Term("integrates", x, x, ZERO, num(2), num(2)), eq(Term("mul", num(2), Term("add", num(2), t)), num(4)))),
    (r"\int_0^2 x\,dx = 2", "", Term("integrates", x, x, ZERO, num(2), num(2))),
    # a limit from both sides is two of them
    (r"\lim_{x \to 1} x^2 = 1", "",
     Term("and", *(Term("tends", Term("pow", Term("add", ONE, s), num(2)), x, ZERO, ONE)
                   for s in (x, Term("mul", num(-1), x))))),
    # cases
    (r"\begin{cases} 5 & t = \frac17 \\ t & \text{otherwise} \end{cases} = 1", "t: Real",
     eq(case(t, num(Fraction(1, 7)), num(5), t), ONE)),
    (r"\mathbb{1}[t = \frac17] = 0", "t: Real", eq(POINT, ZERO)),
    (r"|t| = \begin{cases} t & t \ge 0 \\ -t & t < 0 \end{cases}", "t: Real",
     Term("and", Term("imp", Term("le", ZERO, t), eq(t, Term("abs", t))),
          Term("imp", Term("lt", t, ZERO), eq(Term("mul", num(-1), t), Term("abs", t))))),
    # a weight and its logarithm
    (r"p_i \log p_i = 0", "p: Simplex[n]", eq(Term("xlog", at("p", "i"), at("p", "i"), ONE), ZERO)),
    (r"x \le y < 3", "x, y: Real", Term("and", Term("le", x, y), Term("lt", y, num(3)))),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "where", "meaning"), MEANINGS, ids=[row[0] for row in MEANINGS])
def test_a_formula_says_this(latex, where, meaning):
    got = said(latex, where)
    assert got == meaning or got == Term(meaning.op, *reversed(meaning.args))


@pytest.mark.parametrize(
    ("latex", "where"),
    [
        (r"\sum_{k=2}^{n} z_k = 0", "z: Real[n]"),
        (r"\sum_{k=1}^{401} k = 0", ""),
        (r"z_2 = 0", "z: Real[n]"),
        (r"\sum_{i} \int_0^1 x z_i \,dx = 0", "z: Real[n]"),
        (r"\sum_i i = 0", "z: Real[n]"),
    ],
)
def test_what_cannot_be_stated_is_refused(latex, where):
    assert MAX_WRITTEN_OUT == 400
    with pytest.raises((ReadError, Untranslatable)):
        translated(read(latex, where), worth)


# ---- conditions

EXACT = [
    (r"\log x = 0", "x: Real", Term("lt", ZERO, x)),
    (r"\frac1x = 0", "x: Real", Term("ne", x, ZERO)),
    (r"\sqrt x = 0", "x: Real", Term("le", ZERO, x)),
    (r"\frac{1}{\sqrt x} = 0", "x: Real", Term("lt", ZERO, x)),
    (r"x^{-2} = 0", "x: Real", Term("ne", x, ZERO)),
    (r"x^{\log_3 2} = 0", "x: Real", Term("le", ZERO, x)),
    (r"x^g = 0", "x: Real; g: Probability", Term("le", ZERO, x)),
    (r"x \log x = 0", "x: Real", Term("le", ZERO, x)),
    (r"\log \frac xy = 0", "x: Positive; y: Real", Term("lt", ZERO, y)),
    (r"x \log \frac xy = 0", "x: Nonnegative; y: Nonnegative", Term("imp", Term("lt", ZERO, x), Term("lt", ZERO, y))),
    (r"\sum_i \log z_i = 0", "z: Real[n]", Term("all", n, Term("lt", ZERO, at("z", i)))),
    (r"\max_i \log z_i = 0", "z: Real[n]", Term("all", n, Term("lt", ZERO, at("z", i)))),
    (r"\begin{cases} \log x & y = 0 \\ 1 & \text{otherwise} \end{cases} = 0", "x, y: Real",
     Term("imp", eq(y, ZERO), Term("lt", ZERO, x))),
    (r"\frac{d}{dx} \log x = 0", "x: Real", Term("lt", ZERO, x)),
]  # fmt: skip
NOT_EXACT = [
    (r"x \log x = 0", "x: Real", Term("lt", ZERO, x)),  # at 0 it is 0 · log 0 = 0
    (r"x^2 = 0", "x: Real", Term("le", ZERO, x)),
    (r"x^{\log_2 8} = 0", "x: Real", Term("le", ZERO, x)),  # the exponent is 3
    (r"x^s = 0", "x, s: Real", Term("lt", ZERO, x)),  # (−1)² has a value
    (r"x^s = 0", "x: Nonnegative; s: Real", Term("lt", ZERO, x)),  # 0¹ has a value
    (r"x^{n} = 0", "x: Real; n: Size", Term("le", ZERO, x)),
    (r"(7x-1)^2 \log y = 0", "x, y: Real", Term("lt", ZERO, y)),  # at 1/7 the weight is zero
    (r"\frac1x = 0", "x: Real", Term("lt", ZERO, x)),
    (r"\frac1x = 0", "x: Real", Term("ne", x, ONE)),
    (r"\log \frac xy = 0", "x, y: Real", Term("lt", ZERO, x)),  # log(−1/−1) has a value
    (r"\begin{cases} 5 & x = \frac17 \\ \frac{1}{7x-1} & \text{otherwise} \end{cases} = 1", "x: Real",
     Term("ne", Term("add", Term("mul", num(7), x), num(-1)), ZERO)),
    (r"\sum_{j \ne c} \frac{1}{z_j} = 0", "z: Real[n]; c: Label[n]", Term("all", n, Term("ne", at("z", i), ZERO))),
    (r"\frac{d}{dx} |x| = 0", "x: Real", Term("ne", x, ZERO)),  # no value at 0, but that is not decided
]  # fmt: skip


@pytest.mark.parametrize(("latex", "where", "condition"), EXACT, ids=[row[0] for row in EXACT])
def test_the_domain_of_a_formula_is_exact(latex, where, condition):
    scope, goal = translated(read(latex, where), worth)[1]
    assert require_exact(scope, goal, (condition,), Algebra()) == scope.assuming(condition)


@pytest.mark.parametrize(("latex", "where", "condition"), NOT_EXACT, ids=[f"{row[0]} {row[2]}" for row in NOT_EXACT])
def test_a_condition_that_may_exclude_a_value_is_refused(latex, where, condition):
    scope, goal = translated(read(latex, where), worth)[1]
    with pytest.raises(Refused, match="may have a value where a condition fails"):
        require_exact(scope, goal, (condition,), Algebra())


def test_a_condition_has_to_be_defined_itself():
    scope, goal = translated(read(r"\log \log x = 0", "x: Real"), worth)[1]
    with pytest.raises(Refused, match="need not be defined"):
        require_exact(scope, goal, (Term("lt", ZERO, Term("log", x)),), Algebra())
    require_exact(scope, goal, (Term("lt", ZERO, x), Term("lt", ZERO, Term("log", x))), Algebra())


def test_cases_that_leave_points_out_say_nothing_of_them():
    s = var("s")
    scope = read("s = s; ".rstrip("; "), "s: Real").scope
    bad = Term("and", *(Term("imp", p, eq(Term("log", s), ZERO)) for p in (Term("lt", s, num(-1)), Term("lt", s, num(-2)))))
    with pytest.raises(Refused):
        require_exact(scope, bad, (Term("lt", ZERO, s),), Algebra())


# ---- what was checked is what was written


def written(latex: str, where: str) -> tuple[Written, Claim]:
    chosen, (scope, goal) = translated(read(latex, where), worth)
    return chosen, Claim(scope, goal)


def test_another_statement_than_the_formula_is_refused():
    one, claim = written(r"x = x", "x: Real")
    checked = check(claim, Proof("field", claim.goal.args))
    require_understood(one, (), checked)
    other, _ = written(r"x = x + 1", "x: Real")
    with pytest.raises(Refused, match="another statement"):
        require_understood(other, (), checked)
    more, _ = written(r"x = x", "x: Real; y: Real")
    with pytest.raises(Refused, match="other variables"):
        require_understood(more, (), checked)


def test_a_smaller_domain_than_the_formulas_is_refused():
    _, claim = written(r"|x| = x", "x: Positive")
    checked = check(claim, Proof("rule", ("absolute value", (("a", x),))))
    wide, _ = written(r"|x| = x", "x: Real")
    with pytest.raises(Refused, match="outside"):
        require_understood(wide, (), checked)
    with pytest.raises(Refused, match="may have a value"):
        require_understood(wide, (Term("lt", ZERO, x),), checked)


def test_a_hypothesis_that_the_formula_does_not_give_is_refused():
    _, claim = written(r"|x| = x", "x: Real")
    checked = check(
        replace(claim, scope=claim.scope.assuming(Term("le", ZERO, x))), Proof("rule", ("absolute value", (("a", x),)))
    )
    with pytest.raises(Refused, match="hypothesis"):
        require_covered(claim.scope, claim.goal, (), checked)


def test_any_choice_of_weights_says_the_same_or_nothing():
    one, claim = written(r"x \log x = x \log x", "x: Nonnegative")
    ((product, places),) = one.weights
    assert places == (0,)
    with pytest.raises(Untranslatable):
        statement(replace(one, weights=((product, (1,)),)))
    with pytest.raises(Untranslatable):
        statement(replace(one, weights=((product, (7,)),)))
    plain = statement(replace(one, weights=()))[1]
    assert plain.args[0] == Term("mul", x, Term("log", x)) != claim.goal.args[0]


# ---- the second program


def certificate(latex: str, where: str) -> dict[str, Any]:
    question = Question(latex, where, detail=True, timeout=None)
    verdict = Decision(question, LEMMAS).decide()
    assert (verdict.verdict, verdict.evidence) == ("proved", "replayed"), verdict
    assert verdict.certificate is not None
    return verdict.certificate


def problem(data: dict[str, Any]) -> replay.Refused | None:
    return replay.Library(data["theorems"]).problem(LABEL)


def with_formula(data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    *others, claim = data["theorems"]
    return {**data, "theorems": [*others, {**claim, "formula": {**claim["formula"], **changes}}]}


CLAIMS = [
    (r"\sum_{j \ne c} z_j = \sum_j z_j - z_c", "z: Real[n]; c: Label[n]"),
    (r"D(p \| q) \ge 0", "p, q: Simplex[n]"),
    (r"\lim_{x \to 0+} x \log x + t = t", "t: Real"),
    (r"\log \frac xy = \log x - \log y", "x, y: Real"),
    (r"\sum_{k=1}^{3} k z_k = z_1 + 2 z_2 + 3 z_3", "z: Real[3]"),
    (r"|t| = \begin{cases} t & t \ge 0 \\ -t & t < 0 \end{cases}", "t: Real"),
    (r"\begin{cases} p & y = 1 \\ 1-p & y = 0 \end{cases} = p^y (1-p)^{1-y}", "p: Probability; y: Bit"),
    (r"\max(x, y) + \min(x, y) = x + y", "x, y: Real"),
    (r"\frac{\partial}{\partial z_k} \log \sum_j e^{z_j} = \operatorname{softmax}(z)_k", "z: Real[n]"),
    (r"x^2 = x^{\exp(\log 2)}", "x: Real"),
    (r"\operatorname{softmax}(z / T)_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}", "z: Real[K]; T: Positive"),
    (r"\operatorname{logsumexp}(-2z) = \log \sum_j e^{-2 z_j}", "z: Real[K]"),
    (r"D(u p + (1-u) q \| q) \ge 0", "p, q: OpenSimplex[n]; u: Probability"),
    (r"\sum_j q(\theta)_j = 1", "q: Family[n, d]; theta: Real[d]"),
]


@pytest.mark.parametrize(("latex", "where"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_the_second_program_reads_the_same_and_refuses_another_tree(latex, where):
    data = certificate(latex, where)
    assert problem(data) is None
    tree = tree_from_json(data["theorems"][-1]["formula"]["tree"])
    for changed in changes(tree):
        refused = problem(with_formula(data, tree=tree_to_json(changed)))
        assert refused is not None, changed


def changes(tree: Node) -> list[Node]:
    """The tree with one part changed: another number, a turned quotient, another relation, nothing left out, another case."""
    found = []
    for part, put in places(tree):
        if part.kind == "number":
            found.append(put(Node("number", (part.args[0] + 1,))))
        elif part.kind == "chain" and part.args[0] != ("<",):
            found.append(put(Node("chain", (("<",) * len(part.args[0]), *part.args[1:]))))
        elif part.kind == "div":
            found.append(put(Node("div", part.args[::-1])))
        elif part.kind == "without":
            found.append(put(Node("sum", (*part.args[:3], part.args[4]))))
        elif part.kind in ("max", "min"):
            found.append(put(Node("min" if part.kind == "max" else "max", part.args)))
        elif part.kind == "neg":
            found.append(put(part.args[0]))
    return [each for each in found if each != tree]


def places(node: Node) -> Any:
    """Each part of a tree, with a function that puts something else in its place."""
    yield node, lambda new: new
    for k, child in enumerate(node.args):
        if type(child) is Node:
            for part, put in places(child):
                yield part, lambda new, k=k, put=put: Node(node.kind, (*node.args[:k], put(new), *node.args[k + 1 :]))


def test_the_second_program_refuses_a_condition_that_excludes_a_value():
    data = certificate(r"\log \frac xy = \log x - \log y", "x, y: Real")
    conditions = data["theorems"][-1]["formula"]["conditions"]
    assert conditions == [["lt", ["num", "0"], ["var", "x"]], ["lt", ["num", "0"], ["var", "y"]]]
    lost = problem(with_formula(data, conditions=conditions[:1]))
    assert lost is not None and "outside" in lost.why
    more = problem(with_formula(data, conditions=[*conditions, ["ne", ["var", "x"], ["num", "3"]]]))
    assert more is not None and "may have a value where a condition fails" in more.why


def test_a_formula_that_says_something_else_is_told_apart_from_a_step_that_is_not_known():
    data = certificate(r"|x| \ge 0", "x: Real")
    library = replay.Library(with_formula(data, tree=["chain", [">="], ["name", "x"], ["number", "0"]])["theorems"])
    assert library.otherwise(LABEL) and library.problem(LABEL).step == replay.OTHERWISE
    assert not replay.Library(data["theorems"]).otherwise(LABEL)
    question = Question(r"\int_0^1 x\,dx = \frac12", "", detail=True, timeout=None)
    verdict = Decision(question, LEMMAS).decide()
    assert (verdict.verdict, verdict.evidence) == ("proved", "derived")
    library = replay.Library(verdict.certificate["theorems"])
    assert not library.otherwise(LABEL) and "integral" in library.problem(LABEL).step


@pytest.mark.parametrize(
    "tree",
    [
        [], "x", ["chain", ["="], ["name", "x"]], ["chain", "=", ["name", "x"], ["name", "x"]], ["name", "x"],
        ["chain", ["~"], ["name", "x"], ["name", "x"]], ["chain", [["="]], ["name", "x"], ["name", "x"]],
        ["chain", ["="], ["name", "x"], ["name", "nobody"]], ["chain", ["="], ["sum", "i"], ["name", "x"]],
        ["chain", ["="], ["number", "1/0"], ["name", "x"]], ["chain", ["="], ["__class__"], ["name", "x"]],
        ["chain", ["="], ["call", "H", ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["entry", ["name", "x"], ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["delta", ["name", "x"], ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["limit", "x", ["name", "x"], "+", ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["integral", "x", ["infinity"], ["name", "x"], ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["cases", ["name", "x"], ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["of", ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["family", ["name", "x"], ["name", "x"]], ["name", "x"]],
        ["chain", ["="], ["of_mul"], ["name", "x"]],
    ],
    ids=str,
)  # fmt: skip
def test_a_tree_that_is_none_is_refused_in_words(tree):
    data = certificate(r"|x| \ge 0", "x: Real")
    refused = problem(with_formula(data, tree=tree))
    assert refused is not None and "does not know what to say" not in refused.why


def test_a_formula_is_written_down_whole():
    chosen, _ = written(r"x \log x + \int_0^1 s\,ds \ge 0", "x: Nonnegative")
    data = encode_formula(chosen, ())
    assert data.keys() == {"domains", "free", "tree", "conditions", "weights", "values", "ranges"}
    assert [row[1] for row in data["weights"]] == [[0]] and [row[1] for row in data["values"]] == [["num", "1/2"]]
    assert [row[1] for row in data["ranges"]] == ["Positive"]
    assert closed(x, "x") == i


# ---- what was once proved on this way, and is false or has no value at the point beside it

NOT_PROVED = [
    (r"p + (x (2^y-2^{\frac57}) \log p)^2 > 0", "x: Positive; y: Real; p: UnitInterval"),  # x = 1, y = 5/7, p = 0
    (r"p + (e^x (n-101) \log p)^2 > 0", "x: Real; n: Size; p: UnitInterval"),  # x = 0, n = 101, p = 0
    (r"x y \log p = y x \log p", "x: Positive; y: Real; p: UnitInterval"),  # y = p = 0 has a value
    (r"(2^y-2^{\frac57})^2 + \lim_{t \to y^+} \frac{\partial}{\partial y}(t + y) > 1", "y: Real"),  # y = 5/7
    (r"\begin{cases} 0 & x < 1000 \\ \frac{\partial}{\partial p_1}\left(\lim_{t \to 0^+} \frac{t \sum_{i=1}^3 p_i}{t}\right)"
     r" & \text{otherwise}\end{cases} = 0", "p: Simplex[3]; x: Real"),  # x = 1000
]  # fmt: skip
CONDITIONS = [
    (r"x \log \frac{1}{\frac{1}{x}} = x \log x", "x: UnitInterval", ("x ≠ 0",)),
    (r"x \log\frac{p}{\frac1q} = x\log(pq)", "x, p, q: UnitInterval", ("q ≠ 0", "x > 0  ⟹  p > 0")),
    (r"\lim_{t \to {\log x}^+} 1 = 1", "x: Real", ("x > 0",)),
    (r"2\lim_{t\to\frac1x^+} 1 = 2", "x: Real", ("x ≠ 0",)),
    (r"p + x \log p \log q > 0", "x, p, q: UnitInterval", ("p > 0", "q > 0")),
    (r"p^2\log p \le 0", "p: UnitInterval", ()),
    (r"|x| = \begin{cases} x & x > 0 \\ -x & x \le 0\end{cases} \ge 0", "x: Real", ()),
]


@pytest.mark.parametrize(("latex", "where"), NOT_PROVED, ids=[row[0] for row in NOT_PROVED])
def test_what_is_false_at_a_far_point_is_not_proved(latex, where):
    verdict = Decision(Question(latex, where, timeout=None), LEMMAS).decide()
    assert verdict.verdict in ("undecided", "refuted") and not verdict.contradiction


@pytest.mark.parametrize(("latex", "where", "conditions"), CONDITIONS, ids=[row[0] for row in CONDITIONS])
def test_a_formula_is_proved_where_it_has_a_value(latex, where, conditions):
    verdict = Decision(Question(latex, where, timeout=None), LEMMAS).decide()
    assert (verdict.verdict, verdict.evidence, verdict.conditions) == ("proved", "replayed", conditions)


def test_all_other_factors_weigh_a_logarithm_whichever_were_chosen():
    p = var("p")
    for chosen in ((0,), (1,), (0, 1), ()):
        term = read(r"x y \log p = 0", "x, y: Real; p: UnitInterval")
        made = Written(term.scope, (), term.tree, weights=((term.tree.args[1], chosen),))
        scope, goal = statement(made)
        with pytest.raises(Refused, match="may have a value"):
            require_exact(scope, goal, (Term("lt", ZERO, p),), Algebra())


def test_a_value_that_is_said_has_to_be_defined():
    reading = read(r"1 \cdot \lim_{t \to 0^+} \frac{xt + t}{t} = |x + 1|", "x: Real")
    chosen, (scope, goal) = translated(reading, worth)
    ((node, _),) = chosen.values
    root = Term("pow", Term("add", x, ONE), num(Fraction(1, 2)))
    other = replace(chosen, values=((node, Term("mul", root, root)),))
    goal = statement(other)[1]
    claim = Claim(replace(scope, hypotheses=(Term("le", ZERO, Term("add", x, ONE)),)), goal)
    with pytest.raises(Refused, match="a value that is said"):
        require_understood(other, claim.scope.hypotheses, None)  # type: ignore[arg-type]


def test_a_bound_variable_takes_no_name_that_the_claim_speaks_of():
    scope = read(r"x = x", "x: Real").scope
    number = lambda k: Node("number", (Fraction(k),))  # noqa: E731
    name = Node("name", ("x",))
    limit = Node("limit", ("x", number(0), "+", number(1)))
    tree = Node("chain", (("=", "<="), limit, number(1), Node("add", (number(1), name))))
    made, goal = statement(Written(scope, (), tree))
    assert dict(made.domains)["x"].name == "Real" and goal.args[0] == Term("tends", ONE, var("x_1"), ZERO, ONE)
    data = certificate(r"|x| \ge 0", "x: Real")
    assert problem(with_formula(data, tree=tree_to_json(tree))) is not None
