"""The verbs of whoever keeps posts on a page: open one, rename it, close it from a day on, restore it."""

from datetime import date, datetime, timedelta

from siqian.kernel import epochs, store
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import OFFICE, Actor, BadInput, NotFound, Refusal, Refused, Thing, must
from siqian.kernel.said import Both, said
from siqian.town.places import queries as places

from . import apart, posts
from .events import PostOpened, PostRenamed, PostRestored, PostWindingUp
from .models import Holding, Post
from .seating import close_post

NO_AREA = said("没有{area}这个网格，找一下再选")
NO_FIT = said("{area}不设{duty}，从列出的职责里选")
NO_NAME = Refusal("岗位名称写1到60个字", field="name")
LONG_ENGLISH = Refusal("英文名最多80个字母", field="name_en")
NO_UNIT = Refusal("单位承办人要写是哪个单位的，写单位编码", field="unit")
PAST = Refusal("哪天起撤，写今天或以后的一天", field="day")
ALONE = said("{area}只有{post}这一个{duty}，撤了就没人管。先在这里新设一个并在班表里排上人，再撤")
AREA_GONE = said("{area}已经并掉或者改了编码，{post}恢复不了。在现在的网格里新设一个")


@office_verb
def open_post(*, duty: str, area: str, name: str, name_en: str = "", unit: str = "", by: Actor, at: datetime) -> str:
    """A post more, of a duty that fits the area's level; gives its code. The same one twice is once. Records post.opened."""
    line = next((row for row in places.areas(rings=False) if row.code == area), None)
    must(by, "keep posts", Thing("roster", area=line.path if line else posts.top()))
    if line is None:
        raise BadInput(Refusal(NO_AREA, field="area", area=area or "—"))
    fits = posts.duties_at(line.level).get(duty)
    if fits is None:
        raise BadInput(Refusal(NO_FIT, field="duty", area=Both(line.name, line.name_en), duty=_called(duty)))
    if duty == "handler" and not unit:
        raise BadInput(NO_UNIT)
    name, name_en = _names(name, name_en or f"{line.name_en} {fits.en.lower()}"[:80])
    store.lock("posts", area)
    same = Post.objects.filter(duty=duty, area_id=line.id, name=name, unit=unit, ended=None, closes=None).first()
    if same is not None:
        return same.code
    code = _code(duty, area)
    Post.objects.create(code=code, duty=duty, area_id=line.id, name=name, name_en=name_en, unit=unit)
    epochs.bump("roster")
    record(PostOpened(f"post:{code}", duty, area), by=by, at=at)
    return code


@office_verb
def rename_post(*, post: str, name: str, name_en: str = "", by: Actor, at: datetime) -> None:
    """What it is called from now on; nobody's seat and no work changes. Twice is once. Records post.renamed."""
    row = _locked(post, by)
    name, name_en = _names(name, name_en or row.name_en)
    if (row.name, row.name_en) == (name, name_en):
        return
    Post.objects.filter(id=row.id).update(name=name, name_en=name_en)
    epochs.bump("roster")
    record(PostRenamed(f"post:{post}", row.name, name), by=by, at=at)


@office_verb
def wind_up_post(*, post: str, day: date, by: Actor, at: datetime) -> None:
    """From a day on nobody sits there; from today: it is closed at once. Twice is once. Records post.winding_up.

    Refused where it is the only one of its duty and somebody has to be there. Whether something is open is the caller's to ask.
    """
    row = _locked(post, by)
    if row.ended is not None or row.closes == day:
        return
    if day < local(at).date():
        raise BadInput(PAST)
    # Two keepers of a grid that are closed at once must not both be told that the other stays.
    store.lock("posts", row.area.code)
    if posts.only_one(post, on=day):
        raise Refused(Refusal(ALONE, **_named(row), duty=_called(row.duty)))
    _give_back(row)
    Post.objects.filter(id=row.id).update(closes=day)
    Holding.objects.filter(post=row).exclude(until__lt=day).update(until=day - timedelta(days=1))
    epochs.bump("roster")
    record(PostWindingUp(f"post:{post}", day.isoformat()), by=by, at=at)
    if day == local(at).date():
        close_post(post=post, by=OFFICE, at=at)


@office_verb
def restore_post(*, post: str, by: Actor, at: datetime) -> None:
    """A closed post, or one that is to be, is there again. Twice is once. Records post.restored.

    Until its day is over, whoever would have left keeps the seat; later it is empty: who sits there is said by the roster.
    """
    row = _locked(post, by)
    if row.closes is None and row.ended is None:
        return
    if places.area_ids().get(row.area.code) != row.area_id:
        raise Refused(Refusal(AREA_GONE, **_named(row)))
    seats = _give_back(row) if row.closes is not None and local(at).date() <= row.closes else 0
    Post.objects.filter(id=row.id).update(closes=None, ended=None)
    epochs.bump("roster")
    record(PostRestored(f"post:{post}", seats), by=by, at=at)


def _give_back(row: Post) -> int:
    """Whoever was to leave with the post stays."""
    last = row.closes - timedelta(days=1) if row.closes else None
    return Holding.objects.filter(post=row, until=last).update(until=None) if last else 0


def _locked(post: str, by: Actor) -> Post:
    store.lock("post", post)
    row = Post.objects.exclude(duty__in=apart.ADMINISTRATORS).select_related("area").filter(code=post).first()
    must(by, "keep posts", Thing("roster", area=row.area.path if row else posts.top()))
    if row is None:
        raise NotFound(Refusal(posts.NO_POST, post=post))
    return row


def _names(name: str, name_en: str) -> tuple[str, str]:
    name, name_en = name.strip(), name_en.strip()
    if not 0 < len(name) <= 60:
        raise BadInput(NO_NAME)
    if len(name_en) > 80:
        raise BadInput(LONG_ENGLISH)
    return name, name_en or name


def _code(duty: str, area: str) -> str:
    """A code that no post ever had."""
    stem = f"{duty.replace('_', '-')}-{area}"[:28]
    taken = set(Post.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if code not in taken)


def _named(row: Post) -> dict[str, Both]:
    return {"area": Both(row.area.name, row.area.name_en), "post": Both(row.name, row.name_en)}


def _called(duty: str) -> str:
    row = posts.levels().get(duty)
    return Both(row.zh, row.en) if row else duty or "—"
