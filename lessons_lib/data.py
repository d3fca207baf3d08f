"""MNIST wherever the reader is, and batches that stay on the device."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import queue
import shutil
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import torch
from filelock import FileLock, Timeout

# MD5 of the uncompressed files, bytes before the data, shape of one item.
FILES = {
    "train-images-idx3-ubyte": (
        "6bbc9ace898e44ae57da46a324031adb",
        16,
        (28, 28),
    ),
    "train-labels-idx1-ubyte": ("a25bea736e30d166cdddb491f175f624", 8, ()),
    "t10k-images-idx3-ubyte": (
        "2646ac647ad5339dbf082846283269ea",
        16,
        (28, 28),
    ),
    "t10k-labels-idx1-ubyte": ("27ae3e4e09519cfbb04c329615203637", 8, ()),
}
VALIDATION = 5_000  # the last of the 60,000 training images
ANSWER_WITHIN = 3.0  # seconds for the first byte of any mirror
GOES_ON_WITHIN = 10.0  # seconds of silence in the middle of a file
DOWNLOAD_WITHIN = 300.0  # seconds for the whole download
RETRY_AFTER = 600.0  # seconds after which a failed download is tried again
# Disk full, read-only, over quota, too large, forbidden: no mirror's fault.
OURS = (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG, errno.EACCES)


class DataError(RuntimeError):
    """A data set that is not there, not whole, or cannot be stored."""


@dataclass(frozen=True)
class Digits:
    """Handwritten digits in three parts, and where they came from.

    Attributes
    ----------
    X_train, X_val, X_test : float32 tensors of shape (N, 1, 28, 28)
        Images, from 0 (background) to 1 (ink).
    y_train, y_val, y_test : int64 tensors of shape (N,)
        Labels, 0 to 9.
    source : str
        ``"mnist"``, or ``"digits"`` for the stand-in.
    """

    X_train: torch.Tensor
    y_train: torch.Tensor
    X_val: torch.Tensor
    y_val: torch.Tensor
    X_test: torch.Tensor
    y_test: torch.Tensor
    source: str

    def to(self, device: torch.device | str) -> Digits:
        """The same data on another device."""
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

    Raises
    ------
    ValueError
        If ``source`` is another word.
    DataError
        If a stored file is not MNIST's, the folder cannot be written, or
        MNIST is insisted on and cannot be had.
    """
    if source not in (None, "mnist", "digits"):
        raise ValueError(
            f'source is {source!r}; it may be "mnist" or "digits"'
        )
    why = ""
    if source != "digits":
        raw = data_folder() / "MNIST" / "raw"
        problem = (
            None if _complete(raw) else _fetch(raw, insist=source == "mnist")
        )
        if problem is None:
            digits = _read_mnist(raw)
            _report(digits, "MNIST")
            return digits
        if source == "mnist":
            raise DataError(
                f"MNIST is not in {raw} and could not be downloaded: {problem}. "
                "Copy its four files there, or set LESSONS_DATA_DIR to the folder "
                "that holds MNIST/raw"
            )
        why = f" (MNIST could not be downloaded: {problem})"
    digits = _read_stand_in()
    _report(digits, f"the stand-in, scikit-learn's 8×8 digits enlarged{why}")
    return digits


def data_folder() -> Path:
    """``LESSONS_DATA_DIR``, else a folder in the user's cache."""
    if named := os.environ.get("LESSONS_DATA_DIR"):
        return Path(named).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "lessons_lib"


