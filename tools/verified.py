"""What was verified of each lesson: the records in book/verified.json.

Written by execute.py and sweep.py, shown by book_site.py. A record carries a
hash of the code that it speaks of, so one of older code is known as such.
"""

from __future__ import annotations

import datetime
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from tools import lessons
from tools.margins import Series

if TYPE_CHECKING:
    from lessons_lib._compared import Measured

FILE = lessons.BOOK / "verified.json"
NUMBERS = re.compile(r'\[\n[^][{}"]*\]')  # a list of them, one a line


def load(file: Path | None = None) -> dict[str, Any]:
    """All records: those of a lesson under the name of its file."""
    file = file or FILE
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def today() -> str:
    """The date in UTC, such as 2026-01-31."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def executed(lesson: str, record: dict[str, Any]) -> None:
    """Put down that a lesson was run and its outputs stored."""
    _change(lesson, lambda records: records.update(executed=record))


def again(lesson: str, record: dict[str, Any]) -> None:
    """Put down that each cell of a lesson can be run again."""
    _change(lesson, lambda records: records.update(again=record))


def hunted(lesson: str, record: dict[str, Any]) -> None:
    """Put down which change of a lesson's code made each claim fail."""
    _change(lesson, lambda records: records.update(mutants=record))


def swept(
    lesson: str,
    code: str,
    data: str,
    seeds: Iterable[int],
    failed: Iterable[int],
    claims: int,
    torch: str,
    measured: Mapping[int, Mapping[str, Mapping[int, Measured]]],
) -> dict[str, Any]:
    """Put down from which seeds a lesson was run, and what was measured.

    Seeds that were swept before with the same code and data stay; one that
    was swept again counts as it went the last time. So several short sweeps
    add up to a long one, and no sweep takes anything away.

    Parameters
    ----------
    lesson : str
        The name of its file, without the ending.
    code : str
        `lessons.code_hash` of the lesson that was run.
    data : str
        The data set that it loaded, such as ``"MNIST"``, or ``""``.
    seeds, failed : int
        All seeds of the sweep, and those from which a claim failed or a cell
        raised.
    claims : int
        How many claims a run makes.
    torch : str
        The version of torch.
    measured : dict
        For each seed the `lessons.Session.measured` of its run.

    Returns
    -------
    dict
        The record of this data set, the earlier sweeps in it.
    """
    seeds, failed = set(seeds), set(failed)
    series = _series(measured)

    def change(records: dict[str, Any]) -> None:
        sweeps = records.setdefault("swept", {})
        old = sweeps.get(data, {})
        if old.get("code") == code:
            failed.update(set(old["failed"]) - seeds)
            _add(series, margins(old), swept_again=set(seeds))
            seeds.update(expand(old["seeds"]))
        sweeps[data] = {
            "code": code,
            "date": today(),
            "torch": torch,
            "claims": claims,
            "seeds": ranges(seeds),
            "failed": sorted(failed),
            "measured": {
                text: [one.stored(sorted(seeds)) for one in several]
                for text, several in series.items()
                if any(one.values for one in several)
            },
        }

    return _change(lesson, change)["swept"][data]


def margins(sweep: dict[str, Any]) -> dict[str, list[Series]]:
    """What a sweep's record says of each claim that compares numbers.

    One series for each comparison in its condition; one that was never made
    (the second of ``a or b``, if ``a`` holds from all seeds) has no values.
    """
    seeds = sorted(expand(sweep["seeds"]))
    return {
        text: [Series.read(one, seeds) for one in several]
        for text, several in sweep.get("measured", {}).items()
    }


def _series(
    measured: Mapping[int, Mapping[str, Mapping[int, Measured]]],
) -> dict[str, list[Series]]:
    """The series of each claim, in order."""
    found: dict[str, dict[int, dict[int, Measured]]] = {}
    for seed, claims in measured.items():
        for text, pairs in claims.items():
            places = found.setdefault(text, {})
            for place, pair in pairs.items():
                places.setdefault(place, {})[seed] = pair
    return {
        text: [
            Series.of(places.get(place, {}))
            for place in range(max(places, default=-1) + 1)
        ]
        for text, places in found.items()
    }


def _add(
    series: dict[str, list[Series]],
    old: dict[str, list[Series]],
    swept_again: set[int],
) -> None:
    """Add to the series of each claim those of earlier sweeps."""
    for text, several in old.items():
        new = series.get(text, [])
        pairs = zip_longest(several, new, fillvalue=Series("<", 0, {}))
        series[text] = [a.without(swept_again).merged(b) for a, b in pairs]


def ranges(seeds: Iterable[int]) -> list[list[int]]:
    """{0, 1, 2, 5} as [[0, 2], [5, 5]]."""
    found: list[list[int]] = []
    for seed in sorted(seeds):
        if found and seed == found[-1][1] + 1:
            found[-1][1] = seed
        else:
            found.append([seed, seed])
    return found


def expand(found: Iterable[list[int]]) -> set[int]:
    """[[0, 2], [5, 5]] as {0, 1, 2, 5}."""
    return {seed for a, b in found for seed in range(a, b + 1)}


def about(seconds: float) -> str:
    """A time for people: "about 15 seconds", "about 3 minutes"."""
    step = 1 if seconds < 10 else 5
    if seconds < 58:
        n, unit = max(1, step * round(seconds / step)), "second"
    else:
        n, unit = max(1, round(seconds / 60)), "minute"
    return f"about {n} {unit}{'s' * (n != 1)}"


def _change(
    lesson: str, change: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Change the records of one lesson; others may write at the same time."""
    with FileLock(Path(tempfile.gettempdir()) / "lessons-verified.lock"):
        records = load(FILE)
        change(records.setdefault(lesson, {}))
        text = json.dumps(
            dict(sorted(records.items())), indent=1, ensure_ascii=False
        )
        text = NUMBERS.sub(lambda found: re.sub(r"\s+", "", found[0]), text)
        temporary = FILE.with_suffix(".tmp")
        temporary.write_text(text + "\n", "utf-8")
        temporary.replace(FILE)
    return records[lesson]
