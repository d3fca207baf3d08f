"""The training loop of lesson 10, for the lessons after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from tqdm import tqdm

from lessons_lib._checks import check_samples, check_whole
from lessons_lib.data import Images, batches

AT_A_TIME = 1000  # samples that a model answers together in `evaluate`


@dataclass
class History:
    """What `fit` saw: one number an epoch in each list.

    The training figures are means over the epoch's batches, each taken
    before its update; the validation figures are taken after the epoch.
    """

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)


def fit(
    model: nn.Module,
    optimizer: Optimizer,
    X: torch.Tensor | Images,
    y: torch.Tensor,
    *,
    epochs: int,
    batch_size: int,
    val: tuple[torch.Tensor | Images, torch.Tensor] | None = None,
    scheduler: LRScheduler | None = None,
) -> History:
    """Train a classifier with cross-entropy.

    Parameters
    ----------
    model : nn.Module
        Takes (N, ...) and gives logits of shape (N, C).
    optimizer : Optimizer
        Holds the model's parameters.
    X, y : tensors of shape (N, ...) and (N,); X may be Images
        Training samples, and int64 labels from 0 to C - 1.
    epochs : int
        Passes over the samples.
    batch_size : int
        Samples in a step.
    val : tuple of two, optional
        Validation samples and labels.
    scheduler : LRScheduler, optional
        Stepped after each batch.

    Returns
    -------
    History

    Raises
    ------
    TypeError
        If the data are no tensors, the labels not int64, or ``epochs`` or
        ``batch_size`` no whole number.
    ValueError
        If the data or the labels do not fit the model, ``epochs`` or
        ``batch_size`` is below 1, or the optimiser holds none of the model's
        parameters.
    RuntimeError
        From the model, if it does not take samples of this shape, type or
        device.
    FloatingPointError
        If the loss is not finite after an epoch.
    """
    _check_labels(model, X, y)
    if val is not None:
        _check_labels(model, *val)
    check_whole("epochs", epochs, 1)
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if held.isdisjoint(map(id, model.parameters())):
        raise ValueError(
            "the optimiser holds no parameter of this model: make it anew "
            "from model.parameters()"
        )
    history = History()
    for epoch in tqdm(range(1, epochs + 1), desc="epochs", leave=False):
        model.train()
        total = torch.zeros(2, device=X.device)
        for X_batch, y_batch in batches(X, y, batch_size):
            logits = model(X_batch)
            batch_loss = F.cross_entropy(logits, y_batch)
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
            right = (logits.argmax(dim=1) == y_batch).sum()
            total += torch.stack([batch_loss.detach() * len(y_batch), right])
        loss, accuracy = (total / len(y)).tolist()
        if loss != loss or loss == float("inf"):
            raise FloatingPointError(
                f"the loss is {loss} in epoch {epoch}: try a smaller learning "
                "rate, and look for NaN in the data"
            )
        history.train_loss.append(loss)
        history.train_accuracy.append(accuracy)
        if val is not None:
            loss, accuracy = evaluate(model, *val)
            history.val_loss.append(loss)
            history.val_accuracy.append(accuracy)
    return history


@torch.no_grad()
def evaluate(
    model: nn.Module, X: torch.Tensor | Images, y: torch.Tensor
) -> tuple[float, float]:
    """Mean cross-entropy (in nats) and accuracy (a share) of a classifier.

    Parameters
    ----------
    model : nn.Module
        Takes (N, ...) and gives logits of shape (N, C). It is put into
        evaluation mode for the while.
    X, y : tensors of shape (N, ...) and (N,); X may be Images
        Samples, and int64 labels from 0 to C - 1.

    Returns
    -------
    tuple of two floats
        The loss and the accuracy.

    Raises
    ------
    TypeError
        If the data are no tensors, or the labels not int64.
    ValueError
        If the data or the labels do not fit the model.
    RuntimeError
        From the model, if it does not take samples of this shape, type or
        device.
    """
    _check_labels(model, X, y)
    parts = batches(X, y, AT_A_TIME, shuffle=False)
    total = torch.zeros(2, device=X.device)
    with _evaluating(model):
        for X_batch, y_batch in parts:
            logits = model(X_batch)
            loss = F.cross_entropy(logits, y_batch, reduction="sum")
            right = (logits.argmax(dim=1) == y_batch).sum()
            total += torch.stack([loss, right])
    loss, accuracy = (total / len(y)).tolist()
    return loss, accuracy


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Evaluation mode for the while; then each layer's own mode again."""
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for layer, training in modes:
            layer.training = training


@torch.no_grad()
def _check_labels(
    model: nn.Module, X: torch.Tensor | Images, y: torch.Tensor
) -> None:
    """Raise unless ``y`` holds classes that ``model`` has an output for.

    Raises
    ------
    TypeError
        If the labels are not int64.
    ValueError
        If a shape is wrong or a label out of range, or there is no sample.
    RuntimeError
        From the model, if it does not take samples of this shape, type or
        device.
    """
    check_samples(X, y)
    if y.dtype != torch.int64:
        raise TypeError(
            f"the labels have dtype {y.dtype}; cross-entropy takes class "
            "indices as int64: y.long()"
        )
    if y.ndim != 1:
        raise ValueError(
            f"the labels have shape {tuple(y.shape)}; expected (N,)"
        )
    with _evaluating(model):
        logits = model(X[:1])
    if logits.ndim != 2:
        raise ValueError(
            f"the model gives shape {tuple(logits.shape)} for one sample; "
            "expected logits of shape (1, C)"
        )
    low, high = y.min().item(), y.max().item()
    if low < 0 or high >= logits.shape[1]:
        raise ValueError(
            f"the labels run from {low} to {high}; a model with "
            f"{logits.shape[1]} outputs takes 0 to {logits.shape[1] - 1}"
        )
