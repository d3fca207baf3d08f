"""Run each cell of a lesson twice, and again after the whole lesson.

    python -m tools.again [--jobs 2] [NUMBER ...]

Readers go back and run a cell again. Each time a cell must come to its end,
its claims must hold, and it must print what is stored, as far as nbval
compares it. After the lesson each cell runs in a fork of its own, so that
none sees what another one's second run left behind. A lesson that passes is
put down in book/verified.json; the exit status is 1 if one does not.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MPLBACKEND"] = "agg"

from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns
from tqdm import tqdm

from lessons_lib import data, live, plots, train  # noqa: F401, once for all
from tools import lessons, verified

MEMORY = 8 << 30  # bytes that a lesson may hold
SECONDS = 120  # that a cell may take
RULES = get_sanitize_patterns(
    (lessons.ROOT / "tests/nbval.cfg").read_text("utf-8")
)


def main() -> int:
    """Run the lessons; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="NUMBER")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    paths = lessons.chosen(options.lessons)
    failed = 0
    results = lessons.in_processes(run, paths, options.jobs)
    for path, cells, seconds, wrong in results:
        failed += bool(wrong)
        tqdm.write(
            f"{path.stem}: {cells} cells, each three times, "
            f"{seconds:.0f} s, {len(wrong)} wrong"
        )
        for line in wrong:
            tqdm.write(f"  {line}")
        if not wrong:
            code = lessons.code_hash(lessons.read(path))
            record = {"code": code, "cells": cells}
            verified.again(path.stem, record)
    return 1 if failed else 0


def run(path: Path) -> tuple[Path, int, float, list[str]]:
    """Run one lesson: its cells, the seconds, and what went wrong."""
    os.chdir(path.parent)
    # A cell that finds other values than it was written for may never end.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    start = time.perf_counter()
    notebook = lessons.read(path)
    wrong = list(problems(notebook))
    cells = len(list(lessons.code(notebook)))
    return path, cells, time.perf_counter() - start, wrong


def problems(notebook: NotebookNode) -> Iterator[str]:
    """What differs when a cell is run again, one line each."""
    session = lessons.Session()
    for i, source in lessons.code(notebook):
        for when in ("the first time", "twice in a row"):
            found = difference(session, i, source, notebook)
            if found:
                yield f"cell {i}, {when}: {found}"
    for i, source in lessons.code(notebook):
        found = lessons.in_a_child(difference, session, i, source, notebook)
        if found:
            yield f"cell {i}, after the whole lesson: {found}"


def difference(
    session: lessons.Session, i: int, source: str, notebook: NotebookNode
) -> str:
    """Run a cell; what differs from what is stored, or ``""``."""
    errors, claims = len(session.errors), len(session.claims)
    before = len(session.printed)
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    session.run(i, source)
    signal.alarm(0)
    if session.errors[errors:]:
        return session.errors[-1].partition(": ")[2]
    false = [c.text for c in session.claims[claims:] if not c.holds]
    if false:
        return f"✗ {false[0]}"
    stored = "".join(
        output.text
        for output in notebook.cells[i].outputs
        if output.get("name") == "stdout"
    )
    old, new = (
        comparable(text).splitlines()
        for text in (stored, session.printed[before:])
    )
    changed = [
        line for line in difflib.ndiff(old, new) if line[:2] in ("- ", "+ ")
    ]
    return "; ".join(changed[:4])


def too_long(*_: object) -> None:
    """Raise where a cell is not done in time."""
    raise TimeoutError(f"not done after {SECONDS} seconds")


def comparable(text: str) -> str:
    """What nbval compares of an output."""
    for regex, replace in RULES:
        text = re.sub(regex, replace, text)
    return text


if __name__ == "__main__":
    sys.exit(main())
