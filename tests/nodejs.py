"""Scripts that the tests run with Node, if there is one."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def node(*arguments, text=""):
    """Run Node in the repository, with ``text`` on its input.

    Needs Node 18 or newer on the PATH (Debian: apt-get install nodejs).
    Without it the test is skipped; with LESSONS_NEED_BROWSER=1 it fails.
    """
    program = shutil.which("node")
    if not program and not os.environ.get("LESSONS_NEED_BROWSER"):
        pytest.skip("there is no Node on this machine")
    assert program, "LESSONS_NEED_BROWSER is set, and there is no Node"
    run = subprocess.run(
        [program, *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    return run.stdout


def run_node(script, data):
    """What ``script``, a module, puts into ``answer`` when given ``data``."""
    source = f"""
        import {{ readFileSync }} from "node:fs";
        const data = JSON.parse(readFileSync(0, "utf8"));
        let answer;
        {script}
        console.log(JSON.stringify(answer));
    """
    out = node("--input-type=module", "-e", source, text=json.dumps(data))
    return json.loads(out)
