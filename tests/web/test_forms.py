"""The whole book as one file, tried on three small pages."""

import base64
import io
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from PIL import Image

from web import book_site, forms, whole

PAGE = """<!doctype html><head>
<script>window.MathJax = {"loader": {"load": ["input/tex", "output/chtml",
"a11y/assistive-mml"]}, "options": {"processHtmlClass": "math"}}</script>
<script defer="defer" src="../_static/mathjax/startup.js"></script></head>
<nav><a href="nowhere.html">not of the article</a></nav>
<article class="bd-article">{}<script>kernel()</script></article>"""
INDEX = """<section class="landing" id="book"><h1>The book</h1>
<p>Begin with <a href="01-one.html">one</a>, or take
<a href="data.json">the data</a>. <span class="forms"></span></p></section>"""
CODE = """<div class="cell tag_hide-input"><details class="hide"><summary>Show
</summary><div class="cell_input"><div class="highlight"><pre>import torch
</pre></div></div></details></div>"""
LESSON = (
    """<section id="one"><h1>01 · One<a class="headerlink" href="#one">#</a></h1>
<p>Before this: <a href="terms.html#x">X</a>,
<span class="math">\\(x_1^2 < 3\\)</span></p>"""
    + CODE
    + """<section id="idea"><h2>Idea</h2><div class="cell">
<div class="cell_input"><details class="check"><summary>Check</summary>
<pre>claim(1)</pre></details></div><div class="cell_output">
<div class="output"><figure class="live" data-figure="net"><style>a{}</style>
<img src="data:image/png;base64,PNG" alt="Two dots." width="12" height="6"
 loading="lazy"><script>run()</script></figure></div><div class="opening">
<details class="evidence"><summary><span class="claim holds">✓ it holds</span>
</summary><div>from <a href="#cell-9">100 seeds</a></div></details></div></div>
</div></section>
<section id="test-yourself"><h2>Test yourself</h2>
<p>Two questions. Open a choice, and it says whether it is right and why.</p>
<div class="question" id="question-1"><p><strong>1. How many?</strong></p>
<details class="choice"><summary>a) one</summary><p>✗ Not so: more.</p></details>
<details class="choice"><summary>b) two</summary><p>✓ Right: both.</p></details>
</div><div class="question" id="question-2"><p><strong>2. Why?</strong></p>
<details class="choice"><summary>a) so</summary><p>✓ Right: yes.</p></details>
</div></section>
<section id="exercises"><h2>Exercises</h2><section id="sum"><h3>1. Sum</h3>
<p>Add <a href="#idea">them</a>.</p><div class="cell tag_hide-cell">
<details class="hide"><summary>Show</summary><div class="cell_input">
<pre><span class="c1"># @title Solution 1</span>
<span>total = 2</span></pre></div></details></div>
<details><summary>Why?</summary><p>As of <a href="#idea">this</a>.</p></details>
<p>Next: nothing.</p></section></section>
<p class="verified">Last run.</p></section>"""
)
TERMS = f"""<section id="terms"><h1>Terms</h1>{CODE}
<section id="x"><h2>X</h2><p>Of <a href="01-one.html#one">lesson 01</a>.</p>
<img src="../_images/x.png" alt="An x." width="12" height="12"></section>
<details><summary>More</summary><p>Folded.</p></details></section>"""
BOOK = whole.Book(
    "A & B",
    "Us",
    [("", ["index"]), ("Lessons", ["01-one"]), ("Reference", ["terms"])],
    "Verified on 2026-01-02.",
    "2026-01-02",
)


def png():
    stream = io.BytesIO()
    Image.new("RGB", (12, 6), "white").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def small(tmp_path):
    """The folder of a site of three pages."""
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/pygments.css").write_text(
        'html[data-theme="light"] .highlight .k { color: #123456 }\n'
        'html[data-theme="dark"] .highlight .k { color: #fedcba }\n'
    )
    (tmp_path / "_images").mkdir()
    (tmp_path / "_images/x.png").write_bytes(png())
    (tmp_path / "book").mkdir()
    lesson = LESSON.replace("PNG", base64.b64encode(png()).decode())
    for name, text in (
        ("index", INDEX),
        ("01-one", lesson),
        ("terms", TERMS),
    ):
        put(tmp_path, name, text)
    return tmp_path


def put(site, name, text):
    file = site / f"book/{name}.html"
    file.write_text(PAGE.replace("{}", text), "utf-8")


def change(site, name, before, after):
    file = site / f"book/{name}.html"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def words(tag):
    return " ".join(tag.get_text(" ", strip=True).split())


