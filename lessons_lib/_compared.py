"""Look at both sides of the comparisons that claims are made of.

A comparison with NaN may hold for no reason: NaN != 0 is true. `claim` sees
only its outcome. So where LESSONS_COMPARE is set, as it is in the tests, the
condition of each claim is compiled with every comparison as a call, and NaN on
one of its sides is an error.
"""

from __future__ import annotations

import ast
import builtins
import operator
from typing import Any

import numpy as np
import torch

OPERATORS = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}
NAME = "__compared__"


class Comparisons(ast.NodeTransformer):
    """``a < b`` becomes ``__compared__(["Lt"], a, b)``."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        kinds = [type(op).__name__ for op in node.ops]
        if not OPERATORS.keys() >= {*kinds}:
            return node
        names = ast.List([ast.Constant(kind) for kind in kinds], ast.Load())
        call = ast.Call(
            ast.Name(NAME, ast.Load()),
            [names, node.left, *node.comparators],
            [],
        )
        return ast.copy_location(call, node)


class Claims(ast.NodeTransformer):
    """Change the comparisons in the conditions of claims, and no other.

    What runs the tree gives it `compared` under `NAME`.
    """

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "claim":
            node.args[1:] = [Comparisons().visit(arg) for arg in node.args[1:]]
        return node


def compared(kinds: list[str], *values: Any) -> Any:
    """Compare as Python does; each value is looked at first.

    Raises
    ------
    FloatingPointError
        If one of the values is NaN or has NaN in it.
    """
    for value in values:
        if has_nan(value):
            raise FloatingPointError(
                "a claim compares NaN; a claim about NaN says so with isnan"
            )
    pairs = zip(kinds, values[:-1], values[1:], strict=True)
    result: Any = True
    for kind, left, right in pairs:
        result = OPERATORS[kind](left, right)
        if len(kinds) > 1 and not result:
            break
    return result


def has_nan(value: Any) -> bool:
    """Whether a number, a tensor, an array or a list of such has NaN in it."""
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    if isinstance(value, torch.Tensor):
        return value.device.type != "meta" and bool(value.isnan().any())
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f" and bool(np.isnan(value).any())
    if isinstance(value, list | tuple):
        return any(map(has_nan, value))
    return False


def switch_on() -> None:
    """From the next cell on, if this is a kernel."""
    get_ipython = getattr(builtins, "get_ipython", None)  # a kernel has it
    if get_ipython is not None:
        shell = get_ipython()
        shell.user_ns[NAME] = compared
        shell.ast_transformers.append(Claims())
