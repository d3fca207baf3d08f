"""A figure's link and its cell for PyTorch, in a real browser."""

import contextlib
import io
import json

import pytest
import torch
from figures import FIGURES

from lessons_lib import live

SQUARE = [[1, 1], [-1, 1], [-1, -1], [1, -1]]
# What was copied, whether the browser lets the page copy or not.
CLIPBOARD = """(allowed) => Object.defineProperty(navigator, "clipboard", {
  configurable: true,
  value: { writeText: async (text) => {
    if (!allowed) throw new Error("not allowed");
    window.copied = text;
  } },
})"""


def xor():
    return live.perceptron(SQUARE, [1, -1, 1, -1], alt="a square")


def parts(page, i=0):
    """The figure, what presses a button, its words, and what it holds."""
    figure = page.locator("figure.live").nth(i)

    def press(name, times=1):
        for _ in range(times):
            figure.get_by_role("button", name=name, exact=True).click()

    def held():
        page.clock.run_for(100)
        return figure.locator(".live-body").evaluate("b => ({...b.dataset})")

    return figure, press, figure.locator(".live-said"), held


def use_perceptron(figure, press):
    figure.locator(".live-point").nth(1).click()
    press("Add point")
    press("Step", 5)


def use_activations(figure, press):
    figure.get_by_label("Input z").fill("-1.3")
    figure.get_by_label("Layers").fill("4")
    figure.get_by_label("Fourth function").select_option("GELU")


def use_backprop(figure, press):
    figure.get_by_label("Change w₁").fill("1.5")
    press("Back", 5)


def use_descent(figure, press):
    figure.locator("select").first.select_option("Adam")
    figure.locator("select").last.select_option("turned")
    figure.get_by_label("learning rate").fill("-0.3")
    press("Step", 3)


def use_trainer(figure, press):
    figure.get_by_label("Hidden units").fill("3")
    figure.get_by_label("Activation").select_option("sigmoid")
    figure.get_by_label("Points").select_option("moons")
    press("Step", 12)


def use_digit(figure, press):
    press("Example")


USES = {
    "perceptron": use_perceptron,
    "activations": use_activations,
    "backprop": use_backprop,
    "descent": use_descent,
    "trainer": use_trainer,
    "digit": use_digit,
}
# The steps to go on, and what the page and the cell then hold.
ENDS = {
    "perceptron": (
        lambda d: [*map(float, d["w"].split(",")), float(d["b"])],
        lambda n: [*n["w"].tolist(), n["b"].item()],
    ),
    "descent": (lambda d: [float(d["loss"])], lambda n: [n["loss"].item()]),
    "trainer": (
        lambda d: [float(v) for v in d["theta"].split(",")],
        lambda n: flat(n["net"]).tolist(),
    ),
}


def flat(net):
    return torch.nn.utils.parameters_to_vector(net.parameters()).detach()


def run(text, more):
    lines = text.splitlines()
    [at] = [i for i, line in enumerate(lines) if line.startswith("more = ")]
    lines[at] = f"more = {more}"
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec("\n".join(lines), names)
    return names


def unfold(page, figure):
    figure.locator("summary").click()
    page.wait_for_function(
        "document.querySelector('.live-body code').textContent"
    )


@pytest.mark.parametrize("name", USES)
def test_a_link_brings_the_state_back_and_the_cell_goes_on(show, name):
    page = show(FIGURES[name]())
    page.evaluate(CLIPBOARD, True)
    figure, press, words, held = parts(page)
    begun = held()
    USES[name](figure, press)
    before = held()
    assert before != begun
    press("Link")
    assert "copied" in words.inner_text()
    link = page.evaluate("window.copied")
    assert link == page.url
    assert len(link) < 6000
    unfold(page, figure)
    press("Copy")
    text = page.evaluate("window.copied")
    page.goto("about:blank")
    page.goto(link)
    assert words.inner_text() == "This is the state of the link."
    assert held() == before
    if name in ENDS:
        page_holds, cell_holds = ENDS[name]
        for more in (0, 4):
            press("Step", more)
            assert page_holds(held()) == pytest.approx(
                cell_holds(run(text, more)), abs=1e-5, rel=1e-5
            )
    else:
        run(text, 1)
    if name == "digit":
        p = run(text, 0)["p"].tolist()
        assert [float(v) for v in before["p"].split(",")] == pytest.approx(
            p, abs=1e-5
        )
    assert page.problems == []


