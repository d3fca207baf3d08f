"""Hold every claim of the lessons against many seeds.

    python -m tools.sweep [--seeds 20] [--first 0] [--jobs 2] [NUMBER ...]

Each lesson runs from top to bottom once a seed, in a process of its own, as
`LESSONS_SEED=n` runs it. A claim that fails is noted, with its seed, and the
run goes on. The exit status is 1 if any claim failed or any cell raised. The
result is added to book/verified.json: several sweeps of other seeds add up.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # one core a job
os.environ["MPLBACKEND"] = "agg"

from lessons_lib import data, live, plots, train  # noqa: F401, once for all
from tools import lessons, verified


@dataclass(frozen=True)
class Run:
    """One lesson from one seed.

    ``data`` is the data set that it loaded; ``failed`` says what failed, one
    line each.
    """

    path: Path
    seed: int
    code: str
    data: str
    claims: int
    seconds: float
    failed: list[str]


def run(job: tuple[Path, int]) -> Run:
    """Run one lesson from one seed."""
    path, seed = job
    os.environ["LESSONS_SEED"] = str(seed)
    os.chdir(path.parent)
    notebook, session = lessons.read(path), lessons.Session()
    for i, source in lessons.code(notebook):
        session.run(i, source)
    return Run(
        path,
        seed,
        lessons.code_hash(notebook),
        lessons.data(session.printed),
        len(session.claims),
        session.seconds,
        session.wrong,
    )


def put_down(runs: list[Run]) -> None:
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
    paths = lessons.chosen(options.lessons)
    seeds = range(options.first, options.first + options.seeds)
    jobs = [(p, seed) for p in paths for seed in seeds]
    rows: dict[Path, list[Run]] = {p: [] for p in paths}
    for result in lessons.in_processes(run, jobs, options.jobs):
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
