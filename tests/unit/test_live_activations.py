"""The figure's activation functions are PyTorch's."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
from torch import nn

from lessons_lib import live

ROOT = Path(__file__).parents[2]
DRIVER = """
import { readFileSync } from "node:fs";
const { FUNCTIONS } = await import(process.argv[1]);
const z = JSON.parse(readFileSync(0, "utf8"));
const numbers = Object.entries(FUNCTIONS).map(([name, { f, slope }]) =>
  [name, [z.map(f), z.map(slope)]]);
console.log(JSON.stringify(Object.fromEntries(numbers)));
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
    node = shutil.which("node")
    if not node and not os.environ.get("LESSONS_NEED_BROWSER"):
        pytest.skip("there is no Node on this machine")
    assert node, "LESSONS_NEED_BROWSER is set, and there is no Node"
    z = torch.arange(-800, 801, dtype=torch.float64) / 100
    assert 0 in z, "where ReLU has its kink"
    script = (ROOT / "lessons_lib/live/activations.js").as_uri()
    done = subprocess.run(
        [node, "--input-type=module", "-e", DRIVER, script],
        input=json.dumps(z.tolist()),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
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
    with pytest.raises(ValueError, match="goes from"):
        live.activations(alt="x", **wrong)
