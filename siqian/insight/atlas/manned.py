"""Who is on duty, where nobody is now or on a day to come, and what each keeper carries: as shades of areas."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui import words

from .rules import AHEAD, MONTH, Ask, Shade, above, burden, worst

DUTY_ORDER = ("none", "desk", "rest", "on")


class Here(NamedTuple):
    """The duty of one grid: its step, who or when in words."""

    step: str
    who: str
    till: str


def gaps_ahead(at: datetime, ahead: timedelta = timedelta(days=AHEAD)) -> list[people.Gap]:
    """Every gap from this hour to fourteen days ahead, or so far: asked for whole, because it is reckoned once an hour for all."""
    begin = at.replace(minute=0, second=0, microsecond=0)
    return people.duty_gaps(begin, begin + ahead)


def duty(ask: Ask, *, at: datetime) -> list[Shade]:
    """Who sits in each grid now."""
    there = sitting(ask.within, at)
    # Of a block only the counts are said; of thousands of grids the hours are a handful.
    when = cache(lambda then: words.when(then, at))
    said = {path: Here(step, "", "") if ask.level == "block" else _said(step, cards, when) for path, (step, cards) in there.items()}
    return _by_level(ask, said)


def sitting(within: str, at: datetime) -> dict[str, tuple[str, list[people.Card]]]:
    """(step, its keepers) of every grid below a path: on, desk, rest, none."""
    now = {gap.path: gap for gap in gaps_ahead(at, timedelta(hours=1)) if gap.since <= at < gap.until}
    cards: dict[str, list[people.Card]] = defaultdict(list)
    for path, card in people.cards_within(within, ("keeper",), at=at):
        cards[path].append(card)
    grids = (spot.path for spot in places.spots("grid").values() if spot.path.startswith(within))
    return {path: (_step(cards[path], now.get(path)), cards[path]) for path in grids}


def _step(cards: list[people.Card], gap: people.Gap | None) -> str:
    if any(card.on for card in cards):
        return "on"
    if not cards or (gap is not None and not gap.covered):
        return "none"
    return "rest" if gap is None else "desk"


def _said(step: str, cards: list[people.Card], when: Callable[[datetime], str]) -> Here:
    here = next((card for card in cards if card.on), None)
    if here is not None:
        return Here(step, words.either(here.name, here.name_en), when(here.until) if here.until else "")
    if not cards:
        return Here(step, _("没有设岗"), "")
    back = min((card.next for card in cards if card.next), default=None)
    till = _("{when}来").format(when=when(back)) if back else _("休假，还没人替")
    return Here(step, _(ABSENT[step]), till)


def gaps(ask: Ask, *, at: datetime) -> list[Shade]:
    """Where nobody will be on a day: its hours, and whether the community's desk takes what comes meanwhile."""
    begin = local(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=ask.day)
    end, hours = begin + timedelta(days=1), defaultdict(list)
    for gap in gaps_ahead(at):
        if gap.since < end and gap.until > max(begin, at) and gap.path.startswith(ask.within):
            hours[gap.path].append((max(gap.since, begin, at), min(gap.until, end), gap.covered))
    known = people.keeper_posts(within=ask.within).values()
    found = dict.fromkeys(known, Here("on", "", _("都有人")))
    for spot in places.spots("grid").values():
        if spot.path.startswith(ask.within) and spot.path not in found:
            found[spot.path] = Here("none", _("没有设岗"), "")
    for path, spans in hours.items():
        if path in found:
            bare = any(not covered for *_span, covered in spans)
            said = "、".join(_span(since, until) for since, until, _covered in sorted(spans))
            found[path] = Here("none" if bare else "desk", _("没人") if bare else _("值班台代管"), said)
    return _by_level(ask, found)


def desks_missing(ask: Ask, *, at: datetime) -> list[tuple[str, str]]:
    """(community, hours) in which nobody sits at a community's desk on the day that is asked."""
    begin = local(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=ask.day)
    end = begin + timedelta(days=1)
    found: dict[str, list[str]] = defaultdict(list)
    for gap in gaps_ahead(at):
        if gap.since < end and gap.until > max(begin, at) and gap.path.startswith(ask.within) and not above(gap.path, "block"):
            found[gap.path].append(_span(max(gap.since, begin, at), min(gap.until, end)))
    return [(words.either(*places.both_names(path)[-1]), "、".join(spans)) for path, spans in sorted(found.items())]


def _span(since: datetime, until: datetime) -> str:
    begin, end = local(since), local(until)
    return f"{begin:%-H:%M}–{'24:00' if end.date() > begin.date() else f'{end:%-H:%M}'}"


def _by_level(ask: Ask, grids: dict[str, Here]) -> list[Shade]:
    return list(_blocks(ask, grids) if ask.level == "block" else _each(ask, grids))


def _each(ask: Ask, grids: dict[str, Here]) -> Iterator[Shade]:
    for spot in places.spots(ask.level).values():
        if (here := grids.get(above(spot.path, "grid"))) is not None:
            weight = (DUTY_ORDER.index(here.step),)
            yield Shade(*spot[:4], here.step, (here.who, here.till), weight)


def _blocks(ask: Ask, grids: dict[str, Here]) -> Iterator[Shade]:
    inside: dict[str, list[Here]] = defaultdict(list)
    for path, here in grids.items():
        inside[above(path, "block")].append(here)
    for spot in places.spots("block").values():
        if grids_here := inside.get(spot.path):
            steps = [one.step for one in grids_here]
            counts = [(step, steps.count(step)) for step in DUTY_ORDER if step in steps]
            said = "、".join(_("{n}格{what}").format(n=count, what=_(STEPS[step])) for step, count in counts)
            weight = (DUTY_ORDER.index(worst(steps)), -steps.count("none"), -steps.count("desk"))
            yield Shade(*spot[:4], worst(steps), (said, ""), weight, tally=tuple(counts))


def load(ask: Ask, *, seen_by: Actor, at: datetime) -> list[Shade]:
    """What the keeper of each grid carries: by this grids can be cut fairly."""
    posts = people.keeper_posts(within=ask.within)
    carried = matters.load_of_posts(since=at - MONTH, seen_by=seen_by)
    # Where most have nothing, whoever has something is measured against each other.
    months = [carried.get(post, (0, 0))[1] for post in posts]
    middle = median(months or [0]) or median([month for month in months if month] or [0])
    doors, found = places.doors(), defaultdict(list)
    for post, path in posts.items():
        open_, month = carried.get(post, (0, 0))
        found[path if ask.level != "block" else above(path, "block")].append((month / middle if middle else None, open_, month))
    shades = []
    for spot in places.spots(ask.level).values():
        here = found.get(spot.path if ask.level == "block" else above(spot.path, "grid"))
        if here:
            shares = [share for share, *_counts in here if share is not None]
            share = sum(shares) / len(shares) if shares else None
            opened, month = sum(row[1] for row in here), sum(row[2] for row in here)
            said = f"{share:.1f}" if share is not None else "—"
            cells = (str(doors.get(spot.path, 0)), str(opened), str(month), said)
            shades.append(Shade(*spot[:4], burden(share), cells, (-(share or 0), -month)))
    return shades


ABSENT = {"none": said("没人"), "desk": said("值班台代管"), "rest": said("下班了，值班台接")}
STEPS = {"none": said("没人"), "desk": said("值班台代管"), "rest": said("下班"), "on": said("在岗")}
