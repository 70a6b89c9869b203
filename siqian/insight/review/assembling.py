"""Puts a sheet together: the week's facts, by every dimension, with names as they are now and sentences by rule. Writes nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from siqian.kernel import catalogue
from siqian.kernel.catalogue import Edition
from siqian.kernel.said import said
from siqian.spine.matters.rules.measures import MEASURES, Fact, figures
from siqian.spine.remit import queries as remit
from siqian.town.places import queries as places

from .rules import numbers, saying
from .rules.numbers import Line, Part

HERE = Path(__file__).parent / "catalogue"
DIMENSIONS = ("community", "street", "unit", "class")
# What a new map changes, in the order of a path.
REDRAWN = ("street", "community", "unit")
# Whom the sentences of a sheet speak of.
SPOKEN_OF = ("community", "street", "unit")
NOWHERE = (said("没定到地方"), "Place not known")


@dataclass(frozen=True)
class Sheet:
    """A sheet before it is kept. counted: (fact, street, community, class) of every matter."""

    rules: str
    numbers: dict[str, Any]
    counted: Sequence[tuple[Fact, str, str, str]]
    digest: str


@cache
def parts() -> Edition[Part]:
    """The parts of the score with their weights, as in force; the district's own stand above ours."""
    return catalogue.load(HERE, Part, overlay=catalogue.overlay("review")).latest


def assemble(facts: Sequence[Fact], earlier: Sequence[dict[str, Any]]) -> Sheet:
    """earlier: numbers of the two weeks before, the nearest first, as far as they were drawn up."""
    edition = parts()
    keyed = [(fact, _area(fact.path, 1), _area(fact.path, 2), fact.item.partition(".")[0]) for fact in facts]
    keys = {id(fact): (street, community, klass) for fact, street, community, klass in keyed}
    by = {
        "community": lambda fact: keys[id(fact)][1],
        "street": lambda fact: keys[id(fact)][0],
        "unit": lambda fact: fact.unit,
        "class": lambda fact: keys[id(fact)][2],
    }
    rows = tuple(edition.rows.values())
    lines = {name: _lines(name, facts, by[name], rows) for name in DIMENSIONS}
    top = places.district()
    names = (top.words, top.words_en) if top else ("", "")
    whole = figures(facts, lambda fact: "")
    total = {**numbers.line("", names, whole.get("") or numbers.NOTHING, rows), "by": "district"}
    last = earlier[0]["lines"] if earlier else None
    named = [line for name in SPOKEN_OF for line in lines[name]]
    found: dict[str, Any] = {
        "parts": [{"zh": part.zh, "en": part.en, "weight": part.weight, "measures": list(part.measures)} for part in rows],
        "lines": {**{name: _with_trend(name, made, earlier) for name, made in lines.items()}, "district": [total]},
        "changes": saying.changes(total, last["district"][0] if last else None, lines["class"], last["class"] if last else ()),
        "low": saying.low(named, total, _causes(keyed)),
        "high": saying.high(named, total),
    }
    return Sheet(edition.version, found, keyed, _digest(found, facts))


def as_now(facts: Sequence[Fact]) -> tuple[dict[int, tuple[str, str, str]], dict[str, Sequence[Line]]]:
    """(street, community, unit) of each matter, by its path and by what its unit has become, and the lines of all three."""
    now = {fact.matter: (_area(fact.path, 1), _area(fact.path, 2), remit.heir(fact.unit)) for fact in facts}
    rows = tuple(parts().rows.values())
    return now, {name: _lines(name, facts, lambda fact, at=at: now[fact.matter][at], rows) for at, name in enumerate(REDRAWN)}


def _area(path: str, level: int) -> str:
    codes = [code for code in path.split("/") if code]
    return codes[level] if len(codes) > level else ""


def _lines(name: str, facts: Sequence[Fact], by, rows: Sequence[Part]) -> list[Line]:
    made = [{**numbers.line(key, _names(name, key), found, rows), "by": name} for key, found in figures(facts, by).items()]
    return numbers.ranked(made)


def _names(dimension: str, key: str) -> tuple[str, str]:
    """Names as of now: a sheet keeps them, whatever is drawn or called anew later."""
    if dimension == "unit":
        unit = remit.units().get(key)
        return (unit.zh, unit.en) if unit else (key, key)
    if dimension == "class":
        klass = remit.classes().get(key)
        return (klass.zh, klass.en) if klass else (key, key)
    place = places.at_area(key) if key else None
    return places.both_names(place.path)[-1] if place else NOWHERE


def _with_trend(name: str, lines: Sequence[Line], earlier: Sequence[dict[str, Any]]) -> list[Line]:
    before = [{one["key"]: one["score"] for one in sheet["lines"][name]} for sheet in reversed(earlier)]
    return [{**one, "trend": numbers.trend([*(scores.get(one["key"]) for scores in before), one["score"]])} for one in lines]


def _causes(keyed: Sequence[tuple[Fact, str, str, str]]) -> dict[tuple[str, str, str], tuple[str, str, int]]:
    """(dimension, key, measure) -> the class that most of its misses are of."""
    missed: dict[tuple[str, str, str], Counter[str]] = {}
    for code in saying.SAID:
        measure = MEASURES[code]
        kinds = {marks: measure.counts(marks) and not measure.hits(marks) for marks in {fact.marks for fact, *_ in keyed}}
        for fact, street, community, klass in keyed:
            if kinds[fact.marks]:
                for at in (("street", street, code), ("community", community, code), ("unit", fact.unit, code)):
                    missed.setdefault(at, Counter())[klass] += 1
    most = {at: counted.most_common(1)[0] for at, counted in missed.items()}
    return {at: (*_names("class", klass), count) for at, (klass, count) in most.items()}


def _digest(found: dict[str, Any], facts: Sequence[Fact]) -> str:
    """What the journal keeps of a sheet: a hash over its numbers and the marks of every matter behind them."""
    hash_ = hashlib.sha256(json.dumps(found, ensure_ascii=False, sort_keys=True).encode())
    hash_.update(";".join(f"{fact.matter}:{fact.marks}" for fact in facts).encode())
    return hash_.hexdigest()
