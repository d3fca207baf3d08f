"""Figures that the reader drives in the page: no kernel, no other host.

Each function returns a `Live` output. Its HTML carries its own script and
pictures; where no script runs, it shows a still picture.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from matplotlib.figure import Figure
from PIL import Image


@dataclass(frozen=True)
class Live:
    """A figure to drive, its still picture (PNG), and that picture in words."""

    html: str
    still: bytes
    alt: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {
            "text/html": self.html,
            "image/png": base64.b64encode(self.still).decode(),
            "text/plain": self.alt,
        }


def frames(
    draw: Callable[[int, Figure], None],
    labels: Sequence[str],
    *,
    alt: str,
    start: int = 0,
    figsize: tuple[float, float] = (6.4, 3.6),
) -> Live:
    """A row of pictures, with a slider to go through them.

    Parameters
    ----------
    draw : function of (int, matplotlib Figure)
        Draws picture ``i`` into the empty figure it is given.
    labels : list of str
        What the slider says at each picture, such as "after update 3".
    alt : str
        The pictures in words, for somebody who cannot see them.
    start : int
        The picture shown first.
    figsize : tuple
        Width and height of a picture in inches.

    Raises
    ------
    ValueError
        If there is no label, no text in ``alt``, or no picture ``start``.
    """
    if not labels or not alt.strip():
        raise ValueError(
            "a live figure needs a label for each picture, and alt text"
        )
    if not 0 <= start < len(labels):
        raise ValueError(f"start is {start}; there are {len(labels)} pictures")
    pictures = []
    for i in range(len(labels)):
        figure = Figure(figsize=figsize)
        draw(i, figure)
        pictures.append(_png(figure))
    name = (
        "live-"
        + hashlib.sha256("\n".join([alt, *labels]).encode()).hexdigest()[:8]
    )
    template = _read("frames.html")
    values = {
        "name": name,
        "style": _read("live.css"),
        "script": _read("frames.js"),
        "alt": html.escape(alt),
        "label": html.escape(labels[start]),
        "last": str(len(labels) - 1),
        "start": str(start),
        "still": _data_url(pictures[start]),
        # "</" would end the script element early
        "data": json.dumps(
            {
                "labels": list(labels),
                "images": [_data_url(p) for p in pictures],
            },
            ensure_ascii=False,
        ).replace("</", "<\\/"),
    }
    for key, value in values.items():
        template = template.replace("{{" + key + "}}", value)
    return Live(template, pictures[start], alt)


def _read(name: str) -> str:
    return (files(__name__) / name).read_text("utf-8").strip()


def _png(figure: Figure) -> bytes:
    """The figure in 64 colours: a third of the bytes, no difference to see."""
    raw, small = io.BytesIO(), io.BytesIO()
    figure.savefig(raw, format="png", dpi=120)
    image = Image.open(raw).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True
    )
    return small.getvalue()


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()
