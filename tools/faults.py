"""Plant faults in the lessons: each must make a claim fail.

    python -m tools.faults [NUMBER ...]

A lesson's cells are run once, in order and as they stand. Where a fault is to
be planted the process forks: the child runs the spoilt cell and goes on until
the claim that must fail has been made. What caught each fault is put down in
tests/lessons/faults.json with a hash of what it depends on; a test fails where
the record is older than that. The lessons on digits run on the stand-in.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MPLBACKEND"] = "agg"

from tqdm import tqdm

from tools import lessons

RECORD = lessons.ROOT / "tests/lessons/faults.json"

# Lesson: (what is wrong, as it stands, as it is planted, the claim that fails)
FAULTS = {
    "00": [
        (
            "a column too far",
            "W1[:, 2]).sum()",
            "W1[:, 1]).sum()",
            "row 1 times column 2 is entry (1, 2)",
        ),
        (
            "a transposed matrix",
            "product = X @ W1  #",
            "product = (X @ W1).T  #",
            "row 1 times column 2 is entry (1, 2)",
        ),
        (
            "one bias for all units",
            "z + b1 for z in product",
            "z + b1[0] for z in product",
            "b1 is added to every row",
        ),
        (
            "(N, 1) against (N,)",
            "(y_hat[:, 0] - y)",
            "(y_hat - y)",
            "with equal shapes every difference is 0",
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
            "-torch.sigmoid(y[:, None] * z).log()",
            "-torch.sigmoid(-y[:, None] * z).log()",
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
            "the loss ends below 0.05",
        ),
        (
            "the labels 0 and 1, not -1 and +1",
            "target=y[:, None])  # -1 and +1",
            "target=y01)",
            "the loss falls below zero",
        ),
        (
            "a wrong learning rate",
            "def adam(net, lr=0.05)",
            "def adam(net, lr=5e-5)",
            "the loss ends below 0.05",
        ),
    ],
    "03": [
        (
            "a sign in a derivative",
            "torch.sigmoid(z) * (1 - torch.sigmoid(z))",
            "torch.sigmoid(z) * (1 + torch.sigmoid(z))",
            "all three agree within 1e-8",
        ),
        (
            "a forgotten square",
            "1 - torch.tanh(z) ** 2",
            "1 - torch.tanh(z)",
            "all three agree within 1e-8",
        ),
        (
            "a step in the wrong place",
            "(z > 0).to(z.dtype)",
            "(z > 1).to(z.dtype)",
            "all three agree within 1e-8",
        ),
        (
            "weights scaled by H, not its root",
            "torch.randn(H, H, device=device) / H**0.5",
            "torch.randn(H, H, device=device) / H",
            "tanh: more than a fiftieth",
        ),
        (
            "gradients that pile up",
            "x.grad = None\n",
            "",
            "cleared first, it holds tanh′ alone",
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
            "all agree with autograd within 1e-12",
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
            "mse = ((z - y01) ** 2).mean()",
            "mse = ((z - y01) ** 2).sum()",
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
            "cross_entropy(fresh(X_batch), y_batch)\n\n\nwith",
            'cross_entropy(fresh(X_batch), y_batch, reduction="sum")\n\n\nwith',
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


def state(number: str) -> str:
    """A hash of what a lesson's row of faults depends on."""
    (path,) = lessons.find(number)
    parts = [lessons.code_hash(lessons.read(path)), repr(FAULTS[number])]
    parts += [repr(SHORTER.get(number))]
    for file in sorted((lessons.ROOT / "lessons_lib").glob("*.py")):
        parts.append(file.read_text("utf-8"))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def spoilt(
    session: lessons.Session, cells: Sequence[tuple[int, str]], wanted: str
) -> str:
    """Run the cells, the first one spoilt; what became of the claim.

    Instead of a claim, ``wanted`` may be an error's name.
    """
    for i, source in cells:
        ran = session.run(i, source)
        for claim in session.claims:
            if claim.text == wanted:
                return f"{'-' if claim.holds else '+'} {wanted}"
        if not ran:
            error = session.errors[-1].partition(": ")[2]
            caught = error.startswith(f"{wanted}:")
            return f"{'+' if caught else '-'} {error}"
    return f"- {wanted!r} was never made"


def run(number: str) -> list[list[str]]:
    """Each fault of a lesson, and what caught it (+) or that nothing did (-).

    Raises
    ------
    SystemExit
        If a fault does not stand once in the lesson, or a claim that must
        fail is not made, or does not hold, in the lesson as it stands.
    """
    (path,) = lessons.find(number)
    cut = SHORTER.get(number, ("", ""))
    cells = [
        (i, source.replace(*cut) if all(cut) else source)
        for i, source in lessons.code(lessons.read(path))
    ]
    plan: dict[int, list[Sequence[str]]] = {}
    for what, old, new, wanted in FAULTS[number]:
        # it is planted in the lesson, not in an exercise's solution
        places = [
            at
            for at, (_, source) in enumerate(cells)
            if source.count(old) == 1 and "# @title Solution" not in source
        ]
        if len(places) != 1:
            raise SystemExit(
                f"{number}: {what}: stands in {len(places)} cells"
            )
        plan.setdefault(places[0], []).append((what, old, new, wanted))
    session, rows = lessons.Session(), []
    waiting = {f[3] for f in FAULTS[number] if not f[3].endswith("Error")}
    for at, (i, source) in enumerate(cells):
        for what, old, new, wanted in plan.pop(at, []):
            rest = [(i, source.replace(old, new)), *cells[at + 1 :]]
            rows.append(
                [what, lessons.in_a_child(spoilt, session, rest, wanted)]
            )
        session.run(i, source)
        waiting -= {c.text for c in session.claims if c.holds}
        if not plan and not waiting:
            return rows
    raise SystemExit(
        f"{number}: {waiting or plan} does not hold: {session.wrong}"
    )


def main(numbers: Sequence[str]) -> int:
    """Plant the faults of these lessons; the exit status."""
    known = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    with tempfile.TemporaryDirectory() as empty:
        os.environ |= {
            "CUDA_VISIBLE_DEVICES": "",  # a process that used a GPU cannot fork
            "LESSONS_DEVICE": "cpu",
            "LESSONS_SEED": "",
            "LESSONS_DATA_DIR": empty,
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        }
        os.chdir(lessons.BOOK)
        for number in tqdm(numbers or FAULTS, leave=False):
            rows = run(number)
            known[number] = {"state": state(number), "faults": rows}
            for row in rows:
                tqdm.write(" | ".join([number, *row]))
            text = json.dumps(
                dict(sorted(known.items())), indent=1, ensure_ascii=False
            )
            RECORD.write_text(text + "\n", "utf-8")
    rows = [row for entry in known.values() for row in entry["faults"]]
    caught = sum(answer.startswith("+") for _, answer in rows)
    print(f"{caught} of {len(rows)} planted faults are caught")
    return 0 if caught == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
