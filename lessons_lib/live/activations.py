"""Activation functions side by side, and what their slopes leave over."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from lessons_lib._checks import check_whole
from lessons_lib.live.figure import Live, assemble
from lessons_lib.palette import BLUE, GREY, INK, RED


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


Curve = Callable[[np.ndarray], np.ndarray]
# Those that the figure shows first, with their slopes, as in activations.js.
FUNCTIONS: dict[str, tuple[Curve, Curve]] = {
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "LeakyReLU": (
        lambda z: np.where(z > 0, z, 0.1 * z),
        lambda z: np.where(z > 0, 1.0, 0.1),
    ),
}


def activations(*, alt: str, z: float = 1.0, layers: int = 10) -> Live:
    """Sigmoid, tanh, ReLU and one to choose, at one input for all.

    Below each, what is left of a gradient of 1 after each of the layers, if
    every layer has the slope at this input.

    Parameters
    ----------
    alt : str
        The figure at its start, in words.
    z : float
        The input at the start, from -6 to 6.
    layers : int
        The number of layers at the start, from 1 to 20.

    Returns
    -------
    Live
        To be shown as a cell's last value.

    Raises
    ------
    TypeError
        If ``z`` is no number, ``layers`` no whole number, or ``alt`` no text.
    ValueError
        If ``z`` or ``layers`` is out of its range, or ``alt`` is empty.
    """
    if not -6 <= z <= 6:
        raise ValueError(f"z is {z}; it goes from -6 to 6")
    check_whole("layers", layers, 1, 20)
    still = Figure(figsize=(7, 3.9), layout="constrained")
    panels = still.subplots(2, 4, height_ratios=(1.15, 1))
    v = np.linspace(-6, 6, 241)
    here = np.array([z])
    for (upper, lower), (name, (f, slope)) in zip(
        panels.T, FUNCTIONS.items(), strict=True
    ):
        (y,), (m,) = f(here), slope(here)
        bounded = name in ("sigmoid", "tanh")
        reach = np.array([-1.5, 1.5]) if bounded else np.array([-2.5, 2.5])
        upper.plot(v, f(v), color=BLUE, label="function")
        upper.plot(v, slope(v), "--", color=RED, label="slope")
        upper.plot(z + reach, y + m * reach, color=INK, lw=1, label="tangent")
        upper.plot(z, y, "o", color=BLUE)
        upper.plot(z, m, "s", color=RED)
        top = 1.3 if bounded else 6.3
        upper.set(title=name, xlabel="$z$", ylim=(-1.3, top))
        count = np.arange(1, layers + 1)
        lower.bar(count, m**count, color=RED)
        lower.axhline(1, color=GREY, lw=0.8, ls=":")
        lower.set(yscale="log", ylim=(1e-13, 30), xlim=(0, 21))
        lower.set(xlabel="layers", yticks=[1e-12, 1e-8, 1e-4, 1])
    panels[0, 0].legend(fontsize=7)
    panels[1, 0].set(ylabel="gradient left")
    return assemble("activations", {"z": z, "layers": layers}, still, alt)
