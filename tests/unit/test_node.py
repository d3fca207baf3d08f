"""The mathematics of the live figures, run by Node's own test runner."""

from nodejs import ROOT, node


def test_the_scripts_of_the_figures():
    tests = sorted((ROOT / "tests/unit/js").glob("*.test.mjs"))
    assert tests
    node("--test", *tests)
