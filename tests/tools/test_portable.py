"""Nothing in a lesson or in the code needs one operating system.

Lessons run without a shell; paths are pathlib's; the code's text files are
UTF-8, which is not what Windows takes unless it is told.
"""

import ast
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "book").glob("*.ipynb"))
CODE = sorted(
    p
    for folder in ("lessons_lib", "tools")
    for p in ROOT.glob(f"{folder}/**/*.py")
)
SHELL = re.compile(
    r"^\s*!|^\s*%(?!pip install -q --no-deps )|^\s*%%|=\s*!", re.MULTILINE
)
PATH = re.compile(r"/(tmp|home|usr|bin|etc)\b|[A-Z]:\\|~/")


def faults(source):
    """What ties a program to one operating system, one line each."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            if re.match(r"os\.(path\.|system|popen|fork|uname)", name):
                yield f"line {node.lineno}: {name}"
        if isinstance(node, ast.Constant) and PATH.match(str(node.value)):
            yield f"line {node.lineno}: the path {node.value!r}"
        if isinstance(node, ast.Call):
            yield from call_faults(node)


def call_faults(node):
    name = ast.unparse(node.func).rpartition(".")[2]
    named = {k.arg: k.value for k in node.keywords}
    if "shell" in named:
        yield f"line {node.lineno}: shell="
    # the mode of a built-in open is its second argument, a path's its first
    first = 1 if isinstance(node.func, ast.Name) else 0
    modes = [*node.args[first : first + 1], *filter(None, [named.get("mode")])]
    binary = any("b" in ast.unparse(m) for m in modes)
    other = ast.unparse(node.func) in ("gzip.open", "Image.open")
    text = {"read_text": 0, "write_text": 1}.get(name)
    unsaid = "encoding" not in named and (
        (text is not None and len(node.args) <= text)
        or (name == "open" and not binary and not other)
    )
    if unsaid:
        yield f"line {node.lineno}: {name} without an encoding"


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_a_lesson_needs_no_shell_and_no_path_of_one_system(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not SHELL.search(cell.source), cell.source
            plain = re.sub(r"(?m)^(\s*)%.*$", r"\1pass", cell.source)
            found = [f for f in faults(plain) if "encoding" not in f]
            assert not found, cell.source  # a lesson may write plain ASCII


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.stem)
def test_code_names_encodings_and_no_path_of_one_system(path):
    assert not list(faults(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "bad",
    [
        "os.path.join('a', 'b')",
        "os.system('ls')",
        "open('a.txt')",
        "open('a.txt', 'w')",
        "Path('a').open()",
        "Path('a').read_text()",
        "Path('a').write_text('b')",
        "subprocess.run('ls', shell=True)",
        "Path('/etc/a')",
        "p = 'C:\\\\data'",
    ],
)
def test_a_planted_fault_is_found(bad):
    assert list(faults(bad))


@pytest.mark.parametrize(
    "bad", ["!ls", "x = !ls", "%%bash\nls", "%cd ..", "  !pip"]
)
def test_a_planted_shell_step_is_found(bad):
    assert SHELL.search(bad)


@pytest.mark.parametrize(
    "good",
    [
        "Path('a').read_text('utf-8')",
        "Path('a').write_text('b', 'utf-8')",
        "Path('a').write_text('b', encoding='utf-8')",
        "open('a', 'rb')",
        "Path('a').open('wb')",
        "open('a', encoding='utf-8')",
        "x = 7 % 3",
    ],
)
def test_what_works_everywhere_passes(good):
    assert not list(faults(good))
