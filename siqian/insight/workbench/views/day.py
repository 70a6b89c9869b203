"""The day of a grid worker, made for a telephone that is sometimes offline: the walk, what was recorded, what still waits."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from siqian.kernel.permits import Refused
from siqian.spine.matters import queries as matters, rules
from siqian.town.people import queries as people
from siqian.ui.pages import back_to, post, refused_json, wants_json
from siqian.ui.words import say

from .. import actions, sending, trip

# What a telephone keeps so that the page opens without a network.
SHELL = (
    "ui/mark.svg",
    "ui/tokens.css",
    "ui/siqian.css",
    "ui/staff.css",
    "ui/siqian.js",
    "ui/staff.js",
    "ui/queue.js",
    "workbench/workbench.css",
    "workbench/day.css",
    "workbench/day.js",
    "workbench/way.js",
)
WORKER = "workbench/day-worker.js"
NOT_FIELDS = ("csrfmiddlewaretoken", "key", "then", "photos")


def day(request: HttpRequest) -> HttpResponse:
    """The walk of today in its order, rounds, records, and the forms that also work without a network."""
    if not request.actor.has("keeper"):
        return back_to("/desk", request, _("今日一程给管网格的人用"))
    found = trip.of(seen_by=request.actor, at=request.at)
    each = (len(stop.errands) + len(stop.checks) + len(stop.rings) + len(stop.doors) for stop in found.stops)
    count = sum(each) + len(found.nowhere)
    context = {"trip": found, "count": count, "words": _words(), "stamp": request.at.isoformat()}
    answer = render(request, "workbench/day.html", context)
    # By this the telephone knows that it is a page to keep, and not a sign-in.
    answer["X-Day-Of"] = request.actor.ref
    answer["Cache-Control"] = "private, no-store"
    return answer


def token(request: HttpRequest) -> HttpResponse:
    """Whose telephone this is now, and the form's token of this session, asked before anything is sent."""
    answer = JsonResponse({"account": request.actor.ref, "csrf": get_token(request)})
    answer["Cache-Control"] = "no-store"
    return answer


@post
def record(request: HttpRequest) -> HttpResponse:
    return _taken(request, "record", _("记下了"))


@post
def contact(request: HttpRequest) -> HttpResponse:
    return _taken(request, "contact", _("记下了，说事的人看得到"))


@post
def close(request: HttpRequest) -> HttpResponse:
    return _taken(request, "close", _("办结了，请说事的人来评"))


@post
def report(request: HttpRequest) -> HttpResponse:
    return _taken(request, "report", _("收到了，交出去了"))


@post
def give_back(request: HttpRequest) -> HttpResponse:
    return _taken(request, "return", _("报上去了，改派前还由您负责"))


@post
def call(request: HttpRequest) -> HttpResponse:
    return _taken(request, "call", _("记下了"))


@post
def keep_it(request: HttpRequest) -> HttpResponse:
    return _taken(request, "retract", _("撤回了，还是您的"))


def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page in the telephone; another one after each change of what it keeps."""
    answer = HttpResponse(_worker()[1], content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = "/day"
    return answer


def _taken(request: HttpRequest, kind: str, says: str) -> HttpResponse:
    """Take one entry; to a telephone's queue in JSON with what is true now, to a form without scripts as a page."""
    sent = request.POST
    fields = {name: str(value) for name, value in sent.items() if name not in NOT_FIELDS}
    entry = sending.Entry(kind, sent.get("key", ""), fields, _then(sent.get("then", "")))
    photos = [(file.name or "", file.read()) for file in request.FILES.getlist("photos") if file.size]
    try:
        kept = actions.take(entry=entry, photos=photos, by=request.actor, at=request.at)
    except Refused as error:
        if not wants_json(request):
            raise
        return _refused(request, error, fields.get("number", ""))
    if not wants_json(request):
        return back_to("/day", request, says)
    return JsonResponse({"key": kept.key, "at": kept.at.astimezone(UTC).isoformat(), "says": says, **kept.answer})


def _refused(request: HttpRequest, error: Refused, number: str) -> HttpResponse:
    """Why not, and where the matter stands now, so that the worker can choose."""
    answer = refused_json(error)
    answer.content = _json(
        {"title": say(error.refusal), "status": error.status, "field": error.refusal.field, "now": _now(request, number)}
    )
    return answer


def _now(request: HttpRequest, number: str) -> str:
    if not number:
        return ""
    id_ = rules.id_of(number) or 0
    line = matters.lines([id_], seen_by=request.actor).get(id_)
    if line is None:
        return _("这件事现在不归您看")
    card = people.card_of(line.post, at=request.at)
    who = card.name if card and card.on else people.post_line(line.post)[0]
    return render_to_string("workbench/now.html", {"line": line, "who": who}).strip()


def _words() -> dict[str, str]:
    """What the page says by itself, in the reader's language."""
    return {
        "waiting": _("手机里还有{n}条没送出"),
        "offline": _("没网。写下的都存在手机里，有网自己送"),
        "stored": _("没网，看的是{at}存下的。照样能记，有网自己送"),
        "slow": _("送不出去，{in}后再试"),
        "login": _("请重新登录，写好的都还在手机里"),
        "sign_in": _("去登录"),
        "other": _("现在登录的是别人。您写好的还在手机里，等您自己登录了再送"),
        "conflict": _("没收下：{why}"),
        "edit": _("改了再送"),
        "again": _("再送"),
        "drop": _("不要了"),
        "sure": _("真的不要了，丢掉这条"),
        "kept": _("存在手机里了"),
        "sending": _("在送"),
        "waits": _("等着送"),
        "before": _("前面一条没送成，这条等着"),
        "then": _("{at}写的"),
        "undo": _("撤回"),
        "undone": _("撤回了"),
        "asked": _("{s}秒后报上去"),
        "far": _("{n}米"),
        "km": _("{n}公里"),
        "here": _("按走路先后排：去晚了会超时的在前，其余先近后远，不走回头路。从您站的地方算起，位置只在手机里用，不发出去。"),
        "nowhere": _("手机没给位置，还按网格中心排"),
        "draft": _("上次没写完的"),
        "place": _("手机没给位置，选一栋楼"),
        "closed": _("没网时打不开，联系和办结在这一页先记下"),
        "full": _("手机存不下了，先把前面的送出去，或少拍几张"),
        "photos": _("最多3张照片"),
        "seconds": _("{n}秒"),
        "minutes": _("{n}分"),
    }


def _json(values: dict[str, Any]) -> bytes:
    return JsonResponse(values, json_dumps_params={"ensure_ascii": False}).content


def _then(text: str) -> datetime | None:
    """When the telephone says that it was done; what cannot be read counts as not said."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _worker() -> tuple[str, str]:
    return _made(0) if not settings.DEBUG else _made.__wrapped__(0)


@lru_cache(maxsize=1)
def _made(_once: int) -> tuple[str, str]:
    """(version, script): the version is the content of everything that the telephone keeps."""
    files = [Path(found) for name in (*SHELL, WORKER) if (found := finders.find(name))]
    version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    shell = "[" + ",".join(f'"{static(name)}"' for name in SHELL) + "]"
    script = files[-1].read_text(encoding="utf-8")
    return version, script.replace("__VERSION__", version).replace('"__SHELL__"', shell)
