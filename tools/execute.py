"""Run lessons from a clean kernel and store their outputs.

    python tools/execute.py [NUMBER ...]

Without a number, all of them. A lesson whose run fails keeps the outputs it
had.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import nbformat
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
        start = time.perf_counter()
        try:
            claims = execute(path)
        except (CellExecutionError, RuntimeError) as error:
            failed += 1
            print(f"{path.stem}: FAILED, its stored outputs stay\n{error}")
            continue
        seconds = time.perf_counter() - start
        print(
            f"{path.stem}: {claims} claims hold, {seconds:.1f} s", flush=True
        )
    return 1 if failed else 0


def find(number: str) -> list[Path]:
    """The lessons whose name begins with this number."""
    prefix = number.zfill(2) + "-" if number else ""
    paths = sorted(BOOK.glob(f"{prefix}*.ipynb"))
    if not paths:
        raise SystemExit(f"there is no lesson {number!r} in {BOOK}")
    return paths


def execute(path: Path) -> int:
    """Run one lesson and store its outputs; the number of its claims.

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
    client.execute()
    claims = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = tidy(cell.outputs, cell.source)
            text = "".join(o.get("text", "") for o in cell.outputs)
            claims += sum(line.startswith("✓ ") for line in text.splitlines())
    notebook.metadata = nbformat.from_dict(METADATA)
    temporary = path.with_suffix(".tmp")
    nbformat.write(notebook, temporary)
    os.replace(temporary, path)
    return claims


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
