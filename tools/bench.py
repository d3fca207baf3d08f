"""Measure one epoch of 784-256-10 on MNIST, batch 256, in several ways.

    python tools/bench.py [--repeats 3]

Everything is timed in one run, so the ratios can be compared from machine to
machine; the seconds cannot.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets, transforms
from tqdm import tqdm

from lessons_lib import data

BATCH = 256


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    digits = data.load_mnist("mnist")
    X = torch.cat([digits.X_train, digits.X_val])  # all 60,000, as torchvision
    y = torch.cat([digits.y_train, digits.y_val])
    decoded = torchvision_loader()
    ways = {
        "the five matrix products only": lambda: products(len(X)),
        "data.batches": lambda: train(data.batches(X, y, BATCH)),
        "TensorDataset, DataLoader": lambda: train(
            loader(TensorDataset(X, y))
        ),
        "scikit-learn's MLPClassifier": classifier(X, y),
        "torchvision's MNIST, ToTensor, DataLoader": lambda: train(decoded),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in tqdm(range(repeats + 1), leave=False):
        for (
            name,
            way,
        ) in ways.items():  # in turn, so that a slow spell hits all
            start = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - start)
    base, *_ = medians = [statistics.median(s[1:]) for s in seconds.values()]
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}")
    print(
        f"{'one epoch of 60,000, batch 256':42} {'seconds':>8} {'ratio':>6} spread"
    )
    for (name, values), median in zip(seconds.items(), medians, strict=True):
        spread = f"{min(values[1:]) / base:.2f} … {max(values[1:]) / base:.2f}"
        print(f"{name:42} {median:8.2f} {median / base:6.2f}  {spread}")
    print(f"torchvision's way / data.batches: {medians[-1] / medians[1]:.1f}")


def products(n: int) -> None:
    """The products of forward and backward: X W1, A1 W2, and the gradients.

    There are five, as no gradient with respect to X is needed.
    """
    X, W1 = torch.rand(BATCH, 784), torch.rand(784, 256)
    A1, W2 = torch.rand(BATCH, 256), torch.rand(256, 10)
    dZ1, dZ2 = torch.rand(BATCH, 256), torch.rand(BATCH, 10)
    for _ in range(n // BATCH + 1):
        X @ W1
        A1 @ W2
        dZ2 @ W2.T
        A1.T @ dZ2
        X.T @ dZ1


def train(batches: object) -> None:
    """One epoch of SGD with momentum over these batches."""
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)
    )
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for X, y in batches:
        loss = nn.functional.cross_entropy(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def loader(dataset: object) -> DataLoader:
    """A shuffled loader, in this process as the tutorials have it."""
    return DataLoader(dataset, batch_size=BATCH, shuffle=True)


def classifier(X: torch.Tensor, y: torch.Tensor) -> Callable[[], None]:
    """One epoch of scikit-learn's MLP."""
    flat, labels = X.flatten(1).numpy(), y.numpy()

    def way() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            MLPClassifier(256, batch_size=BATCH, max_iter=1).fit(flat, labels)

    return way


def torchvision_loader() -> DataLoader:
    """The tutorials' way: each image is decoded when it is asked for."""
    dataset = datasets.MNIST(
        data.data_folder(), download=False, transform=transforms.ToTensor()
    )
    return loader(dataset)


if __name__ == "__main__":
    main()
