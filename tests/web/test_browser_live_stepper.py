"""What screen readers hear of the figures that run, in a real browser."""

import pytest
import torch
from figures import FIGURES, draw, some_pad

from lessons_lib import live

POINTS = [[0.5, 0.25], [0.2, 0.5], [0.3, 1.1], [0.4, 1.1]]
RUNS = {  # long enough to be paused
    "backprop": FIGURES["backprop"],
    "descent": lambda: live.descent(
        torch.tensor([[1.0, 0.0], [0.0, 0.5]]),
        torch.tensor([1.0, 1.0]),
        start=(-2.5, -2.5),
        rules={"gradient descent": 0.01},
        alt="a map",
    ),
    "frames": lambda: live.frames(draw, [f"{i}" for i in range(9)], alt="x"),
    "perceptron": lambda: live.perceptron(
        POINTS, [1, 1, -1, -1], alt="four points"
    ),
    "trainer": FIGURES["trainer"],
}
# all that is read out, and how often the words to see change
LISTEN = """() => {
  const watch = (element, list) => new MutationObserver(() => {
    if (element.textContent) list.push(element.textContent);
  }).observe(element, {childList: true, subtree: true, characterData: true});
  [window.heard, window.seen] = [[], []];
  for (const element of document.querySelectorAll(
    "output:not([aria-hidden]), [aria-live], [role=status], [role=alert]"))
    watch(element, window.heard);
  watch(document.querySelector(".live-status"), window.seen);
}"""


def heard(page, within=1200):
    """What was read out; as a rule all has been said by then."""
    page.clock.run_for(within)
    return page.evaluate("window.heard.splice(0)")


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_silent_until_it_is_paused(show, name):
    page = show(RUNS[name]())
    page.evaluate(LISTEN)
    assert heard(page) == [], "the page opens in silence"
    run = page.get_by_role("button", name="Run").or_(
        page.get_by_label("Play or pause")
    )
    run.click()
    page.clock.run_for(2500)
    assert len(page.evaluate("window.seen")) >= 2, "it runs"
    assert heard(page) == []
    page.get_by_role("button", name="Pause").or_(
        page.get_by_label("Play or pause")
    ).click()
    said = page.locator(".live-status").first.inner_text()
    assert heard(page) == [said]
    assert page.locator(".live-heard").inner_text() == "", "found once only"
    assert page.problems == []


def test_the_end_of_a_run_is_heard_and_quick_steps_once(show):
    page = show(live.perceptron([[0, 1], [1, 0]], [1, -1], alt="two points"))
    page.evaluate(LISTEN)
    page.get_by_role("button", name="Run").click()
    [said] = heard(page, 6000)
    assert said.startswith("A whole epoch without a mistake")
    page.get_by_role("button", name="From zero").click()
    for _ in range(3):
        page.get_by_role("button", name="Step").click()
    said = page.locator(".live-status").first.inner_text()
    assert heard(page) == [said]


def test_a_pen_is_heard_when_it_stands_still(show, drag):
    page = show(some_pad())
    page.evaluate(LISTEN)
    drag(page, page.locator(".live-pad canvas"), 60, 60)
    [said] = heard(page)
    assert said == page.locator(".live-status").inner_text()


def test_figures_of_two_kinds_keep_their_frames(show):
    """Each cuts off at its own frame, whatever else is on the page."""
    page = show(FIGURES["trainer"](), FIGURES["perceptron"]())
    ids = page.evaluate("[...document.querySelectorAll('[id]')].length")
    assert ids == 0, "an id would belong to the first figure only"
    for frame in page.locator(".live-plot > svg").all():
        assert frame.evaluate("e => getComputedStyle(e).overflow") == "hidden"
