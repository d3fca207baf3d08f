"""The built site: its files, and every page in a real browser.

All in one module, so that one process builds the site and no other waits.
"""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

from tools import verified
from web import book_site, evidence, forms, weigh, whole
from web.weigh import parsed

ROOT = Path(__file__).parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
PAGES = [TOC["root"]]
PAGES += [c["file"] for part in TOC["parts"] for c in part["chapters"]]
LESSON = "book/00-your-machine"
ALL_VIEWS = [TOC["root"], LESSON, "book/04-backprop", "book/api"]
CHOICES = "details.choice"
OUTPUT = """<section><h1>Claims</h1><div class="cell" id="cell-3">
<div class="cell_output"><div class="output stream"><div class="highlight">
<pre><span></span>loss 0.004
✓ the loss falls
✓ the two agree
✓ nothing is known of this one
– the digits are read (not checked: needs MNIST)
</pre></div></div></div></div></section>"""


def pages(site):
    found = [*site.glob("*.html"), *site.glob("book/*.html")]
    return [(p, p.read_text("utf-8")) for p in sorted(found)]


# --- The files ---------------------------------------------------------------


def test_every_lesson_has_its_page(site):
    for source in (ROOT / "book").glob("*.ipynb"):
        assert (site / "book" / f"{source.stem}.html").is_file()
    assert (site / "index.html").is_file()


def test_every_image_has_alt_text(site):
    for page, text in pages(site):
        for image in re.findall(r"<img\b[^>]*>", text):
            alt = re.search(r'alt="([^"]*)"', image)
            assert alt, f"{page.name}: {image[:200]}"
            assert "_images/" not in alt[1], f"{page.name}: {image[:200]}"


def test_no_page_asks_another_host(site):
    for page, text in pages(site):
        for tag in re.findall(
            r"<(?:script|link|img|iframe|video|source)\b[^>]*>", text
        ):
            address = re.search(r'(?:src|href)="((?:https?:)?//[^"]*)"', tag)
            allowed = 'rel="canonical"' in tag
            assert not address or allowed, f"{page.name}: {tag[:200]}"


