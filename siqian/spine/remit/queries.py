"""What others may ask of the responsibility list. Read once per process, then answered from memory."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from siqian.kernel import catalogue
from siqian.kernel.catalogue import Catalogue, Faulty

from . import rules
from .rules import UNSURE, Assignment, Class, Item, Rule, Unit

R = TypeVar("R", bound=catalogue.Row)
HERE = Path(__file__).parent / "catalogue"


def items(at: date | None = None) -> Mapping[str, Item]:
    """Every item by code, as in force on the day `at`; without a day, the latest edition."""
    return _in_force(_list().items, at)


def item(code: str, at: date | None = None) -> Item:
    """The item `code`. Raises KeyError."""
    return items(at)[code]


def classes(at: date | None = None) -> Mapping[str, Class]:
    """Top classes and subclasses by code."""
    return _in_force(_list().classes, at)


def units(at: date | None = None) -> Mapping[str, Unit]:
    """Every unit kind by code."""
    return _in_force(_list().units, at)


def unit(code: str, at: date | None = None) -> Unit:
    """The unit kind `code`. Raises KeyError."""
    return units(at)[code]


def rule_table(at: date | None = None) -> Mapping[str, Rule]:
    """The rules class x area x time -> unit, by code."""
    return _in_force(_list().rules, at)


def unsure() -> Item:
    """The item of what nobody could yet tell (待认定)."""
    return item(UNSURE)


def unit_for(item_code: str, area_path: str, at: datetime) -> Unit:
    """The unit kind that answers for an item in an area ("longhua/minzhi/beizhan") at a local time."""
    return unit(assignment(item_code, area_path, at).unit, at.date())


def assignment(item_code: str, area_path: str, at: datetime) -> Assignment:
    """The same with its reason: the unit's code and the rule that speaks."""
    return rules.unit_for(item(item_code, at.date()), area_path, at, rule_table(at.date()).values())


def check(folder: Path = HERE, overlay: Path | None = None, areas: Collection[str] | None = None) -> None:
    """Raise Faulty with every fault of a responsibility list before it is put in force."""
    _read(folder, overlay, areas)


class _List:
    def __init__(self, folder: Path, overlay: Path | None) -> None:
        self.classes: Catalogue[Class] = catalogue.load(folder, Class, files="classes*.yaml", overlay=overlay)
        self.units: Catalogue[Unit] = catalogue.load(folder, Unit, files="units*.yaml", overlay=overlay)
        self.items: Catalogue[Item] = catalogue.load(folder, Item, files="items-*.yaml", overlay=overlay)
        self.rules: Catalogue[Rule] = catalogue.load(folder, Rule, files="rules*.yaml", overlay=overlay)

    def faults(self, areas: Collection[str] | None) -> list[catalogue.Fault]:
        """Checked on every day on which something changes, for a fault may hide between two editions."""
        parts = (self.classes, self.units, self.items, self.rules)
        days = sorted({edition.effective for part in parts for edition in part.editions})
        found: dict[str, catalogue.Fault] = {}
        for day in days:
            rows = [part.at(day).rows for part in parts]
            for fault in rules.faults(rows[0], rows[2], rows[1], rows[3], areas):  # type: ignore[arg-type]
                part = next(p for p, r in zip(parts, rows, strict=True) if fault.code in r)
                placed = part.fault(fault.code, fault.field, fault.says)  # type: ignore[attr-defined]
                found[str(placed)] = placed
        return list(found.values())


def _read(folder: Path, overlay: Path | None, areas: Collection[str] | None = None) -> _List:
    read = _List(folder, overlay)
    if found := read.faults(areas):
        raise Faulty(found)
    return read


@cache
def _list() -> _List:
    return _read(HERE, catalogue.overlay("remit"))


def _in_force(part: Catalogue[R], at: date | None) -> Mapping[str, R]:
    return part.at(at).rows if at else part.latest.rows
