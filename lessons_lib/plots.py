"""Pictures that several lessons draw, in one style."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.textpath import TextPath

from lessons_lib._checks import check_tensors, check_whole
from lessons_lib.palette import BLUE as BLUE  # a lesson says plots.BLUE
from lessons_lib.palette import COLORS, GREY, INK, MARKERS
from lessons_lib.palette import GREEN as GREEN
from lessons_lib.palette import ORANGE as ORANGE
from lessons_lib.palette import PURPLE as PURPLE
from lessons_lib.palette import RED as RED
from lessons_lib.palette import SKY as SKY

INSIDE = 0.42  # inches: a longer name does not fit into a unit's circle


def use_style() -> None:
    """Set the style of every figure drawn after this call.

    It starts from matplotlib's defaults: a style chosen before, or a
    matplotlibrc of the reader's, changes nothing. In a notebook the figures
    are shown, even where the environment names a backend without a window.
    """
    _show_in_notebook()
    plt.rcdefaults()
    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 3.6),
            "figure.dpi": 120,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "axes.prop_cycle": plt.cycler(color=COLORS),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.titlesize": 11,
            "axes.titlelocation": "left",
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "#E5E7EB",
            "grid.linewidth": 0.8,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "font.size": 10,
            "legend.frameon": False,
            "lines.linewidth": 1.8,
            "lines.markersize": 5,
            "image.cmap": "viridis",
            "image.interpolation": "nearest",
        }
    )


def _show_in_notebook() -> None:
    """Undo a ``MPLBACKEND=Agg``, which clusters set, in a Jupyter kernel."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    if hasattr(shell, "kernel") and plt.get_backend().lower() == "agg":
        shell.run_line_magic("matplotlib", "inline")


