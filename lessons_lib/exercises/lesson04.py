"""The checks of lesson 04, backpropagation by hand."""

from __future__ import annotations

from typing import Any

import torch

from lessons_lib.exercises import choice, function, number, satisfies


def _is_gradient(answer: Any) -> bool:
    value = torch.as_tensor(answer).detach().cpu().double()
    if tuple(value.shape) not in ((2,), (1, 2)):
        return False
    return torch.allclose(
        value.flatten(), torch.tensor([-19.5, 58.5]).double()
    )


def _bias_gradient(grad_A1: torch.Tensor, A1: torch.Tensor) -> torch.Tensor:
    return (grad_A1 * (1 - A1**2)).sum(dim=0)


def _losses(lr: float) -> torch.Tensor:
    """21 losses of 1000-100-10 from N(0, 1) weights, 20 steps of size lr."""
    generator = torch.Generator().manual_seed(4)
    X, y, W1, W2 = (
        torch.randn(shape, generator=generator)
        for shape in ((100, 1000), (100, 10), (1000, 100), (100, 10))
    )
    losses = []
    for _ in range(21):
        Z1 = X @ W1
        A1 = Z1.clamp(min=0)
        error = A1 @ W2 - y
        losses.append((error**2).sum())
        grad_Z1 = 2 * error @ W2.T * (Z1 > 0)
        W2 -= lr * 2 * A1.T @ error
        W1 -= lr * X.T @ grad_Z1
    return torch.stack(losses)


def _falls_tenfold(lr: Any) -> bool:
    losses = _losses(float(lr))
    falls = (losses.diff() < 0).all()
    return bool(falls and losses[-1] < losses[0] / 10)


CHECKS = {
    "04.1": satisfies(
        _is_gradient,
        expected="two numbers, one for each entry of W1",
        hint="forward first: y_hat is -1.5; then dL/dy_hat = 2 (y_hat - y), times "
        "each weight of W2, times x",
    ),
    "04.2": number(
        406_528,
        hint="count the weights of both layers; each needs two forward passes",
    ),
    "04.3": choice(
        "e",
        options="abcde",
        hints={
            "a": "that is the derivative of the square",
            "b": "every weight of W2 is multiplied by its activation: right",
            "c": "every activation is multiplied by its weight: right",
            "d": "A1 is positive exactly where Z1 is: this mask is right",
        },
    ),
    "04.4": function(
        _bias_gradient,
        [
            (torch.tensor([[1.0, -2.0]]), torch.tensor([[0.5, 0.0]])),
            (
                torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 0.0]]),
                torch.tensor([[0.0, 0.5], [-0.8, 0.9], [0.3, -0.2]]),
            ),
            (torch.ones(2, 3), torch.zeros(2, 3)),
        ],
        hint="multiply by 1 - A1**2 for the tanh, then sum over the samples: "
        "the bias is used for each of them",
    ),
    "04.5": satisfies(
        _falls_tenfold,
        expected="a rate with which the loss falls at every step, tenfold in all",
        hint="1e-6 rises first and 1e-7 is slow: look at the left picture of the "
        "step that makes the loss rise",
    ),
}
