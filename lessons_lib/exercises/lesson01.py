"""The checks of lesson 01, the perceptron."""

from __future__ import annotations

from typing import Any

import torch

from lessons_lib.exercises import function, number, satisfies

_X = torch.tensor([[0.5, 0.25], [0.2, 0.5], [0.3, 1.1], [0.4, 1.1]])
_y = torch.tensor([1.0, 1.0, -1.0, -1.0])


def _signed(X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The points with a 1 behind them, times their class: ``(N, D + 1)``."""
    return torch.cat([X, torch.ones_like(X[:, :1])], dim=1) * y[:, None]


def _batch_steps(X: torch.Tensor, y: torch.Tensor) -> int:
    P = _signed(X, y)
    v, steps = torch.zeros_like(P[0]), 0
    while (bad := P @ v <= 0).any():
        v, steps = v + P[bad].sum(dim=0), steps + 1
    return steps


def _updates(start: Any) -> int:
    """How many updates the rule needs from here, in float64.

    Novikoff's bound says that it stops from any start, after a number of
    updates in proportion to the start's length.
    """
    P = _signed(_X, _y).double()
    v, updates, before = start, 0, -1
    while updates > before:
        before = updates
        for p in P:
            if v @ p <= 0:
                v, updates = v + p, updates + 1
    return updates


def _is_bad_start(answer: Any) -> bool:
    if len(answer) == 2:  # (w, b), as well as (w1, w2, b)
        answer = [*answer[0], answer[1]]
    start = torch.tensor([float(a) for a in answer], dtype=torch.float64)
    if start.shape != (3,) or not start.isfinite().all():
        raise ValueError("a start is three numbers: w1, w2, b")
    if start.norm() > 10_000:
        raise ValueError("a length of at most 10,000, please")
    return _updates(start) > 100


CHECKS = {
    "01.1": number(
        5,
        hint="from zero, w and b are always lr times a sum of the y x: what "
        "does lr do to the sign of a score?",
    ),
    "01.2": function(
        _batch_steps,
        [
            (_X, _y),
            (torch.tensor([[1.0, 1.0], [-1.0, -1.0]]), torch.tensor([1, -1])),
            (torch.tensor([[1.0], [2.0], [4.0]]), torch.tensor([-1, -1, 1])),
        ],
        hint="find all wrong points first, with <=, and then add all their "
        "y x to w and all their y to b",
    ),
    "01.3": satisfies(
        _is_bad_start,
        expected="three numbers w1, w2, b from which it needs more than 100",
        hint="the bound grows with the length of the start; let it point to "
        "where the classes are the wrong way round",
    ),
}
