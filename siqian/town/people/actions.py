"""The only writers of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from siqian.kernel import epochs, store
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Permit, Refusal, Thing, declare, must
from siqian.town.places import queries as places

from . import apart
from .accounts import change_password, check_accounts, enlist_accounts, give_password
from .appointing import appoint, relieve, switch_account
from .events import LeaveEnded, LeaveTaken, RosterChanged
from .models import Account, Holding, Leave, Person, Post, Shift
from .posting import open_post, rename_post, restore_post, wind_up_post
from .residing import BadResidents, check, correct, enroll, erase, follow_map, link, link_own, move_out, object_to_use
from .seating import (
    BadRoster,
    apart_faults,
    carry_posts,
    check_posts,
    check_seats,
    close_post,
    found_posts,
    name_persons,
    pass_on_posts,
    take_seats,
)

__all__ = [
    "BadResidents",
    "BadRoster",
    "appoint",
    "carry_posts",
    "change_password",
    "check",
    "check_accounts",
    "check_posts",
    "check_seats",
    "close_post",
    "correct",
    "enlist_accounts",
    "enroll",
    "erase",
    "follow_map",
    "found_posts",
    "give_password",
    "link",
    "link_own",
    "move_out",
    "name_persons",
    "object_to_use",
    "open_post",
    "pass_on_posts",
    "relieve",
    "rename_post",
    "restore_post",
    "switch_account",
    "take_seats",
    "wind_up_post",
]

declare(
    "roster",
    Permit("office", "lay in", "area"),
    Permit("secretary", "take leave", "area"),
    Permit("office", "take leave", "area"),
    # Who may sign in and who is administrator is the security administrator's alone.
    Permit("security_admin", "appoint", "area"),
    Permit("security_admin", "keep accounts", "area"),
    Permit("office", "keep accounts", "area"),
    # Posts are settings of the house; who sits on them is said by the roster.
    Permit("system_admin", "keep posts", "area"),
    Permit("office", "keep posts", "area"),
)


@dataclass(frozen=True)
class PersonRow:
    code: str
    name: str
    name_en: str
    look: int


@dataclass(frozen=True)
class SeatRow:
    """One post with one holder. shifts: (weekday, start, end) in minutes after midnight; unit: whose post it is, if a unit's."""

    post: str
    duty: str
    area: str
    name: str
    name_en: str
    person: str
    shifts: tuple[tuple[int, int, int], ...]
    unit: str = ""


@dataclass(frozen=True)
class AccountRow:
    username: str
    password: str
    person: str = ""
    name: str = ""
    home: str = ""
    role: str = ""


@office_verb
def lay_in(*, persons: Sequence[PersonRow], seats: Sequence[SeatRow], since: date, by: Actor, at: datetime) -> None:
    """Lay in a roster: persons, posts, holdings and weekly shifts. Records roster.changed."""
    must(by, "lay in", Thing("roster", area="/"))
    known = {row.code for row in persons}
    lost = [seat.post for seat in seats if seat.person not in known]
    if lost:
        raise BadInput(Refusal("这些岗位的人不在名单里：{posts}。先把人加进名单", posts="、".join(lost[:20])))
    store.lock("roster", "administrators")
    if both := apart_faults([(seat.person, seat.duty) for seat in seats if seat.duty in apart.ADMINISTRATORS], at=at):
        raise BadRoster(both)
    ids = {row.code: row.id for row in places.areas()}
    people = {row.code: row for row in Person.objects.bulk_create([Person(**vars(row)) for row in persons])}
    posts: dict[str, Post] = {}
    for seat in seats:
        named = {"name": seat.name, "name_en": seat.name_en, "unit": seat.unit}
        posts.setdefault(seat.post, Post(code=seat.post, duty=seat.duty, area_id=ids[seat.area], **named))
    Post.objects.bulk_create(posts.values())
    holdings = Holding.objects.bulk_create([Holding(post=posts[seat.post], person=people[seat.person], since=since) for seat in seats])
    Shift.objects.bulk_create(
        [
            Shift(holding=holding, weekday=weekday, start=start, end=end)
            for holding, seat in zip(holdings, seats, strict=True)
            for weekday, start, end in seat.shifts
        ]
    )
    epochs.bump("roster")
    top = places.district()
    record(RosterChanged(f"area:{top.area if top else 0}", len(posts), len(persons)), by=by, at=at)


@office_verb
def take_leave(*, person: str, since: datetime, until: datetime, stand_in: str = "", by: Actor, at: datetime) -> None:
    """Note that a person is away and who stands in. Records leave.taken."""
    must(by, "take leave", Thing("roster", area="/"))
    if until <= since:
        raise BadInput(Refusal("假期的结束要晚于开始，把“到”改晚一些", field="until"))
    rows = {row.code: row for row in Person.objects.filter(code__in=[person, stand_in])}
    if person not in rows or (stand_in and stand_in not in rows):
        raise BadInput(Refusal("名单里没有{code}，先登记再请假", field="person", code=person if person not in rows else stand_in))
    store.lock("roster", "administrators")
    if stand_in and (both := apart_faults([], [(person, stand_in)], at=at)):
        raise BadInput(both[0])
    Leave.objects.create(person=rows[person], stand_in=rows.get(stand_in), since=since, until=until)
    epochs.bump("roster")
    record(LeaveTaken(f"person:{person}", f"person:{stand_in}" if stand_in else "", since, until), by=by, at=at)


@office_verb
def end_leave(*, person: str, since: datetime, until: datetime, by: Actor, at: datetime) -> None:
    """Somebody is back, or never goes: this absence ends now. Twice is once. Records leave.ended."""
    must(by, "take leave", Thing("roster", area="/"))
    ends = max(at, since)
    if Leave.objects.filter(person__code=person, since=since, until=until).update(until=ends):
        epochs.bump("roster")
        record(LeaveEnded(f"person:{person}", ends), by=by, at=at)


@office_verb
def open_accounts(*, rows: Sequence[AccountRow], by: Actor, at: datetime) -> None:
    """Let people sign in. An empty password means none: such an account opens through another door only."""
    must(by, "lay in", Thing("roster", area="/"))
    people = {row.code: row for row in Person.objects.filter(code__in=[row.person for row in rows if row.person])}
    for row in rows:
        account = Account(username=row.username, person=people.get(row.person), name=row.name, home=row.home, role=row.role)
        account.set_password(row.password or None)
        account.save()
