"""The checks of lesson 10, an MLP on MNIST."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import pad

from lessons_lib.exercises import function, satisfies
from lessons_lib.train import evaluate


def _commonest_mistake(counts: torch.Tensor) -> tuple[int, int]:
    mistakes = counts.clone().fill_diagonal_(0)
    return divmod(int(mistakes.argmax()), len(counts))


def _move(images: torch.Tensor, down: int, right: int) -> torch.Tensor:
    return pad(images, (right, -right, down, -down))


def _small_enough_and_good(answer: Any) -> bool:
    model, digits = answer
    if sum(p.numel() for p in model.parameters()) > 40_000:
        return False
    _, accuracy = evaluate(model, digits.X_val, digits.y_val)
    return accuracy >= {"mnist": 0.95, "digits": 0.85}[digits.source]


CHECKS = {
    "10.1": function(
        _commonest_mistake,
        [
            (torch.tensor([[9, 1, 0], [0, 8, 2], [1, 0, 7]]),),
            (torch.tensor([[3, 0, 0], [0, 3, 0], [4, 1, 3]]),),
            (torch.tensor([[0, 5], [3, 9]]),),
        ],
        hint="leave the diagonal out; rows are true classes, columns predicted",
    ),
    "10.2": function(
        _move,
        [
            (torch.arange(1.0, 25.0).view(2, 1, 3, 4), 1, 0),
            (torch.arange(1.0, 25.0).view(2, 1, 3, 4), -1, 2),
            (torch.arange(1.0, 13.0).view(1, 1, 3, 4), 2, -3),
            (torch.arange(1.0, 13.0).view(1, 1, 3, 4), 0, 0),
        ],
        hint="move with roll and put 0 into what came round, or pad on one "
        "side and cut on the other",
    ),
    "10.3": satisfies(
        _small_enough_and_good,
        expected="at most 40,000 parameters and an accuracy of 0.95 (stand-in: 0.85)",
        hint="784 weights a hidden unit: at most 50 units fit; try a larger peak "
        "of the learning rate, and more epochs",
    ),
}
