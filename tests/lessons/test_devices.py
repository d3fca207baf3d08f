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
import sys
import torch
from torch.nn import functional as F
from tools.pretend import PRETENDED

def on(*shape): return torch.ones(*shape, device=PRETENDED)

here, there, one = torch.ones(3), on(3), torch.tensor(1.0)
index = torch.tensor([0, 2])
logits, labels = on(2, 3), torch.tensor([0, 1])
net = torch.nn.Linear(3, 2)
away = torch.nn.Linear(3, 2).to(PRETENDED)
adam = torch.optim.Adam(away.parameters())
for line in sys.stdin.read().splitlines():
    try:
        eval(line)
    except (RuntimeError, TypeError) as error:
        print(line, "->", type(error).__name__, error, file=sys.stderr)
        print("raises")
    else:
        print("works")
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
here[index.to(PRETENDED)]
torch.cat([here, there])
torch.stack([one, there.sum()])
F.cross_entropy(logits, labels)
F.mse_loss(there, here)
net(there)
away(here)
there.numpy()
there.double()
torch.ones(3, dtype=torch.float64, device=PRETENDED)
here.double().to(PRETENDED)
"""
WORKS = """\
there + 1
there + one
one * there
there[index]
there[index.to(PRETENDED)]
there[[0, 2]], there[None, [0, 0]]
there.__setitem__([0, 2], 5.0)
there.index_put_((index,), one)
torch.where(there > 0, there, one)
torch.stack([there, here.to(PRETENDED)])
F.cross_entropy(logits, labels.to(PRETENDED))
away(there).sum().backward()
adam.step()
here.copy_(there)
there.copy_(here)
there.cpu().numpy()
there.quantile(0.98)
there.tolist(), there.sum().item(), f"{there.sum():.2f}", repr(there)
"""


def run(*command, **options):
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    env.pop("LESSONS_SEED", None)
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        **options,
    )


def test_what_a_gpu_refuses():
    result = run("-c", RULES, input=RAISES + WORKS)
    assert result.returncode == 0, result.stderr
    wanted = dict.fromkeys(RAISES.splitlines(), "raises")
    wanted |= dict.fromkeys(WORKS.splitlines(), "works")
    answers = zip(wanted, result.stdout.splitlines(), strict=True)
    assert dict(answers) == wanted, result.stderr


def test_light_lessons_hold_on_a_pretended_gpu():
    result = run("-m", "tools.pretend", "00", "01")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count(": 0 wrong") == 2


def test_planted_mistakes_are_found(tmp_path):
    for name, change in FAULTS.items():
        source = "import torch\nfrom torch import nn\n" + LESSON
        assert change[0] in source
        cell = nbformat.v4.new_code_cell(source.replace(*change))
        notebook = nbformat.v4.new_notebook(cells=[cell])
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")
    names = [tmp_path / f"{name}.ipynb" for name in FAULTS]
    result = run("-m", "tools.pretend", *names)
    assert result.returncode == 1, result.stdout + result.stderr
    first, *rest = result.stdout.split("\n  ")
    assert first.startswith("whole: 0 wrong")
    assert result.stdout.count(": 1 wrong") == len(FAULTS) - 1, result.stdout
    for line in rest:
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
