"""The wall of the command centre: 1920 by 1080, dark, asks again every three seconds and gets 304 while nothing changed."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _, ngettext

from siqian.kernel import journal
from siqian.kernel.permits import Actor, NotYours, Refusal
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui import words
from siqian.ui.pages import etag_of, live, page

from .. import cutting, rules, watching
from .page import box_of

NOT_SHOWN = Refusal("大屏给值班台、调度员和领导看，您的事在“今天的事”里")
# Under so many a percentage would pretend too much.
SMALL = 30


@page("atlas/wall.html")
def wall(request: HttpRequest):
    """The whole wall."""
    if not request.actor.is_staff:
        return HttpResponseRedirect("/sign-in?next=/atlas/wall")
    return _shown(request) | {"tag": _tag(request), "tiles": cutting.newest(), "box": box_of(rules.home(request.actor))}


def now(request: HttpRequest) -> HttpResponse:
    """The live part."""
    return live(request, "atlas/wall_now.html", _tag(request), lambda: _shown(request))


def _tag(request: HttpRequest) -> str:
    may_look(request.actor)
    language = request.COOKIES.get("django_language", "")
    return etag_of(journal.latest(), f"{request.at:%Y%m%d%H%M}", request.actor.ref, language, places.epoch())


def may_look(actor: Actor) -> None:
    """The wall shows what waits everywhere: for whoever looks after an area."""
    if not any(actor.has(role) for role in rules.WALLS):
        raise NotYours(NOT_SHOWN)


def _shown(request: HttpRequest) -> dict[str, Any]:
    may_look(request.actor)
    found = _reckoned(_tag(request), request.actor, request.at)
    longest = found.longest
    return {
        "wall": found,
        "sample": settings.SIQIAN_DEMO,
        "longest_item": remit.item(longest.item) if longest else None,
        "longest_unit": remit.unit(longest.unit) if longest and longest.unit in remit.units() else None,
        "longest_place": _community(longest.path) if longest else "",
        "waited": words.length(request.at - longest.received) if longest else "",
        "respond": _rate(found.respond),
        "settle": _rate(found.settle),
        "pipe": _pipe(found.walked),
        "talks": [(talk, _cells(talk), _against(talk)) for talk in found.talks],
        "hands": [(hand, _lacks(hand.pane)) for hand in found.hands],
        "orders": [(order, _stitches(order), _community(order.path)) for order in found.orders],
        "gaps": [(gap, *people.post_line(gap.post)[:2]) for gap in found.gaps],
    }


@lru_cache(maxsize=8)
def _reckoned(_tag_now: str, actor: Actor, at: Any) -> watching.Wall:
    # Several screens of one person ask for the same moment; the tag names it.
    return watching.wall(seen_by=actor, at=at)


def _community(path: str) -> str:
    names = places.both_names(path)
    return words.either(*names[min(2, len(names) - 1)]) if names else ""


def _rate(kept: watching.Kept) -> dict[str, Any]:
    """A share with its denominator and that of a week ago; under thirty the counts themselves."""
    return {
        "now": _share(kept.now),
        "all": kept.now[1],
        "bar": 100 * kept.now[0] // kept.now[1] if kept.now[1] else 0,
        "before": _share(kept.before),
    }


def _share(kept: tuple[int, int]) -> str:
    good, every = kept
    if not every:
        return "—"
    return f"{good}/{every}" if every < SMALL else f"{100 * good / every:.1f}%"


def _pipe(walked: dict[str, int]) -> list[tuple[int, str, bool]]:
    """(how many, called what, whether most are lost on the way here) for each step of today's way."""
    names = (("heard", _("听见")), ("understood", _("认出")), ("owned", _("有人接")), ("answered", _("回应了")), ("settled", _("办完")))
    counts = [walked[name] for name, _said in names]
    lost = [0, *(counts[at - 1] - counts[at] for at in range(1, len(counts) - 1))]
    slow = max(range(len(lost)), key=lambda at: lost[at]) if max(lost) else -1
    return [(walked[name], said, at == slow) for at, (name, said) in enumerate(names)]


def _cells(talk: watching.Talk) -> list[tuple[int, str]]:
    """(x, step) of each hour of the strip, against the topic's own strongest hour."""
    top = max(talk.hours)
    return [(158 + 18 * at, str(round(4 * count / top)) if count else "0") for at, count in enumerate(talk.hours)]


def _against(talk: watching.Talk) -> tuple[str, bool]:
    """How much more or less than usual, and whether it is more."""
    if talk.usual < 1:
        return _("平常很少"), True
    share = talk.people / talk.usual
    if share >= 2:
        return _("是平常的{n}倍").format(n=round(share, 1)), True
    if share > 1.15:
        return _("多{n}%").format(n=round(100 * (share - 1))), True
    return (_("少{n}%").format(n=round(100 * (1 - share))), False) if share < 0.85 else (_("持平"), False)


def _lacks(pane: watching.Pane) -> str:
    if pane.bare:
        return ngettext("{n}格没人", "{n}格没人", pane.bare).format(n=pane.bare)
    return ngettext("超时{n}件", "超时{n}件", pane.late).format(n=pane.late)


def _stitches(order: Any) -> list[str]:
    """Called, confirmed, there, done: past, now, to come."""
    steps = (True, order.confirmed == order.called, order.there == order.called, order.done == order.called)
    at = next((number for number, done in enumerate(steps) if not done), len(steps))
    return ["" if number < at else "now" if number == at else "next" for number in range(len(steps))]
