"""Plots draw what they are given, and refuse what they cannot draw."""

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import torch
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle

from lessons_lib import plots
from tools import lessons


@pytest.fixture(autouse=True)
def closed():
    plots.use_style()
    yield
    plt.close("all")


def test_curves_start_at_epoch_one():
    ax = plots.curves({"a": torch.tensor([3.0, 2.0]), "b": [1, 0.5]}, log=True)
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [1, 2]]
    assert [t.get_text() for t in ax.get_legend().texts] == ["a", "b"]
    assert ax.get_yscale() == "log"
    ax = plots.curves({"a": [1, 2]}, x=[10, 20])
    assert list(ax.lines[0].get_xdata()) == [10, 20]


@pytest.mark.parametrize("lines", [{}, {"a": []}])
def test_curves_of_nothing(lines):
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.curves(lines)


def test_curves_without_names():
    with pytest.raises(TypeError, match="expected a dict"):
        plots.curves([3.0, 2.0])


def test_curves_of_other_shapes():
    with pytest.raises(ValueError, match="one number for each place"):
        plots.curves({"a": torch.ones(3, 2)})
    with pytest.raises(ValueError, match="one number for each place"):
        plots.curves({"a": [1, 2]}, x=[1, 2, 3])


CORNERS = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
CLASSES = torch.tensor([0, 1, 2, 1])


def corner(X):
    """Class 1 where x1 is large, else class 2 where x2 is, else class 0."""
    above = torch.where(X[:, 1] > 0.5, 2, 0)
    return torch.where(X[:, 0] > 0.5, 1, above)


def test_decision_regions_lie_where_they_are_predicted():
    ax = plots.decision_regions(corner, CORNERS, CLASSES, margin=0.1)
    (image,) = ax.images
    left, right, bottom, top = image.get_extent()
    assert (left, right, bottom, top) == pytest.approx((-0.1, 1.1) * 2)
    pixels = image.get_array()  # (300, 300, 3), its first row below
    assert image.origin == "lower"
    tints = [pixels[10, 10], pixels[10, -10], pixels[-10, 10]]
    for tint, color in zip(tints, plots.COLORS, strict=False):
        wanted = 1 - 0.2 * (1 - torch.tensor(to_rgb(color)))
        assert torch.allclose(torch.tensor(tint).float(), wanted)
    groups = [c for c in ax.collections if isinstance(c, PathCollection)]
    drawn = [c.get_offsets().tolist() for c in groups]
    assert drawn == [[[0, 0]], [[1, 0], [1, 1]], [[0, 1]]]
    faces = [c.get_facecolor()[0][:3].tolist() for c in groups]
    assert faces == [list(to_rgb(c)) for c in plots.COLORS[:3]]


def test_decision_regions_with_names():
    y = torch.tensor([1.0, -1.0, 1.0, -1.0])
    names = {1: "yes", -1: "no"}
    ax = plots.decision_regions(
        lambda X: X[:, 0].sub(0.5).sign().neg(), CORNERS, y, names=names
    )
    assert [t.get_text() for t in ax.get_legend().texts] == ["yes", "no"]
    pixels = ax.images[0].get_array()
    assert pixels[0, 0].tolist() != pixels[0, -1].tolist()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"X": CORNERS[:, :1]}, "expected"),
        ({"X": CORNERS[:0], "y": CLASSES[:0]}, "N > 0"),
        ({"y": CLASSES[:3]}, "expected"),
        ({"X": CORNERS.log()}, "X holds NaN or infinity"),
        ({"y": CLASSES - 1}, "class -1 is none of"),
        ({"y": CLASSES * 3}, "7 classes; there are 6 colours"),
        ({"predict": lambda X: X}, "predict gave shape"),
        ({"predict": lambda X: X[:, 0] + 0.5}, "is none of"),
        ({"predict": lambda X: X[:, 0] / 0}, "what predict gave holds NaN"),
        ({"names": ["a", "b"]}, "class 2 is none of"),
        ({"margin": -1.0}, "margin is -1"),
    ],
)
def test_decision_regions_of_bad_input(change, words):
    given = {"predict": corner, "X": CORNERS, "y": CLASSES} | change
    with pytest.raises(ValueError, match=words):
        plots.decision_regions(**given)


def test_function_and_derivative():
    axes = plots.function_and_derivative(
        torch.square, lambda x: 2 * x, name="square", low=-1, high=1
    )
    for ax, wanted in zip(axes, (torch.square, lambda x: 2 * x), strict=True):
        for line in ax.lines:
            x, y = (torch.as_tensor(v) for v in line.get_data())
            assert torch.allclose(y, wanted(x), atol=1e-6)
    assert len(axes[1].lines) == 2


