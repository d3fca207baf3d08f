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


RIGHT = {
    "03.1": [(8 / 5) ** 0.5, 1.265, torch.tensor(1.6).sqrt(), 2 * 0.4**0.5],
    "03.2": [
        numpy_silu_prime,
        silu_prime_by_autograd,
        lambda z: torch.sigmoid(z) * (1 + z * torch.sigmoid(-z)),
    ],
    "03.3": [
        lambda z: 4 * (torch.sigmoid(z) - 0.5),
        lambda z: 2 * torch.sigmoid(2 * z) - 1,
        lambda z: torch.sigmoid(4 * z) - 0.5,
        torch.tanh,
    ],
}

WRONG = {
    "03.1": [2**0.5, 1.6, 0.625, (4 / 3) ** 0.5, 2, "√1.6", True],
    "03.2": [
        torch.sigmoid,
        lambda z: torch.sigmoid(z) * (1 - torch.sigmoid(z)),
        lambda z: z * torch.sigmoid(z) * (1 - torch.sigmoid(z)),
        lambda z: None,
        5,
    ],
    "03.3": [
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
