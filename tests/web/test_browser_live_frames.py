"""The slider of pictures, operated in a real browser."""

from figures import some_frames


def test_by_mouse_keyboard_and_touch(show, drag):
    page = show(some_frames(), some_frames(), width=390, has_touch=True)
    one, two = page.locator("figure.live").all()
    said = "none </script>"
    assert one.locator(".live-status").inner_text() == "one"
    one.get_by_label("Previous picture").tap()
    assert one.locator(".live-status").inner_text() == said
    assert two.locator(".live-status").inner_text() == "one", "each by itself"
    one.get_by_label("Picture", exact=True).press("ArrowRight")
    assert one.locator(".live-status").inner_text() == "one"
    drag(page, one.get_by_label("Picture", exact=True), -200, 0)
    assert one.locator(".live-status").inner_text() == said
    # by keys: from the last picture on it begins again
    two.get_by_label("Play or pause").press("Enter")
    assert two.locator(".live-status").inner_text() == said
    two.get_by_text("one", exact=True).first.wait_for()
    two.get_by_label("Previous picture").click()
    assert two.locator(".live-status").inner_text() == said
    assert page.problems == []
