"""The smallest network that shows backpropagation, as a live figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lessons_lib.live.figure import Live, assemble
from lessons_lib.palette import BLUE, GREY, RED

LIMIT = 5  # inputs and weights go from -5 to 5
WAYS = "x-z1 x-z2 w1-z1 w2-z2 z1-a1 z2-a2 a1-out a2-out v1-out v2-out"
ARROWS = [way.split("-") for way in f"{WAYS} out-loss y-loss".split()]
ROWS = [
    {"w1": 50, "x": 180, "w2": 310},
    {"z1": 90, "z2": 270},
    {"a1": 90, "a2": 270},
    {"v1": 50, "out": 180, "v2": 310},
    {"y": 50, "loss": 180},
]
NAMES = {"out": r"\hat{y}", "loss": "L"}
WIDE, STRIP = 92, 24  # of a box, and of a line in it; as in backprop.js


def backprop(
    x: float,
    W1: Sequence[float],
    W2: Sequence[float],
    y: float,
    *,
    alt: str,
    compare: bool = False,
) -> Live:
    """A network of two ReLU units, forward and backward node by node.

    One sample, no biases, squared error: ``z = x W1``, ``a = max(z, 0)``,
    ``y_hat = a W2``, ``L = (y_hat - y)²``. The entries of W1 are called w,
    those of W2 are called v. The reader may change every input.

    Parameters
    ----------
    x, y : float
        The input and the target.
    W1, W2 : two floats each
        The weights into and out of the hidden units.
    alt : str
        The graph in words, for somebody who cannot see it.
    compare : bool
        Show the gradient clamped at zero beside the masked one, from the
        start and at every place where they could differ.

    Returns
    -------
    Live
        To be shown as a cell's last value.

    Raises
    ------
    TypeError
        If an input or a weight is no number, or ``alt`` no text.
    ValueError
        If there are not two weights a layer, a number is not in -5…5, or
        ``alt`` is empty.
    """
    if len(W1) != 2 or len(W2) != 2:
        raise ValueError("the network has two hidden units: two weights each")
    names = ["x", "w1", "w2", "v1", "v2", "y"]
    numbers = [float(v) for v in (x, *W1, *W2, y)]
    for name, v in zip(names, numbers, strict=True):
        if not math.fabs(v) <= LIMIT:
            raise ValueError(f"{name} is {v}; it must be in -{LIMIT}…{LIMIT}")
    values = dict(zip(names, numbers, strict=True))
    places: dict[str, list[int]] = {}
    top = 4
    for i, boxes in enumerate(ROWS):
        places |= {name: [cx, top] for name, cx in boxes.items()}
        top += (3 if compare and i < 2 else 2) * STRIP + 38
    data = {
        "values": values,
        "places": places,
        "arrows": ARROWS,
        "compare": compare,
        "limit": LIMIT,
    }
    return assemble("backprop", data, _still(values, places, compare), alt)


def _still(
    values: dict[str, float], places: dict[str, list[int]], compare: bool
) -> Figure:
    """The graph after both passes."""
    n, mask, clamp = _numbers(values)
    low = max(top for _, top in places.values()) + 2 * STRIP + 6
    figure = Figure(figsize=(4.7, low / 77))
    figure.set_layout_engine("none")
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, 360), ylim=(low, 0))
    ax.axis("off")
    arrow = {"arrowstyle": "-|>", "color": GREY}
    for source, target in ARROWS:
        (x1, y1), (x2, y2) = places[source], places[target]
        side = abs(y1 - y2) < STRIP
        start = (x1, y1 + STRIP / 2) if side else (x1, y1 + STRIP)
        end = (x2 - WIDE / 2, y2 + STRIP / 2) if side else (x2, y2)
        if side and x1 > x2:
            end = (x2 + WIDE / 2, y2 + STRIP / 2)
        ax.annotate("", end, start, arrowprops=arrow, zorder=1)
    for name, (cx, top) in places.items():
        label = NAMES.get(name, f"{name[0]}_{name[1:]}".rstrip("_"))
        lines = [(f"${label}$", n[name], BLUE)]
        if name in mask:
            words = rf"$\partial L/\partial {label}$"
            wrong = compare and name[0] in "zw"
            lines.append(("mask" if wrong else words, mask[name], RED))
            if wrong:
                mark = "" if clamp[name] == mask[name] else " ✗"
                lines.append((f"clamp{mark}", clamp[name], GREY))
        for i, (words, value, color) in enumerate(lines):
            left, y = cx - WIDE / 2, top + i * STRIP
            for face, z in (("white", 2), (color + "38", 3)):
                box = Rectangle((left, y), WIDE, STRIP, fc=face, ec=GREY)
                ax.add_patch(box).set_zorder(z)
            text: dict[str, Any] = {
                "va": "center",
                "zorder": 4,
                "fontsize": 10,
            }
            ax.text(left + 6, y + STRIP / 2, words, **text)
            right = {"ha": "right", "weight": "bold"} | text
            ax.text(
                left + WIDE - 6, y + STRIP / 2, f"{value + 0.0:g}", **right
            )
    return figure


def _numbers(
    values: dict[str, float],
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """All values, the right gradients, and those of the clamp."""
    n = dict(values)
    for i in "12":
        n["z" + i] = n["x"] * n["w" + i]
        n["a" + i] = max(n["z" + i], 0.0)
    n["out"] = n["a1"] * n["v1"] + n["a2"] * n["v2"]
    n["loss"] = (n["out"] - n["y"]) ** 2
    mask = {"loss": 1.0, "out": 2 * (n["out"] - n["y"])}
    clamp = {}
    for i in "12":
        mask["v" + i] = mask["out"] * n["a" + i]
        mask["a" + i] = mask["out"] * n["v" + i]
        mask["z" + i] = mask["a" + i] * (n["z" + i] > 0)
        clamp["z" + i] = max(mask["a" + i], 0.0)
        for g in (mask, clamp):
            g["w" + i] = g["z" + i] * n["x"]
    return n, mask, clamp
