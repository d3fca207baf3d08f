"""What speaks for a claim, and how its ✓ line shows it.

`of_lesson` reads the records in book/verified.json: what a claim's comparisons
measured from each seed, and the change of the lesson that made it fail. `show`
makes the ✓ lines of a page open.
"""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from tools import verified

WORDS = {
    "<": "below",
    "<=": "at most",
    ">": "above",
    ">=": "at least",
    "!=": "other than",
}
STRIPS = 3  # at most, for one claim
# The measures of a strip. Its axis lies on the floor.
WIDTH, HEIGHT, FLOOR = 300, 50, 34
EDGE, FAILING = 6, 36  # kept free on both sides, and on that which fails
TICK, APART = 3, 80  # from a column to the next, and from a label to another
HUGE = 1e300  # what is not finite, or nearly so, is drawn at the edge


@dataclass(frozen=True)
class Series:
    """One comparison of a claim: ``value op threshold`` from each seed."""

    op: str
    threshold: float
    values: list[float | None]

    @property
    def measured(self) -> list[float]:
        """The values, without the seeds that did not measure any."""
        return [v for v in self.values if v is not None and not math.isnan(v)]

    @property
    def varies(self) -> bool:
        """Whether it depends on the seed."""
        return min(self.measured) < max(self.measured)

    @property
    def finite(self) -> list[float]:
        """The measured values that can be drawn where they are."""
        return [v for v in self.measured if abs(v) < HUGE]

    def distance(self, value: float) -> float:
        """How far it is on the side that holds; below 0 on the other."""
        if self.op == "!=":
            return abs(value - self.threshold)
        sign = 1 if ">" in self.op else -1
        return sign * (value - self.threshold)

    def holds(self, value: float | None) -> bool:
        """Whether a seed measured something, and on the side that holds."""
        if value is None or math.isnan(value):
            return False
        distance = self.distance(value)
        return distance > 0 or (distance == 0 and self.op in ("<=", ">="))

    @property
    def closest(self) -> float:
        """The value nearest to failing, or the one that fails most."""
        return min(self.measured, key=self.distance)

    @property
    def margin(self) -> float:
        """The distance of the closest, as a share of the seeds' spread.

        Infinite where nothing spreads, or no side fails.
        """
        if self.op == "!=" or not self.finite:
            return math.inf
        spread = max(self.finite) - min(self.finite)
        return self.distance(self.closest) / spread if spread else math.inf


@dataclass(frozen=True)
class Evidence:
    """What speaks for one claim.

    ``held`` says from which seeds it held, ``series`` what was measured,
    those that came closest first; ``change`` made it fail. Each may be empty.
    """

    held: str
    series: list[Series]
    change: str


def sweep(record: dict[str, Any], code: str) -> tuple[str, dict[str, Any]]:
    """The sweep of a lesson as it stands, and its data; MNIST's if there is."""
    now = {
        data: sweep
        for data, sweep in record.get("swept", {}).items()
        if sweep["code"] == code
    }
    data = "MNIST" if "MNIST" in now else next(iter(now), "")
    return data, now.get(data, {})


def changes(record: dict[str, Any], code: str) -> dict[str, str]:
    """What made the claims of a lesson fail, of the lesson as it stands."""
    mutants = record.get("mutants", {})
    return mutants["claims"] if mutants.get("code") == code else {}


def seen_to_fail(record: dict[str, Any], code: str) -> str:
    """How many claims were, such as ``39 of 44``; nothing if none was tried."""
    mutants = record.get("mutants", {})
    if mutants.get("code") != code:
        return ""
    killed = len(mutants["claims"])
    return f"{killed} of {killed + len(mutants['survived'])}"


def of_lesson(record: dict[str, Any], code: str) -> dict[str, Evidence]:
    """What speaks for the claims of a lesson, by their text.

    Parameters
    ----------
    record : dict
        The record of the lesson in book/verified.json.
    code : str
        `tools.lessons.code_hash` of the lesson; what is known of another
        version is no evidence.
    """
    data, swept = sweep(record, code)
    failed, series = changes(record, code), measured(swept)
    return {
        text: Evidence(
            _held(swept, data, series.get(text, [])) if swept else "",
            series.get(text, []),
            failed.get(text, ""),
        )
        for text in series.keys() | failed.keys()
        if series.get(text) or text in failed
    }


