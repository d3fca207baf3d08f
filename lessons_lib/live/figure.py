"""What a live figure is made of: its page, data, script and still picture."""

from __future__ import annotations

import base64
import html
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from lessons_lib._scripts import read, script, style

_stills = True


@contextmanager
def without_stills() -> Iterator[None]:
    """Draw no still pictures in this block: for runs that nobody looks at."""
    global _stills
    before, _stills = _stills, False
    try:
        yield
    finally:
        _stills = before


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


def assemble(figure: str, data: Any, still: bytes | Figure, alt: str) -> Live:
    """Put a figure together from ``figure``.js, its data and a still picture.

    Parameters
    ----------
    figure : str
        The name of the figure's module.
    data : object
        What JSON can hold; numbers that a run measured go through `pack`,
        which nbval does not compare.
    still : bytes or Figure
        The picture shown where no script runs; bytes are a PNG.
    alt : str
        That picture in words.

    Returns
    -------
    Live

    Raises
    ------
    TypeError
        If ``alt`` is no text.
    ValueError
        If it is empty.
    """
    if not isinstance(alt, str):
        raise TypeError(f"alt is {alt!r}; expected text")
    if not alt.strip():
        raise ValueError("a live figure needs alt text")
    picture = png(still) if isinstance(still, Figure) else still
    values = {
        "figure": figure,
        "style": style(),
        "script": script(figure),
        "alt": html.escape(alt),
        "still": data_url(picture),
        # "</" would end the script element early
        "data": json.dumps(data, ensure_ascii=False).replace("</", "<\\/"),
    }
    page = re.sub(
        r"{{(\w+)}}", lambda match: values[match[1]], read("figure.html")
    )
    return Live(page, picture, alt)


def png(figure: Figure) -> bytes:
    """The figure in 64 colours: a third of the bytes, no difference to see.

    Parameters
    ----------
    figure : Figure
        Drawn at 120 dots per inch.

    Returns
    -------
    bytes
        A PNG; nothing in a `without_stills` block.
    """
    if not _stills:
        return b""
    raw, small = io.BytesIO(), io.BytesIO()
    figure.savefig(raw, format="png", dpi=120)
    image = Image.open(raw).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True
    )
    return small.getvalue()


def pack(values: Any) -> str:
    """Numbers as 32-bit floats in a data address; core.js has `unpack`.

    Parameters
    ----------
    values : tensor on the CPU, array or list
        Of any shape, row by row.

    Returns
    -------
    str
    """
    raw = np.asarray(values, dtype="<f4").tobytes()
    return "data:;base64," + base64.b64encode(raw).decode()


def data_url(png: bytes) -> str:
    """A picture as an address that holds it.

    Parameters
    ----------
    png : bytes
        The picture.

    Returns
    -------
    str
    """
    return "data:image/png;base64," + base64.b64encode(png).decode()
