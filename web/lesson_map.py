"""The lessons and what each needs, as a drawing whose boxes are links."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import pairwise

WIDTH, HIGH, GAP = 360, 34, 20  # of the drawing, of a box, between two rows


def draw(titles: Mapping[str, str], needs: Mapping[str, list[str]]) -> str:
    """The drawing as HTML, in one line.

    A lesson stands one row below the lowest that it needs. An arrow that
    only repeats what others say is left out.

    Parameters
    ----------
    titles : mapping of str to str
        The lessons in order: names of pages, and titles.
    needs : mapping of str to list of str
        For each lesson, those that come before it.

    Returns
    -------
    str
    """
    rows: dict[str, int] = {}
    for name in titles:
        rows[name] = max((rows[n] + 1 for n in needs[name]), default=0)
    beside = [
        [name for name in titles if rows[name] == row]
        for row in range(max(rows.values()) + 1)
    ]
    column = WIDTH / max(map(len, beside))
    wide = min(column, WIDTH / 2) - 10
    places: dict[str, tuple[float, float]] = {}
    for row, names in enumerate(beside):
        # below what it needs, or side by side if that is too narrow
        above = [[places[n][0] for n in direct(x, needs)] for x in names]
        across = [sum(xs) / len(xs) if xs else WIDTH / 2 for xs in above]
        if any(b - a < column for a, b in pairwise(across)):
            half = (len(names) - 1) / 2
            across = [
                WIDTH / 2 + (i - half) * column for i in range(len(names))
            ]
        for name, x in zip(names, across, strict=True):
            places[name] = x, row * (HIGH + GAP)
    arrows, boxes = [], []
    for name, title in titles.items():
        x, y = places[name]
        for before in direct(name, needs):
            x0, y0 = places[before]
            arrows.append(
                f'<path d="M{x0:g} {y0 + HIGH}C{x0:g} {y0 + HIGH + GAP / 2:g}'
                f" {x:g} {y - GAP / 2:g} {x:g} {y - 2:g}"
                'm-4 -5l4 5l4 -5"/>'
            )
        after = " and ".join(titles[n] for n in needs[name])
        label = f"{title}, after {after}" if after else title
        boxes.append(
            f'<a href="{name}.html" aria-label="{escape(label)}">'
            f'<rect x="{x - wide / 2:g}" y="{y}" width="{wide:g}" '
            f'height="{HIGH}" rx="6"/>{words(title, x, y)}</a>'
        )
    high = max(y for _, y in places.values()) + HIGH + 2
    return (
        '<nav class="map" aria-label="The lessons, and what each needs">'
        f'<svg viewBox="0 -1 {WIDTH} {high}">'
        f"{''.join(arrows)}{''.join(boxes)}</svg></nav>"
    )


def direct(name: str, needs: Mapping[str, list[str]]) -> list[str]:
    """What a lesson needs and none of the others that it needs does."""

    def all_before(name: str) -> set[str]:
        found = set(needs[name])
        return found.union(*(all_before(n) for n in needs[name]))

    implied = set().union(*(all_before(n) for n in needs[name]))
    return [n for n in needs[name] if n not in implied]


def words(title: str, x: float, y: float) -> str:
    """A title in its box: in one line, or two of like length."""
    parts = title.split()
    lines = [title]
    if len(title) > 14:

        def longer(cut: int) -> int:
            return max(len(" ".join(parts[:cut])), len(" ".join(parts[cut:])))

        cut = min(range(1, len(parts)), key=longer)
        lines = [" ".join(parts[:cut]), " ".join(parts[cut:])]
    top = y + HIGH / 2 + 4 - 6.5 * (len(lines) - 1)
    return "".join(
        f'<text x="{x:g}" y="{top + 13 * i:g}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
