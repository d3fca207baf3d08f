"""The built site, and a browser, for every test that looks at it.

The browser is Chromium on the PATH (Debian: apt-get install chromium).
Without it its tests are skipped; with LESSONS_NEED_BROWSER=1 they fail
instead.
"""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parent.parent
SOURCES = ["_config.yml", "_toc.yml", "book", "web", "tools"]
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync"""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGE = """<!doctype html><html lang="en"><title>Figures</title>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<style>:root { color-scheme: light dark } html { background: #fff }
body { max-width: 700px; margin: 1rem auto; padding: 0 1rem }
@media (prefers-color-scheme: dark) { html { background: #121212 } }
</style><main><h1>Figures</h1>{}</main>"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, built once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # what all processes of this run share
    folder = base / "site"
    with FileLock(f"{folder}.lock"):
        done = folder / "done"
        if not done.exists():
            build(folder)
            done.touch()
    return folder / "_build/html"


def build(folder):
    """Build a copy of the book, with every warning an error."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    command = Path(sys.executable).with_name("jupyter-book")
    run = subprocess.run(
        [command, "build", "--all", "-W", "-n", "--keep-going", folder],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-5000:]


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM and not os.environ.get("LESSONS_NEED_BROWSER"):
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "LESSONS_NEED_BROWSER is set, and there is no Chromium"
    with sync_playwright() as play:
        yield play.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS.split()
        )


@pytest.fixture(scope="module")
def serve():
    """A function that serves a folder and gives its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    servers = []

    def serve_folder(folder):
        handler = functools.partial(Handler, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve_folder
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def address(serve, site):
    return serve(site)


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


@pytest.fixture
def show(visit, tmp_path):
    """Open a page of nothing but live figures; options as for ``visit``."""

    def open_figures(*figures, **options):
        file = tmp_path / "figures.html"
        text = PAGE.replace("{}", "\n".join(f.html for f in figures))
        file.write_text(text, "utf-8")
        return visit(file.as_uri(), **options)

    return open_figures


@pytest.fixture(scope="session")
def sound():
    """Check a page: no sideways scroll, no problem, nothing axe finds."""

    def check(page):
        from axe_playwright_python.sync_playwright import Axe

        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], f"{wide} pixels wide"
        assert page.problems == []
        found = Axe().run(page).response["violations"]
        summary = [
            f"{v['id']}: {n['html'][:150]}"
            for v in found
            for n in v["nodes"][:3]
        ]
        assert summary == []

    return check


@pytest.fixture(scope="session")
def drag():
    """Drag an element by so many pixels: a finger where the page has touch."""

    def drag_element(page, element, dx, dy):
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        way = [(x + dx * i / 5, y + dy * i / 5) for i in range(6)]
        if not page.evaluate("navigator.maxTouchPoints"):
            page.mouse.move(*way[0])
            page.mouse.down()
            for place in way[1:]:
                page.mouse.move(*place)
            page.mouse.up()
            return
        touch = page.context.new_cdp_session(page)
        for i, (px, py) in enumerate(way):
            touch.send(
                "Input.dispatchTouchEvent",
                {
                    "type": "touchMove" if i else "touchStart",
                    "touchPoints": [{"x": px, "y": py}],
                },
            )
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": "touchEnd", "touchPoints": []},
        )
        # a tap at once, and near, would be half of a double tap
        page.wait_for_timeout(350)

    return drag_element


def pytest_terminal_summary(terminalreporter):
    """Print the tables that tests recorded, passed or not.

    A row is what `record_property` was given: it travels with the report from
    xdist's processes to this one.
    """
    tables = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for table, row in report.user_properties:
                if isinstance(row, list | tuple):
                    tables.setdefault(table, []).append(row)
    for table, rows in tables.items():
        terminalreporter.section(table)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = zip(row, widths, strict=True)
            line = "  ".join(c.ljust(w) for c, w in cells)
            terminalreporter.write_line(line.rstrip())
        if table == "planted faults":
            caught = sum(answer.startswith("+") for *_, answer in rows)
            share = caught / len(rows)
            terminalreporter.write_line(
                f"{caught} of {len(rows)} caught: {share:.0%}"
            )
