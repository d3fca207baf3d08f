"""Figures that the reader drives in the page: no kernel, no other host.

Each function returns a `Live` output. Its HTML carries its own data and
script; where no script runs, it shows a still picture.
"""

from lessons_lib.live.activations import activations
from lessons_lib.live.backprop import backprop
from lessons_lib.live.descent import descent
from lessons_lib.live.digit import digit
from lessons_lib.live.figure import Live
from lessons_lib.live.frames import frames
from lessons_lib.live.perceptron import perceptron
from lessons_lib.live.trainer import trainer

__all__ = [
    "Live",
    "activations",
    "backprop",
    "descent",
    "digit",
    "frames",
    "perceptron",
    "trainer",
]
