"""Who is there and who should be: posts by duty, the weeks of a roster, gaps as they are and as they would be."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from siqian.kernel import catalogue, epochs
from siqian.kernel.clock import local
from siqian.town.places import queries as places

from . import gaps, rota as rotas, rules
from .gaps import Gap, Hours
from .loaded import roster
from .roster import Absence
from .rota import Stint


def keeper_posts(*, within: str) -> dict[str, str]:
    """Every grid worker's post at or below an area path -> the path that it covers."""
    return posts_of(("keeper",), within=within)


def posts_of(duties: Collection[str], *, within: str = "/") -> dict[str, str]:
    """Every post of these duties that somebody holds, at or below an area path -> the path that it covers."""
    held = (row for path, rows in roster().by_path.items() if path.startswith(within) for row in rows)
    return {row.post: row.path for row in held if row.duty in duties}


def duty_of(post: str) -> str:
    """What a post is for; empty when nobody holds it."""
    return next((held.duty for held in roster().by_post.get(post, ())), "")


def holders(post: str) -> list[str]:
    """The persons who hold a post, in turn."""
    return list(dict.fromkeys(held.person for held in roster().by_post.get(post, ())))


def posts_held(person: str, *, at: datetime) -> list[str]:
    """The posts that somebody holds on a day, without those on which they stand in."""
    day = local(at).date()
    return [held.post for held in roster().by_person.get(person, ()) if held.holds_on(day)]


def hours_on(post: str, person: str) -> tuple[tuple[tuple[int, int, int], ...], bool]:
    """The weekly hours (weekday, start, end) of somebody on a post, and whether they hold it at all."""
    rows = [held for held in roster().by_post.get(post, ()) if held.person == person and held.until is None]
    return tuple(sorted((shift.weekday, shift.start, shift.end) for held in rows for shift in held.shifts)), bool(rows)


def posts_at(path: str) -> list[tuple[str, str, str]]:
    """(code, name, English name) of every post of an area itself, held or not."""
    return sorted((post.code, post.name, post.name_en) for post in roster().posts.values() if path and post.path == path)


def keeper_hours(person: str) -> tuple[tuple[int, int, int], ...]:
    """The weekly hours (weekday, start, end) of somebody on a grid worker's post."""
    held = next((row for row in roster().by_person.get(person, ()) if row.duty == "keeper" and row.until is None), None)
    return tuple((shift.weekday, shift.start, shift.end) for shift in held.shifts) if held else ()


def rota(path: str, since: datetime, days: int, *, alone: bool = False) -> dict[str, list[list[Stint]]]:
    """Every post at or below an area, or of the area alone: for each day from a midnight on, who sits there when. Public."""
    return rotas.rota(roster(), path, since, days, alone=alone)


def stints_of(person: str, since: datetime, days: int) -> list[tuple[str, Stint]]:
    """(post, stint) of one person's days, standing in included."""
    return rotas.stints_of(roster(), person, since, days)


def on_duty_count(*, at: datetime) -> tuple[int, list[str]]:
    """How many persons are on duty now, and the names of the grids whose keeper's seat is empty with no desk to take it.

    Reckoned once a minute: shifts begin and end on one.
    """
    minute = at.replace(second=0, microsecond=0)
    return _on_duty(epochs.current("roster"), epochs.current("map"), minute)


@lru_cache(maxsize=8)
def _on_duty(_roster_now: int, _map_now: int, minute: datetime) -> tuple[int, list[str]]:
    seats = roster().everybody(minute)
    here = [(seat, person) for seat in seats if (person := rules.presence(seat, minute).person)]
    keepers = {seat.path for seat in seats if seat.duty == "keeper"}
    desks = [seat.path for seat, _ in here if seat.duty == "desk" and seat.level == 2]
    staffed = {seat.path for seat, _ in here if seat.duty == "keeper"}
    empty = [path for path in sorted(keepers - staffed) if not any(path.startswith(desk) for desk in desks)]
    return len({person for _, person in here}), [places.names(path)[-1] for path in empty]


@cache
def hours() -> Mapping[str, Hours]:
    """In which hours somebody has to be there, by duty; the district's own stand above ours."""
    return catalogue.load(Path(__file__).parent / "catalogue", Hours, files="hours*.yaml", overlay=catalogue.overlay("people")).latest.rows


def duty_gaps(since: datetime, until: datetime, *, within: str = "/") -> list[Gap]:
    """Gaps in duty of keepers and of communities' desks in a time, the earliest first. Public: no name in them."""
    return _gaps(epochs.current("roster"), epochs.current("map"), since, until, within)


@lru_cache(maxsize=8)
def _gaps(_roster_now: int, _map_now: int, since: datetime, until: datetime, within: str) -> list[Gap]:
    return gaps.gaps(roster(), hours(), since, until, within=within)


def gaps_if(absences: Sequence[tuple[str, str, datetime, datetime]]) -> list[Gap]:
    """Gaps that there would be if these were away as well: (person, stand-in, since, until). The earliest first."""
    now, found = roster(), []
    as_well = rotas.with_absences(now, [Absence(*absence) for absence in absences])
    paths = {held.path for person, *_rest in absences for held in now.by_person.get(person, ())}
    since, until = min(absence[2] for absence in absences), max(absence[3] for absence in absences)
    for path in sorted({(rules.prefixes(path)[:3] or [path])[-1] for path in paths}):
        before, after = (gaps.gaps(one, hours(), since, until, within=path) for one in (now, as_well))
        bare = rotas.newly(_spans(before), _spans(after))
        covered = {(gap.post, gap.since): gap.covered for gap in after}
        where = {gap.post: gap.path for gap in after}
        found += [Gap(post, where[post], *span, covered.get((post, span[0]), False)) for post, spans in bare.items() for span in spans]
    return sorted(found, key=lambda gap: (gap.since, gap.post))


def _spans(found: Sequence[Gap]) -> dict[str, list[tuple[datetime, datetime]]]:
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for gap in found:
        spans.setdefault(gap.post, []).append((gap.since, gap.until))
    return spans
