"""Look at both sides of the comparisons that claims are made of.

A comparison with NaN may hold for no reason: NaN != 0 is true. `claim` sees
only its outcome. So where LESSONS_COMPARE is set, as it is in the tests, the
condition of each claim is compiled with every comparison as a call, and NaN on
one of its sides is an error. The two numbers of each comparison that the claim
rests on are kept, for those who want to know by how much it holds.
"""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections.abc import Iterator
from numbers import Real
from typing import Any, NamedTuple, TypeGuard

import numpy as np
import torch

OPERATORS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SIGNS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
DENIED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}  # not a < b: a >= b
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}  # a < b: b > a
NAME = "__compared__"


class How(NamedTuple):
    """What is done with one comparison.

    ``sign`` is what Python compares by. ``place`` numbers the comparisons
    that the condition rests on; one that is denied there must not hold.
    ``turned`` says that the left side is the threshold, as in ``0 < x``, and
    ``best`` that one element that holds is enough.
    """

    sign: str
    place: int | None = None
    denied: bool = False
    turned: bool = False
    best: bool = False


class Measured(NamedTuple):
    """Two numbers that were compared, and whether it came out as wanted."""

    op: str
    left: float
    right: float
    holds: bool

    @property
    def margin(self) -> float:
        """By how much it holds; negative if it does not."""
        gap = self.right - self.left
        return gap if self.op in ("<", "<=") else -gap


def rests_on(
    node: ast.AST, denied: bool = False, over: str = ""
) -> Iterator[tuple[ast.Compare, bool, bool]]:
    """The comparisons that make a condition true or false.

    With each, whether it is denied, and whether one element is enough (below
    an ``any``, or an ``all`` that is denied). What is compared or counted
    again, as in ``(x > 0).sum() > 3``, is not among them, nor what stands
    below both an ``all`` and an ``any``.
    """
    match node:
        case ast.Compare():
            yield node, denied, over == "any"
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from rests_on(part, denied, over)
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            yield from rests_on(node.left, denied, over)
            yield from rests_on(node.right, denied, over)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=part):
            yield from rests_on(part, not denied, over)
        case ast.GeneratorExp(elt=part) | ast.ListComp(elt=part):
            yield from rests_on(part, denied, over)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            # all(x) and torch.all(x, 0), or x.all() and x.all(0)
            parts = [a for a in node.args if not isinstance(a, ast.Constant)]
            if not parts and isinstance(node.func, ast.Attribute):
                parts = [node.func.value]
            if name in ("all", "any"):
                kind = {"all": "any", "any": "all"}[name] if denied else name
                parts = parts if over in ("", kind) else []
                over = kind
            elif name not in ("bool", "item"):
                parts = []
            for part in parts:
                yield from rests_on(part, denied, over)


class Comparisons(ast.NodeTransformer):
    """``a < b`` becomes ``__compared__([how], a, b)``.

    Parameters
    ----------
    condition : ast.AST
        What a claim is given.
    """

    def __init__(self, condition: ast.AST) -> None:
        self.found = {id(node): rest for node, *rest in rests_on(condition)}
        self.count = 0

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        sides = [node.left, *node.comparators]
        written = [not any(map(is_name, ast.walk(side))) for side in sides]
        rest, place = self.found.get(id(node)), self.count
        self.count += len(node.ops) if rest else 0
        self.generic_visit(node)
        if not SIGNS.keys() >= {*map(type, node.ops)}:
            return node
        hows: list[ast.expr] = []
        for i, op in enumerate(node.ops):
            how = How(SIGNS[type(op)])
            if rest and how.sign in TURNED:
                denied, best = rest
                turned = written[i] and not written[i + 1]
                how = How(how.sign, place + i, denied, turned, best)
            parts: list[ast.expr] = [ast.Constant(part) for part in how]
            hows.append(ast.Tuple(parts, ast.Load()))
        call = ast.Call(
            ast.Name(NAME, ast.Load()),
            [ast.List(hows, ast.Load()), node.left, *node.comparators],
            [],
        )
        return ast.copy_location(call, node)


