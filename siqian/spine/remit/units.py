"""Responsible units: what they are called, who stands in for one that may not act, what became of one that was merged. Pure."""

import re
from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

Level = Literal["district", "street", "community", "outside"]
SENTENCE = re.compile(r"[。！？!?；;\n]")

# Who takes over what is told against a unit that names no overseer; and what is told against that one.
OVERSEER, LAST_OVERSEER = "peace", "discipline"


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of responsible unit. A street's or community's kind exists once in each street or community.

    called: what else people call it; overseer: the unit that takes over what is told against it; became: the unit into which it was
    merged, from this edition's day on.
    """

    code: str
    zh: str
    en: str
    level: Level
    called: tuple[str, ...] = ()
    overseer: str = ""
    became: str = ""


class Blame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The words by which a message is against the unit that it names, in one sentence with it."""

    code: str
    zh: str
    en: str
    words: tuple[str, ...]


def heir(code: str, units: Mapping[str, Unit]) -> str:
    """The unit that a unit has become, over however many mergers: itself while it was not merged."""
    seen = {code}
    while (unit := units.get(code)) is not None and unit.became and unit.became not in seen:
        code = unit.became
        seen.add(code)
    return code


def overseer(code: str, but: Collection[str], units: Mapping[str, Unit]) -> str:
    """Who takes over what would be this unit's when it may not: its overseer, or that one's, outside of these."""
    seen = {code}
    while code in but:
        unit = units.get(code)
        following = (unit.overseer if unit else "") or (OVERSEER if code != OVERSEER else LAST_OVERSEER)
        if following in seen:
            return LAST_OVERSEER
        code = following
        seen.add(code)
    return code


def blamed(text: str, units: Collection[Unit], blames: Collection[Blame]) -> set[str]:
    """The units that a message is against: named in a sentence together with a word of blame."""
    words = [word for blame in blames for word in blame.words]
    found: set[str] = set()
    for sentence in SENTENCE.split(text):
        if any(word in sentence for word in words):
            found |= {unit.code for unit in units if any(name in sentence for name in (unit.zh, *unit.called))}
    return found
