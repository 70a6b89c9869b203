"""Which accounts of staff there are, for whoever looks after them, and who the three administrators are, for everybody who works here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from siqian.kernel.clock import local
from siqian.kernel.permits import Actor, Thing, may, must
from siqian.town.places import queries as places

from . import apart
from .loaded import roster
from .models import Account, Holding, Person, Post


@dataclass(frozen=True)
class AccountLine:
    """An account of somebody who works here. duties: words of what they hold on a day; handed: the password was made by the office."""

    username: str
    person: str
    name: str
    name_en: str
    duties: tuple[str, ...]
    active: bool
    handed: bool
    last: datetime | None


@dataclass(frozen=True)
class Administrator:
    """Somebody who is one of the three. until: the last day, where it is known."""

    duty: str
    person: str
    name: str
    name_en: str
    look: int
    since: date
    until: date | None
    account: str


def keeps_accounts(seen_by: Actor) -> bool:
    return may(seen_by, "keep accounts", _everywhere()) is None


def accounts(*, seen_by: Actor, at: datetime, words: str = "", page: int = 1, most: int = 30) -> tuple[list[AccountLine], bool]:
    """(accounts of one page in order of name, whether there are more). NotYours for whoever does not look after them."""
    must(seen_by, "keep accounts", _everywhere())
    rows = Account.objects.exclude(person=None).select_related("person")
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(person__name__icontains=words) | Q(person__name_en__icontains=words))
    found = list(rows.order_by("username")[(page - 1) * most : page * most + 1])
    return [_line(row, at) for row in found[:most]], len(found) > most


def administrators(*, at: datetime) -> Mapping[str, list[Administrator]]:
    """The three kinds, each with whoever is it on a day. Public among staff: one must know whom to ask."""
    found: dict[str, list[Administrator]] = {duty: [] for duty in apart.ADMINISTRATORS}
    today = local(at).date()
    rows = Holding.objects.filter(post__duty__in=found, since__lte=today).exclude(until__lt=today).select_related("person", "post")
    names = dict(Account.objects.exclude(person=None).values_list("person_id", "username"))
    for row in rows.order_by("since", "id"):
        one, account = row.person, names.get(row.person_id, "")
        held = Administrator(row.post.duty, one.code, one.name, one.name_en, one.look, row.since, row.until, account)
        found[row.post.duty].append(held)
    return found


def persons_called(words: str, *, most: int = 12) -> list[tuple[str, str, str]]:
    """(code, name, English name) of persons on the list, whole names and codes first."""
    words = words.strip()
    if not words:
        return []
    rows = Person.objects.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code=words))
    found = rows.order_by("code").values_list("code", "name", "name_en")[: most * 4]
    return sorted(found, key=lambda row: (words not in row[:2], row[0]))[:most]


def _line(row: Account, at: datetime) -> AccountLine:
    person = row.person
    assert person is not None
    day = local(at).date()
    held = dict.fromkeys(one.duty for one in roster().by_person.get(person.code, ()) if one.holds_on(day))
    duties = tuple(str(Post.Duty(duty).label) for duty in held)
    return AccountLine(row.username, person.code, person.name, person.name_en, duties, row.is_active, row.handed, row.last_login)


def _everywhere() -> Thing:
    top = places.district()
    return Thing("roster", area=top.path if top else "/")
