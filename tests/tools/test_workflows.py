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


def test_there_are_three():
    assert [p.stem for p in WORKFLOWS] == ["site", "test", "weekly"]


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
            path.stem == "site" and name == "deploy"
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
        plain = command.replace(".venv/Scripts/", ".venv/bin/")
        plain = plain.removesuffix(" $TESTS $LESSONS")
        plain = re.sub(r"^python -m venv", "python3 -m venv", plain)
        assert plain in said, command
    assert path.stem != "test" or {"make test", "make book"} <= set(made)


def test_the_light_files_are_there():
    light = read(ROOT / ".github/workflows/test.yml")["jobs"]["light"]
    files = " ".join(light["env"][k] for k in ("TESTS", "LESSONS")).split()
    assert len(files) > 8
    for name in files:
        assert (ROOT / name).is_file(), name


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


def test_a_hub_finds_the_pins_and_the_package():
    """repo2docker takes requirements.txt, and then installs pyproject.toml.

    It would look at none of them if one of the others were there.
    """
    for name in ("requirements.txt", "pyproject.toml"):
        assert (ROOT / name).is_file()
    for name in (
        "binder",
        ".binder",
        "environment.yml",
        "Pipfile",
        "Project.toml",
        "Dockerfile",
        "default.nix",
        "apt.txt",
        "postBuild",
    ):
        assert not (ROOT / name).exists(), name
