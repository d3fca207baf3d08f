"""Every page in a real browser: desktop and phone, light and dark."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
PAGES = [TOC["root"]]
PAGES += [c["file"] for part in TOC["parts"] for c in part["chapters"]]


def check_maths(page):
    page.wait_for_function("!window.MathJax || !!MathJax.startup.promise")
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
def test_page(visit, address, sound, name, width, theme):
    page = visit(f"{address}{name}.html", width, theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    check_maths(page)
    sound(page)


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
