"""The training loop: it learns, and it refuses data that do not fit."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from lessons_lib import train
from lessons_lib.data import batches
from lessons_lib.train import evaluate, fit


@pytest.fixture
def blobs():
    torch.manual_seed(0)
    y = torch.arange(3).repeat(40)
    return torch.eye(3)[y] * 4 + torch.randn(120, 3), y


def test_fit_learns_and_keeps_its_history(blobs):
    X, y = blobs
    torch.manual_seed(0)
    model = nn.Linear(3, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    steps = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: 0.9**step
    )
    history = fit(
        model,
        optimizer,
        X,
        y,
        epochs=5,
        batch_size=50,
        val=(X, y),
        scheduler=steps,
    )
    assert all(len(values) == 5 for values in vars(history).values())
    assert history.train_loss[-1] < history.train_loss[0] / 2
    assert steps.last_epoch == 15  # once a batch, of 50, 50 and 20
    loss, accuracy = evaluate(model, X, y)
    assert (loss, accuracy) == (history.val_loss[-1], history.val_accuracy[-1])
    assert accuracy > 0.9


def test_fit_takes_the_steps_of_a_loop_written_out(blobs):
    X, y = blobs
    fitted = nn.Linear(3, 3)
    by_hand = deepcopy(fitted)
    sgd = torch.optim.SGD(fitted.parameters(), lr=0.1)
    torch.manual_seed(1)
    history = fit(
        fitted, sgd, X, y, epochs=3, batch_size=50, val=(X[:7], y[:7])
    )
    torch.manual_seed(1)
    for epoch in range(3):
        total = 0.0
        for X_batch, y_batch in batches(X, y, 50):  # of 50, 50 and 20
            logits = by_hand(X_batch)
            loss = nn.functional.cross_entropy(logits, y_batch)
            total += loss.item() * len(y_batch)
            gradients = torch.autograd.grad(loss, list(by_hand.parameters()))
            with torch.no_grad():
                for p, g in zip(by_hand.parameters(), gradients, strict=True):
                    p -= 0.1 * g
        assert abs(history.train_loss[epoch] - total / 120) < 1e-5
    for p, q in zip(fitted.parameters(), by_hand.parameters(), strict=True):
        assert torch.allclose(p, q, atol=1e-6)
    loss, accuracy = evaluate(fitted, X[:7], y[:7])
    assert (loss, accuracy) == (history.val_loss[-1], history.val_accuracy[-1])


def test_a_layer_kept_in_evaluation_mode_stays_there(blobs):
    model = nn.Sequential(nn.Dropout(0.5).eval(), nn.Linear(3, 3))
    evaluate(model, *blobs)
    assert [layer.training for layer in model] == [False, True]
    with pytest.raises(RuntimeError, match="shapes"):
        evaluate(model, blobs[0][:, :2], blobs[1])
    assert [layer.training for layer in model] == [False, True]


def test_the_optimiser_of_another_model(blobs):
    other = torch.optim.SGD(nn.Linear(3, 3).parameters(), lr=0.1)
    with pytest.raises(ValueError, match="no parameter of this model"):
        fit(nn.Linear(3, 3), other, *blobs, epochs=1, batch_size=10)


def test_evaluate_is_the_mean_over_all_samples(blobs, monkeypatch):
    monkeypatch.setattr(train, "AT_A_TIME", 7)  # of 120: the last has one
    X, y = blobs
    model = nn.Sequential(nn.Dropout(0.5), nn.Linear(3, 3)).train()
    loss, accuracy = evaluate(model, X, y)
    logits = model.eval()(X)
    assert abs(loss - nn.functional.cross_entropy(logits, y).item()) < 1e-6
    assert (
        abs(accuracy - (logits.argmax(1) == y).double().mean().item()) < 1e-6
    )
    model.train()
    evaluate(model, X, y)
    assert model.training  # left as it was


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda X, y: (X, y.float()), TypeError, "int64"),
        (lambda X, y: (X, y.int()), TypeError, "int64"),
        (lambda X, y: (X, y + 1), ValueError, "1 to 3"),
        (lambda X, y: (X, y - 1), ValueError, "-1 to 1"),
        (lambda X, y: (X, y[:, None]), ValueError, r"expected \(N,\)"),
        (lambda X, y: (X[:0], y[:0]), ValueError, "no sample"),
        (lambda X, y: (X[:5], y), ValueError, "5 samples"),
        (lambda X, y: (X.tolist(), y), TypeError, "not a tensor"),
    ],
)
def test_bad_data(blobs, change, error, words):
    model = nn.Linear(3, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    X, y = change(*blobs)
    with pytest.raises(error, match=words):
        fit(model, optimizer, X, y, epochs=1, batch_size=10)
    with pytest.raises(error, match=words):
        evaluate(model, X, y)


def test_a_model_without_logits(blobs):
    with pytest.raises(ValueError, match="expected logits"):
        evaluate(nn.Flatten(0), *blobs)


def test_a_loss_that_is_not_finite(blobs):
    X, y = blobs
    model = nn.Linear(3, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    X[3] = float("nan")
    with pytest.raises(FloatingPointError, match="epoch 1"):
        fit(model, optimizer, X, y, epochs=2, batch_size=10)
    with pytest.raises(ValueError, match="epochs"):
        fit(model, optimizer, *blobs, epochs=0, batch_size=10)
    with pytest.raises(TypeError, match="whole number"):
        fit(model, optimizer, *blobs, epochs=1.5, batch_size=10)
