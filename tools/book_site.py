"""A Sphinx extension: what keeps the site whole without any other host.

It brings MathJax along from a pinned package, leaves out thebe, which would
ask another host for its script on every page, and mends what screen readers
stumble over.
"""

from __future__ import annotations

import re
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MATHJAX = "sphinx-mathjax-offline"
# What a page with formulas loads: the rest of the package is for other uses.
WANTED = ["tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions"]
EMPTY_HEADER = re.compile(r"<th[^>]*>\s*(<p>\s*</p>)?\s*</th>")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the two steps; called by Sphinx."""
    app.connect("builder-inited", bring_mathjax)
    app.connect("html-page-context", leave_out_thebe, priority=900)
    app.connect("html-page-context", mend_body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def bring_mathjax(app: Sphinx) -> None:
    """Copy the parts of MathJax that the site needs into its static files."""
    source = Path(
        metadata.distribution(MATHJAX).locate_file(f"{MATHJAX}/static/mathjax")
    )
    target = Path(app.outdir) / "_static" / "mathjax"
    for name in WANTED:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
        elif (source / name).is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, target / name)
        else:
            raise ExtensionError(
                f"{MATHJAX} has no {name}: is its version right?"
            )


def leave_out_thebe(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: Any,
) -> None:
    """Drop thebe's scripts and style from the page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [
            f for f in context.get(kind, []) if "thebe" not in str(f)
        ]


def mend_body(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: Any,
) -> None:
    """Give screen readers only what they can use.

    The empty corner of a table is a cell, not a header without a name. The
    roles of a bibliography are deprecated, and its list is none.
    """
    if "body" in context:
        body = EMPTY_HEADER.sub("<td></td>", context["body"])
        body = body.replace(' role="doc-biblioentry"', "")
        context["body"] = body.replace(
            '<div role="list" class="citation-list">',
            '<div class="citation-list">',
        )
