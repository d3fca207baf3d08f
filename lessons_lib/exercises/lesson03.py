"""The checks of lesson 03, activation functions."""

from __future__ import annotations

from collections.abc import Callable

import torch

from lessons_lib.exercises import (
    function,
    not_answered,
    number,
    satisfies,
)


def _silu_prime(z: torch.Tensor) -> torch.Tensor:
    s = torch.sigmoid(z)
    return s * (1 + z * (1 - s))


def _signal_survives(f: Callable[[torch.Tensor], torch.Tensor]) -> bool:
    """Whether ``f`` is bounded and carries a gradient through 20 layers."""
    far = not_answered(f(torch.tensor([-1e4, -1e3, 1e3, 1e4])))
    if not far.isfinite().all() or far.abs().max() > 100:
        return False
    random = torch.Generator().manual_seed(0)
    A = torch.randn(100, 128, generator=random).requires_grad_()
    pre = []
    for _ in range(20):
        W = torch.randn(128, 128, generator=random) / 128**0.5
        pre.append(A @ W)
        A = f(pre[-1])
    loss = (A @ torch.randn(128, 1, generator=random)).sum()
    first, *_, last = (g.norm() for g in torch.autograd.grad(loss, pre))
    return bool(1 / 50 < first / last < 50)


CHECKS = {
    "03.1": number(
        1.6**0.5,
        hint="which share of the mean square does it keep, if half of the "
        "numbers are halved?",
        tol=0.005,
    ),
    "03.2": function(
        _silu_prime,
        [
            (torch.tensor([-2.0, -0.5, 0.0, 0.5, 2.0]),),
            (torch.tensor([[-6.0, 6.0], [1.0, -1.0]]),),
        ],
        hint="the product rule: (uv)′ = u′v + uv′ with u = z and v = σ(z)",
    ),
    "03.3": satisfies(
        _signal_survives,
        expected="a bounded function that carries between 1/50 and 50 times "
        "the last gradient to the first of 20 layers",
        hint="at 0 its slope should be about 1 and its value about 0",
    ),
}
