"""Tensors on the wrong device, found without a GPU (python -m tools.pretend).

The light lessons run here, and lessons with a planted fault; `make pretend`
runs all of them.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from torch.utils import backend_registration

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not hasattr(
        backend_registration, "_setup_privateuseone_for_python_backend"
    ),
    reason="this torch knows no devices made in Python",
)
# The lesson, what to change, and into what: mistakes that people make.
FAULTS = {
    "01-perceptron": ("X, y = X.to(device), y.to(device)", "X = X.to(device)"),
    "02-xor": ("    return net.to(device)", "    return net"),
    "08-iris": ("[part.to(device) for part in", "[part for part in"),
    "09-mnist-from-scratch": (
        "torch.stack(history).cpu()",
        "torch.stack(history)",
    ),
    "10-mnist-mlp": ("data.load_mnist().to(device)", "data.load_mnist()"),
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


@pytest.mark.parametrize(
    ("lines", "answer"), [(RAISES, "raises"), (WORKS, "works")]
)
def test_what_a_gpu_refuses(lines, answer):
    result = run("-c", RULES, input=lines)
    assert result.returncode == 0, result.stderr
    answers = dict(
        zip(lines.splitlines(), result.stdout.splitlines(), strict=True)
    )
    wrong = [line for line, got in answers.items() if got != answer]
    assert not wrong, result.stderr


def test_light_lessons_hold_on_a_pretended_gpu():
    result = run("-m", "tools.pretend", "00", "10")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count(": 0 wrong") == 2


@pytest.mark.parametrize("lesson", FAULTS)
def test_a_planted_fault_is_found(lesson, tmp_path):
    before, after = FAULTS[lesson]
    text = (ROOT / f"book/{lesson}.ipynb").read_text("utf-8")
    assert before in text
    planted = tmp_path / f"{lesson}.ipynb"
    planted.write_text(text.replace(before, after), "utf-8")
    result = run("-m", "tools.pretend", planted)
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(
        why in result.stdout
        for why in ("same device", "can't convert", "move one of them")
    ), result.stdout
