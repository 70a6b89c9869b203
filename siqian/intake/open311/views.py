"""Open311 over HTTP: /open311/discovery, and under /open311/v2 (in earnest) and /open311/trial/v2 (to try out) the same addresses."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.urls import path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from siqian.kernel import clock, files
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal, Refused
from siqian.spine.remit import queries as remit
from siqian.town.places import queries as places
from siqian.ui.words import in_english, say

from .. import keys, reporting
from . import asking, reading
from .answering import MIME, written
from .asking import Fields, first
from .offered import Attribute, Service, group, services

Answer = tuple[str, Any]
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-12-01T00:00:00+08:00"
NO_KEY = NotYours(Refusal("没有api_key，或者不认得。向本区申请一个，放在api_key里", field="api_key"))
NO_JURISDICTION = NotFound(Refusal("这里没有这个jurisdiction_id，写siqian.demo或不写", field="jurisdiction_id"))
NO_REPORT = NotFound(Refusal("没有这个service_request_id", field="service_request_id"))
NO_TOKEN = NotFound(Refusal("没有这个token", field="token"))
NO_DOOR = NotFound(Refusal("没有这个地址。有services、requests、tokens和servicerequestupdates"))
UNREADABLE = Refusal("请求读不懂：太大、项太多，或没按application/x-www-form-urlencoded或multipart/form-data写")
UNWRITABLE = BadInput(Refusal("里面有写不下的字符（空字符），删掉再发"))
NO_METHOD = Refused(Refusal("这个地址不收这种请求"), status=405)


def door(**methods: Callable[..., Answer]) -> Any:
    """A resource: which function answers which method, faults in the standard's form, in the form that the address ends with."""

    @csrf_exempt
    def answered(request: HttpRequest, form: str = "", **named: Any) -> HttpResponseBase:
        form = form or ("json" if "json" in request.headers.get("Accept", "") else "xml")
        known, form = form in MIME, form if form in MIME else "xml"
        answer = methods.get("GET" if request.method == "HEAD" else request.method or "")
        try:
            if not known:
                raise NO_DOOR
            if answer is None:
                raise NO_METHOD
            if first(_sent(request), "jurisdiction_id") not in ("", settings.SIQIAN_JURISDICTION):
                raise NO_JURISDICTION
            root, values = answer(request, **named)
            status = 200
        except (SuspiciousOperation, MultiPartParserError):
            root, values, status = "errors", [_fault(400, UNREADABLE)], 400
        except Many as error:
            root, values, status = "errors", [_fault(400, fault) for fault in error.faults], 400
        except Refused as error:
            status = error.status if error.status in (403, 404, 405) else 400
            root, values = "errors", [_fault(status, error.refusal)]
        response = HttpResponse(written(root, values, form), content_type=MIME[form], status=status)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    answered.methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # type: ignore[attr-defined]
    return answered


class Many(Exception):
    """Everything that is wrong with what was asked."""

    def __init__(self, faults: list[Refusal]) -> None:
        super().__init__(faults[0].why)
        self.faults = faults


def discovery(request: HttpRequest) -> Answer:
    own = request.build_absolute_uri("/open311")
    both = [("production", f"{own}/v2"), ("test", f"{own}/trial/v2")]
    formats = ["text/xml", "application/json"]
    return "discovery", {
        "changeset": CHANGED,
        "contact": _("示例数据，联系不到真人") if settings.SIQIAN_DEMO else _("向本区平安建设中心申请api_key"),
        "key_service": _("示例用demo这个api_key") if settings.SIQIAN_DEMO else _("向本区平安建设中心申请api_key"),
        "endpoints": [
            {"specification": SPECIFICATION, "url": url, "changeset": CHANGED, "type": kind, "formats": formats} for kind, url in both
        ],
    }


def service_list(request: HttpRequest, *, trial: bool) -> Answer:
    return "services", [_service(row) for row in services().values()]


def definition(request: HttpRequest, *, trial: bool, code: str) -> Answer:
    row = _known(code)
    attributes = [_attribute(one, order) for order, one in enumerate(row.attributes, start=1)]
    return "service_definition", {"service_code": row.code, "attributes": attributes}


