"""One epoch of 784-256-10 on MNIST, batch 256, in other people's trainers.

    python -m tools.peers

Needs the environment of tools/peers.txt, and MNIST where
`lessons_lib.data` looks for it. Prints a table in Markdown; lesson 11 quotes
it.
"""

from __future__ import annotations

import contextlib
import io
import logging
import statistics
import warnings
from importlib.metadata import version

import lightning
import matplotlib as mpl
import torch
from torch import nn

mpl.use("agg")
from d2l import torch as d2l
from skorch import NeuralNetClassifier

from lessons_lib import data
from tools import bench

warnings.simplefilter("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


def make_sgd(model: nn.Module) -> torch.optim.Optimizer:
    """The optimiser that every way uses."""
    return torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


class Lit(lightning.LightningModule):
    """The network for Lightning's Trainer."""

    def __init__(self) -> None:
        super().__init__()
        self.net = bench.make_net()

    def training_step(self, batch: list[torch.Tensor], _: int) -> torch.Tensor:
        X, y = batch
        return nn.functional.cross_entropy(self.net(X), y)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return make_sgd(self)


class D2L(d2l.Classifier):
    """The network for d2l's Trainer."""

    def __init__(self) -> None:
        super().__init__()
        self.net = bench.make_net()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return make_sgd(self)


class Digits(d2l.DataModule):
    """The loader for d2l's Trainer, which wants a validation part too."""

    def __init__(self, loader: object) -> None:
        super().__init__()
        self.loader = loader

    def get_dataloader(self, train: bool) -> object:
        return self.loader if train else []


def main() -> None:
    """Print the table."""
    digits = data.load_mnist("mnist")
    X = torch.cat([digits.X_train[:], digits.X_val[:]])
    y = torch.cat([digits.y_train, digits.y_val])
    loader = bench.torchvision_loader()

    def with_lightning() -> None:
        trainer = lightning.Trainer(
            max_epochs=1,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.fit(Lit(), loader)

    def with_d2l() -> None:
        d2l.Trainer(max_epochs=1).fit(D2L(), Digits(loader))

    def with_skorch() -> None:
        net = NeuralNetClassifier(
            bench.make_net,
            criterion=nn.CrossEntropyLoss,
            optimizer=torch.optim.SGD,
            optimizer__momentum=0.9,
            lr=0.1,
            max_epochs=1,
            batch_size=bench.BATCH,
            iterator_train__shuffle=True,
            train_split=None,
            verbose=0,
        )
        net.fit(X, y)

    ways = {
        "the five matrix products only": lambda: bench.products(len(X)),
        "`data.batches`": lambda: bench.train(data.batches(X, y, bench.BATCH)),
        f"skorch {version('skorch')}, tensors": with_skorch,
        "torchvision's MNIST, `ToTensor`, `DataLoader`": lambda: bench.train(
            loader
        ),
        f"Lightning {version('lightning')}, that loader": with_lightning,
        f"d2l {version('d2l')}, that loader": with_d2l,
    }
    with contextlib.redirect_stdout(io.StringIO()):  # d2l draws
        seconds = bench.in_turn(ways, 2)
    base = statistics.median(seconds["`data.batches`"])
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}\n")
    print("| way | ratio |\n|---|---|")
    for name, values in seconds.items():
        print(f"| {name} | {statistics.median(values) / base:.1f} |")


if __name__ == "__main__":
    main()
