"""What a question is known by in the reader's record."""

import pytest

from tools import lessons
from web import progress

QUESTION = """**1. What is it?**

<details class="choice"><summary>a) this</summary>

✗ Not so: why.

</details>
<details class="choice"><summary>b) that</summary>

✓ Right: why.

</details>
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("**1. ", "**3. ", True),
        ("✗ Not so: why.", "✗ Not so: because.", True),
        ("What is it", "What was it", False),
        ("a) this", "a) these", False),
        ("b) that", "b) those", False),
        ("✓ Right", "✗ Not so", False),
    ],
)
def test_a_question_is_another_if_it_asks_something_else(old, new, same):
    changed = QUESTION.replace(old, new)
    assert changed != QUESTION
    assert (progress.key(changed) == progress.key(QUESTION)) == same


def test_each_question_of_the_book_is_found_and_has_a_key_of_its_own():
    keys = []
    for path in lessons.find():
        asked = progress.questions(path)
        text = "".join(cell.source for cell in lessons.read(path).cells)
        right = text.count("\n✓ Right: ")
        assert [q.number for q in asked] == [*range(1, right + 1)]
        keys += [q.key for q in asked]
    assert len(keys) == len(set(keys))


def test_a_question_ends_with_its_last_choice():
    for path in lessons.find():
        for question in progress.questions(path):
            assert question.source.endswith("</details>")
            assert "\n#" not in question.source
