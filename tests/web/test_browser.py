"""Every page in a real browser: desktop and phone, light and dark."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
from web import weigh

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
PAGES = [TOC["root"]]
PAGES += [c["file"] for part in TOC["parts"] for c in part["chapters"]]
# Boxes that scroll sideways, and that the Tab key passes by.
OUT_OF_REACH = """[...document.querySelectorAll(
    ".bd-content :is(pre, mjx-container, .pst-scrollable-table-container)")]
    .filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0
        && getComputedStyle(e).overflowX !== "visible")
    .map(e => e.textContent.slice(0, 60))"""


def check_maths(page):
    page.wait_for_function("!window.MathJax || !!MathJax.startup?.promise")
    page.evaluate("window.MathJax && MathJax.startup.promise")
    counts = page.evaluate(
        """() => [
            document.querySelectorAll(".math").length,
            document.querySelectorAll(".math mjx-container").length,
            document.querySelectorAll("mjx-merror").length]"""
    )
    assert counts[0] <= counts[1], "some formulas are not drawn"
    assert counts[2] == 0, "a formula has an error"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_page(visit, address, site, sound, name, width, theme):
    page = visit(f"{address}{name}.html", width, theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    check_maths(page)
    loaded = weigh.loaded_by(page, address, site)
    sound(page)
    assert page.evaluate(OUT_OF_REACH) == []
    weight = weigh.weigh(site / f"{name}.html", loaded)
    assert weight.load <= weigh.LOAD_LIMIT
    assert weight.figures <= weigh.FIGURES_LIMIT


def test_search_finds_a_term(visit, address):
    page = visit(f"{address}search.html?q=perceptron")
    page.wait_for_selector("#search-results li a")
    links = page.eval_on_selector_all(
        "#search-results li a", "links => links.map(a => a.href)"
    )
    assert any("01-perceptron" in link for link in links)
    assert page.problems == []


def test_a_page_opens_from_a_folder(visit, site):
    page = visit((site / "book/04-backprop.html").as_uri())
    check_maths(page)
    assert page.problems == []


def test_a_page_reads_without_scripts(visit, address):
    page = visit(
        f"{address}book/01-perceptron.html", java_script_enabled=False
    )
    assert "What goes wrong" in page.inner_text("main")
    assert page.locator("figure.live img").first.is_visible()


def test_a_screen_reader_gets_the_formulas(visit, address):
    page = visit(f"{address}book/04-backprop.html")
    check_maths(page)
    formulas = page.locator("mjx-container").count()
    assert formulas > 100
    assert page.locator("mjx-assistive-mml math").count() == formulas


def test_nothing_moves_for_those_who_ask_for_that(visit, address):
    moving = """[...document.querySelectorAll("*")].filter(e => {
        const s = getComputedStyle(e);
        return s.scrollBehavior === "smooth" || s.animationName !== "none"
            || s.transitionDuration.split(", ").some(d => d !== "0s");
    }).map(e => e.outerHTML.slice(0, 80))"""
    url = f"{address}book/01-perceptron.html"
    assert visit(url).evaluate(moving) != []
    assert visit(url, reduced_motion="reduce").evaluate(moving) == []


def test_on_paper_there_is_the_lesson_and_nothing_else(visit, address):
    page = visit(f"{address}book/01-perceptron.html", theme="dark")
    page.emulate_media(media="print")
    for gone in (
        ".bd-sidebar-primary",
        ".bd-sidebar-secondary",
        ".bd-header-article",
        ".headerlink",
        ".copybtn",
        ".prev-next-footer",
        ".live-controls",
        "details.hide > summary",
    ):
        found = page.locator(gone)
        assert found.count(), gone
        assert not any(e.is_visible() for e in found.all()), gone
    solution = page.locator("details.hide pre").first
    assert solution.is_visible(), "a solution is folded away on paper"
    ink = "getComputedStyle(document.body).color"
    assert page.evaluate(ink) == "rgb(31, 41, 55)"


def test_icons_come_from_the_small_fonts(visit, address):
    page = visit(f"{address}book/01-perceptron.html")
    fonts = [p.name for p in weigh.loaded_by(page, address, ROOT)]
    assert {"fa-solid-900.woff", "fa-brands-400.woff"} <= set(fonts)
    assert not any(name.endswith(".woff2") for name in fonts)
