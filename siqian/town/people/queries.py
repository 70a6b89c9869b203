"""What others may know about people: public names and duties, and what an account may do. Rows never leave; values do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef

from siqian.kernel.clock import local
from siqian.kernel.permits import ANYONE, Actor, Fence
from siqian.kernel.said import said
from siqian.town.places import queries as places

from . import rules
from .models import Account, Holding, Leave, Person, Post, Shift

# How near somebody is to a resident's door: the building's own first, the secretary before the desks.
NEARNESS = ("keeper", "building_head", "secretary", "police", "social_worker", "doctor", "desk", "dispatcher")
HINTS = {
    "keeper": said("灯、水、邻里，都先找这里"),
    "building_head": said("住这栋，搭把手、带个话"),
    "secretary": said("谁都办不了的，找到这里"),
    "police": said("急事直接打110"),
    "social_worker": said("照顾老人、带孩子"),
    "doctor": said("慢病、配药、上门"),
    "desk": said("24小时有人"),
    "dispatcher": said("全区的事都看得到"),
}


@dataclass(frozen=True)
class Card:
    """A person as a resident sees them: name, face, duty, whether on duty."""

    post: str
    duty: str
    duty_words: str
    hint: str
    area: str
    area_en: str
    person: str
    name: str
    name_en: str
    look: int
    on: bool
    until: datetime | None
    next: datetime | None
    stands_in_for: str = ""
    stands_in_for_en: str = ""


@dataclass(frozen=True)
class RoleLine:
    """An account that stands for a role of the demo."""

    account: int
    role: str
    username: str
    name: str
    name_en: str
    look: int


def roles() -> list[RoleLine]:
    """The demo's accounts with a role, in the order in which they were opened."""
    rows = Account.objects.exclude(role="").select_related("person").order_by("id")
    return [_role(row) for row in rows]


def _role(row: Account) -> RoleLine:
    if row.person is None:
        return RoleLine(row.id, row.role, row.username, row.name, "", 2)
    return RoleLine(row.id, row.role, row.username, row.person.name, row.person.name_en, row.person.look)


def my_people(path: str, *, at: datetime) -> list[Card]:
    """Everybody whose post covers this place, the nearest first. Public."""
    seats = _seats(path, at)
    names = _persons({seat.person for seat in seats} | {seat.away[1] for seat in seats if seat.away})
    areas = _areas([seat.post for seat in seats])
    cards = [_card(seat, names, areas, at) for seat in seats]
    best: dict[str, Card] = {}
    for card in cards:
        # A desk is held by several in turn; residents see one window, with whoever sits there now.
        if card.post not in best or (card.on, card.next is not None and not best[card.post].on) > (best[card.post].on, False):
            best[card.post] = card
    return sorted(best.values(), key=lambda card: (NEARNESS.index(card.duty), not card.on, card.post))


class Watch:
    """Everybody whose post covers one place at one instant, read once and asked often."""

    def __init__(self, path: str, *, at: datetime) -> None:
        self._seats, self._at = _seats(path, at), at
        people = {seat.person for seat in self._seats} | {seat.away[1] for seat in self._seats if seat.away}
        self._names = dict(Person.objects.filter(code__in=people).values_list("code", "name"))

    def owner(self) -> rules.Owner:
        """Who owns new work here now; raises LookupError when the district has no desk at all."""
        owner = rules.owner(self._seats, self._at)
        if owner is None:
            raise LookupError("district without a desk")
        return owner

    def desk(self, level: int) -> rules.Owner | None:
        """The desk of an area level above this place: who a late matter climbs to."""
        seats = [seat for seat in self._seats if seat.duty == "desk" and seat.level == level]
        for seat in seats:
            here = rules.presence(seat, self._at)
            if here.person:
                return rules.Owner(seat.post, here.person, here.until)
        return rules.Owner(seats[0].post) if seats else None

    def other_than(self, *persons: str) -> rules.Owner | None:
        """Somebody else for the same place: whoever asks again gets another pair of eyes."""
        return rules.owner([seat for seat in self._seats if seat.person not in persons], self._at)

    def named_in(self, text: str) -> set[str]:
        """Whoever of these people a text names."""
        return {code for code, name in self._names.items() if len(name) > 1 and name in text}

    def called(self, owner: rules.Owner) -> str:
        """What to call an owner: the person's name, or the post's while nobody sits there."""
        return self._names.get(owner.person) or person_name(owner.person) or post_line(owner.post)[0]


def owner_at(path: str, *, at: datetime) -> rules.Owner:
    return Watch(path, at=at).owner()


def desk_at(path: str, level: int, *, at: datetime) -> rules.Owner | None:
    return Watch(path, at=at).desk(level)


def card_of(post: str, *, at: datetime) -> Card | None:
    """Who sits on a post now."""
    seats = _load(Holding.objects.filter(post__code=post), at)
    if not seats:
        return None
    names = _persons({seat.person for seat in seats} | {seat.away[1] for seat in seats if seat.away})
    areas = _areas([post])
    cards = [_card(seat, names, areas, at) for seat in seats]
    return next((card for card in cards if card.on), cards[0])


def cards_of(posts: Sequence[str], *, at: datetime) -> dict[str, Card]:
    """Who sits on these posts now, one query for all."""
    seats = _load(Holding.objects.filter(post__code__in=posts), at)
    names = _persons({seat.person for seat in seats} | {seat.away[1] for seat in seats if seat.away})
    areas = _areas(posts)
    found: dict[str, Card] = {}
    for seat in seats:
        card = _card(seat, names, areas, at)
        if seat.post not in found or card.on:
            found[seat.post] = card
    return found


def person_name(code: str) -> str:
    return Person.objects.filter(code=code).values_list("name", flat=True).first() or ""


