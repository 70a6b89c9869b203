"""The dispatcher's board: unowned, due soon, late; live within three seconds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from siqian.kernel import journal
from siqian.kernel.clock import local
from siqian.kernel.permits import NotYours, Refusal
from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.tasks import queries as tasks, rules
from siqian.ui.pages import etag_of, live, page

LANE = 8
# What the lanes of time show; a matter that nobody owns has a lane of its own, a rating is nobody's duty.
OWED = ("accept", "respond", "settle", "stage", "check", "rule", "review", "supervise")


@page("brain/board.html")
def board(request: HttpRequest):
    """The whole page; its lanes ask again by themselves."""
    if not request.actor.is_staff:
        return HttpResponseRedirect("/sign-in?next=/board")
    return _board(request) | {"tag": _tag(request)}


def lanes(request: HttpRequest) -> HttpResponse:
    """The live part; 304 while nothing changed within the minute that the words on it name."""
    return live(request, "brain/lanes.html", _tag(request), lambda: _board(request))


def _tag(request: HttpRequest) -> str:
    return etag_of(
        journal.latest(),
        f"{request.at:%Y%m%d%H%M}",
        request.actor.ref,
        request.COOKIES.get("django_language", ""),
    )


def _board(request: HttpRequest) -> dict[str, object]:
    actor, at = request.actor, request.at
    area = _area(actor)
    soon = tasks.open_in(area, at=at, due_before=at + rules.SOON, what=OWED, most=60)
    late = [line for line in soon if line.due < at]
    near = [line for line in soon if line.due >= at]
    names = people.cards_of([line.post for line in soon[:40]], at=at)
    numbers = matters.lines([int(line.about.removeprefix("matter:")) for line in soon], seen_by=actor)
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "unowned": [_guess(line) for line in matters.unowned(seen_by=actor)],
        "counts": tasks.counts(area, at=at),
        "near": _lane(near, names, numbers),
        "late": _lane(sorted(late, key=lambda line: line.due), names, numbers),
        "late_count": len(late),
        "near_count": len(near),
        "responded": _rate(tasks.kept(area, "respond", since=midnight, at=at)),
        "settled": _rate(tasks.kept(area, "settle", since=at - timedelta(hours=24), at=at)),
        "hours": _chart(matters.hours(seen_by=actor, at=at)),
        "duty": people.on_duty_count(at=at),
        "rulings": matters.rulings_waiting(seen_by=actor),
        "area": (places.both_names(area) or (("", ""),))[-1],
    }


def _area(actor) -> str:
    wide = [grant.area for grant in actor.grants if grant.role in ("dispatcher", "desk", "secretary")]
    if not wide:
        raise NotYours(Refusal("调度台给值班台和调度员用，您的事在“今天的事”里"))
    return min(wide, key=len)


def _lane(lines: Sequence[tasks.Line], names, numbers) -> list[tuple[tasks.Line, object, object]]:
    return [
        (line, numbers[id_], names.get(line.post)) for line in lines[:LANE] if (id_ := int(line.about.removeprefix("matter:"))) in numbers
    ]


def _guess(line: matters.MatterLine) -> tuple[matters.MatterLine, list[tuple[Any, Any, float]], list[places.Place]]:
    guesses = [(remit.item(code), remit.unit(remit.item(code).lead), share) for code, share in line.guesses[:2]]
    return line, guesses, [place for code in line.candidates[:2] if (place := places.at_building(code))]


def _rate(kept: tuple[int, int]) -> tuple[str, int]:
    """A percentage with its denominator; under 30 the count itself is shown, for a rate would pretend too much."""
    good, all_ = kept
    if not all_:
        return "—", 0
    return (f"{good}/{all_}" if all_ < 30 else f"{100 * good / all_:.1f}%"), all_


def _chart(hours: list[tuple[datetime, int, int]]) -> dict[str, object]:
    top = max([1, *(max(came, done) for _, came, done in hours)])
    width, height = 560, 56

    def line(values: list[int]) -> str:
        return "M" + "L".join(
            f"{at * width / (len(values) - 1):.0f} {height - value * (height - 8) / top:.0f}" for at, value in enumerate(values)
        )

    came, done = [hour[1] for hour in hours], [hour[2] for hour in hours]
    return {
        "came": line(came),
        "done": line(done),
        "came_all": sum(came),
        "done_all": sum(done),
        "top": top,
        "end": f"{height - came[-1] * (height - 8) / top:.0f}",
    }


urlpatterns = [path("board", board, name="board"), path("board/lanes", lanes, name="lanes")]
