"""The perceptron's rule on points that the reader drags."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from lessons_lib.live.figure import Live, assemble
from lessons_lib.palette import BLUE, RED


def perceptron(X: Any, y: Any, *, alt: str) -> Live:
    """The perceptron's rule, one sample at a time, on points to drag.

    It starts from w = 0 and b = 0, adds ``y * x`` to w and ``y`` to b where a
    point is wrong, and stops after an epoch without a mistake.
    Where it comes back to a state in which it was before, it says so.

    Parameters
    ----------
    X, y : tensors or lists of shape (N, 2) and (N,)
        At least two and at most 12 points, and 1 or -1 for each: its class.
    alt : str
        The figure at its start, in words.

    Returns
    -------
    Live
        To be shown as a cell's last value.

    Raises
    ------
    TypeError
        If a point or a class is no number, or ``alt`` no text.
    ValueError
        If a shape or a class is not as said above, or ``alt`` is empty.

    References
    ----------
    F. Rosenblatt (1958), The perceptron: a probabilistic model for
    information storage and organization in the brain,
    https://doi.org/10.1037/h0042519
    """
    X, y = (np.array(_list(v), dtype=float) for v in (X, y))
    if X.ndim != 2 or X.shape[1] != 2 or not 2 <= len(X) <= 12:
        raise ValueError(f"2 to 12 points of 2 numbers, not shape {X.shape}")
    if not np.isfinite(X).all():
        raise ValueError("a point is not finite")
    if y.shape != X.shape[:1] or not np.isin(y, [-1, 1]).all():
        raise ValueError(f"each point has a class, 1 or -1, not {y.tolist()}")
    still = Figure(figsize=(6.4, 3.6), layout="constrained")
    ax = still.subplots()
    for c, marker, color in [(1, "o", BLUE), (-1, "s", RED)]:
        name = f"class {c:+d}"
        x1, x2 = X[y == c].T
        ax.scatter(x1, x2, 60, color, marker=marker, label=name)
    ax.margins(0.4)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    data = {
        # a tensor's 0.2 is float32: say 0.2, not 0.20000000298023224
        "points": [[float(f"{v:.7g}") for v in x] for x in X.tolist()],
        "classes": [int(c) for c in y],
        "order": list(range(len(X))),
        "lr": 1.0,
    }
    return assemble("perceptron", data, still, alt)


def _list(values: Any) -> Any:
    """A tensor, wherever it is, or an array as lists."""
    return values.tolist() if hasattr(values, "tolist") else values