# --- One document ------------------------------------------------------------


def test_the_chapters_stand_in_order_with_the_solutions_behind_the_lessons(
    small,
):
    soup = whole.whole(small, BOOK)
    assert [words(h) for h in soup.find_all("h1")] == [
        "A & B",
        "Contents",
        "About this book",
        "01 · One",
        "Solutions",
        "Terms",
    ]
    assert "Verified on 2026-01-02." in words(soup.select_one("#title"))
    lines = [words(a) for a in soup.select("#contents a")]
    assert lines == [
        "About this book",
        "01 · One",
        "Idea",
        "Test yourself",
        "Exercises",
        "Answers",
        "Solutions",
        "Terms",
    ]


def test_a_live_figure_stands_still_with_its_words(small):
    figure = whole.whole(small, BOOK).select_one("figure.still")
    assert "Two dots." in words(figure.figcaption)
    assert figure.img["alt"]
    assert "Two dots." not in figure.img["alt"]
    assert (figure.img["width"], figure.img["height"]) == ("8", "4")
    assert not figure.img.has_attr("loading")
    assert not figure.find(["style", "script"])


def test_the_answers_end_the_chapter(small):
    soup = whole.whole(small, BOOK)
    asked = words(soup.select_one("#p-01-one--test-yourself"))
    assert "a) one b) two" in asked
    assert "✓" not in asked
    assert "Open a choice" not in asked
    answers = soup.select_one("#p-01-one--answers")
    assert "Question 1 : b) a) ✗ Not so: more. b) ✓ Right: both." in words(
        answers
    )
    assert "Question 2 : a)" in words(answers)
    assert answers.find_next_sibling()["class"] == ["verified"]
    assert not soup.find("details")


