"""Nothing that is downloaded or stored can run code or write elsewhere."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]


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
