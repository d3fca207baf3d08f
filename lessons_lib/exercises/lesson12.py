"""The checks of lesson 12, several processes."""

from __future__ import annotations

import torch

from lessons_lib.exercises import function, number

CHECKS = {
    "12.1": number(
        3 * 8 * 64,
        hint="every process of every machine takes part in each step",
    ),
    "12.2": number(
        2 * (4 - 1) * 203_530 / 4,
        hint="a worker sends one chunk in each move: how large is a chunk, and "
        "how many moves are there?",
    ),
    "12.3": function(
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
    "12.4": function(
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
    "12.5": function(
        lambda p, c, e: c / (c / p + 2 * (p - 1) / p * e),
        [(1, 8.0, 1.0), (2, 8.0, 1.0), (4, 1.0, 1.0), (16, 3.0, 0.0)],
        hint="with one process there is no exchange, so the result must be 1",
    ),
}
