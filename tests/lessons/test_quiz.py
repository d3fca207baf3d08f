"""The questions at the end of each lesson: their form, and how they work."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "book").glob("*.ipynb"))
CHOICE = re.compile(
    r'<details class="choice"><summary>([a-d])\) (.+)</summary>\n\n'
    r"(✓ Right: |✗ Not so: )(.+)\n\n</details>\n?"
)


@pytest.fixture(params=LESSONS, ids=lambda p: p.stem)
def questions(request):
    """For each question its choices: letter, words, mark, explanation."""
    cells = nbformat.read(request.param, as_version=4).cells
    texts = [c.source for c in cells if c.cell_type == "markdown"]
    (start,) = (i for i, t in enumerate(texts) if "## Test yourself\n" in t)
    end = next(i for i, t in enumerate(texts) if "## Exercises" in t)
    found = []
    for number, text in enumerate(texts[start + 1 : end], start=1):
        head, rest = text.split("\n\n", maxsplit=1)
        assert re.fullmatch(rf"\*\*{number}\. .+\?\*\*", head), head
        assert CHOICE.sub("", rest) == "", f"of another form: {head}"
        found.append(CHOICE.findall(rest))
    return found


def right_ones(questions):
    return [
        [mark.startswith("✓") for _, _, mark, _ in choices].index(True)
        for choices in questions
    ]


def test_three_to_five_questions(questions):
    assert 3 <= len(questions) <= 5


def test_one_choice_of_three_or_four_is_right(questions):
    for choices in questions:
        letters, _, marks, _ = zip(*choices, strict=True)
        assert "".join(letters) in ("abc", "abcd")
        assert marks.count("✓ Right: ") == 1, choices


def test_every_choice_is_explained(questions):
    for choices in questions:
        for _, words, _, why in choices:
            assert len(why.split()) >= 4, f"{words}: {why}"


def test_the_words_of_a_choice_need_no_markdown(questions):
    # Inside <summary> neither Markdown nor a formula is drawn.
    for choices in questions:
        for _, words, _, _ in choices:
            bare = re.sub(r"</?code>", "", words)
            assert not re.search(r"[$*`<\\]|\]\(", bare), words


def test_neither_place_nor_length_gives_the_answer_away(questions):
    places = right_ones(questions)
    assert len(set(places)) > 1
    longest = [
        max(range(len(choices)), key=lambda i, c=choices: len(c[i][1]))
        for choices in questions
    ]
    assert sum(map(int.__eq__, places, longest)) < len(questions)


LESSON = "book/00-your-machine"
CHOICES = "details.choice"


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
    assert score.text_content() == "4 questions, none answered yet"
    summaries = page.locator(f"{CHOICES} > summary")
    first, second, third, fourth = groups(page)

    summaries.nth(first[0]).focus()  # right, by keyboard
    page.keyboard.press("Enter")
    assert score.text_content().startswith("1 of 4 right at the first try")
    summaries.nth(second[1]).focus()  # wrong, by the other key
    page.keyboard.press("Space")
    summaries.nth(second[0]).click()  # right now, but too late
    assert score.text_content().startswith("1 of 4 right at the first try")
    summaries.nth(third[0]).click()
    summaries.nth(third[0]).click()  # closing it changes nothing
    summaries.nth(fourth[1]).click()
    assert score.text_content() == "2 of 4 right at the first try"

    opened = page.locator(f"{CHOICES}[open]")
    assert opened.count() == 4
    assert "✓ Right" in opened.nth(0).inner_text()
    page.reload()
    assert opened.count() == 0
    assert score.text_content() == "4 questions, none answered yet"


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_open_choices_are_sound(visit, address, sound, width, theme):
    page = visit(f"{address}{LESSON}.html", width, theme)
    for summary in page.locator(f"{CHOICES} > summary").all():
        summary.click()
        assert summary.bounding_box()["height"] >= 44
    assert page.locator(f"{CHOICES}[open].right").count() == 4
    sound(page)


def test_the_questions_need_no_script(visit, address):
    page = visit(f"{address}{LESSON}.html", java_script_enabled=False)
    right = page.locator(CHOICES).filter(has_text="✓ Right").first
    why = right.locator("p")
    assert not why.is_visible()
    right.locator("summary").click()
    assert why.is_visible()
