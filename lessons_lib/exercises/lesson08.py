"""The checks of lesson 08, iris."""

from __future__ import annotations

from typing import Any

import torch

from lessons_lib.exercises import function, satisfies


def _scale_test(X_train: torch.Tensor, X_test: torch.Tensor) -> torch.Tensor:
    low, high = X_train.amin(dim=0), X_train.amax(dim=0)
    return (X_test - low) / (high - low)


def _petals_beat_sepals(answer: Any) -> bool:
    sepals, petals = answer[:2], answer[2:]
    low, high = max(float(a) for a in sepals), min(float(a) for a in petals)
    shares = all(0.3 < float(a) <= 1 for a in answer)
    return len(answer) == 4 and shares and low < 0.85 < high


CHECKS = {
    "08.1": function(
        _scale_test,
        [
            (
                torch.tensor([[0.0, 10.0], [2.0, 30.0], [1.0, 20.0]]),
                torch.tensor([[3.0, 10.0], [1.0, 25.0]]),
            ),
            (
                torch.tensor([[1.0], [5.0]]),
                torch.tensor([[0.0], [2.0], [9.0]]),
            ),
        ],
        hint="smallest and largest value of each column (dim=0) of X_train only",
    ),
    "08.2": function(
        lambda counts: counts.diag() / counts.sum(dim=1),
        [
            (torch.tensor([[3, 1], [2, 8]]),),
            (torch.tensor([[5, 0, 0], [1, 3, 1], [0, 5, 5]]),),
        ],
        hint="the diagonal, divided by the sum of each row",
    ),
    "08.3": satisfies(
        _petals_beat_sepals,
        expected="four shares, those of the two petal features above 0.85 and "
        "those of the two sepal features below",
        hint="X_train[:, [k]] keeps the shape (90, 1)",
    ),
}
