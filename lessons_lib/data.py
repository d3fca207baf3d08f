"""MNIST wherever the reader is, and batches that stay on the device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lessons_lib import _mnist
from lessons_lib._checks import check_samples, check_whole
from lessons_lib._mnist import DataError

__all__ = [
    "DataError",
    "Digits",
    "Images",
    "batches",
    "data_folder",
    "load_mnist",
]

VALIDATION = 5_000  # the last of the 60,000 training images


@dataclass(frozen=True, eq=False)
class Images:
    """Images that are kept as bytes, in a quarter of the memory of numbers.

    What is picked from them becomes numbers: ``images[:24]`` is a float32
    tensor from 0 (background) to 1 (ink), and ``images[:]`` holds all.

    Attributes
    ----------
    pixels : uint8 tensor of shape (N, 1, H, W)
        From 0 to 255.
    """

    pixels: torch.Tensor

    def __getitem__(self, rows: Any) -> torch.Tensor:
        """The images of these rows as numbers."""
        return self.pixels[rows].float().div_(255)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.pixels)

    def __getattr__(self, name: str) -> Any:
        """Say what helps where somebody takes them for a tensor."""
        raise AttributeError(
            f"images kept as bytes have no {name!r}; pick some, as images[:24], "
            "or all, as images[:], and you have a tensor"
        )

    @property
    def shape(self) -> torch.Size:
        """As a tensor's."""
        return self.pixels.shape

    @property
    def device(self) -> torch.device:
        """Where they are."""
        return self.pixels.device

    def to(self, device: torch.device | str) -> Images:
        """The same images on another device.

        Parameters
        ----------
        device : device or str
            Where they shall be.

        Returns
        -------
        Images
        """
        return Images(self.pixels.to(device))


@dataclass(frozen=True)
class Digits:
    """Handwritten digits in three parts, and where they came from.

    Attributes
    ----------
    X_train, X_val, X_test : Images of shape (N, 1, 28, 28)
        Kept as bytes; picked, they are numbers from 0 (background) to 1 (ink).
    y_train, y_val, y_test : int64 tensors of shape (N,)
        Labels, 0 to 9.
    source : str
        ``"mnist"``, or ``"digits"`` for the stand-in.
    """

    X_train: Images
    y_train: torch.Tensor
    X_val: Images
    y_val: torch.Tensor
    X_test: Images
    y_test: torch.Tensor
    source: str

    def to(self, device: torch.device | str) -> Digits:
        """The same data on another device.

        Parameters
        ----------
        device : device or str
            Where the tensors shall be.

        Returns
        -------
        Digits
        """
        parts = {k: v for k, v in vars(self).items() if k != "source"}
        return Digits(
            **{k: v.to(device) for k, v in parts.items()}, source=self.source
        )


def load_mnist(source: str | None = None) -> Digits:
    """Load MNIST, or a stand-in where it cannot be had; print which.

    Looks in the folder named by ``LESSONS_DATA_DIR``, else in the user's
    cache folder; then downloads from torchvision's mirrors into that folder;
    then falls back to scikit-learn's 1,797 handwritten digits, enlarged from
    8×8 to 28×28. A download that failed is not tried again for ten minutes.
    It waits 3 seconds for a mirror's first byte, 10 for the next ones, 300
    for the whole download, and 330 for another process that downloads.
    Training, validation and test part: 55,000, 5,000 and 10,000 images of
    MNIST; 1,197, 300 and 300 of the stand-in.

    Parameters
    ----------
    source : {"mnist", "digits"}, optional
        Insist on one of the two.

    Returns
    -------
    Digits
        On the CPU.

    Raises
    ------
    TypeError
        If ``source`` is no text.
    ValueError
        If ``source`` is another word.
    DataError
        If a stored file is not MNIST's, the folder cannot be written, or
        MNIST is insisted on and cannot be had.
    """
    if source is not None and source not in ("mnist", "digits"):
        kind = ValueError if isinstance(source, str) else TypeError
        raise kind(f'source is {source!r}; it may be "mnist" or "digits"')
    why = ""
    if source != "digits":
        raw = data_folder() / "MNIST" / "raw"
        found, problem = _mnist.locate(raw), None
        if len(found) < len(_mnist.FILES):
            problem = _mnist.fetch(raw, insist=source == "mnist")
            found = found if problem else _mnist.locate(raw)
        if problem is None:
            digits = _split(*_mnist.read(found))
            _report(digits, "MNIST")
            return digits
        if source == "mnist":
            raise DataError(
                f"MNIST could not be downloaded: {problem}. Copy its files, or "
                "set LESSONS_DATA_DIR to the folder that holds MNIST/raw "
                f"({_mnist.wanted(raw)})"
            )
        why = f" (MNIST could not be downloaded: {problem}"
        why += f"; {_mnist.wanted(raw)})" if found else ")"
    digits = _read_stand_in()
    _report(digits, f"the stand-in, scikit-learn's 8×8 digits enlarged{why}")
    return digits


