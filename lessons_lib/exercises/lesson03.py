"""The checks of lesson 03, activation functions."""

from __future__ import annotations

from collections.abc import Callable

import torch

from lessons_lib.exercises import (
    choice,
    function,
    not_answered,
    number,
    satisfies,
)


def _silu_prime(z: torch.Tensor) -> torch.Tensor:
    s = torch.sigmoid(z)
    return s * (1 + z * (1 - s))


def _softplus(z: torch.Tensor) -> torch.Tensor:
    return torch.logaddexp(z.double(), torch.zeros_like(z).double())


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
        5,
        hint="its largest slope is 1/4; multiply until less than 0.001 is left",
    ),
    "03.2": choice(
        "c",
        options="abcd",
        hints={
            "a": "ReLU gives no negative number, and there are cold days",
            "b": "which temperatures lie between 0 and 1?",
            "d": "tanh gives nothing beyond 1 and -1",
        },
    ),
    "03.3": function(
        _silu_prime,
        [
            (torch.tensor([-2.0, -0.5, 0.0, 0.5, 2.0]),),
            (torch.tensor([[-6.0, 6.0], [1.0, -1.0]]),),
        ],
        hint="the product rule: (uv)′ = u′v + uv′ with u = z and v = σ(z)",
    ),
    "03.4": function(
        _softplus,
        [
            (torch.tensor([-1.0, 0.0, 1.0, 3.0]),),
            (torch.tensor([-100.0, -30.0, 30.0, 100.0]),),
        ],
        hint="ln(1 + e^z) = z + ln(1 + e^-z); use it where z is positive",
    ),
    "03.5": satisfies(
        _signal_survives,
        expected="a bounded function that carries between 1/50 and 50 times "
        "the last gradient to the first of 20 layers",
        hint="at 0 its slope should be about 1 and its value about 0",
    ),
}
