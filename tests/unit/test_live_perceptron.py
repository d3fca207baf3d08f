"""The figure's rule is lesson 01's own, on the lesson's points and others."""

from pathlib import Path

import nbformat
import pytest
import torch
from nodejs import run_node

from lessons_lib import live

ROOT = Path(__file__).parents[2]
DRIVER = """
import { begin, look } from "./lessons_lib/live/perceptron.js";
answer = data.map(({ X, y, order, lr, epochs }) => {
  let state = begin();
  const history = [[null, ...state.w, state.b]];
  while (!state.done && state.epochs < epochs) {
    state = look(state, X, y, order, lr);
    if (state.wrong) history.push([state.looked, ...state.w, state.b]);
  }
  return history;
});
"""
POINTS = [[0.5, 0.25], [0.2, 0.5], [0.3, 1.1], [0.4, 1.1]]
CLASSES = [1, 1, -1, -1]


def lessons_rule():
    notebook = nbformat.read(ROOT / "book/01-perceptron.ipynb", 4)
    [source] = [
        c.source for c in notebook.cells if "def perceptron(" in c.source
    ]
    names = {}
    exec(source, names)
    return names["perceptron"]


def runs():
    """The lesson's points, and random ones: some no line separates."""
    yield POINTS, CLASSES, [0, 1, 2, 3], 1.0
    yield POINTS, CLASSES, [3, 0, 2, 1], 1.0
    generator = torch.Generator().manual_seed(0)
    for i in range(60):
        n = 2 + i % 8
        X = torch.randn(n, 2, generator=generator, dtype=torch.float64)
        signs = torch.randn(n, generator=generator)
        y = [1 if v > 0 else -1 for v in (signs if i % 3 else X[:, 0] - 0.1)]
        order = torch.randperm(n, generator=generator).tolist()
        yield X.tolist(), y, order, [1.0, 0.3][i % 2]


def test_it_is_the_lessons_rule():
    rule, wanted, asked = lessons_rule(), [], []
    for X, y, order, lr in runs():
        asked.append({"X": X, "y": y, "order": order, "lr": lr, "epochs": 50})
        history = rule(
            torch.tensor(X, dtype=torch.float64),
            torch.tensor(y, dtype=torch.float64),
            torch.zeros(2, dtype=torch.float64),
            torch.zeros((), dtype=torch.float64),
            order=order,
            lr=lr,
            epochs=50,
        )
        wanted.append([[i, *w.tolist(), b.item()] for i, w, b in history])
    got = run_node(DRIVER, asked)
    assert len(wanted[0]) - 1 == 5, "the lesson's five updates"
    assert any(len(history) > 50 for history in wanted), "no endless run"
    assert [len(h) for h in got] == [len(h) for h in wanted]
    for ours, lessons in zip(got, wanted, strict=True):
        assert [row[0] for row in ours] == [row[0] for row in lessons]
        ours, lessons = ([row[1:] for row in h] for h in (ours, lessons))
        torch.testing.assert_close(
            torch.tensor(ours), torch.tensor(lessons), rtol=1e-6, atol=1e-6
        )


def test_tensors_give_the_numbers_that_were_meant():
    X, y = torch.tensor(POINTS), torch.tensor(CLASSES)
    assert (
        live.perceptron(X, y, alt="four points").html
        == live.perceptron(POINTS, CLASSES, alt="four points").html
    )


@pytest.mark.parametrize(
    ("points", "classes", "more", "words"),
    [
        ([[1, 2, 3], [1, 2, 3]], [1, -1], {}, "2 to 12 points"),
        ([[1, 2]], [1], {}, "2 to 12 points"),
        ([[1, 2]] * 13, [1] * 13, {}, "2 to 12 points"),
        ([[1, 2], [3, float("nan")]], [1, -1], {}, "not finite"),
        ([[1, 2], [3, 4]], [1, 0], {}, "1 or -1"),
        ([[1, 2], [3, 4]], [1], {}, "1 or -1"),
        ([[1, 2], [3, 4]], [1, -1], {"alt": " "}, "alt text"),
    ],
)
def test_what_it_does_not_take(points, classes, more, words):
    with pytest.raises(ValueError, match=words):
        live.perceptron(points, classes, **({"alt": "x"} | more))
