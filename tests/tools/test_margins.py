"""What a sweep keeps of each claim, and the margins that it warns of."""

import json
import math

import nbformat
import pytest

from lessons_lib._compared import Measured
from tools import lessons, sweep, verified
from tools.margins import SHARE, Series


@pytest.fixture
def records(tmp_path, monkeypatch):
    monkeypatch.setattr(verified, "FILE", tmp_path / "verified.json")


def pairs(op, *sides, first=0):
    """What was compared, a pair a seed."""
    return {
        seed: Measured(op, a, b, True)
        for seed, (a, b) in enumerate(sides, first)
    }


@pytest.mark.parametrize(
    ("op", "sides", "series"),
    [
        ("<", [(1, 5), (2, 5)], ("<", 5, [1, 2])),
        ("<", [(5, 7), (5, 6)], (">", 5, [7, 6])),
        (">=", [(3, 2), (3, 1)], ("<=", 3, [2, 1])),
        ("<", [(1, 5), (1, 5)], ("<", 5, [1, 1])),
        ("<", [(1, 2), (2, 8)], ("<", 1, [0.5, 0.25])),
        (">", [(1, -2), (2, 1)], (">", 0, [3, 1])),
        ("<", [(1, 5), (math.inf, 5)], ("<", 5, [1])),
        ("<", [], ("<", 0, [])),
    ],
)
def test_one_side_is_the_threshold(op, sides, series):
    found = Series.of(pairs(op, *sides))
    assert (found.op, found.threshold, [*found.values.values()]) == series


@pytest.mark.parametrize(
    ("one", "two", "merged"),
    [
        (("<", [(1, 5)]), ("<", [(2, 5)]), ("<", 5, [1, 2])),
        (("<", [(1, 5)]), ("<", [(2, 8)]), ("<", 1, [0.2, 0.25])),
        (("<", [(1, 5)]), ("<", [(3, 4), (4, 8)]), ("<", 1, [0.2, 0.75, 0.5])),
        (("<", [(-1, 5)]), ("<", [(2, 8)]), ("<", 0, [-6, -6])),
        (("<", [(1, 5)]), ("<", [(-3, 4), (4, 8)]), ("<", 0, [-4, -7, -4])),
        # in the second sweep the left side was the constant one
        (("<", [(1, 5)]), ("<", [(2, 8), (2, 4)]), ("<", 1, [0.2, 0.25, 0.5])),
        (("<", [(0, 5)]), ("<", [(2, 8), (2, 4)]), ("<", 0, [-5, -6, -2])),
        (("<", []), ("<", [(2, 8)]), ("<", 8, [2])),
        (("<", [(2, 8)]), ("<", []), ("<", 8, [2])),
    ],
)
def test_two_sweeps_are_one(one, two, merged):
    a = Series.of(pairs(one[0], *one[1]))
    b = Series.of(pairs(two[0], *two[1], first=len(one[1])))
    both = a.merged(b)
    assert (both.op, both.threshold) == merged[:2]
    assert [both.values[seed] for seed in sorted(both.values)] == merged[2]


@pytest.mark.parametrize(
    ("op", "threshold", "values", "share"),
    [
        ("<", 10, [4, 8, 9], 0.2),
        (">", 3, [4, 8, 9], 0.2),
        ("<", 8, [4, 8.5, 9], -0.2),
        ("<=", 9, [4, 9], 0),
        ("<", 1, [1e-4, 1e-2], 1),
        ("<", 1, [0, 1e-4, 0.5], 1),
        (">", -2, [-1, 0, 1], 0.5),
        ("<", 1, [0.5, 0.5], math.inf),
        ("<", 1, [2, 2], -math.inf),
    ],
)
def test_a_margin_is_a_share_of_the_spread(op, threshold, values, share):
    series = Series(op, threshold, dict(enumerate(values)))
    assert series.share == pytest.approx(share)


@pytest.mark.parametrize(
    ("value", "threshold", "kept"),
    [
        (3.45678e-9, 0.01, 3.46e-9),
        (123456.0, 0, 123000),
        (0.9499612, 0.95, 0.9499612),
        (0.7512345, 1, 0.751),
        (0.123456, 0.123456, 0.123456),
        (0.0, 1.0, 0),
        (1.23456e31, 1, 1.23e31),
    ],
)
def test_three_digits_are_kept(value, threshold, kept):
    stored = Series("<", threshold, {0: value}).stored([0])
    assert stored["values"] == [pytest.approx(kept, rel=1e-12)]
    assert (stored["values"][0] < threshold) == (value < threshold)


def put_down(measured, code="a"):
    return verified.swept(
        "07-test", code, "", measured, [], 1, "2.15.0", measured
    )


