"""Change the code of the lessons by machine: each claim must be seen to fail.

    python -m tools.mutants [--minutes 10] [--jobs 2] [NUMBER ...]

A lesson is run once, in order and as it stands, and before each of its code
cells the process forks: the fork waits, and a changed cell starts from there.
So a mutant costs only the cells from the changed one to the claim that it is
aimed at, without those that do not matter to that claim (`mutations` says which).
A claim that turns to ✗ is killed; a mutant that makes a cell raise kills only
what had been claimed before. Claims, prints, plots, live figures and exercises
are left alone. What killed each claim, and how many mutants the others have
survived, is put down in book/verified.json: a later run goes on from there.
The exit status is 1 while a claim is alive.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

os.environ |= {
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "CUDA_VISIBLE_DEVICES": "",  # a process that used a GPU cannot fork
    "LESSONS_DEVICE": "cpu",
    "LESSONS_SEED": "",
}

from IPython.core.inputtransformer2 import TransformerManager
from tqdm import tqdm

from lessons_lib import data, live, plots, train  # noqa: F401, once for all
from tools import lessons, mutations, verified

Cells = Sequence[tuple[int, str]]
MEMORY = 8 << 30  # bytes that a mutant may hold
PATIENCE = 5, 4  # a mutant's seconds: these, and so many times the usual


@dataclass(frozen=True)
class Job:
    """A changed cell, and the cells to run after it, by their places."""

    place: int
    source: str
    then: tuple[int, ...]
    seconds: int


@dataclass
class Target:
    """A claim that is to be seen to fail.

    Attributes
    ----------
    text : str
        The claim.
    place : int
        Its cell.
    jobs : iterator
        The mutants to try, the most promising first, in words and as jobs.
    tried : int
        How many of them it has survived.
    """

    text: str
    place: int
    jobs: Iterator[tuple[str, Job]] = field(default_factory=lambda: iter(()))
    tried: int = 0


# --- The processes -----------------------------------------------------------


def serve(
    connection: Connection, session: lessons.Session, cells: Cells
) -> None:
    """Wait before a cell for jobs; each runs in a fork of its own."""
    while True:
        job = connection.recv()
        child = os.fork()  # noqa: TID251, it needs the fork
        if child == 0:
            connection.send(claims_of(job, session, cells))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            connection.send({})


def claims_of(
    job: Job, session: lessons.Session, cells: Cells
) -> dict[str, bool]:
    """Run a job: the claims made before a cell raised, and whether they hold."""
    session.claims.clear()
    # Of the processor's seconds, as the machine may be busy; but what waits
    # needs none.
    for signum, timer, patience in (
        (signal.SIGPROF, signal.ITIMER_PROF, 1),
        (signal.SIGALRM, signal.ITIMER_REAL, 10),
    ):
        signal.signal(signum, too_long)
        signal.setitimer(timer, patience * job.seconds)
    sources = [(cells[job.place][0], job.source)]
    sources += [cells[place] for place in job.then]
    with contextlib.suppress(TimeoutError):  # between two cells
        all(session.run(i, source) for i, source in sources)
    for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
        signal.setitimer(timer, 0)
    found: dict[str, bool] = {}
    for claim in session.claims:
        found[claim.text] = found.get(claim.text, True) and claim.holds
    return found


def too_long(*_: object) -> None:
    """Raise where a mutant is not done in time."""
    raise TimeoutError("not done in time")


def work(connection: Connection, folder: Path, cells: Cells) -> None:
    """Run a lesson, forking before each cell; then pass jobs on to the forks.

    First it sends each cell's seconds and claims.
    """
    import torch

    torch.set_num_threads(1)
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    session = lessons.Session()
    forks: list[tuple[int, Connection]] = []
    report = []
    try:
        for i, source in cells:
            here, there = multiprocessing.Pipe()
            process = os.fork()  # noqa: TID251, it needs the fork
            if process == 0:
                serve(there, session, cells)
            forks.append((process, here))
            claims, seconds = len(session.claims), session.seconds
            session.run(i, source)
            made = [c.text for c in session.claims[claims:]]
            report.append((session.seconds - seconds, made))
        connection.send((report, session.wrong))
        while (job := connection.recv()) is not None:
            _, fork = forks[job.place]
            fork.send(job)
            connection.send(fork.recv())
    finally:
        for process, _ in forks:
            os.kill(process, signal.SIGKILL)
        os._exit(0)


@contextlib.contextmanager
def workers(
    folder: Path, cells: Cells, count: int
) -> Iterator[list[Connection]]:
    """Start so many workers; at the end they are told to stop."""
    context = multiprocessing.get_context("fork")
    hands = []
    for _ in range(count):
        here, there = context.Pipe()
        context.Process(target=work, args=(there, folder, cells)).start()
        there.close()
        hands.append(here)
    try:
        yield hands
    finally:
        for hand in hands:
            with contextlib.suppress(BrokenPipeError):
                hand.send(None)


# --- What to try -------------------------------------------------------------


def jobs_for(
    lesson: mutations.Lesson,
    fixed: set[int],
    seconds: Sequence[float],
    target: Target,
) -> Iterator[tuple[str, Job]]:
    """The mutants for a claim, the most promising first.

    Those near the claim come before those far away, quick ones before slow
    ones, and those of a line that the claim hangs on before others.
    """
    web = lesson.web(target.place, target.text)
    queue = []
    for distance, (at, needed) in enumerate(web):
        if at in fixed:
            continue
        then = lesson.completed(
            at, {p for p, _ in web if p > at} | {target.place} - {at}
        )
        usual = sum(seconds[p] for p in (at, *then))
        limit = int(PATIENCE[0] + PATIENCE[1] * usual) + 1
        changes = mutations.of(lesson, at, needed)
        for rank, (words, source) in enumerate(changes):
            job = Job(at, source, then, limit)
            queue.append((rank + 3 * distance + 3 * usual, words, job))
    queue.sort(key=lambda entry: entry[0])
    for _, words, job in queue:
        yield words, job


def parse(source: str) -> ast.Module:
    """The syntax tree of a cell."""
    return ast.parse(TransformerManager().transform_cell(source))


def is_exercise(source: str) -> bool:
    """Whether a cell asks for an answer or gives one."""
    return "check(" in source or "# @title Solution" in source


# --- One lesson --------------------------------------------------------------


@dataclass
class Hunt:
    """A lesson whose claims are to be killed."""

    path: Path
    minutes: float
    jobs: int
    killed: dict[str, str] = field(default_factory=dict)
    survived: dict[str, int] = field(default_factory=dict)
    tried: int = 0
    spent: float = 0.0
    controls: dict[Job, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        notebook = lessons.read(self.path)
        self.code = lessons.code_hash(notebook)
        cells = list(lessons.code(notebook))
        trees = [parse(source) for _, source in cells]
        plain = mutations.Lesson(trees).without_shows()
        self.lesson = mutations.Lesson(plain)
        self.cells = [
            (i, ast.unparse(tree))
            for (i, _), tree in zip(cells, plain, strict=True)
        ]
        exercises = (at for at, (_, s) in enumerate(cells) if is_exercise(s))
        self.fixed = {0, *exercises}
        record = verified.load().get(self.path.stem, {}).get("mutants", {})
        if record.get("code") == self.code:
            self.killed = dict(record["claims"])
            self.survived = dict(record["survived"])
            self.tried, self.spent = record["tried"], record["minutes"]

    def run(self) -> None:
        """Try mutants until every claim is killed or the time is spent.

        Raises
        ------
        SystemExit
            If a claim fails, or a cell raises, in the lesson as it stands.
        """
        start, before = time.monotonic(), self.spent
        with workers(self.path.parent, self.cells, self.jobs) as hands:
            for hand in hands:
                report, wrong = hand.recv()
            if wrong:
                raise SystemExit(f"{self.path.stem}, as it stands: {wrong}")
            alive = self.targets(report)
            busy: dict[Any, tuple[str, Job]] = {}
            total = len(alive) + len(self.killed)
            try:
                with tqdm(total=total, leave=False, unit="claim") as bar:
                    while True:
                        bar.set_postfix_str(f"{self.tried} tried", False)
                        bar.update(len(self.killed) - bar.n)
                        for hand in hands:
                            job = None
                            if hand not in busy and self.spent < self.minutes:
                                job = self.next(alive)
                            if job:
                                busy[hand] = job
                                hand.send(job[1])
                        if not busy:
                            break
                        for ready in wait([*busy]):
                            self.see(ready, *busy.pop(ready))
                        alive = [t for t in alive if t.text not in self.killed]
                        self.spent = before + (time.monotonic() - start) / 60
            finally:
                self.survived = {t.text: t.tried for t in alive}
                self.put_down()

    def targets(
        self, report: Sequence[tuple[float, list[str]]]
    ) -> list[Target]:
        """The claims that are alive, each with the mutants it has not seen."""
        seconds = [s for s, _ in report]
        places = {
            text: place
            for place, (_, texts) in enumerate(report)
            for text in texts
        }
        alive = []
        for text, place in places.items():
            if text not in self.killed:
                target = Target(text, place, tried=self.survived.get(text, 0))
                target.jobs = jobs_for(
                    self.lesson, self.fixed, seconds, target
                )
                for _ in range(target.tried):
                    next(target.jobs, None)
                alive.append(target)
        return alive

    def see(self, hand: Any, words: str, job: Job) -> None:
        """Note which claims a mutant has killed.

        Where cells were left out, they are left out of the lesson as it
        stands as well: a claim that fails then was not killed by the mutant.
        """
        found = hand.recv()
        self.tried += 1
        number, source = self.cells[job.place]
        false = {t for t, holds in found.items() if not holds}
        false -= self.killed.keys()
        end = max(job.then, default=job.place)
        if false and len(job.then) < end - job.place:
            control = replace(job, source=source)
            if control not in self.controls:
                hand.send(control)
                found = hand.recv()
                self.controls[control] = {t for t, ok in found.items() if ok}
            false &= self.controls[control]
        for text in false:
            self.killed[text] = f"in cell {number}, {words}"

    def put_down(self) -> None:
        """Write what is known now into the records."""
        record = {
            "code": self.code,
            "tried": self.tried,
            "minutes": round(self.spent, 1),
            "claims": self.killed,
            "survived": self.survived,
        }
        verified.hunted(self.path.stem, record)

    @staticmethod
    def next(alive: list[Target]) -> tuple[str, Job] | None:
        """The next mutant, for the claim that has survived the fewest."""
        for target in sorted(alive, key=lambda t: t.tried):
            job = next(target.jobs, None)
            if job:
                target.tried += 1
                return job
        return None


def main() -> int:
    """Hunt the claims of the lessons and print the table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="NUMBER")
    parser.add_argument(
        "--minutes",
        type=float,
        default=10,
        help="the most that a lesson may take, earlier runs of the same code "
        "included (default: %(default)s)",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    alive = 0
    print("| lesson | claims | mutants | killed | minutes |")
    print("|---|--:|--:|--:|--:|")
    for path in lessons.chosen(options.lessons):
        hunt = Hunt(path, options.minutes, options.jobs)
        hunt.run()
        claims = len(hunt.killed) + len(hunt.survived)
        tqdm.write(
            f"| {path.stem} | {claims} | {hunt.tried} | {len(hunt.killed)} "
            f"| {hunt.spent:.1f} |"
        )
        for text, tried in hunt.survived.items():
            tqdm.write(f"  alive after {tried} mutants: {text}")
        alive += len(hunt.survived)
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
