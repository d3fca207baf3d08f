"""The checks of lesson 11, faster."""

from __future__ import annotations

import torch

from lessons_lib.exercises import choice, function

CHECKS = {
    "11.1": choice(
        "c",
        options="abcd",
        hints={
            "a": "the passes take 15 %: without them, 85 % would remain",
            "b": "that speeds up the passes, which take 15 %",
            "d": "the update takes 5 %",
        },
    ),
    "11.2": function(
        lambda p, s: 1 / ((1 - p) + p / s),
        [(0.5, 2.0), (0.8, 10.0), (0.0, 5.0), (1.0, 4.0)],
        hint="the part 1 - p takes as long as before, the part p takes p / s",
    ),
    "11.3": function(
        lambda X: torch.cdist(X.double(), X.double()) ** 2,
        [
            (torch.tensor([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]]),),
            (torch.arange(8.0).view(4, 2) ** 2,),
            (torch.tensor([[1.0], [2.0]]),),
        ],
        hint="X[:, None] has shape (N, 1, D) and X[None] has shape (1, N, D): what "
        "shape has their difference?",
        tol=1e-4,
    ),
}
