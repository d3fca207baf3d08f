"""Right and wrong answers to the exercises of lesson 11."""

import torch

RIGHT = {
    "11.1": ["c", "C"],
    "11.2": [
        lambda p, s: s / (s * (1 - p) + p),
        lambda p, s: torch.tensor(1 / (1 - p + p / s)),
    ],
    "11.3": [
        lambda X: torch.cdist(X, X) ** 2,
        lambda X: ((X.unsqueeze(0) - X.unsqueeze(1)) ** 2).sum(-1),
    ],
}

WRONG = {
    "11.1": ["a", "b", "d"],
    "11.2": [
        lambda p, s: s * p,
        lambda p, s: (1 - p) + p / s,
        lambda p, s: 1 / (p + (1 - p) / s),
    ],
    "11.3": [
        lambda X: torch.cdist(X, X),
        lambda X: ((X[:, None] - X[None]) ** 2).sum(dim=0),
        lambda X: (X[:, None] - X[None]) ** 2,
        lambda X: X @ X.T,
    ],
}