def data_folder() -> Path:
    """``LESSONS_DATA_DIR``, else a folder in the user's cache.

    A relative path counts from where the reader gave the command, which is
    not always where the notebook runs.

    Returns
    -------
    Path
        That of the folder, which may not be there yet.
    """
    if named := os.environ.get("LESSONS_DATA_DIR"):
        folder = Path(named).expanduser()
        stood = Path(os.environ.get("PWD", ""), folder)
        return stood if stood.exists() or not folder.exists() else folder
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "lessons_lib"


def batches(
    X: torch.Tensor | Images,
    y: torch.Tensor,
    batch_size: int,
    *,
    shuffle: bool = True,
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Cut one epoch of batches from tensors that stay where they are.

    Parameters
    ----------
    X : tensor of shape (N, ...), or Images
        Inputs.
    y : tensor of shape (N, ...)
        Labels or targets, on the same device.
    batch_size : int
        Samples in a batch; the last one may have fewer.
    shuffle : bool
        Whether each epoch has an order of its own, from torch's seed.

    Yields
    ------
    tuple
        ``X`` and ``y`` of one batch.

    Raises
    ------
    TypeError
        If ``X`` or ``y`` is neither, or ``batch_size`` no whole number.
    ValueError
        If there is no sample, the numbers of samples or the devices differ,
        or ``batch_size`` is below 1.
    """
    check_samples(X, y)
    check_whole("batch_size", batch_size, 1)
    return _batches(X, y, batch_size, shuffle)


def _batches(
    X: torch.Tensor | Images, y: torch.Tensor, batch_size: int, shuffle: bool
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """What `batches` yields; apart from it, as that checks when it is called."""
    rows = X.pixels if isinstance(X, Images) else X
    for X_batch, y_batch in _cut(rows, y, batch_size, shuffle):
        yield Images(X_batch)[:] if rows is not X else X_batch, y_batch


def _cut(
    X: torch.Tensor, y: torch.Tensor, batch_size: int, shuffle: bool
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    if not shuffle:
        yield from zip(X.split(batch_size), y.split(batch_size), strict=True)
        return
    # `index_select` copies whole rows: for images, many times as quick as X[rows].
    order = torch.randperm(len(X), device=X.device)
    for rows in order.split(batch_size):
        yield X.index_select(0, rows), y.index_select(0, rows)


def _report(digits: Digits, name: str) -> None:
    sizes = [
        f"{len(getattr(digits, y)):,}" for y in ("y_train", "y_val", "y_test")
    ]
    train, val, test = sizes
    print(
        f"data: {name}; {train} training, {val} validation, {test} test images"
    )


def _split(
    X: torch.Tensor,
    y: torch.Tensor,
    X_test: torch.Tensor,
    y_test: torch.Tensor,
) -> Digits:
    """What the files hold as `Digits`: the validation part is taken apart."""
    X, X_test = X.unsqueeze(1), X_test.unsqueeze(1)
    y, y_test = y.long(), y_test.long()
    cut = len(X) - VALIDATION
    train, val, test = map(Images, (X[:cut], X[cut:], X_test))
    return Digits(train, y[:cut], val, y[cut:], test, y_test, "mnist")


def _read_stand_in() -> Digits:
    """The 8×8 digits as MNIST is made: 20×20, put into 28×28 by their mass."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    X, y = load_digits(return_X_y=True)
    rest, test = train_test_split(
        np.arange(len(y)), test_size=300, stratify=y, random_state=0
    )
    train, val = train_test_split(
        rest, test_size=300, stratify=y[rest], random_state=0
    )
    small = torch.from_numpy(X).float().view(-1, 1, 8, 8) / 16
    large = torch.nn.functional.interpolate(
        small, size=(20, 20), mode="bilinear"
    )
    images = _centred(torch.nn.functional.pad(large, (4, 4, 4, 4)))
    pixels = images.mul(255).round().byte()
    labels = torch.from_numpy(y).long()
    X_train, X_val, X_test = (Images(pixels[i]) for i in (train, val, test))
    y_train, y_val, y_test = (labels[i] for i in (train, val, test))
    return Digits(X_train, y_train, X_val, y_val, X_test, y_test, "digits")


def _centred(images: torch.Tensor) -> torch.Tensor:
    """Move each image (N, 1, 28, 28) by whole pixels, as MNIST's were.

    In MNIST's files the centre of mass is at pixel 14 of each axis, from 0.
    """
    at = torch.arange(28.0)
    ink = images.sum(dim=(1, 2, 3))
    down = (14 - images.sum(dim=(1, 3)) @ at / ink).round().int()
    across = (14 - images.sum(dim=(1, 2)) @ at / ink).round().int()
    moves = zip(images, down.tolist(), across.tolist(), strict=True)
    return torch.stack([x.roll((d, a), dims=(1, 2)) for x, d, a in moves])
