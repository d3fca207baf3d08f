"""A pad to draw a digit on, read by a network of the reader's own."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import nn

from lessons_lib._checks import check_tensors
from lessons_lib.live.figure import Live, assemble, pack


def digit(net: nn.Sequential, examples: torch.Tensor, *, alt: str) -> Live:
    """A pad to draw on; ``net`` reads the drawing, and says how sure it is.

    The drawing is made into an image as MNIST's were: the digit is fitted
    into 20×20 pixels, and put into 28×28 by its centre of mass. The weights
    go into the page with 8 bits each, and one scale for each unit.

    Parameters
    ----------
    net : nn.Sequential
        ``nn.Flatten``, then ``nn.Linear`` layers with ``nn.ReLU`` between
        them, from 784 inputs to 10 logits. Inputs are 0 for paper, 1 for ink.
    examples : tensor of shape (N, 1, 28, 28)
        At least one image, from 0 to 1, for the button "Example".
    alt : str
        The figure in words.

    Returns
    -------
    Live
        To be shown as a cell's last value.

    Raises
    ------
    TypeError
        If ``net`` is no nn.Sequential, ``examples`` no tensor, or ``alt`` no
        text.
    ValueError
        If the layers or the examples are others, or ``alt`` is empty.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), Gradient-based
    learning applied to document recognition,
    https://doi.org/10.1109/5.726791
    """
    check_tensors(examples=examples)
    if not isinstance(net, nn.Sequential):
        kind = type(net).__name__
        raise TypeError(f"the net is a {kind}; expected an nn.Sequential")
    flatten, *rest = net
    layers, between = rest[::2], rest[1::2]
    sizes = [n for layer in layers for n in _sizes(layer)]
    if (
        not isinstance(flatten, nn.Flatten)
        or len(rest) % 2 == 0
        or not all(isinstance(m, nn.ReLU) for m in between)
        or [sizes[0], sizes[-1]] != [784, 10]
    ):
        raise ValueError(
            "expected a net of Flatten, and Linear layers with ReLU between "
            f"them, from 784 to 10; got {net}"
        )
    images = examples.detach().cpu()
    if images.ndim != 4 or images.shape[1:] != (1, 28, 28) or not len(images):
        shape = tuple(images.shape)
        raise ValueError(f"examples have shape {shape}, not (N, 1, 28, 28)")
    if not ((images >= 0) & (images <= 1)).all():
        raise ValueError("a pixel of the examples is not between 0 and 1")
    data = {
        "layers": [_layer(m) for m in layers if isinstance(m, nn.Linear)],
        "examples": _bytes((images * 255).round().numpy().astype(np.uint8)),
    }
    still = Figure(figsize=(6.4, 2.8), layout="constrained")
    left, right = still.subplots(1, 2)
    with torch.no_grad():
        p = net(examples[:1]).softmax(dim=1)[0].cpu()
    left.imshow(images[0, 0].numpy(), cmap="gray_r", vmin=0, vmax=1)
    left.axis("off")
    right.barh(range(10), p.tolist())
    right.set(yticks=range(10), xlim=(0, 1), xlabel="probability")
    right.invert_yaxis()
    return assemble("digit", data, still, alt)


def _sizes(layer: nn.Module) -> tuple[int, int]:
    """Inputs and outputs of a linear layer with a bias; else (0, 0)."""
    if not isinstance(layer, nn.Linear) or layer.bias is None:
        return 0, 0
    return layer.in_features, layer.out_features


def _layer(layer: nn.Linear) -> dict[str, str]:
    """The weights as 8-bit integers, each row with a scale of its own."""
    weights = layer.weight.detach().float().cpu()
    scale = weights.abs().amax(dim=1).clamp(min=1e-30) / 127
    whole = (weights / scale[:, None]).round().to(torch.int8)
    return {
        "weights": _bytes(whole.numpy()),
        "scale": pack(scale),
        "bias": pack(layer.bias.detach().cpu()),
    }


def _bytes(values: Any) -> str:
    """Bytes in a data address; core.js has `unpackBytes`."""
    return "data:;base64," + base64.b64encode(values.tobytes()).decode()
