"""Run lessons as on a fresh Colab machine.

    python -m tools.colab [--packages PYTHON] [NUMBER ...]

Each lesson gets a machine of its own: an environment in which all packages
of this one are found, but not lessons_lib; an empty folder; and the notebook
alone. Its own set-up cell installs lessons_lib, from its own address, which
git is told to look for in a copy of this work tree. The packages before and
after may differ by lessons_lib alone. With `--packages`, those of another
Python are used, such as older ones. The exit status is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from tools import lessons
from tools.lessons import ROOT
from tools.repo import address

IGNORE = shutil.ignore_patterns(
    ".*", "_build", "__pycache__", "*.egg-info", "build", "dist", "data"
)


class Colab:
    """A machine as Colab's, in an empty folder.

    Parameters
    ----------
    folder : Path
        Holds the environment, the copy of the repository, and `content`,
        where the lesson runs.
    packages : str
        The Python whose packages are there.
    """

    def __init__(self, folder: Path, packages: str = sys.executable) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir(parents=True)
        subprocess.run(
            [packages, "-m", "venv", "--without-pip", folder / "machine"],
            check=True,
        )
        scripts = "Scripts" if os.name == "nt" else "bin"
        self.python = next((folder / "machine" / scripts).glob("python*"))
        self._give_packages(packages)
        self.env = {
            **os.environ,
            **self._serve_repository(),
            "JUPYTER_PATH": str(folder / "jupyter"),
            "COLAB_RELEASE_TAG": "release-colab",  # set on Colab's machines
        }
        self.env.pop("PYTHONPATH", None)
        self._give_kernel()

    def _give_packages(self, packages: str) -> None:
        """Let the environment find the packages, all but lessons_lib."""
        there = Path(_ask(packages, "sysconfig.get_path('purelib')"))
        here = Path(_ask(self.python, "sysconfig.get_path('purelib')"))
        shelf = self.folder / "packages"
        shelf.mkdir()
        for item in there.iterdir():
            if "lessons_lib" not in item.name:
                (shelf / item.name).symlink_to(item)
        stub = shelf / "google" / "colab"
        stub.mkdir(parents=True)
        (stub / "__init__.py").touch()
        (here / "packages.pth").write_text(f"{shelf}\n", "utf-8")

    def _serve_repository(self) -> dict[str, str]:
        """Commit a copy of the work tree; settings that lead git to it."""
        copy = self.folder / "repository"
        shutil.copytree(ROOT, copy, ignore=IGNORE)
        nobody = ["-c", "user.name=nobody", "-c", "user.email=nobody"]
        for command in (
            ["init", "--quiet"],
            ["add", "--all"],
            [*nobody, "commit", "--quiet", "--message", "As it is now"],
        ):
            subprocess.run(["git", *command], cwd=copy, check=True)
        return {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{copy.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": address(),
        }

    def _give_kernel(self) -> None:
        """A kernel called `colab` that runs in the environment."""
        spec = self.folder / "jupyter" / "kernels" / "colab" / "kernel.json"
        spec.parent.mkdir(parents=True)
        command = [str(self.python), "-m", "ipykernel_launcher"]
        spec.write_text(
            json.dumps(
                {
                    "argv": [*command, "-f", "{connection_file}"],
                    "display_name": "Colab",
                    "language": "python",
                }
            ),
            "utf-8",
        )

    def freeze(self) -> set[str]:
        """What pip lists, one line a package."""
        command = [str(self.python), "-m", "pip", "freeze", "--all"]
        result = subprocess.run(
            command, env=self.env, capture_output=True, text=True, check=True
        )
        return set(result.stdout.split("\n")) - {""}

    def run(self, lesson: Path) -> tuple[float, float]:
        """Run a lesson; the seconds of its set-up cell, and of all of it.

        Raises
        ------
        CellExecutionError
            If a cell raises.
        AssertionError
            If a package came, went or changed that is not lessons_lib.
        """
        before = self.freeze()
        shutil.copy(lesson, self.content)
        notebook = lessons.read(lesson)
        before_environ = os.environ.copy()
        os.environ.update(self.env)  # for the kernel, and to find it
        os.environ.pop("PYTHONPATH", None)
        start = time.perf_counter()
        marks = []
        try:
            lessons.in_kernel(
                notebook,
                folder=self.content,
                kernel="colab",
                on_cell_executed=lambda **_: marks.append(time.perf_counter()),
            )
        finally:
            os.environ.clear()
            os.environ.update(before_environ)
        changed = sorted(before ^ self.freeze())
        ours = f"lessons_lib @ git+{address()}@"
        if [c[: len(ours)] for c in changed] != [ours]:
            raise AssertionError(f"packages changed: {changed}")
        return marks[0] - start, marks[-1] - start


def _ask(python: str | Path, expression: str) -> str:
    """What an expression of sysconfig is in another Python."""
    code = f"import sysconfig; print({expression})"
    return subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> int:
    """Run lessons, each on a machine of its own; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="NUMBER")
    parser.add_argument("--packages", metavar="PYTHON", default=sys.executable)
    options = parser.parse_args()
    failed = 0
    for lesson in lessons.chosen(options.lessons):
        with tempfile.TemporaryDirectory(prefix="colab-") as folder:
            try:
                machine = Colab(Path(folder), options.packages)
                setup, total = machine.run(lesson)
            except (CellExecutionError, AssertionError, RuntimeError) as error:
                failed += 1
                print(f"{lesson.stem}: FAILED\n{error!r}", flush=True)
                continue
        print(
            f"{lesson.stem}: runs in {total:.0f} s, set up in {setup:.0f} s; "
            "lessons_lib alone came",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
