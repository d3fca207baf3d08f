"""The site builds without a warning, and needs no other host."""

import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import nbformat
from bs4 import BeautifulSoup
from docutils.utils import new_document
from PIL import Image

from lessons_lib import plots

ROOT = Path(__file__).parents[2]
from tools import verified
from web import book_site, covers


def body(text):
    return BeautifulSoup(text, "html.parser")


def pages(site):
    found = [*site.glob("*.html"), *site.glob("book/*.html")]
    return [(p, p.read_text("utf-8")) for p in sorted(found)]


def test_every_lesson_has_its_page(site):
    for source in (ROOT / "book").glob("*.ipynb"):
        assert (site / "book" / f"{source.stem}.html").is_file()
    assert (site / "index.html").is_file()


def test_every_image_has_alt_text(site):
    for page, text in pages(site):
        for image in re.findall(r"<img\b[^>]*>", text):
            alt = re.search(r'alt="([^"]*)"', image)
            assert alt, f"{page.name}: {image[:200]}"
            assert "_images/" not in alt[1], f"{page.name}: {image[:200]}"


def test_no_page_asks_another_host(site):
    for page, text in pages(site):
        for tag in re.findall(
            r"<(?:script|link|img|iframe|video|source)\b[^>]*>", text
        ):
            address = re.search(r'(?:src|href)="((?:https?:)?//[^"]*)"', tag)
            allowed = 'rel="canonical"' in tag
            assert not address or allowed, f"{page.name}: {tag[:200]}"


def test_internal_links_lead_somewhere(site):
    for page, text in pages(site):
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text):
            if re.match(r"\w+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name}: {link}"
            if anchor and target.suffix == ".html":
                there = (
                    ids
                    if target == page
                    else set(
                        re.findall(
                            r'\bid="([^"]+)"', target.read_text("utf-8")
                        )
                    )
                )
                assert anchor in there, f"{page.name}: {link}"


def test_colab_links_lead_to_lessons_in_the_repository(site):
    run = subprocess.run(
        ["git", "ls-files", "book/*.ipynb"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tracked = set(run.stdout.splitlines())
    found = set()
    for page, text in pages(site):
        for path in re.findall(
            r"colab\.research\.google\.com/github/[^/]+/[^/]+/blob/main/([^\"#]+)",
            text,
        ):
            assert path in tracked, f"{page.name}: {path}"
            found.add(path)
    assert found == tracked


def test_what_a_page_loads_is_there(site):
    for page, text in pages(site):
        for tag in re.findall(r"<(?:script|link|img)\b[^>]*>", text):
            address = re.search(r'\b(?:src|href)="([^"#?]*)', tag)
            if address and not re.match(r"\w+:", address[1]):
                target = page.parent / address[1]
                assert target.exists(), f"{page.name}: {tag[:200]}"


def test_images_have_a_size_and_wait_until_they_are_needed(site):
    for page in site.glob("book/*.html"):
        images = body(page.read_text("utf-8")).select("article img")
        for i, image in enumerate(images):
            what = f"{page.name}: {str(image)[:200]}"
            assert int(image["width"]) > 0, what
            assert int(image["height"]) > 0, what
            assert image["decoding"] == "async", what
            assert (image.get("loading") == "lazy") == (i > 0), what


def test_the_landing_page_has_a_card_for_each_lesson(site):
    cards = body((site / "book/index.html").read_text("utf-8"))
    known = verified.load()
    lessons = cards.select("li.lesson")
    stems = [Path(li.find("a")["href"]).stem for li in lessons]
    assert stems == sorted(p.stem for p in (ROOT / "book").glob("*.ipynb"))
    for stem, card in zip(stems, lessons, strict=True):
        image = card.find("img")
        assert (site / "book" / image["src"]).is_file()
        assert len(image["alt"]) > 15, stem
        seconds = known[stem]["executed"]["seconds"]
        facts = card.select_one(".lesson-facts").get_text()
        assert facts.startswith(verified.about(seconds)), stem
        assert (stem[:2] < "01") == (
            card.select_one(".lesson-facts a") is None
        )


def test_each_lesson_says_when_it_was_run(site):
    for stem, record in verified.load().items():
        page = body((site / f"book/{stem}.html").read_text("utf-8"))
        said = page.select_one("p.verified").get_text()
        assert f"Last run on {record['executed']['date']}" in said
        assert f"{record['executed']['claims']} claims held" in said
    table = body((site / "book/verified.html").read_text("utf-8"))
    links = {a["href"] for a in table.select("section#verified table a")}
    assert links == {f"{stem}.html" for stem in verified.load()}


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


def test_equal_scripts_stand_once_on_a_page(site):
    for page, text in pages(site):
        scripts = [
            str(script)
            for script in body(text).select("figure.live script")
            if script.get("type") != "application/json"
        ]
        assert len(scripts) == len(set(scripts)), page.name


def test_a_link_to_the_book_has_a_preview(site):
    for page, text in pages(site):
        if page.parent.name == "book":
            head = body(text).head
            name = head.find("meta", property="og:site_name")["content"]
            assert name == "Neural networks, run and proved"
            for name in ("og:title", "og:description", "og:type"):
                tag = head.find("meta", property=name)
                assert tag["content"].strip(), f"{page.name}: {name}"
    with Image.open(site / "_static/covers/preview.png") as preview:
        assert preview.size == (1200, 630)


def test_the_preview_has_a_whole_address_once_there_is_one():
    options = {"repository_url": "https://github.com/Some-One/the.book"}
    config = SimpleNamespace(
        html_theme_options=options, html_baseurl="", html_title="The book"
    )
    book_site.set_address(None, config)
    assert config.html_baseurl == "https://some-one.github.io/the.book/"
    context = {"title": "<em>01</em> · A & B"}
    document = new_document("test")
    book_site.describe(
        SimpleNamespace(config=config), "book/01-x", "", context, document
    )
    tags = BeautifulSoup(context["metatags"], "html.parser")
    found = {t["property"]: t["content"] for t in tags.select("[property]")}
    assert found["og:site_name"] == "The book"
    assert found["og:title"] == "01 · A & B"
    assert found["og:url"] == f"{config.html_baseurl}book/01-x.html"
    image = f"{config.html_baseurl}_static/covers/preview.png"
    assert found["og:image"] == image


def test_the_site_has_the_colours_of_the_figures():
    style = (ROOT / "web/static/book.css").read_text("utf-8")
    for name in ("blue", "red", "green", "orange", "sky"):
        colour = getattr(plots, name.upper()).lower()
        assert f"--{name}: {colour};" in style


def test_a_cover_is_named_that_the_lesson_has():
    for number, cell in covers.CELLS.items():
        (lesson,) = (ROOT / "book").glob(f"{number}-*.ipynb")
        pictures = {
            c.id
            for c in nbformat.read(lesson, as_version=4).cells
            for o in c.get("outputs", [])
            if "image/png" in o.get("data", {})
        }
        assert cell in pictures, f"{lesson.name} has no picture in {cell}"
