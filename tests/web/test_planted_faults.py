"""What the look at a page is there to find, planted on a small page."""

import re
from importlib import metadata

MATHJAX = metadata.distribution("sphinx-mathjax-offline").locate_file(
    "sphinx-mathjax-offline/static/mathjax/startup.js"
)
PAGE = f"""<!doctype html><html lang="en"><title>A page</title>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>
  :root {{ color-scheme: light; background: #fff; color: #111 }}
  pre {{ background: #f4f4f4; overflow: auto }}
  @media (prefers-color-scheme: dark) {{
    :root {{ color-scheme: dark; background: #111; color: #eee }}
    pre {{ background: #222 }}
  }}
</style>
<script>MathJax = {{ loader: {{ load: [
  "input/tex", "output/chtml", "a11y/assistive-mml"] }} }}
</script><script src="{MATHJAX.as_uri()}"></script>
<main class="bd-content"><h1 id="top">A page</h1>
<p>A word, and a formula: <span class="math">\\(x^2\\)</span></p>
<img alt="a dot" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA7">
<p><button>Go</button></p>{{}}</main></html>"""


def code(kind):
    """A block of code in which a kind of words comes again and again."""
    words = (
        f'(<span class="{kind}">x</span> <span class="{kind}">word</span>\n'
    )
    return f"<pre>{20 * words}</pre>"


def css(rule, *queries):
    """A style for some widths and one theme."""
    queries = " and ".join(f"({q})" for q in queries)
    return f"<style>@media {queries} {{ {rule} }}</style>"


LIGHT, DARK = "prefers-color-scheme: light", "prefers-color-scheme: dark"
PHONE, DESK = "width < 500px", "width > 500px"
# What is planted, what is said of it, and in which views.
FAULTS = {
    "an image without alt": (
        "<img src='data:,'>",
        "image-alt",
        {"390 dark", "1280 light"},
    ),
    "a button without a name": (
        "<button></button>",
        "button-name",
        {"390 dark", "1280 light"},
    ),
    "an id twice": ("<p id='top'></p>", "id twice: top", {""}),
    "low contrast": (
        "<p style='color: #777'>pale</p>",
        "contrast.*>pale<",
        {"390 dark", "390 light", "1280 light", "1280 dark"},
    ),
    "low contrast in light": (
        css(".light { color: #ccc }", LIGHT) + "<p class='light'>pale</p>",
        'contrast.*"light"',
        {"390 light", "1280 light"},
    ),
    "low contrast in dark": (
        css(".dark { color: #444 }", DARK) + "<p class='dark'>pale</p>",
        'contrast.*"dark"',
        {"390 dark", "1280 dark"},
    ),
    "low contrast on a phone, in light": (
        css(".phone { color: #ccc }", PHONE, LIGHT)
        + "<p class='phone'>pale</p>",
        'contrast.*"phone"',
        {"390 light"},
    ),
    "low contrast on a desk, in dark": (
        css(".desk { color: #444 }", DESK, DARK) + "<p class='desk'>pale</p>",
        'contrast.*"desk"',
        {"1280 dark"},
    ),
    "low contrast of one word of code": (
        f"{code('n')}<pre><span style='color: #999'>one</span></pre>",
        "contrast.*>one<",
        {"390 light", "1280 light"},
    ),
    "low contrast of a kind of words in code": (
        css(".kind { color: #444 }", DARK) + code("kind"),
        'contrast.*"kind">word<',
        {"390 dark", "1280 dark"},
    ),
    "low contrast of code on another ground": (
        code("ground")
        + code("ground").replace("<pre", "<pre style='background: #777'"),
        'contrast.*"ground">word<',
        {"390 dark", "390 light", "1280 light", "1280 dark"},
    ),
    "low contrast of code that was folded away before": (
        css(".fold { color: #bbb }", LIGHT)
        + f"<details><summary>more</summary>{code('fold')}</details>"
        + code("fold"),
        'contrast.*"fold">word<',
        {"390 light", "1280 light"},
    ),
    "too wide for a phone": (
        "<p style='width: 450px'>wide</p>",
        "pixels wide",
        {"390 dark", "390 light"},
    ),
    "targets too small on a phone": (
        css(".small { all: unset; display: block; height: 9px }", PHONE)
        + 2 * "<button class='small'>a</button>",
        'target-size.*"small"',
        {"390 dark"},
    ),
    "a scrolling box that the Tab key passes by": (
        f"<pre tabindex='-1'>{'word ' * 20}</pre>",
        "out of the Tab key's reach: word",
        {"390 dark", "390 light"},
    ),
    "a formula with an error": (
        "<span class='math'>\\(\\frac{1}\\)</span>",
        "broken formula: Missing",
        {""},
    ),
    "a formula that is not drawn": (
        "<span class='math'>x + 1</span>",
        r"broken formula: x \+ 1",
        {""},
    ),
    "a formula that is not read out": (
        "<mjx-container>silent</mjx-container>",
        "broken formula: silent",
        {""},
    ),
    "another theme than the one asked for": (
        "<script>document.documentElement.dataset.theme = 'light'</script>",
        "the theme is light",
        {"390 dark", "1280 dark"},
    ),
    "a request to another host": (
        "<img alt='a dot' src='http://127.0.0.1:9/dot.png'>",
        "asked http://127.0.0.1:9/dot.png",
        {""},
    ),
    "a file that is missing": (
        "<img alt='a dot' src='missing.png'>",
        "console: .*FILE_NOT_FOUND",
        {""},
    ),
    "an error in the console": (
        "<script>console.error('oh')</script>",
        "console: oh",
        {""},
    ),
    "an error in a script": (
        "<script>nothing()</script>",
        "error: nothing is not defined",
        {""},
    ),
}


def test_each_fault_is_found(visit, faults, tmp_path):
    """Where it is, and in no view where it is not."""
    file = tmp_path / "page.html"
    file.write_text(PAGE.replace("{}", ""), "utf-8")
    assert faults(visit(file.as_uri(), 390)) == []
    all_of_them = "\n".join(planted for planted, _, _ in FAULTS.values())
    file.write_text(PAGE.replace("{}", all_of_them), "utf-8")
    found = faults(visit(file.as_uri(), 390))
    views = {
        name: {
            fault[: re.match(r"(\d+ \w+(?=: ))?", fault).end()]
            for fault in found
            if re.search(words, fault)
        }
        for name, (_, words, _) in FAULTS.items()
    }
    assert views == {name: wanted for name, (*_, wanted) in FAULTS.items()}
