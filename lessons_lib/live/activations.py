"""Activation functions side by side, and what their slopes leave over."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from lessons_lib._checks import check_whole
from lessons_lib.live.figure import Live, assemble
from lessons_lib.palette import BLUE, RED


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
    v = np.linspace(-6, 6, 241)
    s = 1 / (1 + np.exp(-v))
    curves = {
        "sigmoid": (s, s * (1 - s)),
        "tanh": (np.tanh(v), 1 - np.tanh(v) ** 2),
        "ReLU": (np.maximum(v, 0), v > 0),
    }
    still = Figure(figsize=(7, 2.6), layout="constrained")
    for ax, (name, (f, slope)) in zip(
        still.subplots(1, 3), curves.items(), strict=True
    ):
        ax.plot(v, f, color=BLUE, label="function")
        ax.plot(v, slope, "--", color=RED, label="slope")
        ax.set(title=name, xlabel="$z$")
    ax.legend()
    return assemble("activations", {"z": z, "layers": layers}, still, alt)
