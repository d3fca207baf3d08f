"""`make execute`: stores what ran, and keeps what was there if it failed."""

import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import execute


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "BOOK", tmp_path)

    def write(*sources):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(s) for s in sources]
        path = tmp_path / "07-test.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


def test_outputs_are_stored(lesson):
    bar = 'import sys; print("\\r50%", file=sys.stderr)'
    path = lesson('print("✓ it ran")', "print(1); print(2)", bar)
    assert execute.main(["7"]) == 0
    cells = nbformat.read(path, as_version=4).cells
    assert [c.execution_count for c in cells] == [1, 2, 3]
    assert [[o.text for o in c.outputs] for c in cells] == [
        ["✓ it ran\n"],
        ["1\n2\n"],
        [],
    ]


@pytest.mark.parametrize(
    "bad", ["1 / 0", 'import warnings; warnings.warn("careful")']
)
def test_a_failed_run_changes_nothing(lesson, bad, capsys):
    path = lesson("print(1)", bad)
    before = path.read_bytes()
    assert execute.main([]) == 1
    assert path.read_bytes() == before
    assert "FAILED" in capsys.readouterr().out
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_lesson_that_is_not_there(lesson):
    with pytest.raises(SystemExit, match="no lesson '8'"):
        execute.find("8")
