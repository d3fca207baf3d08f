"""What a public host runs is what the README and the Makefile say."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
README = (ROOT / "README.md").read_text("utf-8")
TARGETS = set(
    re.findall(
        r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
)


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path):
    for job in read(path)["jobs"].values():
        for step in job["steps"]:
            yield job, step


def commands(path):
    """Every command, once for each row of its matrix."""
    for job, step in steps(path):
        rows = job.get("strategy", {}).get("matrix", {"include": [{}]})
        include = rows.get("include") or [
            {k: v} for k, values in rows.items() for v in values
        ]
        for row in include if "run" in step else []:
            yield re.sub(
                r"\$\{\{ matrix\.(\w+) \}\}",
                lambda match, row=row: row[match[1]],
                step["run"],
            )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_actions_are_pinned_by_commit_and_say_their_version(path):
    lines = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line
        ), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_rights_and_times_are_limited(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 120, name
        assert "write" not in job.get("permissions", {}).values() or (
            path.stem == "test" and name == "publish"
        )
    for _, step in steps(path):
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"] == {"persist-credentials": False}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_commands_are_those_of_the_readme(path):
    """Make's tasks, or the README's own lines with Windows' path as well."""
    said = re.sub(r" +#.*", "", README).splitlines()
    made = list(commands(path))
    assert made
    for command in made:
        if command.startswith("make "):
            assert command.split()[1] in TARGETS, command
            continue
        plain = command.replace("/Scripts/", "/bin/")
        plain = re.sub(r"( (tests|book)/\S+)+$", "", plain)  # a part of it
        plain = re.sub(r"^python -m", "python3 -m", plain)
        assert plain in said, command
    needed = {"make test", "make book", "make epub pdf"}
    assert path.stem != "test" or needed <= set(made)


def test_what_the_workflows_run_is_there():
    parts = [
        part
        for path in WORKFLOWS
        for command in commands(path)
        for part in re.findall(r" ((?:tests|book)/\S+)", command)
    ]
    assert parts
    for part in parts:
        assert list(ROOT.glob(part)), part


def test_nothing_is_published_before_the_tests_passed():
    jobs = read(ROOT / ".github/workflows/test.yml")["jobs"]
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish"}
    for job, step in steps(ROOT / ".github/workflows/test.yml"):
        if "pages" in step.get("uses", ""):
            assert "refs/heads/main" in step.get("if", job.get("if"))


def test_each_link_that_is_not_checked_is_in_the_book():
    config = read(ROOT / "_config.yml")["sphinx"]["config"]
    text = "".join(
        path.read_text("utf-8")
        for pattern in ("*.md", "*.ipynb", "*.bib")
        for path in (ROOT / "book").glob(pattern)
    )
    links = set(re.findall(r"https?://[^\s)\"}>]+", text))
    for pattern in config["linkcheck_ignore"]:
        assert any(re.match(pattern, link) for link in links), pattern


def test_python_is_the_same_everywhere():
    """In pyproject.toml, where repo2docker looks, and in the workflows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    oldest = project["project"]["requires-python"].removeprefix(">=")
    runtime = (ROOT / "runtime.txt").read_text("utf-8")
    assert runtime == f"python-{oldest}\n"
    for path in WORKFLOWS:
        for _, step in steps(path):
            if "python-version" in step.get("with", {}):
                version = step["with"]["python-version"]
                assert version in (oldest, "${{ matrix.python }}")
    assert f"Python {oldest} or newer" in README
