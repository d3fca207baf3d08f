"""The checks of lesson 09, MNIST from scratch."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as F

from lessons_lib.exercises import choice, function, number, satisfies


def _count_dead(A1: torch.Tensor) -> torch.Tensor:
    return (A1 == 0).all(dim=0).sum()


def _rises(answer: Any) -> bool:
    few, middle, many = (float(a) for a in answer)
    return 0.1 < few < middle < many <= 1


CHECKS = {
    "09.1": number(
        50_890,
        hint="two weight matrices, 784×64 and 64×10, and a bias for each unit",
    ),
    "09.2": function(
        _count_dead,
        [
            (torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]),),
            (torch.zeros(4, 5),),
            (torch.ones(3, 2),),
        ],
        hint="a dead unit is a column that is 0 in every row",
    ),
    "09.3": function(
        lambda logits, y: F.cross_entropy(logits, y, reduction="none"),
        [
            (
                torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]),
                torch.tensor([0, 2]),
            ),
            (
                torch.tensor([[1000.0, 0.0], [-1000.0, 0.0]]),
                torch.tensor([1, 1]),
            ),
            (torch.linspace(-3, 3, 12).view(4, 3), torch.tensor([0, 1, 2, 0])),
        ],
        hint="-ln softmax of the true class; take the largest logit of each row off "
        "before exp, so that nothing overflows",
    ),
    "09.4": choice(
        "b",
        options="abcd",
        hints={
            "a": "the training loss says how well those images were memorised",
            "c": "its loss is nearly zero already: there is nothing left to fit",
            "d": "look at what they do on images that they were not trained on",
        },
    ),
    "09.5": satisfies(
        _rises,
        expected="three accuracies between 0.1 and 1, each above the one before",
        hint="train each net from the same start, for the same 1,000 steps, and "
        "measure all three on the test images",
    ),
}
