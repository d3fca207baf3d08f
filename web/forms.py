"""Make the whole book one file: an EPUB for e-readers, a PDF for paper.

    python -m web.forms epub|pdf [FOLDER]    (without it, _build/html)

Both are made from the pages of the built site and lie beside them; the
landing page then links to them. Chromium draws the formulas and prints.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
import sys
import uuid
import zipfile  # noqa: TID251, it only writes one
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from web import weigh, whole

NAME = "neural-networks"  # of the files
FORMS = {"epub": "EPUB for an e-reader", "pdf": "PDF for paper"}
HERE = Path(__file__).parent
# Wait until MathJax has drawn all; what it could not read, what it left out,
# and pictures that did not come.
DRAW = """async () => {
  const there = document.querySelector('script[src*="mathjax"]');
  while (there && !window.MathJax?.startup?.promise)
    await new Promise(requestAnimationFrame);
  await window.MathJax?.startup?.promise;
  const bare = [...document.querySelectorAll(".math, mjx-merror")]
    .filter((e) => !e.querySelector("mjx-math"));
  const lost = [...document.images].filter((i) => !i.naturalWidth);
  return [...bare.map((e) => `formula: ${e.textContent.slice(0, 60)}`),
    ...lost.map((i) => `picture: ${i.getAttribute("src").slice(0, 60)}`)];
}"""
# Put MathML in the place of what MathJax drew: an e-reader runs no script. Then
# cut the document into files; the links follow their targets.
CUT = """() => {
  for (const item of window.MathJax?.startup?.document.math ?? []) {
    const drawn = item.typesetRoot;
    const math = drawn.querySelector("mjx-assistive-mml > math");
    for (const e of [math, ...math.querySelectorAll("*")])
      for (const { name } of [...e.attributes])
        if (name.startsWith("data-") || name === "class")
          e.removeAttribute(name);
    math.setAttribute("alttext", item.math.trim());
    drawn.replaceWith(math);
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const id = link.getAttribute("href").slice(1);
    const file = document.getElementById(id).closest("body > *").id;
    link.setAttribute("href", `${file}.xhtml` + (id === file ? "" : `#${id}`));
  }
  const nav = document.querySelector("nav#contents");
  nav.setAttributeNS("http://www.idpf.org/2007/ops", "epub:type", "toc");
  return [...document.body.children].map((e) => [e.id,
    e.querySelector("h1").textContent, new XMLSerializer().serializeToString(e)
  ]);
}"""
# Write a page's number, or room for one, behind each line of the contents.
NUMBER = """(pages) => {
  for (const link of document.querySelectorAll("#contents a")) {
    const id = link.getAttribute("href").slice(1);
    link.querySelector(".page")?.remove();
    const page = document.createElement("span");
    page.className = "page";
    page.textContent = pages ? pages[id] : "000";
    link.append(page);
  }
}"""
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0"
  xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book/book.opf"
  media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" xml:lang="en"
  unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{id}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:creator>{author}</dc:creator>
<dc:language>en</dc:language>
<dc:date>{date}</dc:date>
<dc:description>{stamp}</dc:description>
<meta property="dcterms:modified">{date}T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Each figure has a text that says
what it shows, and formulas are MathML.</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
FILE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">
<head><title>{title}</title>
<link rel="stylesheet" href="style.css"/></head>
<body>
{body}
</body>
</html>
"""


@contextmanager
def drawn(chromium: Browser, site: Path, book: whole.Book) -> Iterator[Page]:
    """The whole book in a tab of Chromium, its formulas drawn.

    Raises
    ------
    ValueError
        If a formula or a picture is not drawn.
    """
    soup = whole.whole(site, book)
    soup.head.append(whole.new("style", style(site, "forms.css", "paper.css")))
    soup.head.append(whole.new("style", running_heads(soup)))
    with chromium.new_page() as tab, weigh.served(site) as address:
        # beside the other pages, so that their addresses hold, in no file
        here = f"{address}book/whole.html"
        tab.route(
            here,
            lambda route: route.fulfill(
                body=str(soup), content_type="text/html; charset=utf-8"
            ),
        )
        tab.set_default_timeout(300_000)
        tab.goto(here)
        if missing := tab.evaluate(DRAW):
            raise ValueError("not drawn: " + "; ".join(missing))
        yield tab


