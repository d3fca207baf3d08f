"""The checks of lesson 05, losses and optimisers."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as F

from lessons_lib.exercises import choice, function, satisfies


def heavy_ball_distance(lr: float, momentum: float) -> float:
    """How far 100 steps from (1, 1) end from the minimum of a valley.

    The valley has the curvatures 1 and 100.
    """
    curvature = torch.tensor([1.0, 100.0], dtype=torch.float64)
    w = torch.ones(2, dtype=torch.float64)
    v = torch.zeros_like(w)
    for _ in range(100):
        v = momentum * v + curvature * w
        w = w - lr * v
    return w.norm().item()


def _arrives(answer: Any) -> bool:
    lr, momentum = (float(a) for a in answer)
    return heavy_ball_distance(lr, momentum) < 1e-4


def grad_of_W(
    X: torch.Tensor, W: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    """The gradient of the mean cross-entropy of ``X @ W``, by autograd."""
    leaf = W.detach().clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(X @ leaf, y), leaf)[0]


def layer_case(seed: int) -> tuple[torch.Tensor, ...]:
    """Some inputs, weights and labels."""
    generator = torch.Generator().manual_seed(seed)
    N, D, C = 5 + seed, 4, 3
    X = torch.randn(N, D, generator=generator)
    W = torch.randn(D, C, generator=generator)
    return X, W, torch.randint(C, (N,), generator=generator)


CHECKS = {
    "05.1": choice(
        "b",
        options="abcd",
        hints={
            "a": "its softmax lets exactly one of the 20 win",
            "c": "a logit has no reason to stop at 1, and the squared error would "
            "punish one that is larger and right",
            "d": "one softmax already makes the 20 compete; this one has two",
        },
    ),
    "05.2": function(
        grad_of_W,
        [layer_case(seed) for seed in range(3)],
        hint="the gradient of each sample's loss with respect to its logits is "
        "prediction minus truth; its mean goes back through X @ W as in lesson "
        "04, with X transposed",
    ),
    "05.3": satisfies(
        _arrives,
        expected="a pair (lr, momentum) that ends within 0.0001",
        hint="the steep direction bears an lr up to 2 (1 + momentum) / 100; the "
        "more momentum, the faster the flat direction, until it swings too long",
    ),
}
