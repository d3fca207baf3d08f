"""A live figure of each kind, small enough for a test."""

import torch
from torch import nn

from lessons_lib import live


def draw(i, figure):
    figure.subplots().plot([0, i])


def some_frames(alt='a "line"'):
    return live.frames(draw, ["none </script>", "one"], alt=alt, start=1)


def some_pad():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    stroke = torch.zeros(1, 1, 28, 28)
    stroke[..., 4:24, 12:15] = 1
    return live.digit(net, stroke, alt="a pad")


def some_trainer():
    return live.trainer(hidden=8, alt="a net")


FIGURES = {
    "digit": some_pad,
    "trainer": some_trainer,
    "activations": lambda: live.activations(alt="curves"),
    "backprop": lambda: live.backprop(
        3, [2, -1], [0.5, -1.5], 5, alt="a graph", compare=True
    ),
    "descent": lambda: live.descent(
        torch.tensor([[1.0, 0.0], [0.0, 3.0]]),
        torch.tensor([1.0, 6.0]),
        start=(-2.5, -2.5),
        rules={"gradient descent": 0.1, "Adam": 0.2},
        alt="a map",
    ),
    "frames": some_frames,
    "perceptron": lambda: live.perceptron(
        [[0, 1], [1, 0]], [1, -1], alt="two points"
    ),
}