def test_internal_links_lead_somewhere(site):
    for page, text in pages(site):
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text):
            if re.match(r"\w+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name}: {link}"
            if anchor and target.suffix == ".html":
                there = (
                    ids
                    if target == page
                    else set(
                        re.findall(
                            r'\bid="([^"]+)"', target.read_text("utf-8")
                        )
                    )
                )
                assert anchor in there, f"{page.name}: {link}"


def test_colab_links_lead_to_lessons_in_the_repository(site):
    tracked = {f"book/{p.name}" for p in (ROOT / "book").glob("*.ipynb")}
    found = set()
    for page, text in pages(site):
        for path in re.findall(
            r"colab\.research\.google\.com/github/[^/]+/[^/]+/blob/main/([^\"#]+)",
            text,
        ):
            assert path in tracked, f"{page.name}: {path}"
            found.add(path)
    assert found == tracked


def test_what_a_page_loads_is_there(site):
    for page, text in pages(site):
        for tag in re.findall(r"<(?:script|link|img)\b[^>]*>", text):
            address = re.search(r'\b(?:src|href)="([^"#?]*)', tag)
            if address and not re.match(r"\w+:", address[1]):
                target = page.parent / address[1]
                assert target.exists(), f"{page.name}: {tag[:200]}"


def test_images_have_a_size_and_wait_until_they_are_needed(site):
    for page in site.glob("book/*.html"):
        images = parsed(page).select("article img")
        for i, image in enumerate(images):
            what = f"{page.name}: {str(image)[:200]}"
            assert int(image["width"]) > 0, what
            assert int(image["height"]) > 0, what
            assert image["decoding"] == "async", what
            assert (image.get("loading") == "lazy") == (i > 0), what


def test_the_landing_page_has_a_card_for_each_lesson(site):
    cards = parsed(site / "book/index.html")
    known = verified.load()
    lessons = cards.select("li.lesson")
    stems = [Path(li.find("a")["href"]).stem for li in lessons]
    assert stems == sorted(p.stem for p in (ROOT / "book").glob("*.ipynb"))
    for stem, card in zip(stems, lessons, strict=True):
        image = card.find("img")
        assert (site / "book" / image["src"]).is_file()
        assert len(image["alt"]) > 15, stem
        seconds = known[stem]["executed"]["seconds"]
        facts = card.select_one(".lesson-facts").get_text()
        assert facts.startswith(verified.about(seconds)), stem
        assert (stem[:2] < "01") == (
            card.select_one(".lesson-facts a") is None
        )


def test_each_lesson_says_when_it_was_run(site):
    for stem, record in verified.load().items():
        page = parsed(site / f"book/{stem}.html")
        said = page.select_one("p.verified").get_text()
        assert f"Last run on {record['executed']['date']}" in said
        assert f"{record['executed']['claims']} claims held" in said
    table = parsed(site / "book/verified.html")
    links = {a["href"] for a in table.select("section#verified table a")}
    assert links == {f"{stem}.html" for stem in verified.load()}


def test_equal_scripts_stand_once_on_a_page(site):
    for page in site.glob("book/*.html"):
        scripts = [
            str(script)
            for script in parsed(page).select("figure.live script")
            if script.get("type") != "application/json"
        ]
        assert len(scripts) == len(set(scripts)), page.name


def test_a_link_to_the_book_has_a_preview(site):
    for page in site.glob("book/*.html"):
        head = parsed(page).head
        found = {
            tag.get("property") or tag.get("name"): tag["content"].strip()
            for tag in head.select("meta[property], meta[name]")
        }
        assert found["og:site_name"] == "Neural networks, run and proved"
        for name in ("og:title", "og:description", "description", "og:type"):
            assert found[name], f"{page.name}: {name}"
        assert not found["description"].startswith("Before this"), page.name
        assert found["twitter:card"] == "summary_large_image"
        for name in ("og:url", "og:image"):
            assert found.get(name, "https:").startswith("https:"), page.name
    with Image.open(site / "_static/covers/preview.png") as preview:
        assert preview.size == (1200, 630)


# --- The pages, in a browser ------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_page(visit, address, site, faults, name):
    page = visit(f"{address}{name}.html", 390, "dark")
    heights = page.eval_on_selector_all(
        f"{CHOICES} > summary",
        """all => all.map(one => (one.click(), one))
            .filter(one => one.checkVisibility()).map(one => one.clientHeight)
        """,
    )
    assert all(height >= 44 for height in heights), "easy to hit"
    marked = page.locator(f"{CHOICES}[open].right").count()
    assert marked == len(groups(page))
    views = "all" if name in ALL_VIEWS else "one a width"
    assert faults(page, views) == []
    loaded = weigh.loaded_by(page, address, site)
    fonts = {p.name for p in loaded if p.name.startswith("fa-")}
    assert fonts == {"fa-solid-900.woff", "fa-brands-400.woff"}, "the small"
    weight = weigh.weigh(site / f"{name}.html", loaded)
    assert weight.load <= weigh.LOAD_LIMIT
    assert weight.figures <= weigh.FIGURES_LIMIT


def test_on_a_phone_the_names_of_the_next_pages_are_whole(visit, address):
    page = visit(f"{address}book/05-losses-and-optimisers.html", 390)
    cut = "links => links.filter(a => a.scrollWidth > a.clientWidth).length"
    assert page.eval_on_selector_all(".prev-next-area a", cut) == 0


def test_search_finds_a_term(visit, address):
    page = visit(f"{address}search.html?q=perceptron")
    page.wait_for_selector("#search-results li a")
    links = page.eval_on_selector_all(
        "#search-results li a", "links => links.map(a => a.href)"
    )
    assert any("01-perceptron" in link for link in links)
    assert page.problems == []


def test_a_page_opens_from_a_folder(visit, faults, site):
    page = visit((site / "book/04-backprop.html").as_uri())
    assert faults(page, views="none") == []
    assert page.locator("mjx-container").count() > 100


def test_a_shape_is_not_broken_on_a_phone(visit, address):
    rows = """all => all.filter(e => !e.closest("table")
        && e.textContent.length <= 24)
        .map(e => [e.textContent, e.getClientRects().length])"""
    page = visit(f"{address}book/00-your-machine.html", 390)
    found = page.eval_on_selector_all(".bd-content p code.literal", rows)
    assert ["(2, 3)", 1] in found
    assert [text for text, number in found if number > 1] == []


def test_a_page_reads_without_scripts(visit, address):
    page = visit(
        f"{address}book/01-perceptron.html", java_script_enabled=False
    )
    assert "What goes wrong" in page.inner_text("main")
    assert page.locator("figure.live img").first.is_visible()


def test_nothing_moves_for_those_who_ask_for_that(visit, address):
    moving = """[...document.querySelectorAll("*")].filter(e => {
        const s = getComputedStyle(e);
        return s.scrollBehavior === "smooth" || s.animationName !== "none"
            || s.transitionDuration.split(", ").some(d => d !== "0s");
    }).map(e => e.outerHTML.slice(0, 80))"""
    url = f"{address}book/01-perceptron.html"
    page = visit(url, reduced_motion="reduce")
    assert page.evaluate(moving) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) != []


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


