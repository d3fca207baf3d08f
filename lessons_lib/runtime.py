"""Where the tensors live, from which seed, and how long it took."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from lessons_lib._checks import check_whole

# The kinds of device, and how many of each this machine has.
DEVICES: dict[str, Callable[[], int]] = {
    "cpu": lambda: 1,
    "cuda": lambda: torch.cuda.device_count(),
    "mps": lambda: int(torch.backends.mps.is_available()),
}


def get_device(name: str | None = None) -> torch.device:
    """The device to compute on.

    Parameters
    ----------
    name : str, optional
        ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``. Without it, the
        environment variable ``LESSONS_DEVICE``; without that, the first of
        CUDA, MPS and CPU that this machine has.

    Returns
    -------
    torch.device

    Raises
    ------
    TypeError
        If ``name`` is no text.
    ValueError
        If there is no such device, in PyTorch or on this machine.
    """
    if not isinstance(name, str | None):
        raise TypeError(f"the device is {name!r}; expected text such as 'cpu'")
    name = name or os.environ.get("LESSONS_DEVICE")
    if not name:
        if torch.cuda.is_available():
            name = "cuda"
        else:
            name = "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or device.type not in DEVICES:
        raise ValueError(
            f"unknown device {name!r}: LESSONS_DEVICE may be cpu, cuda or mps"
        )
    if (device.index or 0) >= DEVICES[device.type]():
        raise ValueError(
            f"this machine has no device {name!r}: set LESSONS_DEVICE=cpu, "
            "or leave it unset to take the best device there is"
        )
    return device


def use_device(name: str | None = None) -> torch.device:
    """`get_device`, and a printed line that says which it is.

    Parameters
    ----------
    name : str, optional
        As for `get_device`.

    Returns
    -------
    torch.device

    Raises
    ------
    TypeError, ValueError
        As `get_device` does.
    """
    device = get_device(name)
    if device.type == "cuda":
        what = torch.cuda.get_device_name(device)
    elif device.type == "cpu":
        n = torch.get_num_threads()
        what = "1 thread" if n == 1 else f"{n} threads"
    else:
        what = {"mps": "Apple GPU"}.get(device.type, "GPU")
    print(f"running on: {device.type} ({what}), torch {torch.__version__}")
    return device


def worker_device(processes: int | None = None) -> tuple[torch.device, str]:
    """The device of one of several processes, and the backend between them.

    A GPU for each process, connected by NCCL, where this machine has as many
    as processes and `get_device` would take a GPU; NCCL refuses two processes
    on one. Else the CPU for all of them, connected by gloo.

    Parameters
    ----------
    processes : int, optional
        How many will run on this machine, for a program that is none of
        them. Without it, what torchrun told this process in
        ``LOCAL_WORLD_SIZE``, or 1 if torchrun did not start it.

    Returns
    -------
    tuple of torch.device and str
        The GPU of torchrun's ``LOCAL_RANK``, else the first one, made the
        current one, and ``"nccl"``; or the CPU and ``"gloo"``.

    Raises
    ------
    TypeError
        If ``processes`` is no whole number.
    ValueError
        If ``processes`` is below 1, or ``LESSONS_DEVICE`` names no device.
    """
    place = 0
    if processes is None:
        processes = 1
        # A cluster sets such variables as well, in every program.
        if torch.distributed.is_torchelastic_launched():
            processes = int(os.environ["LOCAL_WORLD_SIZE"])
            place = int(os.environ["LOCAL_RANK"])
    check_whole("processes", processes, 1)
    wanted = get_device().type
    enough = torch.cuda.device_count() >= processes
    if wanted == "cuda" and enough and torch.distributed.is_nccl_available():
        device = torch.device("cuda", place)
        torch.cuda.set_device(device)
        return device, "nccl"
    return torch.device("cpu"), "gloo"


def set_seed(n: int = 0) -> None:
    """Seed Python's, NumPy's and torch's random numbers.

    The seed is ``n`` plus 1,000 times the environment variable
    ``LESSONS_SEED`` (0 if unset): with it a whole lesson runs from another
    seed, and its own seeds stay distinct.

    Parameters
    ----------
    n : int
        From 0 on.

    Raises
    ------
    TypeError
        If ``n`` is no whole number.
    ValueError
        If ``n`` is below 0, or ``LESSONS_SEED`` no whole number from 0 on.
    """
    check_whole("the seed", n, 0)
    text = os.environ.get("LESSONS_SEED") or "0"
    if not text.isdecimal():
        raise ValueError(
            f"LESSONS_SEED is {text!r}: it must be a whole number from 0 on"
        )
    seed = (int(text) * 1000 + n) % 2**32  # NumPy takes 32 bits
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def synchronize() -> None:
    """Wait until the GPU has done what it was given; nothing on a CPU."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    elif torch.backends.mps.is_available():
        torch.mps.synchronize()


@dataclass
class Time:
    """What `timer` measured, in seconds; NaN until the block has ended.

    Attributes
    ----------
    seconds : float
        By the clock on the wall.
    processor : float
        What this program computed: the turns of other programs do not count.
    """

    seconds: float = float("nan")
    processor: float = float("nan")


@contextmanager
def timer(label: str) -> Iterator[Time]:
    """Time a block, GPU work included, and print ``time: 1.23 s (label)``.

    Parameters
    ----------
    label : str
        What the block does.

    Yields
    ------
    Time
        Its numbers are set when the block ends.
    """
    result = Time()
    synchronize()
    start, worked = time.perf_counter(), time.process_time()
    yield result
    synchronize()
    result.seconds = time.perf_counter() - start
    result.processor = time.process_time() - worked
    print(f"time: {result.seconds:.2f} s ({label})")
