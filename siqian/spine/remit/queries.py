"""What others may ask of the responsibility list. Read once per process, then answered from memory."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from siqian.kernel import catalogue
from siqian.kernel.catalogue import Catalogue, Faulty
from siqian.kernel.permits import Refusal

from . import rules
from .rules import UNSURE, Assignment, Class, Gate, Item, Kind, Rule, Unit

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


def kinds(at: date | None = None) -> Mapping[str, Kind]:
    """How matters of each kind are led, by the kind's code."""
    return _in_force(_list().kinds, at)


def kind(code: str) -> Kind:
    """The kind `code` as in force. Raises KeyError."""
    return kinds()[code]


def gates(at: date | None = None) -> Mapping[str, Gate]:
    """What is not settled here and which lawful door is open for it, by code."""
    return _in_force(_list().gates, at)


def doors(text: str) -> list[Gate]:
    """The lawful doors that a message speaks of: a hint to whoever tells, never a decision."""
    return rules.doors(text, gates().values())


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


def lead_fault(unit_code: str, item_code: str) -> Refusal | None:
    """Why a unit may not lead an item: there is no such unit, or it is a community's and the item is not on its list."""
    unit, item = units().get(unit_code), items()[item_code]
    if unit is None:
        return Refusal("没有编码为{unit}的单位，从清单里选", field="unit", unit=unit_code)
    if unit.level == "community" and unit_code not in (item.lead, *item.joint):
        return Refusal("清单里“{item}”不归社区，不能判给社区主办。选清单上的单位", field="unit", item=item.zh)
    return None


def check(folder: Path = HERE, overlay: Path | None = None, areas: Collection[str] | None = None) -> None:
    """Raise Faulty with every fault of a responsibility list before it is put in force."""
    _read(folder, overlay, areas)


class _List:
    """The six catalogues together. Raises Faulty with the faults of all of them."""

    def __init__(self, folder: Path, overlay: Path | None) -> None:
        wrong: list[catalogue.Fault] = []

        def read(kind: type[R], files: str) -> Catalogue[R]:
            try:
                return catalogue.load(folder, kind, files=files, overlay=overlay)
            except Faulty as faulty:
                wrong.extend(faulty.faults)
                return Catalogue((), {})

        self.classes = read(Class, "classes*.yaml")
        self.units = read(Unit, "units*.yaml")
        self.items = read(Item, "items-*.yaml")
        self.rules = read(Rule, "rules*.yaml")
        self.kinds = read(Kind, "kinds*.yaml")
        self.gates = read(Gate, "gate*.yaml")
        if wrong:
            raise Faulty(wrong)

    def faults(self, areas: Collection[str] | None) -> list[catalogue.Fault]:
        """Checked on every day on which something changes, for a fault may hide between two editions."""
        parts = (self.classes, self.units, self.items, self.rules, self.kinds, self.gates)
        found: dict[str, catalogue.Fault] = {}
        for day in sorted({edition.effective for part in parts for edition in part.editions}):
            classes, units = self.classes.at(day).rows, self.units.at(day).rows
            items, table = self.items.at(day).rows, self.rules.at(day).rows
            wrong = [
                *rules.faults(classes, items, units, table, areas),
                *rules.kind_faults(self.kinds.at(day).rows),
                *rules.gate_faults(self.gates.at(day).rows),
            ]
            for fault in wrong:
                placed = self._placed(fault)
                found[str(placed)] = placed
        return list(found.values())

    def _placed(self, fault: rules.Fault) -> catalogue.Fault:
        for places in (self.items.places, self.rules.places, self.classes.places, self.units.places, self.kinds.places, self.gates.places):
            if fault.code in places:
                file, row = places[fault.code]
                return catalogue.Fault(file, fault.says, row=row, code=fault.code, field=fault.field)
        return catalogue.Fault("items-*.yaml", fault.says, code=fault.code, field=fault.field)


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
