"""The repository's address: one place, equal copies, stamped and back."""

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
from tools import repo

ELSEWHERE = "https://github.com/some-one/a-book.2"


@pytest.fixture
def copy(tmp_path):
    for pattern in repo.FILES:
        for path in ROOT.glob(pattern):
            if path.is_file():
                target = tmp_path / path.relative_to(ROOT)
                target.parent.mkdir(exist_ok=True)
                shutil.copy(path, target)
    return tmp_path


def contents(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_there_and_back_gives_the_same_bytes(copy):
    before, old = contents(copy), repo.address(copy)
    changed = repo.stamp(ELSEWHERE, copy)
    after = contents(copy)
    assert sorted(changed) == sorted(
        p for p in before if before[p] != after[p]
    )
    lessons = list((copy / "book").glob("*.ipynb"))
    assert lessons
    assert {
        *lessons,
        *(copy / n for n in ("_config.yml", "CITATION.cff", "README.md")),
        copy / "book/index.md",
    } <= set(changed)
    owner, name = old.split("/")[-2:]
    for path, text in after.items():
        assert f"{owner}/{name}".encode() not in text, path
        assert f"{owner}.github.io".encode() not in text, path
    for path in lessons:
        assert path.read_text("utf-8").count("/some-one/a-book.2") == 2, path
    repo.stamp(old, copy)
    assert contents(copy) == before


def test_the_examples_in_the_docs_can_be_typed_as_they_stand(copy):
    """They stay as they are, so that they bring the old address back."""
    examples = {
        example
        for name in ("README.md", "CONTRIBUTING.md")
        for example in re.findall(
            r"^make repo URL=(\S+)", (ROOT / name).read_text("utf-8"), re.M
        )
    }
    assert examples
    before, old = contents(copy), repo.address(copy)
    for example in examples:
        assert repo.stamp(example, copy)
        assert repo.address(copy) == example
        assert f"URL={example}" in (copy / "README.md").read_text("utf-8")
        repo.stamp(old, copy)
        assert contents(copy) == before


def test_no_other_file_names_the_address():
    listed = {p for pattern in repo.FILES for p in ROOT.glob(pattern)}
    others = [p for p in ROOT.iterdir() if p.is_file()]
    for folder in (".ci", ".github", "book", "lessons_lib", "tools", "web"):
        others += [p for p in (ROOT / folder).rglob("*") if p.is_file()]
    assert len(others) > len(listed)
    for path in set(others) - listed:
        text = path.read_bytes().decode("utf-8", "ignore")
        for form in repo.forms(repo.address()):
            assert not repo.named(form).search(text), path


def test_every_copy_is_that_of_the_configuration():
    owner, name = repo.address().split("/")[-2:]
    for path in [*ROOT.glob("*.md"), *(ROOT / "book").glob("*.md")]:
        text = path.read_text("utf-8")
        for found in re.findall(r"urlpath=lab/tree/([\w.-]+)", text):
            assert found == name, path
    for path in ("_config.yml", "CITATION.cff", "README.md", "book/index.md"):
        text = (ROOT / path).read_text("utf-8")
        assert f"https://github.com/{owner}/{name}" in text, path
    # and in each lesson: test_notebooks.py


@pytest.mark.parametrize(
    "bad",
    [
        "github.com/a/b",
        "https://gitlab.com/a/b",
        "https://github.com/a",
        "https://github.com/a/b/tree/main",
        "https://github.com/a/b c",
    ],
)
def test_what_is_no_address_changes_nothing(copy, bad):
    before = contents(copy)
    with pytest.raises(ValueError, match="not of the form"):
        repo.stamp(bad, copy)
    assert contents(copy) == before


def test_an_address_that_a_lesson_links_to_is_refused(copy):
    before = contents(copy)
    with pytest.raises(ValueError, match="already"):
        repo.stamp("https://github.com/pytorch/pytorch", copy)
    assert contents(copy) == before


def test_the_same_address_again_changes_nothing(copy):
    assert repo.stamp(repo.address(copy) + ".git", copy) == []


def test_the_command(capsys):
    assert repo.main([]) == 2
    assert "tools.repo https://" in capsys.readouterr().err
    assert repo.main(["nowhere"]) == 1
    assert "not of the form" in capsys.readouterr().err
