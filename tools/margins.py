"""By how much a claim holds: what was measured from each seed.

A claim such as ``claim("…", loss < 0.01)`` compares a value with a threshold.
The threshold is the side that is the same from all seeds (if both are, the
right one, or the one that is written as a number). If both sides vary, the
value is their ratio and the threshold 1 where all are positive, else their
difference and 0.

The margin is the distance of the worst value from the threshold, and is judged
against the spread: the distance of the lowest value from the highest. Both are
taken of the logarithms if the values and the threshold are positive and span
more than a decade. A claim whose margin is less than `SHARE` of the spread
holds, but other seeds may well end on the other side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lessons_lib._compared import Measured

SHARE = 0.05  # of the spread; a smaller margin is warned of
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class Series:
    """One comparison of a claim from many seeds: ``value op threshold``.

    A seed from which it was not measured, or infinite, is not in ``values``.
    """

    op: str
    threshold: float
    values: dict[int, float]

    @classmethod
    def of(cls, pairs: Mapping[int, Measured]) -> Series:
        """The series of the pairs that were compared, by seed."""
        pairs = {
            seed: pair
            for seed, pair in pairs.items()
            if math.isfinite(pair.left) and math.isfinite(pair.right)
        }
        if not pairs:
            return cls("<", 0, {})
        op = next(iter(pairs.values())).op
        left = {seed: pair.left for seed, pair in pairs.items()}
        right = {seed: pair.right for seed, pair in pairs.items()}
        if len({*right.values()}) == 1:
            return cls(op, right.popitem()[1], left)
        if len({*left.values()}) == 1:
            return cls(TURNED[op], left.popitem()[1], right)
        if min(*left.values(), *right.values()) > 0:
            return cls(op, 1, {s: left[s] / right[s] for s in pairs})
        return cls(op, 0, {s: left[s] - right[s] for s in pairs})

    @classmethod
    def read(cls, stored: dict[str, Any], seeds: Sequence[int]) -> Series:
        """The series that `stored` made."""
        values = zip(seeds, stored["values"], strict=True)
        known = {seed: v for seed, v in values if v is not None}
        return cls(stored["op"], stored["threshold"], known)

    def stored(self, seeds: Sequence[int]) -> dict[str, Any]:
        """As it stands in book/verified.json, a value for each seed."""
        values = [
            short(self.values[s], self.threshold) if s in self.values else None
            for s in seeds
        ]
        threshold = whole(self.threshold)
        return {"op": self.op, "threshold": threshold, "values": values}

    def without(self, seeds: set[int]) -> Series:
        """What is left if these seeds are measured again."""
        values = {s: v for s, v in self.values.items() if s not in seeds}
        return Series(self.op, self.threshold, values)

    def merged(self, other: Series) -> Series:
        """Together with the same comparison from other seeds.

        If the threshold of one is not that of the other, it was no constant:
        then both become ratios, or differences.
        """
        if not self.values or not other.values:
            return self if self.values else other
        a, b = self, other
        if (a.op, a.threshold) != (b.op, b.threshold):
            numbers = [a.threshold, b.threshold]
            numbers += [*a.values.values(), *b.values.values()]
            a, b = a.against(min(numbers) > 0), b.against(min(numbers) > 0)
            b = b if b.op == a.op else b.turned()
        return Series(a.op, a.threshold, a.values | b.values)

    def against(self, ratio: bool) -> Series:
        """The values by the threshold, against 1; or less it, against 0."""
        t = self.threshold
        values = {
            seed: v / t if ratio else v - t for seed, v in self.values.items()
        }
        return Series(self.op, 1 if ratio else 0, values)

    def turned(self) -> Series:
        """A ratio or a difference the other way round."""
        values = {
            seed: 1 / v if self.threshold else -v
            for seed, v in self.values.items()
        }
        return Series(TURNED[self.op], self.threshold, values)

    @property
    def worst(self) -> int:
        """The seed with the smallest margin."""
        pick = max if self.op in ("<", "<=") else min
        return pick(self.values, key=self.values.__getitem__)

    @property
    def share(self) -> float:
        """The margin as a share of the spread, negative if the claim fails.

        Infinite if all seeds give the same.
        """
        numbers = [self.threshold, *self.values.values()]
        if min(numbers) > 0 and max(numbers) > 10 * min(numbers):
            numbers = [math.log(n) for n in numbers]
        threshold, *values = numbers
        spread = max(values) - min(values)
        if self.op in ("<", "<="):
            margin = threshold - max(values)
        else:
            margin = min(values) - threshold
        if spread == 0:
            return math.copysign(math.inf, margin)
        return margin / spread

    def __str__(self) -> str:
        value = self.values[self.worst]
        return f"{value:.4g} {self.op} {self.threshold:.4g}"


def short(value: float, threshold: float) -> float:
    """Three digits of a value, and of its distance from the threshold."""
    distance = abs(value - threshold)
    if not value or not distance:
        return whole(value)
    digits = 2 - math.floor(math.log10(min(abs(value), distance)))
    return whole(round(value, digits))


def whole(value: float) -> float:
    """Without the ``.0`` of a number that has nothing behind the point."""
    small = abs(value) < 1e6
    return int(value) if small and value == int(value) else float(value)
