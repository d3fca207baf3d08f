"""The checks of lesson 10, an MLP on MNIST."""

from __future__ import annotations

from typing import Any

import torch

from lessons_lib.exercises import choice, function, number, satisfies
from lessons_lib.train import evaluate


def _accuracy(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (logits.argmax(dim=1) == y).double().mean()


def _commonest_mistake(counts: torch.Tensor) -> tuple[int, int]:
    mistakes = counts.clone().fill_diagonal_(0)
    return divmod(int(mistakes.argmax()), len(counts))


def _small_enough_and_good(answer: Any) -> bool:
    model, digits = answer
    if sum(p.numel() for p in model.parameters()) > 40_000:
        return False
    _, accuracy = evaluate(model, digits.X_val, digits.y_val)
    return accuracy >= {"mnist": 0.95, "digits": 0.85}[digits.source]


CHECKS = {
    "10.1": number(
        203_530,
        hint="two weight matrices, 784×256 and 256×10, and a bias for each unit",
    ),
    "10.2": number(
        4_300,
        hint="divide 55,000 by 128 and round up: that is one epoch",
    ),
    "10.3": function(
        _accuracy,
        [
            (torch.tensor([[2.0, 1.0], [0.0, 3.0]]), torch.tensor([0, 0])),
            (-torch.eye(3), torch.tensor([1, 0, 2])),
            (torch.arange(12.0).view(4, 3), torch.tensor([2, 2, 2, 1])),
        ],
        hint="argmax along dim=1, compare with y, and take the mean",
    ),
    "10.4": function(
        _commonest_mistake,
        [
            (torch.tensor([[9, 1, 0], [0, 8, 2], [1, 0, 7]]),),
            (torch.tensor([[3, 0, 0], [0, 3, 0], [4, 1, 3]]),),
            (torch.tensor([[0, 5], [3, 9]]),),
        ],
        hint="leave the diagonal out; rows are true classes, columns predicted",
    ),
    "10.5": choice(
        "b",
        options="abcd",
        hints={
            "a": "with too small a rate both losses fall, only slowly",
            "c": "its size decides how exactly the loss is known, not its course",
            "d": "then the training loss would not go on falling quietly",
        },
    ),
    "10.6": satisfies(
        _small_enough_and_good,
        expected="at most 40,000 parameters and an accuracy of 0.95 (stand-in: 0.85)",
        hint="784 weights a hidden unit: at most 50 units fit; try a larger peak "
        "of the learning rate, and more epochs",
    ),
}
