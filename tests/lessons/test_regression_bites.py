"""The regression finds what it is there to find.

Small notebooks with stored outputs are run again by nbval under the project's
own rules. In each one thing differs; what counts must fail, and what may
differ from machine to machine must pass.
"""

import os
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
    "import sys\n"
    'print("50%", file=sys.stderr)\n',
    "(3, 4) 0.25\n0.12345 and 1.00e-09\ntime: 1.23 s (training)\n"
    "running on: cpu (2 threads), torch 2.0\n"
    "data: MNIST; 55,000 training images\n✓ it holds\n"
    "✓ it grows (needs MNIST)\n",
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
    "data": ("MNIST; 55,000", "the stand-in; 1,197"),
}
CLAIM = (
    "from lessons_lib.claims import claim\n"
    "from lessons_lib.train import evaluate\n"
    "import torch\n"
    "X = torch.eye(3)\n"
    "_, accuracy = evaluate(torch.nn.Identity(), X, torch.arange(3))\n"
    'claim("all are right", accuracy == 1)\n'
)


def store(path, source, text):
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    if text:
        cell.outputs = [nbformat.v4.new_output("stream", text=text)]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def regression(folder):
    """Run the notebooks in a folder; for each by name whether it passed."""
    for name in ("pyproject.toml", "conftest.py", "tests/nbval.cfg"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "-n0", "--junitxml=done.xml", *folder.glob("*.ipynb")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert run.returncode in (0, 1), run.stdout[-3000:] + run.stderr[-3000:]
    return {
        case.get("classname").removesuffix(".ipynb"): len(case) == 0
        for case in ET.parse(folder / "done.xml").iter("testcase")
    }


def test_what_may_differ_and_what_may_not(tmp_path):
    source, text = WHOLE
    names = {f"case{i}": n for i, n in enumerate({**FAILS, **PASSES})}
    for file, name in names.items():
        old, new = {**FAILS, **PASSES}[name]
        assert old in text
        store(tmp_path / f"{file}.ipynb", source, text.replace(old, new, 1))
    passed = {names[k]: v for k, v in regression(tmp_path).items()}
    assert passed == dict.fromkeys(FAILS, False) | dict.fromkeys(PASSES, True)


@pytest.mark.parametrize("broken", [False, True])
def test_a_broken_function_makes_a_claim_fail(tmp_path, broken):
    shutil.copytree(ROOT / "lessons_lib", tmp_path / "lessons_lib")
    path = tmp_path / "lessons_lib/train.py"
    code = path.read_text("utf-8")
    assert "logits.argmax(dim=1)" in code
    if broken:
        code = code.replace("logits.argmax(dim=1)", "logits.argmin(dim=1)")
        path.write_text(code, "utf-8")
    store(tmp_path / "case.ipynb", CLAIM, "✓ all are right\n")
    assert regression(tmp_path) == {"case": not broken}
