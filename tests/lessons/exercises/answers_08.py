"""Right and wrong answers to the exercises of lesson 08."""

import torch

RIGHT = {
    "08.1": [
        lambda A, B: (
            (B - A.min(0).values) / (A.max(0).values - A.min(0).values)
        ),
        lambda A, B: (
            (B.numpy() - A.numpy().min(axis=0))
            / (A.numpy().max(axis=0) - A.numpy().min(axis=0))
        ),
    ],
    "08.2": [
        lambda counts: (counts / counts.sum(1, keepdim=True)).diagonal(),
        lambda counts: [
            (row[i] / row.sum()).item() for i, row in enumerate(counts.float())
        ],
    ],
    "08.3": [
        [0.74, 0.58, 0.95, 0.96],
        [torch.tensor(a) for a in (0.75, 0.55, 0.94, 0.95)],
    ],
}

WRONG = {
    "08.1": [
        lambda A, B: (
            (B - B.min(0).values) / (B.max(0).values - B.min(0).values)
        ),
        lambda A, B: (
            (A - A.min(0).values) / (A.max(0).values - A.min(0).values)
        ),
        lambda A, B: (B - A.min()) / (A.max() - A.min()),
        lambda A, B: (B - A.mean(0)) / A.std(0),
    ],
    "08.2": [
        lambda counts: counts.diag() / counts.sum(dim=0),
        lambda counts: counts.diag().sum() / counts.sum(),
        lambda counts: counts.diag() / counts.sum(),
    ],
    "08.3": [
        [0.95, 0.96, 0.74, 0.58],
        [0.95, 0.96],
        [74, 58, 95, 96],
        "petals",
    ],
}
