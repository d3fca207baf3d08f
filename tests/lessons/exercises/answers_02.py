"""Right and wrong answers to the exercises of lesson 02."""

import numpy as np
import torch
from torch import nn


def tensors(*values):
    return tuple(torch.tensor(v) for v in values)


class Parity(nn.Module):
    """Right about the product of three signs, times ``sign``."""

    def __init__(self, sign=1.0):
        super().__init__()
        self.sign = nn.Parameter(torch.tensor(sign))

    def forward(self, X):  # noqa: D102
        return self.sign * X.prod(dim=1, keepdim=True)


ABSOLUTE = ([[1.0, -1.0], [1.0, -1.0]], [0.0, 0.0], [[1.0], [1.0]], [-1.0])
HELPERS = ([[1.0, -1.0], [1.0, -1.0]], [-1.0, -1.0], [[1.0], [1.0]], [-0.5])
NO_BIAS = ([[1.0, -1.0], [1.0, -1.0]], [0.0, 0.0], [[1.0], [1.0]], [0.0])
TWICE = ([[1.0, 1.0], [1.0, 1.0]], [0.0, 0.0], [[1.0], [1.0]], [-1.0])

RIGHT = {
    "02.1": [
        lambda X: X[:, 0] * X[:, 1],
        lambda X: X.sum(dim=1).abs(),
        lambda X: -((X[:, 0] - X[:, 1]) ** 2),
        lambda X: np.asarray(X).prod(axis=1),
    ],
    "02.2": [
        tensors(*ABSOLUTE),
        tensors(*HELPERS),
        ABSOLUTE,
        # 1 - relu(x1 - x2) - relu(x2 - x1)
        tensors(
            [[1.0, -1.0], [-1.0, 1.0]],
            [0.0, 0.0],
            [[-1.0], [-1.0]],
            [1.0],
        ),
    ],
    "02.3": [Parity(), Parity(5.0).double().float()],
}

WRONG = {
    "02.1": [
        lambda X: X[:, 0] + X[:, 1],
        lambda X: -X[:, 0] * X[:, 1],
        lambda X: (X[:, 0] * X[:, 1])[:, None],
        lambda X: X[:, 0] ** 2 + X[:, 1] ** 2,
        lambda X: (X[:, 0] * X[:, 1]).mean(),
        torch.ones(4),
    ],
    "02.2": [
        tensors(*NO_BIAS),
        tensors(*TWICE),
        tensors(*ABSOLUTE[:3], [1.0]),
        tensors(ABSOLUTE[0], ABSOLUTE[1], [1.0, 1.0], [-1.0]),
        tensors(*ABSOLUTE[:3]),
        "by hand",
    ],
    "02.3": [
        Parity(-1.0),
        nn.Linear(3, 1),
        nn.Linear(2, 1),
        nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2)),
        torch.ones(8, 1),
    ],
}
