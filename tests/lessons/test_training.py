"""The program that lesson 12 writes, shows and runs, as a file in the book."""

import os
import subprocess
import sys

import pytest

from tools import lessons

PROGRAM = lessons.BOOK / "training.py"


def test_it_is_what_the_lesson_shows():
    (path,) = lessons.find("12")
    shown = [
        output.text
        for cell in lessons.read(path).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "def training(" in output.get("text", "")
    ]
    assert shown == [PROGRAM.read_text("utf-8") + "\n"]  # of print


@pytest.mark.data
def test_it_runs_and_goes_on_where_it_stopped(tmp_path):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--local-addr=localhost", "--nproc-per-node=2", PROGRAM]
    env = {k: v for k, v in os.environ.items() if not k.startswith("PET_")}
    env |= {"PYTHONPATH": str(lessons.ROOT), "OMP_NUM_THREADS": "1"}
    env |= {"LESSONS_DEVICE": "cpu", "USE_LIBUV": str(int(os.name != "nt"))}
    for epochs in ("1", "2"):
        run = subprocess.run(
            [*command, tmp_path, epochs],
            env=env,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr[-3000:]
    log = (tmp_path / "log-0.txt").read_text("utf-8").splitlines()
    assert [line.split()[0] for line in log] == ["0", "1", "1", "2"]