def test_rounding_that_depends_on_the_place_is_forgiven():
    def f(x):  # as if a vector's last numbers were computed in another way
        return x.relu() + 1e-7 * (torch.arange(len(x)) % 7)

    plots.function_and_derivative(f, name="f")


@pytest.mark.parametrize(
    ("f", "low", "words"),
    [
        (torch.relu, 8, "low < high"),
        (torch.relu, -float("inf"), "low < high"),
        (torch.sum, -8, "expected the same shape"),
        (lambda x: x.softmax(dim=0), -8, "number by number"),
    ],
)
def test_function_and_derivative_of_bad_input(f, low, words):
    with pytest.raises(ValueError, match=words):
        plots.function_and_derivative(f, name="f", low=low)
    with pytest.raises(RuntimeError, match="grad"):
        plots.function_and_derivative(torch.zeros_like, name="flat")


def test_image_grid_uses_one_scale_for_all():
    images = torch.stack([torch.zeros(4, 4), torch.full((4, 4), -3.0)])
    (axes,) = plots.image_grid(images.unsqueeze(1), ["a", "b"])
    assert [ax.images[0].get_clim() for ax in axes] == [(-3, 0)] * 2
    assert [ax.get_title() for ax in axes] == ["a", "b"]
    axes = plots.image_grid(torch.rand(5, 4, 4), columns=3)
    assert [[len(ax.images) for ax in row] for row in axes] == [
        [1, 1, 1],
        [1, 1, 0],
    ]


@pytest.mark.parametrize(
    ("shape", "titles", "words"),
    [
        ((4, 4), None, "expected"),
        ((0, 4, 4), None, "N > 0"),
        ((2, 3, 4, 4), None, "expected"),
    ]
    + [((2, 4, 4), ["one"], "1 titles for 2 images")],
)
def test_image_grid_of_other_shapes(shape, titles, words):
    with pytest.raises(ValueError, match=words):
        plots.image_grid(torch.zeros(shape), titles)


def test_confusion_counts():
    y, y_hat = torch.tensor([0, 0, 1, 2, 2]), torch.tensor([0, 1, 1, 2, 0])
    assert plots.confusion_counts(y, y_hat, 3).tolist() == [
        [1, 1, 0],
        [0, 1, 0],
        [1, 0, 1],
    ]
    ax = plots.confusion_matrix(y, y_hat, ["a", "b", "c"])
    assert ax.get_xlabel() == "predicted"
    assert ax.get_ylabel() == "true"
    assert sorted(t.get_text() for t in ax.texts if t.get_text()) == ["1"] * 5


def test_a_confusion_matrix_of_classes_numbered_otherwise():
    y, y_hat = torch.tensor([1, 1, -1]), torch.tensor([1, -1, -1])
    ax = plots.confusion_matrix(y, y_hat, {1: "yes", -1: "no"})
    assert [t.get_text() for t in ax.get_xticklabels()] == ["yes", "no"]
    assert [t.get_text() for t in ax.texts] == ["1", "1", "1"]


def test_confusion_of_other_kinds():
    y = torch.tensor([0, 1])
    with pytest.raises(TypeError, match="whole numbers"):
        plots.confusion_counts(y, torch.tensor([0.0, 0.9]), 2)
    with pytest.raises(ValueError, match="at least 1"):
        plots.confusion_counts(y, y, 0)
    with pytest.raises(ValueError, match="no sample"):
        plots.confusion_matrix(y[:0], y[:0], ["a"])


@pytest.mark.parametrize(
    ("y", "y_hat"),
    [([0, 1], [0]), ([0, 3], [0, 0]), ([0, 1], [0, -1]), ([[0]], [[0]])],
)
def test_confusion_of_bad_input(y, y_hat):
    with pytest.raises(ValueError, match="expected two|is none of"):
        plots.confusion_counts(torch.tensor(y), torch.tensor(y_hat), 3)


def circles(ax):
    return [patch for patch in ax.patches if isinstance(patch, Circle)]


def test_a_net_is_columns_of_circles_joined_by_lines():
    ax = plots.draw_net((2, 3, 1))
    centres = [circle.center for circle in circles(ax)]
    columns = sorted({x for x, _ in centres})
    assert [sum(x == c for x, _ in centres) for c in columns] == [2, 3, 1]
    ends = {tuple(zip(*line.get_data(), strict=True)) for line in ax.lines}
    assert len(ends) == 2 * 3 + 3 * 1
    assert {end for line in ends for end in line} == set(centres)
    _, mine = plt.subplots()
    assert plots.draw_net((2, 1), ax=mine) is mine
    assert len(circles(mine)) == 3


