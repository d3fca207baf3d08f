"""The checks of lesson 06, one hidden layer and a curve in one dimension."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional as F

from lessons_lib.exercises import choice, function, satisfies

X = torch.arange(-30, 30.0).view(-1, 1)  # (60, 1)
LABELS = torch.where(X <= -10, 1.0, torch.where(X < 10, 0.5, 0.0))
THIRDS = 1 - torch.floor((X + 30) / 15) / 3


def _floor(y: torch.Tensor) -> torch.Tensor:
    return F.binary_cross_entropy(y, y, reduction="sum")


def _cost(logits: torch.Tensor, y: torch.Tensor) -> float:
    return F.binary_cross_entropy_with_logits(
        logits, y, reduction="sum"
    ).item()


def _good_by_hand(seven: Sequence[float]) -> bool:
    w1, w2, c1, c2, v1, v2, d = map(float, seven)
    logits = (
        v1 * torch.sigmoid(w1 * X + c1) + v2 * torch.sigmoid(w2 * X + c2) + d
    )
    return _cost(logits, LABELS) < 13.2


@torch.no_grad()
def _climbs_the_stairs(net: nn.Module) -> bool:
    device = next(net.parameters()).device
    logits = net(X.to(device)).cpu()
    return _cost(logits, THIRDS) < _floor(THIRDS).item() + 1


CHECKS = {
    "06.1": choice(
        "c",
        options="abcd",
        hints={
            "a": "the same losses are added, and the weights move on meanwhile",
            "b": "the mean of losses of different weights is no cost either",
            "d": "that changes the training, and the sum is still one of "
            "moving weights",
        },
    ),
    "06.2": function(
        _floor,
        [
            (torch.tensor([0.5, 0.5, 1.0]),),
            (torch.tensor([0.0, 0.25, 0.75, 0.9]),),
            (torch.tensor([1.0, 0.0]),),
        ],
        hint="the best answer is the label itself; sum −y ln y − (1 − y) ln(1 − y), "
        "and mind 0 · ln 0, which must count as 0",
    ),
    "06.3": satisfies(
        _good_by_hand,
        expected="seven numbers with a cost below 13.2",
        hint="put the switches at −9.5 and 9.5, make the units steep (|w| of 10 "
        "or so), and let each take the same amount from a logit that starts at "
        "that amount",
    ),
    "06.4": satisfies(
        _climbs_the_stairs,
        expected="a network with logits of shape (60, 1) and a cost less than 1 "
        "above the floor",
        hint="no sigmoid at the end; take more hidden units than there are steps, "
        "and Adam",
    ),
}