def test_a_record_holds_a_value_for_each_seed(records):
    put_down({2: {"it": pairs("<", (1, 5))}})
    record = put_down(
        {
            0: {"it": {0: Measured("<", 3, 5, True)}, "exact": {}},
            5: {"it": {0: Measured("<", 4, 5, True)}},
            6: {},
        }
    )
    series = {"op": "<", "threshold": 5, "values": [3, 1, 4, None]}
    assert record["seeds"] == [[0, 0], [2, 2], [5, 6]]
    assert record["measured"] == {"it": [series]}
    text = verified.FILE.read_text("utf-8")
    assert '"values": [3,1,4,null]\n' in text
    assert json.loads(text)["07-test"]["swept"][""] == record
    assert verified.margins(record) == {
        "it": [Series("<", 5, {0: 3, 2: 1, 5: 4})]
    }


def test_a_seed_that_is_swept_again_is_measured_again(records):
    one = {s: {"it": {0: Measured("<", s, 9, True)}} for s in (1, 2, 3)}
    assert put_down(one)["measured"]["it"][0]["values"] == [1, 2, 3]
    again = {2: {"it": {0: Measured("<", 8, 9, True)}}, 3: {}}
    assert put_down(again)["measured"]["it"][0]["values"] == [1, 8, None]
    assert put_down({4: {}}, code="b")["measured"] == {}, "other code"


def test_each_comparison_keeps_its_place(records):
    both = Measured("<", 1, 5, True), Measured(">", 7, 2, True)
    put_down({0: {"a or b": {1: both[1]}}})
    record = put_down({1: {"a or b": {0: both[0]}}})
    assert record["measured"]["a or b"] == [
        {"op": "<", "threshold": 5, "values": [None, 1]},
        {"op": ">", "threshold": 2, "values": [7, None]},
    ]


def test_a_record_without_measurements_is_added_to(records):
    put_down({0: {}})
    known = verified.load()
    del known["07-test"]["swept"][""]["measured"]
    verified.FILE.write_text(json.dumps(known), "utf-8")
    record = put_down({1: {"it": pairs("<", (1, 5))}})
    assert record["measured"]["it"][0]["values"] == [None, 1]


@pytest.fixture
def swept(tmp_path, monkeypatch, capsys, records):
    """Sweep a lesson of one claim on a random number; what is printed."""
    monkeypatch.setattr(lessons, "BOOK", tmp_path)
    monkeypatch.setattr(
        lessons, "in_processes", lambda work, jobs, count: map(work, jobs)
    )
    monkeypatch.chdir(tmp_path)  # it goes there, and sets the seed
    monkeypatch.setenv("LESSONS_SEED", "")
    monkeypatch.setattr("sys.argv", ["sweep", "--seeds", "20"])

    def sweep_it(condition):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [
            nbformat.v4.new_code_cell(source)
            for source in (
                "import torch\nfrom lessons_lib.claims import claim\n"
                "from lessons_lib.runtime import set_seed",
                f"set_seed(0)\nx = torch.rand(())\nclaim('it', {condition})\n"
                "claim('two is two', 2 == 2)",
            )
        ]
        nbformat.write(notebook, tmp_path / "07-test.ipynb")
        status = sweep.main()
        return status, capsys.readouterr().out

    return sweep_it


def test_an_erosion_is_reported_before_the_claim_fails(swept):
    status, out = swept("x < 2")
    assert status == 0
    assert "margins of less than" not in out
    (series,) = verified.margins(verified.load()["07-test"]["swept"][""])["it"]
    assert len(series.values) == 20
    worst, spread = max(series.values.values()), 0.9

    status, out = swept(f"x < {worst + 0.9 * SHARE * spread}")
    assert status == 0, "it still holds"
    warning = out.split(f"margins of less than {SHARE:.0%} of the spread:\n")[
        1
    ]
    assert warning.startswith("07-test: it ")
    assert "two is two" not in warning

    status, out = swept(f"x < {worst - 0.01}")
    assert status == 1
    assert "✗ it" in out


def test_the_table_has_a_line_for_each_claim(swept):
    _, out = swept("x < 100 and x > -0.5")
    lines = out.splitlines()
    assert lines[1].split()[:3] == ["07-test", "2", "20/20"]
    assert lines[2].split()[0] == "it"
    assert "> -0.5" in lines[2], "the smaller margin"
    assert lines[2].endswith("%")
    assert lines[3].split() == ["two", "is", "two", "exact"]


def test_nan_is_an_error_still(swept):
    status, out = swept("x / 0 - x / 0 != 0")
    assert status == 1
    assert "compares NaN" in out
