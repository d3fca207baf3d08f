"""`make execute` and `make sweep`: what they store, and what they keep."""

import contextlib
import io
import json
import multiprocessing
import os
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
from tools import again, execute, lessons, verified

LESSONS = lessons.find()


@pytest.fixture
def records(tmp_path, monkeypatch):
    monkeypatch.setattr(verified, "FILE", tmp_path / "verified.json")
    return verified.load


@pytest.fixture
def lesson(tmp_path, monkeypatch, records):
    monkeypatch.setattr(lessons, "BOOK", tmp_path)

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
        lessons.find("8")


def test_a_run_is_put_down(lesson, records):
    path = lesson('print("running on: cpu (2 threads), torch 2")')
    notebook = nbformat.read(path, as_version=4)
    title = nbformat.v4.new_markdown_cell(
        "# 07\n\n**Running time:** long · Colab\n"
    )
    notebook.cells.insert(0, title)
    nbformat.write(notebook, path)
    assert execute.main(["7"]) == 0
    run = records()["07-test"]["executed"]
    assert run["code"] == lessons.code_hash(notebook)
    assert run["device"] == "cpu (2 threads)"
    assert run["claims"] == 0
    assert run["seconds"] > 0
    first = nbformat.read(path, as_version=4).cells[0].source
    assert re.fullmatch(
        r"# 07\n\n\*\*Running time:\*\* about \d+ seconds? on .+ CPU cores? · Colab\n",
        first,
    )


def test_a_failed_run_is_not_put_down(lesson, records):
    lesson("1 / 0")
    assert execute.main([]) == 1
    assert records() == {}


def put_down(seeds, failed=(), code="a", data="", measured=None):
    verified.swept(
        "07-test", code, data, seeds, failed, 3, "2.15.0", measured or {}
    )
    return verified.load()["07-test"]["swept"][data]


def test_sweeps_add_up(records):
    put_down(range(100))
    assert put_down(range(20))["seeds"] == [[0, 99]], "20 do not undo 100"
    assert put_down([100, 101, 200])["seeds"] == [[0, 101], [200, 200]]
    put_down(range(5), data="MNIST")
    assert set(records()["07-test"]["swept"]) == {"", "MNIST"}
    assert put_down(range(3), code="b")["seeds"] == [[0, 2]], "other code"


def test_a_failed_seed_stays_until_it_passes(records):
    assert put_down(range(10), failed=[3, 7])["failed"] == [3, 7]
    assert put_down(range(10, 20))["failed"] == [3, 7]
    assert put_down([7, 8], failed=[8])["failed"] == [3, 8]


def test_records_written_at_once_are_all_kept(records):
    context = multiprocessing.get_context("fork")
    jobs = [
        context.Process(target=verified.executed, args=(f"{i:02}", {"n": i}))
        for i in range(8)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert records() == {f"{i:02}": {"executed": {"n": i}} for i in range(8)}
    assert json.loads(verified.FILE.read_text("utf-8"))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "about 1 second"),
        (7.6, "about 8 seconds"),
        (13, "about 15 seconds"),
        (57, "about 55 seconds"),
        (58, "about 1 minute"),
        (130, "about 2 minutes"),
    ],
)
def test_times_for_people(seconds, text):
    assert verified.about(seconds) == text


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_a_lesson_was_run_as_it_stands(path):
    notebook = nbformat.read(path, as_version=4)
    run = verified.load()[path.stem]["executed"]
    assert run["code"] == lessons.code_hash(notebook), (
        "its code was changed after it was run: make execute"
    )
    said = re.search(
        r"Running time:\*\* about (\d+) (second|minute)s? on",
        notebook.cells[0].source,
    )
    seconds = int(said[1]) * (60 if said[2] == "minute" else 1)
    assert 0.5 <= seconds / run["seconds"] <= 2


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_each_cell_was_run_again_as_it_stands(path):
    notebook = lessons.read(path)
    code = lessons.code_hash(notebook)
    cells = len(list(lessons.code(notebook)))
    record = verified.load()[path.stem].get("again")
    assert record == {"code": code, "cells": cells}, (
        f"its code was changed: make again LESSON={path.name[:2]}"
    )


def test_an_answer_that_is_right_is_no_claim():
    text = "✓ it holds\n✓ 10.2 is right\n– it reads (needs MNIST, not checked)"
    cell = nbformat.v4.new_code_cell()
    cell.outputs = [nbformat.v4.new_output("stream", text=text)]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert lessons.claimed(notebook) == ["it holds"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_each_claim_was_seen_to_fail_as_it_stands(path):
    notebook = lessons.read(path)
    record = verified.load()[path.stem].get("mutants", {})
    wanted = f"make mutants LESSON={path.name[:2]}"
    assert record.get("code") == lessons.code_hash(notebook), wanted
    assert {*lessons.claimed(notebook)} == {*record["claims"]}, wanted
    assert record["claims"]
    assert record["survived"] == {}, "sharpen them, or delete them"


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_each_claim_held_from_many_seeds_as_it_stands(path):
    """From 100, or from 20 where the lesson trains on MNIST."""
    notebook = lessons.read(path)
    swept = verified.load()[path.stem].get("swept", {})
    data, enough = ("MNIST", 20) if "MNIST" in swept else ("", 100)
    wanted = f"make sweep SEEDS={enough} LESSON={path.name[:2]}"
    assert data in swept, wanted
    record = swept[data]
    assert record["code"] == lessons.code_hash(notebook), wanted
    assert len(verified.expand(record["seeds"])) >= enough, wanted
    assert record["claims"] == len(lessons.claimed(notebook)), wanted
    assert record["failed"] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork")
@pytest.mark.parametrize(
    ("sources", "wrong"),
    [
        (["x = [1]", "y = x + [2]\nprint(y)"], []),
        (["x = [1]", "x.append(2)\nprint(x)"], [(1, "twice in a row")]),
        (["x = 1", "print(x)", "x = 2"], [(1, "after the whole lesson")]),
        (["x = 1", "y = 2 / x", "x = 0"], [(1, "after the whole lesson")]),
        (["x = 0", "x += 1\nassert x == 1"], [(1, "twice in a row")]),
    ],
)
def test_a_cell_that_cannot_be_run_again_is_found(sources, wrong):
    notebook = nbformat.v4.new_notebook()
    names = {}
    for source in sources:
        cell = nbformat.v4.new_code_cell(source)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(source, names)
        if out.getvalue():
            cell.outputs = [
                nbformat.v4.new_output("stream", text=out.getvalue())
            ]
        notebook.cells.append(cell)
    found = list(again.problems(notebook))
    for cell, when in wrong:
        assert any(x.startswith(f"cell {cell}, {when}: ") for x in found), (
            found
        )
    assert bool(found) == bool(wrong), found


def exit_code_of_a_child(_):
    child = multiprocessing.get_context("fork").Process(target=int)
    child.start()
    child.join()
    return child.exitcode


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="needs fork"
)
def test_a_lesson_may_start_processes():
    """As a DataLoader's workers are."""
    jobs = lessons.in_processes(exit_code_of_a_child, [0], 1)
    assert list(jobs) == [0]