def test_a_net_with_weights():
    first = torch.tensor([[20.0, -20.0], [0.0, 0.333]])
    ax = plots.draw_net((2, 2, 1), weights=[first, [["$w_1$"], ["$w_2$"]]])
    texts = {t.get_text(): t.get_color() for t in ax.texts}
    assert texts == {
        "+20": plots.BLUE,
        "−20": plots.RED,
        "0": plots.INK,
        "+0.33": plots.BLUE,
        "$w_1$": plots.INK,
        "$w_2$": plots.INK,
    }
    looks = [(line.get_color(), line.get_linestyle()) for line in ax.lines]
    assert looks[:2] == [(plots.BLUE, "-"), (plots.RED, "--")]
    places = {t.get_text(): t.get_position() for t in ax.texts}
    for text, line in zip(places, ax.lines, strict=True):
        (x0, x1), (y0, y1) = line.get_data()
        x, y = places[text]  # on its own line
        assert (x - x0) * (y1 - y0) == pytest.approx((y - y0) * (x1 - x0))


def test_no_two_numbers_of_a_net_meet():
    net = torch.arange(1.0, 17.0).reshape(4, 4)
    ax = plots.draw_net((4, 4, 3, 2), weights=[net, net[:, :3], net[:3, :2]])
    ax.figure.canvas.draw()
    boxes = [t.get_window_extent() for t in ax.texts]
    assert len(boxes) == 16 + 12 + 6
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_a_net_with_names():
    long = ["sepal length", "sepal width"]
    names = [long, ["$h_1$", "a dead one"], [r"$\hat{y}$"]]
    ax = plots.draw_net((2, 2, 1), names)
    assert [t.get_text() for t in ax.texts] == [*long, *names[1], *names[2]]
    ax.figure.canvas.draw()
    units, window = circles(ax), ax.figure.bbox
    for circle, text in zip(units, ax.texts, strict=True):
        inside = circle.get_window_extent().overlaps(text.get_window_extent())
        assert inside == (text.get_text() in ("$h_1$", r"$\hat{y}$"))
        low, high = text.get_window_extent().get_points()
        assert window.contains(*low)
        assert window.contains(*high)


def test_a_large_layer_is_drawn_with_an_ellipsis():
    digits = [str(digit) for digit in range(10)]
    ax = plots.draw_net(
        (784, 8, 10), [None, None, digits], [torch.ones(784, 8), None]
    )
    assert len(circles(ax)) == 6 + 8 + 6
    texts = [t.get_text() for t in ax.texts]
    assert texts == ["⋮", "784 units", *"012789", "⋮", "10 units"]
    assert len(ax.lines) == 6 * 8 + 8 * 6
    assert ax.lines[0].get_color() == plots.BLUE
    heights = [circle.center[1] for circle in circles(ax)[:6]]
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sizes": (2,)}, "two layers"),
        ({"sizes": (2, 0)}, "at least 1"),
        ({"names": [["a", "b"]]}, "names has 1 parts; expected 2"),
        ({"names": [["a"], None]}, "a list of 2 names"),
        ({"names": ["ab", None]}, "a list of 2 names"),
        ({"weights": [[[1.0, 2.0]]]}, "weights have shape"),
        ({"weights": [np.ones((2, 1))] * 2}, "weights has 2 parts"),
        ({"weights": [torch.ones(2, 1).log().log()]}, "NaN or infinity"),
    ],
)
def test_a_net_of_bad_input(given, words):
    with pytest.raises(ValueError, match=words):
        plots.draw_net(**({"sizes": (2, 1)} | given))
    with pytest.raises(TypeError, match="whole number"):
        plots.draw_net((2.0, 1))


def test_the_style_starts_from_matplotlibs_defaults():
    plots.use_style()
    wanted = dict(plt.rcParams)
    plt.style.use("dark_background")
    plt.rcParams["figure.autolayout"] = True
    plt.rcParams["font.size"] = 30
    plots.use_style()
    assert dict(plt.rcParams) == wanted


@pytest.mark.parametrize("backend", ["Agg", None])
def test_a_notebook_shows_its_figures(monkeypatch, backend):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    if backend:
        monkeypatch.setenv("MPLBACKEND", backend)
    source = """
import matplotlib.pyplot as plt
from lessons_lib import plots
plots.use_style()
plt.plot([1, 2])
plt.show()
"""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source)]
    lessons.in_kernel(notebook)
    (shown,) = notebook.cells[0].outputs
    assert "image/png" in shown.data
