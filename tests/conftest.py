"""The built site, for every test that looks at it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parent.parent
SOURCES = ["_config.yml", "_toc.yml", "book", "assets", "tools"]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, built once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # what all processes of this run share
    folder = base / "site"
    with FileLock(f"{folder}.lock"):
        done = folder / "done"
        if not done.exists():
            build(folder)
            done.touch()
    return folder / "_build/html"


def build(folder):
    """Build a copy of the book, with every warning an error."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    command = Path(sys.executable).with_name("jupyter-book")
    run = subprocess.run(
        [command, "build", "--all", "-W", "-n", "--keep-going", folder],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-5000:]
