"""A row of pictures, with a slider."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from lessons_lib._checks import check_whole
from lessons_lib.live.figure import Live, assemble, data_url, png


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

    Returns
    -------
    Live
        To be shown as a cell's last value.

    Raises
    ------
    TypeError
        If ``start`` is no whole number, or ``alt`` no text.
    ValueError
        If there is no label, no text in ``alt``, or no picture ``start``.
    """
    if not labels:
        raise ValueError("a live figure needs a label for each picture")
    check_whole("start", start, 0, len(labels) - 1)
    pictures = []
    for i in range(len(labels)):
        figure = Figure(figsize=figsize)
        draw(i, figure)
        pictures.append(png(figure))
    data = {
        "labels": list(labels),
        "images": [data_url(p) for p in pictures],
        "start": start,
    }
    return assemble("frames", data, pictures[start], alt)
