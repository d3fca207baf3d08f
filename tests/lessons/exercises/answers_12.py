"""Right and wrong answers to the exercises of lesson 12."""

import torch

RIGHT = {
    "12.1": [
        lambda g, n: (n / n.sum()) @ g,
        lambda g, n: (
            sum(k * row for k, row in zip(n, g, strict=True)) / n.sum()
        ),
    ],
    "12.2": [
        lambda order, r, p: order[r : len(order) - len(order) % p : p],
        lambda order, r, p: torch.stack(
            [order[i * p + r] for i in range(len(order) // p)]
        ),
    ],
    "12.3": [
        lambda p, c, e: p * c / (c + 2 * (p - 1) * e),
        lambda p, c, e: torch.tensor(c / (c / p + 2 * e * (1 - 1 / p))),
    ],
}

WRONG = {
    "12.1": [
        lambda g, n: g.mean(dim=0),
        lambda g, n: n @ g,
        lambda g, n: g @ n,
        lambda g, n: g.sum(dim=0) / n.sum(),
    ],
    "12.2": [
        lambda order, r, p: order[r::p],
        lambda order, r, p: order.chunk(p)[r],
        lambda order, r, p: order[: len(order) // p],
        lambda order, r, p: torch.arange(r, len(order) // p * p, p),
    ],
    "12.3": [
        lambda p, c, e: p,
        lambda p, c, e: c / (c / p + e),
        lambda p, c, e: (c / p + 2 * (p - 1) / p * e) / c,
    ],
}
