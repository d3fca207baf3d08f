"""Planted faults: the record of what caught them is true of what is here."""

import json
import os

import nbformat
import pytest

from tools import faults, lessons

RECORD = json.loads(faults.RECORD.read_text("utf-8"))


def test_there_are_faults_for_every_lesson():
    assert sorted(faults.FAULTS) == [path.name[:2] for path in lessons.find()]
    assert all(len(table) >= 3 for table in faults.FAULTS.values())


@pytest.mark.parametrize("number", faults.FAULTS)
def test_every_fault_was_caught_in_the_lesson_as_it_stands(number):
    entry = RECORD[number]
    assert entry["state"] == faults.state(number), (
        f"lesson {number}, lessons_lib or its faults changed: make faults"
    )
    names = {what for what, *_ in faults.FAULTS[number]}
    assert {what for what, _ in entry["faults"]} == names
    assert all(answer.startswith("+ ") for _, answer in entry["faults"])


LESSON = [
    "from lessons_lib.claims import claim\nx = 2",
    "y = x + 2",
    'claim("two and two are four", y == 4)',
]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork")
@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("x + 2", "x - 2", "+ two and two are four"),
        ("x + 2", "2 + x", "- two and two are four"),
        ("x + 2", "x + '2'", "- TypeError"),
        ("y = x", "z = x", "- NameError"),
    ],
)
def test_what_becomes_of_a_fault(tmp_path, monkeypatch, old, new, answer):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in LESSON]
    nbformat.write(notebook, tmp_path / "77-test.ipynb")
    monkeypatch.setattr(lessons, "BOOK", tmp_path)
    fault = ("a fault", old, new, "two and two are four")
    monkeypatch.setitem(faults.FAULTS, "77", [fault])
    ((what, got),) = faults.run("77")
    assert what == "a fault"
    assert got.startswith(answer)
