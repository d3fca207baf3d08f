"""What goes from a network into the page, and what the page makes of it."""

import pytest
import torch
from nodejs import run_node
from torch import nn

from lessons_lib import data, live
from lessons_lib.live.digit import _layer

pytestmark = pytest.mark.data

DRIVER = """
import { forward, prepare, unpackLayers } from "./lessons_lib/live/digit.js";
const net = unpackLayers(data.layers);
answer = data.images.map((image) => {
  // enlarged to the pad's 280 by 280, and moved to its corner
  const ink = new Float32Array(280 * 280);
  const first = image.findIndex((row) => row.some((v) => v > 0));
  for (let i = 0; i < 280 - 10 * first; i++)
    for (let j = 0; j < 280; j++)
      ink[i * 280 + j] = image[first + Math.floor(i / 10)][Math.floor(j / 10)];
  const seen = prepare(ink, 280);
  return {
    seen: [...seen],
    logits: [...forward(net, Float32Array.from(image.flat()))],
  };
});
"""


def make_net(hidden=64):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10)
    )


def by_node(net, images):
    layers = [_layer(m) for m in net if isinstance(m, nn.Linear)]
    data = {"layers": layers, "images": images.tolist()}
    return run_node(DRIVER, data)


def test_the_page_sees_and_computes_what_torch_does():
    X = data.load_mnist().X_test[:50]
    torch.manual_seed(0)
    net = make_net()
    found = by_node(net, X[:, 0])
    seen = torch.tensor([f["seen"] for f in found]).view(-1, 1, 28, 28)
    # wherever the digit was on the pad, it comes back to its place
    assert (seen - X).abs().amax(dim=(1, 2, 3)).median() < 1e-6
    logits = torch.tensor([f["logits"] for f in found])
    with torch.no_grad():
        expected = net(X)
    # 8-bit weights: an error of at most half a step in each
    assert (logits - expected).abs().max() < 0.02 * expected.std() + 0.01


@pytest.mark.parametrize(
    "net",
    [
        nn.Sequential(nn.Flatten(), nn.Linear(784, 9)),
        nn.Sequential(nn.Linear(784, 10)),
        nn.Sequential(nn.Flatten(), nn.Linear(784, 10, bias=False)),
        nn.Sequential(
            nn.Flatten(), nn.Linear(784, 8), nn.Tanh(), nn.Linear(8, 10)
        ),
        nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.ReLU()),
    ],
)
def test_networks_it_refuses(net):
    with pytest.raises(ValueError, match="expected a net of Flatten"):
        live.digit(net, torch.zeros(1, 1, 28, 28), alt="a pad")
    with pytest.raises(TypeError, match="the net is a Linear"):
        live.digit(nn.Linear(784, 10), torch.zeros(1, 1, 28, 28), alt="a pad")


@pytest.mark.parametrize(
    "examples",
    [
        torch.zeros(0, 1, 28, 28),
        torch.zeros(1, 28, 28),
        torch.full((1, 1, 28, 28), 1.1),
        torch.full((1, 1, 28, 28), torch.nan),
    ],
)
def test_examples_it_refuses(examples):
    with pytest.raises(ValueError, match="examples"):
        live.digit(make_net(), examples, alt="a pad")
