"""Bringing in a week's roster: keep the sheet, say how it is to be read, take it all or not at all."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from siqian.kernel import sheets, store
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import OFFICE, Actor, BadInput, NotFound, Refusal, Thing, must
from siqian.town.people import actions as people_actions

from . import importing, rules, weekly
from .events import SheetTaken
from .models import Sheet

# What nobody took is forgotten after so long: it holds names.
FORGOTTEN = timedelta(days=2)


@office_verb
def keep_sheet(*, name: str, raw: bytes, path: str, by: Actor, at: datetime) -> int:
    """Keep a sheet, read as it is most likely meant; gives its id. Of one's own older ones nothing is kept."""
    must(by, "arrange", Thing("relief", area=path))
    cells = weekly.kept(sheets.cells(name, raw))
    if not any(any(row) for row in cells):
        raise BadInput(Refusal("这张表是空的", field="file"))
    Sheet.objects.filter(by=by.ref).delete()
    Sheet.objects.filter(at__lt=at - FORGOTTEN).delete()
    row = Sheet(path=path, by=by.ref, name=name[:80], cells=cells, at=at)
    _read_as(row, weekly.guess(cells, importing.words()))
    row.save()
    return row.id


@office_verb
def read_sheet(*, sheet: int, header: int, columns: Mapping[int, str], words: Mapping[str, str], by: Actor, at: datetime) -> None:
    """Say how it is to be read. words: what each means, "08:00-20:00", empty for off; the head may have moved, then it is guessed anew."""
    row = _own(sheet, by)
    if not 0 <= header < len(row.cells):
        raise BadInput(weekly.NO_HEAD)
    named = {at_: name for at_, name in columns.items() if name in weekly.FIELDS}
    if len(set(named.values())) != len(named):
        raise BadInput(Refusal("两列选了同一样，改掉一列", field="columns"))
    if header != row.header:
        named = weekly.columns_of(row.cells[header])
    meant: dict[str, tuple[int, int] | None] = {}
    for word in weekly.distinct(row.cells, header, named):
        hours = weekly.hours_of(words[word]) if word in words else weekly.guessed(word, importing.words())
        if isinstance(hours, Refusal) and word in words:
            raise BadInput(hours)
        if not isinstance(hours, Refusal):
            meant[word] = hours
    _read_as(row, weekly.Reading(header, named, meant))
    row.save(update_fields=["header", "columns", "words"])


@office_verb
def take_sheet(*, sheet: int, by: Actor, at: datetime) -> int:
    """Take it: the hours of everybody on it are replaced; with a fault anywhere nothing is. Gives how many persons.

    Records roster_sheet.taken.
    """
    row = _own(sheet, by)
    must(by, "arrange", Thing("relief", area=row.path))
    outcome = importing.outcome(row)
    if outcome.faults:
        raise BadInput(outcome.faults[0])
    if not outcome.entries:
        raise BadInput(weekly.NO_HEAD)
    people_actions.take_seats(turns=outcome.turns(local(at).date()), by=OFFICE, at=at)
    persons = len({entry.person for entry in outcome.entries})
    record(SheetTaken(f"roster_sheet:{row.id}", row.path, persons), by=by, at=at)
    row.delete()
    return persons


@office_verb
def drop_sheet(*, sheet: int, by: Actor, at: datetime) -> None:
    """It is not needed; nothing was changed by it. Twice is once."""
    Sheet.objects.filter(id=sheet, by=by.ref).delete()


def _read_as(row: Sheet, reading: weekly.Reading) -> None:
    row.header = reading.header
    row.columns = {str(at): name for at, name in reading.columns.items()}
    row.words = {word: list(hours) if hours else None for word, hours in reading.words.items()}


def _own(sheet: int, by: Actor) -> Sheet:
    store.lock("roster sheet", sheet)
    row = Sheet.objects.filter(id=sheet, by=by.ref).first()
    if row is None:
        raise NotFound(rules.NO_SHEET)
    return row
