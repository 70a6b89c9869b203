"""What a sheet says of one unit, street, community or class: intervals for small numbers, no rank under thirty. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import Any

import msgspec

from siqian.kernel.said import said
from siqian.spine.matters.rules.measures import MEASURES, Figures

# Below this many a rate would pretend too much: the count itself is shown, nothing is ranked.
SMALL = 30
# Below this many one could recognise who said it or who did it.
FEW = 5
PERSONAL = ("satisfied", "told", "self_rated")
Z = 1.96

Line = dict[str, Any]
NOTHING = Figures({code: (0, 0) for code in MEASURES}, apart={"contact": 0, "settle": 0})


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the score: its weight, and the measures whose counts are put together for it."""

    code: str
    zh: str
    en: str
    weight: int
    measures: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = [code for code in self.measures if code not in MEASURES]
        if unknown or not self.measures:
            raise ValueError(said("没有这个指标，照docs/review.md里的名字改正：") + " ".join(unknown))
        if not 0 < self.weight <= 100:
            raise ValueError(said("权重写1到100的整数"))


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The interval in which the true rate lies with 95 %, by Wilson's score; (0, 1) for nothing (Wilson 1927)."""
    if not whole:
        return 0.0, 1.0
    rate, square = part / whole, Z * Z
    middle = (rate + square / (2 * whole)) / (1 + square / whole)
    half = Z * sqrt(rate * (1 - rate) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def differ(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two rates differ by more than chance explains, at 95 %; never for small numbers."""
    (part, whole), (part_2, whole_2) = one, other
    if min(whole, whole_2) < SMALL:
        return False
    pooled = (part + part_2) / (whole + whole_2)
    spread = sqrt(pooled * (1 - pooled) * (1 / whole + 1 / whole_2))
    return spread > 0 and abs(part / whole - part_2 / whole_2) > Z * spread


def line(key: str, names: tuple[str, str], figures: Figures, parts: Sequence[Part]) -> Line:
    """One line of a sheet, as it is frozen. What few people could be recognised by is left out (None)."""
    counts: dict[str, tuple[int, int] | None] = {
        code: None if code in PERSONAL and 0 < whole < FEW else (part, whole) for code, (part, whole) in figures.counts.items()
    }
    medians = {what: getattr(figures, what) if figures.apart[what] >= FEW else None for what in ("contact", "settle")}
    return {"key": key, "zh": names[0], "en": names[1], "counts": counts, **medians, "score": score(figures.counts, parts), "rank": None}


def score(counts: Mapping[str, tuple[int, int]], parts: Sequence[Part]) -> float | None:
    """The parts' rates by their weights, 0 to 100; None when a part has fewer than thirty."""
    total = 0.0
    for part in parts:
        hits, whole = (sum(counts[code][at] for code in part.measures) for at in (0, 1))
        if whole < SMALL:
            return None
        total += part.weight * hits / whole
    return round(100 * total / sum(part.weight for part in parts), 2)


def ranked(lines: Sequence[Line]) -> list[Line]:
    """The lines with a score first, the best on top, equal ones with equal rank; then those without, by their volume."""
    scored = sorted((one for one in lines if one["score"] is not None), key=lambda one: (-one["score"], one["zh"]))
    rest = sorted((one for one in lines if one["score"] is None), key=lambda one: (-one["counts"]["volume"][0], one["zh"]))
    found: list[Line] = []
    for place, one in enumerate(scored, start=1):
        same = found and found[-1]["score"] == one["score"]
        found.append({**one, "rank": found[-1]["rank"] if same else place})
    return [*found, *rest] if len(scored) > 1 else [{**one, "rank": None} for one in (*scored, *rest)]


def trend(scores: Sequence[float | None]) -> str:
    """up or down when three weeks in a row, oldest first, went the same way; else empty."""
    known = [one for one in scores if one is not None]
    if len(scores) < 3 or len(known) < len(scores):
        return ""
    steps = [later - earlier for earlier, later in pairwise(known)]
    return "up" if all(step > 0 for step in steps) else "down" if all(step < 0 for step in steps) else ""


def rate(count: tuple[int, int] | None) -> float | None:
    """The share, of thirty or more; None otherwise."""
    return count[0] / count[1] if count and count[1] >= SMALL else None


def shown(count: tuple[int, int] | None) -> str:
    """96.4% of thirty or more, 12/18 of fewer, a dash of none, <5 where people could be recognised."""
    if count is None:
        return f"<{FEW}"
    part, whole = count
    if not whole:
        return "—"
    return f"{100 * part / whole:.1f}%" if whole >= SMALL else f"{part}/{whole}"
