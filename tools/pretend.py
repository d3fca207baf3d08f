"""Run lessons on a pretended GPU, to find tensors on the wrong device.

    python -m tools.pretend [NUMBER or FILE ...]

The device is called `pretend`. Its tensors hold their numbers on the CPU, so
a lesson runs to its end, backward passes and claims included, with the
numbers that it has on a CPU. But an operation that mixes the two devices
raises, as it does with a real GPU, and so does `.numpy()`; and float64 is
refused, as Apple's GPUs have none. The exit status is 1 if a cell raised or a
claim failed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, SupportsIndex

os.environ["MPLBACKEND"] = "agg"

import torch
from torch.utils._pytree import tree_map_only
from torch.utils.backend_registration import (
    _setup_privateuseone_for_python_backend,
)

from lessons_lib import runtime
from tools import lessons

NAME = "pretend"
_setup_privateuseone_for_python_backend(NAME)
# What torch.autocast asks a device; no operation here computes in less.
getattr(torch, NAME).get_amp_supported_dtype = lambda: [torch.bfloat16]
PRETENDED = torch.device(NAME, 0)
CPU = torch.device("cpu")
aten = torch.ops.aten
# Operations made to go from one device to another.
MOVES = {aten._to_copy.default, aten.copy_.default}
# Operations of a GPU tensor that take indices from the CPU as well.
INDEXING = {
    aten.index.Tensor,
    aten.index_put_.default,
    aten.index_put.default,
    aten._index_put_impl_.default,
}
# Claims about speed, and about what the profiler counts: this device works
# while it is asked, slowly, and by more than one call for an operation.
OF_SPEED = {
    "20 steps: 40 products forward, 60 backward",
    "Adam takes less than a 100th of the loop's time",
    "the call waits for its result on a CPU, and not on a GPU",
}


class Pretended(torch.Tensor):
    """A tensor that says it is on the device; its numbers are in `held`."""

    held: torch.Tensor
    __torch_function__: Any = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> Pretended:
        """Wrap a CPU tensor."""
        tensor = torch.Tensor._make_wrapper_subclass(
            cls,
            held.shape,
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            device=PRETENDED,
        )
        tensor.held = held
        return tensor

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, op: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        """Every operation on such a tensor."""
        return compute(op, *args, **(kwargs or {}))

    def __format__(self, spec: str) -> str:
        """As a tensor with one element."""
        return format(self.item() if spec else repr(self), spec)

    def __getitem__(self, index: Any) -> torch.Tensor:
        """As a tensor's; PyTorch cannot make an index here from a list."""
        return super().__getitem__(_tensors_for_lists(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        """As a tensor's."""
        super().__setitem__(_tensors_for_lists(index), value)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """What is saved: the numbers, as a tensor on the CPU."""
        return self.held.__reduce_ex__(protocol)

    def tolist(self) -> Any:
        """Its numbers, which PyTorch refuses to list for a subclass."""
        return self.cpu().tolist()

    def __repr__(self, **_: Any) -> str:  # type: ignore[override]
        """As PyTorch shows a tensor of another device."""
        return f"{repr(self.held)[:-1]}, device='{PRETENDED}')"


def _tensors_for_lists(index: Any) -> Any:
    if isinstance(index, tuple):
        return tuple(_tensors_for_lists(i) for i in index)
    return torch.tensor(index) if isinstance(index, list) else index


def compute(op: Any, *args: Any, **kwargs: Any) -> Any:
    """Do an operation on the CPU, if the devices fit.

    Raises
    ------
    RuntimeError
        If they do not.
    TypeError
        If float64 numbers are put on the device.
    """
    wrapped: dict[int, Pretended] = {}  # a tensor's id: what wraps it
    others: list[torch.Tensor] = []  # tensors on the CPU

    def unwrap(value: Any) -> Any:
        if isinstance(value, Pretended):
            wrapped[id(value.held)] = value
            return value.held
        if isinstance(value, torch.Tensor):
            others.append(value)
        elif isinstance(value, list | tuple):
            return [unwrap(v) for v in value]
        return value

    def wrap(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(wrap(v) for v in value)
        if not isinstance(value, torch.Tensor):
            return value
        # An operation in place gives back the very tensor it was given.
        found = wrapped.get(id(value))
        return Pretended(value) if found is None else found

    plain = [unwrap(v) for v in args]
    named = {k: unwrap(v) for k, v in kwargs.items()}
    if op not in MOVES and wrapped and others:
        refuse_mixed(op, args, others)
    target = kwargs.get("device")
    if target is not None:
        named["device"] = CPU
    result = op(*plain, **named)
    if op is aten.copy_.default:
        return args[0]
    if op in MOVES and target is None:  # another type, on the same device
        target = args[0].device
    if target is not None and torch.device(target).type != NAME:
        return result
    # PyTorch takes float64 for numbers of its own, on its way to a result.
    asked_for = target is not None and result.ndim > 0
    if asked_for and result.dtype == torch.float64:
        raise TypeError(f"{NAME} has no float64, as Apple's GPUs")
    return wrap(result)


def refuse_mixed(op: Any, args: tuple, others: list[torch.Tensor]) -> None:
    """Raise where a real GPU would not take these CPU tensors as well.

    A CPU tensor without dimensions counts as a number in operations that go
    element by element, but cannot take their result. A tensor on a GPU can
    be indexed from the CPU, not the other way round.
    """
    on_device = isinstance(args[0], Pretended)
    if op in INDEXING and on_device:
        others = [t for t in args[2:3] if not isinstance(t, Pretended)]
    elif torch.Tag.pointwise not in op.tags:
        others = [*others, torch.empty(1)]  # no number will do
    in_place = op._schema.is_mutable and not on_device
    if in_place or any(t.ndim > 0 for t in others):
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at "
            f"least two devices, {PRETENDED} and cpu! ({op})"
        )


# Operations that make tensors on the device; the rest come by dispatch above.
LIBRARY = torch.library.Library("_", "IMPL")
LIBRARY.fallback(compute, "PrivateUse1")
LIBRARY.fallback(torch.library.fallthrough_kernel, "AutocastPrivateUse1")


def by_way_of_the_cpu(make: Any) -> Any:
    """`torch.tensor` and the like, which cannot make such a tensor at once."""

    def made(*args: Any, device: Any = None, **kwargs: Any) -> torch.Tensor:
        tensor = make(*args, **kwargs)
        if device is None:
            return tensor
        needs = tensor.requires_grad
        return tensor.detach().to(device).requires_grad_(needs)

    return made


def load(f: Any, map_location: Any = None, *rest: Any, **options: Any) -> Any:
    """`torch.load`, which cannot load onto such a device at once."""
    state = load_on_cpu(f, CPU, *rest, **options)
    if map_location is None:
        return state
    return tree_map_only(torch.Tensor, lambda t: t.to(map_location), state)


load_on_cpu, torch.load = torch.load, load
torch.tensor = by_way_of_the_cpu(torch.tensor)
torch.as_tensor = by_way_of_the_cpu(torch.as_tensor)


def run(path: Path) -> list[str]:
    """Run one lesson, to the first cell that raises; what went wrong."""
    session = lessons.Session()
    for i, source in lessons.code(lessons.read(path)):
        if not session.run(i, source):
            break
    of_speed = tuple(f"✗ {text}" for text in OF_SPEED)
    return [line for line in session.wrong if not line.startswith(of_speed)]


def main(names: list[str]) -> int:
    """Run lessons by number, or notebooks by file; the exit status."""
    os.environ["LESSONS_DEVICE"] = NAME
    runtime.DEVICES[NAME] = lambda: 1
    torch.autograd.set_multithreading_enabled(False)  # far quicker in Python
    paths = []
    for name in names or [""]:
        paths += (
            [Path(name)] if name.endswith(".ipynb") else lessons.find(name)
        )
    failed = 0
    for path in paths:
        start = time.perf_counter()
        wrong = run(path.resolve())
        failed += bool(wrong)
        seconds = time.perf_counter() - start
        print(f"{path.stem}: {len(wrong)} wrong, {seconds:.1f} s", flush=True)
        for line in wrong:
            print(f"  {line}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
