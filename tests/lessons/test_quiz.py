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
