"""Planted faults: each must make a claim of its lesson, or a unit test, fail.

A lesson's cells are run once, in order and as they stand. Where a fault is to
be planted the process forks: the child runs the spoilt cell and goes on until
the claim that must fail has been made. A fault in ``lessons_lib`` is planted
in a copy, against which a test file is run. The table of faults and what
caught them is printed at the end of the test run; for one part alone:

    python tests/test_mutations.py 04
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copytree
from unittest.mock import MagicMock

import nbformat
import pytest

ROOT = Path(__file__).parents[2]

# Lesson: (what is wrong, as it stands, as it is planted, the claim that fails)
LESSONS = {
    "00": [
        (
            "a column too far",
            "W1[:, 2]).sum()",
            "W1[:, 1]).sum()",
            "row 1 times column 2 is entry (1, 2)",
        ),
        (
            "a transposed matrix",
            "Z1 = X @ W1  #",
            "Z1 = (X @ W1).T  #",
            "row 1 times column 2 is entry (1, 2)",
        ),
        (
            "one bias for all units",
            "z + b1 for z in Z1",
            "z + b1[0] for z in Z1",
            "b1 is added to every row",
        ),
        (
            "(N, 1) against (N,)",
            "mse(y_hat.squeeze(1), y)",
            "mse(y_hat, y)",
            "with equal shapes the loss is 0",
        ),
    ],
    "01": [
        (
            "the wrong sign",
            "b = b + lr * y[i]",
            "b = b - lr * y[i]",
            "the rule stops after five updates",
        ),
        (
            "< for <=",
            "<= 0:  # wrong",
            "< 0:  # wrong",
            "the rule stops after five updates",
        ),
        (
            "the last point left out",
            "order or range(len(y))",
            "order or range(len(y) - 1)",
            "of its 101 updates only the first changes anything",
        ),
        (
            "a forgotten bias",
            "feet = X - ((X @ w + b)",
            "feet = X - ((X @ w)",
            "the distance from the line is |score| / |w|",
        ),
        (
            "all samples for the wrong ones",
            "loss = -right[bad].sum()",
            "loss = -right.sum()",
            "by hand and by autograd the gradients agree",
        ),
    ],
    "02": [
        (
            "p and 1 - p exchanged",
            "torch.where(y01 == 1, p, 1 - p)",
            "torch.where(y01 == 1, 1 - p, p)",
            "PyTorch's loss is the mean of -ln p(true class)",
        ),
        (
            "a sign in the output",
            "Z2 = A1 @ W2 + b2",
            "Z2 = A1 @ W2 - b2",
            "two hidden units get all four right",
        ),
        (
            "no activation",
            "activation(),  # number by number",
            "nn.Identity(),",
            "the 2-8-1 net gets all four right",
        ),
        (
            "the labels left out",
            "P = y[:, None] * torch.cat([X, torch.ones(",
            "P = torch.cat([X, torch.ones(",
            "in all 24 orders an epoch makes exactly 4 updates",
        ),
        (
            "a wrong learning rate",
            "def adam(net, lr=0.05)",
            "def adam(net, lr=5e-5)",
            "and its loss ends below 0.05",
        ),
    ],
    "03": [
        (
            "a sign in a derivative",
            "torch.sigmoid(z) * (1 - torch.sigmoid(z))",
            "torch.sigmoid(z) * (1 + torch.sigmoid(z))",
            "in float32 formula and autograd agree within 2e-7",
        ),
        (
            "a forgotten square",
            "1 - torch.tanh(z) ** 2",
            "1 - torch.tanh(z)",
            "in float64 they agree within 1e-15",
        ),
        (
            "a step in the wrong place",
            "(z > 0).to(z.dtype)",
            "(z > 1).to(z.dtype)",
            "in float32 formula and autograd agree within 2e-7",
        ),
        (
            "weights scaled by H, not its root",
            "torch.randn(H, H, device=device) / H**0.5",
            "torch.randn(H, H, device=device) / H",
            "tanh: more than a fiftieth reaches it",
        ),
        (
            "gradients that pile up",
            "x.grad = None\n",
            "",
            "after clearing, x.grad holds tanh′",
        ),
    ],
    "04": [
        (
            "the wrong sign",
            "2 * (y_hat - y)  # (1, 1)",
            "2 * (y - y_hat)  # (1, 1)",
            "the gradient of W2 is (-24, 0)",
        ),
        (
            "the clamped gradient",
            "grad_Z1 = grad_A1 * (Z1 > 0)  # (N, H)",
            "grad_Z1 = grad_A1.clamp(min=0)  # (N, H)",
            "all five agree with autograd within 1e-12",
        ),
        (
            "a forgotten mask",
            "grad_Z1 = grad_A1 * (Z1 > 0)  # (1, 2)",
            "grad_Z1 = grad_A1  # (1, 2)",
            "the gradient of W1 is (-6, 0)",
        ),
        (
            "uphill",
            "W1 -= lr * grad_W1",
            "W1 += lr * grad_W1",
            "autograd gives the losses of the hand-written run",
        ),
        (
            "a missing zero_grad",
            "                W.grad.zero_()\n",
            "",
            "autograd gives the losses of the hand-written run",
        ),
        (
            "half of a difference quotient",
            "(f(W + nudge) - f(W - nudge))",
            "(f(W + nudge) - f(W))",
            "nudging agrees with the chain rule",
        ),
    ],
    "05": [
        (
            "a wrong axis in softmax",
            "logits.exp().sum(dim=1, keepdim=True)",
            "logits.exp().sum(dim=0, keepdim=True)",
            "cross-entropy by hand is torch's",
        ),
        (
            "a sum for a mean",
            "mse = ((z - y) ** 2).mean()",
            "mse = ((z - y) ** 2).sum()",
            "MSE by hand is torch's",
        ),
        (
            "a wrong learning rate",
            "    return w - lr * g\n",
            "    return w - 2 * lr * g\n",
            "gradient descent: equal to torch over 100 steps",
        ),
        (
            "no bias correction",
            'memory["m"] / (1 - b1**t)',
            'memory["m"]',
            "Adam: equal to torch over 100 steps",
        ),
        (
            "weight decay through the gradient",
            "adam(w * (1 - lr * weight_decay), g, memory",
            "adam(w, g + weight_decay * w, memory",
            "AdamW: equal to torch over 100 steps",
        ),
        (
            "epsilon under the root",
            "(v_hat.sqrt() + eps)",
            "(v_hat + eps).sqrt()",
            "Adam: equal to torch over 100 steps",
        ),
        (
            "no stop at zero",
            "(v.abs() - threshold).clamp(min=0)",
            "(v.abs() - threshold)",
            "exactly the five useless weights are 0",
        ),
    ],
    "06": [
        (
            "< for <=",
            "torch.where(X < 10, 0.5, 0.0)",
            "torch.where(X <= 10, 0.5, 0.0)",
            "the three levels have 21, 19 and 20 points",
        ),
        (
            "the wrong sign",
            "delta = y_hat - y\n",
            "delta = y - y_hat\n",
            "ValueError",
        ),
        (
            "half of the sigmoid's slope",
            "delta1 = delta * v1 * a1 * (1 - a1)",
            "delta1 = delta * v1 * a1",
            "OverflowError",
        ),
        (
            "half of the cross-entropy",
            "-(y * y_hat.log() + (1 - y) * (1 - y_hat).log()).mean()",
            "-(y * y_hat.log()).mean()",
            "both ways give the same seven numbers, to 0.0001",
        ),
    ],
    "07": [
        (
            "a target of shape (N,)",
            "X.sum(dim=1, keepdim=True)  # (n, 30), (n, 1)",
            "X.sum(dim=1)",
            "by step 100 the network beats the answer 15",
        ),
        (
            "a missing zero_grad",
            "        optimizer.zero_grad()\n        loss.backward()\n"
            "        optimizer.step()\n        losses.append(loss.item())",
            "        loss.backward()\n"
            "        optimizer.step()\n        losses.append(loss.item())",
            "the last 100 losses have a mean below 0.01",
        ),
        (
            "a wrong learning rate",
            "lr=1e-3)\nX_test, y_test",
            "lr=1e-5)\nX_test, y_test",
            "by step 100 the network beats the answer 15",
        ),
        (
            "a sum over the wrong axis",
            "X.sum(dim=1, keepdim=True)).abs()",
            "X.sum(dim=0, keepdim=True)).abs()",
            "least squares is never off by more than 0.001",
        ),
    ],
    "08": [
        (
            "the test part in the scaling",
            "X_train.min(axis=0), X_train.max(axis=0)",
            "iris.data.min(axis=0), iris.data.max(axis=0)",
            "the scaled test part goes a little over 1",
        ),
        (
            "trained on the test part",
            "loss = nn.functional.cross_entropy(net(X_train), y_train)\n"
            "        optimizer",
            "loss = nn.functional.cross_entropy(net(X_test), y_test)\n"
            "        optimizer",
            "both quick settings end with a training loss below 0.08",
        ),
        (
            "a missing zero_grad",
            "        optimizer.zero_grad()\n",
            "",
            "both quick settings end with a training loss below 0.08",
        ),
        (
            "argmin for argmax",
            "y_hat = net(X_train).argmax(dim=1)",
            "y_hat = net(X_train).argmin(dim=1)",
            "no flower is mistaken for a setosa, and no setosa for another",
        ),
    ],
    "09": [
        (
            "a wrong axis in softmax",
            "by_hand = -logits.log_softmax(dim=1)",
            "by_hand = -logits.log_softmax(dim=0)",
            "each loss is -ln p of its image",
        ),
        (
            "uphill",
            "p -= lr * gradient",
            "p += lr * gradient",
            "it peaks within the first 20 steps",
        ),
        (
            "no ReLU by hand",
            "    return Z.clamp(min=0)",
            "    return Z",
            "equal weights give equal logits",
        ),
        (
            "a wrong learning rate",
            "sgd = torch.optim.SGD(net.parameters(), lr=0.1)",
            "sgd = torch.optim.SGD(net.parameters(), lr=1.0)",
            "over 100 steps the two losses agree to 0.01",
        ),
    ],
    "10": [
        (
            "trained on the test part",
            "data.batches(digits.X_train, digits.y_train, batch_size)",
            "data.batches(digits.X_test, digits.y_test, batch_size)",
            "it reads at least 93 in 100 training images",
        ),
        (
            "a missing zero_grad",
            "        optimizer.zero_grad()\n",
            "",
            "the last training loss is below a fifth of the first",
        ),
        (
            "a wrong learning rate",
            "make_optimizer(net, peak=chosen, epochs=10)",
            "make_optimizer(net, peak=100 * chosen, epochs=10)",
            "the last training loss is below a fifth of the first",
        ),
        (
            "a copy without its weights",
            "copy.load_state_dict(state)",
            "copy.state_dict()",
            "the copy gives the same logits",
        ),
    ],
    "11": [
        (
            "a transposed matrix",
            "with_loops()), A @ B,",
            "with_loops()), A @ B.T,",
            "both give the same matrix",
        ),
        (
            "rows for columns",
            "A.tolist(), B.T.tolist()",
            "A.tolist(), B.tolist()",
            "both give the same matrix",
        ),
        (
            "a graph that is kept",
            "[loss.detach()]",
            "[loss]",
            "a detached one does not",
        ),
        (
            "a sum for a mean",
            "cross_entropy(net(X_batch), y_batch)\n\n\nwith",
            'cross_entropy(net(X_batch), y_batch, reduction="sum")\n\n\nwith',
            "the loss is the same within 1 %",
        ),
    ],
    "12": [
        (
            "a sum for a mean",
            "average = sum(parts) / 2\nprint",
            "average = sum(parts)\nprint",
            "the average of two halves is the gradient of the whole batch",
        ),
        (
            "a missing zero_grad",
            "    net.zero_grad()\n",
            "",
            "the average of two halves is the gradient of the whole batch",
        ),
        (
            "a move too few",
            "range(2 * (p - 1))",
            "range(2 * (p - 1) - 1)",
            "after six moves every worker holds the sum of all four",
        ),
        (
            "the ring the wrong way round",
            "chunk, right = (r - move) % p, (r + 1) % p",
            "chunk, right = (r + move) % p, (r + 1) % p",
            "after six moves every worker holds the sum of all four",
        ),
    ],
}

# Lengths cut here, as no claim above depends on them
SHORTER = {
    "08": ("20_000", "3000"),
    "10": ("(0.0002, 0.005, 0.2)", "(0.005,)"),
    "11": ("12_800", "512"),
}

# (file, what is wrong, as it stands, as it is planted, the tests that fail)
LIBRARY = [
    (
        "data",
        "validation images in training",
        "Digits(X[:cut], y[:cut], X[cut:]",
        "Digits(X, y, X[cut:]",
        "faults::test_a_good_mirror",
    ),
    (
        "data",
        "checksums not looked at",
        "if _md5(path) != FILES[path.name][0]:\n            raise DataError",
        "if False:\n            raise DataError",
        "faults::test_a_spoilt_file_is_named",
    ),
    (
        "data",
        "labels in another order",
        "yield X[chosen], y[chosen]",
        "yield X[chosen], y[start : start + batch_size]",
        "data",
    ),
    (
        "data",
        "the last batch dropped",
        "end = n - n % batch_size if drop_last else n",
        "end = n - n % batch_size",
        "data",
    ),
    ("data", "grey values up to 1/16", "8, 8) / 16", "8, 8) / 255", "data"),
    (
        "train",
        "argmin for argmax",
        "right = (logits.argmax(dim=1) == y_batch).sum()\n            total +="
        " torch.stack([loss, right])\n    loss",
        "right = (logits.argmin(dim=1) == y_batch).sum()\n            total +="
        " torch.stack([loss, right])\n    loss",
        "train",
    ),
    (
        "train",
        "a missing zero_grad",
        "            optimizer.zero_grad()\n",
        "",
        "train",
    ),
    (
        "train",
        "training data as validation data",
        "loss, accuracy = evaluate(model, *val)",
        "loss, accuracy = evaluate(model, X, y)",
        "train",
    ),
    (
        "train",
        "a mean of unequal batches",
        "loss.detach() * len(y_batch)",
        "loss.detach() * batch_size",
        "train",
    ),
    ("train", "dropout in evaluation", "    model.eval()\n", "", "train"),
    (
        "train",
        "the schedule once an epoch",
        "            if scheduler is not None:\n                scheduler",
        "        if scheduler is not None:\n            scheduler",
        "train",
    ),
    ("claims", "a claim that cannot fail", "if not holds:", "if 0:", "claims"),
    (
        "claims",
        "any number is true",
        "if not isinstance(holds, bool | np.bool_):",
        "if False:",
        "claims",
    ),
    (
        "exercises/__init__",
        "shapes not compared",
        "if value.shape != wanted.shape:",
        "if False:",
        "claims",
    ),
    (
        "exercises/__init__",
        "a NaN is close",
        "rtol=tol, atol=tol)",
        "rtol=tol, atol=tol, equal_nan=True) or bool(value.isnan().any())",
        "claims",
    ),
    ("device", "runs share seeds", "int(text) * 1000 + n", "int(text) + n")
    + ("device",),
    ("device", "minutes for seconds", ".perf_counter() - start", ".time()")
    + ("device",),
    (
        "plots",
        "rows for columns",
        "y * classes + y_hat",
        "y_hat * classes + y",
        "plots",
    ),
    ("plots", "epoch 0", "range(1, len(values) + 1)", "range(len(values))")
    + ("plots",),
    ("plots", "upside down", 'origin="lower"', 'origin="upper"', "plots"),
    (
        "plots",
        "x1 and x2 exchanged",
        "np.stack(np.meshgrid(x1, x2), axis=-1)",
        "np.stack(np.meshgrid(x1, x2)[::-1], axis=-1)",
        "plots",
    ),
]


class Stop(BaseException):
    """The claim that was to be made has been made."""


def run_cell(source, names):
    """Run a cell as IPython would, with its output and figures dropped."""
    import matplotlib.pyplot as plt
    from IPython.core.inputtransformer2 import TransformerManager

    code = TransformerManager().transform_cell(source)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<cell>", "exec"), names)
    plt.close("all")


def in_a_child(work, *arguments):
    """What ``work`` returns in a fork of this process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "w") as file:
            try:
                file.write(work(*arguments))
            except BaseException as error:
                file.write(f"- {type(error).__name__}: {error}")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        answer = file.read()
    os.waitpid(child, 0)
    return answer


