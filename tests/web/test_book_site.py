"""The steps that make the site, each by itself."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.cmd.build import main as sphinx

from lessons_lib import live, palette
from tools import lessons
from web import book_site, covers

ROOT = Path(__file__).parents[2]
CONF = """
from web import book_site
extensions = ["sphinxext.opengraph"]
html_title = "The book"
html_theme_options = {{"repository_url": "https://github.com/{}"}}
ogp_social_cards = {{"enable": False}}
suppress_warnings = ["config"]
def setup(app):
    app.connect("config-inited", book_site.set_address)
    app.connect("html-page-context", book_site.leave_out_half_an_address,
                priority=900)
"""


def test_a_sweep_of_older_code_is_called_that():
    sweep = {
        "code": "old",
        "seeds": [[0, 99]],
        "failed": [7],
        "claims": 3,
        "date": "2026-01-31",
        "torch": "2.15.0",
    }
    record = {"swept": {"MNIST": sweep}}
    (now,) = book_site.in_words(record, "old")
    (then,) = book_site.in_words(record, "new")
    assert "99 of 100 random seeds on MNIST" in now
    assert then.startswith("Before its code was changed")
    assert "changed" not in now


def test_the_date_of_a_run_is_not_that_of_the_change():
    run = {
        "code": "old",
        "date": "2026-01-31",
        "python": "3.12",
        "torch": "2.15.0",
        "numpy": "2.4",
        "device": "cpu",
        "seconds": 1.0,
        "claims": 3,
    }
    (now,) = book_site.in_words({"executed": run}, "old")
    (then,) = book_site.in_words({"executed": run}, "new")
    assert now.startswith("Last run on 2026-01-31 with Python")
    assert then.startswith("Last run on 2026-01-31, before its code was ")


def test_equal_scripts_and_styles_of_live_figures_are_kept_once():
    figure = (
        '<figure class="live"><style>b</style><img alt="&lt;x&gt;"/>'
        '<script type="application/json">[1]</script>'
        "<script>if (1 < 2 && 3) start();</script>{}</figure>"
    )
    other = "<p>a &lt; b</p><script>start();</script>"
    soup = BeautifulSoup(
        figure.format("")
        + other
        + figure.format("<script>two();</script>")
        + other,
        "html.parser",
    )
    book_site.keep_one_of_each(soup)
    text = str(soup)
    assert text.count("<style>b</style>") == 1
    assert text.index("<style>") < text.index("[1]")
    assert text.count("[1]") == 2, "each figure keeps its data"
    assert text.count("if (1 < 2 && 3) start();") == 1
    assert text.rindex("[1]") < text.index("if (1 <"), "the last one runs"
    assert text.count("two();") == 1
    assert text.count("<script>start();</script>") == 2, "not in a figure"
    assert text.count('alt="&lt;x&gt;"') == 2


def test_stored_figures_get_the_script_of_today():
    page = live.activations(alt="curves < slopes").html
    old = re.sub(
        r"<(style|script)>.*?</\1>", r"<\1>old</\1>", page, flags=re.S
    )
    assert old.count("old") >= 2
    soup = BeautifulSoup(old + "<style>old</style>", "html.parser")
    book_site.renew_figures(soup)
    assert str(soup).count(">old<") == 1, "others stay"
    now, then = soup.figure, BeautifulSoup(page, "html.parser").figure
    assert str(now) == str(then)


@pytest.mark.parametrize(
    ("repository", "base"),
    [
        ("Some-One/the.book", "https://some-one.github.io/the.book/"),
        ("OWNER/REPO", None),
    ],
)
def test_a_preview_has_whole_addresses_or_none(tmp_path, repository, base):
    (tmp_path / "conf.py").write_text(CONF.format(repository), "utf-8")
    (tmp_path / "index.rst").write_text("Title & more\n============\n\nText.")
    assert sphinx(["-q", str(tmp_path), str(tmp_path / "out")]) == 0
    page = (tmp_path / "out/index.html").read_text("utf-8")
    found = {
        tag["property"]: tag["content"]
        for tag in BeautifulSoup(page, "html.parser").select("meta[property]")
    }
    words = {"og:title": "Title & more", "og:description": "Text."}
    words |= {"og:type": "website", "og:site_name": "The book"}
    whole = {
        "og:url": f"{base}index.html",
        "og:image": f"{base}_static/covers/preview.png",
        "og:image:alt": covers.PREVIEW_ALT,
    }
    assert found == words | (whole if base else {})


def test_the_site_has_the_colours_of_the_figures():
    """By name: what is one word long in book.css stands in the palette."""
    style = (ROOT / "web/static/book.css").read_text("utf-8")
    found = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", style))
    assert set(found) == {"blue", "red", "green", "orange", "sky"}
    for name, colour in found.items():
        assert getattr(palette, name.upper()).lower() == colour, name


def test_every_lesson_has_a_cover_that_was_chosen():
    found = {path.stem[:2]: lessons.read(path) for path in lessons.find()}
    assert set(covers.CELLS) == set(found)
    for number, lesson in found.items():
        pictures = {
            cell.id
            for cell in lesson.cells
            for output in cell.get("outputs", [])
            if "image/png" in output.get("data", {})
        }
        assert covers.CELLS[number] in pictures, f"lesson {number}"


def test_what_is_folded_has_its_name():
    soup = BeautifulSoup(
        '<details class="hide"><summary><p>Show the content</p></summary>'
        "source</details>"
        '<details class="hide"><summary><p>Hide the source</p></summary>'
        "</details>",
        "html.parser",
    )
    book_site.name_what_is_folded(soup)
    assert [p.text for p in soup.find_all("p")] == [
        "Show the solution",
        "Hide the code",
    ]
    assert soup.details.text.endswith("source")


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ('x = 1\nclaim("it is 1", x == 1)\nclaim(\n    "b",\n    x\n)', 2),
        ('claim("a", True)', 1),
        ('claim("a", True)\nx = 1', None),
        ('def f():\n    return 1\nclaim("a", f())', 3),
        ("x = 1", None),
        ("%%writefile a.py\nclaim(1)", None),
    ],
)
def test_the_claims_at_the_end_of_a_cell_are_folded(source, first):
    lines = re.sub(r"(\S.*)", r"<span>\1</span>", source)
    soup = BeautifulSoup(
        '<div class="cell"><div class="cell_input"><div class="h">'
        f'<div class="highlight"><pre>{lines}\n</pre></div></div></div></div>',
        "html.parser",
    )
    book_site.fold_checks(soup, [source])
    folded = [x.extract() for x in soup.select("details.check pre")]
    shown = "".join(x.text for x in soup.select("pre"))
    code = source.split("\n")
    cut = len(code) if first is None else first - 1
    assert shown.split("\n")[:-1] == code[:cut]
    assert "".join(x.text for x in folded).split("\n")[:-1] == code[cut:]
    assert bool(folded) == (first is not None)