# --- What speaks for a claim, in a browser -----------------------------------


@pytest.fixture
def claims(site, address):
    """A page of the book whose only output has claims with made-up evidence."""
    below = evidence.Series("<", 0.01, [0.0001 * 1.05**i for i in range(90)])
    above = evidence.Series(">", 0.5, [0.6, 0.9, 0.7])
    change = "in cell 3, `optimizer.step()` was dropped"
    known = {
        "the loss falls": evidence.Evidence("each of 90 seeds", [below], ""),
        "the two agree": evidence.Evidence(
            "each of 3 seeds", [above, below], change
        ),
    }
    soup = BeautifulSoup((site / f"{LESSON}.html").read_bytes(), "html.parser")
    soup.select_one("#pst-page-toc-nav").decompose()  # of what is cleared
    article = soup.find("article")
    article.clear()
    article.append(BeautifulSoup(OUTPUT, "html.parser"))
    book_site.mark_claims(soup)
    evidence.show(soup, known)
    (site / "tried").mkdir(exist_ok=True)
    (site / "tried/claims.html").write_text(str(soup), "utf-8")
    return f"{address}tried/claims.html"


def test_a_claim_opens_and_shows_what_speaks_for_it(visit, faults, claims):
    page = visit(claims, 390, "dark")
    details = page.locator("details.evidence")
    assert details.count() == 2
    assert page.locator("svg.strip:visible").count() == 0
    for key, one in zip(("Enter", "Space"), details.all(), strict=True):
        one.locator("summary").focus()
        page.keyboard.press(key)
        assert one.locator("svg").first.is_visible()
    assert page.locator("svg.strip:visible").count() == 3
    assert page.get_by_role("img", name="it holds below 0.01").count() == 2
    assert faults(page) == []
    page.emulate_media(media="print")
    assert page.locator("summary .claim").last.is_visible()
    assert not page.locator(".evidence p").last.is_visible()


# --- The questions of a lesson, in a browser --------------------------------


def groups(page):
    """The numbers of the choices of each question, the right one first."""
    words = page.locator(CHOICES).all_text_contents()
    found = []
    for i, text in enumerate(words):
        if text.startswith("a)"):
            found.append([])
        found[-1].insert(0 if "✓" in text else len(found[-1]), i)
    return found


