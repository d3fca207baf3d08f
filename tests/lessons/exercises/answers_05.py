"""Right and wrong answers to the exercises of lesson 05."""

import numpy as np
import torch
from torch.nn import functional as F


def naive(z, y):
    p = torch.sigmoid(z)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def clamped(z, y):
    p = torch.sigmoid(z).clamp(1e-7, 1 - 1e-7)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def other_form(z, y):
    return (z.clamp(min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


def numpy_form(z, y):
    z, y = z.double().numpy(), y.numpy()
    return np.mean(np.logaddexp(0, -z) + (1 - y) * z)


RIGHT = {
    "05.1": [
        [-0.01, -0.01, 0.01],
        torch.tensor([-0.01, -0.01, 0.01]),
        np.array([-0.01, -0.01, 0.01]),
        (-0.0099999, -0.01, 0.01),  # with epsilon
    ],
    "05.2": ["b", "(b)", " B"],
    "05.3": [
        other_form,
        numpy_form,
        lambda z, y: (F.softplus(-z) + (1 - y) * z).mean(),
        lambda z, y: (
            -(y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).mean()
        ),
    ],
    "05.4": [
        (4 / 121, (9 / 11) ** 2),
        (0.03, 0.8),
        torch.tensor([0.02, 0.75]),
        [0.033, 0.67],
    ],
}

WRONG = {
    "05.1": [
        [0.01, 0.01, -0.01],  # uphill
        [-0.00001, -0.04, 30.0],  # plain gradient descent
        [-0.01, -0.01, -0.01],
        [-0.001, -0.001, 0.001],
        -0.01,
        "the sign",
    ],
    "05.2": ["a", "c", "d", "cross-entropy", None],
    "05.3": [
        naive,
        clamped,
        lambda z, y: other_form(z, y) * len(z),  # the sum
        lambda z, y: F.softplus(-z) + (1 - y) * z,  # no mean
        lambda z, y: (F.softplus(z) + (1 - y) * z).mean(),
        lambda z, y: None,
        0.5,
    ],
    "05.4": [
        (2 / 101, 0.0),  # gradient descent at its best
        (0.03, 0.95),  # swings too long
        (0.1, 0.8),  # thrown out
        (0.001, 0.9),  # too slow
        0.03,
        "fast",
    ],
}
