"""The verbs that bring in persons, posts and rosters from files: what is there is changed, what is new is added."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from siqian.kernel import epochs, store
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Refusal, Thing, must
from siqian.town.places import queries as places

from . import apart
from .events import PostClosed, RosterChanged
from .listing import AwayRow, NamedRow, PostRow, TurnRow, unknown
from .models import Holding, Leave, Person, Post, Shift


class BadRoster(BadInput):
    """Persons, posts or turns that cannot be taken; faults: all of them, in order."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        super().__init__(
            Refusal("{count}处要改，一行也没有写：{first}", count=len(found), first="；".join(fault.why for fault in found[:20]))
        )
        self.faults = tuple(found)


@office_verb
def name_persons(*, persons: Sequence[NamedRow], by: Actor, at: datetime) -> int:
    """Add persons, or change what they are called; gives how many are new. Records roster.changed."""
    must(by, "lay in", Thing("roster", area="/"))
    wanted = {row.code: row for row in persons}
    there = {row.code: row for row in Person.objects.filter(code__in=wanted)}
    for code, person in there.items():
        row = wanted[code]
        if (person.name, person.name_en, person.look) != (row.name, row.name_en, row.look):
            Person.objects.filter(id=person.id).update(name=row.name, name_en=row.name_en, look=row.look)
    fresh = [row for code, row in wanted.items() if code not in there]
    Person.objects.bulk_create([Person(code=row.code, name=row.name, name_en=row.name_en, look=row.look) for row in fresh], batch_size=500)
    _changed(0, len(wanted), by, at)
    return len(fresh)


@office_verb
def found_posts(*, posts: Sequence[PostRow], by: Actor, at: datetime) -> int:
    """Add posts, or change what they are called; gives how many are new. BadRoster names every fault. Records roster.changed."""
    must(by, "lay in", Thing("roster", area="/"))
    wanted, ids = {row.code: row for row in posts}, places.area_ids()
    there = {row.code: row for row in Post.objects.filter(code__in=wanted)}
    found = check_posts(posts=posts)
    if found:
        raise BadRoster(found)
    for code, post in there.items():
        Post.objects.filter(id=post.id).update(name=wanted[code].name, name_en=wanted[code].name_en, unit=wanted[code].unit)
    fresh = [row for code, row in wanted.items() if code not in there]
    Post.objects.bulk_create(
        [Post(code=row.code, duty=row.duty, area_id=ids[row.area], name=row.name, name_en=row.name_en, unit=row.unit) for row in fresh],
        batch_size=500,
    )
    _changed(len(wanted), 0, by, at)
    return len(fresh)


@office_verb
def pass_on_posts(*, units: Mapping[str, str], by: Actor, at: datetime) -> int:
    """The posts of units that were merged are posts of what they became (old code -> new); gives how many. Records roster.changed."""
    must(by, "lay in", Thing("roster", area="/"))
    count = sum(Post.objects.filter(unit=old).update(unit=new) for old, new in units.items())
    if count:
        _changed(count, 0, by, at)
    return count


@office_verb
def carry_posts(*, posts: Mapping[str, str], by: Actor, at: datetime) -> int:
    """Posts (by code) are from now on those of another area (its code), with whoever sits there and all that is theirs to do.

    Gives how many. Records roster.changed.
    """
    must(by, "lay in", Thing("roster", area="/"))
    ids = places.area_ids()
    lost = sorted(set(posts.values()) - ids.keys())
    if lost:
        raise BadInput(Refusal("没有{area}这个网格，核对编码", area="、".join(lost)))
    count = sum(Post.objects.filter(code=post).update(area=ids[area]) for post, area in posts.items())
    if count:
        _changed(count, 0, by, at)
    return count


@office_verb
def close_post(*, post: str, by: Actor, at: datetime) -> None:
    """There is no such post from today on: whoever sat there does so no more. Twice is once. Records post.closed."""
    must(by, "lay in", Thing("roster", area="/"))
    day = local(at).date()
    if Post.objects.filter(code=post, ended=None).update(ended=day):
        Holding.objects.filter(post__code=post).exclude(until__lt=day).update(until=day - timedelta(days=1))
        epochs.bump("roster")
        record(PostClosed(f"post:{post}"), by=by, at=at)


def check_posts(*, posts: Sequence[PostRow]) -> list[Refusal]:
    """What `found_posts` would say. Whoever owns work keeps duty and area: matters hang on it. Writes nothing."""
    ids = places.area_ids()
    there = {code: (duty, area) for code, duty, area in Post.objects.values_list("code", "duty", "area_id")}
    found = [Refusal("第{row}行：没有{area}这个网格，核对编码", row=row.row, area=row.area) for row in posts if row.area not in ids]
    for row in posts:
        if row.area in ids and there.get(row.code, (row.duty, ids[row.area])) != (row.duty, ids[row.area]):
            found.append(Refusal("第{row}行：{code}的职责和网格不能改，另用一个岗位编码", row=row.row, code=row.code))
    return sorted(found, key=lambda fault: int(fault.values["row"]))


