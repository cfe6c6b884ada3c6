"""The emitted functions as a caller meets them: shapes, axes, dtypes, units, reductions, infinities, errors, known numbers."""

from __future__ import annotations

import inspect
import math
import subprocess
import sys
import warnings

import numpy as np
import pytest

import numeric
from numeric import (
    binary_cross_entropy,
    cross_entropy,
    entropy,
    kl_divergence,
    reference,
    relative_entropy,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)

NAMES = [name for name in numeric.__all__ if name != "lambdify"]
PER_CLASS = ["softmax", "softmax_cross_entropy_grad"]
PER_SAMPLE = [name for name in NAMES if name not in PER_CLASS]
WITH_CLASSES = [name for name in NAMES if name != "binary_cross_entropy"]


@pytest.fixture(autouse=True)
def strict():
    """Every warning and every floating point signal of a call is an error."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


def inputs(name: str, *batch: int, classes: int = 5, seed: int = 0) -> list[np.ndarray]:
    """Random inputs in the domain of the function."""
    rng = np.random.default_rng(seed)
    if name == "binary_cross_entropy":
        return [rng.random(batch), rng.uniform(0.05, 0.95, batch)]
    p, q = (w / w.sum(-1, keepdims=True) for w in rng.exponential(size=(2, *batch, classes)))
    z = rng.normal(0, 3, (*batch, classes))
    return {"entropy": [p], "softmax": [z]}.get(name, [z, p] if name.startswith("softmax") else [p, q])


def function(name: str):
    return getattr(numeric, name)


@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_the_definition_where_that_has_its_digits(name: str) -> None:
    given = inputs(name, 200)
    book = getattr(reference, name)(*given)
    trusted = book.trusted()
    assert trusted.mean() > 0.9
    np.testing.assert_allclose(function(name)(*given)[trusted], book.value[trusted], rtol=2e-12)


@pytest.mark.parametrize("name", NAMES)
def test_any_leading_shape_and_memory_layout(name: str) -> None:
    f = function(name)
    given = inputs(name, 2, 3, 4)
    whole = f(*given)
    assert whole.shape == (2, 3, 4) + ((5,) if name in PER_CLASS else ())
    one = f(*(g[1, 2, 3] for g in given))
    np.testing.assert_array_equal(one, whole[1, 2, 3])
    assert isinstance(one, np.ndarray if name in PER_CLASS else np.float64)
    np.testing.assert_array_equal(f(*(g[::2, ::-1] for g in given)), whole[::2, ::-1])
    np.testing.assert_array_equal(f(*map(np.asfortranarray, given)), whole)
    assert f(*(g[:0] for g in given)).shape == (0, *whole.shape[1:])
    np.testing.assert_array_equal(f(*(g[1, 2, 3].tolist() for g in given)), whole[1, 2, 3])


@pytest.mark.parametrize("name", WITH_CLASSES)
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_axis(name: str, axis: int) -> None:
    given = inputs(name, 3, 4)
    want = function(name)(*given)
    got = function(name)(*(np.moveaxis(g, -1, axis) for g in given), axis=axis)
    np.testing.assert_array_equal(got, np.moveaxis(want, -1, axis) if name in PER_CLASS else want)


@pytest.mark.parametrize("name", NAMES)
def test_inputs_broadcast(name: str) -> None:
    given = inputs(name, 4)
    if len(given) == 1:
        return
    a, b = given
    pairs = function(name)(a[:, None], b[None, :])
    for i in range(4):
        for j in range(4):
            np.testing.assert_array_equal(pairs[i, j], function(name)(a[i], b[j]))


@pytest.mark.parametrize("name", NAMES)
def test_dtypes(name: str) -> None:
    f, given = function(name), inputs(name, 6)
    single = [g.astype(np.float32) for g in given]
    got = f(*single)
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, f(*(g.astype(np.float64) for g in single)).astype(np.float32))
    assert f(*given).dtype == np.float64
    assert f(*([single[0], given[1]] if len(given) > 1 else given)).dtype == np.float64
    whole = [np.array([[1, 0], [0, 1]])] * len(given)
    for cast in (np.int64, np.uint8, bool):
        assert f(*(g.astype(cast) for g in whole)).dtype == np.float64
    if len(given) > 1:  # whole numbers and Python numbers have no say beside a float32 array
        assert f(single[0], np.zeros(single[1].shape, dtype=int)).dtype == np.float32
    with pytest.raises(TypeError, match="real numbers"):
        f(*(g + 0j for g in given))
    with pytest.raises(TypeError, match="real numbers"):
        f(*(["a", "b"] for _ in given))
    before = [g.copy() for g in given]
    f(*given)[...] = 0.0  # the result is the caller's own
    for g, b in zip(given, before, strict=True):
        np.testing.assert_array_equal(g, b)


@pytest.mark.parametrize("name", PER_SAMPLE)
def test_reduction_weight_and_base(name: str) -> None:
    f, given = function(name), inputs(name, 3, 4)
    each = f(*given)
    w = np.arange(12.0).reshape(3, 4)
    np.testing.assert_allclose(f(*given, reduction="sum"), each.sum(), rtol=1e-15)
    np.testing.assert_allclose(f(*given, reduction="mean"), each.mean(), rtol=1e-15)
    np.testing.assert_allclose(f(*given, weight=w), each * w, rtol=1e-15)
    np.testing.assert_allclose(f(*given, weight=w, reduction="mean"), (each * w).sum() / w.sum(), rtol=1e-15)
    np.testing.assert_allclose(f(*given, weight=w[0], reduction="sum"), (each * w[0]).sum(), rtol=1e-15)
    np.testing.assert_allclose(f(*given, base=2), each / math.log(2), rtol=1e-15)
    np.testing.assert_allclose(f(*given, base=0.5, reduction="mean"), -each.mean() / math.log(2), rtol=1e-15)
    with pytest.raises(ValueError, match=r"no reduction 'average'; there are 'none', 'mean', 'sum'"):
        f(*given, reduction="average")
    for base in (0, 1, -2, math.inf, math.nan):
        with pytest.raises(ValueError, match="base of a logarithm"):
            f(*given, base=base)
    with pytest.raises(ValueError, match=r"weight has the shape \(5,\), the values have the shape \(3, 4\)"):
        f(*given, weight=np.ones(5))
    with pytest.raises(ValueError, match="negative"):
        f(*given, weight=-1)
    with pytest.raises(ValueError, match="not defined"):
        f(*(g[:0] for g in given), reduction="mean")
    assert f(*(g[:0] for g in given), reduction="sum") == 0.0


def test_options_are_keyword_only_and_classes_keep_their_axis() -> None:
    for name in NAMES:
        kinds = {p.kind for p in list(inspect.signature(function(name)).parameters.values())[2:]}
        assert kinds == {inspect.Parameter.KEYWORD_ONLY} or name == "softmax"
        options = set(inspect.signature(function(name)).parameters)
        assert ("axis" in options) == (name in WITH_CLASSES)
        assert ("reduction" in options) == ("base" in options) == ("weight" in options) == (name in PER_SAMPLE)


def test_a_sample_of_weight_zero_does_not_count() -> None:
    p, q = np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([[0.5, 0.5], [1.0, 0.0]])
    assert cross_entropy(p, q, reduction="mean") == math.inf
    assert cross_entropy(p, q, weight=[1, 0], reduction="mean") == pytest.approx(math.log(2))


def test_errors_name_the_shapes() -> None:
    p = np.full((2, 3), 1 / 3)
    with pytest.raises(ValueError, match=r"q has the shape \(2, 4\), with 4 entries where p has the shape \(2, 3\)"):
        cross_entropy(p, np.full((2, 4), 0.25))
    with pytest.raises(ValueError, match=r"p \(2, 3\), q \(5, 3\)"):
        cross_entropy(p, np.full((5, 3), 1 / 3))
    with pytest.raises(ValueError, match="axis 2 is out of range for inputs of 2 dimensions"):
        entropy(p, axis=2)
    with pytest.raises(ValueError, match=r"p has the shape \(\)"):
        entropy(0.5)
    with pytest.raises(ValueError, match="empty"):
        softmax(np.zeros((2, 0)))
    with pytest.raises(ValueError, match="1 entries"):  # a class axis does not broadcast
        cross_entropy(p, np.ones((2, 1)))


def test_validation_is_by_the_domain() -> None:
    good = np.array([0.25, 0.75])
    for f in (entropy, lambda p, **o: cross_entropy(p, good, **o), lambda p, **o: kl_divergence(good, p, **o)):
        f(good, validate=True)
        f(good.astype(np.float32), validate=True)
        for bad in ([0.5, 0.6], [-0.1, 1.1], [math.nan, 1.0], [1.5, -0.5]):
            with pytest.raises(ValueError, match="is not a probability distribution"):
                f(np.array(bad), validate=True)
    with pytest.raises(ValueError, match=r"p is not between 0 and 1, both included \(first at index \(1,\)\)"):
        binary_cross_entropy([0, 1], [0.5, 1.5], validate=True)
    with pytest.raises(ValueError, match="z is not real"):
        softmax([0.0, math.inf], validate=True)
    with pytest.raises(ValueError, match="y is not nonnegative"):
        softmax_cross_entropy([0.0, 1.0], [-1.0, 2.0], validate=True)


def test_infinity_where_it_is_infinite() -> None:
    p, q = [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]
    assert cross_entropy(p, q) == relative_entropy(p, q) == kl_divergence(p, q) == math.inf
    assert cross_entropy(q, p) == pytest.approx(math.log(2))
    assert relative_entropy(q, p) == kl_divergence(q, p) == pytest.approx(math.log(2))
    assert entropy(q) == 0.0
    hard = binary_cross_entropy([0, 0, 1, 1], [0.0, 1.0, 0.0, 1.0])
    assert hard.tolist() == [0.0, math.inf, math.inf, 0.0]
    assert binary_cross_entropy(0.5, [0.0, 1.0]).tolist() == [math.inf, math.inf]
    assert softmax([-math.inf, 0.0, 0.0]).tolist() == [0.0, 0.5, 0.5]
    assert softmax([math.inf, 0.0]).tolist() == [1.0, 0.0]
    assert softmax_cross_entropy([-math.inf, 0.0], [0.0, 1.0]) == 0.0
    assert softmax_cross_entropy([-math.inf, 0.0], [1.0, 0.0]) == math.inf
    assert softmax_cross_entropy([1e308, -1e308], [0.0, 1.0]) == math.inf  # 2e308 is beyond float64


@pytest.mark.parametrize("name", NAMES)
def test_nan_for_nan_and_only_there(name: str) -> None:
    f, given = function(name), inputs(name, 3)
    for k in range(len(given)):
        spoiled = [g.copy() for g in given]
        spoiled[k][(1, 0) if given[k].ndim == 2 else 1] = math.nan
        bad = np.isnan(f(*spoiled))
        assert bad[1].any() and not bad[[0, 2]].any()


@pytest.mark.parametrize("name", NAMES)
def test_large_batches(name: str) -> None:
    f, given = function(name), inputs(name, 50_000)
    whole = f(*given)
    np.testing.assert_array_equal(whole[-7:], f(*(g[-7:] for g in given)))
    assert np.isfinite(whole).all()


def test_divergence_is_never_negative_and_zero_only_at_equality() -> None:
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(8), 2000)
    q = p * (1 + 10.0 ** rng.uniform(-16, -1, (2000, 1)) * rng.normal(size=p.shape))
    assert (kl_divergence(p, np.abs(q)) >= 0).all()
    assert (kl_divergence(p, p) == 0).all()
    assert ((kl_divergence(p, np.abs(q)) > 0) == (p != np.abs(q)).any(-1)).all()


def test_gradient_is_the_slope_of_the_loss() -> None:
    z, y = inputs("softmax_cross_entropy_grad", 20)
    y = 3.0 * y  # targets which do not add up to 1
    step = 1e-6
    for k in range(5):
        up, down = z.copy(), z.copy()
        up[:, k] += step
        down[:, k] -= step
        slope = (softmax_cross_entropy(up, y) - softmax_cross_entropy(down, y)) / (2 * step)
        np.testing.assert_allclose(softmax_cross_entropy_grad(z, y)[:, k], slope, atol=1e-7)


def test_import_needs_numpy_alone() -> None:
    code = (
        "import sys, numeric; numeric.softmax([1.0, 2.0]);"
        "print([m for m in ('sympy', 'flint', 'mpmath', 'scipy', 'derivations') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# The ledger: numbers which the source documents print, to the digits of the column "exact".

P8 = np.array([0.35, 0.35, 0.1, 0.1, 0.04, 0.04, 0.01, 0.01])
CODE = 2.0 ** -np.array([2, 2, 3, 3, 4, 4, 5, 5])
TRUE_3 = np.eye(3)
LOGITS = [
    [0.1117, 0.8158, 0.2626, 0.4839, 0.6765],
    [0.7539, 0.2627, 0.0428, 0.2080, 0.1180],
    [0.1217, 0.7356, 0.7118, 0.7876, 0.4183],
    [0.9014, 0.9969, 0.7565, 0.2239, 0.3023],
]
LEDGER = [
    ("W01", lambda: cross_entropy(np.eye(3)[[0, 2]], [[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]), (2.302585, 0.693147)),
    ("W05", lambda: cross_entropy(np.eye(2), [0.75, 0.25], base=2), (0.415037, 2.0)),
    ("W05", lambda: entropy([0.75, 0.25], base=2), 0.811278),
    ("W06", lambda: entropy(P8, base=2), 2.228972),
    ("W07", lambda: cross_entropy([P8, P8[::-1]], CODE, base=2), (2.42, 4.58)),
    ("W08", lambda: relative_entropy(P8[::-1], CODE, base=2), 2.351028),
    ("W08", lambda: relative_entropy(P8[::-1], CODE / CODE.sum(), base=2), 2.257918),
    ("W08", lambda: kl_divergence(P8[::-1], CODE / CODE.sum(), base=2), 2.257918),
    ("W08", lambda: kl_divergence(P8[::-1], CODE, base=2), 2.260859),
    ("W09", lambda: binary_cross_entropy(1, [0.4, 0.4, 0.1]), (0.916291, 0.916291, 2.302585)),
    ("W09", lambda: binary_cross_entropy(1, [0.4, 0.4, 0.1], reduction="mean"), 1.378389),
    ("W10", lambda: binary_cross_entropy(1, [0.7, 0.7, 0.3]), (0.356675, 0.356675, 1.203973)),
    ("W10", lambda: binary_cross_entropy(1, [0.7, 0.7, 0.3], reduction="mean"), 0.639108),
    ("W12", lambda: binary_cross_entropy([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.4], reduction="mean"), 0.236173),
    ("W13", lambda: cross_entropy(TRUE_3, [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]], reduction="mean"), 0.363548),
    ("W14", lambda: cross_entropy(np.eye(7)[3], [0.1, 0.1, 0.1, 0.3, 0.2, 0.1, 0.1]), 1.203973),
]  # fmt: skip


@pytest.mark.parametrize(("row", "compute", "exact"), LEDGER, ids=[f"{row[0]}-{k}" for k, row in enumerate(LEDGER)])
def test_ledger(row: str, compute, exact) -> None:
    np.testing.assert_allclose(compute(), exact, rtol=0, atol=5.000001e-7)


def test_ledger_w15() -> None:
    """Inputs are given to four digits, so four digits of the result are."""
    targets = np.eye(5)[[4, 3, 3, 2]]
    assert softmax_cross_entropy(LOGITS, targets, reduction="mean") == pytest.approx(1.5230, abs=1e-4)
    assert softmax_cross_entropy(LOGITS, targets)[0] == pytest.approx(1.4360, abs=1e-4)
