"""Residents who do not exist, by a seed: ages, work, insurance, homes and hardship that go together, and facts that nobody told.

Shares are working assumptions of ours after the shape of a southern super-large community (many of working age, many from elsewhere);
they are nobody's statistics.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Column
from .plan import EPOCH

# Of a thousand, by decade of age.
PYRAMID = (95, 90, 190, 235, 160, 110, 70, 35, 13, 2)
UNKNOWN = {"income": 0.35, "medical_own": 0.6, "wants_meal": 0.7, "wants_help": 0.7, "wants_course": 0.6, "outside": 0.3, "illness": 0.5}
USUAL = 0.08


def residents(count: int, seed: int, day: date) -> tuple[dict[str, Column], NDArray[np.int64], int]:
    """(columns, each row's household by number, how many households). Nobody but one in ten lives alone."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice([1, 2, 3, 4, 5], size=count, p=[0.3, 0.27, 0.25, 0.13, 0.05])
    home = np.repeat(np.arange(count), sizes)[:count]
    age = _ages(chance, count)
    made = _facts(chance, age, home, day)
    columns = {name: _told(chance, name, kind, values, words) for name, (kind, values, words) in made.items()}
    return columns, home.astype(np.int64), int(home[-1]) + 1 if count else 0


def _ages(chance: np.random.Generator, count: int) -> NDArray[np.int64]:
    shares = np.array(PYRAMID) / sum(PYRAMID)
    return chance.choice(len(PYRAMID), size=count, p=shares) * 10 + chance.integers(0, 10, count)


def _told(chance: np.random.Generator, name: str, kind: str, values: NDArray[Any], words: tuple[str, ...]) -> Column:
    return Column(kind, values, chance.random(len(values)) >= UNKNOWN.get(name, USUAL), words)


@dataclass
class _Draw:
    """Draws for so many people by one seed. Each gives (kind, values, words)."""

    chance: np.random.Generator
    count: int

    def of(self, *shares: tuple[str, float], where: Any = None) -> Any:
        """A choice, the words sorted as a column of text has them; where: else the first."""
        names = [name for name, _ in shares]
        drawn = self.chance.choice(len(shares), size=self.count, p=np.array([share for _, share in shares]))
        drawn = drawn if where is None else np.where(where, drawn, 0)
        order = sorted(names)
        return "text", np.array([order.index(name) for name in names])[drawn], tuple(order)

    def yes(self, share: Any) -> Any:
        return "int", (self.chance.random(self.count) < share).astype(np.int8), ()

    def few(self, most: int) -> Any:
        """Nought for most, up to so many for a fifth."""
        some = self.chance.random(self.count) < 0.2
        return "int", np.where(some, self.chance.integers(0, most + 1, self.count), 0).astype(np.int16), ()


def _facts(chance: np.random.Generator, age: NDArray[np.int64], home: NDArray[np.int64], day: date) -> dict[str, Any]:
    draw = _Draw(chance, len(age))
    return _selves(draw, age, home, day) | _work(draw, age) | _health(draw, age) | _rest(draw)


def _selves(draw: _Draw, age: NDArray[np.int64], home: NDArray[np.int64], day: date) -> dict[str, Any]:
    alone = np.bincount(home)[home] == 1
    born = day.toordinal() - EPOCH - (age * 365.2425).astype(np.int64) - draw.chance.integers(0, 365, draw.count)
    return {
        "born": ("day", born.astype(np.int32), ()),
        "sex": draw.of(("female", 0.47), ("male", 0.53)),
        "hukou": draw.of(("else", 0.62), ("city", 0.16), ("here", 0.22)),
        "permit_years": ("int", np.minimum(draw.chance.poisson(4, draw.count), age).astype(np.int16), ()),
        "alone": ("int", alone.astype(np.int8), ()),
        "housing": draw.of(("village", 0.55), ("own", 0.22), ("public", 0.05), ("rent", 0.18)),
        "rent": ("int", (draw.chance.integers(5, 60, draw.count) * 10_000).astype(np.int64), ()),
        "floor": ("int", draw.chance.integers(1, 30, draw.count).astype(np.int16), ()),
    }


def _work(draw: _Draw, age: NDArray[np.int64]) -> dict[str, Any]:
    """Work, insurance, income: by age; hardship where the income is small."""
    old, adult = age >= 60, (age >= 18) & (age < 60)
    insured = draw.of(("none", 0.12), ("worker", 0.66), ("resident", 0.22), where=adult)
    # Of the old a good half draw a pension, which stands second among the words.
    pension = np.where(old & (draw.chance.random(draw.count) < 0.6), 1, insured[1] + (insured[1] >= 1))
    income = np.where(adult | old, draw.chance.lognormal(13.1, 0.7, draw.count), 0).astype(np.int64)
    return {
        "insured": ("text", pension, ("none", "pension", "resident", "worker")),
        "insured_months": ("int", np.where(adult, draw.chance.integers(0, 240, draw.count), 0).astype(np.int16), ()),
        "income": ("int", income, ()),
        "hardship": draw.of(("none", 0.9), ("low", 0.05), ("edge", 0.04), ("special", 0.01), where=income < 200_000),
        "work": draw.of(("home", 0.08), ("employed", 0.62), ("flexible", 0.22), ("seeking", 0.08), where=adult),
        "degree": draw.of(("school", 0.6), ("college", 0.2), ("bachelor", 0.17), ("master", 0.03)),
        "skill": draw.of(("none", 0.95), ("l5", 0.02), ("l4", 0.015), ("l3", 0.01), ("l2", 0.005)),
        "graduated": ("int", np.where(adult, 2026 - np.maximum(age - 22, 0), 0).astype(np.int16), ()),
    }


def _health(draw: _Draw, age: NDArray[np.int64]) -> dict[str, Any]:
    """Frailty comes with the years above sixty."""
    frail = np.clip((age - 60) / 60, 0, 1)
    return {
        "disability": draw.of(("none", 0.965), ("g1", 0.005), ("g2", 0.01), ("g3", 0.01), ("g4", 0.01)),
        "care_need": draw.of(("none", 0.3), ("part", 0.45), ("full", 0.25), where=draw.chance.random(draw.count) < frail),
        "mobility": draw.of(("none", 0.3), ("some", 0.5), ("chair", 0.2), where=draw.chance.random(draw.count) < frail),
        "medical_own": ("int", draw.chance.lognormal(11, 1.2, draw.count).astype(np.int64), ()),
    }


RARE = {"illness": 0.02, "pregnant": 0.01, "single_parent": 0.02, "only_child_lost": 0.003, "rider": 0.03, "startup": 0.02, "veteran": 0.02}
RARE |= {"martyr_family": 0.0005, "lift": 0.6, "handrail": 0.1, "outside": 0.02, "wants_meal": 0.2, "wants_help": 0.15, "wants_course": 0.3}
FEW = {"toddlers": 2, "pupils": 3, "hires": 4, "unemployed_months": 18, "donated": 9, "hours": 90}


def _rest(draw: _Draw) -> dict[str, Any]:
    return {name: draw.yes(share) for name, share in RARE.items()} | {name: draw.few(most) for name, most in FEW.items()}


def write(count: int, seed: int, day: date, out: Path) -> None:
    """So many of them as Parquet, as `match` reads it. Needs the extra."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns, home, _ = residents(count, seed, day)
    table = {"id": pa.array(np.arange(1, count + 1)), "household": pa.array(home)}
    pq.write_table(pa.table(table | {name: arrow(column) for name, column in columns.items()}), out, row_group_size=200_000)


def arrow(column: Column) -> Any:
    """A column as Arrow has it; a yes or no as such."""
    import pyarrow as pa

    missing = ~column.known if column.known is not None else None
    if column.kind == "text":
        return pa.DictionaryArray.from_arrays(pa.array(column.values.astype(np.int8), mask=missing), pa.array(column.words)).cast(
            pa.string()
        )
    if column.kind == "day":
        return pa.array(column.values.astype(np.int32), mask=missing).cast(pa.date32())
    return pa.array(column.values.astype(bool) if column.values.dtype == np.int8 else column.values, mask=missing)
