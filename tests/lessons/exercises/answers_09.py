"""Right and wrong answers to the exercises of lesson 09."""

import torch

RIGHT = {
    "09.1": [
        lambda A_train, A_new: (
            ((A_train.sum(dim=0) == 0) & (A_new.sum(dim=0) > 0)).sum().item()
        ),
        lambda A_train, A_new: int(
            (A_new.amax(dim=0)[A_train.amax(dim=0) == 0] > 0).sum()
        ),
    ],
    "09.2": [
        lambda logits, y: -logits.log_softmax(1)[torch.arange(len(y)), y],
        lambda logits, y: (
            logits.logsumexp(1) - logits.gather(1, y[:, None]).squeeze(1)
        ),
    ],
    "09.3": [[0.4, 0.6, 0.8], (0.3, torch.tensor(0.5), 0.9)],
}

WRONG = {
    "09.1": [
        lambda A_train, A_new: (A_train == 0).all(dim=0).sum(),
        lambda A_train, A_new: (
            (A_train == 0).any(dim=0) & (A_new > 0).any(dim=0)
        ).sum(),
        lambda A_train, A_new: (A_new > 0).any(dim=0).sum(),
        lambda A_train, A_new: (A_train == 0).all(dim=0) & (A_new > 0).any(0),
    ],
    "09.2": [
        lambda logits, y: -logits.softmax(1).log()[torch.arange(len(y)), y],
        lambda logits, y: (
            -logits.log_softmax(1)[torch.arange(len(y)), y].mean()
        ),
        lambda logits, y: -logits.log_softmax(0)[torch.arange(len(y)), y],
        lambda logits, y: logits.log_softmax(1)[torch.arange(len(y)), y],
    ],
    "09.3": [[0.8, 0.6, 0.4], [0.5, 0.6], [0.0, 50.0, 80.0], "rising", 0.7],
}
