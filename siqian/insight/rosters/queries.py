"""Who sits where in the coming days, what was asked for, and what a leave would leave bare. Values only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from siqian.kernel import store
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import Actor, NotFound, NotYours, Thing, may
from siqian.town.people import queries as people, rules as duty
from siqian.town.people.queries import Gap, Stint
from siqian.town.places import queries as places, rules as map_rules

from . import rules
from .models import Relief

WEEK = 7
COMMUNITY = map_rules.LEVELS.index("community")
MOST = 60


@dataclass(frozen=True)
class ReliefLine:
    """Leave or a swap. mine: I asked; of_me: I am to stand in; rules: I may rule on it. why is empty for whoever may not read it."""

    id: int
    kind: str
    person: str
    name: str
    post: str
    post_name: str
    stand_in: str
    since: datetime
    until: datetime
    back_since: datetime | None
    back_until: datetime | None
    why: str
    state: str
    asked: datetime
    ruled_name: str
    word: str
    mine: bool
    of_me: bool
    rules: bool

    def over(self, at: datetime) -> bool:
        return max(self.until, self.back_until or self.until) <= at

    @property
    def standing(self) -> bool:
        return self.state in rules.STANDING


@dataclass(frozen=True)
class Row:
    """A post in a week: days, each with who sits there when; bare: hours on that day in which nobody does and somebody should."""

    post: str
    duty: str
    name: str
    name_en: str
    days: tuple[tuple[tuple[Stint, ...], tuple[Gap, ...]], ...]


def week(path: str, first: date, *, heads: bool = False, at: datetime) -> list[Row]:
    """Every post of an area for seven days; above the communities only the area's own. Public, as who is on duty is.

    heads: heads of buildings too, who are many and have no hours.
    """
    alone = len(duty.prefixes(path)) - 1 < COMMUNITY
    since = datetime.combine(first, time(), TOWN)
    until = since + timedelta(days=WEEK)
    gaps: dict[str, list[Gap]] = {}
    for gap in people.duty_gaps(since, until, within=path):
        gaps.setdefault(gap.post, []).append(gap)
    found = []
    for post, days in people.rota(path, since, WEEK, alone=alone).items():
        name, english, _path = people.post_line(post)
        if (kind := people.duty_of(post)) == "building_head" and not heads:
            continue
        cut = [tuple(_of_day(gaps.get(post, []), since + timedelta(days=at_))) for at_ in range(WEEK)]
        found.append(Row(post, kind, name, english, tuple(zip(map(tuple, days), cut, strict=True))))
    return found


def own_stints(person: str, first: date, *, at: datetime) -> list[tuple[str, str, Stint]]:
    """(post's name, duty, stint) of somebody's own fourteen days, standing in included; the earliest first."""
    since = datetime.combine(first, time(), TOWN)
    found = people.stints_of(person, since, 2 * WEEK)
    return [(people.post_line(post)[0], people.duty_of(post), stint) for post, stint in sorted(found, key=lambda pair: pair[1].begin)]


def areas(actor: Actor) -> list[str]:
    """Communities (or desks above them) of whose rosters somebody may see the week: their own posts', and those they lead."""
    found: dict[str, None] = {}
    for post in actor.posts:
        found.setdefault(_community(people.post_line(post)[2]), None)
    for grant in actor.grants:
        if grant.role in (*rules.RULING, "inspector") and grant.area:
            level = len(duty.prefixes(grant.area)) - 1
            inside = [] if level >= COMMUNITY else places.areas(level=COMMUNITY, within=grant.area, rings=False)
            below = [row.path for row in inside] or [grant.area]
            found |= dict.fromkeys(below)
    return sorted(found)


def seen_area(code: str, *, seen_by: Actor) -> str:
    """The path of an area that lies in those of whose rosters somebody sees the week, the first of them where none is named."""
    own, place = areas(seen_by), places.at_area(code) if code else None
    if code and place is None:
        raise NotFound(rules.NO_AREA)
    # Of a street or the district one sees the posts of its own, not those of every community below.
    if not own or (place is not None and place.path not in own and not place.path.startswith(tuple(filter(_within_one, own)))):
        raise NotYours(rules.NOT_SEEN)
    return place.path if place else own[0]


def on_duty(path: str, *, at: datetime) -> list[tuple[str, people.Card]]:
    """(area path, card) of everybody on duty at or below an area now, in the order of the grid; above the communities the area's own."""
    found = people.cards_within(path, people.duties().values(), at=at)
    here = ((where, card) for where, card in found if card.on and (where == path or _within_one(path)))
    return sorted(here, key=lambda pair: (pair[0], pair[1].post))


def called(person: str) -> str:
    return people.person_name(person) if person else ""


def arranged(actor: Actor) -> list[str]:
    """The areas whose weeks somebody may bring in."""
    return [area for area in areas(actor) if may(actor, "arrange", Thing("relief", area=area)) is None]


def colleagues(post: str, *, at: datetime) -> list[tuple[str, str, str]]:
    """(person, name, what their post is called) of those who can stand in on a post: the same duty in the same community or street."""
    path = people.post_line(post)[2]
    around = _community(path) if len(duty.prefixes(path)) > COMMUNITY else path
    duty_of = people.duty_of(post)
    found: dict[str, tuple[str, str, str]] = {}
    for other, where in people.posts_of((duty_of,), within="/").items():
        if where.startswith(around) or around == where:
            for person in people.holders(other):
                found.setdefault(person, (person, people.person_name(person), people.post_line(other)[0]))
    return sorted(found.values(), key=lambda one: one[2])


def ruler(path: str, *persons: str, at: datetime) -> duty.Owner | None:
    """Who rules on leave in an area: the secretary, or the first desk upward, held by neither of these persons."""
    watch = people.Watch(path, at=at)
    leading = [*watch.of_duty("secretary"), *(desk for level in (2, 1, 0) if (desk := watch.desk(level)) is not None)]
    able = [owner for owner in leading if not set(people.holders(owner.post)) & set(persons)]
    return able[0] if able else None


def mine(*, seen_by: Actor, at: datetime) -> list[ReliefLine]:
    """What one asked for, and what one is asked to stand in for, the newest first."""
    if not seen_by.person:
        return []
    with store.reading_all():
        rows = Relief.objects.filter(Q(person=seen_by.person) | Q(stand_in=seen_by.person)).order_by("-id")[:MOST]
        return [_line(row, seen_by) for row in rows]


def to_rule(*, seen_by: Actor, at: datetime) -> list[ReliefLine]:
    """What waits for somebody who leads there, what begins first on top."""
    with store.reading(seen_by):
        rows = Relief.objects.filter(state="agreed", until__gt=at).order_by("since", "id")[: MOST * 4]
        lines = [_line(row, seen_by) for row in rows]
    return [line for line in lines if line.rules][:MOST]


def relief(number: int, *, seen_by: Actor) -> ReliefLine:
    """One, for whoever asked, stands in, or leads there; NotFound for everybody else."""
    with store.reading_all():
        row = Relief.objects.filter(id=number).first()
    if row is None or not (_own(row, seen_by) or may(seen_by, "see", thing(row.post, row.person)) is None):
        raise NotFound(rules.NO_RELIEF)
    return _line(row, seen_by)


def would_leave(line: ReliefLine) -> list[Gap]:
    """Hours that nobody would cover if it were approved, the earliest first."""
    spans = [(line.person, line.stand_in, line.since, line.until)]
    if line.back_since and line.back_until:
        spans.append((line.stand_in, line.person, line.back_since, line.back_until))
    return people.gaps_if(spans)


def absences(row: Relief) -> Iterator[tuple[str, str, datetime, datetime]]:
    """(person, stand-in, since, until) of it: one of a leave, one each way of a swap."""
    yield row.person, row.stand_in, row.since, row.until
    if row.back_since and row.back_until:
        yield row.stand_in, row.person, row.back_since, row.back_until


def thing(post: str, person: str) -> Thing:
    """As permits see it: of a post, in its area."""
    return Thing("relief", f"person:{person}", area=people.post_line(post)[2] or "/", posts=frozenset([post]))


def _own(row: Relief, actor: Actor) -> bool:
    return bool(actor.person) and actor.person in (row.person, row.stand_in)


def _line(row: Relief, seen_by: Actor) -> ReliefLine:
    leads = may(seen_by, "approve", thing(row.post, row.person)) is None
    rules_ = leads and rules.ruling_fault(seen_by.person, row.person, row.stand_in) is None
    mine_ = row.person == seen_by.person
    return ReliefLine(
        row.id,
        row.kind,
        row.person,
        people.person_name(row.person),
        row.post,
        people.post_line(row.post)[0],
        row.stand_in,
        row.since,
        row.until,
        row.back_since,
        row.back_until,
        row.why if mine_ or leads else "",
        row.state,
        row.asked,
        row.ruled_name,
        row.word,
        mine_,
        row.stand_in == seen_by.person,
        rules_,
    )


def _within_one(path: str) -> bool:
    """Whether an area is a community or lies in one."""
    return len(duty.prefixes(path)) > COMMUNITY


def _community(path: str) -> str:
    prefixes = duty.prefixes(path)
    return prefixes[min(COMMUNITY, len(prefixes) - 1)] if prefixes else "/"


def _of_day(gaps: list[Gap], day: datetime) -> Iterator[Gap]:
    for gap in gaps:
        begin, end = max(gap.since, day), min(gap.until, day + timedelta(days=1))
        if begin < end:
            yield Gap(gap.post, gap.path, begin, end, gap.covered)
