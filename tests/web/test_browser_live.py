"""All live figures on one page, each used a little: no fault is to be found."""

from figures import FIGURES

from lessons_lib import live

MORE = {
    "backprop": lambda: live.backprop(3, [2, -1], [0.5, -1.5], 5, alt="x"),
    "activations": lambda: live.activations(alt="curves", z=-2),
    "perceptron": lambda: live.perceptron(
        [[1, 1], [-1, 1], [-1, -1], [1, -1]], [1, -1, 1, -1], alt="a square"
    ),
}


def use(page):
    """Go some way with every figure that has steps, dials or examples."""
    for step in page.get_by_role("button", name="Step", exact=True).all():
        for _ in range(10):
            if step.is_enabled():
                step.click()
    for rate in page.get_by_label("learning rate", exact=True).all():
        rate.fill("0.5")
    for example in page.get_by_role("button", name="Example").all():
        example.click()


def test_no_figure_has_a_fault(show, faults):
    figures = [*FIGURES.values(), *MORE.values()]
    page = show(*(figure() for figure in figures), width=390, theme="dark")
    assert page.locator(".live-body").count() == len(figures)
    use(page)
    assert "undefined" not in page.inner_text("main")
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []
