"""Every page in a real browser: desktop and phone, light and dark.

Needs Chromium on the PATH (Debian: apt-get install chromium). Without it
these tests are skipped; with LESSONS_NEED_BROWSER=1 they fail instead.
"""

import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync"""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
PAGES = [TOC["root"]]
PAGES += [c["file"] for part in TOC["parts"] for c in part["chapters"]]

if not CHROMIUM and not os.environ.get("LESSONS_NEED_BROWSER"):
    pytest.skip(
        "there is no Chromium on this machine", allow_module_level=True
    )


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "LESSONS_NEED_BROWSER is set, and there is no Chromium"
    with sync_playwright() as play:
        yield play.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS.split()
        )


@pytest.fixture(scope="module")
def address(site):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = functools.partial(Handler, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def visit(browser):
    """Open a page; its problems are collected in ``page.problems``."""
    contexts = []

    def open_page(url, width=1280, theme="light", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        base = "/".join(url.split("/")[:3])  # the host, or file://

        def request(r):
            if not r.url.startswith((base, "data:", "blob:")):
                page.problems.append(f"asked {r.url}")

        page.on("request", request)
        page.on("pageerror", lambda e: page.problems.append(f"error: {e}"))
        page.on(
            "console",
            lambda m: (
                m.type == "error"
                and page.problems.append(f"console: {m.text}")
            ),
        )
        page.on(
            "response",
            lambda r: (
                r.status >= 400 and page.problems.append(f"{r.status} {r.url}")
            ),
        )
        page.goto(url)
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()


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
def test_page(visit, address, name, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(f"{address}{name}.html", width, theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    check_maths(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"the page is {wide} pixels wide"
    assert page.problems == []
    found = Axe().run(page).response["violations"]
    summary = [
        f"{v['id']}: {n['html'][:150]}" for v in found for n in v["nodes"][:3]
    ]
    assert summary == []


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
