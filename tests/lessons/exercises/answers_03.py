"""Right and wrong answers to the exercises of lesson 03."""

import numpy as np
import torch
from torch import nn


def numpy_silu_prime(z):
    z = z.numpy().astype(np.float64)
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


def silu_prime_by_autograd(z):
    z = z.requires_grad_()
    nn.functional.silu(z).sum().backward()
    return z.grad


def softplus_with_where(z):
    small = torch.log1p(torch.exp(z.clamp(max=0)))
    return torch.where(z > 0, z + torch.log1p(torch.exp(-z.abs())), small)


RIGHT = {
    "03.1": [5, 5.0, torch.tensor(5)],
    "03.2": ["c", "(C)", " c "],
    "03.3": [
        numpy_silu_prime,
        silu_prime_by_autograd,
        lambda z: torch.sigmoid(z) * (1 + z * torch.sigmoid(-z)),
    ],
    "03.4": [
        softplus_with_where,
        nn.functional.softplus,
        lambda z: torch.logaddexp(z, torch.zeros_like(z)),
    ],
    "03.5": [
        lambda z: 4 * (torch.sigmoid(z) - 0.5),
        lambda z: 2 * torch.sigmoid(2 * z) - 1,
        lambda z: torch.sigmoid(4 * z) - 0.5,
        torch.tanh,
    ],
}

WRONG = {
    "03.1": [4, 10, 3, 0.25**5, "five", True],
    "03.2": ["a", "b", "d", "none", 3],
    "03.3": [
        torch.sigmoid,
        lambda z: torch.sigmoid(z) * (1 - torch.sigmoid(z)),
        lambda z: z * torch.sigmoid(z) * (1 - torch.sigmoid(z)),
        lambda z: None,
        5,
    ],
    "03.4": [
        lambda z: torch.log(1 + torch.exp(z)),
        lambda z: torch.log1p(torch.exp(z)),
        torch.relu,
        lambda z: z + torch.log1p(torch.exp(-z)),
    ],
    "03.5": [
        torch.sigmoid,
        lambda z: 4 * torch.sigmoid(z),
        lambda z: torch.sigmoid(z) - 0.5,
        lambda z: 2 * torch.sigmoid(z) - 1,
        torch.relu,
        lambda z: z,
        lambda z: None,
        "tanh",
    ],
}
