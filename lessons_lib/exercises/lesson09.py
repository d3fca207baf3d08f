"""The checks of lesson 09, MNIST from scratch."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as F

from lessons_lib.exercises import function, satisfies


def _awake_again(A_train: torch.Tensor, A_new: torch.Tensor) -> torch.Tensor:
    dead = (A_train == 0).all(dim=0)
    return (dead & (A_new > 0).any(dim=0)).sum()


def _rises(answer: Any) -> bool:
    few, middle, many = (float(a) for a in answer)
    return 0.1 < few < middle < many <= 1


CHECKS = {
    "09.1": function(
        _awake_again,
        [
            (
                torch.tensor([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 2.0]]),
                torch.tensor([[0.0, 0.0, 3.0, 1.0]]),
            ),
            (torch.zeros(4, 5), torch.ones(2, 5)),
            (torch.zeros(2, 3), torch.zeros(6, 3)),
            (torch.ones(3, 2), torch.ones(1, 2)),
        ],
        hint="a dead unit is a column that is 0 in every row; it wakes if its column "
        "of the new activations has a number above 0",
    ),
    "09.2": function(
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
    "09.3": satisfies(
        _rises,
        expected="three accuracies between 0.1 and 1, each above the one before",
        hint="train each net from the same start, for the same 1,000 steps, and "
        "measure all three on the validation images",
    ),
}
