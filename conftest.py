"""What every test run shares: nbval's conventions and the number of threads."""

import os
from collections.abc import Iterator

import pytest

# Several notebooks run side by side, so each gets one thread: kernels that
# fight for the cores take longer together than one after another.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_configure(config) -> None:
    """Give nbval its rules, from wherever the tests are started."""
    rules = config.rootpath / "tests/nbval.cfg"
    config.option.nbval_sanitize_with = str(rules)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent) -> Iterator[None]:
    """Leave stderr, where progress bars go, out of nbval's comparison."""
    collectors = yield
    for collector in collectors:
        if hasattr(collector, "skip_compare"):
            collector.skip_compare += ("stderr",)
    return collectors
