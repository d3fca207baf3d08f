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


def looped_move(images, down, right):
    moved = torch.zeros_like(images)
    H, W = images.shape[2:]
    for i in range(H):
        for j in range(W):
            if 0 <= i - down < H and 0 <= j - right < W:
                moved[:, :, i, j] = images[:, :, i - down, j - right]
    return moved


def padded_move(images, down, right):
    return nn.functional.pad(images, (right, -right, down, -down))


RIGHT = {
    "10.1": [masked_mistake, zeroed_mistake],
    "10.2": [looped_move, padded_move],
    "10.3": [(linear(1.0), DIGITS), (linear(5.0, bias=False), DIGITS)],
}

WRONG = {
    "10.1": [
        lambda counts: divmod(counts.argmax().item(), len(counts)),
        lambda counts: tuple(reversed(masked_mistake(counts).tolist())),
        lambda counts: counts.fill_diagonal_(0).max(),
    ],
    "10.2": [
        lambda images, down, right: images.roll((down, right), dims=(2, 3)),
        lambda images, down, right: padded_move(images, right, down),
        lambda images, down, right: padded_move(images, -down, -right),
        lambda images, down, right: nn.functional.pad(
            images, (right, 0, down, 0)
        ),
    ],
    "10.3": [
        (linear(-1.0), DIGITS),
        (too_large(), DIGITS),
        (nn.Linear(3, 3), DIGITS),
        ("a net", DIGITS),
    ],
}
