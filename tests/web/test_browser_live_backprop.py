"""The computational graph, operated in a real browser."""

import json

from lessons_lib import live

LESSON = 3, [2, -1], [0.5, -1.5], 5


def graph(**options):
    return live.backprop(*LESSON, alt="a graph", **options)


def parts(page, i=0):
    """The figure, what presses a button, and the figure's state."""
    figure = page.locator("figure.live").nth(i)

    def press(name, times=1):
        for _ in range(times):
            figure.get_by_role("button", name=name, exact=True).click()

    def state(name):
        text = figure.locator(".live-body").get_attribute(f"data-{name}")
        return json.loads(text)

    return figure, press, state


def node(figure, name):
    return figure.locator(f"svg [aria-label^='{name}']")


def test_by_mouse(show):
    page = show(graph(), graph(compare=True))
    figure, press, state = parts(page)
    said = figure.locator(".live-status")
    assert node(figure, "z₁").get_attribute("aria-label") == "z₁"
    press("Step")
    assert said.inner_text() == "Forward: z₁ = x · w₁ = 3 · 2 = 6"
    assert node(figure, "z₁").get_attribute("aria-label") == "z₁, = 6"
    press("Step", 13)
    assert "as the unit is off" in said.inner_text()
    assert "× 0 (off)" in figure.inner_text()
    press("Step", 2)
    assert figure.get_by_role("button", name="Step").is_disabled()
    shown = node(figure, "w₁").get_attribute("aria-label")
    assert shown == "w₁, gradient −6"
    press("Back", 3)
    assert state("done") == 13
    assert node(figure, "w₁").get_attribute("aria-label") == "w₁"
    node(figure, "v₁").click()
    figure.get_by_label("Change v₁").fill("-2")
    assert state("values")["out"] == -12
    press("Reset")
    assert state("done") == 0
    assert state("values")["v1"] == 0.5
    assert parts(page, 1)[2]("done") == 16, "each figure by itself"
    assert page.problems == []


def test_the_rules_part_and_agree(show):
    page = show(graph(compare=True))
    figure, _, state = parts(page)
    assert state("gradients")["mask"]["z2"] == 0
    assert state("gradients")["clamp"]["z2"] == 6
    assert figure.locator("svg").get_by_text("clamp ✗").count() == 4
    text = figure.locator("li").all_inner_texts()
    assert "The clamp kills it" in text[0]
    assert "The clamp lets it through" in text[1]
    assert "from 4 to 0.18 with the mask, to 0.31 with" in text[2]
    figure.get_by_label("Change w₁").fill("5")
    assert "Both agree" in figure.locator("li").first.inner_text()
    assert figure.locator("svg").get_by_text("clamp ✗").count() == 0


def test_it_runs_by_itself_again_from_the_end(show):
    page = show(graph(compare=True), reduced_motion="reduce")
    _, press, state = parts(page)
    press("Run")
    assert state("done") == 16
    press("Back", 4)
    press("Run")
    assert state("done") == 16
    page = show(graph(compare=True))
    _, press, state = parts(page)
    press("Run")
    page.clock.run_for(2000)
    press("Pause")
    assert 1 <= state("done") <= 3


def test_by_keyboard(show):
    page = show(graph())
    figure, _, state = parts(page)
    figure.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert state("done") == 2
    node(figure, "w₂").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert state("values")["w2"] == 0.5
    assert node(figure, "w₂").get_attribute("aria-valuetext") == "0.5"
    figure.get_by_label("Change w₂").press("Home")
    assert state("values")["w2"] == -5
    figure.get_by_label("Change w₂").press("End")
    node(figure, "w₂").press("ArrowUp")
    assert state("values")["w2"] == 5, "it stops at the end"


def test_by_touch(show, drag):
    page = show(graph(), graph(), width=390, has_touch=True, is_mobile=True)
    figure, _, state = parts(page)
    figure.get_by_role("button", name="Step").tap()
    assert state("done") == 1
    node(figure, "y").tap()
    slider = figure.get_by_label("Change y")
    drag(page, slider, -60, 0)
    assert state("values")["y"] < 5
    page.evaluate("scrollTo(0, 0)")
    drag(page, node(figure, "a₁"), 0, -300)
    page.wait_for_function("scrollY > 0")  # a finger scrolls the page
    assert page.problems == []
