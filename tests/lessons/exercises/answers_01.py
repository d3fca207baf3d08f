"""Right and wrong answers to the exercises of lesson 01."""

import numpy as np
import torch


def rule_by_loop(X, y, one_by_one=False, strict=False, bias=True, limit=500):
    """The number of steps; with its options, usual mistakes."""
    w, b = torch.zeros(X.shape[1]), 0.0
    for step in range(limit):
        scores = y * (X @ w + b)
        bad = (scores < 0 if strict else scores <= 0).nonzero().flatten()
        if len(bad) == 0:
            return step
        for i in bad[:1] if one_by_one else bad:
            w = w + y[i] * X[i]
            b = b + y[i] * bias
    return limit


RIGHT = {
    "01.1": [5, 5.0, torch.tensor(5)],
    "01.2": [
        rule_by_loop,
        lambda X, y: torch.tensor(rule_by_loop(X, y)),
    ],
    "01.3": [
        (0.0, 50.0, 0.0),
        [0, 30, -30],
        torch.tensor([0.0, 100.0, 0.0]),
        np.array([100.0, 100.0, -50.0]),
        (torch.tensor([0.0, 50.0]), torch.tensor(0.0)),
    ],
}

WRONG = {
    "01.1": [50, 7, 0.5, 0, None],
    "01.2": [
        lambda X, y: rule_by_loop(X, y, one_by_one=True),
        lambda X, y: rule_by_loop(X, y, strict=True),
        lambda X, y: rule_by_loop(X, y, bias=False),
        lambda X, y: 4,
        lambda X, y: rule_by_loop(X, y) + 1,
    ],
    "01.3": [
        (0.0, 0.0, 0.0),
        (0.0, -50.0, 0.0),
        (0.9, -1.45, 1.0),
        (1.0, 2.0),
        "far away",
        100,
        (float("nan"), 0.0, 0.0),
        (0.0, 1e12, 0.0),
    ],
}
