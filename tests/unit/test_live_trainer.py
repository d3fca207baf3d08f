"""The network that learns in the page: its gradients and steps are torch's."""

import json
import re

import pytest
import torch
from nodejs import run_node
from torch import nn

from lessons_lib import live

DRIVER = """
import { OPTIMISERS, evaluate } from "./lessons_lib/live/trainer.js";
answer = data.map((job) => {
  const theta = Float64Array.from(job.theta);
  const { gradient, loss, right } = evaluate(theta, job.kind, job.X, job.y);
  const move = OPTIMISERS[job.optimiser]();
  for (let i = 0; i < 50; i++)
    move(theta, evaluate(theta, job.kind, job.X, job.y).gradient, job.lr);
  return { gradient: [...gradient], loss, right, after: [...theta] };
});
"""
KINDS = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU}
LINES = {"adam": (torch.optim.Adam, 0.05), "sgd": (torch.optim.SGD, 1.0)}


def nets():
    """Nets of 1 to 8 units, of each kind, with the job for Node."""
    torch.manual_seed(0)
    for hidden in range(1, 9):
        for kind, activation in KINDS.items():
            for optimiser, (_, lr) in LINES.items():
                net = nn.Sequential(
                    nn.Linear(2, hidden), activation(), nn.Linear(hidden, 1)
                ).double()
                X = torch.rand(12, 2, dtype=torch.float64) * 3 - 1.5
                y = (X[:, 0] * X[:, 1] > 0).double()
                job = {
                    "theta": flat(net).tolist(),
                    "kind": kind,
                    "optimiser": optimiser,
                    "lr": lr,
                    "X": X.tolist(),
                    "y": y.tolist(),
                }
                yield net, X, y, job


def flat(net):
    return nn.utils.parameters_to_vector(net.parameters()).detach()


def test_gradients_and_fifty_steps_are_torchs():
    cases = list(nets())
    found = run_node(DRIVER, [job for *_, job in cases])
    for (net, X, y, job), page in zip(cases, found, strict=True):
        loss_function = nn.BCEWithLogitsLoss()
        method, lr = LINES[job["optimiser"]]
        optimizer = method(net.parameters(), lr=lr)
        for step in range(50):
            z = net(X).flatten()
            loss = loss_function(z, y)
            optimizer.zero_grad()
            loss.backward()
            if step == 0:
                grads = [p.grad for p in net.parameters()]
                close(
                    page["gradient"], torch.cat([g.flatten() for g in grads])
                )
                close(page["loss"], loss.detach())
                assert page["right"] == ((z > 0) == (y == 1)).sum()
            optimizer.step()
        close(page["after"], flat(net), 1e-4)


def close(numbers, expected, atol=1e-12):
    actual = torch.tensor(numbers, dtype=torch.float64)
    torch.testing.assert_close(actual, expected, rtol=0, atol=atol)


def test_the_points_to_choose_from():
    """Four corners, and two moons of twenty points; all inside the plane."""
    page = live.trainer(alt="a net").html
    data = json.loads(re.search(r"application/json\">(.*?)</script>", page)[1])
    for name, n in [("xor", 2), ("moons", 20), ("own", 0)]:
        X, y = data["sets"][name].values()
        assert [y.count(0), y.count(1)] == [n, n]
        assert len(X) == len(y)
        assert all(abs(v) < 1.8 for x in X for v in x)
    X, y = data["sets"]["xor"].values()
    assert y == [int(a * b > 0) for a, b in X]


@pytest.mark.parametrize(
    ("hidden", "error"), [(0, ValueError), (9, ValueError), (2.0, TypeError)]
)
def test_what_it_refuses(hidden, error):
    with pytest.raises(error, match="hidden is"):
        live.trainer(hidden=hidden, alt="a net")
