"""What a resident was told, and how they want to be told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, NotYours, Refusal
from siqian.ui.pages import back_to, page, post
from siqian.ui.words import say

from . import actions, queries, rules

MINE = "/me/notices"


@page("notices/mine.html")
def mine(request: HttpRequest):
    """The newest notices; what is shown counts as seen. Below: by which channels, and when not."""
    readers = queries.readers(request.actor)
    told = queries.told(readers)
    if any(not line.seen for line in told):
        actions.mark_seen(to=readers, by=request.actor, at=request.at)
    return _context(request) | {"told": told}


@post
def agree(request: HttpRequest) -> HttpResponse:
    channel, address = request.POST.get("channel", ""), request.POST.get("address", "")
    try:
        actions.agree(reader=queries.reader(request.actor), channel=channel, address=address, by=request.actor, at=request.at)
    except BadInput as error:
        told = {"told": queries.told(queries.readers(request.actor))}
        faulty = {"fault": say(error.refusal), "channel": channel, "address": address}
        return render(request, "notices/mine.html", _context(request) | told | faulty, status=400)
    return back_to(f"{MINE}#ways", request, _("记下了，以后也这样告诉您"))


@post
def withdraw(request: HttpRequest) -> HttpResponse:
    reader = request.POST.get("reader", "")
    if reader not in queries.readers(request.actor):
        raise NotYours(Refusal("这不是您的通知方式", field="reader"))
    actions.withdraw(reader=reader, channel=request.POST.get("channel", ""), by=request.actor, at=request.at)
    return back_to(f"{MINE}#ways", request, _("不再发了"))


@post
def hours(request: HttpRequest) -> HttpResponse:
    wanted = rules.Hours(*(_minutes(request.POST.get(name, "")) for name in ("quiet_from", "quiet_to", "digest_at")))
    actions.keep_hours(reader=queries.reader(request.actor), hours=wanted, by=request.actor, at=request.at)
    return back_to(f"{MINE}#hours", request, _("时间改好了"))


def _context(request: HttpRequest) -> dict[str, object]:
    signed_in = request.actor.ref.startswith("account:")
    kept = queries.hours(request.actor.ref) if signed_in else rules.USUAL
    names = ("quiet_from", "quiet_to", "digest_at")
    return {
        "given": queries.given(queries.readers(request.actor)),
        "ways": [way for way in queries.ways(request.actor.ref) if not way.masked] if signed_in else [],
        "hours": {name: f"{getattr(kept, name) // 60:02d}:{getattr(kept, name) % 60:02d}" for name in names},
        "signed_in": signed_in,
    }


def _minutes(written: str) -> int:
    hour, _colon, minute = written.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise BadInput(Refusal("时间写成22:00这样", field="quiet_from"))
    return int(hour) * 60 + int(minute)


urlpatterns = [
    path("me/notices", mine, name="mine"),
    path("me/notices/ways", agree, name="agree"),
    path("me/notices/withdrawals", withdraw, name="withdraw"),
    path("me/notices/hours", hours, name="hours"),
]
