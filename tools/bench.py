"""Measure speed, as ratios, and write book/benchmarks.md.

    python -m tools.bench [--repeats 5] [--quick]

All of it is measured in one run, in turn, so that a slow spell of the machine
hits every way: the ratios can be compared from machine to machine, the
seconds cannot. Needs MNIST, the built site, Chromium, and a machine that does
nothing else for about twenty minutes. ``--quick`` tries every part at a small
size, prints the page and stores nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset
from torchvision import datasets, transforms
from tqdm import tqdm

from lessons_lib import data
from tools.lessons import ROOT, find

PAGE = ROOT / "book/benchmarks.md"
BATCH = 256
CHUNK = 20 * BATCH  # samples between two looks at the clock
HEAD = """\
# Benchmarks

Written by `make bench`, in one run on one machine. The rows of a table take
turns, so that a slow spell hits them all. Compare the ratios with those of
another machine, not the seconds. A spread is the smallest and the largest of
the repeats.

"""


def main() -> int:
    """Measure, and write or print the page; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    repeats, quick = options.repeats, options.quick
    weights = weigh()
    digits = data.load_mnist("mnist")
    sections = [
        lambda: epochs(digits, repeats, 2_560 if quick else 60_000),
        lambda: budgets(digits, repeats, (0.2, 0.5) if quick else (1, 3, 10)),
        lambda: imports(repeats),
        lambda: lessons(1 if quick else 3, ["1"] if quick else [""]),
        lambda: whole(quick),
        lambda: pages(weights),
    ]
    page = HEAD + machine() + "".join(s() for s in tqdm(sections, leave=False))
    if quick:
        print(page)
    else:
        PAGE.write_text(page.rstrip("\n") + "\n", "utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


# --- The page ----------------------------------------------------------------


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its first column left and the others right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def spread(values: Sequence[float], digits: int = 2) -> tuple[str, str]:
    """The median of the values, and their range."""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle, f"{min(values):.{digits}f} … {max(values):.{digits}f}"


def machine() -> str:
    """On what and when it was measured."""
    packages = ("torch", "torchvision", "scikit-learn", "numpy")
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text("utf-8") if cpuinfo.is_file() else ""
    names = [x.partition(": ")[2] for x in text.splitlines() if "model n" in x]
    memory = psutil.virtual_memory().total / 2**30
    rows = [
        ("date", date.today().isoformat()),
        ("system", f"{platform.system()}, {platform.machine()}"),
        ("processor", names[0] if names else platform.processor()),
        ("cores", str(os.cpu_count())),
        ("threads used by PyTorch", str(torch.get_num_threads())),
        ("memory", f"{memory:.0f} GiB"),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in packages),
    ]
    return table(["what", "measured on"], rows)


# --- One epoch ---------------------------------------------------------------


def epochs(digits: data.Digits, repeats: int, n: int) -> str:
    """One epoch of 784-256-10 on MNIST in several ways."""
    pixels = torch.cat([digits.X_train.pixels, digits.X_val.pixels])[:n]
    images = data.Images(pixels)  # 60,000, as torchvision has them
    X = images[:]
    y = torch.cat([digits.y_train, digits.y_val])[:n]
    decoded = torchvision_loader(n)
    ways: dict[str, Callable[[], None]] = {
        "the five matrix products only": lambda: products(len(X)),
        "`data.batches`": lambda: train(data.batches(images, y, BATCH)),
        "`TensorDataset`, `DataLoader`": lambda: train(
            loader(TensorDataset(X, y))
        ),
        "scikit-learn's `MLPClassifier`": classifier(X, y),
        "torchvision's MNIST, `ToTensor`, `DataLoader`": lambda: train(
            decoded
        ),
    }
    seconds = in_turn(ways, repeats)
    (base, *_), rows = seconds.values(), []
    for name, values in seconds.items():
        ratios = [s / b for s, b in zip(values, base, strict=True)]
        middle = f"{statistics.median(values):.2f}"
        rows.append((name, middle, *spread(ratios)))
    words = (
        f"## An epoch on MNIST\n\n{len(X):,} images in batches of {BATCH} "
        f"through 784-{BATCH}-10, {repeats} times each.\n\n"
    )
    head = ["way", "seconds", "ratio to the products", "spread"]
    return words + table(head, rows)


def in_turn(
    ways: Mapping[str, Callable[[], None]], repeats: int
) -> dict[str, list[float]]:
    """The seconds that each way took, after a first round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for i in tqdm(range(repeats + 1), leave=False):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if i:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def products(n: int) -> None:
    """The products of forward and backward: X W1, A1 W2, and the gradients.

    There are five, as no gradient with respect to X is needed.
    """
    X, W1 = torch.rand(BATCH, 784), torch.rand(784, 256)
    A1, W2 = torch.rand(BATCH, 256), torch.rand(256, 10)
    dZ1, dZ2 = torch.rand(BATCH, 256), torch.rand(BATCH, 10)
    for _ in range(-(-n // BATCH)):
        X @ W1
        A1 @ W2
        dZ2 @ W2.T
        A1.T @ dZ2
        X.T @ dZ1


def make_net() -> nn.Module:
    """784-256-10, as in lesson 10."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)
    )


