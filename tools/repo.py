"""Stamp the repository's address into every file that names it.

    python -m tools.repo https://github.com/someone/book

The address stands in `_config.yml`; the set-up cells, the Colab links, the
README, the index and CITATION.cff carry copies, which this keeps equal to it.
What follows `URL=` is an example of this command, and stays.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tools import environment

ROOT = Path(__file__).resolve().parent.parent
CONFIG = "_config.yml"
FILES = [CONFIG, "*.md", "CITATION.cff", "book/*.md", "book/*.ipynb"]
ADDRESS = re.compile(r"https://github\.com/([\w-]+)/([\w.-]+?)(?:\.git|/)?")


def forms(address: str) -> list[str]:
    """The ways in which files name the repository.

    Raises
    ------
    ValueError
        If it is no address of a repository on GitHub, where Colab can open
        notebooks.
    """
    match = ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(
            f"{address!r} is not of the form https://github.com/someone/book"
        )
    owner, name = match.groups()
    return [
        f"https://github.com/{owner}/{name}",
        f"https://colab.research.google.com/github/{owner}/{name}",
        f"https://{owner}.github.io/{name}",
        f"urlpath=lab/tree/{name}",
    ]


def address(root: Path = ROOT) -> str:
    """The address in `_config.yml`."""
    text = (root / CONFIG).read_text("utf-8")
    found = re.search(r"^  url: (\S+)$", text, re.MULTILINE)
    if not found:
        raise ValueError(f"{CONFIG} names no address")
    return found[1]


def stamp(new: str, root: Path = ROOT) -> list[Path]:
    """Put the address in place of the one before; the files changed.

    Stamping the old address again gives the same bytes as before.

    Raises
    ------
    ValueError
        If the new one is no address on GitHub, or a file names it already
        for another reason: then there would be no way back.
    """
    old_forms, new_forms = forms(address(root)), forms(new)
    if old_forms == new_forms:
        return []
    texts = {
        path: path.read_bytes().decode("utf-8")
        for pattern in FILES
        for path in sorted(root.glob(pattern))
    }
    pairs = [
        (a, b) for a, b in zip(old_forms, new_forms, strict=True) if a != b
    ]
    for path, text in texts.items():
        for _, form in pairs:
            if named(form).search(text):
                raise ValueError(f"{path} names {form} already")
    changed = []
    for path, text in texts.items():
        stamped = text
        for old, form in pairs:
            stamped = named(old).sub(form, stamped)
        if stamped != text:
            path.write_bytes(stamped.encode("utf-8"))
            changed.append(path)
    return changed


def named(form: str) -> re.Pattern[str]:
    """Finds the form, but not in a longer name, nor in an example."""
    return re.compile(rf"(?<![\w.-])(?<!URL=){re.escape(form)}(?!\.?[\w-])")


def main(arguments: list[str]) -> int:
    """Stamp the address given; the exit status."""
    environment.check_python()
    if len(arguments) != 1:
        print(__doc__.split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    try:
        changed = stamp(arguments[0])
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for path in changed:
        print(path.relative_to(ROOT))
    print(f"{len(changed)} files changed; the address is {address()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
