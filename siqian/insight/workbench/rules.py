"""Which matters would go elsewhere under another responsibility list. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from siqian.kernel.clock import local
from siqian.spine.remit import rules as remit
from siqian.spine.remit.rules import Item, Kind, Rule, Term

# A dry run looks at the newest so many matters of a month, and shows so many that would go elsewhere.
MOST, SHOWN = 20_000, 100


class Told(Protocol):
    """The part of a matter that the list is asked about."""

    @property
    def path(self) -> str: ...
    @property
    def received(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Listing:
    """A list as it stands on a day; read: the item for which it takes a message."""

    items: Mapping[str, Item]
    rules: Collection[Rule]
    read: Callable[[str], str]


@dataclass(frozen=True)
class Moved:
    """One that would go elsewhere: the item, the unit and the term before and after."""

    told: Told
    items: tuple[str, str]
    units: tuple[str, str]
    terms: tuple[Term, Term]

    @property
    def differs(self) -> tuple[str, ...]:
        """Which of the three are not what they were."""
        pairs = {"item": self.items, "unit": self.units, "term": self.terms}
        return tuple(name for name, (was, now) in pairs.items() if was != now)


def rehearse(told: Iterable[Told], was: Listing, now: Listing, kinds: Mapping[str, Kind]) -> list[Moved]:
    """Ask both lists about each matter, as if it came at the same hour at the same place.

    A matter keeps the item that people gave it, unless its words would be taken for another one than before.
    """
    # Where no word and no item changed, both lists read every message alike.
    alike = _words(was.items) == _words(now.items)
    moved = (_asked(one, was, now, kinds, alike) for one in told if one.item in was.items and one.kind in kinds)
    return [one for one in moved if one.differs]


def _asked(told: Told, was: Listing, now: Listing, kinds: Mapping[str, Kind], alike: bool) -> Moved:
    item = told.item
    if not alike and (read := now.read(told.text)) != was.read(told.text):
        item = read
    at, area, kind = local(told.received), told.path.strip("/"), kinds[told.kind]
    pairs = [(was.items[told.item], was.rules), (now.items[item], now.rules)]
    units = [remit.unit_for(row, area, at, table).unit for row, table in pairs]
    terms = [kind.settle(row) for row, _ in pairs]
    return Moved(told, (told.item, item), (units[0], units[1]), (terms[0], terms[1]))


def _words(items: Mapping[str, Item]) -> dict[str, tuple[object, ...]]:
    return {code: (item.words, item.zh, item.sample) for code, item in items.items()}
