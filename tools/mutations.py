"""What `mutants` changes in a cell, and what a claim hangs on.

Both work on syntax trees. What a claim hangs on is found as a compiler finds
which variables are alive, from the claim backwards. It is a guess where a call
changes something that it does not name; a wrong guess costs time, no more.
"""

from __future__ import annotations

import ast
import builtins
import copy
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

# Calls that show something or set the scene: they are no part of a claim.
ALONE = {
    *("claim", "check", "print", "display", "set_seed", "timer"),
    *("plt", "ax", "axes", "fig", "plots", "live", "use_device", "tqdm"),
}
# Names for which another one is put, wherever it stands.
OTHERS = {
    "relu": ("tanh",),
    "ReLU": ("Tanh",),
    "LeakyReLU": ("ReLU",),
    "tanh": ("relu",),
    "Tanh": ("ReLU",),
    "sigmoid": ("tanh",),
    "Sigmoid": ("Tanh",),
    "mean": ("sum",),
    "sum": ("mean",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "max": ("min",),
    "min": ("max",),
    "amax": ("amin",),
    "amin": ("amax",),
    "SGD": ("Adam",),
    "Adam": ("SGD",),
    "MSELoss": ("L1Loss",),
    "mse_loss": ("l1_loss",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "sin": ("cos",),
    "exp": ("abs",),
    "any": ("all",),
    "all": ("any",),
    "float64": ("float32",),
    "float32": ("float64",),
    "train": ("eval",),
    "eval": ("train",),
}
OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
# Kinds that say less come later.
LATE = {"value": 20, "other": 40}
Change = tuple[str, str]  # in words, and the whole cell as it is then


# --- What a claim hangs on ---------------------------------------------------


def root(node: ast.AST) -> str:
    """The name at the beginning of ``a.b[c].d(e)``: ``a``."""
    while isinstance(
        node, ast.Attribute | ast.Subscript | ast.Call | ast.Expr
    ):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def bound(node: ast.AST) -> set[str]:
    """The names that a statement gives a value to, or a part of one."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
        elif isinstance(part, ast.FunctionDef | ast.ClassDef):
            found.add(part.name)
        elif isinstance(part, ast.alias):
            found.add((part.asname or part.name).partition(".")[0])
        elif isinstance(part, ast.Attribute | ast.Subscript) and isinstance(
            part.ctx, ast.Store
        ):
            found.add(root(part))
    return found


class Lesson:
    """The cells of a lesson as syntax trees, and what hangs on what.

    Parameters
    ----------
    trees : sequence of Module
        The cells, in order.
    """

    def __init__(self, trees: Sequence[ast.Module]) -> None:
        self.trees = trees
        self.alone = ALONE | {
            name
            for tree in trees
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and root(node.value) == "plt"
            for name in bound(node)
        }
        self.functions = {
            node.name
            for tree in trees
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }
        self.made_of: dict[str, set[str]] = {}
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign):
                    for name in bound(node):
                        parts = self.made_of.setdefault(name, set())
                        parts |= self.loaded(node.value)

    def loaded(self, *nodes: ast.AST) -> set[str]:
        """The names that are read, those of calls that only show left out."""
        found = set()
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif not (isinstance(node, ast.Call) and root(node) in self.alone):
                found |= self.loaded(*ast.iter_child_nodes(node))
        return found

    def acted_on(self, node: ast.AST) -> set[str]:
        """The names in calls that stand alone, or of the lesson's own functions.

        ``loss.backward()`` and ``losses = fit(net)`` may change what they name.
        """
        known = self.functions | self.made_of.keys()
        found = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
                found |= self.loaded(part.value)
            elif isinstance(part, ast.Call) and (
                root(part) == "train"
                or (isinstance(part.func, ast.Name) and root(part) in known)
            ):
                found |= self.loaded(
                    *part.args, *(k.value for k in part.keywords)
                )
        return found

    def reach(self, names: set[str]) -> set[str]:
        """The names, and those that their values were made of."""
        found, new = set(), set(names)
        while new:
            found |= new
            new = set().union(*(self.made_of.get(n, set()) for n in new))
            new -= found
        return found

    def matters(self, statement: ast.stmt, needed: set[str]) -> bool:
        """Whether a statement may change one of the needed names."""
        return bool(
            needed & bound(statement)
            or needed & self.reach(self.acted_on(statement))
        )

    def within(self, at: int, needed: set[str]) -> tuple[set[str], set[str]]:
        """What is needed before a cell, and what anywhere in it.

        The second is empty if the cell does not matter.
        """
        needed, ever, matters = set(needed), set(needed), False
        for statement in reversed(self.trees[at].body):
            if self.matters(statement, needed):
                matters = True
                if isinstance(
                    statement,
                    ast.Assign | ast.FunctionDef | ast.ClassDef | ast.Import,
                ) and not self.acted_on(statement):
                    whole = {
                        name.id
                        for name in ast.walk(statement)
                        if isinstance(name, ast.Name)
                        and isinstance(name.ctx, ast.Store)
                    }
                    needed -= whole
                needed |= self.loaded(statement)
                ever |= needed
        return needed, ever if matters else set()

    def needs(self, at: int, text: str) -> set[str]:
        """The names in a claim's condition."""
        calls = [
            node
            for node in ast.walk(self.trees[at])
            if isinstance(node, ast.Call) and root(node) == "claim"
        ]
        plain = text.partition(" (needs ")[0]
        these = [
            call
            for call in calls
            if isinstance(call.args[0], ast.Constant)
            and call.args[0].value == plain
        ]
        found = set()
        for call in these or calls:
            found |= self.loaded(*call.args, *(k.value for k in call.keywords))
        return found or self.loaded(self.trees[at])

    def web(self, at: int, text: str) -> list[tuple[int, set[str]]]:
        """The cells that a claim hangs on, the nearest first.

        Returns
        -------
        list of (int, set of str)
            Where each stands, and the names that are needed in it.
        """
        needed = self.needs(at, text)
        found = []
        for place in range(at, 0, -1):
            before, ever = self.within(place, needed)
            if ever:
                found.append((place, ever))
                needed = before
        return found

    def without_shows(self) -> list[ast.Module]:
        """The cells without the lines that only show something.

        A figure that cannot be drawn from a changed value hides no claim.
        """
        shown = self.alone - {"claim", "check", "set_seed", "timer", "tqdm"}

        class Plain(ast.NodeTransformer):
            def visit_Expr(self, node: ast.Expr) -> ast.stmt:
                return ast.Pass() if root(node) in shown else node

        return [
            ast.fix_missing_locations(Plain().visit(copy.deepcopy(tree)))
            for tree in self.trees
        ]

    def completed(self, at: int, then: set[int]) -> tuple[int, ...]:
        """The cells to run after one, and those that first make what they read.

        Parameters
        ----------
        at : int
            The cell that is run first; what earlier ones made is there.
        then : set of int
            Cells after it that are to be run, whole.
        """
        there = set().union(*(bound(tree) for tree in self.trees[:at]))
        then, new = set(then), set(then)
        while new:
            read = {
                name.id
                for place in new
                for name in ast.walk(self.trees[place])
                if isinstance(name, ast.Name)
            }
            new = {
                place
                for place in range(at + 1, max(then))
                if place not in then
                and bound(self.trees[place]) & read - there
            }
            then |= new
        return tuple(sorted(then))


# --- What is changed ---------------------------------------------------------


def of(lesson: Lesson, at: int, needed: set[str]) -> Iterator[Change]:
    """The mutants of a cell, those of lines that matter first.

    Parameters
    ----------
    lesson : Lesson
        The whole lesson.
    at : int
        The cell's place.
    needed : set of str
        The names that matter.

    Returns
    -------
    iterator of (str, str)
        What was changed, in words, and the source of the cell as it is then.
    """
    tree = lesson.trees[at]
    lines = [
        [(0 if lesson.matters(statement, needed) else 1000, *mutant)]
        for statement in tree.body
        for mutant in _changes(statement, lesson)
    ]
    mixed = [entry for line in lines for entry in line]
    random.Random(at).shuffle(mixed)
    seen: dict[tuple[int, str], int] = {}
    ranked = []
    for far, kind, spot, words, change in mixed:
        turn = seen[spot, kind] = seen.get((spot, kind), -1) + 1
        other = seen[spot, ""] = seen.get((spot, ""), -1) + 1
        later = LATE.get(kind, other)
        ranked.append((far + 10 * turn + later, words, change))
    ranked.sort(key=lambda entry: entry[0])
    plain = ast.unparse(tree)
    done = {plain}
    for _, words, change in ranked:
        source = change(tree)
        if source not in done:
            done.add(source)
            yield words, source


def _changes(statement: ast.stmt, lesson: Lesson) -> Iterator[tuple]:
    """All changes in a statement: kind, line, words, and how it is made."""
    functions = lesson.functions
    names = lesson.loaded(statement) - {*dir(builtins)}
    for node, around in _open_to_change(statement, lesson.alone):
        spot = getattr(node, "lineno", 0)
        found = list(_replacements(node))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            for name in sorted(functions if node.id in functions else names):
                if name != node.id:
                    found.append(("other", "", ast.Name(name, ast.Load())))
        for kind, words, new in found:
            if kind == "undone" and isinstance(around[0], ast.Expr):
                continue  # it is dropped whole
            yield (
                kind,
                spot,
                words or _became(node, new, around),
                _put(node, new),
            )


def _put(node: ast.AST, new: ast.AST) -> Callable[[ast.AST], str]:
    """What gives the source of a tree with the new node in the old one's place."""

    def change(tree: ast.AST) -> str:
        memo = {id(node): new}  # in the copy it stands for the old one
        changed = copy.deepcopy(tree, memo)
        return ast.unparse(ast.fix_missing_locations(changed))

    return change


def _open_to_change(
    node: ast.AST, alone: set[str], around: tuple[ast.AST, ...] = ()
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """The node and what is in it, without calls that are left alone.

    With each comes what it stands in, the nearest first.
    """
    if isinstance(node, ast.Call | ast.Expr) and root(node) in alone:
        return
    if isinstance(node, ast.Assign) and root(node.value) in alone:
        return
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    yield node, around or (node,)
    for child in ast.iter_child_nodes(node):
        yield from _open_to_change(child, alone, (node, *around))


def _is_number(text: str) -> bool:
    """Whether a text is a number, such as ``"1e-6"``."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _short(node: ast.AST) -> str:
    """A node as code in Markdown, in one line that is not too long."""
    return _cut(" ".join(ast.unparse(node).split()))


def _cut(text: str, at: int = 0) -> str:
    """Code of 60 characters at most, with what stands at this place."""
    start = max(0, min(at - 30, len(text) - 60))
    end = start + 60
    before, after = "…" * (start > 0), "…" * (end < len(text))
    return f"`{before}{text[start:end]}{after}`"


def _became(node: ast.AST, new: ast.AST, around: Sequence[ast.AST]) -> str:
    """A change in words, with enough of the line to see where it is."""
    whole = node
    for outer in around:
        if len(ast.unparse(whole)) >= 15 or isinstance(
            outer, ast.For | ast.While | ast.If | ast.With | ast.FunctionDef
        ):
            break
        whole = outer
    old, changed = (
        " ".join(text.split())
        for text in (ast.unparse(whole), _put(node, new)(whole))
    )
    pairs = zip(old, changed, strict=False)
    end = min(len(old), len(changed))  # one may be the beginning of the other
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), end)
    return f"{_cut(old, at)} became {_cut(changed, at)}"


def _replacements(node: ast.AST) -> Iterator[tuple[str, str, ast.AST]]:
    """What may stand in a node's place: kind, words, new node.

    Words that are empty are made of the two nodes.
    """
    new: Any
    op: Any
    match node:
        case ast.Constant(value=bool(value)):
            yield ("constant", "", ast.Constant(not value))
        case ast.Constant(value=int(value) | float(value)):
            tenth = value / 10 if isinstance(value, float) else value // 10
            zero = 0 * value
            for new in (
                value * 10,
                -value,
                value + 1,
                tenth,
                zero,
                value + 1000,
            ):
                if new != value:
                    yield ("constant", "", ast.Constant(new))
        case ast.Constant(value=str(value)) if _is_number(value):
            for new in (float(value) * 10, float(value) / 10):
                yield ("constant", "", ast.Constant(f"{new:g}"))
        case ast.BinOp() if type(node.op) in OPERATORS:
            new = copy.copy(node)
            new.op = OPERATORS[type(node.op)]()
            yield ("operator", "", new)
            if isinstance(node.op, ast.Sub):
                yield (
                    "operator",
                    "",
                    ast.BinOp(node.right, ast.Sub(), node.left),
                )
        case ast.Compare(ops=[op]) if type(op) in OPERATORS:
            new = copy.copy(node)
            new.ops = [OPERATORS[type(op)]()]
            yield ("operator", "", new)
        case ast.BoolOp():
            new = copy.copy(node)
            new.op = OPERATORS[type(node.op)]()
            yield ("operator", "", new)
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield ("operator", "", node.operand)
        case ast.Attribute(ctx=ast.Load()):
            for name in OTHERS.get(node.attr, ()):
                new = copy.copy(node)
                new.attr = name
                yield ("name", "", new)
            if node.attr in ("T", "grad", "mT"):
                yield ("undone", "", node.value)
        case ast.Call():
            yield from _of_a_call(node)
        case ast.Subscript(ctx=ast.Load(), slice=ast.Slice()):
            yield ("undone", "", node.value)
        case ast.Expr(value=ast.Call()):
            yield "dropped", f"{_short(node)} was dropped", ast.Pass()
        case ast.AugAssign(target=target, value=value):
            yield "dropped", f"{_short(node)} was dropped", ast.Pass()
            if isinstance(target, ast.Name):  # a new value, not in place
                left = ast.Name(target.id, ast.Load())
                new = ast.Assign([target], ast.BinOp(left, node.op, value))
                yield ("operator", "", new)
        case ast.Assign(targets=[ast.Tuple(elts=[first, *rest])]) if rest:
            new = copy.copy(node)
            new.targets = [ast.Tuple([*rest, first], ast.Store())]
            yield ("exchanged", "", new)
        case ast.Assign(targets=[ast.Name()]) if not isinstance(
            node.value, ast.Constant | ast.Lambda | ast.JoinedStr
        ):
            for value in _changed_values(node.value):
                new = copy.copy(node)
                new.value = value
                yield ("value", "", new)
        case ast.Return(value=value) if value is not None and not isinstance(
            value, ast.Constant | ast.Tuple
        ):
            for changed in _changed_values(value):
                yield ("value", "", ast.Return(changed))
        case ast.For() | ast.While():
            new = copy.copy(node)
            new.body = [*node.body, ast.Break()]
            head = _short(node).partition(":")[0].strip("`")
            yield "loop", f"`{head}` ended after one turn", new
        case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)]):
            new = ast.If(ast.Constant(True), node.body, [])
            yield "dropped", f"`with {_short(call)[1:]} was dropped", new
        case ast.If():
            new = copy.copy(node)
            new.test = ast.UnaryOp(ast.Not(), node.test)
            yield "operator", f"`if {_short(node.test)[1:]} was turned", new
        case ast.List(elts=[*_, _, _], ctx=ast.Load()):
            new = ast.List(node.elts[:-1], ast.Load())
            yield ("shortened", "", new)
            new = ast.List(node.elts[::-1], ast.Load())
            yield ("exchanged", "", new)


def _changed_values(value: ast.expr) -> Iterator[ast.expr]:
    """Numbers that are far from what they were, in several ways."""
    for factor in (10, -1, 0):
        yield ast.BinOp(ast.Constant(factor), ast.Mult(), value)
    for more in (1, 1000, -1000):
        yield ast.BinOp(value, ast.Add(), ast.Constant(more))


def _of_a_call(node: ast.Call) -> Iterator[tuple[str, str, ast.AST]]:
    """What may stand in a call's place."""
    new: Any
    if isinstance(node.func, ast.Name):
        for name in OTHERS.get(node.func.id, ()):
            new = copy.copy(node)
            new.func = ast.Name(name, ast.Load())
            yield ("name", "", new)
    if isinstance(node.func, ast.Attribute) and root(node) not in (
        "torch",
        "nn",
        "np",
        "F",
    ):
        yield ("undone", "", node.func.value)
    if len(node.args) == 1 and not node.keywords:
        yield ("undone", "", node.args[0])
    if len(node.args) == 2:
        new = copy.copy(node)
        new.args = node.args[::-1]
        yield ("exchanged", "", new)
    for keyword in node.keywords:
        new = copy.copy(node)
        new.keywords = [k for k in node.keywords if k is not keyword]
        name = keyword.arg or "**"
        yield "keyword", f"`{name}=` of {_short(node)} was dropped", new
