"""The regression finds what it is there to find.

In a copy of the project, one thing is spoilt at a time, and the tests that
`make test` runs must fail. A copy that is whole must pass, or the others
would prove nothing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSON = "book/10-mnist-mlp.ipynb"
PARTS = ["book", "lessons_lib", "pyproject.toml", "conftest.py", "_config.yml"]
PARTS += ["_toc.yml", "tests/nbval.cfg", "tests/test_notebooks.py"]


def regression(folder):
    """Run the lesson and the rules for notebooks, on the stand-in."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "LESSONS_DATA_DIR": str(folder / "no-data"),
        "https_proxy": "http://127.0.0.1:9",  # no network: the stand-in, at once
        "http_proxy": "http://127.0.0.1:9",
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        + ["tests/test_notebooks.py", LESSON],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path):
    for name in PARTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil_copy = (
            shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        )
        shutil_copy(ROOT / name, tmp_path / name)
    return tmp_path


def edit(folder, change):
    path = folder / LESSON
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)


def find(cells, words):
    return next(
        c for c in cells if c.cell_type == "code" and words in c.source
    )


def changed_output(folder):
    def change(cells):
        output = find(cells, "print(digits.X_train.shape").outputs[0]
        output.text = output.text.replace("28, 28", "28, 27")

    edit(folder, change)


def removed_claim(folder):
    def change(cells):
        line = 'claim("the copy gives the same logits", same)'
        cell = find(cells, line)
        cell.source = cell.source.replace(line, "")

    edit(folder, change)


def claim_that_is_false(folder):
    def change(cells):
        cell = find(cells, "below 0.35")
        cell.source = cell.source.replace("accuracy < 0.35", "accuracy > 0.35")

    edit(folder, change)


def broken_function(folder):
    path = folder / "lessons_lib/train.py"
    code = path.read_text("utf-8")
    broken = code.replace("logits.argmax(dim=1)", "logits.argmin(dim=1)")
    assert broken != code
    path.write_text(broken, "utf-8")


def unrun_cell(folder):
    def change(cells):
        cell = find(cells, "copy = make_net()")
        cell.execution_count, cell.outputs = None, []

    edit(folder, change)


def whole(folder):
    pass


@pytest.mark.parametrize(
    "spoil",
    [
        changed_output,
        removed_claim,
        claim_that_is_false,
        broken_function,
        unrun_cell,
    ],
    ids=lambda f: f.__name__,
)
def test_the_regression_fails(copy, spoil):
    spoil(copy)
    run = regression(copy)
    assert run.returncode == 1, run.stdout[-3000:] + run.stderr[-3000:]


def test_the_whole_copy_passes(copy):
    run = regression(copy)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
