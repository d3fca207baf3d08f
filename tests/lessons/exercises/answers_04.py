"""Right and wrong answers to the exercises of lesson 04."""

import math
from itertools import pairwise

from torch import nn


class Value:
    """The lesson's."""

    def __init__(self, number, sources=()):
        self.number, self.sources, self.grad = number, sources, 0.0

    def __mul__(self, other):
        sources = [(self, other.number), (other, self.number)]
        return Value(self.number * other.number, sources)


class Layers(nn.Module):
    """4-5-3-1, with its layers kept by ``store``."""

    def __init__(self, store, sizes=(4, 5, 3, 1)):
        super().__init__()
        self.layers = store([nn.Linear(i, o) for i, o in pairwise(sizes)])

    def forward(self, X):
        """All layers, one after the other."""
        for layer in self.layers:
            X = layer(X).relu()
        return X


def named():
    net = Layers(lambda layers: None)
    net.a, net.b, net.c = nn.Linear(4, 5), nn.Linear(5, 3), nn.Linear(3, 1)
    net.layers = [net.a, net.b, net.c]
    return net


def tanh(a):
    t = math.tanh(a.number)
    return Value(t, [(a, 1 - t * t)])


def by_the_sigmoid(a):
    """From the sigmoid s: tanh z is 2 s(2 z) - 1, and the slope of s is s (1 - s)."""
    double = a * Value(2.0)
    s = 1 / (1 + math.exp(-double.number))
    return Value(2 * s - 1, ((double, 2 * s * (1 - s)),))


def number_alone(a):
    return Value(math.tanh(a.number))


def slope_of_the_wrong_number(a):
    return Value(math.tanh(a.number), [(a, 1 - a.number**2)])


def slope_one(a):
    return Value(math.tanh(a.number), [(a, 1.0)])


def a_float(a):
    return math.tanh(a.number)


RIGHT = {
    "04.1": ["e", "(E)", " e "],
    "04.2": [
        Layers(nn.ModuleList),
        named(),
        nn.Sequential(nn.Linear(4, 5), nn.Linear(5, 3), nn.Linear(3, 1)),
    ],
    "04.3": [tanh, by_the_sigmoid],
}

WRONG = {
    "04.1": ["a", "b", "c", "d", "f", "the mask"],
    "04.2": [
        Layers(list),
        Layers(nn.ModuleList, (4, 5, 1)),
        Layers(nn.ModuleList, (4, 3, 5, 1)),
        Layers,
        nn.ModuleList([nn.Linear(4, 5), nn.Linear(5, 3), nn.Linear(3, 1)]),
        47,
    ],
    "04.3": [
        number_alone,
        slope_of_the_wrong_number,
        slope_one,
        a_float,
        lambda a: None,
        math.tanh,
    ],
}
