"""MNIST's files: whether they are there, and the download."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import queue
import re
import shutil
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

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
# A file system without locks, as some network folders are.
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
# What a mirror's answer shows, and what helps.
HELP = {
    "CERTIFICATE_VERIFY_FAILED": "This network puts a certificate of its own "
    "in place of the mirrors': name its file in SSL_CERT_FILE",
    r"\b407\b": "The proxy wants to know who you are: "
    "https_proxy=http://NAME:PASSWORD@HOST:PORT",
    r"\b403\b": "This network or the mirror refuses: copy the four files from "
    "elsewhere into the data folder",
    "Name or service not known|Temporary failure in name|getaddrinfo|nodename": (
        "No name is found: there is no network, or it needs https_proxy"
    ),
}


class DataError(RuntimeError):
    """A data set that is not there, not whole, or cannot be stored."""


def locate(raw: Path) -> dict[str, Path]:
    """Which of the four files are there, by their names in `FILES`.

    They may be packed as ``.gz`` and be called ``train-images.idx3-ubyte``,
    as some archives do; they may lie in ``MNIST/raw`` or in one of the two
    folders above it. Their checksums decide.

    Raises
    ------
    DataError
        If one that is there is not MNIST's.
    """
    found = {}
    for name, (md5, *_) in FILES.items():
        for path in _candidates(raw, name):
            if not path.is_file():
                continue
            if _md5(path) != md5:
                raise DataError(
                    f"{path} is not MNIST's (its checksum differs, so it is cut "
                    "short or altered): delete it, and it will be downloaded again"
                )
            found[name] = path
            break
    return found


def _candidates(raw: Path, name: str) -> Iterator[Path]:
    for folder in (raw, raw.parent, raw.parent.parent):
        for variant in (name, name.replace("-idx", ".idx")):
            yield folder / variant
            yield folder / f"{variant}.gz"


def _md5(path: Path) -> str:
    """The checksum of what is in a file, unpacked."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as file:
            return hashlib.file_digest(file, "md5").hexdigest()
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return ""  # no packed file: not MNIST's
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error


def wanted(raw: Path) -> str:
    """What is looked for, and what was found, in words."""
    found = locate(raw)
    there = sorted(p.name for p in raw.glob("*")) if raw.is_dir() else []
    missing = [name for name in FILES if name not in found]
    return (
        f"wanted in {raw}, plain or as .gz: {', '.join(missing)}; "
        f"there: {', '.join(there) or 'nothing'}"
    )


def read(found: dict[str, Path]) -> list[torch.Tensor]:
    """Read the files that `locate` found, as uint8 tensors, as in `FILES`.

    Images have shape (N, 28, 28), labels (N,). Processes that read the same
    files share their memory, unless they are packed.
    """
    parts = []
    for name, (_, header, shape) in FILES.items():
        parts.append(_content(found[name])[header:].view(-1, *shape))
    return parts


def _content(path: Path) -> torch.Tensor:
    """What is in a file, unpacked, as bytes."""
    if path.suffix == ".gz":
        with gzip.open(path) as file:
            content = file.read()
    else:
        size = path.stat().st_size
        with contextlib.suppress(RuntimeError):  # no mapping in this folder
            return torch.from_file(str(path), size=size, dtype=torch.uint8)
        content = path.read_bytes()
    return torch.frombuffer(bytearray(content), dtype=torch.uint8)


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
        with _one_at_a_time(raw.parent / ".lock") as alone:
            if len(locate(raw)) == len(FILES):  # another process was first
                return None
            if not insist and (before := _last_failure(failed)):
                return before
            if alone:  # what a process that was killed left behind
                for left in raw.parent.glob(".part-*"):
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


def _last_failure(failed: Path) -> str | None:
    """Why the last try failed, if it was so lately that none follows yet."""
    if not failed.is_file():
        return None
    again = failed.stat().st_mtime + RETRY_AFTER
    if time.time() >= again:
        failed.unlink()
        return None
    problem = failed.read_text("utf-8", "replace").strip()
    at = time.strftime("%H:%M", time.localtime(again))
    return (
        f"{problem or 'the last try failed'}; not tried again before {at}. "
        f'To try at once: data.load_mnist("mnist"), or delete {failed}'
    )


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[bool]:
    """Hold the lock, where the file system has locks; whether it has.

    Without one several processes may download at once, each into a folder of
    its own: still whole or not at all.
    """
    if not _has_locks(path):
        yield False
        return
    with FileLock(path, timeout=DOWNLOAD_WITHIN + 30):
        yield True


def _has_locks(path: Path) -> bool:
    """Whether files can be locked here; old versions of filelock do not ask."""
    try:
        import fcntl
    except ImportError:  # Windows, where they can
        return True
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in NO_LOCKS
        fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _download(raw: Path) -> str | None:
    """Try each mirror; None once all files are in ``raw``, else the reasons."""
    from torchvision.datasets import MNIST

    deadline = time.monotonic() + DOWNLOAD_WITHIN
    problems = []
    for mirror in MNIST.mirrors:
        host = urllib.parse.urlsplit(mirror).netloc or mirror
        with tempfile.TemporaryDirectory(
            dir=raw.parent, prefix=".part-"
        ) as part:
            try:
                _probe(mirror + MNIST.resources[0][0])
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
                problems.append(f"{host}: {_reason(error)}")
                continue
            for name in FILES:
                (Path(part) / name).replace(raw / name)
            return None
    said = "; ".join(problems)
    helps = [text for sign, text in HELP.items() if re.search(sign, said)]
    return ". ".join([said, *helps])


def _probe(url: str) -> None:
    """Raise unless ``url`` begins to answer in time."""

    def ask() -> None:
        with urllib.request.urlopen(url, timeout=ANSWER_WITHIN) as response:
            if not response.read(1):
                raise EOFError("an empty answer")

    try:
        _in_time(time.monotonic() + ANSWER_WITHIN, ask)
    except TimeoutError:
        raise TimeoutError(
            f"no answer within {ANSWER_WITHIN:g} seconds"
        ) from None


def _reason(error: BaseException) -> str:
    """What went wrong, on one line."""
    if isinstance(error, urllib.error.HTTPError):
        reason = str(error.reason).partition("\n")[0]
        return f"HTTP {error.code} {reason}".strip()
    if isinstance(error, urllib.error.URLError) and error.reason:
        inner = error.reason
        if isinstance(inner, TimeoutError):
            return f"no answer within {ANSWER_WITHIN:g} seconds"
        return " ".join(str(inner).split())
    text = " ".join(str(error).split())
    return (
        text
        if type(error) is TimeoutError
        else (f"{type(error).__name__}: {text}")
    )


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