def test_figures_do_not_disturb_each_other(show):
    page = show(xor(), FIGURES["trainer"](), xor(), width=390)
    all_parts = [parts(page, i) for i in range(3)]
    for i, steps in ((0, 1), (1, 3), (2, 2)):
        all_parts[i][1]("Step", steps)
        all_parts[i][1]("Link")
    before = [held() for *_, held in all_parts]
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    assert [held() for *_, held in all_parts] == before
    # the last one linked is the one to be seen
    top = page.locator("figure.live").nth(2).bounding_box()["y"]
    assert -5 < top < 900
    # another link, opened on the same page
    alone = link.replace("#", "#nothing&").split("&")
    one = next(part for part in alone if part.startswith("perceptron-1"))
    _, press, words, held = all_parts[0]
    press("Link")  # other words
    press("Step", 3)
    assert held() != before[0]
    page.evaluate("part => { location.hash = part }", one)
    words.filter(has_text="the state of the link").wait_for()
    assert held() == before[0]
    assert all_parts[2][3]() == before[2]
    assert page.problems == []


@pytest.mark.parametrize(
    "fragment",
    [
        "perceptron-1=",
        "perceptron-1=e30",
        "perceptron-1=%%%",
        "trainer-1=WzFd",
    ],
)
def test_a_damaged_link_is_not_used(show, fragment):
    page = show(xor(), FIGURES["trainer"]())
    i = int(fragment.startswith("trainer"))
    _, _, words, held = parts(page, i)
    begun = held()
    address = page.url
    page.goto("about:blank")
    page.goto(f"{address}#{fragment}")
    assert "not used" in words.inner_text()
    assert parts(page, 1 - i)[2].inner_text() == ""
    assert held() == begun
    page.evaluate("location.hash = 'cell-28'")
    assert held() == begun
    assert page.problems == []


def test_a_link_of_other_samples_is_not_used(show):
    page = show(FIGURES["descent"]())
    _, press, words, held = parts(page)
    begun = held()
    press("Step")
    press("Link")
    part = page.url.split("descent-1=")[1]
    found = page.evaluate(
        "t => JSON.parse(atob(t.replaceAll('-', '+').replaceAll('_', '/')))",
        part,
    )
    found["best"][0] += 1
    letters = page.evaluate("t => btoa(t)", json.dumps(found))
    page.reload()
    page.evaluate("t => { location.hash = t }", f"descent-1={letters}")
    words.filter(has_text="not used").wait_for()
    assert held()["steps"] != begun["steps"], "it stays as it was"


def test_the_cell_is_the_one_of_now(show):
    page = show(xor())
    page.evaluate(CLIPBOARD, False)
    figure, press, words, _ = parts(page)
    code = figure.locator("code")
    press("Step")
    assert code.text_content() == "", "made when it is looked at"
    unfold(page, figure)
    assert "\nplace = 1  #" in code.text_content()
    press("Step")
    assert "\nplace = 2  #" in code.text_content()
    press("Copy")
    assert "by hand" in words.inner_text()
    marked = page.evaluate("getSelection().toString()")
    assert marked.strip() == code.text_content().strip()
    press("Link")
    assert "in the address bar" in words.inner_text()
    assert "#perceptron-1=" in page.url


def test_what_is_not_there_is_not_shared(show):
    page = show(FIGURES["digit"](), FIGURES["trainer"]())
    for i in (0, 1):
        figure, press, words, _ = parts(page, i)
        if i:
            figure.get_by_label("Points").select_option("own")
        press("Link")
        assert words.inner_text() == "There is nothing to link to."
        figure.locator("summary").click()
        figure.locator("code", has_text="nothing here yet").wait_for()
    assert "#" not in page.url


def test_the_weights_are_cut_to_be_seen_and_copied_whole(show):
    page = show(FIGURES["digit"]())
    page.evaluate(CLIPBOARD, True)
    figure, press, _, held = parts(page)
    press("Example")
    held()
    unfold(page, figure)
    seen = figure.locator("code").text_content()
    press("Copy")
    assert len(seen) < 2500
    assert "…" in seen
    assert len(page.evaluate("window.copied")) > 784 * 10
    assert "…" not in page.evaluate("window.copied")


def test_in_a_frame_there_is_no_link(show):
    """The address is another's there."""
    page = show(xor())
    page.evaluate("""() => {
      const frame = document.createElement("iframe");
      frame.src = location.href;
      document.body.replaceChildren(frame);
    }""")
    frame = page.frame_locator("iframe")
    frame.locator("summary").wait_for()
    assert not frame.get_by_role("button", name="Link").is_visible()


def test_by_keyboard(show):
    page = show(xor())
    figure, *_ = parts(page)
    figure.locator("summary").focus()
    page.keyboard.press("Enter")
    figure.locator("code", has_text="import torch").wait_for()
    for wanted in ("PRE", "BUTTON"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == wanted
