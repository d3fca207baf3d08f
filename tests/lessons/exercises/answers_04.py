"""Right and wrong answers to the exercises of lesson 04."""

import numpy as np
import torch


def with_einsum(grad_A1, A1):
    return torch.einsum("nh,nh->h", grad_A1, 1 - A1 * A1)


def with_autograd(grad_A1, A1):
    b1 = torch.zeros(A1.shape[1], requires_grad=True)
    torch.tanh(torch.atanh(A1) + b1).backward(grad_A1)
    return b1.grad


RIGHT = {
    "04.1": [
        [-19.5, 58.5],
        [[-19.5, 58.5]],
        torch.tensor([-19.5, 58.5]),
        np.array([-19.5, 58.5]),
    ],
    "04.2": [406528, torch.tensor(406528), 406528.0],
    "04.3": ["e", "(E)", " e "],
    "04.4": [with_einsum, with_autograd],
    "04.5": [3e-7, 4e-7, 5e-7, torch.tensor(4e-7)],
}

WRONG = {
    "04.1": [[-6.0, 0.0], [-6.5, 19.5], [58.5, -19.5], [[-19.5], [58.5]], 39],
    "04.2": [203264, 2 * 203530, 784 * 256, "many", True],
    "04.3": ["a", "b", "c", "d", "f", "the mask"],
    "04.4": [
        lambda grad_A1, A1: grad_A1.sum(0),
        lambda grad_A1, A1: grad_A1 * (1 - A1**2),
        lambda grad_A1, A1: (grad_A1 * (1 - A1**2)).mean(0),
        lambda grad_A1, A1: (grad_A1 * (A1 > 0)).sum(0),
        lambda grad_A1, A1: (grad_A1 * (1 - A1**2)).sum(1),
        lambda grad_A1, A1: None,
    ],
    "04.5": [1e-6, 1e-7, 0.01, 0, -4e-7, "small", None],
}
