"""Right and wrong answers to the exercises of lesson 07."""

import torch
from torch import nn


def adder(
    scale: float = 1.0, bias: float = 0.0, hidden: int = 60
) -> nn.Module:
    """A net of three layers that gives ``scale`` times the sum, plus ``bias``."""
    net = nn.Sequential(
        nn.Linear(30, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 1),
    )
    with torch.no_grad():
        for p in net.parameters():
            p.zero_()
        net[0].weight[0], net[0].weight[1] = (
            1,
            -1,
        )  # the sum, and minus the sum
        net[2].weight[:2, :2] = torch.eye(2)
        net[4].weight[0, :2] = scale * torch.tensor([1.0, -1.0])
        net[4].bias[:] = bias
    return net


def flat_below_zero() -> nn.Module:
    """What training on 0 to 100 gives: right above 0, and 0 below."""
    net = adder()
    with torch.no_grad():
        net[4].weight[0, 1] = 0
    return net


SMALL = torch.full((30,), 0.01)

USUAL = torch.linspace(0, 1, 300).view(10, 30)  # the narrow net is off by 0.1
NARROW = adder(bias=0.1)

RIGHT = {
    "07.1": [
        lambda Z: Z.max(dim=0).values <= 0,
        lambda Z: ~(Z > 0).any(0),
        lambda Z: (torch.relu(Z).sum(dim=0) == 0).tolist(),
    ],
    "07.2": [
        (adder(bias=0.3), SMALL),
        (adder(bias=0.3), SMALL.tolist()),
        (adder(scale=0.5), torch.ones(30)),
        (adder(bias=-0.2), SMALL[None]),
    ],
    "07.3": [
        (NARROW, adder(bias=1.0), USUAL, 10.0),
        (NARROW, adder(bias=-0.5), USUAL, torch.tensor(5.0)),
        (NARROW, adder(bias=1.0), USUAL, 9.9),
    ],
}

WRONG = {
    "07.1": [
        lambda Z: (Z <= 0).any(dim=0),
        lambda Z: (Z < 0).all(dim=0),
        lambda Z: (Z <= 0).all(dim=1),
        lambda Z: Z.mean(dim=0) <= 0,
        lambda Z: (Z <= 0).all(),
        lambda Z: None,
    ],
    "07.2": [
        (adder(), SMALL),
        (adder(bias=0.3), torch.zeros(30)),
        (adder(bias=0.3), -SMALL),
        (adder(bias=0.3), 2 * torch.ones(30)),
        (adder(bias=0.3), torch.ones(29)),
        (adder(bias=0.3), "a row"),
        SMALL,
    ],
    "07.3": [
        (NARROW, adder(bias=1.0), USUAL, 0.1),  # upside down
        (NARROW, adder(bias=1.0), USUAL, 1.0),  # the error itself
        (NARROW, adder(bias=1.0), USUAL, float("nan")),
        (NARROW, adder(bias=1.0), USUAL, "more"),
        (NARROW, flat_below_zero(), USUAL, 0.0),
        (NARROW, adder(scale=0.7), USUAL, 60.0),
        (NARROW, adder(hidden=61), USUAL, 0.0),
        (NARROW, nn.Linear(30, 1), USUAL, 1.0),
        (NARROW, "a net", USUAL, 1.0),
        "a net",
    ],
}
