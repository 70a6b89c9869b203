"""The journal of what was done to the house, for the audit administrator. Values only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from siqian.kernel import journal
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import Actor, NotYours, Thing, declare, may
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import queries as facts

from . import rules

declare("audit", *rules.PERMITS)


@dataclass(frozen=True)
class Done:
    """One line: when, who (empty: the house itself), what, to which thing; more: what the entry says besides, as it stands."""

    id: int
    at: datetime
    who: str
    name: str
    subject: str
    more: tuple[tuple[str, str], ...]


def audits(seen_by: Actor) -> bool:
    top = places.district()
    return may(seen_by, "read", Thing("audit", area=top.path if top else "/")) is None


def done(
    *, seen_by: Actor, group: str = "", since: date | None = None, until: date | None = None, before: int = 0, most: int = 50
) -> list[Done]:
    """What was done, the newest first, of one group or of all; since, until: days, both counted. NotYours for everybody else."""
    if not audits(seen_by):
        raise NotYours(rules.FOR_AUDIT)
    names = [name for key, names in rules.AUDITED.items() if group in ("", key) for name in names]
    begin = datetime.combine(since, time(), TOWN) if since else None
    end = datetime.combine(until + timedelta(days=1), time(), TOWN) if until else None
    lines = journal.newest(*names, since=begin, until=end, before=before, most=most)
    named = people.called({ref for subject, line in lines for ref in (line.by, subject)})
    return [_done(subject, line, named) for subject, line in lines]


def _done(subject: str, line: journal.Line, named: Mapping[str, str]) -> Done:
    return Done(line.id, line.at, named.get(line.by, ""), line.name, _words(subject, named), tuple(_more(line, named)))


def _more(line: journal.Line, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What an entry holds beyond its subject; long lists by their length, persons by name."""
    for name, value in list(line.body.items())[1:]:
        if name == "purpose":
            yield name, facts.purpose_said(str(value))
        elif value not in ("", None):
            yield name, str(len(value)) if isinstance(value, list | dict) else _words(str(value), named)


def _words(ref: str, named: Mapping[str, str]) -> str:
    """A reference as people read it: with the name of whoever it is."""
    name = people.person_name(ref.removeprefix("person:")) if ref.startswith("person:") else named.get(ref, "")
    return f"{name} {ref}" if name else ref
