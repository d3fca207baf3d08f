"""The checks of lesson 04, backpropagation by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from lessons_lib.exercises import choice, not_answered, satisfies


class _Value:
    """A number that knows its sources, as the lesson's Value does."""

    def __init__(
        self, number: float, sources: Iterable[tuple[Any, float]] = ()
    ) -> None:
        self.number, self.sources, self.grad = number, sources, 0.0

    def __add__(self, other: Any) -> _Value:
        sources = [(self, 1.0), (other, 1.0)]
        return _Value(self.number + other.number, sources)

    def __mul__(self, other: Any) -> _Value:
        sources = [(self, other.number), (other, self.number)]
        return _Value(self.number * other.number, sources)


def _slope(value: Any, start: Any) -> float:
    """How many times a change of ``start`` reaches ``value``."""
    if value is start:
        return 1.0
    return sum(
        float(factor) * _slope(source, start)
        for source, factor in value.sources
    )


def _is_tanh(tanh: Callable[[Any], Any]) -> bool:
    for z in (-2.0, -0.3, 0.0, 0.7, 1.5):
        start = _Value(z)
        value = not_answered(tanh(start))
        right = math.tanh(z)
        if not math.isclose(value.number, right, abs_tol=1e-6):
            return False
        slope = _slope(value, start)
        if not math.isclose(slope, 1 - right**2, abs_tol=1e-6):
            return False
    return True


def _finds_its_layers(net: Any) -> bool:
    if not isinstance(net, nn.Module):
        return False
    shapes = sorted(tuple(p.shape) for p in net.parameters())
    if shapes != [(1,), (1, 3), (3,), (3, 5), (5,), (5, 4)]:
        return False
    device = next(net.parameters()).device
    return tuple(net(torch.ones(2, 4, device=device)).shape) == (2, 1)


CHECKS = {
    "04.1": choice(
        "e",
        options="abcde",
        hints={
            "a": "that is the derivative of the square",
            "b": "every weight of W2 is multiplied by its activation: right",
            "c": "every activation is multiplied by its weight: right",
            "d": "A1 is positive exactly where Z1 is: this mask is right",
        },
    ),
    "04.2": satisfies(
        _finds_its_layers,
        expected="a network 4-5-3-1 whose parameters() gives 47 numbers",
        hint="nn.Module notes layers that are assigned to self; of a list it "
        "takes no notice, but PyTorch has a list of layers that it does note",
    ),
    "04.3": satisfies(
        _is_tanh,
        expected="a function from a Value to a Value: tanh, and its slope",
        hint="the new Value has one source, a, and the factor is the slope of "
        "tanh at a.number",
    ),
}
