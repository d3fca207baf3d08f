"""Right and wrong answers to the exercises of lesson 06."""

import math

import torch
from torch import nn


def stairs(switches: list[float], drop: float, top: float) -> nn.Sequential:
    """A net whose logit starts at ``top`` and falls at each switch."""
    net = nn.Sequential(
        nn.Linear(1, len(switches)), nn.Sigmoid(), nn.Linear(len(switches), 1)
    )
    with torch.no_grad():
        net[0].weight.fill_(10)
        net[0].bias.copy_(-10 * torch.tensor(switches))
        net[2].weight.fill_(-drop)
        net[2].bias.fill_(top)
    return net


def three_steps() -> nn.Sequential:
    """Logits 10, ln 2, -ln 2 and -10: the four levels, nearly exactly."""
    net = stairs([-15.5, -0.5, 14.5], 0, 10)
    small, large = 2 * math.log(2), 10 - math.log(2)
    with torch.no_grad():
        net[2].weight.copy_(-torch.tensor([[large, small, large]]))
    return net


def entropy(p):
    return 0.0 if p in (0, 1) else -p * math.log(p) - (1 - p) * math.log(1 - p)


RIGHT = {
    "06.1": ["c", "(C)"],
    "06.2": [
        lambda y: sum(entropy(p) for p in y.tolist()),
        lambda y: nn.functional.binary_cross_entropy(y, y, reduction="sum"),
        lambda y: nn.BCELoss(reduction="sum")(y, y).numpy(),
    ],
    "06.3": [
        [10, 10, 95, -95, -10, -10, 10],
        (-10.0, 10, -95, -95, 12, -12, 0),
        torch.tensor([20.0, 20, 190, -190, -15, -15, 15]),
    ],
    "06.4": [three_steps(), three_steps().double().float().eval()],
}

WRONG = {
    "06.1": ["a", "b", "d", "shuffle"],
    "06.2": [
        lambda y: (y == 0.5).sum() * math.log(2),
        lambda y: -(y * y.log() + (1 - y) * (1 - y).log()).sum(),
        lambda y: nn.functional.binary_cross_entropy(y, y),
        lambda y: 0.0,
        lambda y: None,
    ],
    "06.3": [
        [1, 1, 9.5, -9.5, -10, -10, 10],
        [10, 10, 95, -95, 10, 10, -10],
        [10, 10, 95, -95, -10, -10],
        [0.0] * 7,
        "seven",
    ],
    "06.4": [
        stairs([-9.5, 9.5], 10, 10),
        nn.Sequential(*three_steps(), nn.Sigmoid()),
        stairs([0.0], 10, 5),
        nn.Linear(2, 1),
        42,
    ],
}
