"""Plots draw what they are given, and refuse what they cannot draw."""

import matplotlib.pyplot as plt
import pytest
import torch

from lessons_lib import plots


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


def test_image_grid_uses_one_scale_for_all():
    images = torch.stack([torch.zeros(4, 4), torch.full((4, 4), -3.0)])
    plots.image_grid(images.unsqueeze(1), ["a", "b"], symmetric=True)
    drawn = [im for ax in plt.gcf().axes for im in ax.images]
    assert [im.get_clim() for im in drawn] == [(-3, 3)] * 2
    plots.image_grid(torch.rand(5, 4, 4), columns=3)
    assert len(plt.gcf().axes) == 6


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


@pytest.mark.parametrize(
    ("y", "y_hat"),
    [([0, 1], [0]), ([0, 3], [0, 0]), ([0, 1], [0, -1]), ([[0]], [[0]])],
)
def test_confusion_of_bad_input(y, y_hat):
    with pytest.raises(ValueError, match="expected two|must lie in"):
        plots.confusion_counts(torch.tensor(y), torch.tensor(y_hat), 3)
