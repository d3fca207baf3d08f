"""The activation functions side by side, operated in a real browser."""

import json
import math

import pytest

from lessons_lib import live


def figure(**more):
    return live.activations(alt="curves", **more)


def numbers(page, i=0):
    body = page.locator(".live-body").nth(i)
    return json.loads(body.get_attribute("data-numbers"))


def test_by_keyboard(show):
    page = show(figure(z=0, layers=10), figure(z=-2))
    assert numbers(page)["sigmoid"]["left"] == 0.25**10
    assert numbers(page)["tanh"] == {"value": 0, "slope": 1, "left": 1}
    z = page.get_by_label("Input z").first
    z.press("End")
    assert numbers(page)["ReLU"] == {"value": 6, "slope": 1, "left": 1}
    z.press("Home")
    z.press("ArrowRight")
    z.press("ArrowRight")
    wanted = 1 / (1 + math.exp(5.8))
    assert math.isclose(numbers(page)["sigmoid"]["value"], wanted)
    assert numbers(page)["ReLU"]["left"] == 0
    page.get_by_label("Layers").first.press("Home")
    got = numbers(page)["sigmoid"]
    assert got["left"] == got["slope"], "one layer"
    page.get_by_label("Fourth function").first.select_option("softplus")
    assert "softplus" in numbers(page)
    assert "softplus" not in numbers(page, 1), "each figure by itself"
    assert numbers(page, 1)["ReLU"]["left"] == 0
    assert page.problems == []


@pytest.mark.parametrize("touch", [False, True])
def test_by_mouse_and_touch(show, drag, touch):
    page = show(figure(z=0), width=390, has_touch=touch)
    drag(page, page.get_by_label("Input z"), 60, 0)
    assert numbers(page)["ReLU"]["value"] > 1
    drag(page, page.get_by_label("Layers"), 150, 0)
    got = numbers(page)["sigmoid"]
    assert math.isclose(got["left"], got["slope"] ** 20)
    assert page.problems == []
