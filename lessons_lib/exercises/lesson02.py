"""The checks of lesson 02, XOR."""

from __future__ import annotations

from typing import Any

import torch

from lessons_lib.exercises import not_answered, satisfies

X = torch.tensor([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
CUBE = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 3)


def _on_cpu(values: Any) -> torch.Tensor:
    return torch.as_tensor(values).detach().cpu().double()


def _separates(new_coordinate: Any) -> bool:
    """Every value of class +1 is above every one of class -1."""
    values = _on_cpu(not_answered(new_coordinate(X.clone())))
    if values.shape != (4,):
        raise ValueError(f"the shape is {tuple(values.shape)}, not (4,)")
    return bool(values[::2].min() > values[1::2].max() + 1e-6)


def _right_with_relu(weights: Any) -> bool:
    W1, b1, W2, b2 = (_on_cpu(v) for v in weights)
    for name, value, shape in [
        ("W1", W1, (2, 2)),
        ("b1", b1, (2,)),
        ("W2", W2, (2, 1)),
        ("b2", b2, (1,)),
    ]:
        if value.shape != shape:
            raise ValueError(
                f"{name} has shape {tuple(value.shape)}, not {shape}"
            )
    scores = (torch.relu(X.double() @ W1 + b1) @ W2 + b2).flatten()
    return bool(scores[::2].min() > 0 > scores[1::2].max())


def _knows_parity(net: torch.nn.Module) -> bool:
    device = next(net.parameters()).device
    with torch.no_grad():
        logits = _on_cpu(net(CUBE.to(device)))
    if logits.shape != (8, 1):
        raise ValueError(
            f"the logits have shape {tuple(logits.shape)}, not (8, 1)"
        )
    return bool((logits.flatten() * CUBE.prod(dim=1) > 0).all())


CHECKS = {
    "02.1": satisfies(
        _separates,
        expected="a function with values of shape (N,), larger at (1, 1) and "
        "(-1, -1) than at the two others",
        hint="it must depend on whether the two coordinates agree in sign; no "
        "sum of multiples of them can",
    ),
    "02.2": satisfies(
        _right_with_relu,
        expected="(W1, b1, W2, b2) with a positive score at (1, 1) and (-1, -1) "
        "and a negative one at the two others",
        hint="relu(s) + relu(-s) is |s|; which s is large at the circles only?",
    ),
    "02.3": satisfies(
        _knows_parity,
        expected="a net whose logits have the right sign at all 8 corners",
        hint="look at the loss: at ln 2 it knows nothing; try more hidden units, "
        "another start, or more steps",
    ),
}