def style(site: Path, *names: str) -> str:
    """The look of a form; code has the site's colours."""
    file = site / "_static" / "pygments.css"
    light = re.findall(
        r'^html\[data-theme="light"\] (\.highlight \.\w+ {.*)',
        file.read_text("utf-8"),
        re.MULTILINE,
    )
    own = [(HERE / name).read_text("utf-8") for name in names]
    return "\n".join([*own, *light])


def running_heads(soup: BeautifulSoup) -> str:
    """The rules that write each chapter's name above its pages."""
    rules = []
    for section in soup.select("section.chapter"):
        words = section.h1.get_text().replace('"', "”")
        rules.append(
            f"#{section['id']} {{ page: {section['id']} }}\n"
            f"@page {section['id']} "
            f'{{ @top-right {{ content: "{words}" }} }}\n'
            f"@page {section['id']}:first "
            '{ @top-right { content: "" } }'
        )
    return "\n".join(rules)


# --- On paper ----------------------------------------------------------------


def pdf(chromium: Browser, site: Path, book: whole.Book) -> bytes:
    """Print the book, its contents with the numbers of the pages.

    Parameters
    ----------
    chromium : Browser
        It draws the formulas.
    site : Path
        The folder of the built site.
    book : Book
        Which pages, in which order.

    Returns
    -------
    bytes
        A PDF, tagged for screen readers and with bookmarks.
    """
    with drawn(chromium, site, book) as tab:
        number_contents(tab)
        return print_out(tab)


def number_contents(tab: Page) -> None:
    """Write behind each line of the contents the page where it leads to."""
    tab.evaluate(NUMBER)
    # the contents are as long with the numbers as with room for them
    tab.evaluate(NUMBER, pages(print_out(tab)))


def print_out(tab: Page) -> bytes:
    """The tab as Chromium prints it; the style names the paper."""
    return tab.pdf(prefer_css_page_size=True, outline=True, tagged=True)


def pages(printed: bytes) -> dict[str, str]:
    """The numbers of the pages on which the targets of links lie.

    Chromium names a target by its id and writes no object compressed, so that
    they can be read off.

    Parameters
    ----------
    printed : bytes
        A PDF by Chromium.

    Returns
    -------
    dict
        From ids to numbers.

    Raises
    ------
    ValueError
        If there are none.
    """
    order = re.findall(
        rb"^(\d+) 0 obj\n<</Type /Page\n", printed, re.MULTILINE
    )
    number = {page: str(i) for i, page in enumerate(order, 1)}
    found = {
        name.decode(): number[page]
        for name, page in re.findall(rb"/(\S+) \[(\d+) 0 R /XYZ ", printed)
    }
    if not found:
        raise ValueError("the PDF names no page: does Chromium write another?")
    return found


# --- For e-readers -----------------------------------------------------------


def epub(chromium: Browser, site: Path, book: whole.Book) -> bytes:
    """Write the book as an EPUB 3: a file for each chapter.

    Parameters
    ----------
    chromium : Browser
        It draws the formulas.
    site : Path
        The folder of the built site.
    book : Book
        Which pages, in which order.

    Returns
    -------
    bytes
        The same from the same site, to the byte.
    """
    with drawn(chromium, site, book) as tab:
        cut = tab.evaluate(CUT)
    files = {"style.css": style(site, "forms.css").encode()}
    items, spine = [], []
    for name, title, body in cut:
        body = re.sub(
            r'(<img\b[^>]*\bsrc=")([^"]+)',
            lambda found: found[1] + picture(site, found[2], files),
            body,
        )
        page = FILE.format(title=html.escape(title), body=body)
        files[f"{name}.xhtml"] = page.encode()
        kinds = {"mathml": "<math", "svg": "<svg", "nav": 'epub:type="toc"'}
        items.append((f"{name}.xhtml", [k for k in kinds if kinds[k] in body]))
        spine.append(f'<itemref idref="{name}.xhtml"/>')
    cover = site / "_static" / "covers" / "preview.png"
    if cover.is_file():
        files["cover.png"] = cover.read_bytes()
    return zipped(package(book, files, dict(items), spine), files, book.date)


