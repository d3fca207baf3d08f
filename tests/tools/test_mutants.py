"""Mutants kill a claim that can fail, and no other."""

import ast
import os

import nbformat
import pytest

from tools import lessons, mutants, mutations, verified

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

SETUP = "import torch\nfrom lessons_lib.claims import claim"
DATA = "x = torch.arange(4.0)\nother = torch.ones(3)"
HALF = "half = x / 2\nprint('half', 2 + 2)"
LONGER = "longer = torch.cat([x, other])"
HOLD = 'claim("half of 3 is 1.5", half[3] == 1.5)'
EMPTY = 'claim("a tensor is itself", half is half)'
LONG = 'claim("seven numbers", len(longer) == 7)'


@pytest.fixture
def hunt(tmp_path, monkeypatch):
    """Write a lesson of these cells and hunt its claims."""
    monkeypatch.setattr(verified, "FILE", tmp_path / "verified.json")

    def made(*sources, minutes=5):
        cells = [nbformat.v4.new_code_cell(s) for s in (SETUP, *sources)]
        path = tmp_path / "77-small.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        made = mutants.Hunt(path, minutes, jobs=2)
        made.run()
        return made

    return made


def test_what_can_fail_is_killed_and_what_cannot_is_named(hunt):
    found = hunt(DATA, LONGER, HALF, HOLD, EMPTY, LONG)
    assert found.killed.keys() == {"half of 3 is 1.5", "seven numbers"}
    assert found.killed["half of 3 is 1.5"].startswith("in cell 3, `")
    assert list(found.survived) == ["a tensor is itself"]
    again = hunt(DATA, LONGER, HALF, HOLD, EMPTY, LONG)
    assert again.tried == found.tried  # it goes on where it stopped
    assert again.killed == found.killed
    changed = hunt(DATA, LONGER, HALF + "\n", HOLD, EMPTY, LONG)
    assert changed.tried > 0  # the code is another: anew


def test_time_that_is_spent_is_spent(hunt):
    assert hunt(DATA, HALF, HOLD, minutes=0).tried == 0


def test_a_lesson_that_fails_as_it_stands_is_no_place_to_hunt(hunt):
    with pytest.raises(SystemExit, match="as it stands: .*half of 3"):
        hunt(DATA, "half = x", HOLD)


@pytest.fixture
def run():
    """Run changed cells; the claims, and whether they hold."""

    def run(source, *then, seconds=60):
        cells = [(0, SETUP), *enumerate(then, start=1)]
        session = lessons.Session()
        session.run(0, SETUP)
        places = tuple(range(1, len(cells)))
        job = mutants.Job(0, source, places, seconds)
        return mutants.claims_of(job, session, cells)

    return run


def test_what_follows_an_error_kills_nothing(run):
    wrong = 'claim("early", 1 == 2)\n1 / 0\nclaim("late", 1 == 2)'
    assert run(wrong, 'claim("later", 1 == 2)') == {"early": False}


def test_a_claim_that_fails_once_in_a_loop_has_failed(run):
    assert run("for i in range(3):\n    claim('small', i != 1)") == {
        "small": False
    }


def test_a_mutant_that_does_not_end_is_left(run):
    assert run("while True:\n    pass", seconds=1) == {}


def web(*sources, text):
    lesson = mutations.Lesson([ast.parse(s) for s in sources])
    at = len(sources) - 1
    return [place for place, _ in lesson.web(at, text)]


def test_a_claim_hangs_on_what_its_names_were_made_of():
    assert web(
        SETUP,
        DATA,
        LONGER,
        HALF,
        "net = torch.nn.Linear(1, 1)",
        "opt = torch.optim.SGD(net.parameters())",
        "loss = net(x).mean()\nloss.backward()\nopt.step()",
        'claim("it has learned", net.weight > 0)',
        text="it has learned",
    ) == [6, 5, 4, 1]


def changes(source, needed=("y",)):
    lesson = mutations.Lesson([ast.parse(source)])
    return dict(mutations.of(lesson, 0, set(needed)))


