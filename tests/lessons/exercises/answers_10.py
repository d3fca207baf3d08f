"""Right and wrong answers to the exercises of lesson 10."""

import torch
from torch import nn

from lessons_lib.data import Digits

IMAGES = torch.eye(10).repeat_interleave(3, 0).view(-1, 1, 1, 10)
IMAGES = nn.functional.pad(IMAGES, (0, 18, 0, 27))
LABELS = torch.arange(10).repeat_interleave(3)
DIGITS = Digits(*(IMAGES, LABELS) * 3, source="mnist")


def linear(scale: float, bias: bool = True) -> nn.Module:
    """A 784-10 net that is right everywhere on DIGITS if ``scale`` > 0."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10, bias=bias))
    with torch.no_grad():
        for p in net.parameters():
            p.zero_()
        net[1].weight[:, :10] = scale * torch.eye(10)
    return net


def too_large() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.Linear(256, 10))


def numpy_accuracy(logits, y):
    return (logits.numpy().argmax(axis=1) == y.numpy()).mean()


def masked_mistake(counts):
    best = max(
        (counts[i, j].item(), (i, j))
        for i in range(len(counts))
        for j in range(len(counts))
        if i != j
    )
    return torch.tensor(best[1])


def zeroed_mistake(counts):
    return divmod(counts.fill_diagonal_(-1).argmax().item(), len(counts))


RIGHT = {
    "10.1": [203530, 203530.0, torch.tensor(203530)],
    "10.2": [4300, torch.tensor([4300.0])],
    "10.3": [
        lambda logits, y: (logits.argmax(1) == y).float().mean().item(),
        numpy_accuracy,
    ],
    "10.4": [masked_mistake, zeroed_mistake],
    "10.5": ["b", "(B)", " b "],
    "10.6": [(linear(1.0), DIGITS), (linear(5.0, bias=False), DIGITS)],
}

WRONG = {
    "10.1": [784 * 256 + 256 * 10, 784 * 256, 266, "many", True, None],
    "10.2": [4290, 430, 4296.875, 55000 * 10],
    "10.3": [
        lambda logits, y: (logits.argmax(1) == y).sum(),
        lambda logits, y: (
            (logits.argmax(0) == y[: logits.shape[1]]).float().mean()
        ),
        lambda logits, y: (logits.argmin(1) == y).float().mean(),
        lambda logits, y: None,
        lambda logits, y: 100 * (logits.argmax(1) == y).float().mean(),
    ],
    "10.4": [
        lambda counts: divmod(counts.argmax().item(), len(counts)),
        lambda counts: tuple(reversed(masked_mistake(counts).tolist())),
        lambda counts: counts.fill_diagonal_(0).max(),
    ],
    "10.5": ["a", "c", "d", "overfitting", 2],
    "10.6": [
        (linear(-1.0), DIGITS),
        (too_large(), DIGITS),
        (nn.Linear(3, 3), DIGITS),
        ("a net", DIGITS),
    ],
}
