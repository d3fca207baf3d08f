"""Whatever a public function is given, its answer or its error is documented.

Hypothesis draws the arguments: shapes, types, NaN, infinity, nothing at all,
the wrong kind of thing, and tensors on the meta device, which stands in for a
wrong device. An error must be one that the docstring names; a result must be
what a slow and plain computation gives.
"""

import contextlib
import importlib
import io
import math
import os
from pathlib import Path
from unittest import mock

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from lessons_lib import data, exercises, plots, runtime, train
from lessons_lib.claims import ClaimFailed, claim
from lessons_lib.exercises import check

settings.register_profile(
    "here",
    deadline=None,
    max_examples=60,
    derandomize=True,  # the same examples in every run
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("here")
few = settings(max_examples=15)  # for what draws or trains

DTYPES = [torch.float32, torch.float64, torch.float16, torch.int64]
DTYPES += [torch.int32, torch.uint8, torch.bool, torch.complex64]
NUMBERS = st.one_of(
    st.integers(-3, 12),
    st.floats(-10, 10),
    st.sampled_from([math.nan, math.inf, -math.inf, 1e300, 0.0]),
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=4),
    st.integers(-(10**30), 10**30),
    NUMBERS,
    st.complex_numbers(),
    st.lists(NUMBERS, max_size=3),
    st.dictionaries(st.text(max_size=2), NUMBERS, max_size=2),
    st.sampled_from([..., object(), len, torch.float32, {1}, np.array("a")]),
)


@st.composite
def tensors(draw, max_dims=4, max_side=4, dtypes=DTYPES):
    """Tensors of few numbers, now and then without values or empty."""
    sides = st.lists(st.integers(0, max_side), max_size=max_dims)
    shape, dtype = draw(sides), draw(st.sampled_from(dtypes))
    size = math.prod(shape)
    values = draw(st.lists(NUMBERS, min_size=size, max_size=size))
    if not (dtype.is_floating_point or dtype.is_complex):
        values = [int(v) % 6 if math.isfinite(v) else 0 for v in values]
    tensor = torch.tensor(values, dtype=torch.float64).to(dtype).view(shape)
    on_meta = draw(st.integers(0, 9)) == 0
    return tensor.to("meta") if on_meta else tensor


THINGS = st.one_of(tensors(), JUNK)


@contextlib.contextmanager
def only(*errors):
    """Let nothing pass but these errors; and be silent."""
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            yield
    except errors as error:
        if not str(error):
            raise


@pytest.fixture(autouse=True, scope="module")
def closed():
    yield
    plt.close("all")


# --- claims and exercises ----------------------------------------------------


@given(st.one_of(st.text(max_size=5), JUNK), THINGS)
def test_a_claim_passes_on_one_truth_value_only(text, holds):
    errors = (ClaimFailed, TypeError, ValueError)
    if isinstance(holds, torch.Tensor) and holds.is_meta:
        errors += (RuntimeError,)
    with only(*errors):
        claim(text, holds)
        assert isinstance(text, str)
        assert text.strip()
        one = holds.item() if isinstance(holds, torch.Tensor) else holds
        assert one is True


@given(st.one_of(st.sampled_from(["00.1", "10.3", "07.5"]), JUNK), THINGS)
def test_check_never_raises_but_for_an_unknown_name(name, answer):
    known = name in ("00.1", "10.3", "07.5") if isinstance(name, str) else 0
    with only(*(() if known else (KeyError,))):
        check(name, answer)
        assert known


LESSONS = [
    importlib.import_module(f"lessons_lib.exercises.{path.stem}")
    for path in sorted(Path(exercises.__file__).parent.glob("lesson*.py"))
]
ALL = [name for lesson in LESSONS for name in lesson.CHECKS]


@given(st.sampled_from(ALL), THINGS)
def test_no_answer_makes_a_check_raise(name, answer):
    with only():
        verdict = exercises.evaluate(name, answer)
    assert verdict.line.count("\n") == 0 or verdict.ok is False
    assert (verdict.ok is None) == (answer is ...)


@given(st.floats(-1e6, 1e6), THINGS)
def test_a_number_is_right_only_if_it_is_near(expected, answer):
    problem = exercises.number(expected, hint="-")(answer)
    if problem is None:
        (got,) = torch.as_tensor(answer).flatten().tolist()
        assert not isinstance(got, bool | complex)
        assert math.isclose(got, expected, rel_tol=2e-6, abs_tol=2e-6)