def test_the_score_counts_first_tries(visit, address):
    page = visit(f"{address}{LESSON}.html")
    score = page.locator(".quiz-score[role=status]")
    assert score.text_content() == "3 questions, none answered yet"
    summaries = page.locator(f"{CHOICES} > summary")
    first, second, third = groups(page)

    summaries.nth(first[0]).focus()  # right, by keyboard
    page.keyboard.press("Enter")
    assert score.text_content() == "1 of 3 right, 2 not answered yet"
    summaries.nth(second[1]).focus()  # wrong, by the other key
    page.keyboard.press("Space")
    summaries.nth(second[0]).click()  # right now, but too late
    assert score.text_content() == "1 of 3 right, 1 missed, 1 not answered yet"
    summaries.nth(third[0]).click()
    summaries.nth(third[0]).click()  # closing it changes nothing
    assert score.text_content() == "2 of 3 right, 1 missed"

    opened = page.locator(f"{CHOICES}[open]")
    assert opened.count() == 3
    assert "✓ Right" in opened.nth(0).inner_text()
    page.reload()
    assert opened.count() == 0
    assert score.text_content() == "2 of 3 right, 1 missed"
    summaries.nth(first[1]).click()  # once right is right
    summaries.nth(second[0]).click()  # and what was missed can be mended
    assert score.text_content() == "3 of 3 right"


def test_the_questions_need_no_script(visit, address):
    page = visit(f"{address}{LESSON}.html", java_script_enabled=False)
    right = page.locator(CHOICES).filter(has_text="✓ Right").first
    why = right.locator("p")
    assert not why.is_visible()
    right.locator("summary").click()
    assert why.is_visible()


# --- What the reader has read and answered, in a browser ---------------------

KEY = "neural-networks-run-and-proved"
ASIDE = f"{KEY}/aside"
SCORE = ".quiz-score"


def stored(page, key=KEY):
    text = page.evaluate("key => localStorage.getItem(key)", key)
    return text if key == ASIDE else json.loads(text)


def store(page, text):
    page.evaluate("pair => localStorage.setItem(...pair)", [KEY, text])
    page.reload()


def answer(page, question, choice):
    """Open a choice of a question: 0 is the right one."""
    number = groups(page)[question][choice]
    page.locator(f"{CHOICES} > summary").nth(number).click()


def card(page, stem=Path(LESSON).name):
    return page.locator(f".lesson:has(a[href='{stem}.html'])").first.locator(
        ".lesson-progress"
    )


def test_a_lesson_is_read_once_its_end_was_seen(visit, address):
    page = visit(f"{address}{LESSON}.html")
    box = page.get_by_label("I have read this lesson")
    ticked = ".read :checked"
    assert not box.is_checked()
    page.locator(".read").scroll_into_view_if_needed()
    page.wait_for_selector(ticked)
    page.goto(f"{address}book/index.html")
    assert card(page).inner_text() == "✓ read"

    page.go_back()
    page.wait_for_selector(ticked)
    box.focus()
    page.keyboard.press("Space")
    page.reload()
    page.locator(".verified").scroll_into_view_if_needed()
    page.locator(".read").scroll_into_view_if_needed()
    page.evaluate("new Promise(f => setTimeout(f, 100))")
    assert not box.is_checked(), "the reader knows better"
    page.goto(f"{address}book/index.html")
    assert not card(page).is_visible()
    assert page.problems == []


def test_two_tabs_lose_no_answer(visit, address):
    page = visit(f"{address}{LESSON}.html")
    other = page.context.new_page()
    other.goto(page.url)
    answer(page, 0, 0)
    answer(other, 1, 1)
    answer(page, 2, 0)
    assert sorted(stored(page)["questions"].values()) == [False, True, True]
    for tab in (page, other):
        tab.wait_for_function(
            "document.querySelector('.quiz-score').textContent"
            " === '2 of 3 right, 1 missed'",
            polling=20,
            timeout=5000,
        )
    other.close()


def test_back_from_another_page_the_answers_are_there(visit, address):
    page = visit(f"{address}{LESSON}.html")
    answer(page, 0, 0)
    page.goto(f"{address}book/index.html")
    assert card(page).inner_text() == "1 of 3 right, 2 not answered yet"
    page.go_back()
    score = page.locator(SCORE)
    assert score.text_content() == "1 of 3 right, 2 not answered yet"
    # a page that was kept whole learns what happened meanwhile
    page.evaluate(
        """key => {
          localStorage.removeItem(key);
          dispatchEvent(new PageTransitionEvent("pageshow",
            { persisted: true }));
        }""",
        KEY,
    )
    assert score.text_content() == "3 questions, none answered yet"


