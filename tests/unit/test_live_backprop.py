"""The figure's gradients are autograd's; the wrong ones are lesson 04's."""

from pathlib import Path

import nbformat
import pytest
import torch
from nodejs import run_node

from lessons_lib import live

ROOT = Path(__file__).parents[2]
DRIVER = """
import { forward, backward } from "./lessons_lib/live/backprop.js";
answer = data.map((inputs) => {
  const n = forward(inputs);
  return { n, mask: backward(n), clamp: backward(n, "clamp") };
});
"""
NAMES = ["x", "w1", "w2", "v1", "v2", "y"]
GRADIENTS = ["out", "v1", "v2", "a1", "a2", "z1", "z2", "w1", "w2"]
# with one sample, the gradient of the bias is that of Z1
OF_THE_LESSON = ["w1", "w2", "z1", "z2", "v1", "v2"]


def exact(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def lesson(name):
    """A function of the lesson, as it stands there."""
    notebook = nbformat.read(ROOT / "book/04-backprop.ipynb", 4)
    [source] = [c.source for c in notebook.cells if f"def {name}(" in c.source]
    names = {}
    exec(source, names)
    return names[name]


def some_numbers():
    """The lesson's, random ones, and a unit exactly at zero."""
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(200, 6, generator=generator, dtype=torch.float64) * 2
    rows = [[3, 2, -1, 0.5, -1.5, 5], [1, 0, 2, 1, 1, 1], *rows.tolist()]
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


def test_gradients_are_autograds_and_the_lessons_wrong_ones():
    suspect = lesson("suspect")
    numbers = some_numbers()
    for inputs, found in zip(numbers, run_node(DRIVER, numbers), strict=True):
        t = {k: exact([[v]]) for k, v in inputs.items()}
        W1 = torch.cat([t["w1"], t["w2"]], dim=1).requires_grad_()
        W2 = torch.cat([t["v1"], t["v2"]]).requires_grad_()
        Z1 = t["x"] @ W1
        A1 = Z1.relu()
        y_hat = A1 @ W2
        loss = ((y_hat - t["y"]) ** 2).sum()
        right = torch.autograd.grad(loss, [y_hat, W2, A1, Z1, W1])
        wrong = suspect(t["x"], t["y"], Z1, A1, y_hat, W2)
        compare(found["n"], loss, y_hat, Z1, A1)
        for name, keys, grads in (
            ("mask", GRADIENTS, right),
            ("clamp", OF_THE_LESSON, wrong),
        ):
            expected = torch.cat([g.flatten() for g in grads])
            actual = exact([found[name][k] for k in keys])
            torch.testing.assert_close(actual, expected)


def compare(n, *values):
    expected = torch.cat([v.flatten() for v in values])
    keys = ["loss", "out", "z1", "z2", "a1", "a2"]
    actual = exact([n[k] for k in keys])
    torch.testing.assert_close(actual, expected.detach())


def test_the_still_picture_has_the_same_numbers():
    from lessons_lib.live.backprop import _numbers

    numbers = some_numbers()
    for inputs, found in zip(numbers, run_node(DRIVER, numbers), strict=True):
        n, mask, clamp = _numbers(inputs)
        assert n == pytest.approx(found["n"])
        assert mask == pytest.approx(found["mask"])
        assert clamp == pytest.approx({k: found["clamp"][k] for k in clamp})


@pytest.mark.parametrize(
    ("W1", "W2", "y"),
    [
        ([1, 2, 3], [1, 2], 0),
        ([1, 2], [1], 0),
        ([1, 2], [1, 2], 6),
        ([1, float("nan")], [1, 2], 0),
    ],
)
def test_what_it_refuses(W1, W2, y):
    with pytest.raises(ValueError, match="two weights each|must be in"):
        live.backprop(1, W1, W2, y, alt="a graph")
