"""The perceptron to drive, operated in a real browser."""

from lessons_lib import live

POINTS = [[0.5, 0.25], [0.2, 0.5], [0.3, 1.1], [0.4, 1.1]]
SQUARE = [[1, 1], [-1, 1], [-1, -1], [1, -1]]


def four():
    return live.perceptron(POINTS, [1, 1, -1, -1], alt="four points")


def xor():
    return live.perceptron(SQUARE, [1, -1, 1, -1], alt="a square")


def parts(page, i=0):
    """What presses a button, says the state, and finds a point."""
    figure = page.locator("figure.live").nth(i)
    body = figure.locator(".live-body")

    def press(name, times=1):
        for _ in range(times):
            figure.get_by_role("button", name=name, exact=True).click()

    def state(name):
        return body.get_attribute(f"data-{name}")

    def point(k):
        return figure.locator(".live-point").nth(k)

    return press, state, point


def test_by_mouse(show, drag):
    page = show(four(), xor())
    press, state, point = parts(page)
    said = page.locator(".live-status").first
    press("Step")
    assert state("w") == "0.5,0.25"
    assert said.inner_text() == "Point 0 is wrong: update 1."
    press("Step", 20)
    assert (state("updates"), state("done")) == ("5", "true")
    assert "stops after 5 updates" in said.inner_text()
    assert parts(page, 1)[1]("updates") == "0", "each figure by itself"
    before = point(1).get_attribute("aria-label")
    drag(page, point(1), -60, -80)
    assert point(1).get_attribute("aria-label") != before
    assert state("done") == "false"
    point(0).click()
    assert "class −1" in point(0).get_attribute("aria-label")
    press("Add point")
    assert "class +1" in point(4).get_attribute("aria-label")
    press("Remove point")
    assert point(4).count() == 0
    press("Reset")
    assert point(1).get_attribute("aria-label") == before.replace(
        "right", "wrong"
    )
    assert state("updates") == "0"
    assert page.problems == []


def test_xor_goes_on_for_ever(show):
    page = show(xor(), reduced_motion="reduce")
    press, state, point = parts(page)
    press("Run")
    assert (state("updates"), state("cycle"), state("w")) == ("4", "4", "0,0")
    said = page.locator(".live-status").first
    assert said.inner_text() == (
        "Back at w = (0, 0), b = 0 after 4 updates: this will go on for ever."
    )
    point(1).click()  # one corner in the other class: now there is a line
    press("Run")
    assert (state("done"), state("cycle")) == ("true", "0")


def test_it_runs_by_itself_and_pauses(show):
    page = show(xor())
    press, state, _ = parts(page)
    press("Run")
    page.clock.run_for(1000)
    press("Pause")
    updates = state("updates")
    assert int(updates) >= 1
    page.clock.run_for(2000)
    assert state("updates") == updates
    press("From zero")
    assert state("updates") == "0"


def test_by_keyboard(show):
    page = show(four())
    _, state, point = parts(page)
    label = page.locator(".live-point").nth(1)
    point(1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert "at (0.25, 1)" in label.get_attribute("aria-label")
    page.keyboard.press("Enter")
    assert "class −1" in label.get_attribute("aria-label")
    page.keyboard.press("PageDown")
    page.keyboard.press("Delete")
    assert point(3).count() == 0
    assert "(0.40, 1.10)" in point(2).get_attribute("aria-label")
    assert point(2).evaluate("p => p === document.activeElement")
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Space")
    assert state("updates") == "1"


def test_by_touch(show, drag):
    page = show(four(), width=390, has_touch=True, is_mobile=True)
    _, state, point = parts(page)
    before = point(0).get_attribute("aria-label")
    drag(page, point(0), -50, -40)
    after = point(0).get_attribute("aria-label")
    assert after != before
    assert "class +1" in after
    point(0).tap()
    assert "class −1" in point(0).get_attribute("aria-label")
    page.get_by_role("button", name="Step").tap()
    assert state("updates") == "1"
    top = page.evaluate("scrollY")
    drag(page, page.locator(".live-plot").nth(1), 0, -300)
    page.wait_for_function(
        "top => scrollY > top", arg=top
    )  # a finger scrolls the page
    assert page.problems == []