def batches(
    X: torch.Tensor,
    y: torch.Tensor,
    batch_size: int,
    *,
    shuffle: bool = True,
    drop_last: bool = False,
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Cut one epoch of batches from tensors that stay where they are.

    Parameters
    ----------
    X : tensor of shape (N, ...)
        Inputs.
    y : tensor of shape (N, ...)
        Labels or targets, on the same device.
    batch_size : int
        Samples in a batch; the last one may have fewer.
    shuffle : bool
        Whether each epoch has an order of its own, from torch's seed.
    drop_last : bool
        Whether to leave out a last batch that is not full.

    Yields
    ------
    tuple
        ``X`` and ``y`` of one batch.

    Raises
    ------
    TypeError
        If ``X`` or ``y`` is no tensor, or ``batch_size`` no whole number.
    ValueError
        If there is no sample, the numbers of samples or the devices differ,
        or ``batch_size`` is below 1.
    """
    check_samples(X, y)
    if isinstance(batch_size, bool) or not isinstance(batch_size, int):
        raise TypeError(
            f"batch_size is {batch_size!r}; expected a whole number"
        )
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be at least 1")
    return _batches(X, y, batch_size, shuffle, drop_last)


def _batches(
    X: torch.Tensor,
    y: torch.Tensor,
    batch_size: int,
    shuffle: bool,
    drop_last: bool,
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    n = len(X)
    end = n - n % batch_size if drop_last else n
    order = torch.randperm(n, device=X.device) if shuffle else None
    for start in range(0, end, batch_size):
        if order is None:
            yield X[start : start + batch_size], y[start : start + batch_size]
        else:
            chosen = order[start : start + batch_size]
            yield X[chosen], y[chosen]


def check_tensors(**values: Any) -> None:
    """Raise a TypeError that names the first of ``values`` that is no tensor."""
    for name, value in values.items():
        if not isinstance(value, torch.Tensor):
            kind = type(value).__name__
            raise TypeError(
                f"{name} is a {kind}, not a tensor: try torch.as_tensor({name})"
            )


def check_samples(X: torch.Tensor, y: torch.Tensor) -> None:
    """Raise unless ``X`` and ``y`` are N > 0 samples on one device.

    Raises
    ------
    TypeError
        If one of them is no tensor.
    ValueError
        If there is no sample, or their numbers or devices differ.
    """
    check_tensors(X=X, y=y)
    for name, value in (("X", X), ("y", y)):
        if value.ndim == 0 or len(value) == 0:
            raise ValueError(
                f"{name} has shape {tuple(value.shape)}: there is no sample in it"
            )
    if len(X) != len(y):
        raise ValueError(
            f"X has {len(X)} samples and y has {len(y)}: they must be as many"
        )
    if X.device != y.device:
        raise ValueError(
            f"X is on {X.device} and y on {y.device}: move one of them"
        )


def _report(digits: Digits, name: str) -> None:
    sizes = [
        f"{len(getattr(digits, y)):,}" for y in ("y_train", "y_val", "y_test")
    ]
    train, val, test = sizes
    print(
        f"data: {name}; {train} training, {val} validation, {test} test images"
    )


# --- MNIST's files -----------------------------------------------------------


def _complete(raw: Path) -> bool:
    """Whether all four files are there.

    Raises
    ------
    DataError
        If one that is there is not MNIST's.
    """
    there = [raw / name for name in FILES if (raw / name).is_file()]
    for path in there:
        if _md5(path) != FILES[path.name][0]:
            raise DataError(
                f"{path} is not MNIST's (its checksum differs, so it is cut short "
                "or altered): delete it, and it will be downloaded again"
            )
    return len(there) == len(FILES)


def _md5(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "md5").hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error


def _read_mnist(raw: Path) -> Digits:
    parts = []
    for name, (_, header, shape) in FILES.items():
        flat = np.fromfile(raw / name, dtype=np.uint8)[header:]
        parts.append(torch.from_numpy(flat.reshape(-1, *shape)))
    X, y, X_test, y_test = parts
    X, X_test = (
        images.unsqueeze(1).float().div_(255) for images in (X, X_test)
    )
    y, y_test = y.long(), y_test.long()
    cut = len(X) - VALIDATION
    return Digits(X[:cut], y[:cut], X[cut:], y[cut:], X_test, y_test, "mnist")


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
    labels = torch.from_numpy(y).long()
    parts = [
        t[torch.from_numpy(i)]
        for i in (train, val, test)
        for t in (images, labels)
    ]
    return Digits(*parts, source="digits")


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


# --- The download ------------------------------------------------------------


def _fetch(raw: Path, *, insist: bool) -> str | None:
    """Download MNIST into ``raw``, whole or not at all.

    One process at a time: the others wait, and find it there.

    Returns
    -------
    str or None
        Why it could not be had; None if it is there now.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    failed = raw.parent / "download-failed"
    try:
        raw.mkdir(parents=True, exist_ok=True)
        with FileLock(raw.parent / ".lock", timeout=DOWNLOAD_WITHIN + 30):
            if _complete(raw):  # another process was first
                return None
            if not insist and failed.is_file():
                if time.time() - failed.stat().st_mtime < RETRY_AFTER:
                    return (
                        failed.read_text("utf-8", "replace").strip()
                        or "the last try failed"
                    )
                failed.unlink()
            for left in raw.parent.glob(".part-*"):  # by a process killed
                shutil.rmtree(left, ignore_errors=True)
            problem = _download(raw)
            if problem:
                failed.write_text(problem, "utf-8")
            else:
                failed.unlink(missing_ok=True)
            return problem
    except Timeout:
        return "another process has been downloading it for too long"
    except OSError as error:
        raise DataError(
            f"the data folder {raw} cannot be written ({error.strerror or error}): "
            "set LESSONS_DATA_DIR to a folder that can"
        ) from error


def _download(raw: Path) -> str | None:
    """Try each mirror; None once all files are in ``raw``, else the reason."""
    from torchvision.datasets import MNIST

    deadline = time.monotonic() + DOWNLOAD_WITHIN
    first = MNIST.resources[0][0]
    mirrors = _answering([mirror + first for mirror in MNIST.mirrors])
    problem = f"no mirror answered within {ANSWER_WITHIN:g} seconds"
    for url in mirrors:
        mirror = url.removesuffix(first)
        with tempfile.TemporaryDirectory(
            dir=raw.parent, prefix=".part-"
        ) as part:
            try:
                for name, md5 in MNIST.resources:
                    _in_time(
                        deadline,
                        _download_file,
                        mirror + name,
                        md5,
                        Path(part),
                        deadline,
                    )
            except (OSError, EOFError, ValueError, HTTPException) as error:
                if isinstance(error, OSError) and error.errno in OURS:
                    raise
                problem = f"{mirror} gave {type(error).__name__}: {error}"
                problem = " ".join(problem.split())
                continue
            for name in FILES:
                os.replace(Path(part) / name, raw / name)
            return None
    return problem


def _answering(urls: list[str]) -> Iterator[str]:
    """Those of ``urls`` that begin to answer in time, the quickest first.

    Each is asked in a thread of its own, since looking a name up can hang
    with no limit of its own.
    """
    answers: queue.Queue[str | None] = queue.Queue()

    def ask(url: str) -> None:
        try:
            with urllib.request.urlopen(
                url, timeout=ANSWER_WITHIN
            ) as response:
                answers.put(url if response.read(1) else None)
        except (OSError, ValueError, HTTPException):
            answers.put(None)

    for url in urls:
        threading.Thread(target=ask, args=(url,), daemon=True).start()
    end = time.monotonic() + ANSWER_WITHIN
    for _ in urls:
        with suppress(queue.Empty):
            url = answers.get(timeout=max(0.0, end - time.monotonic()))
            if url is not None:
                yield url


def _too_late() -> TimeoutError:
    return TimeoutError(f"not done after {DOWNLOAD_WITHIN:g} seconds")


def _in_time(deadline: float, work: Callable[..., None], *args: Any) -> None:
    """Call ``work`` in a thread; TimeoutError if it is not done by then.

    A socket's own limit begins anew with each byte, and looking a name up has
    none: a mirror that sends a byte a second would be waited for without end.
    """
    end: queue.Queue[BaseException | None] = queue.Queue()

    def run() -> None:
        try:
            work(*args)
        except BaseException as error:  # raised again in the caller
            end.put(error)
        else:
            end.put(None)

    threading.Thread(target=run, daemon=True).start()
    try:
        error = end.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise _too_late() from None
    if error is not None:
        raise error


def _download_file(url: str, md5: str, folder: Path, deadline: float) -> None:
    """Download and unpack one ``.gz`` file; both must have their checksums.

    Raises
    ------
    OSError, EOFError, ValueError, HTTPException
        If it cannot be had, is cut short, or is another file.
    """
    from tqdm import tqdm

    packed = folder / url.rpartition("/")[2]
    digest = hashlib.md5()
    with (
        urllib.request.urlopen(url, timeout=GOES_ON_WITHIN) as response,
        packed.open("wb") as file,
        tqdm(desc=packed.name, unit="B", unit_scale=True, leave=False) as bar,
    ):
        bar.total = int(response.headers.get("Content-Length") or 0) or None
        while chunk := response.read1(1 << 16):
            if time.monotonic() > deadline:
                raise _too_late()
            digest.update(chunk)
            file.write(chunk)
            bar.update(len(chunk))
    if digest.hexdigest() != md5:
        raise ValueError("a file with a wrong checksum")
    path = packed.with_suffix("")
    with gzip.open(packed) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    packed.unlink()
    if _md5(path) != FILES[path.name][0]:
        raise ValueError("a file with a wrong checksum")
