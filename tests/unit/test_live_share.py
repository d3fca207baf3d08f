"""A figure's cell for PyTorch rebuilds its state, and goes on as it does."""

import json
import re

import pytest
import torch
from figures import FIGURES
from nodejs import run_node
from torch import nn

from lessons_lib import live
from lessons_lib.live.descent import RULES
from lessons_lib.live.figure import without_stills

COUNT = 100
DRIVER = """
import { states } from "./tests/unit/js/states.mjs";
answer = {};
for (const [name, [values, count]] of Object.entries(data))
  answer[name] = states(name, values, count);
"""
MORE = re.compile(r"^more = \d+(?=  # )", re.MULTILINE)


def whole(value):
    """Numbers in a row, whatever they stand in."""
    if isinstance(value, torch.Tensor):
        return value.detach().double().flatten().tolist()
    return [float(value)]


# What each cell leaves, in the order of `go` in states.mjs.
LEAVES = {
    "perceptron": lambda n: [
        n[name] for name in ("w", "b", "place", "updates", "epochs")
    ],
    "activations": lambda n: [v for row in n["found"].values() for v in row],
    "backprop": lambda n: [
        *(value for _, value in n["shown"]),
        n["clamped"] * n["x"],
    ],
    "descent": lambda n: [n["w"], n["loss"]],
    "trainer": lambda n: [*n["net"].parameters(), n["loss"], n["step"]],
    "digit": lambda n: [n["p"]],
}


def long_valley():
    """All the rules, on lesson 05's kind of samples."""
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(64, 2, generator=generator) * torch.tensor([1.0, 0.3])
    noise = torch.randn(64, generator=generator) / 2
    y = X @ torch.tensor([1.0, 2.0]) + noise
    rules = dict.fromkeys(RULES, 0.1)
    return live.descent(X, y, start=(0, 0), rules=rules, alt="a map")


def two_layers():
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10)
    )
    for parameter in net.parameters():
        parameter.data *= 5  # as sure of itself as a trained one
    return live.digit(net, torch.ones(1, 1, 28, 28), alt="a pad")


MADE = FIGURES | {"descent": long_valley, "digit": two_layers}


def data_of(name):
    """What the page holds for a figure."""
    with without_stills():
        page = MADE[name]().html
    found = re.search(r'application/json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


@pytest.fixture(scope="module")
def states():
    """Of each figure a hundred states, from one process."""
    return run_node(DRIVER, {name: [data_of(name), COUNT] for name in LEAVES})


def run(text, more):
    """The names that a cell leaves in a fresh kernel."""
    text, replaced = MORE.subn(f"more = {more}", text)
    assert replaced == 1
    names = {}
    exec(compile(text, "<cell>", "exec"), names)
    return names


@pytest.mark.parametrize("name", LEAVES)
def test_page_and_torch_agree_after_more_steps(states, name, capsys):
    assert len(states[name]) == COUNT
    for case in states[name]:
        left = LEAVES[name](run(case["text"], case["more"]))
        actual = [v for value in left for v in whole(value)]
        torch.testing.assert_close(
            torch.tensor(actual, dtype=torch.float64),
            torch.tensor(case["after"], dtype=torch.float64),
            rtol=1e-5,
            atol=1e-5,
            msg=lambda m, case=case: f"{m}\n{case['text']}",
        )


@pytest.mark.parametrize("name", LEAVES)
def test_a_cell_runs_as_it_stands_and_prints(states, name, capsys):
    for case in states[name][:5]:
        exec(case["text"], {})
        assert capsys.readouterr().out
        lines = case["text"].splitlines()
        assert all(len(line) < 80 for line in lines if '"' not in line)
