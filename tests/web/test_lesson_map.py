"""The map of the lessons: a box for each, below what it needs."""

from pathlib import Path

from bs4 import BeautifulSoup

from tools import lessons
from web import book_site, lesson_map

NEEDS = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["a"], "e": ["c", "d"]}
TITLES = {name: f"The title of {name}" for name in NEEDS}


def test_an_arrow_that_others_imply_is_left_out():
    found = {name: lesson_map.direct(name, NEEDS) for name in NEEDS}
    assert found == {
        "a": [],
        "b": ["a"],
        "c": ["b"],
        "d": ["a"],
        "e": ["c", "d"],
    }


def test_each_box_stands_below_those_that_it_needs_and_on_no_other():
    soup = BeautifulSoup(lesson_map.draw(TITLES, NEEDS), "html.parser")
    boxes = {}
    for link in soup.find_all("a"):
        x, y, wide, high = (
            float(link.rect[k]) for k in ("x", "y", "width", "height")
        )
        assert 0 <= x <= lesson_map.WIDTH - wide
        boxes[link["href"].removesuffix(".html")] = x, y, wide, high
    for name, before in NEEDS.items():
        assert all(boxes[name][1] > boxes[n][1] for n in before)
    spots = list(boxes.values())
    for i, (x, y, wide, _) in enumerate(spots):
        for x2, y2, *_ in spots[:i]:
            assert y != y2 or abs(x - x2) >= wide
    assert len(soup.find_all("path")) == 5  # the arrows


def test_the_site_s_map_shows_every_lesson_and_what_it_needs(site):
    page = (site / "book/where-next.html").read_text("utf-8")
    links = BeautifulSoup(page, "html.parser").select("nav.map a")
    found = {link["href"]: link["aria-label"] for link in links}
    paths = lessons.find()
    assert list(found) == [f"{Path(path).stem}.html" for path in paths]
    for path in paths:
        after = found[f"{path.stem}.html"]
        numbers = [target[:2] for _, target in book_site.needs(path)]
        assert [n for n in numbers if f" {n} " not in after] == []
