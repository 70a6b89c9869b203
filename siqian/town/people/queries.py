"""What others may know about people: public names and duties, and what an account may do. Rows never leave; values do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache

from siqian.kernel import epochs
from siqian.kernel.permits import ANYONE, Actor, Fence
from siqian.kernel.said import said
from siqian.town.places import queries as places

from . import rules
from .gaps import Gap, Hours
from .living import Household, Member, accounts_of, doors_of, household_at, household_of, households, living_in, where_lived
from .loaded import roster as _roster
from .manned import (
    duty_gaps,
    duty_of,
    gaps_if,
    holders,
    hours,
    hours_on,
    keeper_hours,
    keeper_posts,
    on_duty_count,
    posts_at,
    posts_held,
    posts_of,
    rota,
    stints_of,
)
from .models import Account, Person, Post
from .posts import NEARNESS, PostEntry, duties_at, keeps_posts, levels, only_one, post_entry, posts, posts_due
from .residents import Mine, ResidentLine, called, homes, looks_at, may_keep, mine, resident, resident_faults, sealed_resident
from .roster import Roster
from .rota import Stint
from .signing import AccountLine, Administrator, accounts, administrators, keeps_accounts, persons_called

__all__ = [
    "AccountLine",
    "Administrator",
    "Gap",
    "Hours",
    "Household",
    "Member",
    "Mine",
    "PostEntry",
    "ResidentLine",
    "Stint",
    "accounts",
    "accounts_of",
    "administrators",
    "called",
    "doors_of",
    "duties_at",
    "duty_gaps",
    "duty_of",
    "gaps_if",
    "holders",
    "homes",
    "hours",
    "hours_on",
    "household_at",
    "household_of",
    "households",
    "keeper_hours",
    "keeper_posts",
    "keeps_accounts",
    "keeps_posts",
    "levels",
    "living_in",
    "looks_at",
    "may_keep",
    "mine",
    "on_duty_count",
    "only_one",
    "persons_called",
    "post_entry",
    "posts",
    "posts_at",
    "posts_due",
    "posts_held",
    "posts_of",
    "resident",
    "resident_faults",
    "rota",
    "sealed_resident",
    "stints_of",
    "where_lived",
]

HINTS = {
    "keeper": said("灯、水、邻里，都先找这里"),
    "building_head": said("住这栋，搭把手、带个话"),
    "volunteer": said("买菜、跑腿、陪一陪"),
    "party_member": said("身边的党员，有难处说一声"),
    "committee": said("这一片归TA联系，大家的事找TA商量"),
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
    unit: str = ""


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
    roster = _roster()
    best: dict[str, Card] = {}
    for card in (_card(roster, seat, at) for seat in roster.covering(path, at) if seat.duty in NEARNESS):
        # A desk is held by several in turn; residents see one window, with whoever sits there now.
        if card.post not in best or (card.on, card.next is not None and not best[card.post].on) > (best[card.post].on, False):
            best[card.post] = card
    return sorted(best.values(), key=lambda card: (NEARNESS.index(card.duty), not card.on, card.post))


def duties() -> dict[str, str]:
    """What a post is for: what it is called -> its code."""
    return {str(label): value for value, label in Post.Duty.choices}


class Watch:
    """Everybody whose post covers one place at one instant."""

    def __init__(self, path: str, *, at: datetime) -> None:
        self._roster, self._path, self._at = _roster(), path, at

    def owner(self) -> rules.Owner:
        """Who owns new work here now; raises LookupError when the district has no desk at all."""
        owner = rules.owner(self._chain, self._at)
        if owner is None:
            raise LookupError("district without a desk")
        return owner

    def desk(self, level: int) -> rules.Owner | None:
        """The desk of an area level above this place: who a late matter climbs to."""
        seats = [seat for seat in self._chain if seat.duty == "desk" and seat.level == level]
        for seat in seats:
            here = rules.presence(seat, self._at)
            if here.person:
                return rules.Owner(seat.post, here.person, here.until)
        return rules.Owner(seats[0].post) if seats else None

    def other_than(self, *names: str) -> rules.Owner | None:
        """Somebody else for the same place than these persons and units ("unit:urban"): another pair of eyes."""
        return rules.owner([seat for seat in self._chain if not seat.is_of(names)], self._at)

    def of_unit(self, unit: str) -> rules.Owner | None:
        """The post of a unit's people for this place, the nearest first, one where somebody sits before the others."""
        seats = sorted((seat for seat in self._seats if unit and seat.unit == unit), key=lambda seat: (-seat.level, seat.post))
        here = ((seat, rules.presence(seat, self._at)) for seat in seats)
        staffed = next((rules.Owner(seat.post, now.person, now.until) for seat, now in here if now.person), None)
        return staffed or (rules.Owner(seats[0].post) if seats else None)

    def of_duty(self, duty: str) -> list[rules.Owner]:
        """The posts of a duty for this place, the nearest first, each with whoever sits there now."""
        seats = sorted((seat for seat in self._seats if seat.duty == duty), key=lambda seat: (-seat.level, seat.post))
        found: dict[str, rules.Owner] = {}
        for seat in seats:
            here = rules.presence(seat, self._at).person
            if here or seat.post not in found:
                found[seat.post] = rules.Owner(seat.post, here)
        return list(found.values())

    def named_in(self, text: str) -> set[str]:
        """Whoever of these people a text names."""
        return self._roster.named_over(self._path, self._at, text)

    def called(self, owner: rules.Owner) -> str:
        """What to call an owner: the person's name, or the post's while nobody sits there."""
        return self._roster.name(owner.person) or post_line(owner.post)[0]

    @cached_property
    def _seats(self) -> list[rules.Seat]:
        return self._roster.covering(self._path, self._at)

    @cached_property
    def _chain(self) -> list[rules.Seat]:
        """Those who may own what comes in. A district's units have hundreds of people above every place: few verbs need them."""
        return self._roster.covering(self._path, self._at, duties=rules.OWNING)


