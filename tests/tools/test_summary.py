"""What a run of the tests marks, and what it says at its end."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]


def run(folder, *arguments, **environment):
    """What pytest prints there."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def project(folder):
    """A small one: three notebooks, one of which loads MNIST, and two tests."""
    for name in ("conftest.py", "pyproject.toml", "tests/nbval.cfg"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "book").mkdir()
    cells = {
        "code": new_code_cell("if 0: digits = data.load_mnist()"),
        "words": new_markdown_cell("`load_mnist()` loads it"),
        "none": new_code_cell("1"),
    }
    for name, cell in cells.items():
        notebook = new_notebook(cells=[cell, new_code_cell("0")])
        nbformat.write(notebook, folder / f"book/{name}.ipynb")
    text = "import pytest, time\npytestmark = pytest.mark.data\n"
    text += "def test_one(): time.sleep(1)\ndef test_two(): pass\n"
    (folder / "tests/test_some.py").write_text(text, "utf-8")


def test_lessons_that_load_the_data_are_marked_and_the_time_is_said(tmp_path):
    project(tmp_path)
    printed = run(tmp_path, "-v", "-m", "data")
    found = set(re.findall(r"(?m)^(\S+?)(?:\.\w+)?::", printed))
    assert found == {"book/code", "tests/test_some"}
    rows = {
        cells[0].strip(): [c.strip() for c in cells[1:]]
        for line in printed.splitlines()
        if len(cells := line.strip("|").split("|")) == 4
    }
    assert [rows[n][0] for n in ("book", "tests", "all")] == ["2", "2", "4"]
    assert rows["tests"][1] == "1"
    assert rows["book"][2] == "1.00"
    assert float(rows["tests"][2]) > 0
    assert float(rows["all"][2]) > 1


def test_it_is_said_what_was_not_tested_without_chromium():
    test = "tests/web/test_planted_faults.py"
    printed = run(ROOT, test, PATH="", LESSONS_NEED_BROWSER="")
    assert "Tests left out: 1 without Chromium." in printed
    assert "apt-get install chromium nodejs" in printed
