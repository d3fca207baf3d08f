"""Live figures stand alone, and are the same from the same input."""

import gzip
import re
from pathlib import Path

import pytest
from figures import FIGURES, draw, some_frames

from lessons_lib import live, palette
from lessons_lib._scripts import script

SCRIPTS = Path(live.__file__).parent


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_stands_alone(name):
    figure = FIGURES[name]()
    bundle = figure._repr_mimebundle_()
    page = bundle["text/html"]
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert "{{" not in page
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", page)
    assert page.count("</script>") == 2
    assert page.count("<!--") == 0
    assert not re.search(r"""\bfrom ["']|\bimport ?\(""", script(name))
    assert not re.search(r"^export ", script(name), re.MULTILINE)
    assert page == FIGURES[name]().html
    limit = 400_000 if name in ("frames", "digit") else 60_000
    assert len(gzip.compress(page.encode())) < limit


def test_words_and_labels_are_escaped():
    page = some_frames().html
    assert 'alt="a &quot;line&quot;"' in page
    assert "none <\\/script>" in page


@pytest.mark.parametrize(
    ("labels", "alt", "start"),
    [([], "x", 0), (["a"], " ", 0), (["a"], "x", 1)],
)
def test_frames_of_nothing(labels, alt, start):
    with pytest.raises(ValueError, match="live figure needs|start is"):
        live.frames(draw, labels, alt=alt, start=start)


def test_the_words_are_text():
    with pytest.raises(TypeError, match="expected text"):
        live.activations(alt=None)


def test_every_script_belongs_to_a_figure():
    """Each module with a ``build`` is a figure, tried above."""
    built = {
        path.stem
        for path in SCRIPTS.glob("*.js")
        if "export function build" in path.read_text("utf-8")
    }
    assert built == set(FIGURES)


def test_the_scripts_have_the_palette_of_the_figures():
    source = (SCRIPTS / "core.js").read_text("utf-8")
    (block,) = re.findall(r"export const PALETTE = {(.*?)};", source, re.S)
    found = dict(re.findall(r'(\w+): "(#\w{6})"', block))
    assert found
    assert found == {name: getattr(palette, name) for name in found}
    others = [p for p in SCRIPTS.glob("*.js") if p.name != "core.js"]
    for path in [*others, SCRIPTS / "live.css"]:
        text = path.read_text("utf-8").upper()
        for name, colour in found.items():
            assert colour.upper() not in text, f"{path.name}: use {name}"