Batches = Iterable[tuple[torch.Tensor, torch.Tensor]]


def train(batches: Batches) -> None:
    """One epoch of SGD with momentum over these batches."""
    net = make_net()
    steps(
        net, torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9), batches
    )


def steps(
    net: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches
) -> None:
    """One step a batch."""
    for X, y in batches:
        loss = nn.functional.cross_entropy(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def loader(dataset: Dataset) -> DataLoader:
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


def torchvision_loader(n: int = 60_000) -> DataLoader:
    """The tutorials' way: each image is decoded when it is asked for."""
    dataset = datasets.MNIST(
        data.data_folder(), download=False, transform=transforms.ToTensor()
    )
    return loader(Subset(dataset, range(n)) if n < 60_000 else dataset)


# --- What a budget buys ------------------------------------------------------


def budgets(digits: data.Digits, repeats: int, limits: Sequence[float]) -> str:
    """Test accuracy within so many CPU seconds, here and in scikit-learn."""
    makers = {"`data.batches`": torch_learner, "`MLPClassifier`": sk_learner}
    scores: dict[tuple[str, float], list[float]] = {
        (name, limit): [] for name in makers for limit in limits
    }
    for seed in tqdm(range(repeats), leave=False):
        for name, make in makers.items():
            torch.manual_seed(seed)
            learn, score = make(digits, seed)
            used, left = 0.0, list(limits)
            while left:
                start = time.process_time()
                learn()
                used += time.process_time() - start
                while left and used >= left[0]:
                    scores[name, left.pop(0)].append(100 * score())
    rows = [
        (f"{limit:g}", name, *spread(scores[name, limit]))
        for limit in limits
        for name in makers
    ]
    words = (
        "## Accuracy for a budget\n\nThe same network, 784-256-10, with Adam "
        f"at 0.001 in batches of {BATCH}, from {repeats} seeds. The budget is "
        "the processor's time over all cores, without the time to test.\n\n"
    )
    head = ["CPU seconds", "way", "test accuracy in %", "spread"]
    return words + table(head, rows)


Learner = tuple[Callable[[], object], Callable[[], float]]


def chunks(n: int) -> Iterator[torch.Tensor]:
    """Without end, the rows of the next few batches, shuffled each epoch."""
    while True:
        yield from torch.randperm(n).split(CHUNK)


def torch_learner(digits: data.Digits, seed: int) -> Learner:
    """PyTorch: learn a little more; the test accuracy."""
    net, rows = make_net(), chunks(len(digits.y_train))
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)

    def learn() -> None:
        i = next(rows)
        X, y = digits.X_train[i], digits.y_train[i]
        steps(net, adam, data.batches(X, y, BATCH, shuffle=False))

    @torch.no_grad()
    def score() -> float:
        right = net(digits.X_test[:]).argmax(dim=1) == digits.y_test
        return right.double().mean().item()

    return learn, score


def sk_learner(digits: data.Digits, seed: int) -> Learner:
    """scikit-learn: the same."""
    mlp = MLPClassifier(256, batch_size=BATCH, alpha=0, random_state=seed)
    rows = chunks(len(digits.y_train))
    X, X_test = (
        t.flatten(1).numpy() for t in (digits.X_train[:], digits.X_test[:])
    )
    y, y_test = digits.y_train.numpy(), digits.y_test.numpy()

    def learn() -> None:
        i = next(rows).numpy()
        mlp.partial_fit(X[i], y[i], classes=range(10))

    return learn, lambda: mlp.score(X_test, y_test)


# --- Imports, lessons, the regression, the site ------------------------------

IMPORTS = """
import time
marks = [time.perf_counter()]
import torch
marks.append(time.perf_counter())
import lessons_lib
marks.append(time.perf_counter())
import matplotlib.pyplot
marks.append(time.perf_counter())
from lessons_lib import claims, data, live, plots, runtime, train
marks.append(time.perf_counter())
print(*(b - a for a, b in zip(marks, marks[1:])))
"""


