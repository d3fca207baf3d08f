"""What every test run shares: nbval's conventions, and where the time goes."""

import os
from collections.abc import Iterator

import pytest

# Several notebooks run side by side, so each gets one thread: kernels that
# fight for the cores take longer together than one after another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["LESSONS_COMPARE"] = "1"  # no claim holds by comparing NaN


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


def pytest_collection_modifyitems(items) -> None:
    """Mark the lessons that load MNIST: `-m data` and `-m "not data"`."""
    loads = {}
    for item in items:
        notebook = getattr(item.parent, "nb", None)
        if notebook is None:
            continue
        if item.path not in loads:
            loads[item.path] = any(
                cell.cell_type == "code" and "load_mnist(" in cell.source
                for cell in notebook.cells
            )
        if loads[item.path]:
            item.add_marker(pytest.mark.data)


def pytest_terminal_summary(terminalreporter) -> None:
    """Say where the time went, as a table in Markdown.

    The seconds of all processes are added up, those of set-up and tear-down
    included. The lessons, run by nbval, are the measure of the rest.
    """
    groups: dict[str, tuple[set[str], list[float]]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                folder, _, _ = report.nodeid.partition("::")[0].rpartition("/")
                names, seconds = groups.setdefault(folder, (set(), []))
                names.add(report.nodeid)
                seconds.append(report.duration)
    totals = {folder: sum(seconds) for folder, (_, seconds) in groups.items()}
    rows = [
        (folder, len(names), totals[folder])
        for folder, (names, _) in sorted(groups.items())
    ]
    if not rows:
        return
    if len(rows) > 1:
        rows.append(("all", sum(n for _, n, _ in rows), sum(totals.values())))
    lessons = totals.get("book")
    terminalreporter.section("where the time went")
    write = terminalreporter.write_line
    write("| tests        | number | seconds | of the lessons' |")
    write("|--------------|-------:|--------:|----------------:|")
    for folder, number, seconds in rows:
        ratio = f"{seconds / lessons:.2f}" if lessons else ""
        write(f"| {folder:12} | {number:6} | {seconds:7.0f} | {ratio:>15} |")
