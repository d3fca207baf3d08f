"""A Sphinx extension: what makes the site whole, open to everybody and light.

It brings MathJax and the few icons along from pinned packages, so that no
page asks another host for anything; mends what screen readers stumble over;
and puts in what the lessons and book/verified.json know: covers, times, what
was verified.
"""

from __future__ import annotations

import ast
import base64
import io
import math
import re
import shutil
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from fontTools import subset
from PIL import Image
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from lessons_lib import _scripts
from tools import lessons, mutations, verified
from web import covers, evidence, lesson_map, progress

MATHJAX = "sphinx-mathjax-offline"
# What a page with formulas loads, without the menu: most of that would need
# files that are not brought along. The rest of the package is for other uses.
WANTED = [
    "startup.js",
    "core.js",
    "input/tex.js",
    "input/tex/extensions",
    "output/chtml.js",
    "output/chtml/fonts",
    "a11y/assistive-mml.js",
]
LESSON = re.compile(r"book/(\d\d)-[\w-]+")
MARKS = {
    "✓ ": "holds",
    "○ ": "open",
    "✗ ": "fails",
    "\N{EN DASH} ": "unchecked",
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the steps; called by Sphinx."""
    app.connect("config-inited", set_address)
    app.connect("builder-inited", bring_mathjax)
    app.connect("builder-inited", bring_covers)
    app.connect("source-read", fill_in_tables)
    app.connect("html-page-context", begin_previews_with_words, priority=400)
    app.connect("html-page-context", leave_out_thebe, priority=900)
    app.connect("html-page-context", leave_out_half_an_address, priority=900)
    app.connect("html-page-context", stand_in_for_storage)
    app.connect("html-page-context", mend_body)
    app.connect("build-finished", bring_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


# --- What the site brings along ----------------------------------------------


def set_address(app: Sphinx, config: Config) -> None:
    """Derive the site's address from the repository's, on GitHub Pages.

    Previews of links need it: an Open Graph address is a whole one.
    """
    url = config.html_theme_options.get("repository_url", "")
    found = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+?)/?", url)
    if found and found[1] != "OWNER" and not config.html_baseurl:
        config.html_baseurl = (
            f"https://{found[1].lower()}.github.io/{found[2]}/"
        )
    config.ogp_site_name = config.html_title
    if config.html_baseurl:
        config.ogp_site_url = config.html_baseurl
        config.ogp_image = "_static/covers/preview.png"
        config.ogp_image_alt = covers.PREVIEW_ALT


def bring_mathjax(app: Sphinx) -> None:
    """Copy the parts of MathJax that the site needs into its static files."""
    source = Path(
        str(
            metadata.distribution(MATHJAX).locate_file(
                f"{MATHJAX}/static/mathjax"
            )
        )
    )
    target = Path(app.outdir) / "_static" / "mathjax"
    for name in WANTED:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
        elif (source / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, target / name)
        else:
            raise ExtensionError(
                f"{MATHJAX} has no {name}: is its version right?"
            )


def bring_covers(app: Sphinx) -> None:
    """Make the lessons' covers and the picture for links to the site."""
    folder = Path(app.outdir) / "_static" / "covers"
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in files(app):
        cover = covers.cover(lesson)
        if cover:
            (folder / f"{lesson.stem}.png").write_bytes(cover.png)
    preview = covers.preview(app.config.html_title, files(app))
    (folder / "preview.png").write_bytes(preview)


def bring_icons(app: Sphinx, error: Exception | None) -> None:
    """Cut the theme's icon fonts down to the icons on the pages.

    book.css names the small fonts; the theme's own, 270 kB, are not loaded.
    """
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    styles = [p.read_text("utf-8") for p in static.glob("styles/*.css")]
    used = set()
    for page in Path(app.outdir).rglob("*.html"):
        used |= set(re.findall(r"\bfa-[a-z0-9-]+", page.read_text("utf-8")))
    codes = set()
    for style in styles:
        for names, code in re.findall(
            r'([^{}]+)\{[^{}]*"\\(f[0-9a-f]{3})"', style
        ):
            icons = set(re.findall(r"\.(fa-[a-z0-9-]+)", names))
            if not icons or icons & used:  # no icon: the style draws it
                codes.add(int(code, 16))
    (static / "icons").mkdir(exist_ok=True)
    for name in ("fa-solid-900", "fa-brands-400"):
        options = subset.Options(flavor="woff", notdef_outline=True)
        source = static / f"vendor/fontawesome/webfonts/{name}.ttf"
        font = subset.load_font(source, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        subset.save_font(font, static / f"icons/{name}.woff", options)


# --- What the lessons know ---------------------------------------------------


def files(app: Sphinx) -> list[Path]:
    """The files of the lessons, in order."""
    return sorted(Path(app.srcdir, "book").glob("[0-9][0-9]-*.ipynb"))


def records(app: Sphinx) -> dict[str, Any]:
    """What was verified, by lesson."""
    return verified.load(Path(app.srcdir, "book", "verified.json"))


def fill_in_tables(app: Sphinx, page: str, source: list[str]) -> None:
    """Write the lessons' map, the questions, and what was verified."""
    if page == "book/where-next":
        drawing = draw_map(app)
        source[0] = source[0].replace("<!-- map -->", drawing)
    if page == "book/progress":
        named = titles(app)
        rows = progress.table(named)
        asked = progress.hidden(named, Path(app.srcdir, "book"))
        source[0] = source[0].replace("<!-- lessons -->", rows)
        source[0] = source[0].replace("<!-- questions -->", asked)
    if page != "book/verified":
        return
    known = records(app)
    executed = [
        "| lesson | run on | Python | torch | NumPy | device | seconds |",
        "|---|---|---|---|---|---|--:|",
    ]
    swept = [
        "| lesson | claims | seeds passed | margin | seen to fail |",
        "|---|--:|---|--:|--:|",
    ]
    for path in files(app):
        notebook = lessons.read(path)
        code = lessons.code_hash(notebook)
        record = known.get(path.stem, {})
        title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
        link = f"[{title}]({path.name})"
        run = record.get("executed")
        if run:
            executed.append(
                f"| {link} | {run['date']} | {run['python']} | {run['torch']} "
                f"| {run['numpy']} | {run['device']} "
                f"| {run['seconds']:.1f} |"
            )
        for data, sweep in record.get("swept", {}).items():
            seeds = len(verified.expand(sweep["seeds"]))
            passed = f"{seeds - len(sweep['failed'])} of {seeds}"
            passed += f" on {data}" if data else ""
            margin, failed = "", evidence.seen_to_fail(record, code)
            if sweep["code"] != code:
                passed += ", older code"
            elif (smallest := evidence.smallest_margin(sweep)) < math.inf:
                margin = f"{smallest:.2g}"
            swept.append(
                f"| {link} | {sweep['claims']} | {passed} "
                f"| {margin} | {failed} |"
            )
    for name, table in (("executed", executed), ("swept", swept)):
        text = "\n".join(table) if len(table) > 2 else "Nothing yet."
        source[0] = source[0].replace(f"<!-- {name} -->", text)


def titles(app: Sphinx) -> dict[str, str]:
    """The lessons as the landing page names them, by their files' stems."""
    landing = Path(app.srcdir, f"{app.config.root_doc}.md").read_text("utf-8")
    return {
        stem: title
        for title, stem in re.findall(
            r"^- \[(\d\d [^]]+)\]\(([\w-]+)\.ipynb\)", landing, re.MULTILINE
        )
    }


def draw_map(app: Sphinx) -> str:
    """The lessons, and what each needs."""
    before = {
        path.stem: [target.removesuffix(".html") for _, target in needs(path)]
        for path in files(app)
    }
    return lesson_map.draw(titles(app), before)


def in_words(record: dict[str, Any], code: str) -> list[str]:
    """What was verified of a lesson, in sentences."""
    said = []
    run = record.get("executed")
    if run:
        old = "" if run["code"] == code else ", before its code was changed,"
        said.append(
            f"Last run on {run['date']}{old} with Python {run['python']}, "
            f"torch {run['torch']} and NumPy {run['numpy']} on "
            f"{run['device']}, in {run['seconds']:.1f} seconds: "
            f"{run['claims']} claims held."
        )
    for data, sweep in record.get("swept", {}).items():
        seeds = len(verified.expand(sweep["seeds"]))
        passed = seeds - len(sweep["failed"])
        how = f"each of {seeds}" if passed == seeds else f"{passed} of {seeds}"
        on = f" on {data}" if data else ""
        text = f"all claims held from {how} random seeds{on}."
        if sweep["code"] != code:
            text = f"before its code was changed, {text}"
        said.append(text[0].upper() + text[1:])
    failed = evidence.seen_to_fail(record, code)
    if failed:
        said.append(f"{failed} claims were seen to fail in changed code.")
    return said


# --- The pages ---------------------------------------------------------------


def leave_out_thebe(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: Any,
) -> None:
    """Drop thebe's scripts and style from the page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [
            f for f in context.get(kind, []) if "thebe" not in str(f)
        ]


def begin_previews_with_words(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Hide a lesson's line of facts from what describes the page to others.

    The page is written out by now: this is what sphinxext-opengraph reads.
    """
    if doctree is not None and LESSON.fullmatch(page):
        facts = next(iter(doctree.findall(nodes.paragraph)))
        facts.parent.remove(facts)


def leave_out_half_an_address(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Drop the page's address from its preview if the site has none yet."""
    if "metatags" in context and not app.config.ogp_site_url:
        context["metatags"] = re.sub(
            r'<meta property="og:url"[^>]*>\n?', "", context["metatags"]
        )


def stand_in_for_storage(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Let the theme work where the browser's storage is forbidden."""
    context["metatags"] = context.get("metatags", "") + progress.STORAGE


def mend_body(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the page what Sphinx does not: see the functions called here."""
    if "body" not in context:
        return
    soup = BeautifulSoup(context["body"], "html.parser")
    mend_for_screen_readers(soup)
    mark_short_code(soup)
    leave_captions_bare(soup)
    renew_figures(soup)
    keep_one_of_each(soup)
    name_what_is_folded(soup)
    mark_claims(soup)
    if page == app.config.root_doc:
        lay_out_cards(app, soup)
    if LESSON.fullmatch(page):
        path = Path(app.srcdir, f"{page}.ipynb")
        notebook = lessons.read(path)
        record = records(app).get(path.stem, {})
        code = lessons.code_hash(notebook)
        numbers, sources = zip(*lessons.code(notebook), strict=True)
        number_cells(soup, numbers)
        fold_checks(soup, sources)
        evidence.show(soup, evidence.of_lesson(record, code))
        add_what_was_verified(soup, in_words(record, code))
        progress.wrap_questions(soup, progress.questions(path))
        add_read(soup, path.stem)
    sizes = {name: source for source, name in app.builder.images.items()}
    prepare_images(
        soup, lambda name: Path(app.srcdir, sizes[name]).read_bytes()
    )
    context["body"] = str(soup)


def mend_for_screen_readers(soup: BeautifulSoup) -> None:
    """Leave them only what they can use.

    The empty corner of a table is a cell, not a header without a name. The
    roles of a bibliography are deprecated, and its list is none.
    """
    for header in soup.find_all("th"):
        if not header.get_text(strip=True) and not header.find("img"):
            header.name = "td"
            header.attrs.clear()
    for entry in soup.select('[role="doc-biblioentry"], .citation-list'):
        del entry["role"]


def mark_short_code(soup: BeautifulSoup) -> None:
    """Tell the style which code in a sentence is too short to be broken."""
    for code in soup.select("code.literal"):
        if len(code.get_text()) <= 24:
            code["class"] = [*code["class"], "short"]


def leave_captions_bare(soup: BeautifulSoup) -> None:
    """Take number and permalink off the captions: no text refers to them.

    ``numfig`` cannot be switched off: sphinx-jupyterbook-latex sets it.
    """
    for extra in soup.select(
        "figcaption .caption-number, figcaption .headerlink"
    ):
        extra.decompose()


def name_what_is_folded(soup: BeautifulSoup) -> None:
    """Call a folded cell a solution, and a folded input code."""
    for prompt in soup.select("details.hide > summary"):
        for text in prompt.find_all(string=True):
            named = text.replace("content", "solution")
            text.replace_with(named.replace("source", "code"))


def fold_checks(soup: BeautifulSoup, sources: Sequence[str]) -> None:
    """Fold the claims at the end of each cell: the ✓ lines say the same."""
    for cell, source in zip(soup.select("div.cell"), sources, strict=True):
        code = cell.select_one(":scope > .cell_input pre")
        first = first_of_the_claims(source)
        if code is None or first is None:
            continue
        # each line of highlighted code is whole: no element goes on
        lines = code.decode_contents().rstrip("\n").split("\n")
        idea, checks = lines[: first - 1], lines[first - 1 :]
        folded = inside(
            '<details class="check"><summary>The check, as code</summary>'
            '<div class="highlight-ipython3 notranslate">'
            '<div class="highlight"><pre></pre></div></div></details>'
        )
        folded.pre.replace_with(lines_of_code(checks))
        cell.select_one(":scope > .cell_input").append(folded)
        if idea:
            code.replace_with(lines_of_code(idea))
        else:
            code.find_parent("div", class_="highlight").parent.decompose()


def inside(html: str) -> BeautifulSoup:
    """A piece of a page."""
    return BeautifulSoup(html, "html.parser")


def lines_of_code(lines: list[str]) -> Tag:
    """Highlighted lines; outside of ``pre`` they would lose their indent."""
    return inside("<pre>" + "\n".join(lines).rstrip("\n") + "\n</pre>").pre


def first_of_the_claims(source: str) -> int | None:
    """The line, from 1, where a cell turns to claims alone, if it does."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a magic command
        return None
    first = None
    for statement in reversed(statements):
        does = isinstance(statement, ast.Expr) and mutations.root(statement)
        if does != "claim":
            break
        first = statement.lineno
    return first


def renew_figures(soup: BeautifulSoup) -> None:
    """Give each live figure the script and style of today, and its own data.

    Stored outputs carry those of the day when the lesson was run.
    """
    for figure in soup.select("figure.live[data-figure]"):
        figure.find("style").string = _scripts.style()
        script = figure.find_all("script")[-1]
        script.string = _scripts.script(figure["data-figure"])


def keep_one_of_each(soup: BeautifulSoup) -> None:
    """Keep one of each script and style that live figures share.

    Of equal styles the first stays. Of equal scripts the last: it runs when
    all the figures stand on the page, and starts each that waits. Data is not
    touched: each figure reads its own.
    """
    scripts = [
        script
        for script in soup.select("figure.live script")
        if script.get("type", "") in ("", "text/javascript", "module")
    ]
    for tags in (soup.select("figure.live style"), reversed(scripts)):
        seen = set()
        for tag in tags:
            if str(tag) in seen:
                tag.decompose()
            seen.add(str(tag))


def mark_claims(soup: BeautifulSoup) -> None:
    """Set apart the lines of an output that say what holds."""
    for text in soup.select(".cell_output pre")[::-1]:
        for piece in text.find_all(string=True):
            lines = str(piece).splitlines(keepends=True)
            if not any(line[:2] in MARKS for line in lines):
                continue
            parts: list[Any] = []
            for line in lines:
                kind = MARKS.get(line[:2])
                if kind:
                    span = soup.new_tag(
                        "span", attrs={"class": f"claim {kind}"}
                    )
                    span.string = line.rstrip("\n")
                    parts += [span, "\n"] if line.endswith("\n") else [span]
                else:
                    parts.append(line)
            piece.replace_with(*parts)


def prepare_images(soup: BeautifulSoup, read: Any) -> None:
    """Give each image its size, and load those further down when needed.

    Parameters
    ----------
    soup : BeautifulSoup
        The page; changed in place.
    read : function of str to bytes
        Gives the file of an image below ``_images``.
    """
    for i, image in enumerate(soup.find_all("img")):
        source = image.get("src", "")
        data = None
        if source.startswith("data:image/png;base64,"):
            data = base64.b64decode(source.partition(",")[2])
        elif "_images/" in source and not source.endswith(".svg"):
            data = read(source.rpartition("/")[2])
        if data and not image.has_attr("width"):
            width, height = Image.open(io.BytesIO(data)).size
            image["width"], image["height"] = str(width), str(height)
        image["decoding"] = "async"
        if i:
            image["loading"] = "lazy"


def lay_out_cards(app: Sphinx, soup: BeautifulSoup) -> None:
    """Make a card of each lesson in the landing page's list.

    It shows a picture from the lesson, its measured time and what comes
    before it.
    """
    soup.find("section")["class"] = "landing"
    known = records(app)
    for item in soup.select("section section section li"):
        link = item.find("a")
        path = Path(app.srcdir, "book", Path(link["href"]).stem + ".ipynb")
        item["class"] = "lesson"
        asked = progress.questions(path)
        item["data-questions"] = " ".join(q.key for q in asked)
        item.parent["class"] = "lessons"
        words = link.next_sibling
        words.replace_with(words.lstrip(": \n"))
        text = item.find("p")
        head = soup.new_tag("p", attrs={"class": "lesson-title"})
        item.insert(0, head)
        head.append(link)
        cover = covers.cover(path)
        if cover:
            picture = soup.new_tag(
                "img",
                attrs={
                    "src": f"../_static/covers/{path.stem}.png",
                    "alt": cover.alt,
                    "width": str(cover.width),
                    "height": str(cover.height),
                },
            )
            item.insert(0, picture)
        facts = soup.new_tag("p", attrs={"class": "lesson-facts"})
        run = known.get(path.stem, {}).get("executed")
        if run:
            facts.append(verified.about(run["seconds"]))
        for i, (name, target) in enumerate(needs(path)):
            facts.append(", " if i else " · after " if run else "after ")
            before = soup.new_tag("a", attrs={"href": target})
            before.string = name
            facts.append(before)
        text.insert_after(facts)


def needs(path: Path) -> list[tuple[str, str]]:
    """The lessons that come before this one: names and addresses."""
    first = lessons.read(path).cells[0].source
    line = re.search(r"\*\*Before this:\*\* ([^·\n]*)", first)
    found = re.findall(
        r"\[([^]]+)\]\(([\w-]+)\.ipynb\)", line[1] if line else ""
    )
    return [(name, f"{stem}.html") for name, stem in found]


def number_cells(soup: BeautifulSoup, numbers: Sequence[int]) -> None:
    """Give each code cell an id, such as ``cell-28``, to be linked to."""
    for cell, number in zip(soup.select("div.cell"), numbers, strict=True):
        cell["id"] = f"cell-{number}"


def add_what_was_verified(soup: BeautifulSoup, said: list[str]) -> None:
    """Say below a lesson when it was run, with what, and from which seeds."""
    if said:
        note = soup.new_tag("p", attrs={"class": "verified"})
        note.append(" ".join(said) + " ")
        link = soup.new_tag("a", attrs={"href": "verified.html"})
        link.string = "What was verified"
        note.append(link)
        last: Tag = soup.find_all("section", recursive=False)[-1]
        last.append(note)


def add_read(soup: BeautifulSoup, stem: str) -> None:
    """Mark a lesson's end, where progress.js says whether it was read."""
    end = soup.new_tag("p", attrs={"class": "read", "data-lesson": stem})
    end["hidden"] = ""
    last: Tag = soup.find_all("section", recursive=False)[-1]
    last.append(end)
