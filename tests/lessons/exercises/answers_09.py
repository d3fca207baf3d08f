"""Right and wrong answers to the exercises of lesson 09."""

import torch

RIGHT = {
    "09.1": [50890, torch.tensor(50890)],
    "09.2": [
        lambda A1: (A1.max(dim=0).values == 0).sum().item(),
        lambda A1: int((A1.abs().sum(dim=0) == 0).sum()),
    ],
    "09.3": [
        lambda logits, y: -logits.log_softmax(1)[torch.arange(len(y)), y],
        lambda logits, y: (
            logits.logsumexp(1) - logits.gather(1, y[:, None]).squeeze(1)
        ),
    ],
    "09.4": ["b", "B"],
    "09.5": [[0.4, 0.6, 0.8], (0.3, torch.tensor(0.5), 0.9)],
}

WRONG = {
    "09.1": [784 * 64 + 64 * 10, 858, 784 * 64 + 74, "50890"],
    "09.2": [
        lambda A1: (A1 == 0).any(dim=0).sum(),
        lambda A1: (A1 == 0).all(dim=1).sum(),
        lambda A1: (A1 == 0).sum(),
        lambda A1: (A1 == 0).all(dim=0),
    ],
    "09.3": [
        lambda logits, y: -logits.softmax(1).log()[torch.arange(len(y)), y],
        lambda logits, y: (
            -logits.log_softmax(1)[torch.arange(len(y)), y].mean()
        ),
        lambda logits, y: -logits.log_softmax(0)[torch.arange(len(y)), y],
        lambda logits, y: logits.log_softmax(1)[torch.arange(len(y)), y],
    ],
    "09.4": ["a", "c", "d"],
    "09.5": [[0.8, 0.6, 0.4], [0.5, 0.6], [0.0, 50.0, 80.0], "rising", 0.7],
}