def take(request: HttpRequest, *, trial: bool) -> Answer:
    """POST requests: one report."""
    sent, by = _sent(request), _system(request)
    code = first(sent, "service_code")
    if not code:
        raise BadInput(Refusal("少了service_code，从services里选", field="service_code"))
    asked, faults = asking.report(sent, _known(code))
    if asked.address_id and places.at_building(asked.address_id) is None:
        faults.append(Refusal("名册里没有{code}这栋楼", field="address_id", code=asked.address_id[:40]))
    if faults:
        raise Many(faults)
    photos = [(file.name or "", file.read()) for files_ in request.FILES.lists() for file in files_[1]]
    external = request.headers.get("Idempotency-Key", "")[:64]
    filed = reporting.report(asked=asked, photos=photos, external=external, trial=trial, by=by, at=request.at)
    answer = {"token": filed.token} if filed.token else {"service_request_id": str(filed.id)}
    notice = _("电话号码看不懂，没有记下。写的话人人看得到，别写名字和电话") if asked.odd_phone else _("写的话人人看得到，别写名字和电话")
    return "service_requests", [{**answer, "service_notice": notice, "account_id": asked.account or None}]


def query(request: HttpRequest, *, trial: bool) -> Answer:
    """GET requests: those of a time, a service, a state; or these."""
    wanted, faults = asking.wanted(_sent(request), services(), request.at)
    if faults:
        raise next((NotFound(fault) for fault in faults if fault.field == "service_code"), Many(faults))
    return "service_requests", [_report(request, one, trial) for one in reading.reports(wanted, trial=trial)]


def one(request: HttpRequest, *, trial: bool, number: str) -> Answer:
    shown = reading.report(number, trial=trial)
    if shown is None:
        raise NO_REPORT
    return "service_requests", [_report(request, shown, trial)]


def token(request: HttpRequest, *, trial: bool, token: str) -> Answer:
    number = reading.by_token(token, trial=trial)
    if number is None:
        raise NO_TOKEN
    return "service_requests", [{"service_request_id": str(number), "token": token}]


def updates(request: HttpRequest, *, trial: bool) -> Answer:
    """GET servicerequestupdates: what happened to reports."""
    sent, faults = _sent(request), list[Refusal]()
    since, until = asking.instant(sent, "start_date", faults), asking.instant(sent, "end_date", faults)
    if faults:
        raise Many(faults)
    names = asking.words(sent, "service_request_id")
    ids = [int(name) for name in names if name.isdecimal() and len(name) < 19] if names else None
    found = reading.updates(trial=trial, since=since, until=until, ids=ids, most=asking.MOST)
    return "service_request_updates", [_update(update) for update in found]


def add_update(request: HttpRequest, *, trial: bool) -> Answer:
    """POST servicerequestupdates: words added to a report by whoever sent it."""
    sent, by = _sent(request), _system(request)
    number, text = first(sent, "service_request_id"), first(sent, "description")
    if not number:
        raise BadInput(Refusal("少了service_request_id", field="service_request_id"))
    shown = reading.report(number, trial=trial)
    if shown is None:
        raise NO_REPORT
    if len(text) > asking.LONGEST:
        fault = Refusal("description最多{most}个字，现在{n}个，删短", field="description", most=asking.LONGEST, n=len(text))
        raise BadInput(fault)
    if len(text) < 2:
        raise BadInput(Refusal("description写上要补充的话", field="description"))
    return "service_request_updates", [{"update_id": reporting.add(report=shown.id, text=text, by=by, at=request.at)}]


def media(request: HttpRequest, trial: bool, number: str, at: int) -> HttpResponseBase:
    """A photo of a report, drawn anew when it came, so that neither place nor camera travels with it."""
    found = reading.photo(number, at, trial=trial)
    if found is None or not files.place(found).exists():
        raise Http404
    return FileResponse(files.place(found).open("rb"), content_type="image/jpeg")


def nothing(request: HttpRequest, **_named: Any) -> Answer:
    raise NO_DOOR


def _sent(request: HttpRequest) -> Fields:
    """What was sent, in the address and in the body."""
    sent = {name: [*request.GET.getlist(name), *request.POST.getlist(name)] for name in (*request.GET, *request.POST)}
    if any("\x00" in text for name, values in sent.items() for text in (name, *values)):
        raise UNWRITABLE
    return sent