def test_a_broken_record_is_put_aside(visit, address):
    texts = [
        "{",
        "null",
        '{"version": 2, "questions": {}, "lessons": {}}',
        '{"version": 1, "questions": [], "lessons": {}}',
        '{"version": 1, "questions": {"0123456789ab": 1}, "lessons": {}}',
    ]
    page = visit(f"{address}{LESSON}.html")
    for i, text in enumerate(texts):
        store(page, text)
        aside = "".join(f"{t}\n" for t in texts[: i + 1])
        assert stored(page, ASIDE) == aside
    assert "put aside" in page.locator(".read").inner_text()
    answer(page, 0, 0)
    assert page.locator(SCORE).text_content().startswith("1 of 3")

    page.goto(f"{address}book/progress.html")
    note = page.locator(".progress-note")
    assert "put aside" in note.inner_text()
    with page.expect_download() as saved:
        note.get_by_role("button", name="Save it").click()
    assert Path(saved.value.path()).read_text("utf-8") == aside
    note.get_by_role("button", name="Delete it").click()
    assert not note.is_visible()
    assert list(stored(page)["questions"].values()) == [True]
    assert page.problems == []


def test_the_record_goes_to_a_file_and_comes_back(visit, address, tmp_path):
    page = visit(f"{address}{LESSON}.html")
    answer(page, 0, 0)
    answer(page, 1, 1)
    page.goto(f"{address}book/progress.html")
    page.get_by_label("01 The perceptron, read").check()
    before = stored(page)
    rows = page.locator("#lessons tbody tr")
    assert rows.nth(0).inner_text().split()[-3:] == ["1", "1", "1"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save to a file").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)

    page.once("dialog", lambda d: d.dismiss())
    page.get_by_role("button", name="Forget everything").click()
    assert stored(page) == before
    page.evaluate("key => localStorage.setItem(key, 'broken')", ASIDE)
    page.once("dialog", lambda d: d.accept())
    page.get_by_role("button", name="Forget everything").click()
    kept = set(page.evaluate("Object.keys(localStorage)"))
    assert kept == {"mode", "theme"}, "what the theme keeps is its own"
    assert page.locator(".question:visible").count() == 0
    assert rows.nth(0).inner_text().split()[-3:] == ["0", "0", "3"]

    page.get_by_label("00 Your machine, read").check()
    said = page.locator(".progress-tools [role=status]")
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"version": 1}', "utf-8")
    page.set_input_files("[name=add]", wrong)
    said.filter(has_text="wrong.json is not a record of this book").wait_for()
    assert stored(page)["questions"] == {}
    page.set_input_files("[name=add]", file)
    said.filter(has_text=f"{file.name} was added").wait_for()
    assert stored(page)["questions"] == before["questions"]
    assert stored(page)["lessons"] == before["lessons"] | {
        Path(LESSON).name: True
    }
    assert rows.nth(0).inner_text().split()[-3:] == ["1", "1", "1"]
    assert page.context.cookies() == []
    assert page.problems == []


def test_a_missed_question_comes_back_until_it_is_right(
    visit, address, faults
):
    page = visit(f"{address}{LESSON}.html")
    answer(page, 1, 1)
    page.goto(f"{address}book/progress.html")
    question = page.locator(".question:visible")
    assert question.count() == 1
    assert page.locator(".progress-left").inner_text() == "1 to try again."
    assert faults(page) == []
    heights = question.locator("summary").evaluate_all(
        "all => all.map(one => one.clientHeight)"
    )
    assert min(heights) >= 44
    link = question.get_by_role("link").first
    place = link.get_attribute("href")
    assert place == f"{Path(LESSON).name}.html#question-2"

    question.locator(".right > summary").focus()
    page.keyboard.press("Enter")
    assert question.count() == 1, "its explanation is being read"
    assert page.locator(".progress-left").inner_text() == "Nothing is missed."
    page.reload()
    assert question.count() == 0


