"""Run lessons from a clean kernel and store their outputs.

    python tools/execute.py [NUMBER ...]

Without a number, all of them. A lesson whose run fails keeps the outputs it
had. A run that went through is put down in book/verified.json, and its time
in the lesson's first cell.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import verified
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

BOOK = Path(__file__).resolve().parent.parent / "book"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def main(numbers: list[str]) -> int:
    """Run the lessons of these numbers; the exit status."""
    paths = [p for n in numbers or [""] for p in find(n)]
    failed = 0
    for path in paths:
        try:
            record = execute(path)
        except (CellExecutionError, RuntimeError) as error:
            failed += 1
            print(f"{path.stem}: FAILED, its stored outputs stay\n{error}")
            continue
        verified.executed(path.stem, record)
        print(
            f"{path.stem}: {record['claims']} claims hold, "
            f"{record['seconds']:.1f} s",
            flush=True,
        )
    return 1 if failed else 0


def find(number: str) -> list[Path]:
    """The lessons whose name begins with this number."""
    prefix = number.zfill(2) + "-" if number else ""
    paths = sorted(BOOK.glob(f"{prefix}*.ipynb"))
    if not paths:
        raise SystemExit(f"there is no lesson {number!r} in {BOOK}")
    return paths


def execute(path: Path) -> dict[str, Any]:
    """Run one lesson and store its outputs; what to put down about the run.

    Raises
    ------
    CellExecutionError
        If a cell raises.
    RuntimeError
        If a cell writes anything but a progress bar to stderr.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(BOOK)}},
    )
    start = time.perf_counter()
    client.execute()
    seconds = time.perf_counter() - start
    printed = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = tidy(cell.outputs, cell.source)
            text = "".join(o.get("text", "") for o in cell.outputs)
            printed += text.splitlines()
    device = [s for s in printed if s.startswith("running on: ")]
    record = {
        "code": verified.code_hash(notebook),
        "date": verified.today(),
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
        "numpy": metadata.version("numpy"),
        "device": device[0][12:].partition(", torch")[0] if device else "",
        "seconds": round(seconds, 1),
        "claims": sum(line.startswith("✓ ") for line in printed),
    }
    say_time(notebook, record)
    notebook.metadata = nbformat.from_dict(METADATA)
    temporary = path.with_suffix(".tmp")
    nbformat.write(notebook, temporary)
    os.replace(temporary, path)
    return record


def say_time(notebook: NotebookNode, record: dict[str, Any]) -> None:
    """Write the measured time into the lesson's first cell.

    It is the time on a processor that a reader is told, so the line stays as
    it is after a run on a GPU.
    """
    if record["device"].startswith("cpu"):
        cores = {1: "one CPU core", 2: "two CPU cores"}.get(
            os.cpu_count(), f"{os.cpu_count()} CPU cores"
        )
        notebook.cells[0].source = re.sub(
            r"(?m)^(\*\*Running time:\*\*) .*$",
            rf"\1 {verified.about(record['seconds'])} on {cores}.",
            notebook.cells[0].source,
        )


def tidy(outputs: list[NotebookNode], source: str) -> list[NotebookNode]:
    """Merge runs of stdout, and drop the progress bars on stderr."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.get("name") == "stderr":
            if "\r" not in output.text:
                raise RuntimeError(f"on stderr: {output.text}\nby:\n{source}")
        elif (
            output.get("name") == "stdout"
            and kept
            and kept[-1].get("name") == "stdout"
        ):
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
