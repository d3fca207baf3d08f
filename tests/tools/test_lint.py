"""What ruff does not see: pickles that torch and NumPy load, shells in lessons.

And text files whose path ruff does not know as one, places of one system, and
addresses in lessons: there only lessons_lib fetches. pyproject.toml names what
ruff finds; faults planted below show that it does.
"""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tools import lessons

CODE = [
    path
    for folder in ("lessons_lib", "tools", "web")
    for path in sorted((lessons.ROOT / folder).rglob("*.py"))
]
PLACE = re.compile(r"/(tmp|home|usr|bin|etc)\b|[A-Z]:\\|~/")
TEXT = {"read_text": 0, "write_text": 1, "open": 0}  # arguments before it
NO_TEXT = {"Image.open", "gzip.open"}


def faults(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and PLACE.match(str(node.value)):
            yield f"line {node.lineno}: a place of one system"
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            options = {k.arg: ast.unparse(k.value) for k in node.keywords}
            if name == "torch.load" and options.get("weights_only") != "True":
                yield f"line {node.lineno}: torch.load without weights_only"
            if options.get("allow_pickle", "False") != "False":
                yield f"line {node.lineno}: allow_pickle"


def without_encoding(source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) in NO_TEXT:
            continue
        name = getattr(node.func, "attr", None)
        binary = any("b" in str(getattr(a, "value", "")) for a in node.args)
        said = any(k.arg == "encoding" for k in node.keywords)
        if name == "open":
            said = said or binary
        elif name in TEXT:
            said = said or len(node.args) > TEXT[name]
        if name in TEXT and not said:
            yield f"line {node.lineno}: {name} without an encoding"


def faults_of_a_cell(source):
    text = TransformerManager().transform_cell(source)
    if "get_ipython" in text:
        yield "a shell or a magic"
    if re.search(r"https?://", text):
        yield "an address"
    yield from faults(text)


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.name)
def test_code(path):
    source = path.read_text("utf-8")
    assert not [*faults(source), *without_encoding(source)]


@pytest.mark.parametrize("path", lessons.find(), ids=lambda p: p.stem)
def test_lessons(path):
    _, *cells = lessons.code(lessons.read(path))  # the first installs
    for _, source in cells:
        assert not list(faults_of_a_cell(source)), source


@pytest.mark.parametrize(
    "bad",
    [
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path, allow_pickle=True)",
        "Path('/etc/a')",
        "p = 'C:\\\\data'",
        "path = 'https://example.org/model.pt'",
        "!ls",
        "x = !ls",
        "%%bash\nls",
        "%cd ..",
        "if x:\n    !pip",
    ],
)
def test_what_is_planted_in_a_cell_is_found(bad):
    assert list(faults_of_a_cell(bad))


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("(ROOT / 'a').read_text()", True),
        ("(ROOT / 'a').write_text('b')", True),
        ("(ROOT / 'a').open()", True),
        ("(ROOT / 'a').open('w')", True),
        ("(ROOT / 'a').read_text('utf-8')", False),
        ("(ROOT / 'a').write_text('b', 'utf-8')", False),
        ("(ROOT / 'a').write_text('b', encoding='utf-8')", False),
        ("(ROOT / 'a').open('wb')", False),
        ("(ROOT / 'a').open(encoding='utf-8')", False),
        ("7 % 3", False),
    ],
)
def test_an_encoding_is_asked_for(call, found):
    assert bool(list(without_encoding(call))) == found


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("S102", "exec(text)"),
        ("S301", "import dill\ndill.load(file)"),
        ("S307", "model.eval()\neval(text)"),
        ("S602", "import subprocess\nsubprocess.run(line, shell=True)"),
        ("S605", "import os\nos.system(text)"),
        ("S202", "import tarfile\ntarfile.open(path).extractall()"),
        ("TID251", "import pickle"),
        ("TID251", "import joblib"),
        ("TID251", "import shelve"),
        ("TID251", "import tarfile"),
        ("TID251", "import zipfile"),
        ("TID251", "import shutil\nshutil.unpack_archive(path)"),
        ("TID251", "from torch import hub"),
        ("TID251", "import torch\ntorch.hub.load(name)"),
        ("TID251", "from torchvision.datasets import utils"),
        ("TID251", "import urllib.request"),
        ("TID251", "import requests"),
        ("TID251", "import os\nos.fork()"),
        ("PTH118", "import os\nos.path.join('a', 'b')"),
    ],
)
def test_ruff_finds_what_is_planted(rule, bad):
    for name in ("lessons_lib/x.py", "tools/x.py", "web/x.py", "book/x.ipynb"):
        assert rule in ruff(name, bad)


@pytest.mark.parametrize(
    "bad",
    ["open('a')", "open('a', 'w')"]
    + [
        f"from pathlib import Path\nPath('a').{call}"
        for call in ("open()", "read_text()", "write_text('b')")
    ],
)
def test_ruff_asks_for_an_encoding(bad):
    assert "PLW1514" in ruff("tools/x.py", bad)
    assert "PLW1514" not in ruff("tools/x.py", "open('a', 'rb')")


def ruff(name, source):
    """The rules that a file of this name and source breaks."""
    if name.endswith(".ipynb"):
        cells = [nbformat.v4.new_code_cell(source)]
        source = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    run = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "check", "--no-cache"]
        + ["--output-format=json", "--stdin-filename", name, "-"],
        cwd=lessons.ROOT,
        input=source,
        capture_output=True,
        encoding="utf-8",
    )
    return {found["code"] for found in json.loads(run.stdout)}