class Claims(ast.NodeTransformer):
    """Change the comparisons in the conditions of claims, and no other.

    A condition that is a variable is looked for in the same cell, where it
    gets its value. What runs the tree gives it a `Look` under `NAME`.
    """

    names: frozenset[str] = frozenset()

    def visit_Module(self, node: ast.Module) -> ast.AST:
        self.names = frozenset(
            call.args[1].id
            for call in ast.walk(node)
            if is_claim(call) and isinstance(call.args[1], ast.Name)
        )
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        match node.targets:
            case [ast.Name(id=name)] if name in self.names:
                value = Comparisons(node.value).visit(node.value)
                begin = look("begin", ast.Constant(name))
                node.value = look("assign", begin, value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if is_claim(node):
            text, holds = node.args
            if isinstance(holds, ast.Name):
                holds = look("recall", ast.Constant(holds.id), holds)
            else:
                holds = Comparisons(holds).visit(holds)
            node.args = [look("begin", text), holds]
        return node


def is_claim(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether it calls ``claim(text, holds)``."""
    match node:
        case ast.Call(func=ast.Name(id="claim"), args=[_, _]):
            return True
    return False


def look(method: str, *arguments: ast.expr) -> ast.Call:
    """``__compared__.method(arguments)``."""
    name = ast.Attribute(ast.Name(NAME, ast.Load()), method, ast.Load())
    return ast.Call(name, [*arguments], [])


class Look:
    """Compare as Python does; each value is looked at first.

    Attributes
    ----------
    seen : dict
        What the present claim rests on, by place; of several elements, or of
        several times at one place, the one nearest to failing (of those of
        which one is enough: the one farthest from it). What is no number has
        no place here, nor what is compared by == or !=.
    """

    def __init__(self) -> None:
        self.seen: dict[int, Measured] = {}
        self.variables: dict[str, dict[int, Measured]] = {}

    def begin(self, text: Any = "") -> Any:
        """Forget what was seen: the condition comes next."""
        self.seen = {}
        return text

    def assign(self, name: str, value: Any) -> Any:
        """Keep for a variable what its value rests on."""
        self.variables[name], self.seen = self.seen, {}
        return value

    def recall(self, name: str, value: Any) -> Any:
        """See again what the value of a variable rests on."""
        self.seen = self.variables.get(name, {})
        return value

    def __call__(self, hows: list[tuple[Any, ...]], *values: Any) -> Any:
        """Compare the values, each with the next one.

        Raises
        ------
        FloatingPointError
            If one of the values is NaN or has NaN in it.
        """
        for value in values:
            if has_nan(value):
                raise FloatingPointError(
                    "a claim compares NaN; a claim about NaN says so with "
                    "isnan"
                )
        result: Any = True
        pairs = zip(hows, values[:-1], values[1:], strict=True)
        for how, left, right in pairs:
            result = OPERATORS[how[0]](left, right)
            self.keep(How(*how), left, right, result)
            if len(hows) > 1 and not result:
                break
        return result

    def keep(self, how: How, left: Any, right: Any, result: Any) -> None:
        """Keep the pair of numbers that decides."""
        a, b = numbers(left), numbers(right)
        if how.place is None or a is None or b is None:
            return
        a, b = np.broadcast_arrays(a, b)
        if not a.size:
            return
        op = DENIED[how.sign] if how.denied else how.sign
        with np.errstate(invalid="ignore"):  # inf - inf
            gaps = b - a if op in ("<", "<=") else a - b
        at = int(gaps.argmax() if how.best else gaps.argmin())
        came = bool(torch.as_tensor(result).flatten()[at])
        pair = float(a.flat[at]), float(b.flat[at])
        if how.turned:
            op, pair = TURNED[op], pair[::-1]
        new = Measured(op, *pair, came != how.denied)
        self.seen[how.place] = decisive(
            self.seen.get(how.place), new, how.best
        )


def decisive(
    old: Measured | None, new: Measured, best: bool = False
) -> Measured:
    """Of two measurements the one with the smaller margin, or the larger."""
    if old is None or math.isnan(old.margin):
        return new
    return new if (new.margin > old.margin) == best else old


def is_name(node: ast.AST) -> bool:
    """Whether it is a variable."""
    return isinstance(node, ast.Name)


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


def numbers(value: Any) -> np.ndarray | None:
    """A number, a tensor or an array as an array of floats; else None."""
    if isinstance(value, torch.Tensor):
        if value.is_meta or value.is_complex():
            return None
        value = value.detach().cpu()
        value = (
            value if value.dtype == torch.bool else value.double()
        ).numpy()
    if isinstance(value, np.ndarray | np.generic):
        return value.astype(float) if value.dtype.kind in "iuf" else None
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            return np.array(float(value))
        except OverflowError:  # an integer too large
            return None
    return None


def switch_on() -> None:
    """From the next cell on, if this is a kernel."""
    get_ipython = getattr(builtins, "get_ipython", None)  # a kernel has it
    if get_ipython is not None:
        shell = get_ipython()
        shell.user_ns[NAME] = Look()
        shell.ast_transformers.append(Claims())
