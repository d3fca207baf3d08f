"""Hold every claim of the lessons against many seeds.

    python tools/sweep.py [--seeds 20] [--first 0] [--jobs 2] [NUMBER ...]

Each lesson runs from top to bottom once a seed, in a process of its own, as
`LESSONS_SEED=n` runs it. A claim that fails is noted, with its seed, and the
run goes on. The exit status is 1 if any claim failed or any cell raised.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import os
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # one core a job
os.environ["MPLBACKEND"] = "agg"

import nbformat
import torch
from execute import find
from IPython.core.interactiveshell import InteractiveShell
from tqdm import tqdm

from lessons_lib import claims, data, live, plots, train  # noqa: F401, once for all


def run(job: tuple[Path, int]) -> tuple[Path, int, int, float, list[str]]:
    """Run one lesson from one seed.

    Returns
    -------
    tuple
        The lesson, the seed, how many claims were made, the seconds, and
        what failed, one line each.
    """
    path, seed = job
    os.environ["LESSONS_SEED"] = str(seed)
    os.chdir(path.parent)
    made, failed = [], []

    def recording(text: str, holds: object, **measured: object) -> None:
        made.append(text)
        try:
            original(text, holds, **measured)
        except claims.ClaimFailed as error:
            failed.append(" ".join(str(error).split()))

    original, claims.claim = claims.claim, recording
    live._png = lambda figure: b""  # nobody looks at the pictures of a sweep
    shell = InteractiveShell.instance()
    start = time.perf_counter()
    try:
        for i, cell in enumerate(nbformat.read(path, as_version=4).cells):
            if cell.cell_type == "code":
                with (
                    contextlib.redirect_stdout(io.StringIO()),
                    contextlib.redirect_stderr(io.StringIO()),
                ):
                    result = shell.run_cell(cell.source)
                error = result.error_before_exec or result.error_in_exec
                if error:
                    failed.append(f"cell {i}: {type(error).__name__}: {error}")
    finally:
        claims.claim = original
    return path, seed, len(made), time.perf_counter() - start, failed


def main() -> int:
    """Run the sweep and print its table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="NUMBER")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(1)
    paths = [p for n in options.lessons or [""] for p in find(n)]
    seeds = range(options.first, options.first + options.seeds)
    jobs = [(p, seed) for p in paths for seed in seeds]
    rows: dict[Path, list] = {p: [] for p in paths}
    # Forked, one process a job: torch is imported once, nothing is shared.
    context = multiprocessing.get_context("fork")
    with context.Pool(options.jobs, maxtasksperchild=1) as pool:
        results = pool.imap_unordered(run, jobs)
        for path, *row in tqdm(results, total=len(jobs), leave=False):
            rows[path].append(row)
    print(f"{'lesson':32} {'claims':>6} {'seeds passed':>12} {'median s':>8}")
    bad = 0
    for path, results in rows.items():
        passed = sum(not failed for *_, failed in results)
        seconds = sorted(s for _, _, s, _ in results)[len(results) // 2]
        made = max(n for _, n, _, _ in results)
        share = f"{passed}/{len(results)}"
        print(f"{path.stem:32} {made:6} {share:>12} {seconds:8.1f}")
        bad += len(results) - passed
    for path, results in rows.items():
        for seed, _, _, failed in sorted(results):
            for line in failed:
                print(f"{path.stem}, LESSONS_SEED={seed}: {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
