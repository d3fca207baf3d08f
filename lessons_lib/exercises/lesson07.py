"""The checks of lesson 07, the net that sums."""

from __future__ import annotations

from typing import Any

import torch

from lessons_lib.exercises import function


def _dead_units(Z: torch.Tensor) -> torch.Tensor:
    return (Z <= 0).all(dim=0)


def _breaks(answer: Any) -> str | None:
    """A net and a row, allowed and not all zeros, for which it is far off."""
    hint = "Hint: no training row had a mean near 0"
    try:
        net, row = answer
        row = (
            torch.as_tensor(row, dtype=torch.float32).detach().flatten().cpu()
        )
        if (
            row.shape != (30,)
            or row.min() < 0
            or row.max() > 1
            or not row.any()
        ):
            return (
                f"expected 30 numbers from 0 to 1, not all of them 0. {hint}"
            )
        with torch.no_grad():
            y_hat = net(row.to(_device(net))[None]).item()
    except Exception as error:  # whatever the reader's answer provokes
        return f"it raised {type(error).__name__}: {error}. {hint}"
    off = abs(y_hat - row.sum().item())
    if off > 0.05:
        return None
    return f"the network is off by {off:.4f}, expected more than 0.05. {hint}"


def _teaches(answer: Any) -> str | None:
    """A wide net that is right within 6 for equal numbers, and its price."""
    hint = (
        "Hint: draw from -100 to 100, and multiply each row by a random number, "
        "so that rows of every size occur; or choose rows of equal numbers"
    )
    c = torch.linspace(-1, 1, 201)
    try:
        net, wide_net, usual, price = answer
        shapes = [tuple(p.shape) for p in wide_net.parameters() if p.ndim == 2]
        if shapes != [(60, 30), (60, 60), (1, 60)]:
            return "expected a network of the same shape, 30-60-60-1"
        off = _errors(wide_net, c[:, None].expand(-1, 30))
        usual = usual.detach().cpu()
        cost = _errors(wide_net, usual).max() / _errors(net, usual).max()
        price = float(price)
    except Exception as error:  # whatever the reader's answer provokes
        return f"it raised {type(error).__name__}: {error}. {hint}"
    if not off.max() < 6:
        at = c[off.argmax()].item()
        return (
            f"off by {off.max().item():.3g} for thirty times {at:.2f}, "
            f"expected less than 6. {hint}"
        )
    if abs(price - cost) < 0.02 * cost:
        return None
    return (
        f"the network is right; the price is not {price:.3g}. Hint: "
        "worst_error of wide_net on the usual rows, divided by that of net"
    )


def _errors(net: torch.nn.Module, X: torch.Tensor) -> torch.Tensor:
    """How far off the net is for each row, (N,), on the CPU."""
    with torch.no_grad():
        y_hat = net(X.to(_device(net))).flatten().cpu()
    return (y_hat - X.sum(dim=1)).abs()


def _device(net: torch.nn.Module) -> torch.device:
    return next(net.parameters()).device


CHECKS = {
    "07.1": function(
        _dead_units,
        [
            (torch.tensor([[1.0, -1.0], [-1.0, -2.0], [2.0, -0.5]]),),
            (torch.tensor([[0.0, 0.0, 3.0], [0.0, 0.1, -3.0]]),),
            (-torch.ones(4, 3),),
            (torch.tensor([[5.0, -5.0, 0.0, 1e-6]]),),
        ],
        hint="a row gives no gradient where Z <= 0; look along dim=0, all rows",
    ),
    "07.2": _breaks,
    "07.3": _teaches,
}