def imports(repeats: int) -> str:
    """What `import lessons_lib` adds to `import torch`."""
    runs = []
    for _ in range(repeats):
        run = subprocess.run(
            [sys.executable, "-c", IMPORTS],
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append([1000 * float(v) for v in run.stdout.split()])
    names = [
        "`import torch`",
        "then `import lessons_lib`",
        "then `import matplotlib.pyplot`",
        "then the modules that a lesson imports",
    ]
    columns = zip(names, zip(*runs, strict=True), strict=True)
    rows = [(name, *spread(values, 1)) for name, values in columns]
    words = (
        f"## Imports\n\nIn {repeats} fresh processes, one after another.\n\n"
    )
    return words + table(["step", "milliseconds", "spread"], rows)


LESSON = """
import sys
from pathlib import Path
from tools import lessons
lessons.in_kernel(lessons.read(Path(sys.argv[1])))
"""


def measured(
    command: Sequence[object], log: Path | None = None
) -> tuple[float, float]:
    """Seconds, and peak memory in GiB with all child processes.

    The memory is what the processes held at the worst of the moments looked
    at, four in a second; what they share is counted once a process. What the
    command prints goes into ``log``.
    """
    start, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        process = psutil.Popen(
            [sys.executable, *map(str, command)],
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            with contextlib.suppress(psutil.Error):  # one has just ended
                all_of_them = [process, *process.children(recursive=True)]
                held = sum(p.memory_info().rss for p in all_of_them)
                peak = max(peak, held)
            time.sleep(0.25)
        seconds = time.perf_counter() - start
        file.seek(0)
        printed = file.read()
        if process.returncode:
            raise SystemExit(f"failed: {command}\n{printed[-3000:]}")
        if log:
            log.write_text(printed, "utf-8")
    return seconds, peak / 2**30


def lessons(repeats: int, numbers: Sequence[str]) -> str:
    """The time of each lesson, run from a clean kernel."""
    paths = [p for n in numbers for p in find(n)]
    runs: dict[Path, list[tuple[float, float]]] = {p: [] for p in paths}
    for _ in range(repeats):
        for path in tqdm(paths, leave=False):
            runs[path].append(measured(["-c", LESSON, path]))
    rows = []
    for path, results in runs.items():
        seconds, peaks = zip(*results, strict=True)
        rows.append((path.stem, *spread(seconds, 1), f"{max(peaks):.1f}"))
    words = (
        f"## Lessons\n\nEach from a clean kernel to its end, {repeats} times; "
        "start and imports included.\n\n"
    )
    head = ["lesson", "seconds", "spread", "memory at most, GiB"]
    return words + table(head, rows)


def whole(quick: bool) -> str:
    """The tests and the build of the site, once each.

    ``.ci/run`` runs all tests, those of data once more, and builds the site.
    """
    tests: list[object]
    tests = ["-m", "pytest", "-n", "auto", "-p", "no:cacheprovider"]
    small = ["tests/unit/test_train.py", "book/01-perceptron.ipynb"]
    build = Path(sys.executable).with_name("jupyter-book")
    options = "build --all -W -n --keep-going --quiet --path-output"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        jobs: dict[str, list[object]] = {
            "the lessons, by nbval": [
                *tests,
                *(small[1:] if quick else ["book"]),
            ],
            "`make test`": [*tests, *(small if quick else [])],
            "the tests of data": [
                *tests,
                *(small if quick else ["-m", "data"]),
            ],
            "the site": [build, *options.split(), folder, "."],
        }
        found, said = {}, ""
        for name, command in jobs.items():
            found[name] = measured(command, log)
            if name == "`make test`":
                said = log.read_text("utf-8", "replace")
    rows = [(name, f"{s:.0f}", f"{p:.1f}") for name, (s, p) in found.items()]
    lessons, every, data, site = (s for s, _ in found.values())
    groups = re.findall(
        r"(?m)^\|.*\|$", said.partition("where the time went")[2]
    )
    words = (
        f"`make test` takes {every / lessons:.2f} times as long as its lessons "
        f"alone, and `.ci/run` {(every + data + site) / every:.2f} times as long "
        "as `make test`.\n\nWhat the groups of tests take, all processes added "
        "up:\n\n"
    )
    head = ["once", "seconds", "memory at most, GiB"]
    return (
        "## The tests and the site\n\n"
        + table(head, rows)
        + words
        + "\n".join(groups)
        + "\n\n"
    )


def weigh() -> list[list[str]]:
    """What each page weighs: its name, and its two weights in kB.

    Raises
    ------
    SystemExit
        If a page is too heavy, or none can be weighed.
    """
    run = subprocess.run(
        [sys.executable, "-m", "web.weigh"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    _, *rows, _ = run.stdout.splitlines()
    return [row.split() for row in rows]


def pages(rows: Sequence[Sequence[str]]) -> str:
    """What each page of the site weighs."""
    words = (
        "## Pages\n\nWhat a first visit loads, in kB, compressed as a server "
        "sends it. A page's own figures are all its pictures and live "
        "figures.\n\n"
    )
    return words + table(["page", "first load", "own figures"], rows)


if __name__ == "__main__":
    sys.exit(main())
