"""The checks behind the exercises: one module a lesson, one entry each.

A lesson's module holds ``CHECKS``, from names such as ``"10.2"`` to checks.
A check is built by one of the functions below, and takes any right way of
writing the answer: a Python number, a NumPy value or a tensor, on any device.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer: ``line`` is what the reader sees."""

    ok: bool | None
    line: str


Check = Callable[[Any], str | None]
"""Takes an answer; returns None if it is right, else what is wrong with it."""


def check(name: str, answer: Any) -> None:
    """Say whether an exercise is answered, and rightly.

    Prints one line: ``○`` not answered yet, ``✓`` right, or ``✗`` with what
    was given, what was expected, and a hint. Never raises on a wrong answer,
    so that the rest of the notebook can still be run.

    Parameters
    ----------
    name : str
        The exercise: lesson, dot, number, such as ``"10.2"``.
    answer : object
        The reader's answer, or ``...`` while there is none.

    Raises
    ------
    KeyError
        If there is no exercise of that name.
    """
    print(evaluate(name, answer).line)


def evaluate(name: str, answer: Any) -> Verdict:
    """What `check` says, and whether the answer is right.

    Parameters
    ----------
    name, answer
        As for `check`.

    Returns
    -------
    Verdict
        ``ok`` is None while the answer is ``...``, or a function returning it.

    Raises
    ------
    KeyError
        If there is no exercise of that name.
    """
    test = find(name)
    if answer is ...:
        return Verdict(None, f"○ {name} not answered yet")
    try:
        problem = test(answer)
    except _NotAnswered:
        return Verdict(None, f"○ {name} not answered yet")
    if problem is None:
        return Verdict(True, f"✓ {name} is right")
    return Verdict(False, f"✗ {name}: {problem}")


def find(name: str) -> Check:
    """Look up the check of an exercise.

    Parameters
    ----------
    name : str
        As for `check`.

    Returns
    -------
    Check

    Raises
    ------
    KeyError
        If there is no exercise of that name.
    """
    lesson = str(name).partition(".")[0]
    try:
        module = importlib.import_module(f"{__name__}.lesson{lesson}")
        return module.CHECKS[name]
    except (ModuleNotFoundError, KeyError):
        raise KeyError(f"there is no exercise {name!r}") from None


def number(expected: float, *, hint: str, tol: float = 1e-6) -> Check:
    """A number that is near the expected one.

    Parameters
    ----------
    expected : float
        The right answer.
    hint : str
        What helps after a wrong one, without telling.
    tol : float
        How far it may be off, absolutely or relatively.

    Returns
    -------
    Check
    """
    wanted = _numbers(expected)

    def test(answer: Any) -> str | None:
        value = _tensor(answer)
        if value is None or value.numel() != 1 or _is_bool(answer):
            return f"given {_show(answer)}, expected a number. Hint: {hint}"
        if _close(value.reshape(()), wanted, tol):
            return None
        return (
            f"given {_show(answer)}, expected {_show(expected)}. Hint: {hint}"
        )

    return test


def tensor(expected: Any, *, hint: str, tol: float = 1e-5) -> Check:
    """Numbers of the expected shape, each near the expected one.

    Parameters
    ----------
    expected : tensor or nested list
        The right answer.
    hint : str
        What helps after a wrong one, without telling.
    tol : float
        How far each may be off, absolutely or relatively.

    Returns
    -------
    Check
    """
    wanted = _numbers(expected)

    def test(answer: Any) -> str | None:
        problem = _compare(answer, wanted, tol)
        return problem and f"{problem}. Hint: {hint}"

    return test


def function(
    reference: Callable,
    cases: Sequence[tuple],
    *,
    hint: str,
    tol: float = 1e-5,
) -> Check:
    """A function that gives what another one gives.

    Parameters
    ----------
    reference : function
        A right answer.
    cases : list of tuples
        The arguments of each call on which the two must agree. The answer
        gets copies, so it may work in place.
    hint : str
        What helps after a wrong one, without telling.
    tol : float
        How far each number may be off, absolutely or relatively.

    Returns
    -------
    Check
    """

    def test(answer: Any) -> str | None:
        if not callable(answer):
            return f"given {_show(answer)}, expected a function. Hint: {hint}"
        for case in cases:
            shown = ", ".join(_show(a) for a in case)
            try:
                got = answer(*_copy(case))
            except Exception as error:  # whatever the reader's code raises
                kind = type(error).__name__
                return f"on ({shown}) it raised {kind}: {error}. Hint: {hint}"
            if got is ...:
                raise _NotAnswered
            if got is None:
                return f"on ({shown}) it gave None: is there a return? Hint: {hint}"
            problem = _compare(got, _numbers(reference(*_copy(case))), tol)
            if problem:
                return f"on ({shown}): {problem}. Hint: {hint}"
        return None

    return test