def in_english(name: str) -> str:
    """The English name of somebody or of a post, by the Chinese one that a record keeps; as it is when there is none."""
    known = Person.objects.filter(name=name).values_list("name_en", flat=True).first()
    return known or Post.objects.filter(name=name).values_list("name_en", flat=True).first() or name


def actor(account: int, *, at: datetime) -> Actor:
    """The actor of an account: posts held and stood in for, what they cover, the fence that follows."""
    row = Account.objects.select_related("person").filter(id=account, is_active=True).first()
    if row is None:
        return ANYONE
    ref = f"account:{row.id}"
    if row.person is None:
        return Actor(ref=ref, name=row.name, person=ref)
    seats = _load(Holding.objects.filter(person=row.person), at) + _stood_in_for(row.person, at)
    paths = sorted({seat.path for seat in seats if seat.duty in rules.READING})
    fence = Fence(everything=True) if any(len(rules.prefixes(path)) == 1 for path in paths) else Fence(grids=places.fences(paths))
    posts = tuple(sorted({seat.post for seat in seats}))
    return Actor(ref=ref, name=row.person.name, person=row.person.code, grants=rules.grants(seats), posts=posts, fence=fence)


def home_of(ref: str) -> str:
    """The building that an account named as home; empty for everybody else."""
    if not ref.startswith("account:"):
        return ""
    return Account.objects.filter(id=int(ref.removeprefix("account:"))).values_list("home", flat=True).first() or ""


def actor_of(username: str, *, at: datetime) -> Actor:
    account = Account.objects.filter(username=username).values_list("id", flat=True).first()
    return ANYONE if account is None else actor(account, at=at)


def with_own(actor: Actor, refs: frozenset[str], ids: tuple[int, ...]) -> Actor:
    """The same actor, who also owns these things and may see their rows."""
    return replace(actor, own=actor.own | refs, fence=replace(actor.fence, own=ids))


def post_line(code: str) -> tuple[str, str, str]:
    """A post's (name, English name, area path); empty when there is none."""
    return Post.objects.filter(code=code).values_list("name", "name_en", "area__path").first() or ("", "", "")


def on_duty_count(*, at: datetime) -> tuple[int, list[str]]:
    """How many persons are on duty now, and the names of the grids whose keeper's seat is empty with no desk to take it."""
    seats = _load(Holding.objects.all(), at)
    there = {here.person for seat in seats if (here := rules.presence(seat, at)).person}
    keepers = {seat.path for seat in seats if seat.duty == "keeper"}
    desks = [seat.path for seat in seats if seat.duty == "desk" and seat.level == 2 and rules.presence(seat, at).person]
    staffed = {seat.path for seat in seats if seat.duty == "keeper" and rules.presence(seat, at).person}
    empty = [path for path in sorted(keepers - staffed) if not any(path.startswith(desk) for desk in desks)]
    return len(there), [places.names(path)[-1] for path in empty]


def _seats(path: str, at: datetime) -> list[rules.Seat]:
    return _load(Holding.objects.filter(post__area__path__in=rules.prefixes(path)), at)


def _load(holdings, at: datetime) -> list[rules.Seat]:
    day = local(at).date()
    held = holdings.filter(since__lte=day).exclude(until__lt=day).order_by("post__code", "id")
    columns = ("id", "person_id", "person__code", "post__code", "post__duty", "post__area__level", "post__area__path")
    # Plain values: a report asks this once a time, and whole models would cost more than all else it does.
    rows = list(held.values_list(*columns))
    shifts: dict[int, list[rules.Shift]] = {}
    for holding, weekday, start, end in Shift.objects.filter(holding__in=[row[0] for row in rows]).values_list(
        "holding_id", "weekday", "start", "end"
    ):
        shifts.setdefault(holding, []).append(rules.Shift(weekday, start, end))
    now = Leave.objects.filter(since__lte=at, until__gt=at)
    leaves = now.filter(person__in=[row[1] for row in rows]).annotate(alone=Exists(now.filter(person=OuterRef("stand_in"))))
    away = {
        leave.person_id: (leave.until, leave.stand_in.code if leave.stand_in and not leave.alone else "")
        for leave in leaves.select_related("stand_in")
    }
    return [
        rules.Seat(post, duty, level, path, code, tuple(shifts.get(id_, ())), away.get(person))
        for id_, person, code, post, duty, level, path in rows
    ]


def _stood_in_for(person: Person, at: datetime) -> list[rules.Seat]:
    absent = Leave.objects.filter(stand_in=person, since__lte=at, until__gt=at).values_list("person_id", flat=True)
    return _load(Holding.objects.filter(person_id__in=list(absent)), at)


def _persons(codes: set[str]) -> dict[str, Person]:
    return {row.code: row for row in Person.objects.filter(code__in=codes)}


def _areas(posts: Sequence[str]) -> dict[str, tuple[str, str]]:
    rows = Post.objects.filter(code__in=posts).values_list("code", "area__name", "area__name_en")
    return {code: (name, name_en) for code, name, name_en in rows}


def _card(seat: rules.Seat, names: dict[str, Person], areas: dict[str, tuple[str, str]], at: datetime) -> Card:
    here = rules.presence(seat, at)
    person = names[here.person or seat.person]
    duty = Post.Duty(seat.duty)
    stands_in_for = names[seat.person] if here.stands_in else None
    return Card(
        seat.post,
        seat.duty,
        str(duty.label),
        HINTS[seat.duty],
        *areas.get(seat.post, ("", "")),
        person.code,
        person.name,
        person.name_en,
        person.look,
        bool(here.person),
        here.until,
        here.next,
        stands_in_for.name if stands_in_for else "",
        stands_in_for.name_en if stands_in_for else "",
    )
