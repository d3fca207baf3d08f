"""Sentences that are run."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lessons_lib import _compared

if os.environ.get("LESSONS_COMPARE"):
    _compared.switch_on()


class ClaimFailed(AssertionError):
    """A sentence of a lesson that is not true in this run."""


@dataclass(frozen=True)
class Claim:
    """A claim that was made: its sentence, and what became of it."""

    text: str
    holds: bool
    measured: dict[str, Any]


_watchers: list[Callable[[Claim], None]] = []


@contextmanager
def watched(see: Callable[[Claim], None]) -> Iterator[None]:
    """Give each claim to ``see``; one that fails is printed and not raised.

    For runs that go on after a failure, such as those from many seeds.

    Parameters
    ----------
    see : function of Claim
        Called with each claim that is made in the block.
    """
    _watchers.append(see)
    try:
        yield
    finally:
        _watchers.remove(see)


def claim(
    text: str,
    holds: Any,
    *,
    needs: Mapping[str, bool] | None = None,
    **measured: Any,
) -> None:
    """Print ``✓ text`` if the sentence holds, else raise.

    The printed line carries no measured number, so it is the same on every
    machine. The numbers belong in ``measured``: they appear if it fails.

    Parameters
    ----------
    text : str
        The sentence, as a reader would say it.
    holds : bool, or a NumPy or torch value with one boolean element
        Whether it is true.
    needs : mapping of str to bool, optional
        What the sentence speaks of and a machine may lack, and whether it is
        here: ``needs={"MNIST": digits.source == "mnist"}``. The line ends in
        ``(needs MNIST)``; where that is missing, ``holds`` does not count and
        the line is ``– text (needs MNIST, not checked)``.
    **measured
        The values behind the condition, shown if it does not hold.

    Raises
    ------
    ClaimFailed
        If the sentence does not hold; the message shows ``measured``.
    TypeError
        If ``holds`` is no truth value (a number or a string would make a
        claim that cannot fail), ``text`` is no text, or ``needs`` does not
        say True or False of each thing.
    ValueError
        If ``holds`` is a whole array of truth values, or ``text`` or
        ``needs`` is empty.
    RuntimeError
        If ``holds`` is a tensor without values, as on the meta device.
    """
    if not isinstance(text, str) or not text.strip():
        kind = ValueError if isinstance(text, str) else TypeError
        raise kind(f"a claim is a sentence, got {text!r}")
    if needs is not None:
        what = _in_words(text, needs)
        if not all(needs.values()):
            print(f"– {text} (needs {what}, not checked)")
            return
        text = f"{text} (needs {what})"
    if isinstance(holds, torch.Tensor | np.ndarray):
        if holds.dtype not in (torch.bool, np.dtype(bool)):
            raise TypeError(
                f"the condition of {text!r} has dtype {holds.dtype}, "
                "not bool: compare it with something"
            )
        if math.prod(holds.shape) != 1:
            raise ValueError(
                f"the condition of {text!r} has shape {tuple(holds.shape)}: "
                "say which you mean with .all() or .any()"
            )
        holds = holds.item()
    if not isinstance(holds, bool | np.bool_):
        raise TypeError(
            f"the condition of {text!r} is {holds!r}, not True or False: "
            "compare it with something"
        )
    for see in _watchers:
        see(Claim(text, bool(holds), measured))
    if not holds and _watchers:
        print(f"✗ {text}")
        return
    if not holds:
        values = "".join(f"\n  {k} = {v}" for k, v in measured.items())
        raise ClaimFailed(f"✗ {text}{values}")
    print(f"✓ {text}")


def _in_words(text: str, needs: Mapping[str, bool]) -> str:
    """What a claim needs: "MNIST", or "MNIST and two devices"."""
    if not isinstance(needs, Mapping) or not all(
        isinstance(name, str) and isinstance(here, bool)
        for name, here in needs.items()
    ):
        raise TypeError(
            f"needs of {text!r} is {needs!r}: name each thing and whether it "
            'is here, as in needs={"MNIST": True}'
        )
    if not needs:
        raise ValueError(f"needs of {text!r} names nothing: leave it out")
    return " and ".join(needs)
