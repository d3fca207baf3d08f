"""What speaks for a claim: read from the records, in words, as a strip."""

import json
import math
import re
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import lessons
from web import book_site, evidence

BELOW = {"op": "<", "threshold": 0.01, "values": [0.0012, 0.0083, 0.004]}
CHANGE = "in cell 28, `a<optimizer.step()` was dropped"


def record(measured=(), failed=(), data="", code="now", change=None):
    """The record of a lesson with the claim ``it falls``."""
    sweep = {"code": code, "seeds": [[0, 2]], "failed": list(failed)}
    sweep |= {"claims": 2, "date": "2026-01-31", "torch": "2.15.0"}
    sweep["measured"] = {"it falls": list(measured)}
    claims = {"it falls": change} if change else {}
    alive = {"it stays": 4} | ({} if change else {"it falls": 5})
    mutants = {"code": code, "claims": claims, "survived": alive}
    return {"swept": {data: sweep}, "mutants": mutants}


def said(*measured, **options):
    known = evidence.of_lesson(record(measured, **options), "now")
    return evidence.sentence(known["it falls"])


def page(text, known, cell="cell-28"):
    """An output that prints a text, as on a lesson's page."""
    soup = BeautifulSoup(
        f'<div class="cell" id="{cell}"><div class="cell_output">'
        '<div class="output stream"><div class="highlight"><pre><span></span>'
        f"{text}</pre></div></div></div></div>",
        "html.parser",
    )
    book_site.mark_claims(soup)
    evidence.show(soup, known)
    return soup


def test_a_claim_says_from_which_seeds_it_held_and_how_close_they_came():
    assert said(BELOW) == (
        "Held from each of 3 seeds; the closest came to 0.0083, below 0.01."
    )
    above = {"op": ">=", "threshold": 0.9, "values": [1.0, 0.9, 0.95]}
    assert said(above, data="MNIST") == (
        "Held from each of 3 seeds on MNIST; "
        "the closest came to 0.9, at least 0.9."
    )
    other = {"op": "!=", "threshold": 0, "values": [-3.0, 2e-5, 1.0]}
    assert "came to 2e\N{MINUS SIGN}5, other than 0." in said(other)
    alike = {"op": ">", "threshold": 100, "values": [784] * 3}
    assert said(alike).endswith("; each came to 784, above 100.")
    assert said(change=CHANGE) == "Held from each of 3 seeds."


@pytest.mark.parametrize(
    ("threshold", "closest", "text"),
    [
        (0.01, 0.0099999, "0.0099999, below 0.01"),
        (0.9995, 0.99, "0.99, below 0.9995"),
        (0.123456, 0.12345, "0.123, below 0.123456"),
        (60000, 12345.6, "12346, below 60000"),
        (1e7, 2.5e6, "2.5e6, below 1e7"),
        (0, -1234.5, "\N{MINUS SIGN}1234, below 0"),
    ],
)
def test_numbers_have_as_few_digits_as_tell_on_which_side_they_are(
    threshold, closest, text
):
    values = [closest, closest - 1, closest - 2]
    series = {"op": "<", "threshold": threshold, "values": values}
    assert f"the closest came to {text}." in said(series)


def test_a_failure_counts_against_each_claim_that_may_have_failed():
    assert "from each of 3 seeds;" in said(BELOW, failed=[1])
    over = BELOW | {"values": [0.0012, 0.02, 0.004]}
    assert said(over, failed=[1]) == (
        "Held from at least 2 of 3 seeds; "
        "the closest came to 0.02, not below 0.01."
    )
    at = BELOW | {"values": [0.01, 0.0012, 0.004]}
    assert "came to 0.01, not below 0.01." in said(at, failed=[0])
    unknown = BELOW | {"values": [0.0012, None, 0.004]}
    assert "at least 2 of 3" in said(unknown, failed=[1])
    assert "at least 2 of 3" in said(failed=[1], change=CHANGE)


def test_only_what_is_known_of_the_present_code_is_evidence():
    old = record([BELOW], code="before", change=CHANGE)
    assert evidence.of_lesson(old, "now") == {}
    assert evidence.of_lesson({}, "now") == {}
    assert evidence.of_lesson(record(), "now") == {}, "an exact claim"
    nothing = BELOW | {"values": [None, None, math.nan]}
    assert evidence.of_lesson(record([nothing]), "now") == {}
    swept = old | {"swept": record([BELOW])["swept"]}
    known = evidence.of_lesson(swept, "now")["it falls"]
    assert known.series
    assert not known.change
    assert evidence.seen_to_fail(old, "now") == ""
    assert evidence.seen_to_fail(old, "before") == "1 of 2"


