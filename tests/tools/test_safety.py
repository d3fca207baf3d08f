"""Nothing that is downloaded or stored can run code or write elsewhere."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(ROOT / "book").glob("*.ipynb"),
    *(ROOT / "lessons_lib").rglob("*.py"),
    *(ROOT / "tools").glob("*.py"),
]
# Names that unpickle, unpack names chosen by others, fetch, or run text.
FORBIDDEN = {
    "pickle",
    "joblib",
    "shelve",
    "dill",
    "tarfile",
    "zipfile",
    "unpack_archive",
    "extractall",
    "extract_archive",
    "download_and_extract_archive",
    "urlretrieve",
    "hub",
    "eval",
    "exec",
}
FETCHING = {"urllib", "requests", "httpx", "urlopen", "gdown"}


def code(path):
    """The Python of a file or of a notebook's cells but the set-up cell."""
    if path.suffix == ".py":
        return path.read_text("utf-8")
    cells = nbformat.read(path, as_version=4).cells
    cells = [c.source for c in cells if c.cell_type == "code"][1:]
    return "\n".join(cells)


def used(tree):
    """Every name, attribute, module and keyword in the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield from node.name.split(".")
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")


def faults(source, lesson):
    """What is not allowed in this source, by name."""
    tree = ast.parse(source)
    found = set(used(tree)) & (FORBIDDEN | (FETCHING if lesson else set()))
    found -= {"eval"} if ".eval()" in source else set()  # a model's mode
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        options = {k.arg: ast.unparse(k.value) for k in node.keywords}
        if name in ("eval", "os.system"):
            found.add(name)
        if (
            name.endswith("torch.load")
            and options.get("weights_only") != "True"
        ):
            found.add("torch.load without weights_only=True")
        for option in ("allow_pickle", "shell"):
            if options.get(option, "False") != "False":
                found.add(option)
    if lesson and re.search(r"https?://", source):
        found.add("an address")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_no_code_is_fetched_and_nothing_unpickled(path):
    source = code(path)
    lesson = path.suffix == ".ipynb"
    if lesson:  # magics and shell commands would be calls to get_ipython
        source = TransformerManager().transform_cell(source)
        assert "get_ipython" not in source
    assert not faults(source, lesson)


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.load(path)",
        "import torch\ntorch.load(path, weights_only=False)",
        "import pickle",
        "from torch import hub",
        "np.load(path, allow_pickle=True)",
        "tarfile.open(path).extractall()",
        "eval(text)",
        "os.system(text)",
        "model.eval()\neval(text)",
        "import urllib.request",
        "path = 'https://example.org/model.pt'",
        "subprocess.run(line, shell=True)",
    ],
)
def test_the_lint_finds_what_it_is_there_for(source):
    assert faults(source, lesson=True)


def test_the_set_up_cell_installs_and_fetches_nothing_else():
    for path in (ROOT / "book").glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        first = next(c.source for c in cells if c.cell_type == "code")
        lines = [x for x in first.splitlines() if re.search(r"[%!]|://", x)]
        assert len(lines) == 1
        assert lines[0].strip().startswith("%pip install -q ")
        assert lines[0].count("git+https://github.com/") == 1


def pins(name):
    """The hashes of each pin in a list of requirements, by name==version."""
    text = (ROOT / name).read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    found = {}
    for block in blocks:
        if block.startswith("#"):
            continue
        pin, *hashes = block.split("\\\n")
        assert re.match(r"[\w.-]+==[\w.+]+( ; .+)?$", pin.strip()), pin
        assert hashes, pin
        for line in hashes:
            assert re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line.strip())
        found[pin.split()[0]] = {line.strip() for line in hashes}
    return found


def test_every_requirement_is_pinned_with_hashes():
    whole, site = pins("requirements.txt"), pins("requirements-site.txt")
    assert len(whole) > len(site) > 90
    for pin, hashes in site.items():  # the same files in both environments
        assert whole.get(pin) == hashes, pin
    assert not {p for p in site if p.startswith(("torch", "nvidia"))}
    for file, found in (
        ("requirements.in", whole),
        ("requirements-site.in", site),
    ):
        text = (ROOT / file).read_text("utf-8")
        named = re.findall(r"^\w[\w.-]*", text, re.MULTILINE)
        assert named
        for name in named:
            assert any(p.startswith(name + "==") for p in found), name
