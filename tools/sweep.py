"""Hold every claim of the lessons against many seeds.

    python tools/sweep.py [--seeds 20] [--first 0] [--jobs 2] [NUMBER ...]

Each lesson runs from top to bottom once a seed, in a process of its own, as
`LESSONS_SEED=n` runs it. A claim that fails is noted, with its seed, and the
run goes on. The exit status is 1 if any claim failed or any cell raised. The
result is added to book/verified.json: several sweeps of other seeds add up.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import os
import sys
import time
from importlib import metadata
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # one core a job
os.environ["MPLBACKEND"] = "agg"

import nbformat
import torch
import verified
from execute import find
from IPython.core.interactiveshell import InteractiveShell
from tqdm import tqdm

from lessons_lib import claims, data, live, plots, train  # noqa: F401, once for all


def run(job: tuple[Path, int]) -> verified.Run:
    """Run one lesson from one seed."""
    path, seed = job
    os.environ["LESSONS_SEED"] = str(seed)
    os.chdir(path.parent)
    made, failed, sources = [], [], set()

    def recording(text: str, holds: object, **measured: object) -> None:
        made.append(text)
        try:
            original(text, holds, **measured)
        except claims.ClaimFailed as error:
            failed.append(" ".join(str(error).split()))

    original, claims.claim = claims.claim, recording
    load = data.load_mnist

    def noting(*args: object, **options: object) -> data.Digits:
        digits = load(*args, **options)
        sources.add({"mnist": "MNIST"}.get(digits.source, digits.source))
        return digits

    data.load_mnist = noting
    live._png = lambda figure: b""  # nobody looks at the pictures of a sweep
    shell = InteractiveShell.instance()
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    try:
        for i, cell in enumerate(notebook.cells):
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
        claims.claim, data.load_mnist = original, load
    return verified.Run(
        path,
        seed,
        verified.code_hash(notebook),
        ", ".join(sorted(sources)),
        len(made),
        time.perf_counter() - start,
        failed,
    )


def put_down(runs: list[verified.Run]) -> None:
    """Add the runs of one lesson to what is known of it."""
    source = ", ".join(sorted({r.data for r in runs if r.data}))
    for code in sorted({r.code for r in runs}):  # it may have been edited
        these = [r for r in runs if r.code == code]
        verified.swept(
            these[0].path.stem,
            code,
            source,
            seeds=[r.seed for r in these],
            failed=[r.seed for r in these if r.failed],
            claims=max(r.claims for r in these),
            torch=metadata.version("torch"),
        )


def main() -> int:
    """Run the sweep and print its table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="NUMBER")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count(),
        help="processes side by side, one core each (default: %(default)s)",
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    paths = [p for n in options.lessons or [""] for p in find(n)]
    seeds = range(options.first, options.first + options.seeds)
    jobs = [(p, seed) for p in paths for seed in seeds]
    rows: dict[Path, list[verified.Run]] = {p: [] for p in paths}
    # Forked, one process a job: torch is imported once, nothing is shared.
    context = multiprocessing.get_context("fork")
    with context.Pool(options.jobs, maxtasksperchild=1) as pool:
        results = pool.imap_unordered(run, jobs)
        for result in tqdm(results, total=len(jobs), leave=False):
            rows[result.path].append(result)
    print(f"{'lesson':32} {'claims':>6} {'seeds passed':>12} {'median s':>8}")
    bad = 0
    for path, runs in rows.items():
        passed = sum(not r.failed for r in runs)
        seconds = sorted(r.seconds for r in runs)[len(runs) // 2]
        made = max(r.claims for r in runs)
        share = f"{passed}/{len(runs)}"
        print(f"{path.stem:32} {made:6} {share:>12} {seconds:8.1f}")
        bad += len(runs) - passed
        put_down(runs)
    for path, runs in rows.items():
        for r in sorted(runs, key=lambda r: r.seed):
            for line in r.failed:
                print(f"{path.stem}, LESSONS_SEED={r.seed}: {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