def curves(
    lines: Mapping[str, Sequence[float] | torch.Tensor],
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    x: Sequence[float] | torch.Tensor | None = None,
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw one line a name over epochs counted from 1, or over ``x``.

    Parameters
    ----------
    lines : dict
        From the name in the legend to the values, one an epoch. NaN and
        infinity leave a gap.
    xlabel, ylabel : str
        The axes' names.
    x : list of float, optional
        Where the values lie; without it, at 1, 2, 3, ….
    log : bool
        Whether the vertical axis is logarithmic.
    ax : Axes, optional
        Where to draw; without it, in a new figure.

    Returns
    -------
    Axes
        What was drawn on.

    Raises
    ------
    TypeError
        If ``lines`` is no dict.
    ValueError
        If there is no line, or a line is empty, has more than one dimension,
        or another length than ``x``.
    """
    if not isinstance(lines, Mapping):
        kind = type(lines).__name__
        raise TypeError(
            f"lines is a {kind}; expected a dict from each line's name to its "
            "values"
        )
    heights = {name: _numpy(values) for name, values in lines.items()}
    if not heights or any(values.size == 0 for values in heights.values()):
        raise ValueError(
            "there is nothing to draw: give at least one value a line"
        )
    for name, values in heights.items():
        if values.ndim != 1 or (x is not None and len(x) != len(values)):
            raise ValueError(
                f"{name!r} has shape {values.shape}; expected one number for "
                "each place"
            )
    ax = ax or plt.subplots()[1]
    for name, values in heights.items():
        where = range(1, len(values) + 1) if x is None else _numpy(x)
        ax.plot(where, values, label=name)
    if log:
        ax.set_yscale("log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if len(lines) > 1:
        ax.legend()
    return ax


def decision_regions(
    predict: Callable[[torch.Tensor], torch.Tensor],
    X: torch.Tensor,
    y: torch.Tensor,
    *,
    names: Sequence[str] | Mapping[int, str] | None = None,
    margin: float = 0.15,
    ax: Axes | None = None,
) -> Axes:
    """Colour the plane by the class predicted there, with points on top.

    Each class has its own colour and marker; a line runs where two classes
    meet.

    Parameters
    ----------
    predict : function of (tensor of shape (M, 2)) to tensor of shape (M,)
        From points, on the device and of the type of ``X``, to their classes.
    X, y : tensors of shape (N, 2) and (N,)
        The points to draw and their classes, numbered from 0 unless ``names``
        says otherwise.
    names : list of str, or dict from int to str, optional
        The classes' names, for a legend. A dict's keys are the classes, in
        the order of their colours: ``{1: "yes", -1: "no"}``.
    margin : float
        How far the picture reaches beyond the points, as a share of their
        range.
    ax : Axes, optional
        Where to draw; without it, in a new figure.

    Returns
    -------
    Axes
        What was drawn on.

    Raises
    ------
    TypeError
        If ``X`` or ``y`` is no tensor.
    ValueError
        If a shape is another, a point is not finite, ``margin`` is below 0,
        a class is unknown, or there are more classes than colours.
    """
    check_tensors(X=X, y=y)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) == 0 or y.shape != X.shape[:1]:
        raise ValueError(
            f"X has shape {tuple(X.shape)} and y {tuple(y.shape)}; "
            "expected (N, 2) and (N,), N > 0"
        )
    points = _finite("X", X)
    if not 0 <= margin < float("inf"):
        raise ValueError(f"margin is {margin}; it must be 0 or more")
    low, high = points.min(axis=0), points.max(axis=0)
    room = margin * np.where(high > low, high - low, 1)
    left, bottom = low - room
    right, top = high + room
    x1, x2 = np.linspace(left, right, 300), np.linspace(bottom, top, 300)
    grid = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    with torch.no_grad():
        predicted = predict(torch.as_tensor(grid).to(X))
    if predicted.shape != (len(grid),):
        raise ValueError(
            f"predict gave shape {tuple(predicted.shape)} for {len(grid)} "
            f"points; expected ({len(grid)},)"
        )
    truth, guesses = _finite("y", y), _finite("what predict gave", predicted)
    if names is None:
        classes = list(range(max(int(truth.max()), int(guesses.max())) + 1))
    else:
        classes = list(_named(names))
    if len(classes) > len(COLORS):
        raise ValueError(
            f"{len(classes)} classes; there are {len(COLORS)} colours"
        )
    kind = _positions(truth, classes)
    regions = _positions(guesses, classes).reshape(len(x2), len(x1))

    ax = ax or plt.subplots()[1]
    rgb = np.array([to_rgb(color) for color in COLORS])
    ax.imshow(
        1 - 0.2 * (1 - rgb[regions]),  # a tint: mostly white
        extent=(left, right, bottom, top),
        origin="lower",
        aspect="auto",
    )
    for c, label in enumerate(classes):
        inside = regions == c
        if inside.any() and not inside.all():
            ax.contour(x1, x2, inside, [0.5], colors=INK, linewidths=1)
        ax.scatter(
            points[kind == c, 0],
            points[kind == c, 1],
            s=45,
            color=COLORS[c],
            marker=MARKERS[c],
            edgecolors="white",
            linewidths=0.8,
            label=None if names is None else names[label],
            zorder=3,
        )
    ax.grid(False)
    if names is not None:
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


def function_and_derivative(
    f: Callable[[torch.Tensor], torch.Tensor],
    closed_form: Callable[[torch.Tensor], torch.Tensor] | None = None,
    *,
    name: str,
    low: float = -8.0,
    high: float = 8.0,
    axes: Sequence[Axes] | None = None,
) -> Sequence[Axes]:
    """Draw a function, and beside it its derivative by autograd.

    Parameters
    ----------
    f : function of tensor of shape (N,) to tensor of shape (N,)
        It works number by number, as an activation function does.
    closed_form : function of the same kind, optional
        The derivative as a formula: drawn as circles on autograd's line.
    name : str
        The title above the function.
    low, high : float
        Where the two curves begin and end.
    axes : two Axes, optional
        Where to draw the function and the derivative; without them, in a
        new figure.

    Returns
    -------
    two Axes
        What was drawn on: that of the function, that of the derivative.

    Raises
    ------
    ValueError
        If ``low`` is not below ``high`` or one is not finite, ``f`` or
        ``closed_form`` gives another shape than it was given, or ``f`` does
        not work number by number.
    RuntimeError
        From autograd, if ``f`` cannot be differentiated.
    """
    if not -float("inf") < low < high < float("inf"):
        raise ValueError(
            f"low is {low} and high is {high}; expected two numbers, low < high"
        )
    x = torch.linspace(low, high, 641, dtype=torch.float32, requires_grad=True)
    y = f(x)
    if y.shape != x.shape:
        raise ValueError(
            f"f gave shape {tuple(y.shape)} for {tuple(x.shape)}; "
            "expected the same shape"
        )
    # A vector's last numbers may be computed in another way than its first,
    # so a value near 0 can have a large relative error: GELU's has, below -4.
    scale = y.detach().nan_to_num(0, 0, 0).abs().max().item()
    alone = f(x[::64])
    if not torch.allclose(alone, y[::64], 1e-3, 1e-5 * scale, equal_nan=True):
        raise ValueError(
            "f gives a number another value when its neighbours are missing: "
            "it does not work number by number"
        )
    # y[i] depends on x[i] only, so the sum's gradient holds each derivative
    (slope,) = torch.autograd.grad(y.sum(), x)
    if axes is None:
        axes = plt.subplots(1, 2, figsize=(6.4, 2.7))[1]
    left, right = axes
    where = _numpy(x)
    left.plot(where, _numpy(y), color=BLUE)
    left.set(title=name, xlabel="$z$", ylabel="value")
    right.plot(where, _numpy(slope), color=RED, label="autograd")
    if closed_form is not None:
        some = x.detach()[::32]
        points = closed_form(some)
        if points.shape != some.shape:
            raise ValueError(
                f"closed_form gave shape {tuple(points.shape)} for "
                f"{tuple(some.shape)}; expected the same shape"
            )
        right.plot(
            _numpy(some),
            _numpy(points),
            "o",
            color=INK,
            markerfacecolor="none",
            label="closed form",
        )
        right.legend(fontsize=8)
    right.set(title="its derivative", xlabel="$z$", ylabel="slope")
    return axes


def image_grid(
    images: torch.Tensor,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 8,
    size: float = 0.95,
) -> np.ndarray:
    """Draw images side by side in a new figure, all on one scale of greys.

    Parameters
    ----------
    images : tensor of shape (N, H, W) or (N, 1, H, W)
        The images.
    titles : list of N str, optional
        A line above each image.
    columns : int
        Images in a row.
    size : float
        Width of one image in inches.

    Returns
    -------
    array of Axes
        One for each place of the grid, (rows, columns); those behind the last
        image are empty.

    Raises
    ------
    TypeError
        If ``images`` is no tensor, or ``columns`` no whole number.
    ValueError
        If the shape is another, there is no image, a value is not finite,
        ``columns`` is below 1, or the number of titles is another.
    """
    check_tensors(images=images)
    shape = tuple(images.shape)
    if images.ndim == 4 and images.shape[1] == 1:
        images = images[:, 0]
    if images.ndim != 3 or images.numel() == 0:
        raise ValueError(
            f"images have shape {shape}; expected (N, H, W) or (N, 1, H, W), N > 0"
        )
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(titles)} titles for {len(images)} images")
    check_whole("columns", columns, 1)
    pixels = _finite("images", images)
    low, high = float(pixels.min()), float(pixels.max())
    columns = min(columns, len(pixels))
    rows = -(-len(pixels) // columns)
    height = size * rows * (1.3 if titles else 1.05)
    _, axes = plt.subplots(
        rows, columns, figsize=(size * columns, height), squeeze=False
    )
    for i, ax in enumerate(axes.flat):
        ax.axis("off")
        if i < len(pixels):
            ax.imshow(pixels[i], cmap="gray_r", vmin=low, vmax=high)
            if titles:
                ax.set_title(titles[i], fontsize=8, loc="center")
    return axes


def confusion_matrix(
    y: torch.Tensor,
    y_hat: torch.Tensor,
    names: Sequence[str] | Mapping[int, str],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each class (row) was taken for each class (column).

    Parameters
    ----------
    y, y_hat : integer tensors of shape (N,)
        The true and the predicted classes, from 0 on unless ``names`` says
        otherwise.
    names : list of str, or dict from int to str
        The classes' names, as for `decision_regions`.
    ax : Axes, optional
        Where to draw; without it, in a new figure.

    Returns
    -------
    Axes
        What was drawn on.

    Raises
    ------
    TypeError
        If ``y`` or ``y_hat`` is no integer tensor.
    ValueError
        If the shapes differ, there is no sample, or a class has no name.
    """
    import seaborn as sns  # takes a second: only where it is needed

    named = _named(names)
    counts = _counts(y, y_hat, list(named))
    if not counts.any():
        raise ValueError("there is no sample to draw")
    ax = ax or plt.subplots(figsize=(0.5 * len(names) + 1.6,) * 2)[1]
    sns.heatmap(
        counts,
        mask=counts == 0,
        annot=True,
        fmt="d",
        cmap="Blues",
        norm="log",
        cbar=False,
        square=True,
        linewidths=0.5,
        linecolor="#E5E7EB",
        xticklabels=list(named.values()),
        yticklabels=list(named.values()),
        ax=ax,
    )
    ax.set(xlabel="predicted", ylabel="true")
    ax.grid(False)
    return ax


def confusion_counts(
    y: torch.Tensor, y_hat: torch.Tensor, classes: int
) -> torch.Tensor:
    """Count how often class i was taken for class j.

    Parameters
    ----------
    y, y_hat : integer tensors of shape (N,)
        The true and the predicted classes, from 0 on.
    classes : int
        How many classes there are.

    Returns
    -------
    int64 tensor of shape (classes, classes), on the CPU
        Rows are true classes, columns predicted ones.

    Raises
    ------
    TypeError
        If ``y`` or ``y_hat`` is no integer tensor, or ``classes`` no whole
        number.
    ValueError
        If the shapes differ, a class is not below ``classes``, or that is
        below 1.
    """
    check_whole("classes", classes, 1)
    return torch.from_numpy(_counts(y, y_hat, range(classes)))


def draw_net(
    sizes: Sequence[int],
    names: Sequence[Sequence[str] | None] | None = None,
    weights: Sequence[Any] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a fully connected network: columns of circles, joined by lines.

    A layer of more than 8 units is drawn as its first three and its last
    three, with an ellipsis between them and its size below.

    Parameters
    ----------
    sizes : list of int
        Units in each layer, the inputs first. ``(2, 1)`` is a single neuron.
    names : list of list of str, optional
        One list a layer, one label a unit; None for a layer without. A label
        may hold mathtext. It stands in the circle if there is room, else
        beside it (in a hidden layer, above it).
    weights : list of arrays or tensors of shape (n_in, n_out), optional
        One for each pair of layers; None for a pair without. A positive
        weight is a blue line, a negative one red and dashed. Its number
        stands on the line, unless the layer that it leads to has more than 4
        units. An array of str is written as it is, on plain lines.
    ax : Axes, optional
        Where to draw; without it, in a new figure.

    Returns
    -------
    Axes
        What was drawn on.

    Raises
    ------
    TypeError
        If a size is no whole number.
    ValueError
        If there are fewer than two layers, a layer has no unit, the number of
        labels or weights is not that of the units, or a weight is not finite.
    """
    if len(sizes) < 2:
        raise ValueError(
            f"sizes is {tuple(sizes)}; expected two layers or more"
        )
    for size in sizes:
        check_whole("a layer's size", size, 1)
    pairs = list(pairwise(sizes))
    labels = _per_layer("names", names, len(sizes))
    numbers = [
        None if given is None else _numpy(given)
        for given in _per_layer("weights", weights, len(pairs))
    ]
    for layer, (given, size) in enumerate(zip(labels, sizes, strict=True)):
        if given is not None and (
            isinstance(given, str) or len(given) != size
        ):
            raise ValueError(
                f"layer {layer} has {size} units; expected a list of {size} names"
            )
    for array, pair in zip(numbers, pairs, strict=True):
        if array is not None and array.shape != pair:
            raise ValueError(
                f"weights have shape {array.shape} between layers of "
                f"{pair[0]} and {pair[1]} units; expected {pair}"
            )
        if array is not None and array.dtype.kind != "U":
            _finite("weights", array)

    places = [_places(size) for size in sizes]  # of the units with a circle
    xs = [0.0]
    for array, (_, after) in zip(numbers, pairs, strict=True):
        # the more numbers stand side by side, the more room they need
        xs.append(
            xs[-1] + (1.8 if array is None else max(1.8, 0.55 * (after + 1)))
        )
    ys = [list(units.values()) for units in places]
    beside = [_beside(labels[0]), _beside(labels[-1])]
    left, right = -0.35 - beside[0], xs[-1] + 0.35 + beside[1]
    bottom, top = min(map(min, ys)) - 0.65, max(map(max, ys)) + 0.65
    if ax is None:
        ax = plt.subplots(figsize=(right - left, top - bottom))[1]
    for k, array in enumerate(numbers):
        _draw_lines(ax, xs[k : k + 2], places[k : k + 2], array, pairs[k][1])
    for k, (units, size) in enumerate(zip(places, sizes, strict=True)):
        side = {0: -1, len(pairs): 1}.get(k, 0)
        for i, y in units.items():
            ax.add_patch(
                plt.Circle(
                    (xs[k], y), 0.25, fc="white", ec=INK, lw=1.4, zorder=3
                )
            )
            if labels[k] is not None:
                _unit_name(ax, xs[k], y, labels[k][i], side)
        if len(units) < size:
            ax.text(xs[k], 0, "⋮", fontsize=14, ha="center", va="center")
            below = min(units.values()) - 0.35
            ax.text(xs[k], below, f"{size} units", ha="center", va="top")
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    ax.axis("off")
    return ax


def _draw_lines(
    ax: Axes,
    xs: Sequence[float],
    places: Sequence[dict[int, float]],
    weights: np.ndarray | None,
    outputs: int,
) -> None:
    """Join two layers; numbers stand where no two of them meet."""
    part = 1 / (outputs + 1)
    few = len(places[0]) * len(places[1]) <= 16
    for i, y_in in places[0].items():
        for j, y_out in places[1].items():
            text, look = _line(None if weights is None else weights[i, j])
            ax.plot(
                xs, (y_in, y_out), lw=1.2 if few else 0.7, zorder=1, **look
            )
            if text and outputs <= 4:
                ax.text(
                    xs[0] + part * (xs[1] - xs[0]),
                    y_in + part * (y_out - y_in),
                    text,
                    color=INK if look["color"] == GREY else look["color"],
                    fontsize=9,
                    ha="center",
                    va="center",
                    zorder=2,
                    bbox={"color": "white", "pad": 0.6, "lw": 0},
                )


def _per_layer(
    name: str, given: Sequence[Any] | None, count: int
) -> list[Any]:
    """``given`` as a list of ``count``, None for each that is missing."""
    if given is None:
        return [None] * count
    if len(given) != count:
        raise ValueError(f"{name} has {len(given)} parts; expected {count}")
    return list(given)


def _places(size: int) -> dict[int, float]:
    """From each unit that gets a circle to its height, around 0."""
    if size <= 8:
        return {i: 0.8 * ((size - 1) / 2 - i) for i in range(size)}
    first = {i: 0.7 * (3 - i) for i in range(3)}
    return first | {size - 1 - i: -y for i, y in reversed(first.items())}


def _line(value: Any) -> tuple[str, dict[str, Any]]:
    """What is written on a line, and how the line looks."""
    if value is None or isinstance(value, str):
        return value or "", {"color": GREY}
    if value == 0:
        return "0", {"color": GREY}
    digits = 2 if abs(value) < 1 else 3
    text = f"{value:+.{digits}g}".replace("-", "\N{MINUS SIGN}")
    if value > 0:
        return text, {"color": BLUE}
    return text, {"color": RED, "linestyle": "--"}


def _text_width(text: str) -> float:
    """In inches, as it is drawn at 10 points."""
    if not text:
        return 0.0
    return float(TextPath((0, 0), text, size=10).get_extents().width) / 72


def _beside(names: Sequence[str] | None) -> float:
    """How far the names of a layer reach beyond its circles, in inches."""
    widths = [_text_width(text) for text in names or ()]
    return max((w for w in widths if w > INSIDE), default=0.0)


def _unit_name(ax: Axes, x: float, y: float, text: str, side: int) -> None:
    """Write it in the circle or, if too long, left, right or above of it."""
    if _text_width(text) <= INSIDE:
        ax.text(x, y, text, ha="center", va="center", zorder=4)
    elif side:
        place = "left" if side > 0 else "right"
        ax.text(x + 0.32 * side, y, text, ha=place, va="center", zorder=4)
    else:
        ax.text(x, y + 0.28, text, ha="center", va="bottom", zorder=4)


def _named(names: Sequence[str] | Mapping[int, str]) -> dict[int, str]:
    """From each class to its name: those of a list are numbered from 0."""
    return dict(names if isinstance(names, Mapping) else enumerate(names))


def _counts(
    y: torch.Tensor, y_hat: torch.Tensor, classes: Sequence[int]
) -> np.ndarray:
    """How often each of ``classes`` (row) was taken for each (column)."""
    check_tensors(y=y, y_hat=y_hat)
    for t in (y, y_hat):
        if t.is_floating_point() or t.is_complex() or t.dtype == torch.bool:
            raise TypeError(f"classes are whole numbers, not {t.dtype}")
    if y.shape != y_hat.shape or y.ndim != 1:
        raise ValueError(
            f"y has shape {tuple(y.shape)} and y_hat {tuple(y_hat.shape)}; "
            "expected two of the same shape (N,)"
        )
    n = len(classes)
    rows, columns = (_positions(_numpy(t), classes) for t in (y, y_hat))
    return np.bincount(rows * n + columns, minlength=n * n).reshape(n, n)


def _numpy(values: Sequence[float] | np.ndarray | torch.Tensor) -> np.ndarray:
    if isinstance(values, torch.Tensor):
        return values.detach().cpu().numpy()
    return np.asarray(values)


def _finite(name: str, values: torch.Tensor | np.ndarray) -> np.ndarray:
    array = _numpy(values)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinity")
    return array


def _positions(values: np.ndarray, classes: Sequence[int]) -> np.ndarray:
    """Where each of ``values`` stands in ``classes``."""
    matches = values[:, None] == np.asarray(classes)
    if not matches.any(axis=1).all():
        unknown = values[~matches.any(axis=1)][0]
        raise ValueError(f"class {unknown} is none of {list(classes)}")
    return matches.argmax(axis=1)
