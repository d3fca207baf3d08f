import os
import time
from pathlib import Path

import torch
from torch import distributed as dist
from torch import nn
from torch.utils.data import DistributedSampler

from lessons_lib import data
from lessons_lib.runtime import set_seed, synchronize, worker_device


def attempt():  # 0, and after a restart 1
    return int(os.environ["TORCHELASTIC_RESTART_COUNT"])


def make_net():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)
    )


def join():
    device, backend = worker_device()
    dist.init_process_group(backend)
    return device, dist.get_rank()


def own_rows(sampler, epoch):
    sampler.set_epoch(epoch)  # shuffle anew, the same way everywhere
    rows = torch.tensor(list(sampler))
    size = 256 // sampler.num_replicas  # of p processes
    steps = len(rows) // size
    return rows[: steps * size].view(steps, size)  # (steps, 256 / p)


def step(net, sgd, X, y):
    loss = nn.functional.cross_entropy(net(X), y)
    sgd.zero_grad()
    loss.backward()  # DDP: the gradients are averaged here
    sgd.step()


def prepare(device):
    set_seed()
    net = make_net().to(device)
    return net, torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)


def save(path, net, sgd, done):
    state = {"net": net.state_dict(), "sgd": sgd.state_dict(), "done": done}
    torch.save(state, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)  # whole, or not at all


def load(path, net, sgd, device):
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    net.load_state_dict(state["net"])
    sgd.load_state_dict(state["sgd"])
    return state["done"]


def note(folder, what):
    path = folder / f"log-{dist.get_rank()}.txt"
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{what} {attempt()} {time.time()}\n")


def finish_epoch(folder, net, sgd, done):
    if dist.get_rank() == 0:
        save(folder / "checkpoint.pt", net, sgd, done)
    note(folder, done)


def perhaps_die(folder, epoch, i, dies_in):
    here = dist.get_rank() == 1 and epoch == int(dies_in) and i == 2
    if here and attempt() == 0:
        note(folder, "died")
        os._exit(1)  # on the spot: no farewell, no clean-up


def training(folder, epochs, dies_in=-1):
    (device, rank), folder = join(), Path(folder)
    digits = data.load_mnist().to(device)
    net, sgd = prepare(device)
    done = load(folder / "checkpoint.pt", net, sgd, device)
    note(folder, done)
    ddp = nn.parallel.DistributedDataParallel(net)
    sampler = DistributedSampler(digits.y_train, drop_last=True)
    for epoch in range(done, int(epochs)):
        for i, rows in enumerate(own_rows(sampler, epoch)):
            perhaps_die(folder, epoch, i, dies_in)
            step(ddp, sgd, digits.X_train[rows], digits.y_train[rows])
        finish_epoch(folder, net, sgd, epoch + 1)
    torch.save(net.state_dict(), folder / f"weights-{rank}.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    import sys

    training(*sys.argv[1:])
