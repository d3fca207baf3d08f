"""The built site and a browser, and what is to be found wrong on a page.

The browser is Chromium on the PATH. Without it its tests are skipped; with
LESSONS_NEED_BROWSER=1 they fail instead.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from web import weigh

ROOT = Path(__file__).parents[2]
SOURCES = ["_config.yml", "_toc.yml", "book", "lessons_lib", "tools", "web"]
PAGE = """<!doctype html><html lang="en"><title>Figures</title>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<style>:root { color-scheme: light dark } html { background: #fff }
body { max-width: 700px; margin: 1rem auto; padding: 0 1rem }
@media (prefers-color-scheme: dark) { html { background: #121212 } }
</style><main><h1>Figures</h1>{}</main>"""
# How a page is looked at. A theme changes nothing but colours, so each width
# gets all of axe's rules once, and the one for colours once more. What a page
# shows at one width only is the same on all pages of its kind, so one of each
# kind is looked at in all views, and the others in one a width.
EVERY = {"rules": {"target-size": {"enabled": True}}}  # axe leaves it out
COLOURS = {"runOnly": ["color-contrast"]}
VIEWS = [
    (390, "dark", EVERY),
    (390, "light", COLOURS),
    (1280, "light", EVERY),
    (1280, "dark", COLOURS),
]
# Let what follows a new width or theme come to its end. The theme would wait
# 300 ms after the last change before it looks what scrolls.
SETTLE = """async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  for (const a of document.getAnimations())
    if (Number.isFinite(a.effect.getComputedTiming().endTime)) a.finish();
  const later = window.setTimeout;
  window.setTimeout = (f) => later(f);
  dispatchEvent(new Event("resize"));
  window.setTimeout = later;
  await new Promise((f) => later(f));
}"""
# What the Tab key passes by though it scrolls sideways.
OUT_OF_REACH = """() => [...document.querySelectorAll(
    ".bd-content :is(pre, mjx-container, .pst-scrollable-table-container)")]
    .filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0
        && getComputedStyle(e).overflowX !== "visible")
    .map(e => `out of the Tab key's reach: ${e.textContent.slice(0, 60)}`)"""
# Formulas that MathJax did not draw, could not read, or does not read out.
FORMULAS = """async () => {
  while (window.MathJax && !MathJax.startup?.promise)
    await new Promise(requestAnimationFrame);
  await window.MathJax?.startup.promise;
  const bare = [...document.querySelectorAll(".math")]
    .filter(e => !e.querySelector("mjx-container"));
  const silent = "mjx-container:not(:has(mjx-assistive-mml math))";
  return [...bare, ...document.querySelectorAll(`mjx-merror, ${silent}`)]
    .map(e => `broken formula: ${e.textContent.slice(0, 60)}`);
}"""
# Ids that more than one element has: of those axe says nothing.
IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  return ids.filter((id, i) => ids.indexOf(id) < i)
    .map(id => `id twice: ${id}`);
}"""
# What axe finds. Nearly all of its time would go into the contrast of thousands
# of words, and into the parts of formulas. So it checks the contrast of three
# texts of each look on each ground, and of all that may be typed into. While
# it looks, the other words of code are plain text (claims are not: they break
# their lines), and an empty box stands for what MathJax drew, which has no
# text. Single letters and signs are apart: axe gives no verdict on them.
AXE = r"""async (options) => {
  const grounds = new Map(), looks = new Map(), pairs = [];
  const ground = (e) => {
    if (e && !grounds.has(e)) {
      const s = getComputedStyle(e);
      grounds.set(e, [s.backgroundColor, s.backgroundImage, s.opacity, s.filter,
        s.mixBlendMode, s.position, s.clip, s.clipPath,
        e.matches("label, :disabled, [aria-disabled]"),
        ground(e.parentElement)].join());
    }
    return grounds.get(e);
  };
  const text = (e) => [...e.childNodes].map(
    (n) => (n.nodeType === Node.TEXT_NODE ? n.data : " ")).join("").trim();
  for (const e of document.body.querySelectorAll("*")) {
    const words = text(e);
    if (!words) continue;
    const s = getComputedStyle(e);
    const look = [s.color, s.fontSize, s.fontWeight, s.textShadow,
      e.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
      /\w\w/.test(words), ground(e)].join();
    looks.set(look, (looks.get(look) ?? 0) + 1);
    if (looks.get(look) <= 3) e.setAttribute("data-look", "");
  }
  for (const pre of document.querySelectorAll("pre")) {
    const copy = pre.cloneNode(true);
    for (const e of copy.querySelectorAll("span[class]:not(.claim, :has(*))"))
      if (e.attributes.length === 1) e.replaceWith(...e.childNodes);
    pairs.push([pre, copy]);
  }
  for (const drawn of document.querySelectorAll("mjx-math")) {
    if (drawn.textContent || drawn.querySelector("[tabindex], a")) continue;
    const { width, height } = drawn.getBoundingClientRect();
    const box = drawn.cloneNode(false);
    box.style = `display: inline-block; width: ${width}px; ` +
      `height: ${height}px`;
    pairs.push([drawn, box]);
  }
  for (const [e, other] of pairs) e.replaceWith(other);
  axe.configure({ rules: [{ id: "color-contrast",
    selector: "[data-look], input, select, textarea" }] });
  const { violations } = await axe.run(
    { resultTypes: ["violations"], selectors: false,
      preload: { assets: ["media"] }, ...options });
  for (const [e, other] of pairs) other.replaceWith(e);
  for (const e of document.querySelectorAll("[data-look]"))
    e.removeAttribute("data-look");
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 20).map(({ html }) =>
      `${id}: ${html.replace(` data-look=""`, "").slice(0, 150)}`));
}"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, built from a copy; every warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    command = Path(sys.executable).with_name("jupyter-book")
    run = subprocess.run(
        [command, "build", "--all", "-W", "-n", "--keep-going", folder],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-5000:]
    return folder / "_build/html"


@pytest.fixture(scope="session")
def browser():
    if not weigh.chromium() and not os.environ.get("LESSONS_NEED_BROWSER"):
        pytest.skip("there is no Chromium on this machine")
    assert weigh.chromium(), "LESSONS_NEED_BROWSER is set: where is Chromium?"
    with weigh.browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def address(site):
    with weigh.served(site) as address:
        yield address


@pytest.fixture(scope="session")
def visit(browser):
    """Open a page; what goes wrong meanwhile is kept in ``page.problems``.

    Pages with the same options follow one another in one tab, as for a
    reader: a new tab takes longer than a new page. What a page stored is
    forgotten. With a ``clock`` a test can put the page's time forward.
    """
    tabs = {}

    def open_tab(clock, **options):
        context = browser.new_context(**options)
        if clock:
            context.clock.install()
        page = context.new_page()

        def request(r):
            if not r.url.startswith((page.base, "data:", "blob:")):
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
        return page

    def open_page(url, width=1280, theme="light", clock=False, **options):
        key = (clock, *options.items())
        if key not in tabs:
            tabs[key] = open_tab(clock, **options)
        page = tabs[key]
        if page.url != "about:blank":
            page.evaluate("localStorage.clear()")
            page.goto("about:blank")  # what it still asks for is over
        page.base = "/".join(url.split("/")[:3])  # the host, or file://
        page.problems = []
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(
            media="screen",
            color_scheme=theme,
            reduced_motion=options.get("reduced_motion", "no-preference"),
        )
        page.goto(url)
        return page

    return open_page


@pytest.fixture
def show(visit, tmp_path):
    """Open a page of nothing but live figures; options as for ``visit``.

    Their still pictures, which nobody sees there, are not drawn.
    """

    def open_figures(*figures, **options):
        file = tmp_path / "figures.html"
        text = PAGE.replace("{}", "\n".join(f.html for f in figures))
        file.write_text(text, "utf-8")
        return visit(file.as_uri(), clock=True, **options)

    from lessons_lib.live.figure import without_stills

    with without_stills():
        yield open_figures


@pytest.fixture(scope="session")
def faults():
    """A function that looks at a page in all views, and says what is wrong."""

    def look(page, views="all"):
        found = page.evaluate(FORMULAS) + page.evaluate(IDS)
        page.evaluate(AXE_SCRIPT)
        chosen = {"all": VIEWS, "one a width": VIEWS[::2], "none": []}[views]
        for width, theme, rules in chosen:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLE)
            wrong = []
            is_in = page.evaluate("document.documentElement.dataset.theme")
            if is_in not in (None, theme):
                wrong.append(f"the theme is {is_in}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{wide} pixels wide")
            wrong += page.evaluate(OUT_OF_REACH)
            wrong += page.evaluate(AXE, rules)
            found += [f"{width} {theme}: {w}" for w in wrong]
        return found + page.problems

    return look


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
        # A while ago, and slowly: a tap at once, and near, would be half of a
        # double tap, and a finger that is quick flings the page.
        start = time.time() - 2
        for i, (px, py) in enumerate(way):
            touch.send(
                "Input.dispatchTouchEvent",
                {
                    "type": "touchMove" if i else "touchStart",
                    "touchPoints": [{"x": px, "y": py}],
                    "timestamp": start + i / 20,
                },
            )
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": "touchEnd", "touchPoints": [], "timestamp": start + 1},
        )

    return drag_element
