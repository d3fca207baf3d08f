"""A small network that learns in the page."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from lessons_lib._checks import check_whole
from lessons_lib.live.figure import Live, assemble
from lessons_lib.palette import BLUE, INK, RED

RATES = [0.01, 0.05, 0.1, 0.3, 1, 3]


def trainer(*, alt: str, hidden: int = 2) -> Live:
    """A network 2-``hidden``-1 that learns in the page, with all its dials.

    It minimises the binary cross-entropy of its logits, all points in each
    step, with Adam (lr = 0.05) or plain gradient descent. Its weights start
    between ±1/√(inputs), as those of ``nn.Linear`` do.

    Parameters
    ----------
    alt : str
        The figure at its start, in words.
    hidden : int
        Hidden units at the start, 1 to 8.

    Returns
    -------
    Live
        To be shown as a cell's last value.

    Raises
    ------
    TypeError
        If ``hidden`` is no whole number, or ``alt`` no text.
    ValueError
        If ``hidden`` is out of its range, or ``alt`` is empty.

    References
    ----------
    D. P. Kingma and J. Ba (2015), Adam: a method for stochastic optimization,
    https://arxiv.org/abs/1412.6980
    """
    check_whole("hidden", hidden, 1, 8)
    data = {
        "hidden": hidden,
        "activation": "tanh",
        "points": "xor",
        "optimiser": "adam",
        "lr": 0.05,
        "rates": RATES,
        "seed": 1,
        "sets": _sets(),
    }
    # where no script runs: two helpers that solve XOR, as wired by hand
    still = Figure(figsize=(6.4, 3.6), layout="constrained")
    ax = still.subplots()
    t = np.linspace(-1.8, 1.8, 121)
    side = abs(t + t[:, None]) - 1
    colors = [RED, BLUE]
    ax.contourf(t, t, side, [-9, 0, 9], colors=colors, alpha=0.3)
    ax.contour(t, t, side, [0], colors=INK)
    ax.scatter([1, -1], [1, -1], 90, BLUE, label="class +1")
    ax.scatter([-1, 1], [1, -1], 90, RED, marker="s", label="class −1")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return assemble("trainer", data, still, alt)


def _sets() -> dict[str, dict[str, list]]:
    """The points to choose from: places X, and y, 1 for class +1 or 0."""
    from sklearn.datasets import make_moons

    X, y = make_moons(40, shuffle=False, noise=0.07, random_state=1)
    X = ((X - [0.5, 0.25]) * [1, 1.3]).round(2)  # into the middle
    corners = [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    return {
        "xor": {"X": corners, "y": [1, 0, 1, 0]},
        "moons": {"X": X.tolist(), "y": (1 - y).tolist()},
        "own": {"X": [], "y": []},
    }
