"""Sentences that are run: claims, and the checks behind the exercises."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from lessons_lib import exercises


class ClaimFailed(AssertionError):
    """A sentence of a lesson that is not true in this run."""


def claim(text: str, holds: Any, **measured: Any) -> None:
    """Print ``✓ text`` if the sentence holds, else raise.

    The printed line carries no measured number, so it is the same on every
    machine. The numbers belong in ``measured``: they appear if it fails.

    Parameters
    ----------
    text : str
        The sentence, as a reader would say it.
    holds : bool, or a NumPy or torch value with one boolean element
        Whether it is true.
    **measured
        The values behind the condition, shown if it does not hold.

    Raises
    ------
    ClaimFailed
        If the sentence does not hold; the message shows ``measured``.
    TypeError
        If ``holds`` is not a single truth value (a number, a string or a
        whole array would make a claim that cannot fail) or ``text`` is no
        text.
    RuntimeError
        If ``holds`` is a tensor without values, as on the meta device.
    """
    if not isinstance(text, str) or not text.strip():
        raise TypeError(f"a claim is a sentence, got {text!r}")
    if isinstance(holds, torch.Tensor | np.ndarray):
        if holds.dtype not in (torch.bool, np.dtype(bool)):
            raise TypeError(
                f"the condition of {text!r} has dtype {holds.dtype}, "
                "not bool: compare it with something"
            )
        if (
            holds.size != 1
            if isinstance(holds, np.ndarray)
            else holds.numel() != 1
        ):
            raise TypeError(
                f"the condition of {text!r} has shape {tuple(holds.shape)}: "
                "say which you mean with .all() or .any()"
            )
        holds = holds.item()
    if not isinstance(holds, bool | np.bool_):
        raise TypeError(
            f"the condition of {text!r} is {holds!r}, not True or False: "
            "compare it with something"
        )
    if not holds:
        values = "".join(f"\n  {k} = {v}" for k, v in measured.items())
        raise ClaimFailed(f"✗ {text}{values}")
    print(f"✓ {text}")


def check(name: str, answer: Any) -> None:
    """Say whether an exercise is answered, and rightly.

    Prints one line: ``○`` not answered yet, ``✓`` right, or ``✗`` with what
    was given, what was expected, and a hint. Never raises on a wrong answer,
    so that the rest of the notebook can still be run.

    Parameters
    ----------
    name : str
        The exercise: lesson, dot, number, such as ``"10.2"``.
    answer : object
        The reader's answer, or ``...`` while there is none.

    Raises
    ------
    KeyError
        If there is no exercise of that name.
    """
    print(exercises.evaluate(name, answer).line)
