"""The site builds without a warning, and its pictures can be read aloud."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ["_config.yml", "_toc.yml", "book", "assets"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("site")
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
    return folder / "_build/html"


def test_every_page_is_there(site):
    for source in (ROOT / "book").glob("*.ipynb"):
        assert (site / "book" / f"{source.stem}.html").is_file()
    assert (site / "index.html").is_file()


def test_every_image_has_alt_text(site):
    for page in site.glob("book/*.html"):
        for image in re.findall(r"<img\b[^>]*>", page.read_text("utf-8")):
            alt = re.search(r'alt="([^"]*)"', image)
            assert alt, f"{page.name}: {image}"
            assert "_images/" not in alt[1], f"{page.name}: {image}"
