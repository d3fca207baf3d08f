"""Right and wrong answers to the exercises of lesson 00."""

import torch


def row_by_row(X):
    return torch.stack([x / x.sum() for x in X])


RIGHT = {
    "00.1": [(32, 10), [32, 10], torch.Size([32, 10]), torch.tensor([32, 10])],
    "00.2": [
        lambda X: X / X.sum(1)[:, None],
        lambda X: X / X.sum(dim=1, keepdim=True),
        lambda X: (X.T / X.sum(1)).T,
        row_by_row,
    ],
    "00.3": [
        (torch.zeros(2, 3, 1), torch.zeros(4)),
        [torch.ones(1, 1, 4), torch.ones(2, 3, 1)],
        (torch.zeros(1, 4), torch.ones(2, 3, 1, dtype=torch.int64)),
    ],
}

WRONG = {
    "00.1": [(10,), (784, 10), (32, 784), (10, 32), 320, "32, 10"],
    "00.2": [
        lambda X: X / X.sum(1),
        lambda X: X / X.sum(0),
        lambda X: X / X.sum(),
        lambda X: X.softmax(1),
        lambda X: None,
    ],
    "00.3": [
        (torch.zeros(2, 3, 4), torch.zeros(1)),
        (torch.zeros(2, 1, 4), torch.zeros(3, 1)),
        (torch.zeros(2, 3), torch.zeros(4)),
        (torch.zeros(2, 1, 1), torch.zeros(4)),
        torch.zeros(2, 3, 4),
        ((2, 3, 1), (4,)),
    ],
}
