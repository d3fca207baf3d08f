"""The regression finds what it is there to find.

Small notebooks with stored outputs are run again by nbval under the project's
own rules. In each cell one thing differs; what counts must fail, and what may
differ from machine to machine must pass.
"""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
# The source of a cell, and the output that is stored with it.
WHOLE = (
    'print("(3, 4)", 0.25)\n'
    'print(f"{0.12345:.5f} and {1e-9:.2e}")\n'
    'print("time: 1.23 s (training)")\n'
    'print("running on: cpu (2 threads), torch 2.0")\n'
    'print("data: MNIST; 55,000 training images")\n'
    'print("✓ it holds")\n'
    'print("✓ it grows (needs MNIST)")\n'
    "print('<script>step(3)\\n</script><script type=\"x\">[3]</script>')\n"
    "import sys\n"
    'print("50%", file=sys.stderr)\n',
    "(3, 4) 0.25\n0.12345 and 1.00e-09\ntime: 1.23 s (training)\n"
    "running on: cpu (2 threads), torch 2.0\n"
    "data: MNIST; 55,000 training images\n✓ it holds\n"
    "✓ it grows (needs MNIST)\n"
    '<script>step(3)\n</script><script type="x">[3]</script>\n',
)
# What is changed in the stored output.
FAILS = {
    "a shape": ("(3, 4)", "(3, 5)"),
    "two decimals": ("0.25", "0.26"),
    "a claim gone": ("✓ it holds\n", ""),
    "a claim more": ("✓ it holds\n", "✓ it holds\n✓ it shines\n"),
    "a claim not checked": ("✓ it holds", "– it holds"),
    "one that needs more": ("(needs MNIST)", "(needs a GPU)"),
    "words": (" and ", " or "),
    "a figure's data": ("[3]", "[4]"),
    "no output": (WHOLE[1], ""),
}
PASSES = {
    "nothing": ("", ""),
    "five decimals": ("0.12345", "-0.54321"),
    "a power": ("1.00e-09", "7.31e-02"),
    "a time": ("1.23 s", "45.60 s"),
    "a device": ("cpu (2 threads)", "cuda (some card)"),
    "not checked": (
        "✓ it grows (needs MNIST)",
        "– it grows (needs MNIST, not checked)",
    ),
    "a figure's script": ("step(3)\n", "go(4)"),
    "data": ("MNIST; 55,000", "the stand-in; 1,197"),
}
CASES = {**FAILS, **PASSES}
CLAIM = (
    "from lessons_lib.claims import claim\n"
    "from lessons_lib.train import evaluate\n"
    "import torch\n"
    "X = torch.eye(3)\n"
    "_, accuracy = evaluate(torch.nn.Identity(), X, torch.arange(3))\n"
    'claim("all are right", accuracy == 1)\n'
)


def store(path, source, texts):
    """A notebook in which a cell comes again with each of these outputs."""
    notebook = nbformat.v4.new_notebook()
    for text in texts:
        cell = nbformat.v4.new_code_cell(source, execution_count=1)
        if text:
            cell.outputs = [nbformat.v4.new_output("stream", text=text)]
        notebook.cells.append(cell)
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    """Run them all; for each file, whether each of its cells passed."""
    folder = tmp_path_factory.mktemp("regression")
    for name in ("pyproject.toml", "conftest.py", "tests/nbval.cfg"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    source, text = WHOLE
    texts = [text.replace(*change, 1) for change in CASES.values()]
    store(folder / "cases.ipynb", source, texts)
    for name in ("whole", "broken"):
        shutil.copytree(ROOT / "lessons_lib", folder / name / "lessons_lib")
        source = f"import sys\nsys.path.insert(0, {str(folder / name)!r})\n"
        path = folder / name / "claim.ipynb"
        store(path, source + CLAIM, ["✓ all are right\n"])
    path = folder / "broken/lessons_lib/train.py"
    code = path.read_text("utf-8")
    assert "logits.argmax(dim=1)" in code
    code = code.replace("logits.argmax(dim=1)", "logits.argmin(dim=1)")
    path.write_text(code, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "-n0", "--junitxml=done.xml", *folder.rglob("*.ipynb")],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, run.stdout[-3000:] + run.stderr[-3000:]
    found = {}
    for case in ET.parse(folder / "done.xml").iter("testcase"):
        found.setdefault(case.get("classname"), []).append(len(case) == 0)
    return found


def test_what_may_differ_and_what_may_not(passed):
    wanted = dict.fromkeys(FAILS, False) | dict.fromkeys(PASSES, True)
    assert all(old in WHOLE[1] for old, _ in CASES.values())
    assert dict(zip(CASES, passed["cases.ipynb"], strict=True)) == wanted


def test_a_broken_function_makes_a_claim_fail(passed):
    assert passed["whole.claim.ipynb"] == [True]
    assert passed["broken.claim.ipynb"] == [False]
