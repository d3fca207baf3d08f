"""The drawing pad, operated in a real browser, against PyTorch's answers."""

import base64
import json
import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
import torch
from figures import some_pad
from torch import nn

from lessons_lib import data, live

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.data
PUT = """async (images) => {
  const canvas = document.querySelector(".live-pad canvas");
  const body = canvas.closest(".live-body");
  const pad = canvas.getContext("2d");
  const small = document.createElement("canvas");
  small.width = small.height = 28;
  const answers = [];
  window.requestAnimationFrame = queueMicrotask; // at once
  for (const image of images) {
    const pixels = new ImageData(28, 28);
    image.forEach((v, i) => { pixels.data[4 * i + 3] = v; });
    small.getContext("2d").putImageData(pixels, 0, 0);
    pad.clearRect(0, 0, canvas.width, canvas.height);
    pad.imageSmoothingEnabled = false;
    pad.drawImage(small, 0, 0, canvas.width, canvas.height);
    canvas.dispatchEvent(new Event("change"));
    await null;
    answers.push(body.dataset.p.split(",").map(Number));
  }
  return answers;
}"""


@pytest.fixture(scope="module")
def digits():
    return data.load_mnist()


def stored_figure():
    """Lesson 10's figure as it is stored, and its network."""
    notebook = nbformat.read(ROOT / "book/10-mnist-mlp.ipynb", 4)
    [html] = [
        output.data["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if 'data-figure="digit"' in output.get("data", {}).get("text/html", "")
    ]
    packed = re.search(r'<script type="application/json">(.*?)</script>', html)
    layers = []
    for layer in json.loads(packed[1])["layers"]:
        weights, scale, bias = (
            np.frombuffer(base64.b64decode(layer[k].split(",")[1]), kind)
            for k, kind in [
                ("weights", "i1"),
                ("scale", "<f4"),
                ("bias", "<f4"),
            ]
        )
        rows = weights.reshape(len(bias), -1) * scale[:, None]
        linear = nn.Linear(rows.shape[1], rows.shape[0])
        linear.weight.data = torch.from_numpy(rows)
        linear.bias.data = torch.from_numpy(bias.copy())
        layers += [linear, nn.ReLU()]
    return SimpleNamespace(html=html), nn.Sequential(
        nn.Flatten(), *layers[:-1]
    )


def trained_figure(digits):
    """A network of lesson 10's size after 300 steps, in a figure."""
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    for _ in range(300):
        some = torch.randint(len(digits.y_train), (128,))
        logits = net(digits.X_train[some])
        loss = nn.functional.cross_entropy(logits, digits.y_train[some])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return live.digit(net, digits.X_test[:1], alt="a pad"), net


@pytest.mark.parametrize("which", ["stored", "trained"])
def test_it_answers_as_pytorch_does(show, digits, which):
    """Test images put onto the pad; the page centres and scales them."""
    if which == "stored":
        figure, net = stored_figure()
    else:
        figure, net = trained_figure(digits)
    X = digits.X_test[:100]
    page = show(figure)
    images = (X * 255).round().int().flatten(1).tolist()
    p = torch.tensor(page.evaluate(PUT, images))
    with torch.no_grad():
        expected = net(X).softmax(dim=1)
    agree = (p.argmax(dim=1) == expected.argmax(dim=1)).sum()
    assert agree >= 99
    assert (p - expected).abs().median() < 1e-3
    right = (p.argmax(dim=1) == digits.y_test[:100]).sum()
    if which == "trained" or digits.source == "mnist":
        assert right >= 90
    assert page.problems == []


def parts(page, i=0):
    figure = page.locator("figure.live").nth(i)
    return SimpleNamespace(
        body=figure.locator(".live-body"),
        pad=figure.locator(".live-pad canvas"),
        said=figure.locator(".live-status"),
        button=lambda name: figure.get_by_role("button", name=name),
        bars=figure.locator(".live-bars"),
    )


def settle(page):
    page.evaluate(
        "new Promise((f) => requestAnimationFrame("
        "() => requestAnimationFrame(f)))"
    )


def ink(page, i=0):
    """Pixels with ink on the pad."""
    settle(page)
    return page.evaluate(
        """(i) => {
        const c = document.querySelectorAll(".live-pad canvas")[i];
        const all = c.getContext("2d").getImageData(0, 0, 280, 280).data;
        return all.filter((v, k) => k % 4 === 3 && v > 0).length }""",
        i,
    )


def test_by_mouse(show, drag):
    page = show(some_pad(), some_pad())
    one, two = parts(page), parts(page, 1)
    assert one.said.inner_text() == "Nothing to read yet."
    drag(page, one.pad, 60, 60)
    drawn = ink(page)
    assert 1500 < drawn < 4000  # a line of length 85, 22 wide, round ends
    assert re.match(r"It reads \d|Not sure: \d", one.said.inner_text())
    numbers = [float(v) for v in one.body.get_attribute("data-p").split(",")]
    assert abs(sum(numbers) - 1) < 1e-6
    assert one.bars.inner_text().count("%") == 10
    before = page.evaluate(
        "document.querySelector('.live-pad canvas').toDataURL()"
    )
    one.button("Mirror").click()
    assert ink(page) == drawn
    one.button("Mirror").click()
    settle(page)
    after = page.evaluate(
        "document.querySelector('.live-pad canvas').toDataURL()"
    )
    assert before == after
    assert ink(page, 1) == 0, "each by itself"
    one.button("Clear").click()
    assert ink(page) == 0
    assert one.body.get_attribute("data-answer") == ""
    assert one.bars.inner_text().count("%") == 0
    two.button("Example").click()
    assert ink(page, 1) > 0
    assert ink(page) == 0
    assert page.problems == []


def test_by_keyboard(show):
    page = show(some_pad())
    one = parts(page)
    one.pad.focus()
    for key in ["ArrowDown", "ArrowRight"]:
        one.pad.press(key)
    assert ink(page) == 0, "the pen is up"
    one.pad.press("Space")
    dot = ink(page)
    assert 300 < dot < 500  # a disc 22 wide
    for _ in range(5):
        one.pad.press("Shift+ArrowDown")
    line = ink(page)
    assert line > dot + 2000
    one.pad.press("Space")
    one.pad.press("ArrowRight")
    assert ink(page) == line
    assert one.body.get_attribute("data-answer") != ""
    for name in ["Clear", "Example", "Mirror"]:
        page.keyboard.press("Tab")
        assert one.button(name).evaluate("b => b === document.activeElement")
    assert page.problems == []


def test_by_touch(show, drag):
    page = show(some_pad(), width=390, has_touch=True)
    one = parts(page)
    drag(page, one.pad, 20, 90)
    assert ink(page) > 1500
    assert page.evaluate("scrollY") == 0, "drawing does not scroll the page"
    one.button("Clear").tap()
    page.locator(".live-status", has_text="Nothing to read yet.").wait_for()
    assert ink(page) == 0
    assert page.problems == []
