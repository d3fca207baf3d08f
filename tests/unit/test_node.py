"""The mathematics of the live figures, run by Node's own test runner.

Needs Node 18 or newer on the PATH (Debian: apt-get install nodejs). Without
it this test is skipped; with LESSONS_NEED_BROWSER=1 it fails instead.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_scripts_of_the_figures():
    node = shutil.which("node")
    if not node and not os.environ.get("LESSONS_NEED_BROWSER"):
        pytest.skip("there is no Node on this machine")
    assert node, "LESSONS_NEED_BROWSER is set, and there is no Node"
    tests = sorted((ROOT / "tests/unit/js").glob("*.test.mjs"))
    assert tests
    run = subprocess.run(
        [node, "--test", *tests], capture_output=True, text=True, cwd=ROOT
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