def measured(swept: dict[str, Any]) -> dict[str, list[Series]]:
    """What a sweep measured, by claim; what came closest to failing first."""
    found = {}
    for text, every in swept.get("measured", {}).items():
        series = [Series(**one) for one in every if one["op"] in WORDS]
        series = [one for one in series if one.measured]
        found[text] = sorted(series, key=lambda one: one.margin)
    return found


def smallest_margin(swept: dict[str, Any]) -> float:
    """That of all claims of a sweep; infinite if no measured value varies."""
    every = [s.margin for series in measured(swept).values() for s in series]
    return min(every, default=math.inf)


def _held(swept: dict[str, Any], data: str, series: list[Series]) -> str:
    """From which seeds a claim held.

    A sweep knows which seeds failed, not by which claim: those count against
    each claim that was not measured to hold there.
    """
    seeds = sorted(verified.expand(swept["seeds"]))
    against = sum(
        not series or not all(s.holds(s.values[i]) for s in series)
        for i, seed in enumerate(seeds)
        if seed in swept["failed"]
    )
    number = len(seeds) - against
    how = f"at least {number} of" if against else "each of"
    return f"{how} {len(seeds)} seeds" + (f" on {data}" if data else "")


# --- In words ----------------------------------------------------------------


def number(value: float, digits: int = 3) -> str:
    """A number for people, in so many digits or a few more."""
    while "e+" in (text := f"{value:.{digits}g}") and abs(value) < 1e6:
        digits += 1
    text = re.sub(r"e(-?)\+?0*", r"e\1", text)
    return text.replace("inf", "∞").replace("-", "\N{MINUS SIGN}")


def closest_and_threshold(series: Series) -> tuple[str, str]:
    """Both in as many digits as tell on which side it is."""
    value, threshold = series.closest, series.threshold
    digits, holds = 3, series.holds(value)
    while digits < 17 and series.holds(float(f"{value:.{digits}g}")) != holds:
        digits += 1
    return number(value, digits), number(threshold, max(6, digits))


def sentence(evidence: Evidence) -> str:
    """From which seeds a claim held, and how close they came to failing."""
    said = [f"Held from {evidence.held}"]
    for series in evidence.series[:STRIPS]:
        which = "the closest" if series.varies else "each"
        value, threshold = closest_and_threshold(series)
        no = "" if series.holds(series.closest) else "not "
        said.append(
            f"{which} came to {value}, {no}{WORDS[series.op]} {threshold}"
        )
    return "; ".join(said) + "."


def in_words(series: Series) -> str:
    """What a strip shows, for those who do not see it."""
    values = series.measured
    axis = ", on a logarithmic axis" if logarithmic(series) else ""
    _, threshold = closest_and_threshold(series)
    return (
        f"{len(values)} measured values from {number(min(values))} to "
        f"{number(max(values))}{axis}; it holds {WORDS[series.op]} {threshold}"
    )


# --- The strip ---------------------------------------------------------------


def logarithmic(series: Series) -> bool:
    """Whether all is positive and spans more than a decade."""
    every = [*series.finite, series.threshold]
    return min(every) > 0 and max(every) > 10 * min(every)


def strip(series: Series) -> str:
    """The values of all seeds along an axis, as SVG.

    Seeds that measured about the same stand on each other. The threshold is a
    line, and the side that fails is hatched. book.css says how it looks.
    """
    every = [*series.finite, series.threshold]
    scale = math.log if logarithmic(series) else float
    low, high = scale(min(every)), scale(max(every))
    left, right = EDGE, WIDTH - EDGE
    if "<" in series.op:  # some of the side that fails is always seen
        right -= FAILING
    elif ">" in series.op:
        left += FAILING

    def x(value: float) -> int:
        if abs(value) >= HUGE:
            return WIDTH - TICK if value > 0 else TICK
        share = (scale(value) - low) / (high - low or 1)
        return round(left + (right - left) * share)

    at = x(series.threshold)
    stacks = Counter(round(x(v) / TICK) * TICK for v in series.measured)
    most = max(stacks.values())
    ticks = "".join(
        f"M{place} {FLOOR}v-{max(4, round(18 * stacks[place] / most))}"
        for place in sorted(stacks)
    )
    fails = {"<": range(at, WIDTH - 5, 6), ">": range(at - 6, 0, -6)}
    hatch = "".join(f"M{i} {FLOOR}l6-18" for i in fails.get(series.op[0], ()))
    closest, threshold = closest_and_threshold(series)
    farthest = max(series.measured, key=series.distance)
    labels = {x(series.closest): closest}
    if abs(x(farthest) - x(series.closest)) >= APART:
        labels[x(farthest)] = number(farthest)
    marks = "".join(f"M{place} {FLOOR}v4" for place in labels)
    sign = {"<=": "≤", ">=": "≥", "!=": "≠"}.get(series.op, series.op)
    texts = [_label(place, HEIGHT - 2, labels[place]) for place in labels]
    texts.append(_label(at, 10, f"{sign} {threshold}", "limit"))
    if logarithmic(series):
        texts.append(_label(0 if at > WIDTH / 2 else WIDTH, 10, "log axis"))
    return (
        f'<svg class="strip" role="img" aria-label="{in_words(series)}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="M0 {FLOOR}H{WIDTH}{marks}"/>'
        f'<path class="hatch" d="{hatch}"/><path class="ticks" d="{ticks}"/>'
        f'<path class="limit" d="M{at} 13V{FLOOR + 4}"/>'
        f"{''.join(texts)}</svg>"
    )


