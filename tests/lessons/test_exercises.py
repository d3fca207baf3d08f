"""Each exercise's check takes right answers and refuses plausible wrong ones."""

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

from lessons_lib.exercises import check, evaluate

ROOT = Path(__file__).parents[2]


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def exercises():
    """(name, right answers, wrong answers) of every lesson with exercises."""
    for path in sorted((ROOT / "lessons_lib/exercises").glob("lesson*.py")):
        number = path.stem.removeprefix("lesson")
        answers = load(ROOT / f"tests/lessons/exercises/answers_{number}.py")
        for name in load(path).CHECKS:
            yield pytest.param(
                name,
                answers.RIGHT.get(name, []),
                answers.WRONG.get(name, []),
                id=name,
            )


@pytest.mark.parametrize(("name", "right", "wrong"), list(exercises()))
def test_check(name, right, wrong):
    assert len(right) >= 2
    assert len(wrong) >= 3
    assert evaluate(name, ...).ok is None
    for answer in right:
        verdict = evaluate(name, answer)
        assert verdict.ok, verdict.line
    for answer in wrong:
        verdict = evaluate(name, answer)
        assert verdict.ok is False, (answer, verdict.line)
        assert "Hint: " in verdict.line or "expected" in verdict.line


def test_every_exercise_is_in_its_lesson_twice():
    """Once to be answered, once in the solution; and each has a check."""
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        source = "\n".join(c.source for c in cells if c.cell_type == "code")
        used = re.findall(r'check\(\s*"([\d.]+)"', source)
        number = path.stem[:2]
        checks = load(ROOT / f"lessons_lib/exercises/lesson{number}.py").CHECKS
        assert sorted(used) == sorted(list(checks) * 2), path.stem


def test_check_prints_one_line(capsys):
    check("01.1", ...)
    check("01.1", 5)
    check("01.1", 7)
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines] == ["○", "✓", "✗"]
    assert "given 7, expected 5" in lines[2]


@pytest.mark.parametrize("name", ["10.99", "77.1", "", "os"])
def test_unknown_exercise(name):
    with pytest.raises(KeyError, match="there is no exercise"):
        check(name, 1)