def picture(site: Path, source: str, files: dict[str, bytes]) -> str:
    """Put a picture among the files; its name there."""
    if source.startswith("data:"):
        data = base64.b64decode(source.partition(",")[2])
    else:
        data = (site / "book" / source.partition("?")[0]).read_bytes()
    ending = Path(source).suffix if not source.startswith("data:") else ".png"
    name = f"images/{hashlib.sha256(data).hexdigest()[:16]}{ending}"
    files[name] = data
    return name


def package(
    book: whole.Book,
    files: dict[str, bytes],
    properties: dict[str, list[str]],
    spine: list[str],
) -> str:
    """What an e-reader is told of the book and its files."""
    types = {
        ".xhtml": "application/xhtml+xml",
        ".css": "text/css",
        ".png": "image/png",
        ".svg": "image/svg+xml",
    }
    manifest = []
    for name in files:
        known = properties.get(name, [])
        if name == "cover.png":
            known = ["cover-image"]
        said = f' properties="{" ".join(known)}"' if known else ""
        manifest.append(
            f'<item id="{name.replace("/", "-")}" href="{name}" '
            f'media-type="{types[Path(name).suffix]}"{said}/>'
        )
    return PACKAGE.format(
        id=uuid.uuid5(uuid.NAMESPACE_URL, book.title),
        title=html.escape(book.title),
        author=html.escape(book.author),
        stamp=html.escape(book.stamp),
        date=book.date,
        manifest="\n".join(manifest),
        spine="\n".join(spine),
    )


def zipped(package: str, files: dict[str, bytes], date: str) -> bytes:
    """The files in the order and the form that an EPUB has them."""
    year, month, day = map(int, date.split("-"))
    everything: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "book/book.opf": package,
        **{f"book/{name}": data for name, data in files.items()},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in everything.items():
            entry = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
            if name != "mimetype":  # it has to lie there as it is
                entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return stream.getvalue()


# --- Beside the site ---------------------------------------------------------


def link_to_forms(site: Path) -> None:
    """Name on the landing page the forms that lie beside it, with their size.

    The page has an empty element for them.
    """
    page = site / "book" / "index.html"
    links = []
    for form, words in FORMS.items():
        file = site / f"{NAME}.{form}"
        if file.is_file():
            size = file.stat().st_size / 1e6
            links.append(
                f'<a href="../{file.name}" download>{words}</a> ({size:.0f} MB)'
            )
    text = page.read_text("utf-8")
    place = re.compile('(<span class="forms">).*?(</span>)')
    if not place.search(text):
        raise ValueError(f'{page} has no <span class="forms"> for them')
    said = rf"\1Or take it along: {' or '.join(links)}.\2"
    page.write_text(place.sub(said, text), "utf-8")


def main(arguments: list[str]) -> int:
    """Make the form named; the exit status."""
    if not arguments or arguments[0] not in FORMS or len(arguments) > 2:
        print(__doc__.split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    form, *folder = arguments
    site = Path(*folder or ["_build/html"]).resolve()
    if not (site / "book" / "index.html").is_file():
        raise SystemExit(f"No pages in {site}: run `make book` first.")
    if not weigh.chromium():
        raise SystemExit(
            "Chromium draws and prints the book: install it first."
        )
    book = whole.this_book()
    file = site / f"{NAME}.{form}"
    make = epub if form == "epub" else pdf
    with weigh.browser() as chromium:
        file.write_bytes(make(chromium, site, book))
    link_to_forms(site)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
