"""`make bench` at a small size."""

import pytest
import torch
from torch.utils.data import TensorDataset

from lessons_lib.data import Digits, Images
from tools import bench


@pytest.fixture
def digits():
    torch.manual_seed(0)
    y = torch.arange(10).repeat(60)
    X = torch.randint(0, 26, (600, 1, 28, 28), dtype=torch.uint8)
    X[torch.arange(600), 0, 0, y] = 255  # easy
    return Digits(*(Images(X), y) * 3, source="mnist")


def rows(page):
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines[2:]]


def test_an_epoch_is_given_as_ratios(digits, monkeypatch):
    dataset = TensorDataset(digits.X_train[:], digits.y_train)
    monkeypatch.setattr(
        bench, "torchvision_loader", lambda n: bench.loader(dataset)
    )
    first, *others = rows(bench.epochs(digits, 2, 600))
    assert first[2:] == ["1.00", "1.00 … 1.00"]
    assert len(others) == 4
    assert all(float(row[2]) > 0 for row in others)


def test_a_larger_budget_buys_accuracy(digits):
    found = rows(bench.budgets(digits, 2, (0.01, 0.5)))
    assert [row[0] for row in found] == ["0.01"] * 2 + ["0.5"] * 2
    little, much = float(found[0][2]), float(found[2][2])
    assert 0 <= little < much
    assert much > 90


def test_a_command_is_measured_with_its_children():
    child = "import time; x = bytearray(200 << 20); time.sleep(1)"
    seconds, peak = bench.measured(
        [
            "-c",
            f"import subprocess as s, sys; s.run([sys.executable, '-c', "
            f"'{child}'])",
        ]
    )
    assert seconds > 1
    assert 0.2 < peak < 1
    with pytest.raises(SystemExit, match="ZeroDivisionError"):
        bench.measured(["-c", "1 / 0"])


def test_the_machine_is_named():
    names = [row[0] for row in rows(bench.machine())]
    assert {"date", "processor", "cores", "Python", "torch"} <= set(names)
