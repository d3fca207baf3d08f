"""Run lessons from a clean kernel and store their outputs.

    python -m tools.execute [NUMBER ...]

Without a number, all of them. A lesson whose run fails keeps the outputs it
had. A run that went through is put down in book/verified.json, and its time
in the lesson's first cell.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tools import lessons, verified

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
    failed = 0
    for path in lessons.chosen(numbers):
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


def execute(path: Path) -> dict[str, Any]:
    """Run one lesson and store its outputs; what to put down about the run.

    Raises
    ------
    CellExecutionError
        If a cell raises.
    RuntimeError
        If a cell writes anything but a progress bar to stderr.
    """
    notebook = lessons.read(path)
    seconds = lessons.in_kernel(notebook)
    printed = ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = tidy(cell.outputs, cell.source)
            printed += "".join(o.get("text", "") for o in cell.outputs)
    record = {
        "code": lessons.code_hash(notebook),
        "date": verified.today(),
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
        "numpy": metadata.version("numpy"),
        "device": lessons.device(printed),
        "seconds": round(seconds, 1),
        "claims": len(lessons.claimed(notebook)),
    }
    say_time(notebook, record)
    notebook.metadata = nbformat.from_dict(METADATA)
    temporary = path.with_suffix(".tmp")
    nbformat.write(notebook, temporary)
    temporary.replace(path)
    return record


def say_time(notebook: NotebookNode, record: dict[str, Any]) -> None:
    """Write the measured time into the lesson's first cell.

    It is the time on a processor that a reader is told, so the line stays as
    it is after a run on a GPU.
    """
    if record["device"].startswith("cpu"):
        n = os.cpu_count() or 1
        cores = {1: "one CPU core", 2: "two CPU cores"}.get(
            n, f"{n} CPU cores"
        )
        notebook.cells[0].source = re.sub(
            r"(\*\*Running time:\*\*) [^·\n]*(?= ·)",
            rf"\1 {verified.about(record['seconds'])} on {cores}",
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
