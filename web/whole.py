"""The pages of the built site as one document, for paper and e-readers.

Nothing there can be clicked open, driven or run. So figures that live stand
still with their words below, what is folded opens or goes where it belongs:
the answers to the end of their chapter, the solutions behind all lessons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup, Tag

from tools import verified

ROOT = Path(__file__).parents[1]
LESSON = re.compile(r"\d\d-")
SCRIPTED = {"progress"}  # pages that are nothing without their script
# What is drawn at 120 dots per inch is shown at 144, and a browser's inch has
# 96 pixels.
SCALE = 96 / 144
GONE = """script, style, .headerlink, .toctree-wrapper, details.check,
.lesson > img, .forms, .site-only, .read"""


@dataclass(frozen=True)
class Book:
    """The book: what its title page says, and its chapters, by part."""

    title: str
    author: str
    parts: list[tuple[str, list[str]]]
    stamp: str = ""
    date: str = ""

    @property
    def names(self) -> list[str]:
        """The names of the chapters."""
        return [name for _, names in self.parts for name in names]


def this_book(root: Path = ROOT) -> Book:
    """The book as its configuration, contents and records describe it."""
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    parts = [("", [Path(toc["root"]).name])]
    for part in toc["parts"]:
        names = [Path(c["file"]).name for c in part["chapters"]]
        kept = [name for name in names if name not in SCRIPTED]
        parts.append((part["caption"], kept))
    records = verified.load(root / "book" / "verified.json")
    runs = [r["executed"] for r in records.values() if "executed" in r]
    return Book(
        config["title"],
        config["author"],
        parts,
        in_words(runs),
        max((run["date"] for run in runs), default=""),
    )


def in_words(runs: Iterable[dict[str, Any]]) -> str:
    """When the lessons were run, and with which versions, in a sentence."""
    if not (found := list(runs)):
        return ""

    def all_of(key: str) -> str:
        return " and ".join(sorted({run[key] for run in found}))

    dates = sorted({run["date"] for run in found})
    when = f"on {dates[0]}"
    if len(dates) > 1:
        when = f"from {dates[0]} to {dates[-1]}"
    return (
        f"Verified {when} with Python {all_of('python')}, "
        f"torch {all_of('torch')} and NumPy {all_of('numpy')}."
    )


def whole(site: Path, book: Book) -> BeautifulSoup:
    """Put the pages of the site together.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    book : Book
        Which pages, in which order.

    Returns
    -------
    BeautifulSoup
        A document to be shown from the folder of the pages: its title page,
        its contents, and a section for each chapter.

    Raises
    ------
    FileNotFoundError
        If the site lacks a page.
    LookupError
        If a link within the book leads nowhere.
    """
    pages = {
        name: BeautifulSoup(
            (site / "book" / f"{name}.html").read_text("utf-8"), "html.parser"
        )
        for name in book.names
    }
    soup = BeautifulSoup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"/>'
        '<title></title></head><body><section id="title" class="title">'
        "</section></body></html>",
        "html.parser",
    )
    soup.title.string = book.title
    for script in mathjax(pages.values()):
        soup.head.append(script)
    fill_title_page(soup, book)
    chapters = {n: chapter(n, page) for n, page in pages.items()}
    parts = [(part, [chapters[n] for n in ns]) for part, ns in book.parts]
    drop_repeated_code(chapters.values())
    solved = solutions(chapters.values())
    if solved:
        last = max(
            i
            for i, (_, names) in enumerate(book.parts)
            if any(map(LESSON.match, names))
        )
        parts.insert(last + 1, ("", [solved]))
    soup.body.append(contents(parts))
    for _, part in parts:
        for section in part:
            soup.body.append(section)
    join_links(soup, set(chapters))
    return soup


def mathjax(pages: Iterable[BeautifulSoup]) -> list[Tag]:
    """The scripts that draw the formulas, of the first page that has any."""
    for page in pages:
        scripts = [s for s in page.select("head script") if is_mathjax(s)]
        if scripts:
            return scripts
    return []


def is_mathjax(script: Tag) -> bool:
    """Tell whether a script is MathJax or configures it."""
    return "mathjax" in (script.get("src", "") + (script.string or "")).lower()


def fill_title_page(soup: BeautifulSoup, book: Book) -> None:
    """Write the title, who wrote the book, and when it was verified."""
    for name, words in (
        ("h1", book.title),
        ("p", book.author),
        ("p", book.stamp),
    ):
        if words:
            soup.body.section.append(new(name, words))


def new(name: str, words: str = "", **attributes: str) -> Tag:
    """An element with words in it."""
    tag = BeautifulSoup("", "html.parser").new_tag(name, attrs=attributes)
    if words:
        tag.string = words
    return tag


# --- A chapter ---------------------------------------------------------------


def chapter(name: str, page: BeautifulSoup) -> Tag:
    """The chapter that a page becomes: a section with ids of its own."""
    section = page.select_one("article.bd-article > section").extract()
    for tag in section.select(GONE):
        tag.decompose()
    hold_still(section)
    open_evidence(section)
    for image in section.find_all("img"):
        shrink(image)
    section["class"] = "chapter"
    if name == "index":
        section.h1.string = "About this book"
    ask(section)
    section.h1["id"] = section["id"]
    for tag in section.find_all(id=True):
        tag["id"] = f"p-{name}--{tag['id']}"
    for link in section.select("a[href^='#']"):
        link["href"] = f"#p-{name}--{link['href'][1:]}"
    section["id"] = f"p-{name}"
    return section


def hold_still(section: Tag) -> None:
    """Make of each live figure its still picture, with its words below."""
    for figure in section.select("figure.live"):
        image = figure.find("img").extract()
        words = image["alt"]
        image["alt"] = "A live figure, standing still; described below."
        figure.clear()
        del figure["data-figure"]
        figure["class"] = "still"
        figure.append(image)
        figure.append(
            new("figcaption", f"{words} On the site this figure is live.")
        )


def open_evidence(section: Tag) -> None:
    """Leave of a claim that opens the line that says what holds."""
    for details in section.select("details.evidence"):
        line = new("p")
        for child in list(details.summary.children):
            line.append(child)
        line["class"] = "claim-line"
        details.replace_with(line)


def shrink(image: Tag) -> None:
    """Show a picture at its size on paper, not at that on a screen."""
    for name in ("loading", "decoding"):
        del image[name]
    for name in ("width", "height"):
        if image.get(name, "").isdecimal():
            image[name] = str(round(int(image[name]) * SCALE))


def ask(section: Tag) -> None:
    """Part the questions from their answers, which end the chapter."""
    answers = new("section", id="answers")
    answers.append(new("h2", "Answers"))
    questions = section.select("div.question")
    for number, question in enumerate(questions, 1):
        choices, answer = new("ul"), new("ul")
        choices["class"] = answer["class"] = "choices"
        right = "?"
        for details in question.select("details.choice"):
            words = details.summary.extract()
            words.name = "li"
            letter = words.get_text(strip=True)[:2]
            if details.get_text(strip=True).startswith("✓"):
                right = letter
            choices.append(words)
            item = new("li")
            item.append(f"{letter} ")
            for child in list(details.children):
                if child.name == "p":
                    child.name = "span"
                item.append(child)
            answer.append(item)
            details.extract()
        question.append(choices)
        heading = new("p")
        heading["class"] = "answer"
        back = new("a", f"Question {number}", href=f"#{question['id']}")
        heading.append(back)
        heading.append(f": {right}")
        answers.append(heading)
        answers.append(answer)
    if not questions:
        return
    say_where_the_answers_are(questions[0].find_parent("section"))
    stamp = section.select_one(":scope > p.verified")
    if stamp:
        stamp.insert_before(answers)
    else:
        section.append(answers)


def say_where_the_answers_are(section: Tag) -> None:
    """Replace the sentence that tells a reader to open a choice."""
    link = new("a", "The answers", href="#answers")
    for text in section.find_all(string=re.compile("Open a choice")):
        before, after = re.split(
            r"Open a choice[^.]*\.", str(text), maxsplit=1
        )
        text.replace_with(before, link, " end this chapter.", after)
        return
    line = new("p")
    line.extend([link, " end this chapter."])
    section.append(line)


# --- What is folded ----------------------------------------------------------


def drop_repeated_code(chapters: Iterable[Tag]) -> None:
    """Keep one of each folded code: the lessons begin with the same cell.

    What is left of the folded code stands open.
    """
    seen = set()
    for section in chapters:
        for cell in section.select(".cell"):
            for code in cell.select(".cell_input"):
                if not code.get_text(strip=True):
                    code.decompose()  # nothing but claims stood there
        for details in section.select(".tag_hide-input details.hide"):
            code = details.select_one(".cell_input").extract()
            if code.get_text() in seen:
                details.decompose()
            else:
                details.replace_with(code)
            seen.add(code.get_text())


def solutions(chapters: Iterable[Tag]) -> Tag | None:
    """A chapter of the exercises' solutions, taken out of the lessons.

    What else is folded stands open where it was.
    """
    found = new("section", id="p-solutions")
    found["class"] = "chapter"
    found.append(new("h1", "Solutions"))
    for section in chapters:
        of_lesson = new("section", id=f"{section['id']}--solutions")
        exercises = f"#{section['id']}--exercises > section"
        for exercise in section.select(exercises):
            solved = take_solution(exercise)
            if solved:
                of_lesson.append(solved)
        if of_lesson.contents:
            of_lesson.insert(0, new("h2", section.h1.get_text()))
            found.append(of_lesson)
        for details in section.find_all("details"):
            unfold(details)
    return found if len(found.contents) > 1 else None


def take_solution(exercise: Tag) -> Tag | None:
    """Take what is folded out of an exercise, and put a link there."""
    solved = new("section", id=f"{exercise['id']}--solution")
    there = new("p")
    there.append(new("a", "Solution", href=f"#{solved['id']}"))
    for details in exercise.find_all("details"):
        folded = details.find_parent(class_="tag_hide-cell") or details
        if not solved.contents:
            folded.insert_before(there)
        solved.append(folded.extract())
        unfold(details)
    if not solved.contents:
        return None
    for title in solved.find_all("span", string=re.compile("^# @title")):
        title.next_sibling.replace_with(title.next_sibling.removeprefix("\n"))
        title.decompose()  # it names a folded cell on Colab
    heading = copy(exercise.find("h3"))
    link = new("a", href=f"#{exercise['id']}")
    for child in list(heading.children):
        link.append(child)
    heading.append(link)
    solved.insert(0, heading)
    return solved


def unfold(details: Tag) -> None:
    """Open what is folded; its words to click on become a bold line."""
    words = details.summary.extract()
    if "hide" not in details.get("class", []):
        line = new("p")
        line.append(new("strong", words.get_text(strip=True)))
        details.insert_before(line)
    details.unwrap()


# --- Contents and links ------------------------------------------------------


def contents(parts: list[tuple[str, list[Tag]]]) -> Tag:
    """The table of contents: parts, chapters and their sections."""
    nav = new("nav", id="contents")
    nav.append(new("h1", "Contents"))
    top = new("ol")
    for caption, chapters in parts:
        inside = top
        if caption:
            item = new("li")
            item.append(new("span", caption))
            inside = new("ol")
            item.append(inside)
            top.append(item)
        for section in chapters:
            inside.append(entry(section, "h1"))
    nav.append(top)
    return nav


def entry(section: Tag, heading: str) -> Tag:
    """A line of the contents; below a lesson's those of its sections."""
    item = new("li")
    words = section.find(heading).get_text(" ", strip=True)
    item.append(new("a", " ".join(words.split()), href=f"#{section['id']}"))
    if heading == "h1":
        below = new("ol")
        if LESSON.match(section["id"].removeprefix("p-")):
            for part in section.find_all("section", recursive=False):
                below.append(entry(part, "h2"))
        if below.contents:
            item.append(below)
    return item


def join_links(soup: BeautifulSoup, names: set[str]) -> None:
    """Turn links between pages into links within the document.

    Those to what only the site has, such as its data, become plain words.
    """
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    for link in soup.find_all("a", href=True):
        page, _, part = link["href"].partition("#")
        name = page.removesuffix(".html")
        if name in names:
            link["href"] = f"#p-{name}--{part}" if part else f"#p-{name}"
        elif page:
            if not re.match(r"[a-z]+:", page):
                link.unwrap()
            continue
        if link["href"][1:] not in ids:
            raise LookupError(
                f"the link {link['href']} ({link.get_text(strip=True)}) "
                "leads nowhere in the whole book"
            )
