"""Live figures stand alone, and are the same from the same input."""

import re

import pytest

from lessons_lib.live import frames


def draw(i, figure):
    figure.subplots().plot([0, i])


def test_frames_stand_alone():
    live = frames(draw, ["none </script>", "one"], alt='a "line"', start=1)
    bundle = live._repr_mimebundle_()
    page = bundle["text/html"]
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert "{{" not in page
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", page)
    assert page.count("</script>") == 2
    assert 'alt="a &quot;line&quot;"' in page
    assert (
        page
        == frames(
            draw, ["none </script>", "one"], alt='a "line"', start=1
        ).html
    )


def test_two_on_a_page_have_names_of_their_own():
    names = {
        re.search(r'id="(live-\w+)"', frames(draw, ["x"], alt=alt).html)[1]
        for alt in ("a", "b")
    }
    assert len(names) == 2


@pytest.mark.parametrize(
    ("labels", "alt", "start"),
    [([], "x", 0), (["a"], " ", 0), (["a"], "x", 1)],
)
def test_frames_of_nothing(labels, alt, start):
    with pytest.raises(ValueError, match="live figure needs|start is"):
        frames(draw, labels, alt=alt, start=start)
