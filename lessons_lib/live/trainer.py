"""A small network that learns in the page."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from lessons_lib.live.figure import Live, assemble
from lessons_lib.palette import BLUE, INK, RED

RATES = [0.01, 0.05, 0.1, 0.3, 1, 3]


def trainer(
    hidden: int = 2,
    *,
    alt: str,
    activation: str = "tanh",
    points: str = "xor",
    seed: int = 1,
) -> Live:
    """A network 2-``hidden``-1 that learns in the page, with all its dials.

    It minimises the binary cross-entropy of its logits, all points in each
    step, with Adam (lr = 0.05) or plain gradient descent. Its weights start
    between ±1/√(inputs), as those of ``nn.Linear`` do.

    Parameters
    ----------
    hidden : int
        Hidden units at the start, 1 to 8.
    alt : str
        The figure at its start, in words.
    activation : {"tanh", "sigmoid", "relu"}
        Behind each hidden unit.
    points : {"xor", "moons", "own"}
        Four corners of a square, two half circles, or none yet.
    seed : int
        Of the first weights.

    Raises
    ------
    ValueError
        If a value is none of these.

    References
    ----------
    D. P. Kingma and J. Ba (2015), Adam: a method for stochastic optimization,
    https://arxiv.org/abs/1412.6980
    """
    if hidden not in range(1, 9):
        raise ValueError(f"hidden is {hidden}; it may be 1 to 8")
    if activation not in ("tanh", "sigmoid", "relu"):
        raise ValueError(f"unknown activation {activation!r}")
    if points not in ("xor", "moons", "own"):
        raise ValueError(f"unknown points {points!r}")
    if seed not in range(2**31):
        raise ValueError(f"seed is {seed!r}; expected a whole number from 0")
    sets = _sets()
    data = {
        "hidden": int(hidden),
        "activation": activation,
        "points": points,
        "optimiser": "adam",
        "lr": 0.05,
        "rates": RATES,
        "seed": int(seed),
        "sets": sets,
    }
    return assemble("trainer", data, _still(points, **sets[points]), alt)


def _sets() -> dict[str, dict[str, list]]:
    """The points to choose from: places X, and y, 1 for class +1 or 0."""
    from sklearn.datasets import make_moons

    X, y = make_moons(40, shuffle=False, noise=0.07, random_state=1)
    X = ((X - [0.5, 0.25]) * [1, 1.3]).round(2)  # into the middle
    return {
        "xor": {
            "X": [[1, 1], [-1, 1], [-1, -1], [1, -1]],
            "y": [1, 0, 1, 0],
        },
        "moons": {"X": X.tolist(), "y": (1 - y).tolist()},
        "own": {"X": [], "y": []},
    }


def _still(points: str, X: list, y: list) -> Figure:
    """The points; with XOR, two helpers that solve it, as wired by hand."""
    still = Figure(figsize=(6.4, 3.6), layout="constrained")
    ax = still.subplots()
    if points == "xor":
        t = np.linspace(-1.8, 1.8, 121)
        side = abs(t + t[:, None]) - 1
        ax.contourf(t, t, side, [-9, 0, 9], colors=[RED, BLUE], alpha=0.3)
        ax.contour(t, t, side, [0], colors=INK)
    size = 90 if len(X) <= 12 else 40
    for c, marker, color, name in [
        (1, "o", BLUE, "class +1"),
        (0, "s", RED, "class −1"),
    ]:
        some = np.array(X).reshape(-1, 2)[np.array(y) == c]
        ax.scatter(*some.T, size, color, marker=marker, label=name)
    ends = (-1.8, 1.8)
    ax.set(
        xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=ends, ylim=ends
    )
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return still