def test_what_was_measured_on_mnist_comes_first():
    both = record([BELOW], data="digits")["swept"]
    both |= record([BELOW | {"threshold": 0.5}], data="MNIST")["swept"]
    (known,) = evidence.of_lesson({"swept": both}, "now").values()
    assert known.held == "each of 3 seeds on MNIST"
    assert known.series[0].threshold == 0.5
    both["MNIST"]["code"] = "before"
    (known,) = evidence.of_lesson({"swept": both}, "now").values()
    assert known.held == "each of 3 seeds on digits"


def test_the_smallest_margin_is_a_share_of_what_the_seeds_spread():
    wide = BELOW | {"values": [0.0, 0.004, 0.008]}
    alike = BELOW | {"values": [0.0099] * 3}
    blown = {"op": ">", "threshold": 1, "values": [2, 3, math.inf]}
    other = wide | {"op": "!="}
    for series, margin in (
        (wide, 0.25),
        (alike, math.inf),
        (blown, 1),
        (other, math.inf),
    ):
        (sweep,) = record([series])["swept"].values()
        assert evidence.smallest_margin(sweep) == pytest.approx(margin)
    (sweep,) = record([blown, wide, alike])["swept"].values()
    assert evidence.smallest_margin(sweep) == pytest.approx(0.25)


def test_the_page_on_what_was_verified_sums_up_each_lesson(tmp_path):
    (tmp_path / "book").mkdir()
    cells = [new_markdown_cell("# 01 · One"), new_code_cell("set_up()")]
    notebook = new_notebook(cells=cells)
    nbformat.write(notebook, tmp_path / "book/01-one.ipynb")
    code = lessons.code_hash(notebook)
    wide = BELOW | {"values": [0.0, 0.004, 0.008]}
    known = record([wide], code=code, change=CHANGE, data="MNIST", failed=[1])
    known["swept"] |= record([BELOW], code="before")["swept"]
    file = tmp_path / "book/verified.json"
    file.write_text(json.dumps({"01-one": known}), "utf-8")
    source = ["<!-- executed --> <!-- swept -->"]
    app = SimpleNamespace(srcdir=tmp_path)
    book_site.fill_in_tables(app, "book/verified", source)
    link = "[01 · One](01-one.ipynb)"
    assert source[0].startswith("Nothing yet. | lesson |")
    assert source[0].splitlines()[2:] == [
        f"| {link} | 2 | 2 of 3 on MNIST | 0.25 | 1 of 2 |",
        f"| {link} | 2 | 3 of 3, older code |  | 1 of 2 |",
    ]
    said = book_site.in_words(known, code)
    assert said[-1] == "1 of 2 claims were seen to fail in changed code."


# --- The strip ---------------------------------------------------------------


def drawn(**series):
    """A strip, and the x of its ticks and of its threshold."""
    svg = BeautifulSoup(
        evidence.strip(evidence.Series(**series)), "html.parser"
    )
    ticks = re.findall(r"M(\d+) \d+v-(\d+)", svg.select_one(".ticks")["d"])
    limit = re.match(r"M(\d+)", svg.select_one("path.limit")["d"])
    hatch = re.findall(r"M(\d+)", svg.select_one(".hatch")["d"])
    return (
        svg,
        [(int(x), int(height)) for x, height in ticks],
        int(limit[1]),
        [int(x) for x in hatch],
    )


def test_a_strip_shows_all_seeds_and_the_side_that_fails():
    svg, ticks, limit, hatch = drawn(
        op="<", threshold=10, values=[8, 2, 2, None, 5, math.nan]
    )
    (two, five, eight) = (x for x, _ in ticks)
    assert five - two == pytest.approx(eight - five, abs=3), "a linear axis"
    assert ticks[0][1] == 2 * ticks[1][1], "two seeds stand on each other"
    assert eight < limit <= min(hatch) < max(hatch) < evidence.WIDTH
    texts = [text.get_text() for text in svg.find_all("text")]
    assert texts == ["8", "2", "< 10"]
    assert svg.svg["role"] == "img"
    assert svg.svg["aria-label"] == (
        "4 measured values from 2 to 8; it holds below 10"
    )


