"""Walks downhill on the loss of two weights, as a live figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from matplotlib.figure import Figure
from torch import optim

from lessons_lib._checks import check_tensors, check_whole
from lessons_lib.live.figure import Live, assemble, pack
from lessons_lib.palette import BLUE, GREY, RED

ENDS = (-4, 5)  # of the map, both ways; as in descent.js
LEVELS = [0.03, 0.2, 1, 3, 6, 10, 15]  # above the lowest loss
RULES = {
    "gradient descent": (optim.SGD, {}),
    "SGD": (optim.SGD, {}),
    "momentum": (optim.SGD, {"momentum": 0.9}),
    "Adagrad": (optim.Adagrad, {}),
    "Adam": (optim.Adam, {}),
    "AdamW": (optim.AdamW, {"weight_decay": 0.3}),
}


def descent(
    X: torch.Tensor,
    y: torch.Tensor,
    *,
    start: Sequence[float],
    rules: Mapping[str, float],
    alt: str,
    steps: int = 40,
) -> Live:
    """A map of the mean squared error of ``X @ w``, and a walk downhill on it.

    The reader drags the start, and chooses the rule and its learning rate.
    SGD takes random batches of 8. Where there are several rules, there is a
    second map: the same features turned by 45 degrees, and the start with them.

    Parameters
    ----------
    X, y : tensors of shape (N, 2) and (N,)
        The features and the targets.
    start : two floats
        Where the walk begins, between -4 and 5.
    rules : dict of name to learning rate
        Some of `RULES`; the first is shown at first.
    alt : str
        The figure in words, for somebody who cannot see it.
    steps : int
        How many steps are shown at first, 1 to 300.

    Returns
    -------
    Live
        To be shown as a cell's last value.

    Raises
    ------
    TypeError
        If ``X`` or ``y`` is no tensor, ``steps`` no whole number, or ``alt``
        no text.
    ValueError
        If a shape or a name is wrong, a number is out of its range, ``alt``
        is empty, or the two features are multiples of each other.
    """
    check_tensors(X=X, y=y)
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1]:
        raise ValueError("X must be (N, 2) and y (N,)")
    if len(start) != 2 or not all(ENDS[0] <= v <= ENDS[1] for v in start):
        raise ValueError(f"start must be two numbers in {ENDS}")
    if not rules or not set(rules) <= set(RULES):
        raise ValueError(f"rules must be some of {', '.join(RULES)}")
    if not all(1e-3 <= lr <= 3 for lr in rules.values()):
        raise ValueError("a learning rate must be between 0.001 and 3")
    check_whole("steps", steps, 1, 300)
    X, y = X.detach().cpu().double(), y.detach().cpu().double()
    if not (X.isfinite().all() and y.isfinite().all()):
        raise ValueError("X and y must be finite")
    if torch.linalg.cond(X) > 1e4:
        raise ValueError("the features of X are multiples of each other")
    begin = [float(v) for v in start]
    data = {
        "samples": pack(torch.column_stack([X, y])),
        "start": begin,
        "rules": dict(rules),
        "steps": steps,
    }
    still = _still(X, y, begin, rules, steps)
    return assemble("descent", data, still, alt)


def _still(
    X: torch.Tensor,
    y: torch.Tensor,
    start: list[float],
    rules: Mapping[str, float],
    steps: int,
) -> Figure:
    """One map for each rule, with torch's own walk."""
    axis = torch.linspace(*ENDS, 91).double()
    grid = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1)
    heights = ((grid @ X.T - y) ** 2).mean(dim=-1)
    best = torch.linalg.lstsq(X, y).solution
    lowest = ((X @ best - y) ** 2).mean().item()
    columns = min(len(rules), 3)
    lines = math.ceil(len(rules) / 3)
    figure = Figure(figsize=(6.6, 2.4 * lines if columns > 1 else 4.2))
    figure.set_layout_engine("constrained")
    axes = figure.subplots(lines, columns, squeeze=False).flatten()
    for ax in axes[len(rules) :]:
        ax.set_visible(False)
    for ax, (name, lr) in zip(axes, rules.items(), strict=False):
        path = _walk(X, y, start, name, lr, steps)
        levels = [lowest + level for level in LEVELS]
        ax.contour(axis, axis, heights, levels, colors=GREY, linewidths=0.7)
        ax.plot(*path.T, "o-", color=RED, markersize=2, linewidth=1)
        ax.plot(*path[0], "o", color=BLUE, markersize=6)
        ax.plot(*best, "*", color="black", markersize=10)
        ax.set(xlim=ENDS, ylim=ENDS, aspect="equal")
        ax.set_title(f"{name}, {lr:g}", fontsize=9)
        ax.tick_params(labelsize=8)
    return figure


def _walk(
    X: torch.Tensor,
    y: torch.Tensor,
    start: list[float],
    name: str,
    lr: float,
    steps: int,
) -> torch.Tensor:
    """The weights after 0, 1, … steps: (steps + 1, 2)."""
    kind, settings = RULES[name]
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = kind([w], lr=lr, **settings)
    batches = torch.Generator().manual_seed(1)
    path = [w.detach().clone()]
    for _ in range(steps):
        rows = torch.arange(len(y))
        if name == "SGD":
            rows = torch.randint(len(y), (8,), generator=batches)
        optimizer.zero_grad()
        ((X[rows] @ w - y[rows]) ** 2).mean().backward()
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)
