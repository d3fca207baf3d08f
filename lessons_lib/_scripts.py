"""The scripts and the style of the live figures. Needs no PyTorch."""

from __future__ import annotations

import re
from importlib.resources import files

COMMENT = re.compile(r"^ *(?://|/\*|\*).*\n", re.MULTILINE)  # of whole lines
IMPORT = re.compile(r'^import\b[^;]*?from "\./(\w+)\.js";\n', re.MULTILINE)


def script(figure: str) -> str:
    """The figure's module and those that it imports, in one function.

    Cut and joined rather than imported, since a notebook's output has no
    address from which a module could be loaded.

    Parameters
    ----------
    figure : str
        The name of its module.

    Returns
    -------
    str
        A script that starts the figure.
    """
    modules: dict[str, str] = {}

    def add(name: str) -> None:
        source = read(f"{name}.js") + "\n"
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
        source = COMMENT.sub("", source)
        modules[name] = re.sub(r"^export ", "", source, flags=re.MULTILINE)

    add(figure)
    return "\n".join(
        ["(() => {", *modules.values(), f'start("{figure}", build);', "})();"]
    )


def style() -> str:
    """The style of all live figures."""
    return read("live.css")


def read(name: str) -> str:
    """A file of the figures, without the blanks around it.

    Parameters
    ----------
    name : str
        Its name in the folder ``live``.

    Returns
    -------
    str
    """
    return (files("lessons_lib") / "live" / name).read_text("utf-8").strip()