def test_the_side_that_fails_is_on_the_left_or_nowhere():
    _, ticks, limit, hatch = drawn(op=">", threshold=1, values=[1.5, 3, 0.5])
    assert ticks[0][0] < limit < ticks[1][0], "one seed fails"
    assert 0 <= min(hatch) < max(hatch) < limit
    *_, limit, hatch = drawn(op="!=", threshold=0, values=[-1, 2])
    assert 0 < limit < evidence.WIDTH
    assert hatch == []


def test_more_than_a_decade_of_positive_values_has_a_log_axis():
    svg, ticks, *_ = drawn(op="<", threshold=100, values=[0.01, 0.1, 1])
    (first, second, third) = (x for x, _ in ticks)
    assert third - second == pytest.approx(second - first, abs=3)
    assert "log axis" in svg.get_text()
    assert "logarithmic" in svg.svg["aria-label"]
    for values in ([11, 99], [-1, 1], [0, 1]):
        svg, *_ = drawn(op="<", threshold=100, values=values)
        assert "log" not in str(svg)


@pytest.mark.parametrize(
    "values", [[1e4, math.inf], [-math.inf, 5], [math.inf, -math.inf]]
)
def test_what_is_infinite_stands_at_the_edge(values):
    _, ticks, *_ = drawn(op=">", threshold=1, values=values)
    assert all(0 < x < evidence.WIDTH for x, _ in ticks)
    assert len(ticks) == 2


# --- On the page -------------------------------------------------------------


def test_a_line_with_evidence_opens_and_the_rest_stays_as_it_was():
    known = evidence.of_lesson(record([BELOW], change=CHANGE), "now")
    soup = page(
        "loss\n\n  0.5\n✓ it falls\n✓ it is plain\n✓ it falls\n", known
    )
    output = soup.select_one(".output")
    kinds = [tag.name for tag in output.find_all(recursive=False)]
    assert kinds == ["div", "details", "div", "details"]
    printed = [pre.get_text() for pre in soup.select(".highlight > pre")]
    assert printed == ["loss\n\n  0.5\n", "✓ it is plain\n"]
    details = soup.details
    assert str(details.summary) == (
        '<summary><span class="claim holds">✓ it falls</span></summary>'
    )
    assert details.svg
    assert details.p.get_text() == (
        "Held from each of 3 seeds; the closest came to 0.0083, below 0.01. "
        "Seen to fail when, in cell 28, a<optimizer.step() was dropped."
    )
    assert details.code.get_text() == "a<optimizer.step()"
    assert details.a["href"] == "#cell-28"


def test_lines_without_evidence_change_nothing():
    known = evidence.of_lesson(record([BELOW]), "now")
    for text in ("✓ another\n", "it falls\n", "✗ it falls\n", "○ it falls\n"):
        assert str(page(text, known)) == str(page(text, {}))
    marked = page("✓ it falls\n", {})
    assert marked.pre.get_text() == "✓ it falls\n"


def test_there_is_a_link_to_a_cell_of_the_page_only():
    known = evidence.of_lesson(record(change=CHANGE), "now")
    soup = page("✓ it falls\n", known, cell="cell-2")
    assert soup.a is None
    assert "when, in cell 28, a" in soup.p.get_text()
    assert soup.svg is None


def test_at_most_three_strips_those_that_came_closest():
    series = [BELOW | {"threshold": t} for t in (4, 2, 1, 3)]
    alike = BELOW | {"values": [0.005] * 3}
    known = evidence.of_lesson(record([alike, *series]), "now")
    soup = page("✓ it falls\n", known)
    limits = [text.get_text() for text in soup.select("text.limit")]
    assert limits == ["< 1", "< 2", "< 3"]


def test_a_claim_that_was_not_checked_is_marked_as_such():
    line = "\N{EN DASH} it reads digits (not checked: needs MNIST)"
    soup = page(f"{line}\n- a list\n", {})
    assert soup.select_one(".claim.unchecked").get_text() == line
    assert len(soup.select(".claim")) == 1


def test_cells_are_numbered_as_in_the_notebook():
    soup = BeautifulSoup(2 * '<div class="cell"></div>', "html.parser")
    book_site.number_cells(soup, [1, 4])
    assert [tag["id"] for tag in soup.select("div")] == ["cell-1", "cell-4"]
    with pytest.raises(ValueError, match="shorter"):
        book_site.number_cells(soup, [1])
