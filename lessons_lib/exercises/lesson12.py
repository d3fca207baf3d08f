"""The checks of lesson 12, several processes."""

from __future__ import annotations

import torch

from lessons_lib.exercises import function

CHECKS = {
    "12.1": function(
        lambda gradients, sizes: (
            (sizes[:, None] * gradients).sum(dim=0) / sizes.sum()
        ),
        [
            (torch.eye(2), torch.tensor([192.0, 64.0])),
            (
                torch.arange(12.0).view(3, 4) ** 2,
                torch.tensor([1.0, 2.0, 5.0]),
            ),
            (torch.tensor([[3.0], [5.0]]), torch.tensor([7.0, 7.0])),
        ],
        hint="a mean times its number of images is a sum; add the sums, then "
        "divide by all images",
    ),
    "12.2": function(
        lambda order, rank, processes: order[
            : len(order) // processes * processes
        ][rank::processes],
        [
            (torch.tensor([4, 2, 0, 5, 1, 3]), 0, 2),
            (torch.tensor([4, 2, 0, 5, 1, 3, 6]), 0, 2),
            (torch.arange(11).flip(0), 1, 4),
            (torch.arange(5), 0, 1),
        ],
        hint="order[start:end:step] takes each step-th one; with seven rows and "
        "two ranks, where must it end?",
    ),
    "12.3": function(
        lambda p, c, e: c / (c / p + 2 * (p - 1) / p * e),
        [(1, 8.0, 1.0), (2, 8.0, 1.0), (4, 1.0, 1.0), (16, 3.0, 0.0)],
        hint="with one process there is no exchange, so the result must be 1",
    ),
}
