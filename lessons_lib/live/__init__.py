"""Figures that the reader drives in the page: no kernel, no other host.

Each function returns a `Live` output. Its HTML carries its own data and
script; where no script runs, it shows a still picture.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

IMPORT = re.compile(r'^import\b[^;]*?from "\./(\w+)\.js";\n', re.MULTILINE)


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
    if not labels:
        raise ValueError("a live figure needs a label for each picture")
    if not 0 <= start < len(labels):
        raise ValueError(f"start is {start}; there are {len(labels)} pictures")
    pictures = []
    for i in range(len(labels)):
        figure = Figure(figsize=figsize)
        draw(i, figure)
        pictures.append(_png(figure))
    data = {
        "labels": list(labels),
        "images": [_data_url(p) for p in pictures],
        "start": start,
    }
    return _live("frames", data, pictures[start], alt)


def _live(figure: str, data: Any, still: bytes | Figure, alt: str) -> Live:
    """Put a figure together from ``figure``.js, its data and a still picture.

    The data is what JSON can hold; numbers that a run measured go through
    `_pack`, which nbval does not compare.
    """
    if not alt.strip():
        raise ValueError("a live figure needs alt text")
    picture = _png(still) if isinstance(still, Figure) else still
    values = {
        "figure": figure,
        "style": _read("live.css"),
        "script": _script(figure),
        "alt": html.escape(alt),
        "still": _data_url(picture),
        # "</" would end the script element early
        "data": json.dumps(data, ensure_ascii=False).replace("</", "<\\/"),
    }
    page = re.sub(
        r"{{(\w+)}}", lambda match: values[match[1]], _read("figure.html")
    )
    return Live(page, picture, alt)


def _script(figure: str) -> str:
    """The figure's module and those that it imports, in one function.

    Cut and joined rather than imported, since a notebook's output has no
    address from which a module could be loaded.
    """
    modules: dict[str, str] = {}

    def add(name: str) -> None:
        source = _read(f"{name}.js") + "\n"
        for other in IMPORT.findall(source):
            if other not in modules:
                add(other)
        source = IMPORT.sub("", source)
        if name != figure:  # only the figure itself is built
            source = re.sub(
                r"^export function build\b.*?^}\n",
                "",
                source,
                flags=re.MULTILINE | re.DOTALL,
            )
        modules[name] = re.sub(r"^export ", "", source, flags=re.MULTILINE)

    add(figure)
    return "\n".join(
        ["(() => {", *modules.values(), f'start("{figure}", build);', "})();"]
    )


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


def _pack(values: Any) -> str:
    """Numbers as 32-bit floats in a data address; core.js has `unpack`."""
    raw = np.asarray(values, dtype="<f4").tobytes()
    return "data:;base64," + base64.b64encode(raw).decode()


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


from lessons_lib.live.activations import activations  # noqa: E402
from lessons_lib.live.backprop import backprop  # noqa: E402
from lessons_lib.live.descent import descent  # noqa: E402
from lessons_lib.live.digit import digit  # noqa: E402
from lessons_lib.live.perceptron import perceptron  # noqa: E402
from lessons_lib.live.trainer import trainer  # noqa: E402

__all__ = [
    "Live",
    "activations",
    "backprop",
    "descent",
    "digit",
    "frames",
    "perceptron",
    "trainer",
]
