"""Points out of a sheet, some thousands at a time, and why one has no place. Pure."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from siqian.kernel.permits import BadInput, Refusal
from siqian.kernel.said import said

HEADS = ("id", "lon", "lat")
# Rows that are in memory at once.
TOGETHER = 50_000

NO_NUMBER = said("经度、纬度不是数字")
OUTSIDE = said("在所有楼栋格外面")
SHARED = said("在{codes}的边界上")


@dataclass(frozen=True)
class Points:
    """Some rows: what each is called, and its coordinates, not a number where the sheet has none."""

    names: Sequence[str]
    x: Any
    y: Any


@dataclass(frozen=True)
class Located:
    """A row's answer: the code of the smallest area, or why there is none."""

    name: str
    code: str
    why: Refusal | None = None


def points_of(lines: Iterable[str]) -> Iterator[Points]:
    """The rows of a sheet with the columns id, lon, lat, in any order; other columns are left alone. BadInput without them."""
    import numpy as np

    rows = csv.reader(lines)
    heads = [head.strip().lstrip("\ufeff").lower() for head in next(rows, [])]
    missing = [head for head in HEADS if head not in heads]
    if missing:
        raise BadInput(Refusal("表头要有id、lon、lat三列，找不到{missing}", field="file", missing="、".join(missing)))
    places = [heads.index(head) for head in HEADS]
    while chunk := list(islice((row for row in rows if row), TOGETHER)):
        cells = [[row[at] if at < len(row) else "" for at in places] for row in chunk]
        x, y = np.array([[_number(row[1]), _number(row[2])] for row in cells]).T
        yield Points([row[0] for row in cells], x, y)


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return float("nan")
