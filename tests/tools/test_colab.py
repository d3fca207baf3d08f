"""A light lesson on a fresh Colab machine; `make colab` runs all of them."""

import shutil
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
from tools.colab import Colab

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    # Built with this environment's setuptools, and nothing fetched. (For a
    # pip of the command line, 0 means "without isolation".)
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("LESSONS_SEED", raising=False)
    return Colab(tmp_path)


def test_a_lesson_runs_and_brings_lessons_lib_alone(machine):
    setup, total = machine.run(ROOT / "book/00-your-machine.ipynb")
    assert 0 < setup < total


def test_a_hub_whose_python_cannot_be_written(machine, tmp_path):
    """There pip installs into a new folder in the user's home.

    A planted fault is noticed: the set-up cell brings a package more.
    """
    settings = machine.folder / "machine/pyvenv.cfg"
    text = settings.read_text("utf-8").replace(
        "packages = false", "packages = true"
    )
    settings.write_text(text, "utf-8")
    home = tmp_path / "home"
    machine.env |= {"PIP_USER": "1", "PYTHONUSERBASE": str(home)}
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra/setup.py").write_text(
        "from setuptools import setup\nsetup(name='extra', version='1')\n"
    )
    lesson = tmp_path / "planted.ipynb"
    source = nbformat.read(ROOT / "book/00-your-machine.ipynb", 4).cells[1]
    source.source = source.source.replace(
        "--no-deps", f"--no-deps {(tmp_path / 'extra').as_posix()}"
    )
    notebook = nbformat.v4.new_notebook(cells=[source])
    nbformat.write(notebook, lesson)
    came = r"packages changed: \['extra @ [^']*', 'lessons_lib @ git[^']*'\]$"
    with pytest.raises(AssertionError, match=came):
        machine.run(lesson)
    assert list(home.rglob("lessons_lib/runtime.py"))
