"""The lessons: where they are, what is in them, and how one is run.

`in_kernel` runs a lesson as Jupyter does; a `Session` runs it in this process,
cell by cell, and goes on where a claim fails.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import linecache
import multiprocessing
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

if TYPE_CHECKING:
    from lessons_lib._compared import Measured
    from lessons_lib.claims import Claim

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"


def find(number: str = "") -> list[Path]:
    """The lessons whose name begins with this number; without one, all.

    Raises
    ------
    SystemExit
        If there is none.
    """
    prefix = number.zfill(2) + "-" if number else "[0-9][0-9]-"
    paths = sorted(BOOK.glob(f"{prefix}*.ipynb"))
    if not paths:
        raise SystemExit(f"there is no lesson {number!r} in {BOOK}")
    return paths


def chosen(numbers: Iterable[str]) -> list[Path]:
    """The lessons of these numbers; all of them if there is no number."""
    return [path for number in [*numbers] or [""] for path in find(number)]


def read(path: Path) -> NotebookNode:
    """The notebook in a file."""
    return nbformat.read(path, as_version=4)


def code(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """The code cells: where each stands among all cells, and its source."""
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            yield i, cell.source


def code_hash(notebook: NotebookNode) -> str:
    """A hash of the code cells of a lesson.

    Without the first, which is the same in all lessons and carries the
    repository's address: a new address is no new lesson.
    """
    _, *sources = [source for _, source in code(notebook)]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]


def device(printed: str) -> str:
    """The device that a lesson said it ran on, such as ``cpu (2 threads)``."""
    found = re.search(r"(?m)^running on: (.*?)(?:, torch .*)?$", printed)
    return found[1] if found else ""


def data(printed: str) -> str:
    """The data set that a lesson said it loaded: ``MNIST``, ``digits`` or none."""
    found = re.search(r"(?m)^data: (.*)$", printed)
    if not found:
        return ""
    return "MNIST" if found[1].startswith("MNIST;") else "digits"


def claimed(notebook: NotebookNode) -> list[str]:
    """The claims in the stored outputs; answers that are right are none."""
    printed = "".join(
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("name") == "stdout"
    )
    ticked = re.findall(r"(?m)^✓ (.*)$", printed)
    return [x for x in ticked if not re.fullmatch(r"\d\d\.\d+ is right", x)]


def in_kernel(
    notebook: NotebookNode,
    *,
    folder: Path | None = None,
    kernel: str = "python3",
    **hooks: Any,
) -> float:
    """Run a notebook in a kernel of its own; the seconds that it took.

    Its outputs go into ``notebook``. ``hooks`` are those of nbclient.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises.
    """
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        timeout=1200,
        kernel_name=kernel,
        record_timing=False,
        resources={"metadata": {"path": str(folder or BOOK)}},
        **hooks,
    )
    start = time.perf_counter()
    client.execute()
    return time.perf_counter() - start


def in_a_child(work: Callable[..., str], *arguments: object) -> str:
    """What ``work`` returns in a fork of this process."""
    reader, writer = os.pipe()
    child = os.fork()  # noqa: TID251, where it lacks its tests are skipped
    if child == 0:
        with os.fdopen(writer, "w") as file:
            try:
                file.write(work(*arguments))
            except BaseException as error:
                file.write(f"{type(error).__name__}: {error}")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        answer = file.read()
    os.waitpid(child, 0)
    return answer


def in_processes(
    work: Callable[[Any], Any], jobs: Sequence[Any], count: int | None
) -> Iterator[Any]:
    """What ``work`` makes of each job, as they end; a progress bar.

    Forked, so that torch is imported once; a process of one thread for each
    job, ``count`` at a time, so that nothing is shared.
    """
    import torch
    from tqdm import tqdm

    torch.set_num_threads(1)
    context = multiprocessing.get_context("fork")
    with context.Pool(count, _independent, maxtasksperchild=1) as pool:
        results = pool.imap_unordered(work, jobs)
        yield from tqdm(results, total=len(jobs), leave=False)


def _independent() -> None:
    """Let a process of a pool have children, as a DataLoader's workers."""
    me = multiprocessing.current_process()
    me._config["daemon"] = False  # type: ignore[attr-defined]


@dataclass
class Session:
    """A lesson that runs in this process, with its figures dropped.

    Attributes
    ----------
    names : dict
        The lesson's variables.
    claims : list of Claim
        The claims made so far, those that failed among them.
    measured : dict
        For each claim's text the pairs of numbers that it rests on, by their
        place in its condition; of a claim made several times, the pair with
        the smallest margin. Empty for a claim that compares no numbers.
    errors : list of str
        What cells raised, one line each.
    printed : str
        What the lesson printed.
    seconds : float
        How long its cells took.
    """

    names: dict[str, Any] = field(
        default_factory=lambda: {"__name__": "__main__"}
    )
    claims: list[Claim] = field(default_factory=list)
    measured: dict[str, dict[int, Measured]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    printed: str = ""
    seconds: float = 0.0

    def run(self, index: int, source: str) -> bool:
        """Run one cell; whether it came to its end."""
        import matplotlib.pyplot as plt
        from IPython.core.inputtransformer2 import TransformerManager

        from lessons_lib import _compared, claims
        from lessons_lib.live import figure

        look = self.names[_compared.NAME] = _compared.Look()

        def see(claim: Claim) -> None:
            self.claims.append(claim)
            known = self.measured.setdefault(claim.text, {})
            for place, pair in look.seen.items():
                # One that fails is not what a claim that holds rests on.
                if pair.holds or not claim.holds:
                    known[place] = _compared.decisive(known.get(place), pair)
            look.begin()

        text = TransformerManager().transform_cell(source)
        name = f"<cell {index}>"
        linecache.cache[name] = len(text), None, text.splitlines(True), name
        out, start = io.StringIO(), time.perf_counter()
        try:
            with (
                claims.watched(see),
                figure.without_stills(),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                tree = _compared.Claims().visit(ast.parse(text, name))
                ast.fix_missing_locations(tree)
                code = compile(tree, name, "exec")
                exec(code, self.names)  # noqa: S102, that is what it is for
        except Exception as error:  # whatever the lesson raises
            line = " ".join(str(error).split())
            self.errors.append(f"cell {index}: {type(error).__name__}: {line}")
            return False
        finally:
            self.seconds += time.perf_counter() - start
            self.printed += out.getvalue()
            plt.close("all")
        return True

    @property
    def wrong(self) -> list[str]:
        """The claims that failed, with their values, and what was raised."""
        failed = [
            " ".join(
                [f"✗ {c.text}", *(f"{k} = {v}" for k, v in c.measured.items())]
            )
            for c in self.claims
            if not c.holds
        ]
        return failed + self.errors
