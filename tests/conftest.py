"""What a run says at its end: tables that tests recorded, what was left out."""

import re

MISSING = re.compile(r"there is no (Chromium|Node) on this machine")
INSTALL = (
    "install Chromium or Google Chrome, and Node 18 or newer "
    "(Debian: apt-get install chromium nodejs)"
)


def pytest_terminal_summary(terminalreporter):
    """Print them."""
    print_tables(terminalreporter)
    skipped = [
        MISSING.search(str(report.longrepr))
        for report in terminalreporter.getreports("skipped")
    ]
    names = [found[1] for found in skipped if found]
    if names:
        counts = [f"{names.count(n)} without {n}" for n in sorted({*names})]
        terminalreporter.section("not tested")
        terminalreporter.write_line(
            f"Tests left out: {', '.join(counts)}. To run them too, {INSTALL}."
        )


def print_tables(terminalreporter):
    """Print the tables that tests recorded, passed or not.

    A row is what `record_property` was given: it travels with the report from
    xdist's processes to this one.
    """
    tables = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for table, row in report.user_properties:
                if isinstance(row, list | tuple):
                    tables.setdefault(table, []).append(row)
    for table, rows in tables.items():
        terminalreporter.section(table)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = zip(row, widths, strict=True)
            line = "  ".join(c.ljust(w) for c, w in cells)
            terminalreporter.write_line(line.rstrip())
