"""Right and wrong answers to the exercises of lesson 05."""

import numpy as np
import torch
from torch.nn import functional as F


def error(X, W, y):
    return (X @ W).softmax(dim=1) - F.one_hot(y, W.shape[1])


def by_hand(X, W, y):
    return X.T @ error(X, W, y) / len(X)


def by_autograd(X, W, y):
    W = W.clone().requires_grad_()
    F.cross_entropy(X @ W, y).backward()
    return W.grad


def numpy_form(X, W, y):
    X, W, y = X.double().numpy(), W.double().numpy(), y.numpy()
    p = np.exp(X @ W)
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return X.T @ p / len(y)


RIGHT = {
    "05.1": ["b", "(b)", " B"],
    "05.2": [by_hand, by_autograd, numpy_form],
    "05.3": [
        (4 / 121, (9 / 11) ** 2),
        (0.03, 0.8),
        torch.tensor([0.02, 0.75]),
        [0.033, 0.67],
    ],
}

WRONG = {
    "05.1": ["a", "c", "d", "cross-entropy", None],
    "05.2": [
        lambda X, W, y: X.T @ error(X, W, y),  # the sum
        lambda X, W, y: -by_hand(X, W, y),  # truth minus prediction
        lambda X, W, y: by_hand(X, W, y).T,
        lambda X, W, y: error(X, W, y) / len(X),  # of the logits
        lambda X, W, y: X.T @ (X @ W).softmax(dim=1) / len(X),
        lambda X, W, y: X.T @ (X @ W - F.one_hot(y, W.shape[1])) / len(X),
        lambda X, W, y: None,
        0.5,
    ],
    "05.3": [
        (2 / 101, 0.0),  # gradient descent at its best
        (0.03, 0.95),  # swings too long
        (0.1, 0.8),  # thrown out
        (0.001, 0.9),  # too slow
        0.03,
        "fast",
    ],
}
