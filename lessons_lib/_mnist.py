"""MNIST's files: whether they are there, and the download."""

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
from collections.abc import Callable
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
ANSWER_WITHIN = 3.0  # seconds for the first byte of a mirror
GOES_ON_WITHIN = 10.0  # seconds of silence in the middle of a file
DOWNLOAD_WITHIN = 300.0  # seconds for the whole download
RETRY_AFTER = 600.0  # seconds after which a failed download is tried again
# Disk full, read-only, over quota, too large, forbidden: no mirror's fault.
OURS = (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG, errno.EACCES)


class DataError(RuntimeError):
    """A data set that is not there, not whole, or cannot be stored."""


def complete(raw: Path) -> bool:
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


def read(raw: Path) -> list[torch.Tensor]:
    """Read the four files, in the order of `FILES`, as uint8 tensors.

    Images have shape (N, 28, 28), labels (N,).
    """
    parts = []
    for name, (_, header, shape) in FILES.items():
        flat = np.fromfile(raw / name, dtype=np.uint8)[header:]
        parts.append(torch.from_numpy(flat.reshape(-1, *shape)))
    return parts


def fetch(raw: Path, *, insist: bool) -> str | None:
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
            if complete(raw):  # another process was first
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
    problem = f"no mirror answered within {ANSWER_WITHIN:g} seconds"
    for mirror in MNIST.mirrors:
        if not _answers(mirror + first):
            continue
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


def _answers(url: str) -> bool:
    """Whether ``url`` begins to answer in time."""

    def ask() -> None:
        with urllib.request.urlopen(url, timeout=ANSWER_WITHIN) as response:
            if not response.read(1):
                raise EOFError

    try:
        _in_time(time.monotonic() + ANSWER_WITHIN, ask)
    except (OSError, EOFError, ValueError, HTTPException):
        return False
    return True


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