def _system(request: HttpRequest) -> Actor:
    found = keys.system_of(first(_sent(request), "api_key") or request.headers.get("X-Api-Key", ""))
    if found is None:
        raise NO_KEY
    return reporting.system_actor(found)


def _known(code: str) -> Service:
    row = services().get(code)
    if row is None:
        raise NotFound(asking.no_service(code))
    return row


def _service(row: Service) -> dict[str, Any]:
    zh = not in_english()
    return {
        "service_code": row.code,
        "service_name": row.zh if zh else row.en,
        "description": row.about if zh else row.about_en,
        "metadata": bool(row.attributes),
        "type": row.type,
        "keywords": ",".join(row.keywords),
        "group": group(row)[0 if zh else 1],
    }


def _attribute(row: Attribute, order: int) -> dict[str, Any]:
    zh = not in_english()
    values = [{"key": value.key, "name": value.zh if zh else value.en} for value in row.values]
    return {
        "variable": True,
        "code": row.code,
        "datatype": row.datatype,
        "required": row.required,
        "datatype_description": (row.hint if zh else row.hint_en) or None,
        "order": order,
        "description": row.zh if zh else row.en,
        **({"values": values} if values else {}),
    }


def _report(request: HttpRequest, shown: reading.Shown, trial: bool) -> dict[str, Any]:
    zh, row = not in_english(), services().get(shown.service)
    unit = remit.units().get(shown.face.unit) if shown.face else None
    root = request.build_absolute_uri("/open311/trial/v2" if trial else "/open311/v2")
    photo = f"{root}/media/{shown.id}/1.jpg" if shown.photos else None
    return {
        "service_request_id": str(shown.id),
        "status": "open" if shown.is_open else "closed",
        "status_notes": shown.notes or None,
        "service_name": (row.zh if zh else row.en) if row else shown.service,
        "service_code": shown.service,
        "description": shown.text or None,
        "agency_responsible": (unit.zh if zh else unit.en) if unit else None,
        "service_notice": None,
        "requested_datetime": _w3c(shown.at),
        "updated_datetime": _w3c(shown.updated),
        "expected_datetime": _w3c(shown.face.expected) if shown.face and shown.face.expected else None,
        "address": shown.address or None,
        "address_id": shown.address_id or None,
        "zipcode": None,
        "lat": shown.lat,
        "long": shown.lon,
        "media_url": photo or shown.media_url or None,
    }


def _update(update: reading.Update) -> dict[str, Any]:
    what = _(reading.TURNS[update.what])
    return {
        "update_id": update.id,
        "service_request_id": str(update.report),
        "status": "open" if update.is_open else "closed",
        "updated_datetime": _w3c(update.at),
        "description": f"{what}{_('：')}{update.text}" if update.text else what,
        "media_url": None,
    }


def _fault(code: int, refusal: Refusal) -> dict[str, Any]:
    return {"code": code, "description": f"{refusal.field}: {say(refusal)}" if refusal.field else say(refusal)}


def _w3c(at: Any) -> str:
    return str(clock.local(at).isoformat(timespec="seconds"))


def _paths(root: str, *, trial: bool) -> list[Any]:
    form, named = r"(?:\.(?P<form>[a-z]{1,8}))?/?$", {"trial": trial}
    return [
        re_path(rf"^{root}/services{form}", door(GET=service_list), named),
        re_path(rf"^{root}/services/(?P<code>[^/.]+){form}", door(GET=definition), named),
        re_path(rf"^{root}/requests{form}", door(GET=query, POST=take), named),
        re_path(rf"^{root}/requests/(?P<number>[^/.]+){form}", door(GET=one), named),
        re_path(rf"^{root}/tokens/(?P<token>[^/.]+){form}", door(GET=token), named),
        re_path(rf"^{root}/servicerequestupdates{form}", door(GET=updates, POST=add_update), named),
        path(f"{root}/media/<slug:number>/<int:at>.jpg", media, named),
        re_path(rf"^{root}/(?:.*?){form}", door(GET=nothing, POST=nothing), named),
    ]


urlpatterns = [
    re_path(r"^open311/discovery(?:\.(?P<form>[a-z]{1,8}))?/?$", door(GET=discovery)),
    *_paths("open311/trial/v2", trial=True),
    *_paths("open311/v2", trial=False),
]