def _label(x: int, y: int, text: str, kind: str = "") -> str:
    """A label that stays within the strip."""
    anchor = "start" if x < 36 else "end" if x > WIDTH - 36 else "middle"
    x = {"start": 0, "end": WIDTH}.get(anchor, x)
    look = f' class="{kind}"' if kind else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}"{look}>'
        f"{html.escape(text)}</text>"
    )


# --- On the page -------------------------------------------------------------


def show(soup: BeautifulSoup, known: dict[str, Evidence]) -> None:
    """Make the ✓ lines open for which there is evidence.

    An output that has such lines is cut at them: what is printed between them
    stays as it is, each piece in a box of its own.

    Parameters
    ----------
    soup : BeautifulSoup
        The page, its claims marked; changed in place.
    known : dict of str to Evidence
        What `of_lesson` gives.
    """
    ids = {cell["id"] for cell in soup.select(".cell[id]")}
    for pre in soup.select(".cell_output .highlight > pre"):
        lines = pre.find_all(class_="holds", recursive=False)
        if any(_text(line) in known for line in lines):
            _cut(soup, pre, known, ids)


def _text(line: Tag) -> str:
    return line.get_text().removeprefix("✓ ")


def _cut(
    soup: BeautifulSoup, pre: Tag, known: dict[str, Evidence], ids: set[str]
) -> None:
    """Put the lines that open between boxes of what else is printed."""
    box = pre.parent
    printed: list[PageElement] = []

    def close() -> None:
        if "".join(piece.get_text() for piece in printed).strip():
            kept = soup.new_tag("pre")
            kept.extend(printed)
            around = soup.new_tag("div", attrs=box.attrs)
            around.append(kept)
            box.insert_before(around)
        printed.clear()

    for piece in list(pre.contents):
        claimed = isinstance(piece, Tag) and "holds" in piece.get("class", "")
        if claimed and _text(piece) in known:
            close()
            box.insert_before(_opening(piece, known[_text(piece)], ids))
        elif printed or piece != "\n":  # that one ends the line
            printed.append(piece)
    close()
    box.parent["class"] = [*box.parent.get("class", []), "opening"]
    box.decompose()


def _opening(line: Tag, evidence: Evidence, ids: set[str]) -> Tag:
    """A ✓ line that opens."""
    said = [html.escape(sentence(evidence))] if evidence.held else []
    if evidence.change:
        said.append(f"Seen to fail when, {_change(evidence.change, ids)}.")
    strips = "".join(
        strip(series) for series in evidence.series[:STRIPS] if series.varies
    )
    return BeautifulSoup(
        f'<details class="evidence"><summary>{line}</summary>'
        f"<div>{strips}<p>{' '.join(said)}</p></div></details>",
        "html.parser",
    ).contents[0]


def _change(words: str, ids: set[str]) -> str:
    """What was changed, its code set as code and its cell linked."""
    pieces = html.escape(words).split("`")
    pieces[1::2] = [f"<code>{code}</code>" for code in pieces[1::2]]
    found = re.match(r"in (cell (\d+))", pieces[0])
    if found and f"cell-{found[2]}" in ids:
        link = f'in <a href="#cell-{found[2]}">{found[1]}</a>'
        pieces[0] = link + pieces[0][found.end() :]
    return "".join(pieces)