@office_verb
def take_seats(*, turns: Sequence[TurnRow], aways: Sequence[AwayRow] = (), by: Actor, at: datetime) -> int:
    """Say who sits on which post in which hours, and who is away: what a pair of post and person had of hours is replaced.

    All or, with a fault anywhere (BadRoster), nothing. Gives how many holdings are new. Records roster.changed.
    """
    must(by, "lay in", Thing("roster", area="/"))
    store.lock("roster", "administrators")
    found = check_seats(turns=turns, aways=aways, at=at)
    if found:
        raise BadRoster(found)
    persons = dict(Person.objects.values_list("code", "id"))
    posts = dict(Post.objects.filter(code__in={row.post for row in turns}).values_list("code", "id"))
    held = {(post, person): id_ for post, person, id_ in _held()}
    pairs: dict[tuple[str, str], list[TurnRow]] = {}
    for row in turns:
        pairs.setdefault((row.post, row.person), []).append(row)
    fresh = {
        pair: Holding(post_id=posts[pair[0]], person_id=persons[pair[1]], since=_since(rows, at))
        for pair, rows in pairs.items()
        if pair not in held
    }
    held |= {pair: row.id for pair, row in zip(fresh, Holding.objects.bulk_create(fresh.values(), batch_size=500), strict=True)}
    _hours(pairs, held)
    for away in aways:
        span = {"person_id": persons[away.person], "since": away.since, "until": away.until}
        Leave.objects.get_or_create(**span, defaults={"stand_in_id": persons.get(away.stand_in)})
    _changed(len(posts), len({row.person for row in turns} | {row.person for row in aways}), by, at)
    return len(fresh)


def check_seats(*, turns: Sequence[TurnRow], aways: Sequence[AwayRow] = (), at: datetime) -> list[Refusal]:
    """What `take_seats` would say. Writes nothing."""
    posts, persons = (frozenset(model.objects.values_list("code", flat=True)) for model in (Post, Person))
    duties = dict(Post.objects.filter(code__in={row.post for row in turns}, duty__in=apart.ADMINISTRATORS).values_list("code", "duty"))
    today = local(at).date()
    wanted = [(row.person, duties[row.post]) for row in turns if row.post in duties and (row.until is None or row.until >= today)]
    both = apart_faults(wanted, [(row.person, row.stand_in) for row in aways if row.stand_in and row.until > at], at=at)
    return [*unknown(turns, aways, posts, persons, {(post, person) for post, person, _ in _held()}), *both]


def apart_faults(wanted: Sequence[tuple[str, str]], stand_ins: Sequence[tuple[str, str]] = (), *, at: datetime) -> list[Refusal]:
    """Who would be two of the three administrators, by these seats (person, duty) and stand-ins (who is away, who stands in) as well."""
    today = local(at).date()
    rows = Holding.objects.filter(post__duty__in=apart.ADMINISTRATORS).exclude(until__lt=today).values_list("person__code", "post__duty")
    aways = [*Leave.objects.filter(until__gt=at).exclude(stand_in=None).values_list("person__code", "stand_in__code"), *stand_ins]
    asked = {person for person, _duty in wanted} | {code for pair in stand_ins for code in pair}
    names = dict(Person.objects.filter(code__in=asked | {code for pair in aways for code in pair}).values_list("code", "name"))
    return apart.faults([*rows, *wanted], aways, asked=asked, names=names)


def _held() -> Sequence[tuple[str, str, int]]:
    return list(Holding.objects.filter(until=None).values_list("post__code", "person__code", "id"))


def _since(rows: Sequence[TurnRow], at: datetime) -> object:
    return min((row.since for row in rows if row.since is not None), default=local(at).date())


def _hours(pairs: dict[tuple[str, str], list[TurnRow]], held: dict[tuple[str, str], int]) -> None:
    ids = [held[pair] for pair in pairs]
    with_hours = [held[pair] for pair, rows in pairs.items() if any(row.shifts for row in rows)]
    for at in range(0, len(ids), 500):
        Shift.objects.filter(holding__in=with_hours[at : at + 500]).delete()
    Shift.objects.bulk_create(
        [
            Shift(holding_id=held[pair], weekday=weekday, start=start, end=end)
            for pair, rows in pairs.items()
            for weekday, start, end in sorted({shift for row in rows for shift in row.shifts})
        ],
        batch_size=500,
    )
    for pair, rows in pairs.items():
        until = max((row.until for row in rows if row.until is not None), default=None)
        if until is not None:
            Holding.objects.filter(id=held[pair]).update(until=until)


def _changed(posts: int, persons: int, by: Actor, at: datetime) -> None:
    epochs.bump("roster")
    top = places.district()
    record(RosterChanged(f"area:{top.area if top else 0}", posts, persons), by=by, at=at)
