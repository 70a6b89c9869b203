"""Which posts there are, for whoever keeps them; which duties fit a level. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import msgspec
from django.db.models import Q, QuerySet

from siqian.kernel import catalogue
from siqian.kernel.clock import local
from siqian.kernel.permits import Actor, NotFound, Refusal, Thing, may, must
from siqian.kernel.said import said
from siqian.town.places import queries as places

from . import apart
from .loaded import roster
from .manned import hours
from .models import Holding, Post

# How near somebody is to a resident's door: the building's own first, the secretary before the desks.
NEARNESS = (
    *("keeper", "building_head", "volunteer", "party_member", "committee", "secretary"),
    *("police", "social_worker", "doctor", "desk", "dispatcher"),
)
NO_POST = said("没有{post}这个岗位，从岗位表里再点一次")


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """At which levels a duty may have posts: the fields are told in posts.yaml."""

    code: str
    zh: str
    en: str
    levels: tuple[int, ...]


@dataclass(frozen=True)
class PostEntry:
    """A post. held: (name, English name) of whoever holds it; closes: from when nobody sits there; ended: since when it is gone."""

    code: str
    duty: str
    name: str
    name_en: str
    unit: str
    area: str
    area_name: str
    area_name_en: str
    level: int
    path: str
    closes: date | None
    ended: date | None
    held: tuple[tuple[str, str], ...]


@cache
def levels() -> Mapping[str, Levels]:
    """At which levels each duty may have posts; the district's own rows stand above ours."""
    return catalogue.load(Path(__file__).parent / "catalogue", Levels, files="posts*.yaml", overlay=catalogue.overlay("people")).latest.rows


def duties_at(level: int) -> dict[str, Levels]:
    """The duties that fit a level of the grid."""
    return {code: row for code, row in levels().items() if level in row.levels}


def keeps_posts(seen_by: Actor) -> bool:
    return may(seen_by, "keep posts", Thing("roster", area=top())) is None


def top() -> str:
    """The district's path."""
    district = places.district()
    return district.path if district else "/"


def posts(
    *, seen_by: Actor, at: datetime, path: str, words: str = "", duty: str = "", level: int | None = None, page: int = 1, most: int = 30
) -> tuple[list[PostEntry], bool]:
    """(posts at or below an area path, one page in the order of the grid; whether there are more). NotYours for whoever keeps none."""
    must(seen_by, "keep posts", Thing("roster", area=path))
    rows = _kept().filter(area__path__startswith=path)
    rows = rows.filter(duty=duty) if duty else rows
    rows = rows if level is None else rows.filter(area__level=level)
    if words:
        named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__icontains=words)
        rows = rows.filter(named | Q(area__name__icontains=words) | Q(area__name_en__icontains=words))
    found = list(rows.order_by("area__path", "duty", "code")[(page - 1) * most : page * most + 1])
    return [_line(row, at) for row in found[:most]], len(found) > most


def post_entry(code: str, *, seen_by: Actor, at: datetime) -> PostEntry:
    """One post. NotFound where there is none, NotYours for whoever does not keep it."""
    row = _kept().filter(code=code).first()
    must(seen_by, "keep posts", Thing("roster", area=row.area.path if row else top()))
    if row is None:
        raise NotFound(Refusal(NO_POST, post=code))
    return _line(row, at)


def only_one(post: str, *, on: date) -> bool:
    """Whether nobody else has this duty in this area on a day, and somebody has to: keepers of a grid, desks."""
    row = Post.objects.select_related("area").get(code=post)
    others = Post.objects.filter(duty=row.duty, area=row.area, unit=row.unit, ended=None, closes=None).exclude(id=row.id)
    held = Holding.objects.filter(post__in=others, since__lte=on).exclude(until__lt=on)
    # A post on which nobody ever sat was a mistake: nobody is missing when it goes.
    return row.duty in hours() and Holding.objects.filter(post=row).exists() and not held.exists()


def posts_due(at: datetime) -> list[str]:
    """Posts whose day to be closed has come and that are still there."""
    return list(Post.objects.filter(ended=None, closes__lte=local(at).date()).order_by("code").values_list("code", flat=True))


def _kept() -> "QuerySet[Post]":
    return Post.objects.exclude(duty__in=apart.ADMINISTRATORS).select_related("area")


def _line(row: Post, at: datetime) -> PostEntry:
    known, day = roster(), local(at).date()
    held = dict.fromkeys(one.person for one in known.by_post.get(row.code, ()) if one.holds_on(day))
    area = row.area
    return PostEntry(
        *(row.code, row.duty, row.name, row.name_en, row.unit, area.code, area.name, area.name_en, area.level, area.path),
        *(row.closes, row.ended, tuple((known.persons[code].name, known.persons[code].name_en) for code in held)),
    )
