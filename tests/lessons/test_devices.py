"""Tensors on the wrong device, found without a GPU (tools/pretend.py).

Two light lessons run here, and a small one that has each mistake in turn;
`make pretend` runs all lessons.
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from torch.utils import backend_registration

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not hasattr(
        backend_registration, "_setup_privateuseone_for_python_backend"
    ),
    reason="this torch knows no devices made in Python",
)
# A lesson in small, whole and with the mistakes that people make.
LESSON = """\
from lessons_lib import data, train
from lessons_lib.claims import claim
from lessons_lib.runtime import set_seed, use_device
set_seed()
device = use_device()
digits = data.load_mnist("digits").to(device)
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10)).to(device)
X, y = digits.X_train.to(device), digits.y_train.to(device)
sgd = torch.optim.SGD(net.parameters(), lr=0.1)
history = train.fit(net, sgd, X, y, epochs=2, batch_size=64)
claim("it learns", history.train_loss[1] < history.train_loss[0])
weights = net[1].weight.detach().cpu().numpy()
"""
FAULTS = {
    "whole": ("", ""),
    "data": ("digits.X_train.to(device)", "digits.X_train.to('cpu')"),
    "labels": ("digits.y_train.to(device)", "digits.y_train.cpu()"),
    "net": ("(784, 10)).to(device)", "(784, 10))"),
    "numpy": ("detach().cpu().numpy()", "detach().numpy()"),
    "float64": ("X, y = digits.X_train", "X, y = digits.X_train[:].double()"),
}
RULES = """
import torch
from torch.nn import functional as F
from lessons_lib.claims import claim
from lessons_lib.runtime import use_device
device = use_device()

def on(*shape): return torch.ones(*shape, device=device)

here, there, one = torch.ones(3), on(3), torch.tensor(1.0)
index = torch.tensor([0, 2])
logits, labels = on(2, 3), torch.tensor([0, 1])
net = torch.nn.Linear(3, 2)
away = torch.nn.Linear(3, 2).to(device)
adam = torch.optim.Adam(away.parameters())

def answer(line):
    try:
        eval(line)
    except (RuntimeError, TypeError) as error:
        return f"raises {error}"
    return "works"

for line in RAISES:
    claim(line, answer(line) != "works")
for line in WORKS:
    claim(line, answer(line) == "works", answer=answer(line))
"""
# As CUDA and, for float64, MPS have it.
RAISES = """\
here + there
there * here
there.add_(here)
here.add_(there)
one.add_(there.sum())
here @ there
there @ one.expand(3)
here[index.to(device)]
torch.cat([here, there])
torch.stack([one, there.sum()])
F.cross_entropy(logits, labels)
F.mse_loss(there, here)
net(there)
away(here)
there.numpy()
there.double()
torch.ones(3, dtype=torch.float64, device=device)
here.double().to(device)
"""
WORKS = """\
there + 1
there + one
one * there
there[index]
there[index.to(device)]
there[[0, 2]], there[None, [0, 0]]
there.__setitem__([0, 2], 5.0)
there.index_put_((index,), one)
torch.where(there > 0, there, one)
torch.stack([there, here.to(device)])
F.cross_entropy(logits, labels.to(device))
away(there).sum().backward()
adam.step()
here.copy_(there)
there.copy_(here)
there.cpu().numpy()
there.quantile(0.98)
there.tolist(), there.sum().item(), f"{there.sum():.2f}", repr(there)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What is wrong with each lesson, in one run."""
    folder = tmp_path_factory.mktemp("lessons")
    lines = f"RAISES, WORKS = {RAISES.splitlines()}, {WORKS.splitlines()}\n"
    sources = {"rules": lines + RULES}
    for name, change in FAULTS.items():
        assert change[0] in LESSON
        head = "import torch\nfrom torch import nn\n"
        sources[name] = head + LESSON.replace(*change)
    for name, source in sources.items():
        cell = nbformat.v4.new_code_cell(source)
        notebook = nbformat.v4.new_notebook(cells=[cell])
        nbformat.write(notebook, folder / f"{name}.ipynb")
    files = [folder / f"{name}.ipynb" for name in sources]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    env.pop("LESSONS_SEED", None)
    result = subprocess.run(
        [sys.executable, "-m", "tools.pretend", "00", "01", *files],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    found = {}
    for line in result.stdout.splitlines():
        if line.startswith("  "):
            found[name].append(line)
        else:
            name, _, _ = line.partition(": ")
            found[name] = []
    return found


def test_what_a_gpu_refuses(said):
    assert said["rules"] == []


def test_light_lessons_hold_on_a_pretended_gpu(said):
    assert said["00-your-machine"] == []
    assert said["01-perceptron"] == []


def test_planted_mistakes_are_found(said):
    assert said["whole"] == []
    for name in set(FAULTS) - {"whole"}:
        (line,) = said[name]
        assert any(
            why in line
            for why in (
                "same device",
                "can't convert",
                "move one of them",
                "has no float64",
                ".numpy() is not supported",
            )
        ), line
