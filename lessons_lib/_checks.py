"""What the functions of this package ask of the tensors they are given."""

from __future__ import annotations

from typing import Any

import torch


def check_tensors(**values: Any) -> None:
    """Raise a TypeError that names the first of ``values`` that is no tensor."""
    for name, value in values.items():
        if not isinstance(value, torch.Tensor):
            kind = type(value).__name__
            raise TypeError(
                f"{name} is a {kind}, not a tensor: try torch.as_tensor({name})"
            )


def check_samples(X: torch.Tensor, y: torch.Tensor) -> None:
    """Raise unless ``X`` and ``y`` are N > 0 samples on one device.

    Raises
    ------
    TypeError
        If one of them is no tensor.
    ValueError
        If there is no sample, or their numbers or devices differ.
    """
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