def owner_at(path: str, *, at: datetime) -> rules.Owner:
    return Watch(path, at=at).owner()


def desk_at(path: str, level: int, *, at: datetime) -> rules.Owner | None:
    return Watch(path, at=at).desk(level)


def desk_from(path: str, level: int, *, at: datetime) -> rules.Owner | None:
    """The desk of an area level above this place, or where there is none the next one upward."""
    watch = Watch(path, at=at)
    return next((desk for up in range(level, -1, -1) if (desk := watch.desk(up)) is not None), None)


def card_of(post: str, *, at: datetime) -> Card | None:
    """Who sits on a post now."""
    return cards_of([post], at=at).get(post)


def holder(post: str, *, at: datetime) -> str:
    """The code of whoever sits on a post, or, while nobody does, of whoever holds it; empty when it is vacant."""
    card = card_of(post, at=at)
    return card.person if card else ""


def cards_of(posts: Sequence[str], *, at: datetime) -> dict[str, Card]:
    """Who sits on these posts now."""
    roster = _roster()
    found: dict[str, Card] = {}
    for seat in roster.on_posts(dict.fromkeys(posts), at):
        if seat.post not in found or not found[seat.post].on:
            card = _card(roster, seat, at)
            if seat.post not in found or card.on:
                found[seat.post] = card
    return found


def unit_cards(units: Collection[str], path: str, *, at: datetime) -> list[Card]:
    """The people of these units whose posts cover a place, one card a post, whoever is on duty first."""
    seats = [seat for seat in _roster().covering(path, at) if seat.unit in units and seat.duty == "handler"]
    found = cards_of([seat.post for seat in seats], at=at)
    return sorted(found.values(), key=lambda card: (not card.on, card.post))


def person_name(code: str) -> str:
    return _roster().name(code)


def in_english(name: str) -> str:
    """The English name of somebody or of a post, by the Chinese one that a record keeps; as it is when there is none."""
    known = Person.objects.filter(name=name).values_list("name_en", flat=True).first()
    return known or Post.objects.filter(name=name).values_list("name_en", flat=True).first() or name


