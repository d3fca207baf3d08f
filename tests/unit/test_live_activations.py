"""The figure's activation functions are PyTorch's."""

import pytest
import torch
from nodejs import run_node
from torch import nn

from lessons_lib import live

DRIVER = """
import { FUNCTIONS } from "./lessons_lib/live/activations.js";
const numbers = Object.entries(FUNCTIONS).map(([name, { f, slope }]) =>
  [name, [data.map(f), data.map(slope)]]);
answer = Object.fromEntries(numbers);
"""
MODULES = {
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "ReLU": nn.ReLU(),
    "LeakyReLU": nn.LeakyReLU(0.1),
    "GELU": nn.GELU(),
    "softplus": nn.Softplus(),
}


def test_values_and_slopes_are_pytorchs():
    z = torch.arange(-800, 801, dtype=torch.float64) / 100
    assert 0 in z, "where ReLU has its kink"
    got = run_node(DRIVER, z.tolist())
    assert set(got) == set(MODULES)
    for name, module in MODULES.items():
        x = z.clone().requires_grad_()
        y = module(x)
        y.sum().backward()
        values, slopes = torch.tensor(got[name], dtype=torch.float64)
        for ours, theirs in [(values, y.detach()), (slopes, x.grad)]:
            gap = (ours - theirs).abs().max()
            assert gap < 1e-12, (name, gap)


@pytest.mark.parametrize(
    "wrong", [{"z": 7}, {"z": float("nan")}, {"layers": 0}, {"layers": 21}]
)
def test_what_it_does_not_take(wrong):
    with pytest.raises(ValueError, match="goes from|must be 1 to 20"):
        live.activations(alt="x", **wrong)