@given(tensors(dtypes=[torch.float64, torch.int64]), THINGS)
def test_a_tensor_is_right_only_in_its_shape(expected, answer):
    if expected.is_meta:
        return
    problem = exercises.tensor(expected, hint="-")(answer)
    if problem is None:
        got = torch.as_tensor(answer)
        assert got.shape == expected.shape
        assert np.allclose(got.double(), expected.double(), 2e-5, 2e-5)


@given(THINGS)
def test_a_function_may_return_anything(value):
    test = exercises.function(lambda x: x + 1, [(torch.ones(2),)], hint="-")
    with contextlib.suppress(exercises._NotAnswered):
        problem = test(lambda x: value)
        assert problem or torch.as_tensor(value).tolist() == [2, 2]
    assert callable(value) or "expected a function" in test(value)


@given(THINGS)
def test_a_choice_is_one_letter(answer):
    test = exercises.choice("b", options="ab", hints={"a": "no"})
    if test(answer) is None:
        assert answer.strip(" ().").lower() == "b"


@given(THINGS)
def test_satisfies_calls_no_answer_right_by_accident(answer):
    test = exercises.satisfies(lambda a: a > 1, expected="> 1", hint="-")
    if test(answer) is None:
        assert bool(answer > 1)


# --- runtime -----------------------------------------------------------------


@given(st.one_of(JUNK, st.sampled_from(["cpu", "meta", "cpu:1", "cuda:99"])))
def test_a_device_is_one_of_three(name):
    with only(TypeError, ValueError):
        got = runtime.get_device(name)
        assert got.type in ("cpu", "cuda", "mps")


@given(JUNK, st.one_of(st.none(), st.text(max_size=4), st.integers(0, 99)))
def test_a_seed_is_a_whole_number(n, run):
    variables = {} if run is None else {"LESSONS_SEED": str(run)}
    variables = {k: v for k, v in variables.items() if "\0" not in v}
    try:
        patch = mock.patch.dict(os.environ, variables)
        patch.start()
    except (OSError, ValueError, UnicodeEncodeError):
        return  # no such variable can be set
    try:
        with only(TypeError, ValueError):
            runtime.set_seed(n)
            first = torch.rand(3)
            runtime.set_seed(n)
            assert torch.equal(first, torch.rand(3))
            assert type(n) is int
            assert n >= 0
    finally:
        patch.stop()


# --- data and training -------------------------------------------------------

SIZES = st.one_of(st.integers(-1, 9), JUNK)


@given(THINGS, THINGS, SIZES, st.booleans())
def test_batches_hold_each_sample_once(X, y, size, shuffle):
    with only(TypeError, ValueError):
        got = list(data.batches(X, y, size, shuffle=shuffle))
        assert len(got) == len(X) // size + (len(X) % size > 0)
        if X.is_meta or X.is_complex():
            return
        for whole, pieces in (
            (X, [p[0] for p in got]),
            (y, [p[1] for p in got]),
        ):
            back = torch.cat(pieces)
            assert sorted(map(str, back.tolist())) == sorted(
                map(str, whole.tolist())
            )


@given(JUNK)
def test_a_source_is_one_of_two(source):
    if source is not None:
        with only(TypeError, ValueError):
            data.load_mnist(source)
            raise AssertionError(source)


CLASSES = tensors(max_dims=2, max_side=5, dtypes=[torch.int64, torch.float32])
SAMPLES = tensors(max_dims=3, max_side=5, dtypes=[torch.float32, torch.int64])


@settings(max_examples=60)
@given(SAMPLES, CLASSES, st.integers(1, 5), st.integers(1, 4))
def test_evaluate_is_right_or_refuses(X, y, D, C):
    torch.manual_seed(0)
    model = nn.Linear(D, C)
    with only(TypeError, ValueError, RuntimeError):
        loss, accuracy = train.evaluate(model, X, y)
        logits = model(X).double()
        wanted = [
            row.logsumexp(0) - row[c] for row, c in zip(logits, y, strict=True)
        ]
        mean = torch.stack(wanted).mean().item()
        assert math.isclose(loss, mean, rel_tol=1e-4, abs_tol=1e-5) or (
            math.isnan(loss) or math.isinf(loss)
        ) >= (math.isnan(mean) or math.isinf(mean) or abs(mean) > 1e30)
        right = (logits.argmax(dim=1) == y).double().mean().item()
        assert math.isclose(accuracy, right, abs_tol=1e-6)
    assert model.training