def actor(account: int, *, at: datetime) -> Actor:
    """The actor of an account: posts held and stood in for, what they cover, the fence that follows."""
    row = Account.objects.select_related("person").filter(id=account, is_active=True).first()
    if row is None:
        return ANYONE
    ref, own = f"account:{row.id}", frozenset([f"resident:{row.resident_id}"] if row.resident_id else [])
    # Rows of the register are one's own by minus the account's id: the other numbers in a fence are matters'.
    mine = (-row.id,) if own else ()
    if row.person is None:
        return Actor(ref=ref, name=row.name, person=ref, own=own, fence=Fence(own=mine))
    seats = _roster().filled_by(row.person.code, at)
    paths = sorted({seat.path for seat in seats if seat.duty in rules.READING})
    everything = any(len(rules.prefixes(path)) == 1 for path in paths)
    fence = Fence(everything=True) if everything else Fence(grids=places.fences(paths), own=mine)
    posts = tuple(sorted({seat.post for seat in seats}))
    return Actor(ref=ref, name=row.person.name, person=row.person.code, grants=rules.grants(seats), posts=posts, own=own, fence=fence)


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
    return replace(actor, own=actor.own | refs, fence=replace(actor.fence, own=actor.fence.own + ids))


def accounts_on(posts: Collection[str]) -> dict[str, list[str]]:
    """The accounts (account:N) of everybody who holds these posts, on duty or not."""
    roster = _roster()
    holders = {post: {held.person for held in roster.by_post.get(post, ())} for post in posts}
    wanted = sorted({person for many in holders.values() for person in many})
    accounts = dict(Account.objects.filter(person__code__in=wanted, is_active=True).values_list("person__code", "id"))
    return {post: [f"account:{accounts[person]}" for person in sorted(many) if person in accounts] for post, many in holders.items()}


def account_of_person(code: str) -> str:
    """The account (account:N) of somebody who works here; empty when they have none."""
    found = Account.objects.filter(person__code=code, is_active=True).values_list("id", flat=True).first()
    return f"account:{found}" if found else ""


def post_line(code: str) -> tuple[str, str, str]:
    """A post's (name, English name, area path); empty when there is none."""
    post = _roster().posts.get(code)
    return (post.name, post.name_en, post.path) if post else ("", "", "")


def unit_of(post: str) -> str:
    """The unit whose people sit on a post; empty when it is no unit's."""
    known = _roster().posts.get(post)
    return known.unit if known else ""


def known_posts(codes: Collection[str]) -> frozenset[str]:
    """Which of these posts there are."""
    return frozenset(Post.objects.filter(code__in=codes).values_list("code", flat=True))


def _card(roster: Roster, seat: rules.Seat, at: datetime) -> Card:
    here = rules.presence(seat, at)
    person, post = roster.persons[here.person or seat.person], roster.posts[seat.post]
    stands_in_for = roster.persons[seat.person] if here.stands_in else None
    return Card(
        seat.post,
        seat.duty,
        str(Post.Duty(seat.duty).label),
        HINTS.get(seat.duty, ""),
        post.area,
        post.area_en,
        person.code,
        person.name,
        person.name_en,
        person.look,
        bool(here.person),
        here.until,
        here.next,
        stands_in_for.name if stands_in_for else "",
        stands_in_for.name_en if stands_in_for else "",
        seat.unit,
    )


def cards_within(path: str, duties: Collection[str], *, at: datetime) -> list[tuple[str, Card]]:
    """(area path, who sits there) of every post of these duties at or below a path, one card a post. Reckoned once a minute."""
    minute = at.replace(second=0, microsecond=0)
    found = _cards_of_duties(epochs.current("roster"), epochs.current("map"), minute, tuple(sorted(duties)))
    return [(there, card) for there, card in found if there.startswith(path)]


@lru_cache(maxsize=4)
def _cards_of_duties(_roster_now: int, _map_now: int, minute: datetime, duties: tuple[str, ...]) -> list[tuple[str, Card]]:
    roster = _roster()
    posts = [held.post for rows in roster.by_path.values() for held in rows if held.duty in duties]
    return [(roster.posts[post].path, card) for post, card in sorted(cards_of(posts, at=minute).items())]


def people_called(words: str, *, at: datetime, most: int = 6) -> list[tuple[str, Card]]:
    """(area path, card) of whoever works here and is called so, whole names first. Names and duties are public."""
    low, roster = words.strip().lower(), _roster()
    if not low:
        return []
    codes = [row.code for row in roster.persons.values() if low in row.name or low in row.name_en.lower()]
    codes.sort(key=lambda code: (roster.persons[code].name != words.strip(), code))
    seats = [seat for code in codes[: most * 4] for seat in roster.filled_by(code, at) if seat.person == code]
    return [(seat.path, _card(roster, seat, at)) for seat in seats if seat.duty in NEARNESS][:most]
