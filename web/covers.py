"""A picture of each lesson, from its stored outputs, and one of the book."""

from __future__ import annotations

import base64
import functools
import io
import re
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from tools.lessons import read

# The cell whose picture says most; without an entry, the first with one.
CELLS = {
    "00": "cell-41",
    "01": "cell-11",
    "02": "cell-40",
    "03": "cell-16",
    "04": "cell-59",
    "05": "cell-22",
    "06": "cell-47",
    "07": "cell-25",
    "08": "cell-28",
    "09": "cell-04",
    "10": "cell-35",
    "11": "cell-15",
    "12": "cell-58",
}
WIDTH, HEIGHT = 480, 270
PREVIEW = ("01", "02", "08", "09")
PREVIEW_ALT = (
    "The title of the book above four figures from its lessons: decision "
    "regions of a neuron and of networks, and handwritten digits."
)


@dataclass(frozen=True)
class Cover:
    """A small PNG, its size in pixels, and the picture in words."""

    png: bytes
    width: int
    height: int
    alt: str


@functools.cache
def cover(lesson: Path) -> Cover | None:
    """The picture of a lesson; None if none is stored in it."""
    found = {}
    for cell in read(lesson).cells:
        for output in cell.get("outputs", []):
            png = output.get("data", {}).get("image/png")
            if png and cell.id not in found:
                alt = cell.metadata.get("mystnb", {}).get("image", {})
                text = alt.get("alt") or output.data["text/plain"]
                found[cell.id] = png, text
    if not found:
        return None
    name = CELLS.get(lesson.stem[:2], "")
    png, text = found.get(name) or next(iter(found.values()))
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    picture.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    card = Image.new("RGB", (WIDTH, HEIGHT), "white")
    card.paste(
        picture, ((WIDTH - picture.width) // 2, (HEIGHT - picture.height) // 2)
    )
    small = io.BytesIO()
    # this method keeps the colours of small marks, which the others drop
    colours = card.quantize(
        256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    colours.save(small, "PNG", optimize=True)
    first = re.split(r"(?<=\.)\s", " ".join(text.split()))[0]
    return Cover(small.getvalue(), WIDTH, HEIGHT, first)


def preview(title: str, lessons: list[Path]) -> bytes:
    """The picture that goes with a link to the book: 1200 by 630 pixels."""
    figure = Figure(figsize=(12, 6.3), facecolor="#0B3C5D")
    name, _, rest = title.partition(", ")
    figure.text(0.05, 0.79, name, size=46, weight="bold", color="white")
    figure.text(0.05, 0.65, rest, size=46, weight="bold", color="#F0B429")
    figure.text(
        0.05,
        0.5,
        "From the first neuron to handwritten digits, in PyTorch",
        size=22,
        color="white",
    )
    covers = [cover(p) for p in lessons if p.stem[:2] in PREVIEW]
    for i, shown in enumerate(filter(None, covers)):
        size = (0.216, 0.216 * 12 / 6.3 * HEIGHT / WIDTH)
        ax = figure.add_axes((0.05 + 0.228 * i, 0.14, *size))
        ax.set(xticks=[], yticks=[], facecolor="white")
        ax.imshow(Image.open(io.BytesIO(shown.png)))
        ax.set_aspect("auto")
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100)
    return png.getvalue()
