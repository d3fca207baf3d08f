"""lessons_lib as others get it: built, installed and used as a wheel."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "project"
]
# What is imported under another name than it is installed under.
NAMES = {"sklearn": "scikit-learn", "PIL": "pillow"}
USE = """
import lessons_lib
print(lessons_lib.__file__)
from lessons_lib import data, live, plots, train
from lessons_lib.claims import claim
from lessons_lib.exercises import check
digits = data.load_mnist("digits")
claim("the stand-in is there", len(digits.y_test) == 300)
check("10.1", 0)
figure = live.frames(lambda i, f: f.subplots(), ["one", "two"], alt="Empty")
claim("a figure brings its script along", "<script" in figure.html)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built without a network, from a copy: nothing is left in the tree."""
    source, target = (tmp_path_factory.mktemp(n) for n in ("source", "wheel"))
    shutil.copytree(
        ROOT / "lessons_lib",
        source / "lessons_lib",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip("wheel", "--no-build-isolation", "--wheel-dir", target, source)
    (path,) = target.glob("*.whl")
    return path


def pip(*command):
    run = subprocess.run(
        [sys.executable, "-m", "pip", command[0], "--no-deps", "--no-index"]
        + list(command[1:]),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    packed = {n for n in names if ".dist-info/" not in n}
    there = {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "lessons_lib").rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    assert packed == there
    assert {Path(n).suffix for n in packed} == {".py", ".js", ".css", ".html"}


def test_the_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as file:
        (name,) = (n for n in file.namelist() if n.endswith("/METADATA"))
        said = HeaderParser().parsestr(file.read(name).decode("utf-8"))
    assert said["Requires-Python"] == PROJECT["requires-python"]
    assert said["License-Expression"] == "BSD-3-Clause"
    needs = [Requirement(text) for text in said.get_all("Requires-Dist")]
    assert needs == [Requirement(text) for text in PROJECT["dependencies"]]


def test_it_works_from_the_wheel(wheel, tmp_path):
    pip("install", "--target", tmp_path / "lib", wheel)
    run = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "lib")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    first, *lines = run.stdout.splitlines()
    assert Path(first).parent == tmp_path / "lib" / "lessons_lib"
    assert [line[0] for line in lines] == ["d", "✓", "✗", "✓"]


def test_ranges_are_open_and_hold_the_pins():
    pins = {}
    text = (ROOT / "requirements.txt").read_text("utf-8")
    for name, version in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", text):
        pins.setdefault(name, []).append(version)
    for text in PROJECT["dependencies"]:
        need = Requirement(text)
        (bound,) = need.specifier
        assert bound.operator == ">=", text
        assert pins[need.name], text
        assert all(bound.contains(v) for v in pins[need.name]), text


def test_every_import_is_declared():
    declared = {Requirement(t).name for t in PROJECT["dependencies"]}
    for path in (ROOT / "lessons_lib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            for name in {n.partition(".")[0] for n in names}:
                known = name in sys.stdlib_module_names | {"lessons_lib"}
                assert known or NAMES.get(name, name) in declared, (
                    f"{path.name} imports {name}"
                )
