"""Run lessons_lib's tests and every lesson with other versions.

    python tools/versions.py oldest|newest [FOLDER]

`oldest` installs the lower bound of each range in pyproject.toml, `newest`
whatever is newest now, into an environment of its own under FOLDER
(.versions; about 6 GB each), with the Python that runs this. Outputs are not
compared: they belong to the pinned versions. The exit status is that of the
first step that failed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What the tests and the sweep need besides lessons_lib's own packages.
TOOLS = ["hypothesis", "ipykernel", "nbclient", "nbformat", "pytest", "pyyaml"]
TESTS = ["claims", "data", "device", "exercises", "live*", "plots", "train"]


def wanted(which: str) -> list[str]:
    """What to ask pip for."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    ranges = tomllib.loads(text)["project"]["dependencies"]
    if which == "newest":
        return ranges
    return [r.replace(">=", "==") for r in ranges]


def run(which: str, folder: Path) -> None:
    """Make the environment, and run the tests and the lessons in it.

    Raises
    ------
    subprocess.CalledProcessError
        If a step fails.
    """
    home = folder / which
    venv.create(home, clear=True, with_pip=True)
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = home / scripts / "python"
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [python, "-m", "pip", "install", *quiet, *wanted(which), *TOOLS],
        check=True,
    )
    # A copy of the tree, so that the records of the sweeps stay as they are.
    tree = home / "tree"
    for name in ("lessons_lib", "book", "tests", "tools"):
        shutil.copytree(ROOT / name, tree / name)
    for name in ("pyproject.toml", "conftest.py", "_config.yml"):
        shutil.copy(ROOT / name, tree)
    tests = [
        path.relative_to(tree)
        for name in TESTS
        for path in sorted(tree.glob(f"tests/test_{name}.py"))
    ]
    env = {**os.environ, "PYTHONPATH": str(tree)}
    for command in (
        ["-m", "pip", "list", "--disable-pip-version-check"],
        ["-m", "pytest", "-q", "-o", "addopts=", *tests],
        ["tools/sweep.py", "--seeds", "1"],
    ):
        subprocess.run([python, *command], cwd=tree, env=env, check=True)


def main(arguments: list[str]) -> int:
    """Run one of the two; the exit status."""
    if not arguments or arguments[0] not in ("oldest", "newest"):
        print(__doc__.split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    folder = Path(arguments[1]) if len(arguments) > 1 else ROOT / ".versions"
    try:
        run(arguments[0], folder.resolve())
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(f"Everything holds with the {arguments[0]} versions.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
