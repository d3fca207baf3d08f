"""The network that learns in the page, operated in a real browser."""

from types import SimpleNamespace

from figures import some_trainer


def parts(page, i=0):
    figure = page.locator("figure.live").nth(i)
    return SimpleNamespace(
        state=lambda name: figure.locator(".live-body").get_attribute(
            f"data-{name}"
        ),
        plane=figure.get_by_role("button", name="The plane"),
        points=figure.locator(".live-point"),
        said=figure.locator(".live-status"),
        button=lambda name: figure.get_by_role("button", name=name),
        choose=lambda name, value: figure.get_by_label(name).select_option(
            value
        ),
        slider=figure.get_by_label("Hidden units"),
    )


def until(page, name, value):
    """Wait until the figure says so: a tap takes a moment to be a click."""
    page.wait_for_function(
        "([n, v]) => document.querySelector('.live-body').dataset[n] === v",
        arg=[name, value],
    )


def test_it_learns(show):
    """With eight tanh units, until Pause; the other figure stands still."""
    page = show(some_trainer(), some_trainer())
    one, two = parts(page), parts(page, 1)
    first = one.state("theta")
    one.button("Step").click()
    assert one.state("steps") == "1"
    one.button("Run").click()
    page.clock.run_for(5000)
    one.button("Pause").click()
    assert float(one.state("loss")) < 0.05
    assert one.state("right") == "4"
    assert "4 of 4 right (100\u00a0%)" in one.said.inner_text()
    assert two.state("steps") == "0"
    one.button("Reset").click()
    assert (one.state("theta"), one.state("steps")) == (first, "0")
    one.button("New weights").click()
    assert one.state("theta") != first
    assert one.state("seed") == "2"
    assert page.problems == []


def test_the_dials(show):
    page = show(some_trainer())
    one = parts(page)
    assert len(one.state("theta").split(",")) == 33
    one.slider.fill("2")
    assert len(one.state("theta").split(",")) == 9
    one.choose("Activation", "relu")
    one.choose("Optimiser", "sgd")
    assert page.get_by_label("Learning rate").input_value() == "1"
    one.choose("Learning rate", "3")
    one.button("Step").click()
    assert one.state("steps") == "1"
    one.choose("Points", "moons")
    assert (one.state("points"), one.state("steps")) == ("40", "0")
    assert page.problems == []


def test_points_by_mouse(show, drag):
    page = show(some_trainer())
    one = parts(page)
    one.choose("Points", "own")
    assert "No points yet" in one.said.inner_text()
    one.button("Run").click()
    one.button("Run").wait_for()  # and not "Pause": there is nothing to run
    one.plane.click(position={"x": 60, "y": 60})
    one.choose("A tap", "0")
    one.plane.click(position={"x": 200, "y": 200})
    assert one.state("points") == "2"
    words = one.points.nth(1).get_attribute("aria-label")
    assert "class −1" in words
    drag(page, one.points.nth(1), -50, 0)
    assert one.points.nth(1).get_attribute("aria-label") != words
    one.points.nth(0).click()
    assert "class −1" in one.points.nth(0).get_attribute("aria-label")
    one.choose("A tap", "remove")
    one.points.nth(0).click()
    assert one.state("points") == "1"
    one.button("Step").click()
    assert one.state("steps") == "1"
    assert page.problems == []


def test_points_by_keyboard(show):
    page = show(some_trainer())
    one = parts(page)
    one.plane.focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert (one.state("points"), one.state("kind")) == ("5", "own")
    assert "(0.00, 0.30)" in one.points.nth(4).get_attribute("aria-label")
    page.keyboard.press("Tab")  # the points are one stop: here, the new one
    page.keyboard.press("ArrowRight")
    assert "(0.05, 0.30)" in one.points.nth(4).get_attribute("aria-label")
    page.keyboard.press("PageDown")
    page.keyboard.press("Delete")
    assert one.state("points") == "4"
    assert "(−1.00, 1.00)" in one.points.nth(0).get_attribute("aria-label")
    assert one.points.nth(0).evaluate("p => p === document.activeElement")
    page.keyboard.press("Tab")
    assert one.button("Step").evaluate("b => b === document.activeElement")
    assert page.problems == []


def test_by_touch(show, drag):
    page = show(some_trainer(), width=390, has_touch=True)
    one = parts(page)
    words = one.points.nth(0).get_attribute("aria-label")
    drag(page, one.points.nth(0), -30, 30)
    assert one.points.nth(0).get_attribute("aria-label") != words
    assert one.state("kind") == "own"
    box = one.plane.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 10)
    until(page, "points", "5")
    page.wait_for_timeout(350)  # else the next tap is half of a double tap
    one.button("Step").tap()
    until(page, "steps", "1")
    # a finger that moves over the plane scrolls the page
    assert one.plane.evaluate("e => getComputedStyle(e).touchAction") == "auto"
    assert page.problems == []


def test_without_motion_it_still_learns(show):
    page = show(some_trainer(), reduced_motion="reduce")
    one = parts(page)
    one.button("Run").click()
    assert one.state("right") == "4"
    assert page.problems == []