def spoilt(sources, at, old, new, wanted, names):
    """Run the cells from ``at`` on with the fault; what became of it."""
    from lessons_lib import claims

    def watching(text, holds, **measured):
        if text == wanted:
            raise Stop("holds" if bool(holds) else "fails")

    claims.claim = names["claim"] = watching
    try:
        for i, source in enumerate(sources[at:]):
            run_cell(source.replace(old, new) if i == 0 else source, names)
    except Stop as stop:
        return f"{'+' if str(stop) == 'fails' else '-'} {wanted}"
    except Exception as error:
        name = type(error).__name__
        return f"{'+' if name == wanted else '-'} {name}: {error}"
    return f"- {wanted!r} was never made"


def run_lesson(number):
    """Each fault of a lesson, and whether its claim failed, as a line each."""
    import lessons_lib

    # No picture is looked at here, and those of `live` take long.
    sys.modules["lessons_lib.live"] = lessons_lib.live = MagicMock()
    (path,) = (ROOT / "book").glob(f"{number}-*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    cut = SHORTER.get(number, ("", ""))
    sources = [
        c.source.replace(*cut) if all(cut) else c.source
        for c in cells
        if c.cell_type == "code"
    ]
    # A fault is planted in the lesson, not in an exercise's solution.
    lesson = [s for s in sources if not s.startswith("# @title Solution")]
    plan = {}
    for what, old, new, wanted in LESSONS[number]:
        (source,) = [s for s in lesson if old in s]
        assert source.count(old) == 1, (what, old)
        plan.setdefault(sources.index(source), []).append(
            (what, old, new, wanted)
        )
    waiting = {f[3] for f in LESSONS[number] if "Error" not in f[3]}
    names = {"__name__": "__main__"}
    results = []
    for i, source in enumerate(sources):
        for what, *fault in plan.pop(i, []):
            answer = in_a_child(spoilt, sources, i, *fault, names)
            results.append([number, what, answer])
        if not plan and not waiting:
            break
        if i == 0:
            run_cell(source, names)
            claim = names["claim"]

            def noting(text, holds, claim=claim, **measured):
                if text in waiting:
                    claim(text, holds, **measured)  # it holds without a fault
                    waiting.remove(text)

            names["claim"] = noting
        else:
            run_cell(source, names)
    assert not waiting, f"never made: {waiting}"
    return results


def run_tests(file, old, new, tests):
    """Run a test file against a copy of lessons_lib with a fault in it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "lessons_lib"
        copytree(ROOT / "lessons_lib", copy)
        path = copy / f"{file}.py"
        code = path.read_text("utf-8")
        assert code.count(old) == 1, (file, old, code.count(old))
        path.write_text(code.replace(old, new), "utf-8")
        sys.path.insert(0, folder)
        import lessons_lib

        assert lessons_lib.__path__ == [str(copy)]
        ini = Path(folder) / "pytest.ini"
        ini.write_text("[pytest]")  # no plugins: they take longer than a test
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        with contextlib.redirect_stdout(io.StringIO()) as output:
            options = f"-x -q -p no:cacheprovider -rf -c {ini}".split()
            chosen, _, name = tests.partition("::")
            chosen = f"{ROOT}/tests/test_{chosen}.py{name and '::' + name}"
            status = pytest.main([*options, chosen])
    failed = [x for x in output.getvalue().splitlines() if x[:7] == "FAILED "]
    if status != pytest.ExitCode.TESTS_FAILED or not failed:
        return f"- test_{tests} ended with {status!r}"
    return f"+ {failed[0].partition('::')[2].partition(' - ')[0]}"


def run_library():
    """Each fault of the package, and whether a test failed, a line each."""
    import hypothesis  # noqa: F401, all before the forks: once is enough
    import matplotlib.pyplot  # noqa: F401
    import sklearn.model_selection  # noqa: F401
    import torchvision.datasets  # noqa: F401

    assert "lessons_lib" not in sys.modules
    return [
        ["lib", f"{file}: {what}", in_a_child(run_tests, file, *rest)]
        for file, what, *rest in LIBRARY
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a safe fork")
@pytest.mark.parametrize("part", [*LESSONS, "lib"])
def test_every_planted_fault_is_caught(part, tmp_path, record_property):
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "CUDA_VISIBLE_DEVICES": "",  # a process that used a GPU cannot fork
        "LESSONS_DEVICE": "cpu",
        "LESSONS_SEED": "",
        "LESSONS_DATA_DIR": str(tmp_path),  # the stand-in: it is quick
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    run = subprocess.run(
        [sys.executable, __file__, part, "--json"],
        env=environment,
        cwd=ROOT / "book",
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    rows = json.loads(run.stdout.splitlines()[-1])
    for row in rows:
        record_property("planted faults", row)
    assert all(answer.startswith("+") for _, _, answer in rows), rows


def test_there_are_faults_for_every_lesson():
    assert sorted(LESSONS) == sorted(
        p.name[:2] for p in (ROOT / "book").glob("*.ipynb")
    )
    assert sum(map(len, LESSONS.values())) >= 25


if __name__ == "__main__":
    found = run_library() if sys.argv[1] == "lib" else run_lesson(sys.argv[1])
    if "--json" in sys.argv:
        print(json.dumps(found))
    else:
        for row in found:
            print(*row, sep=" | ")