def test_showing_and_claiming_are_left_alone():
    assert changes("print(1 + 1)\nplt.plot([1, 2])\nclaim('a', 1 < 2)") == {}
    assert changes("_, ax = plt.subplots()\nax.set(ylim=(0, 1))") == {}


@pytest.mark.parametrize(
    ("source", "words", "becomes"),
    [
        ("y = a + b", "`y = a + b` became `y = a - b`", "y = a - b"),
        ("y = a < b", "`y = a < b` became `y = a >= b`", "y = a >= b"),
        ("y = 3", "`y = 3` became `y = 30`", "y = 30"),
        (
            "y = f('1e-6')",
            "`y = f('1e-6')` became `y = f('1e-05')`",
            "y = f('1e-05')",
        ),
        ("y = True", "`y = True` became `y = False`", "y = False"),
        ("opt.step()", "`opt.step()` was dropped", "pass"),
        (
            "y = x.relu()",
            "`y = x.relu()` became `y = x.tanh()`",
            "y = x.tanh()",
        ),
        ("y = x.mean()", "`y = x.mean()` became `y = x`", "y = x"),
        ("y -= x", "`y -= x` was dropped", "pass"),
        ("y -= x", "`y -= x` became `y = y - x`", "y = y - x"),
    ],
)
def test_what_is_changed(source, words, becomes):
    assert changes(source)[words] == becomes


def test_a_line_that_matters_comes_first():
    first, *_ = changes("z = 1\ny = 2", needed=["y"])
    assert first.startswith("`y = 2`")
    first, *_ = changes("z = 1\ny = 2", needed=["z"])
    assert first.startswith("`z = 1`")


def test_every_kind_of_change_gives_code_that_is_code():
    source = (
        "a, b = pair()\n"
        "y = -x[1:3].T.max(dim=0) + 2 ** 3 % 4 // 5 - (a < b and not c)\n"
        "for i in range(3):\n    y += [1, 2, 3][i]\n"
        "while y:\n    y = relu(y, 2)\n"
        "with torch.no_grad():\n    loss.backward()\n"
        "def f(x):\n    return torch.sigmoid(x) if x is None else x * 2.5\n"
        "y = 2 - y"
    )
    found = changes(source)
    assert len(found) > 80
    for words, becomes in found.items():
        ast.parse(becomes)
        assert len(words) < 150, words
        assert words.count("`") == 4 or words.count("`") in (2,), words


def test_what_is_needed_within_a_cell_matters_as_well():
    """``p`` is made in the cell, so nothing before it needs it."""
    cell = "p = 3\nother = 5\nout = p\nclaim('it is 3', out == 3)"
    lesson = mutations.Lesson([ast.parse("x = 1"), ast.parse(cell)])
    ((at, needed),) = lesson.web(1, "it is 3")
    assert (at, {"p", "out"} <= needed, "other" in needed) == (1, True, False)


def test_a_cell_that_is_run_finds_the_names_it_reads():
    sources = ["a = 1", "b = a", "c = 2", "d = c", "print(d)\ne = b"]
    lesson = mutations.Lesson([ast.parse(s) for s in sources])
    assert lesson.completed(1, {4}) == (2, 3, 4)
    assert lesson.completed(2, {4}) == (3, 4)
    assert lesson.completed(4, set()) == ()


def test_a_figure_that_cannot_be_drawn_hides_no_claim(hunt):
    draw = "from matplotlib import pyplot as plt\n_, ax = plt.subplots()"
    weak = 'claim("few", len(sums) < 5)'
    cell = "sums = torch.cat([x, x])[:4]\nax.plot(range(4), sums)"
    assert hunt(DATA, draw, cell, weak).survived == {}


def test_a_change_at_the_end_of_a_long_line_is_seen():
    long = "y = " + " + ".join(f"number_{i}" for i in range(20))
    assert any("+ 1000`" in words for words in changes(long))
