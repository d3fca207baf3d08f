"""lessons_lib as others get it: built, installed and used as a wheel."""

import ast
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "project"
]
# What is imported under another name than it is installed under.
NAMES = {
    "IPython": "ipython",
    "PIL": "pillow",
    "axe_playwright_python": "axe-playwright-python",
    "bs4": "beautifulsoup4",
    "fontTools": "fonttools",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
PEERS = "tools.peers"  # runs in the environment of tools/peers.txt
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


def test_importing_it_imports_nothing_else():
    code = "import sys; old = set(sys.modules); import lessons_lib; "
    code += "print(*sorted(set(sys.modules) - old))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert run.stdout == "lessons_lib\n", run.stdout + run.stderr


def public_functions():
    for name in MODULES:
        if re.fullmatch(r"lessons_lib(\.[a-z]+)*", name):  # no lesson05
            module = importlib.import_module(name)
            for f in vars(module).values():
                ours = inspect.isfunction(f) and f.__module__ == name
                if ours and not f.__name__.startswith("_"):
                    yield f


def test_public_functions_say_what_they_take_and_give():
    for f in public_functions():
        signature, said = inspect.signature(f), inspect.getdoc(f)
        sections = re.split(r"(?m)^(\w+)\n-+\n", said)
        found = dict(zip(sections[1::2], sections[2::2], strict=True))
        named = re.findall(
            r"(?m)^\*{0,2}([\w, ]+)\b", found.get("Parameters", "")
        )
        named = {name for line in named for name in line.split(", ")}
        assert set(signature.parameters) <= named, f
        if signature.return_annotation not in ("None", "Iterator[None]"):
            assert {"Returns", "Yields"} & set(found), f


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


def imports(path):
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (n if n in MODULES else node.module for n in whole)


MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(
        ".__init__"
    ): path
    for folder in ("lessons_lib", "tools", "web")
    for path in (ROOT / folder).rglob("*.py")
}
OURS = {"lessons_lib", "tools", "web"}


def undeclared(paths, declared):
    """What these files import that is neither Python's, nor ours, nor there."""
    ours = OURS | {p.stem for p in (ROOT / "tests").iterdir()}
    return {
        (path.name, name)
        for path in paths
        for name in {module.partition(".")[0] for module in imports(path)}
        if name not in sys.stdlib_module_names | ours
        and NAMES.get(name, name) not in declared
    }


def test_every_import_is_declared():
    declared = {Requirement(t).name for t in PROJECT["dependencies"]}
    assert not undeclared((ROOT / "lessons_lib").rglob("*.py"), declared)


def test_every_import_is_installed():
    lists = ("requirements.in", "requirements-site.in")
    text = "\n".join((ROOT / name).read_text("utf-8") for name in lists)
    named = set(re.findall(r"(?m)^[a-z][\w.-]*", text))
    paths = [ROOT / "conftest.py", *(ROOT / "tests").rglob("*.py")]
    paths += [path for name, path in MODULES.items() if name != PEERS]
    assert not undeclared(paths, named)
    assert undeclared(paths, named - {"pytest"})


def test_no_import_runs_back_or_in_a_circle():
    below = {"lessons_lib": set(), "tools": {"lessons_lib"}}
    graph = {}
    for name, path in MODULES.items():
        graph[name] = set(imports(path)) & set(MODULES)
        package = name.partition(".")[0]
        used = {m.partition(".")[0] for m in graph[name]} - {package}
        assert used <= below.get(package, OURS), f"{name} imports {used}"
    assert graph["lessons_lib.claims"] == {"lessons_lib._compared"}
    assert not graph["lessons_lib._compared"]
    TopologicalSorter(graph).prepare()
    graph["lessons_lib._checks"].add("lessons_lib.train")
    with pytest.raises(CycleError):
        TopologicalSorter(graph).prepare()
