"""What others may ask of the responsibility list. Files are read once a process, editions made on the page when they change.

Three layers, the higher wins: our files, the district's files, what people put in force on the page. All is answered from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from siqian.kernel import catalogue, clock
from siqian.kernel.catalogue import Catalogue, Faulty
from siqian.kernel.permits import Actor, Refusal

from . import editing, rules
from .editing import EDITION, NO_ITEM, Made, differences, plain
from .law import Legal, legal_faults
from .rules import UNSURE, Assignment, Blame, Class, Gate, Item, Kind, Rule, Unit

if TYPE_CHECKING:
    from .standing import EditionLine, EditionView

__all__ = ["EDITION", "NO_ITEM", "Made", "differences", "plain"]
R = TypeVar("R", bound=catalogue.Row)
HERE = Path(__file__).parent / "catalogue"

# Whoever keeps the editions says here how they are asked for; without tables there are none.
_source: list[Callable[[], tuple[Made, ...]]] = []
_kept: list[tuple[tuple[Made, ...], tuple[Catalogue[Item], Catalogue[Rule]]]] = []


def follow(source: Callable[[], tuple[Made, ...]] | None) -> None:
    """Lay over the files what `source` gives, asked at every question."""
    _source[:] = [source] if source else []


def items(at: date | None = None) -> Mapping[str, Item]:
    """Every item by code, as in force on the day `at`; without a day, today."""
    return _in_force(_items_part(), at)


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


def legal(item_code: str, kind_code: str, at: date | None = None) -> list[Legal]:
    """The terms that the law gives for a matter of this kind about this item; mostly none."""
    return [row for row in _in_force(_list().legal, at).values() if row.speaks_of(item_code, kind_code)]


def rule_table(at: date | None = None) -> Mapping[str, Rule]:
    """The rules class x area x time -> unit, by code."""
    return _in_force(_rules_part(), at)


def unsure() -> Item:
    """The item of what nobody could yet tell (待认定)."""
    return item(UNSURE)


def unit_for(item_code: str, area_path: str, at: datetime, *, but: Collection[str] = ()) -> Unit:
    """The unit kind that answers for an item in an area ("longhua/minzhi/beizhan") at a local time.

    A unit that was merged is answered for by what it became; one of `but` by its overseer.
    """
    there = units(at.date())
    code = rules.heir(assignment(item_code, area_path, at).unit, there)
    return there[rules.overseer(code, but, there) if code in but else code]


def heir(code: str, at: date | None = None) -> str:
    """The unit that a unit has become by that day: itself while it was not merged."""
    return rules.heir(code, units(at))


def merged(at: date | None = None) -> dict[str, str]:
    """Every unit that was merged by that day -> what it became."""
    there = units(at)
    return {code: rules.heir(code, there) for code, unit in there.items() if unit.became}


def blamed(text: str) -> set[str]:
    """The units that a message is against."""
    return rules.blamed(text, units().values(), _in_force(_list().blames, None).values())


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


def faults_of(made: Made, areas: Collection[str] | None = None) -> list[rules.Fault]:
    """Everything that would be wrong with the list from an edition's day on, were it put in force now."""
    base, over = _list(), (*_made(), made)
    part, table = editing.laid_over(base.items, over, "items"), editing.laid_over(base.rules, over, "rules")
    found: dict[tuple[str, str, str], rules.Fault] = {}
    days = {edition.effective for edition in part.editions} | {edition.effective for edition in table.editions} | {made.effective}
    for day in sorted(days):
        if day >= made.effective:
            rows = base.classes.at(day).rows, part.at(day).rows, base.units.at(day).rows, table.at(day).rows
            found |= {(fault.code, fault.field, fault.says): fault for fault in rules.faults(*rows, areas)}
    return list(found.values())


def with_edition(made: Made) -> tuple[Mapping[str, Item], Mapping[str, Rule]]:
    """The items and rules as they would stand on an edition's day, were it put in force now."""
    base, over = _list(), (*_made(), made)
    parts = editing.laid_over(base.items, over, "items"), editing.laid_over(base.rules, over, "rules")
    return parts[0].at(made.effective).rows, parts[1].at(made.effective).rows


def in_force(at: date | None = None) -> tuple[str, date]:
    """(version, day from which it is in force) of the newest edition of items or rules."""
    day = at or _today()
    items, table = _items_part().at(day), _rules_part().at(day)
    return max(((items.version, items.effective), (table.version, table.effective)), key=lambda pair: pair[1])


def is_coming(day: date) -> bool:
    """Whether a day has not begun yet."""
    return day > _today()


def editions(*, seen_by: Actor) -> Sequence[EditionLine]:
    """Every edition that people made on the page, the newest first; for staff."""
    from . import standing

    return standing.editions(seen_by=seen_by)


def edition(number: int, *, seen_by: Actor) -> EditionView:
    """One of them with its rows. NotFound when there is none."""
    from . import standing

    return standing.edition(number, seen_by=seen_by)


def edition_faults(view: EditionView) -> list[rules.Fault]:
    """Everything for which an edition cannot be put in force now: each with its row, its field and what to do."""
    from . import standing

    return standing.faults(view.line.version, view.line.effective, view.rows)


def may(verb: str, *, seen_by: Actor) -> bool:
    """Whether the actor may do this to the list at all."""
    from siqian.kernel import permits

    from . import standing

    return permits.may(seen_by, verb, standing.district()) is None


class _List:
    """The eight catalogues together. Raises Faulty with the faults of all of them."""

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
        self.blames = read(Blame, "blame*.yaml")
        self.legal = read(Legal, "legal*.yaml")
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
                *rules.unit_faults(units),
                *(rules.Fault(*fault) for fault in legal_faults(self.legal.at(day).rows)),
            ]
            for fault in wrong:
                placed = self._placed(fault)
                found[str(placed)] = placed
        return list(found.values())

    def _placed(self, fault: rules.Fault) -> catalogue.Fault:
        parts = (self.items, self.rules, self.classes, self.units, self.kinds, self.gates, self.legal)
        for part in parts:
            if fault.code in part.places:
                file, row = part.places[fault.code]
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


def _items_part() -> Catalogue[Item]:
    """Every edition of the items, files and page together, the oldest first."""
    return _laid(_made())[0]


def _rules_part() -> Catalogue[Rule]:
    return _laid(_made())[1]


def _made() -> tuple[Made, ...]:
    return _source[0]() if _source else ()


def _laid(made: tuple[Made, ...]) -> tuple[Catalogue[Item], Catalogue[Rule]]:
    # Compared by identity: the source gives the same tuple until something changed, and hashing every row would be felt.
    kept = _kept[:1]
    if not kept or kept[0][0] is not made:
        base = _list()
        kept = [(made, (editing.laid_over(base.items, made, "items"), editing.laid_over(base.rules, made, "rules")))]
        _kept[:] = kept
    return kept[0][1]


def _today() -> date:
    return clock.local(clock.now()).date()


def _in_force(part: Catalogue[R], at: date | None) -> Mapping[str, R]:
    return part.at(at or _today()).rows