def test_a_changed_question_loses_its_own_record_alone(visit, address, site):
    page = visit(f"{address}{LESSON}.html")
    answer(page, 0, 0)
    answer(page, 1, 1)
    first, second = stored(page)["questions"]
    text = (site / f"{LESSON}.html").read_text("utf-8")
    changed = text.replace(second, "0123456789ab")
    page.route(page.url, lambda route: route.fulfill(body=changed))
    page.reload()
    score = page.locator(SCORE)
    assert score.text_content() == "1 of 3 right, 2 not answered yet"
    answer(page, 1, 0)
    assert score.text_content() == "2 of 3 right, 1 not answered yet"
    known = {first: True, second: False, "0123456789ab": True}
    assert stored(page)["questions"] == known
    page.unroute(page.url)


def test_where_storage_is_forbidden_all_else_works(browser, address, tmp_path):
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    file = tmp_path / "Default/Preferences"
    file.parent.mkdir()
    file.write_text(json.dumps(settings), "utf-8")
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=weigh.chromium(), args=weigh.FLAGS.split()
    )
    page, problems = context.pages[0], []
    page.on("pageerror", lambda e: problems.append(f"error: {e}"))
    page.on(
        "console",
        lambda m: m.type == "error" and problems.append(m.text),
    )
    page.goto(f"{address}{LESSON}.html")
    answer(page, 0, 1)
    score = page.locator(SCORE)
    assert score.text_content() == "0 of 3 right, 1 missed, 2 not answered yet"
    assert "keeps nothing" in page.locator(".read").inner_text()
    theme = "document.documentElement.dataset.mode"
    mode = page.evaluate(theme)
    page.locator(".theme-switch-button:visible").first.click()
    assert page.evaluate(theme) != mode
    page.reload()
    assert score.text_content() == "3 questions, none answered yet"
    page.goto(f"{address}book/progress.html")
    assert "keeps nothing" in page.locator(".progress-note").inner_text()
    page.goto(f"{address}search.html?q=perceptron")
    page.wait_for_selector("#search-results li a")
    context.close()
    assert problems == []


def test_where_storage_is_full_the_visit_is_counted(visit, address):
    page = visit(f"{address}{LESSON}.html")
    page.evaluate(
        """ours => {
          const { setItem } = Storage.prototype;
          Storage.prototype.setItem = function (key, text) {
            if (key === ours) throw new DOMException("", "QuotaExceededError");
            setItem.call(this, key, text);
          };
        }""",
        KEY,
    )
    answer(page, 0, 0)
    answer(page, 1, 1)
    score = page.locator(SCORE)
    assert score.text_content() == "1 of 3 right, 1 missed, 1 not answered yet"
    assert "storage is full" in page.locator(".read").inner_text()
    assert page.problems == []


def test_from_a_folder_the_record_is_kept_too(visit, site):
    page = visit((site / f"{LESSON}.html").as_uri())
    answer(page, 0, 0)
    page.goto((site / "book/progress.html").as_uri())
    row = page.locator("#lessons tbody tr").first
    assert row.inner_text().split()[-3:] == ["1", "0", "2"]
    assert page.problems == []


# --- The whole book in one file ----------------------------------------------


def test_the_book_fits_into_an_epub(site, browser):
    """What is not drawn, and a link that leads nowhere, would be errors."""
    book = whole.this_book()
    made = forms.epub(browser, site, book)
    archive = zipfile.ZipFile(io.BytesIO(made))
    text = {
        name: archive.read(name).decode()
        for name in archive.namelist()
        if name.endswith(".xhtml")
    }
    for name in book.names:
        assert f"book/p-{name}.xhtml" in text
    for name, page in text.items():
        assert "<script" not in page, name
        assert "<details" not in page, name
        for image in re.findall(r"<img\b[^>]*>", page):
            assert re.search(r'alt="[^"]', image), f"{name}: {image}"
    lessons = [t for n, t in text.items() if re.search(r"/p-\d\d-", n)]
    for lesson in lessons:
        asked = set(re.findall(r'id="[^"]*--(question-\d+)"', lesson))
        assert asked == set(
            re.findall(r'class="answer"><a href="[^"]*--([\w-]+)"', lesson)
        )
        assert "Solution</a>" in lesson
