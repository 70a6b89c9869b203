"""What somebody has been told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Notice


@dataclass(frozen=True)
class Line:
    about: str
    text: str
    values: dict[str, Any]
    at: datetime
    seen: bool


def told(to: Sequence[str], *, most: int = 30) -> list[Line]:
    """The newest notices of these readers."""
    rows = Notice.objects.filter(to__in=to).order_by("-at", "-id")[:most]
    return [Line(row.about, row.text, row.values, row.at, row.seen is not None) for row in rows]


def unseen(to: Sequence[str]) -> int:
    return Notice.objects.filter(to__in=to, seen=None).count()
