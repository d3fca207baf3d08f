"""The checks of lesson 00, your machine."""

from __future__ import annotations

from typing import Any

import torch

from lessons_lib.exercises import function, satisfies, tensor


def _shares(X: torch.Tensor) -> torch.Tensor:
    return X / X.sum(dim=1, keepdim=True)


def _much_from_little(answer: Any) -> bool:
    a, b = answer
    return (a + b).shape == (2, 3, 4) and a.numel() + b.numel() <= 10


CHECKS = {
    "00.1": tensor(
        [32, 10],
        hint="the inner two numbers meet and vanish, the outer two remain; "
        "adding a row changes no shape",
    ),
    "00.2": function(
        _shares,
        [
            (torch.tensor([[1.0, 3.0], [4.0, 6.0]]),),
            (torch.tensor([[1.0, 1.0, 2.0], [5.0, 0.0, 0.0]]),),
            (torch.tensor([[2.0], [7.0], [1.0]]),),
        ],
        hint="the sums of the rows must be a column, of shape (N, 1)",
    ),
    "00.3": satisfies(
        _much_from_little,
        expected="a pair of tensors with at most 10 numbers in all, whose sum has "
        "the shape (2, 3, 4)",
        hint="each of 2, 3 and 4 must stand in one of the two shapes, and the "
        "other tensor may have a 1 in that place, or nothing",
    ),
}
