"""The code, that in the notebooks included, is linted and formatted."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff(command):
    run = subprocess.run(
        [Path(sys.executable).with_name("ruff"), *command, "--no-cache", ROOT],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
