"""The walk downhill, operated in a real browser."""

import torch

from lessons_lib import live

X = torch.tensor([[1.0, 0.0], [0.0, 0.5]])
Y = torch.tensor([1.0, 1.0])  # the lowest loss is at (1, 2)
ALL = {
    "gradient descent": 0.1,
    "SGD": 0.1,
    "momentum": 0.1,
    "Adagrad": 1.0,
    "Adam": 0.2,
    "AdamW": 0.2,
}


def walks(rules=ALL):
    return live.descent(X, Y, start=(-2.5, -2.5), rules=rules, alt="a map")


def one_rule():
    return walks({"gradient descent": 0.1})


def parts(page, i=0):
    """The figure, what presses a button, and the figure's state."""
    figure = page.locator("figure.live").nth(i)

    def press(name, times=1):
        for _ in range(times):
            figure.get_by_role("button", name=name, exact=True).click()

    def state():
        data = figure.locator(".live-body").evaluate("b => ({...b.dataset})")
        return int(data["steps"]), float(data["loss"]), data["verdict"]

    return figure, press, state


def test_by_mouse(show, drag):
    page = show(one_rule(), walks())
    figure, press, state = parts(page)
    said = figure.locator(".live-status")
    assert state()[0] == 40
    assert said.inner_text().endswith("The limit 2/c is 2.00.")
    rate = figure.get_by_label("learning rate")
    rate.fill("-2.5")
    assert state()[2] == "crawls"
    rate.fill("0.3")
    assert state()[2] == "jumps"
    rate.fill("0.5")
    assert state()[2] == "diverged"
    assert said.inner_text().startswith("Diverged: after ")
    rate.fill("-0.3")
    press("Reset")
    assert state()[0] == 0
    before = state()[1]
    press("Step", 2)
    assert state()[0] == 2
    assert state()[1] < before
    press("Reset")
    drag(page, figure.locator(".live-point"), 60, -60)
    assert state()[1] < before, "nearer to the lowest"
    assert parts(page, 1)[2]()[0] == 40, "each figure by itself"
    assert page.problems == []


def test_every_rule_on_both_maps(show):
    page = show(walks(), reduced_motion="reduce")
    figure, press, state = parts(page)
    starts, ends = [], []
    for valley in ("along", "turned"):
        figure.get_by_label("valley").select_option(valley)
        seen = {}
        for rule, rate in ALL.items():
            figure.get_by_label("rule").select_option(rule)
            assert f"{rate:.2f}" in figure.locator("label output").inner_text()
            press("Reset")
            start = state()[1]
            press("Run")
            assert state()[0] > 20
            assert state()[1] < start / 2
            seen[rule] = state()[1]
        assert len(set(seen.values())) == len(ALL), "no two rules walk alike"
        starts.append(start)
        ends.append(seen)
    assert abs(starts[0] - starts[1]) < 1e-9, "the start turns with the valley"
    along, across = ends
    assert abs(along["momentum"] - across["momentum"]) < 1e-9
    assert abs(along["Adam"] - across["Adam"]) > 1e-6
    assert page.problems == []


def test_it_runs_by_itself_and_pauses(show):
    page = show(one_rule())
    _, press, state = parts(page)
    press("Reset")
    press("Run")
    page.clock.run_for(500)
    press("Pause")
    steps = state()[0]
    assert steps >= 3
    page.clock.run_for(300)
    assert state()[0] == steps


def test_by_keyboard(show):
    page = show(one_rule())
    figure, _, state = parts(page)
    before = state()[1]
    start = figure.locator(".live-point")
    start.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    place = start.get_attribute("aria-label")
    assert place.startswith("The start, at −2.4, −1.5.")
    assert state()[1] < before
    figure.get_by_label("learning rate").press("ArrowRight")
    assert figure.locator("label output").inner_text() == "0.11"
    figure.get_by_role("button", name="Step").press("Enter")
    assert state()[0] == 41


def test_by_touch(show, drag):
    page = show(one_rule(), width=390, has_touch=True, is_mobile=True)
    figure, _, state = parts(page)
    before = state()
    drag(page, figure.locator(".live-point"), 40, -40)
    assert state()[1] < before[1]
    figure.get_by_role("button", name="Step").tap()
    assert state()[0] == 41
    page.evaluate("scrollTo(0, 0)")
    drag(page, figure.locator(".live-plot").last, 0, -200)
    page.wait_for_function("scrollY > 0")  # a finger scrolls the page
    assert page.problems == []
