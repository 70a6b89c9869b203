"""The verbs of publicity (宣传): an order of a desk lays a round for each keeper of an area, which the day and its records know already."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.db import connection

from siqian.kernel import clock, files, rows, store
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Thing, may, must
from siqian.kernel.said import said
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import planned
from .events import PublicityOrdered, PublicityWithdrawn
from .models import Publicity, Round
from .rules import publicity as rules

TOLD = said("要宣传：{title}，最晚{day}")
GONE = said("不用宣传了：{title}。{why}")
LATE = said("宣传“{title}”到期了，有的地方没贴完")


@office_verb
def order(
    *,
    title: str,
    text: str,
    area: str,
    until: date | None,
    raw: Sequence[tuple[str, bytes]] = (),
    key: str,
    by: Actor,
    at: datetime,
) -> int:
    """Order that something be put up or told in an area until a day; gives its number. The same key of the same sender is one order.

    area: its path. A fixed number of statements, however many keepers there are. Records publicity.ordered.
    """
    store.lock("publicity", by.ref, key)
    known = Publicity.objects.filter(by=by.ref, key=key).values_list("id", flat=True).first()
    if known is not None:
        return known
    place = places.both_names(area)
    if not place:
        raise BadInput(rules.NO_AREA)
    must(by, "order", Thing("publicity", area=area))
    if (fault := rules.fault_of(title, text, until, len(raw), clock.local(at).date())) is not None or until is None:
        raise BadInput(fault or rules.NO_DAY)
    posts = people.keeper_posts(within=area)
    points = {post: rules.spread(planned.houses_of(path)) for post, path in sorted(posts.items())}
    points = {post: found for post, found in points.items() if found}
    if not points:
        raise BadInput(rules.NO_KEEPER)
    kept = {"title": title.strip(), "text": text.strip(), "photos": _pictures(raw, at), "until": until}
    made = Publicity.objects.create(key=key, by=by.ref, post=_own_post(by, area), path=area, at=at, **kept)
    _lay(made, posts, points, by=by, at=at)
    record(PublicityOrdered(f"publicity:{made.id}", len(points), sum(map(len, points.values()))), first=True, by=by, at=at)
    return made.id


@office_verb
def withdraw(*, publicity: int, why: str, by: Actor, at: datetime) -> None:
    """Nothing more has to be put up, and why; whoever had not finished is told. Twice is once. Records publicity.withdrawn."""
    found = Publicity.objects.filter(id=publicity)
    row = (found.select_for_update() if connection.vendor == "postgresql" else found).first()
    if row is None or may(by, "read", Thing("publicity", area=row.path)) is not None:
        raise NotFound(rules.NO_PUBLICITY)
    must(by, "withdraw", Thing("publicity", area=row.path))
    if row.withdrawn:
        return
    if not 4 <= len(why.strip()) <= 200:
        raise BadInput(rules.NO_WHY)
    Publicity.objects.filter(id=row.id).update(withdrawn=at, why=why.strip())
    going = list(Round.objects.filter(order=row, ended=None, missed=None).values_list("id", "post"))
    tasks.stop_each(abouts=[f"round:{id_}" for id_, _post in going], by=by, at=at)
    values = {"title": row.title, "why": why.strip()}
    leaves = [notices.Leaf(f"post:{post}", f"publicity:{row.id}", GONE, values) for _id, post in going]
    notices.tell_each(leaves=leaves, by=by, at=at)
    record(PublicityWithdrawn(f"publicity:{row.id}"), by=by, at=at)


def tell_late(row: Publicity, *, by: Actor, at: datetime) -> None:
    """Whose order it was is told once that its last day is over and some is left."""
    notices.tell(to=f"post:{row.post}", about=f"publicity:{row.id}", text=LATE, values={"title": row.title}, by=by, at=at)


def _lay(made: Publicity, posts: dict[str, str], points: dict[str, list[planned.Point]], *, by: Actor, at: datetime) -> None:
    """A round with its clock for each keeper, and a word to each."""
    due, cards = rules.due(made.until), people.cards_of(sorted(points), at=at)
    numbers = iter(rows.ids((Round, len(points)))[0])
    leaves = []
    for post, houses in points.items():
        number, path = next(numbers), posts[post]
        shown = [msgspec.structs.asdict(house) for house in houses]
        columns = {"plan": f"{rules.MARK}{made.id}", "day": clock.local(at).date(), "post": post, "path": path, "points": shown, "due": due}
        rows.put(Round, id=number, order_id=made.id, **columns)
        owner = duty.Owner(post, cards[post].person if post in cards else "")
        what = {"about": f"round:{number}", "dues": {"round": due}, "owner": owner, "path": path, "title": made.title}
        tasks.open_clocks(**what, place=places.names(path)[-1], said_by="", fresh=True, by=by, at=at)
        leaves.append(notices.Leaf(f"post:{post}", f"publicity:{made.id}", TOLD, {"title": made.title, "day": f"{made.until:%m-%d}"}))
    notices.tell_each(leaves=leaves, by=by, at=at)


def _pictures(raw: Sequence[tuple[str, bytes]], at: datetime) -> list[str]:
    cleaned = [files.clean(picture, name=name) for name, picture in raw]
    if (fault := next((one for one in cleaned if isinstance(one, Refusal)), None)) is not None:
        raise BadInput(fault)
    return [files.keep(one, at=at) for one in cleaned if isinstance(one, files.Photo)]


def _own_post(by: Actor, area: str) -> str:
    """Whose order it is: the sender's post that covers the area, the nearest first."""
    covering = [(len(path), post) for post in by.posts if (path := people.post_line(post)[2]) and area.startswith(path)]
    return max(covering)[1] if covering else next(iter(by.posts), "")
