"""Residents who do not exist, by a seed: ages, work, insurance, homes and hardship that go together, and facts that nobody told.

Shares are working assumptions of ours after the shape of a southern super-large community (many of working age, many from elsewhere);
they are nobody's statistics.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Column
from .kleene import latest_birth
from .plan import EPOCH

# Of a thousand, by decade of age.
PYRAMID = (95, 90, 190, 235, 160, 110, 70, 35, 13, 2)
UNKNOWN = {"income": 0.35, "medical_own": 0.6, "wants_meal": 0.7, "wants_help": 0.7, "wants_course": 0.6, "outside": 0.3, "illness": 0.5}
USUAL = 0.08


def residents(count: int, seed: int, day: Any) -> tuple[dict[str, Column], NDArray[np.int64], int]:
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


def _facts(chance: np.random.Generator, age: NDArray[np.int64], home: NDArray[np.int64], day: Any) -> dict[str, Any]:
    count, made = len(age), {}
    old, adult = age >= 60, (age >= 18) & (age < 60)

    def of(*shares: tuple[str, float], where: Any = None) -> tuple[str, NDArray[Any], tuple[str, ...]]:
        """A choice, the words sorted as a column of text has them; where: else the first."""
        names = [name for name, _ in shares]
        drawn = chance.choice(len(shares), size=count, p=np.array([share for _, share in shares]))
        drawn = drawn if where is None else np.where(where, drawn, 0)
        order = sorted(names)
        return "text", np.array([order.index(name) for name in names])[drawn], tuple(order)

    def yes(share: Any) -> tuple[str, NDArray[Any], tuple[str, ...]]:
        return "int", (chance.random(count) < share).astype(np.int8), ()

    latest = latest_birth(0, day)
    first = (latest.toordinal() if latest else 0) - EPOCH
    made["born"] = "day", (first - age * 365.2425 - chance.integers(0, 365, count)).astype(np.int32), ()
    made["sex"] = of(("female", 0.47), ("male", 0.53))
    made["hukou"] = of(("else", 0.62), ("city", 0.16), ("here", 0.22))
    made["permit_years"] = "int", np.minimum(chance.poisson(4, count), age).astype(np.int16), ()
    made["insured"] = of(("none", 0.12), ("worker", 0.66), ("resident", 0.22), where=adult)
    made["insured"] = (
        "text",
        np.where(old & (chance.random(count) < 0.6), 1, made["insured"][1] + (made["insured"][1] >= 1)),
        (
            "none",
            "pension",
            "resident",
            "worker",
        ),
    )
    made["insured_months"] = "int", np.where(adult, chance.integers(0, 240, count), 0).astype(np.int16), ()
    made["income"] = "int", np.where(adult | old, chance.lognormal(13.1, 0.7, count), 0).astype(np.int64), ()
    poor = made["income"][1] < 200_000
    made["hardship"] = of(("none", 0.9), ("low", 0.05), ("edge", 0.04), ("special", 0.01), where=poor)
    made["disability"] = of(("none", 0.965), ("g1", 0.005), ("g2", 0.01), ("g3", 0.01), ("g4", 0.01))
    frail = np.clip((age - 60) / 60, 0, 1)
    made["care_need"] = of(("none", 0.3), ("part", 0.45), ("full", 0.25), where=chance.random(count) < frail)
    made["mobility"] = of(("none", 0.3), ("some", 0.5), ("chair", 0.2), where=chance.random(count) < frail)
    alone = np.bincount(home, minlength=int(home[-1]) + 1)[home] == 1 if count else np.zeros(0, dtype=bool)
    made["alone"] = "int", alone.astype(np.int8), ()
    made["work"] = of(("home", 0.08), ("employed", 0.62), ("flexible", 0.22), ("seeking", 0.08), where=adult)
    made["housing"] = of(("village", 0.55), ("own", 0.22), ("public", 0.05), ("rent", 0.18))
    made["rent"] = "int", (chance.integers(5, 60, count) * 10_000).astype(np.int64), ()
    made["floor"] = "int", chance.integers(1, 30, count).astype(np.int16), ()
    made["degree"] = of(("school", 0.6), ("college", 0.2), ("bachelor", 0.17), ("master", 0.03))
    made["skill"] = of(("none", 0.95), ("l5", 0.02), ("l4", 0.015), ("l3", 0.01), ("l2", 0.005))
    made["graduated"] = "int", np.where(adult, 2026 - np.maximum(age - 22, 0), 0).astype(np.int16), ()
    for name, least, most in (
        ("toddlers", 0, 2),
        ("pupils", 0, 3),
        ("hires", 0, 4),
        ("unemployed_months", 0, 18),
        ("donated", 0, 9),
        ("hours", 0, 90),
    ):
        made[name] = "int", np.where(chance.random(count) < 0.2, chance.integers(least, most + 1, count), 0).astype(np.int16), ()
    made["medical_own"] = "int", chance.lognormal(11, 1.2, count).astype(np.int64), ()
    rare = {"illness": 0.02, "pregnant": 0.01, "single_parent": 0.02, "only_child_lost": 0.003, "rider": 0.03, "startup": 0.02}
    rare |= {"veteran": 0.02, "martyr_family": 0.0005, "lift": 0.6, "handrail": 0.1, "outside": 0.02, "wants_meal": 0.2, "wants_help": 0.15}
    for name, share in (rare | {"wants_course": 0.3}).items():
        made[name] = yes(share)
    return made