@settings(max_examples=60)
@given(SAMPLES, CLASSES, st.integers(1, 5), SIZES, SIZES)
def test_fit_ends_finite_or_raises(X, y, D, epochs, size):
    model = nn.Linear(D, 3)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    errors = (TypeError, ValueError, RuntimeError, FloatingPointError)
    with only(*errors):
        history = train.fit(
            model, sgd, X, y, epochs=epochs, batch_size=size, val=(X, y)
        )
        assert all(len(v) == epochs for v in vars(history).values())
        assert all(map(math.isfinite, history.train_loss))


# --- plots -------------------------------------------------------------------

LISTS = st.one_of(tensors(max_dims=2), st.lists(NUMBERS, max_size=4), JUNK)
DRAWN = (TypeError, ValueError, RuntimeError)  # the last: the meta device


@settings(max_examples=40)
@given(st.dictionaries(st.text("ab", max_size=2), LISTS, max_size=2), LISTS)
def test_curves_draw_every_value(lines, x):
    with only(*DRAWN):
        ax = plots.curves(lines, x=x, ax=AXES[0])
        for line, values in zip(ax.lines, lines.values(), strict=True):
            assert len(line.get_ydata()) == len(values)
            assert len(values) > 0
    AXES[0].clear()


@settings(max_examples=40)
@given(SAMPLES, CLASSES, st.sampled_from([0.15, 0.0, -1.0, math.nan]))
def test_decision_regions_draw_every_point(X, y, margin):
    def predict(points):
        return (points[:, 0] > 0).long()

    with only(*DRAWN):
        ax = plots.decision_regions(predict, X, y, ax=AXES[0], margin=margin)
        drawn = np.concatenate(
            [c.get_offsets() for c in ax.collections if c.get_zorder() == 3]
        )
        assert len(drawn) == len(X) == len(y)
        assert np.isfinite(drawn).all()
        assert margin >= 0
    AXES[0].clear()


@few
@given(
    st.sampled_from(
        [torch.relu, torch.sin, torch.sum, torch.zeros_like]
        + [lambda x: x.cumsum(0), lambda x: x.log(), lambda x: None]
    ),
    NUMBERS,
    NUMBERS,
)
def test_a_derivative_is_that_of_the_function(f, low, high):
    with only(TypeError, ValueError, RuntimeError, AttributeError):
        left, right = plots.function_and_derivative(
            f, name="f", low=low, high=high, axes=AXES[:2]
        )
        x, y = left.lines[0].get_data()
        assert (x[0], x[-1]) == (np.float32(low), np.float32(high))
        f_alone = [f(torch.tensor([v])).item() for v in x[::160]]
        assert np.allclose(y[::160], f_alone, 1e-3, equal_nan=True)
        assert len(right.lines) == 1
    for ax in AXES[:2]:
        ax.clear()


@few
@given(tensors(max_side=3), st.one_of(st.integers(-1, 3), st.just(1.5)))
def test_image_grid_draws_every_image(images, columns):
    with only(*DRAWN):
        axes = plots.image_grid(images, columns=columns)
        drawn = [im for ax in axes.flat for im in ax.images]
        assert len(drawn) == len(images) > 0
        low, high = drawn[0].get_clim()
        assert low <= images.min() <= images.max() <= high
    plt.close("all")


@given(THINGS, THINGS, st.one_of(st.integers(-1, 6), JUNK))
def test_confusion_counts_every_sample(y, y_hat, classes):
    with only(TypeError, ValueError, RuntimeError):
        counts = plots.confusion_counts(y, y_hat, classes)
        assert counts.shape == (classes, classes)
        assert counts.sum() == len(y)
        for true, taken in zip(y, y_hat, strict=True):
            counts[true.long(), taken.long()] -= 1
        assert not counts.any()


@few
@given(CLASSES, CLASSES, st.lists(st.text("ab", max_size=2), max_size=6))
def test_a_confusion_matrix_shows_the_counts(y, y_hat, names):
    with only(*DRAWN):
        ax = plots.confusion_matrix(y, y_hat, names, ax=AXES[0])
        shown = [t.get_text() for t in ax.texts]
        assert sum(map(int, filter(None, shown))) == len(y) > 0
    AXES[0].clear()


AXES = plt.subplots(1, 2)[1]
