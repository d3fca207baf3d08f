"""Hold every claim of the lessons against many seeds.

    python -m tools.sweep [--seeds 20] [--first 0] [--jobs 2] [NUMBER ...]

Each lesson runs from top to bottom once a seed, in a process of its own, as
`LESSONS_SEED=n` runs it. A claim that fails is noted, with its seed, and the
run goes on. The exit status is 1 if any claim failed or any cell raised. The
result is added to book/verified.json: several sweeps of other seeds add up.

Of each claim that compares numbers the table gives the worst value, the
threshold, and the margin as a share of what the seeds spread (see `margins`).
A claim that holds by too small a share is warned of; it is no failure.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["OMP_NUM_THREADS"] = "1"  # one core a job
os.environ["MPLBACKEND"] = "agg"

from lessons_lib import data, live, plots, train  # noqa: F401, once for all
from tools import lessons, margins, verified

if TYPE_CHECKING:
    from lessons_lib._compared import Measured


@dataclass(frozen=True)
class Run:
    """One lesson from one seed.

    ``data`` is the data set that it loaded; ``measured`` has every claim in
    it; ``failed`` says what failed, one line each.
    """

    path: Path
    seed: int
    code: str
    data: str
    claims: int
    measured: dict[str, dict[int, Measured]]
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
        session.measured,
        session.seconds,
        session.wrong,
    )


def put_down(runs: list[Run]) -> dict[str, Any]:
    """Add the runs of one lesson to what is known of it; that record."""
    source = ", ".join(sorted({r.data for r in runs if r.data}))
    record = {}
    for code in sorted({r.code for r in runs}):  # it may have been edited
        these = [r for r in runs if r.code == code]
        record = verified.swept(
            these[0].path.stem,
            code,
            source,
            seeds=[r.seed for r in these],
            failed=[r.seed for r in these if r.failed],
            claims=max(r.claims for r in these),
            torch=metadata.version("torch"),
            measured={r.seed: r.measured for r in these},
        )
    return record


def table(
    texts: Iterable[str], record: dict[str, Any]
) -> Iterator[tuple[str, bool]]:
    """A line for each claim, and whether it warns."""
    known = verified.margins(record)
    width = max(map(len, texts), default=0)
    for text in texts:
        several = [one for one in known.get(text, []) if one.values]
        if not several:
            yield f"  {text:{width}}  exact", False
            continue
        least = min(several, key=lambda one: one.share)
        share = f"{least.share:.0%}" if least.share < 10 else "over 1,000%"
        share = "same from all" if math.isinf(least.share) else share
        yield (
            f"  {text:{width}}  {least!s:22} {share:>13}",
            least.share < margins.SHARE,
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
    bad, thin = 0, []
    for path, runs in rows.items():
        passed = sum(not r.failed for r in runs)
        seconds = sorted(r.seconds for r in runs)[len(runs) // 2]
        made = max(r.claims for r in runs)
        share = f"{passed}/{len(runs)}"
        print(f"{path.stem:32} {made:6} {share:>12} {seconds:8.1f}")
        bad += len(runs) - passed
        texts = list(dict.fromkeys(t for r in runs for t in r.measured))
        for line, warns in table(texts, put_down(runs)):
            print(line)
            if warns:
                thin.append(f"{path.stem}: {' '.join(line.split())}")
    for path, runs in rows.items():
        for r in sorted(runs, key=lambda r: r.seed):
            for line in r.failed:
                print(f"{path.stem}, LESSONS_SEED={r.seed}: {line}")
    if thin:
        print(f"margins of less than {margins.SHARE:.0%} of the spread:")
        print(*thin, sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
