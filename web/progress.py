"""What the reader's record needs to know: the questions of each lesson.

web/static/progress.js keeps the record, in the reader's browser alone.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from tools import lessons

HEAD = re.compile(r"\*\*(\d+)\. (.+)\*\*\n")
CHOICE = re.compile(r"<summary>\w\) (.+)</summary>\s+([✓✗])")
# The theme keeps its mode in the browser's storage. Where a browser forbids
# that, the theme would stop with an error: this stands in, for one page.
STORAGE = """<script>
try { localStorage.length; } catch {
  const kept = new Map();
  const storage = {
    forbidden: true,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, String(text)),
    removeItem: (key) => kept.delete(key),
  };
  for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { value: storage });
}
</script>
"""


@dataclass(frozen=True)
class Question:
    """A question: its number, its key in the record, and its Markdown."""

    number: int
    key: str
    source: str


@functools.cache
def questions(lesson: Path) -> list[Question]:
    """The questions of a lesson, in order."""
    found = []
    for cell in lessons.read(lesson).cells:
        head = HEAD.match(cell.source)
        text = "".join(cell.source.rpartition("</details>")[:2])
        if cell.cell_type == "markdown" and head and text:
            found.append(Question(int(head[1]), key(text), text))
    return found


def key(source: str) -> str:
    """What a question is known by: another one if it asks something else.

    Its text counts, its choices, and which is right; its number does not,
    nor do the explanations.
    """
    head = HEAD.match(source)
    words = [head[2] if head else "", *map(" ".join, CHOICE.findall(source))]
    text = "\n".join(" ".join(part.split()) for part in words)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def wrap_questions(soup: BeautifulSoup, asked: list[Question]) -> None:
    """Put each question of a lesson's page in a box with its key."""

    def is_choice(tag: Tag | None) -> bool:
        return tag is not None and "choice" in tag.get("class", [])

    firsts = [
        choice
        for choice in soup.select("details.choice")
        if not is_choice(choice.find_previous_sibling())
    ]
    for first, question in zip(firsts, asked, strict=True):
        head = first.find_previous_sibling()
        box = soup.new_tag(
            "div",
            attrs={
                "class": "question",
                "id": f"question-{question.number}",
                "data-question": question.key,
            },
        )
        others = takewhile(is_choice, first.find_next_siblings())
        parts = [head, first, *others]
        head.insert_before(box)
        box.extend(parts)


def table(titles: Mapping[str, str]) -> str:
    """The lessons as a table that the script fills in."""
    rows = "".join(
        f"| [{title}]({stem}.ipynb) | | | | |\n"
        for stem, title in titles.items()
    )
    return (
        "| lesson | read | right | missed | open |\n"
        f"|---|---|--:|--:|--:|\n{rows}"
    )


def hidden(titles: Mapping[str, str], folder: Path) -> str:
    """Every question of the book: the script shows those to try again."""
    boxes = []
    for stem, title in titles.items():
        for question in questions(folder / f"{stem}.ipynb"):
            place = f"{stem}.html#question-{question.number}"
            text = HEAD.sub(r"**\2**\n", question.source)
            boxes.append(
                f'<div class="question" data-question="{question.key}" '
                f'data-lesson="{stem}" hidden>\n\n'
                f'<p class="place"><a href="{place}">{title}, question '
                f"{question.number}</a></p>\n\n{text}\n\n</div>\n"
            )
    return "\n".join(boxes)
