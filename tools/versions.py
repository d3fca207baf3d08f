"""Run lessons_lib's tests and every lesson with other versions.

    python -m tools.versions oldest|newest|prerelease

`oldest` installs the lower bound of each range in pyproject.toml, `newest`
the newest release of each package, and `prerelease` PyTorch's newest nightly
build for the CPU, from PyTorch's own host, and of every other package the
newest version, finished or not. Each goes into an environment of its own in
.versions (up to 6 GB), with the Python that runs this. Outputs are not
compared: they belong to the pinned versions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import environment

ROOT = environment.ROOT
NIGHTLY = "https://download.pytorch.org/whl/nightly/cpu"
# How uv chooses among the versions that pyproject.toml allows.
CHOICE = {
    "oldest": ["--resolution", "lowest-direct"],
    "newest": [],
    "prerelease": ["--prerelease", "allow", "--index", NIGHTLY],
}
# What the tests and the sweep need besides: uv leaves as they are the
# versions that it installed before.
TOOLS = ["hypothesis", "ipykernel", "nbclient", "nbformat", "pytest"]


def run(which: str) -> None:
    """Make the environment, and run the tests and the lessons in it.

    Raises
    ------
    subprocess.CalledProcessError
        If a step fails.
    """
    home = ROOT / ".versions" / which
    subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
    python = environment.python_of(home)
    with tempfile.TemporaryDirectory() as folder:
        uv, env = environment.uv(python, Path(folder))
        for command in (
            ["install", "-q", "-r", "pyproject.toml", *CHOICE[which]],
            ["install", "-q", *TOOLS],
            ["freeze"],
        ):
            command = [*uv, *command, "--python", python]
            subprocess.run(command, cwd=ROOT, env=env, check=True)
    # A copy of the tree, so that the records of the sweeps stay as they are.
    tree = home / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".*", "_build"))
    for command in (
        ["pytest", "-q", "-o", "addopts=", "tests/unit"],
        ["tools.sweep", "--seeds", "1"],
    ):
        env = {**os.environ, "PYTHONPATH": str(tree)}
        command = [python, "-m", *command]
        subprocess.run(command, cwd=tree, env=env, check=True)


def main(arguments: list[str]) -> int:
    """Run one of the three; the status of the first step that failed."""
    if len(arguments) != 1 or arguments[0] not in CHOICE:
        print(__doc__.split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    environment.check_python()
    environment.check_machine()
    try:
        run(arguments[0])
    except subprocess.CalledProcessError as error:
        environment.tell(error.stderr or "")
        return error.returncode
    print(f"Everything holds with the {arguments[0]} versions.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
