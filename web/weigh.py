"""Weigh the pages of the built site: what a first visit loads.

    python -m web.weigh [FOLDER]    (without it, _build/html)

Each page is opened in Chromium with an empty cache. Everything it asks for is
compressed with gzip, each file by itself, as a web server sends it. A page's
own figures, its images and live figures with their data and scripts, are
counted apart from the rest: all of them, those further down included. The
rest is the first load: the text, styles, scripts and fonts.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import shutil
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync"""
FIGURES = "figure.live, .cell_output img, .lesson img"
LOAD_LIMIT, FIGURES_LIMIT = 600_000, 1_000_000


@dataclass(frozen=True)
class Weight:
    """Bytes, compressed: the first load, and the page's own figures."""

    load: int
    figures: int

    @property
    def heavy(self) -> bool:
        """Whether it is more than a page may weigh."""
        return self.load > LOAD_LIMIT or self.figures > FIGURES_LIMIT


def weigh(page: Path, loaded: Iterable[Path]) -> Weight:
    """Weigh a page.

    Parameters
    ----------
    page : Path
        Its HTML file.
    loaded : Paths
        The files that the browser asked for; the page itself may be among
        them.
    """
    soup = parsed(page)
    text, apart, live = str(soup), set(), ""
    for figure in soup.select(FIGURES):
        source = figure.get("src", "")
        if figure.name == "figure":
            text = text.replace(str(figure), "", 1)
            live += str(figure)
        elif not source.startswith("data:"):
            apart.add((page.parent / source).resolve())
    rest = {p.resolve() for p in loaded} - apart - {page.resolve()}
    return Weight(
        load=_gzipped(text.encode()) + sum(map(_weight, rest)),
        figures=_gzipped(live.encode()) + sum(map(_weight, apart)),
    )


@functools.cache
def parsed(page: Path) -> BeautifulSoup:
    """A page, read once: not to be changed."""
    return BeautifulSoup(page.read_bytes(), "html.parser")


def loaded_by(tab: Page, address: str, site: Path) -> list[Path]:
    """The files that an open page has asked for."""
    names = tab.evaluate(
        "performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    return [
        site / name.removeprefix(address).partition("?")[0]
        for name in names
        if name.startswith(address)
    ]


def chromium() -> str | None:
    """Where Chromium is on this machine; None if it is not."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as play:
        yield play.chromium.launch(
            executable_path=chromium(), args=FLAGS.split()
        )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which a folder is served on this machine."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    handler = functools.partial(Handler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def weights(site: Path) -> Iterator[tuple[str, Weight]]:
    """The pages of the book, one after another, and what they weigh."""
    if not chromium():
        raise SystemExit("Pages are weighed in Chromium: install it first.")
    pages = sorted(site.glob("book/*.html"))
    if not pages:
        raise SystemExit(f"No pages in {site}: run `make book` first.")
    with browser() as chrome, served(site) as address:
        for page in pages:
            tab = chrome.new_context().new_page()
            tab.goto(f"{address}book/{page.name}")
            tab.wait_for_load_state("networkidle")
            yield page.stem, weigh(page, loaded_by(tab, address, site))
            tab.context.close()


def main(site: Path) -> int:
    """Print the table; the exit status is 1 if a lesson is too heavy."""
    print(f"{'kB, gzipped':32} {'first load':>10} {'own figures':>12}")
    heavy = 0
    for name, weight in weights(site):
        load, figures = weight.load / 1000, weight.figures / 1000
        print(f"{name:32} {load:10.0f} {figures:12.0f}", flush=True)
        heavy += weight.heavy
    print(
        f"at most {LOAD_LIMIT / 1000:.0f} and {FIGURES_LIMIT / 1000:.0f}: "
        + (f"{heavy} pages are heavier" if heavy else "yes, everywhere")
    )
    return 1 if heavy else 0


@functools.cache
def _weight(file: Path) -> int:
    return _gzipped(file.read_bytes())


def _gzipped(data: bytes) -> int:
    return len(gzip.compress(data, 6))


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "_build/html"
    sys.exit(main(Path(folder).resolve()))
