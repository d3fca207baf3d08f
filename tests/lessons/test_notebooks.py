"""What every lesson keeps to, whatever it teaches."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "book").glob("*.ipynb"))
HEADINGS = ["## What goes wrong", "## Summary", "## Test yourself"]
HEADINGS += ["## Exercises", "## Sources"]
URL = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"][
    "url"
]
SETUP = f"""\
import importlib.util
import site

if importlib.util.find_spec("lessons_lib") is None:  # on Colab or a hub
    %pip install -q --no-deps git+{URL}
    site.addsitedir(site.getusersitepackages())

import matplotlib.pyplot as plt
import torch
from torch import nn

from lessons_lib import data, live, plots, train
from lessons_lib.claims import claim
from lessons_lib.exercises import check
from lessons_lib.runtime import set_seed, timer, use_device

plots.use_style()
set_seed()
device = use_device()"""


@pytest.fixture(params=LESSONS, ids=lambda p: p.stem)
def path(request):
    return request.param


@pytest.fixture
def cells(path):
    return nbformat.read(path, as_version=4).cells


@pytest.fixture
def code(cells):
    return [c for c in cells if c.cell_type == "code"]


@pytest.fixture
def text(cells):
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


def outputs(code):
    for cell in code:
        for output in cell.outputs:
            yield cell, output


def test_lessons_and_table_of_contents_agree():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    files = [c["file"] for part in toc["parts"] for c in part["chapters"]]
    listed = [f for f in files if re.match(r"book/\d\d-", f)]
    assert listed == [f"book/{p.stem}" for p in LESSONS]
    index = (ROOT / "book/index.md").read_text("utf-8")
    assert sorted(set(re.findall(r"\((\d\d-[\w-]+)\.ipynb\)", index))) == [
        p.stem for p in LESSONS
    ]


def test_every_cell_was_run_in_order(code):
    assert [c.execution_count for c in code] == list(range(1, len(code) + 1))


def test_no_error_and_no_stderr_is_stored(code):
    for cell, output in outputs(code):
        assert output.output_type != "error", cell.source
        assert output.get("name") != "stderr", cell.source


def test_no_path_of_a_machine_is_stored(code):
    for cell, output in outputs(code):
        data = output.get("data", {})
        shown = output.get("text", "") + data.get("text/plain", "")
        shown += re.sub(r"base64,[\w+/=]+", "", data.get("text/html", ""))
        found = re.search(
            r"(/(?:home|root|work|tmp|Users)/|[A-Z]:\\|0x[0-9a-f]{8})", shown
        )
        assert not found, f"{found[0]} in the output of:\n{cell.source}"


def test_every_figure_has_alt_text_and_a_caption(code):
    for cell, output in outputs(code):
        data = output.get("data", {})
        if "image/png" in data and "text/html" not in data:
            said = cell.metadata.get("mystnb", {})
            alt = said.get("image", {}).get("alt", "")
            assert len(alt) > 30, (
                f"no alt text for the figure of:\n{cell.source}"
            )
            caption = said.get("figure", {}).get("caption", "")
            assert len(caption) >= 15, f"no caption for:\n{cell.source}"
            assert caption.endswith("."), f"no full stop: {caption}"


def test_cells_are_small(code):
    sizes = [len(c.source.splitlines()) for c in code[1:]]
    assert max(sizes) <= 15
    assert sorted(sizes)[len(sizes) // 2] <= 9
    for cell in code:
        for line in cell.source.splitlines():
            assert len(line) <= 79 or "%pip" in line, line


def test_the_set_up_cell_is_the_same_everywhere(code):
    assert code[0].source == SETUP
    assert code[0].metadata == {"tags": ["hide-input"]}  # folded on the site


def test_the_skeleton(path, cells, text):
    first = cells[0].source
    number = path.stem[:2]
    assert first.startswith(f"# {number} · ")
    host = URL.removeprefix("https://github.com/")
    colab = f"https://colab.research.google.com/github/{host}/blob/main/book/"
    assert re.fullmatch(
        r"\*\*Before this:\*\* [^·]+ · \*\*Running time:\*\* [^·]+ · "
        rf"\[Open in Colab\]\({re.escape(colab + path.name)}\)",
        first.splitlines()[2],
    )
    lines = text.splitlines()
    assert [line for line in lines if line in HEADINGS] == HEADINGS
    assert sum(line.startswith("# ") for line in lines) == 1


def test_no_device_by_name(code):
    for cell in code:
        found = re.search(
            r"\.cuda\(|\.mps\(|[\"'](cuda|mps|cpu)(:\d)?[\"']", cell.source
        )
        assert not found, f"{found[0]} in:\n{cell.source}"


def test_there_are_claims_and_exercises(code):
    printed = "".join(o.get("text", "") for _, o in outputs(code))
    marks = [line[:2] for line in printed.splitlines()]
    assert marks.count("✓ ") >= 6
    assert marks.count("○ ") >= 3
    assert marks.count("✗ ") == 0


def test_solutions_are_folded_everywhere(code):
    for cell in code:
        folded = "hide-cell" in cell.metadata.get("tags", [])
        assert cell.source.startswith("# @title Solution") == folded, (
            cell.source
        )
        if folded:
            assert cell.metadata["jupyter"]["source_hidden"]
            assert cell.metadata["cellView"] == "form"


def test_sources_are_in_the_references(text):
    bib = (ROOT / "book/references.bib").read_text("utf-8").lower()
    sources = text.partition("## Sources")[2]
    links = re.findall(r"\]\((https?://[^)\s]+)\)", sources)
    assert links
    for link in links:
        key = link.lower().removeprefix("https://doi.org/")
        assert key in bib, f"{link} is not in references.bib"


def test_links_between_lessons_lead_somewhere(path, text):
    for target, anchor in re.findall(
        r"\]\(([\w.-]+\.(?:md|ipynb))(#[\w-]+)?\)", text
    ):
        file = path.parent / target
        assert file.is_file(), target
        if anchor and target.endswith(".md"):
            heads = re.findall(
                r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE
            )
            slugs = {
                re.sub(r"[^\w-]", "", h.lower().replace(" ", "-"))
                for h in heads
            }
            assert anchor[1:] in slugs, f"{target}{anchor}"


def test_it_runs_in_the_kernel_that_everybody_has(path):
    """Whatever else an editor writes into the metadata when it saves."""
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info.name == "python"
    assert not any(c.get("attachments") for c in notebook.cells)
