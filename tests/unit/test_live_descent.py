"""The figure's update rules are torch's."""

import pytest
import torch
from nodejs import run_node

from lessons_lib import live
from lessons_lib.live.descent import RULES, _walk

DRIVER = """
import { RULES, surface, walk } from "./lessons_lib/live/descent.js";
const { samples, start, rules, steps } = data;
const ground = surface(samples);
const paths = rules.map(([rule, lr]) => walk(ground, rule, lr, start, steps));
answer = { names: Object.keys(RULES), paths, ground };
"""
START = [-2.5, -2.5]
RATES = [0.003, 0.05, 0.3, 1.0]


def exact(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def some_samples(seed=0):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(64, 2, generator=generator).double()
    X = X * torch.tensor([1.0, 0.3])
    noise = torch.randn(64, generator=generator).double()
    return X, X @ torch.tensor([1.0, 2.0]).double() + noise / 2


def by_node(X, y, rules, steps):
    values = {
        "samples": torch.column_stack([X, y]).tolist(),
        "start": START,
        "rules": rules,
        "steps": steps,
    }
    return run_node(DRIVER, values)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_rules_are_torchs(seed):
    """A hundred steps, four learning rates; SGD's batches are random."""
    X, y = some_samples(seed)
    rules = [(r, lr) for r in RULES if r != "SGD" for lr in RATES]
    found = by_node(X, y, rules, 100)
    assert found["names"] == list(RULES)
    for (name, lr), walked in zip(rules, found["paths"], strict=True):
        path = exact(walked["path"])
        expected = _walk(X, y, START, name, lr, 100)[: len(path)]
        assert len(path) == 101 or walked["losses"][-1] > 1e6
        torch.testing.assert_close(path, expected, rtol=1e-9, atol=1e-9)
        losses = ((expected @ X.T - y) ** 2).mean(dim=1)
        actual = exact(walked["losses"])
        torch.testing.assert_close(actual, losses, rtol=1e-6, atol=1e-9)


def test_what_it_knows_of_the_surface():
    X, y = some_samples()
    ground = by_node(X, y, [], 0)["ground"]
    best = torch.linalg.lstsq(X, y).solution
    assert ground["best"] == pytest.approx(best.tolist())
    assert ground["lowest"] == pytest.approx(((X @ best - y) ** 2).mean())
    steepest = torch.linalg.eigvalsh(2 * X.T @ X / len(X)).max()
    assert ground["limit"] == pytest.approx(2 / steepest.item())


def test_the_first_step_of_sgd_is_one_of_a_batch():
    X, y = some_samples()
    [walked] = by_node(X, y, [("SGD", 0.1)], 50)["paths"]
    path = exact(walked["path"])
    whole = _walk(X, y, START, "gradient descent", 0.1, 50)
    assert not torch.allclose(path[1], whole[1])
    assert (path - whole).abs().max() < 1, "but not far from the whole"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"X": torch.zeros(64, 3)}, "must be"),
        ({"y": torch.zeros(63)}, "must be"),
        ({"X": torch.ones(64, 2)}, "multiples"),
        ({"y": torch.full((64,), torch.nan)}, "finite"),
        ({"start": (0, 6)}, "start"),
        ({"rules": {}}, "rules"),
        ({"rules": {"Newton": 1}}, "rules"),
        ({"rules": {"Adam": 0}}, "rate"),
        ({"steps": 301}, "steps"),
        ({"alt": ""}, "alt"),
    ],
)
def test_what_it_refuses(change, words):
    X, y = some_samples()
    values = {"X": X, "y": y, "start": START, "rules": {"Adam": 0.1}}
    values |= {"alt": "a map"} | change
    with pytest.raises(ValueError, match=words):
        live.descent(values.pop("X"), values.pop("y"), **values)