def test_each_id_is_there_once(small):
    ids = [tag["id"] for tag in whole.whole(small, BOOK).find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    assert "p-01-one--question-2" in ids


def test_questions_are_told_where_their_answers_are_in_any_case(small):
    change(small, "01-one", "Open a choice, and it", "It")
    asked = whole.whole(small, BOOK).select_one("#p-01-one--test-yourself")
    assert words(asked).endswith("The answers end this chapter.")


def test_a_solution_and_its_exercise_link_to_each_other(small):
    soup = whole.whole(small, BOOK)
    exercise = soup.select_one("#p-01-one--sum")
    assert words(exercise) == "1. Sum Add them . Solution Next: nothing."
    target = exercise.find("a", string="Solution")["href"]
    solved = soup.select_one(f"#p-solutions {target}")
    assert words(solved) == "1. Sum total = 2 Why? As of this ."
    assert solved.h3.a["href"] == "#p-01-one--sum"
    assert solved.find("a", string="this")["href"] == "#p-01-one--idea"


def test_code_is_printed_once_and_claims_say_their_line_only(small):
    soup = whole.whole(small, BOOK)
    assert str(soup).count("import torch") == 1
    assert soup.select_one("#p-01-one .cell_input pre")
    assert words(soup.select_one("p.claim-line")) == "✓ it holds"
    assert "claim(1)" not in str(soup)
    assert "seeds" not in str(soup)


def test_links_between_pages_lead_through_the_document(small):
    soup = whole.whole(small, BOOK)
    to = {words(a): a["href"] for a in soup.select(".chapter a")}
    assert to["one"] == "#p-01-one"
    assert to["X"] == "#p-terms--x"
    assert to["lesson 01"] == "#p-01-one--one"
    assert "the data" not in to
    assert "the data" in words(soup)


def test_a_link_that_leads_nowhere_is_an_error(small):
    change(small, "01-one", "terms.html#x", "terms.html#y")
    with pytest.raises(LookupError, match="p-terms--y"):
        whole.whole(small, BOOK)


def test_a_page_that_is_missing_is_an_error(small):
    (small / "book/terms.html").unlink()
    with pytest.raises(FileNotFoundError, match="terms"):
        whole.whole(small, BOOK)


def test_the_stamp_names_all_dates_and_versions():
    run = {"date": "2026-01-02", "python": "3.11", "torch": "2", "numpy": "1"}
    assert whole.in_words([run, run]) == (
        "Verified on 2026-01-02 with Python 3.11, torch 2 and NumPy 1."
    )
    assert whole.in_words(
        [run, {**run, "date": "2026-01-03", "torch": "3"}]
    ) == (
        "Verified from 2026-01-02 to 2026-01-03 with Python 3.11, "
        "torch 2 and 3 and NumPy 1."
    )
    assert whole.in_words([]) == ""


def test_this_book_has_every_page_a_date_and_versions():
    book = whole.this_book()
    assert "01-perceptron" in book.names
    assert book.names[0] == "index"
    assert book.date in book.stamp
    assert "torch" in book.stamp


# --- The forms ---------------------------------------------------------------


def test_an_epub_is_whole(small, browser):
    book_site.bring_mathjax(SimpleNamespace(outdir=small))
    made = forms.epub(browser, small, BOOK)
    archive = zipfile.ZipFile(io.BytesIO(made))
    first = archive.infolist()[0]
    assert first.filename == "mimetype"
    assert first.compress_type == zipfile.ZIP_STORED
    names = archive.namelist()
    package = archive.read("book/book.opf").decode()
    assert "<dc:title>A &amp; B</dc:title>" in package
    assert "2026-01-02T00:00:00Z" in package
    pages = {
        Path(name).name: ElementTree.fromstring(archive.read(name))
        for name in names
        if name.endswith(".xhtml")
    }
    assert len(pages) == 6
    ids = {n: {e.get("id") for e in p.iter()} for n, p in pages.items()}
    for name, page in pages.items():
        assert f'href="{name}"' in package
        for element in page.iter():
            tag = element.tag.rpartition("}")[2]
            assert tag not in ("script", "details"), name
            if tag == "a":
                file, _, part = element.get("href").partition("#")
                assert part in ids[file] or not part, element.attrib
            if tag == "img":
                assert element.get("alt")
                assert f"book/{element.get('src')}" in names
    lesson = archive.read("book/p-01-one.xhtml").decode()
    assert 'alttext="x_1^2 &lt; 3"' in lesson
    assert "<msubsup>" in lesson
    assert 'href="p-01-one.xhtml" media-type' in package
    assert 'properties="mathml"' in package
    assert 'properties="nav"' in package
    style = archive.read("book/style.css").decode()
    assert "#123456" in style
    assert "#fedcba" not in style
    assert "@page" not in style
    assert made == forms.epub(browser, small, BOOK)


def test_the_contents_of_a_pdf_have_the_pages_numbers(small, browser):
    book_site.bring_mathjax(SimpleNamespace(outdir=small))
    with forms.drawn(browser, small, BOOK) as tab:
        forms.number_contents(tab)
        shown = tab.locator("#contents a").all_inner_texts()
        printed = forms.print_out(tab)
    # a page for the title and for each chapter; the lesson ends on a second
    assert [line.split()[-1] for line in shown] == list("34444467")
    assert printed.startswith(b"%PDF")
    assert set(forms.pages(printed).values()) == set("3467")


def test_a_pdf_that_names_no_page_is_an_error():
    with pytest.raises(ValueError, match="names no page"):
        forms.pages(b"%PDF-1.4")


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("01-one", "x_1^2", r"\undefined{", "formula: "),
        ("terms", "x.png", "y.png", "picture: ../_images/y.png"),
    ],
)
def test_what_is_not_drawn_is_an_error(
    small, browser, name, before, after, said
):
    book_site.bring_mathjax(SimpleNamespace(outdir=small))
    change(small, name, before, after)
    with (
        pytest.raises(ValueError, match=said),
        forms.drawn(browser, small, BOOK),
    ):
        pass


# --- Beside the site ---------------------------------------------------------


def test_the_landing_page_links_to_what_is_there(small):
    page = small / "book/index.html"
    (small / "neural-networks.pdf").write_bytes(b"0" * 2_000_000)
    forms.link_to_forms(small)
    assert "epub" not in page.read_text("utf-8")
    assert 'href="../neural-networks.pdf" download' in page.read_text("utf-8")
    (small / "neural-networks.epub").write_bytes(b"0" * 1_000_000)
    for _ in range(2):
        forms.link_to_forms(small)
        text = page.read_text("utf-8")
        assert text.count("neural-networks.") == 2
        assert "(1 MB) or" in text
        assert "(2 MB)." in text
    assert "neural-networks" not in str(whole.whole(small, BOOK))
    page.write_text("nothing", "utf-8")
    with pytest.raises(ValueError, match="forms"):
        forms.link_to_forms(small)


@pytest.mark.parametrize("arguments", [[], ["docx"], ["pdf", "a", "b"]])
def test_what_cannot_be_made_is_said(arguments, capsys):
    assert forms.main(arguments) == 2
    assert "epub|pdf" in capsys.readouterr().err


def test_without_a_site_the_command_says_what_to_run(tmp_path):
    with pytest.raises(SystemExit, match="make book"):
        forms.main(["pdf", str(tmp_path)])
