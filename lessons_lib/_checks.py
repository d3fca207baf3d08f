"""What the functions of this package ask of what they are given.

A wrong type raises a TypeError, a wrong value of the right type a ValueError.
"""

from __future__ import annotations

import math
from typing import Any

import torch


def check_tensors(**values: Any) -> None:
    """Raise unless all ``values`` are tensors.

    Raises
    ------
    TypeError
        That names the first which is none.
    """
    for name, value in values.items():
        if not isinstance(value, torch.Tensor):
            kind = type(value).__name__
            way = f"torch.as_tensor({name})"
            if hasattr(value, "pixels"):  # Images
                way = f"{name}[:]"
            raise TypeError(f"{name} is a {kind}, not a tensor: try {way}")


def check_whole(
    name: str, value: Any, low: int, high: float = math.inf
) -> None:
    """Raise unless ``value`` is a whole number from ``low`` to ``high``.

    Raises
    ------
    TypeError
        If it is of another type than int; True and False are no numbers.
    ValueError
        If it is out of the range.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}; expected a whole number")
    if not low <= value <= high:
        wanted = f"at least {low}" if high == math.inf else f"{low} to {high}"
        raise ValueError(f"{name} is {value}; it must be {wanted}")


def check_samples(X: Any, y: torch.Tensor) -> None:
    """Raise unless ``X`` and ``y`` are N > 0 samples on one device.

    ``X`` may be `Images`: then their bytes are looked at.

    Raises
    ------
    TypeError
        If one of them is no tensor.
    ValueError
        If there is no sample, or their numbers or devices differ.
    """
    X = getattr(X, "pixels", X)
    check_tensors(X=X, y=y)
    for name, value in (("X", X), ("y", y)):
        if value.ndim == 0 or len(value) == 0:
            raise ValueError(
                f"{name} has shape {tuple(value.shape)}: there is no sample in it"
            )
    if len(X) != len(y):
        raise ValueError(
            f"X has {len(X)} samples and y has {len(y)}: they must be as many"
        )
    if X.device != y.device:
        raise ValueError(
            f"X is on {X.device} and y on {y.device}: move one of them"
        )