def choice(expected: str, *, options: str, hints: dict[str, str]) -> Check:
    """One letter of several.

    Parameters
    ----------
    expected : str
        The right letter.
    options : str
        All letters.
    hints : dict from str to str
        From each wrong letter to what is wrong with it.

    Returns
    -------
    Check
    """

    def test(answer: Any) -> str | None:
        letter = str(answer).strip().strip("().").lower()
        if letter == expected:
            return None
        if letter in options and len(letter) == 1:
            return f"given {letter}, expected another. Hint: {hints[letter]}"
        return f"given {_show(answer)}, expected one letter of {options!r}"

    return test


def satisfies(
    test_answer: Callable[[Any], bool], *, expected: str, hint: str
) -> Check:
    """An answer that passes a test: there may be many.

    Parameters
    ----------
    test_answer : function of the answer to bool
        Whether it is right. An exception counts as a wrong answer.
    expected : str
        What is asked for, in words.
    hint : str
        What helps after a wrong answer, without telling.

    Returns
    -------
    Check
    """

    def test(answer: Any) -> str | None:
        try:
            if test_answer(answer):
                return None
            problem = ""
        except _NotAnswered:
            raise
        except Exception as error:  # whatever the reader's answer provokes
            problem = f" ({type(error).__name__}: {error})"
        return f"given {_show(answer)}{problem}, expected {expected}. Hint: {hint}"

    return test


class _NotAnswered(Exception):
    """The reader's function still returns ``...``."""


def not_answered(value: Any) -> Any:
    """Pass on a value, unless it is ``...``: then there is no answer yet.

    For tests given to `satisfies` that call the reader's function.

    Parameters
    ----------
    value : object
        What that function returned.

    Returns
    -------
    object
        The same value.
    """
    if value is ...:
        raise _NotAnswered
    return value


def _tensor(value: Any) -> torch.Tensor | None:
    """``value`` as float64 on the CPU; None if it holds no real numbers."""
    if isinstance(value, str | bytes) or value is None:
        return None
    try:
        if isinstance(value, torch.Tensor):
            value = value.detach().cpu()
        elif isinstance(value, Sequence):
            value = [v.tolist() if hasattr(v, "tolist") else v for v in value]
        value = torch.as_tensor(value)
        return None if value.is_complex() else value.to(torch.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _numbers(expected: Any) -> torch.Tensor:
    """What a lesson expects, as `_tensor` makes it."""
    wanted = _tensor(expected)
    if wanted is None:
        raise TypeError(f"{_show(expected)} is expected; it holds no numbers")
    return wanted


def _compare(answer: Any, wanted: torch.Tensor, tol: float) -> str | None:
    value = _tensor(answer)
    if value is None:
        return f"given {_show(answer)}, expected numbers"
    if value.shape != wanted.shape:
        return f"given shape {tuple(value.shape)}, expected shape {tuple(wanted.shape)}"
    if _close(value, wanted, tol):
        return None
    if wanted.numel() <= 12:
        return f"given {_show(answer)}, expected {_show(wanted)}"
    off = (value - wanted).abs().max().item()
    return f"given values that are off by up to {off:.3g}"


def _close(value: torch.Tensor, wanted: torch.Tensor, tol: float) -> bool:
    return torch.allclose(value, wanted, rtol=tol, atol=tol)


def _is_bool(value: Any) -> bool:
    kind = str(getattr(value, "dtype", type(value).__name__))
    return kind.removeprefix("torch.") == "bool"


def _copy(case: tuple) -> list:
    return [a.clone() if isinstance(a, torch.Tensor) else a for a in case]


def _show(value: Any) -> str:
    try:
        return _text(value)
    except Exception:  # no values, as on the meta device, or a broken repr
        return f"something of type {type(value).__name__}"


def _text(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        if value.numel() > 12:
            return f"a tensor of shape {tuple(value.shape)}"
        value = value.detach().cpu().tolist()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(v) for v in value) + "]"
    if callable(value):
        return f"the function {getattr(value, '__name__', 'without a name')}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
