"""Who are my people, who lives in a building, what is kept of me."""

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel import vault
from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput, NotFound, NotYours, Refusal
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, page, post
from siqian.ui.words import say

from . import actions, numbers, posters, queries, rules


@page("people/people.html")
def people(request: HttpRequest):
    """Public. ?building=code, ?area=code, ?lon=&lat=, ?q=address; else the home that this browser remembers."""
    place, found, why = _asked(request)
    # The dispatcher works for the desks; residents meet the desks.
    cards = [card for card in queries.my_people(place.path, at=request.at) if card.duty != "dispatcher"] if place else []
    cell = place.path.rstrip("/").rpartition("/")[2] if place and len(place.names) > 5 else ""
    return {"cell": cell, "place": place, "cards": cards, "found": found, "q": request.GET.get("q", ""), "why": why, "home": request.home}


def _asked(request: HttpRequest) -> tuple[places.Place | None, list[places.BuildingLine], str]:
    if "lon" in request.GET or "lat" in request.GET:
        try:
            lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
        except (KeyError, ValueError) as error:
            raise BadInput(Refusal("经纬度不是数字，写成114.03这样", field="lon")) from error
        place = places.at_point(lon, lat)
        return place, [], "" if place else _("这个点不在本区")
    if request.GET.get("area"):
        place = places.at_area(request.GET["area"])
        return place, [], "" if place else _("没有这个网格")
    if request.GET.get("building"):
        place = places.at_building(request.GET["building"])
        return place, [], "" if place else _("名册里没有这栋楼")
    words = request.GET.get("q", "").strip()
    if words:
        found = places.find(words)
        exact = places.read(words).buildings
        if len(exact) == 1:
            return places.at_building(exact[0]), [], ""
        return None, found, "" if found else _("没找到“{q}”。试试小区名加楼号，比如“松涛苑3栋”").format(q=words)
    return places.at_building(request.home), [], ""


def poster(request: HttpRequest) -> HttpResponse:
    """For the entrance of a building grid, A4: ?area=code. Public, as are the names on it."""
    sample = _("示例数据") if settings.SIQIAN_DEMO else ""
    address = request.build_absolute_uri("/").rstrip("/")
    area = request.GET.get("area", "")
    made = posters.poster(area, address=address, phone=settings.CONFIG.supervision, sample=sample, at=request.at)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="people-{quote(area)}.pdf"'
    return answer


@page("people/homes.html")
def homes(request: HttpRequest):
    """Staff find a building, by words or among their own."""
    words = request.GET.get("q", "").strip()
    said = places.addressed(words) if words else None
    if said is not None and said.unit is not None:
        return back_to(f"/desk/homes/{said.building}/{said.unit.label}", request)
    if said is not None and said.building:
        return back_to(f"/desk/homes/{said.building}", request, say(said.why) if said.why else "")
    found = places.find(words) if words else []
    why = "" if found or not words else _("没找到“{q}”。试试小区名加楼号，比如“松涛苑3栋”").format(q=words)
    return {"q": words, "found": found, "why": why, "own": [] if words else _own(request)}


@page("people/building.html")
def building(request: HttpRequest, code: str):
    """The rooms of a building, floor by floor; with who lives there for whoever keeps the area."""
    line, place = _building(code)
    lived: dict[str, list[queries.ResidentLine]] = {}
    reads = True
    try:
        lived = queries.homes(code, seen_by=request.actor)
    except NotYours:
        reads = False
    floors: dict[int, list[tuple[places.UnitLine, list[queries.ResidentLine]]]] = {}
    for unit in places.units(code):
        floors.setdefault(unit.floor, []).append((unit, lived.get(unit.label, [])))
    return {
        "line": line,
        "place": place,
        "floors": sorted(floors.items(), reverse=True),
        "rooms": sum(map(len, floors.values())),
        "people": sum(map(len, lived.values())),
        "loose": lived.get("", []),
        "reads": reads,
        "beside": places.buildings(within=place.path),
    }


@page("people/unit.html")
def unit(request: HttpRequest, code: str, label: str):
    """One home: who lives there, masked; enroll, put right, moved out, look."""
    return _unit(request, code, label)


def enroll(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    code, label = sent.get("building", ""), sent.get("label", "")
    try:
        household = int(sent.get("household", "1")) if sent.get("household", "1").isdecimal() else 0
        row = rules.ResidentRow(
            1,
            code,
            label,
            sent.get("name", "").strip(),
            rules.VISIT,
            sent.get("basis", ""),
            _digits(sent.get("phone", "")),
            sent.get("relation", ""),
            household,
        )
        made = actions.enroll(residents=[row], by=request.actor, at=request.at)
    except BadInput as error:
        return render(request, "people/unit.html", _unit(request, code, label) | {"fault": say(error.refusal), "sent": sent}, status=400)
    return back_to(f"/desk/homes/{code}/{label}", request, _("登记好了") if made else _("这个人已经登记在这里了"))


@page("people/looked.html")
def look(request: HttpRequest, resident: int):
    """Name and telephone for a stated purpose; the look is in the journal, and the person sees it."""
    purpose = request.POST.get("purpose", "")
    subject, name, phone = queries.sealed_resident(resident, seen_by=request.actor)
    way = numbers.gateway(settings.SIQIAN_NUMBERS, settings.SIQIAN_GATEWAY_SECRET, settings.SIQIAN_HOME if settings.SIQIAN_DEMO else None)
    # With a gateway the telephone itself is shown to nobody: it goes to the gateway, and the look says so.
    wanted = (("name", name), ("call" if way else "phone", phone))
    told = {
        what: vault.look(subject=subject, sealed=sealed, what=what, purpose=purpose, by=request.actor, at=request.at)
        for what, sealed in wanted
        if sealed
    }
    shown = {"purpose": purpose, "person": queries.resident(resident, seen_by=request.actor)}
    home = told.pop("call", "")
    if way is None or not home:
        return shown | {"told": told}
    key = numbers.key_of(subject, request.actor.ref, f"{local(request.at):%Y-%m-%d}")
    return shown | {"told": told, "bound": way.bind(to=home, key=key, until=request.at + numbers.LASTING)}


def depart(request: HttpRequest, resident: int) -> HttpResponse:
    line = queries.resident(resident, seen_by=request.actor)
    actions.move_out(resident=resident, by=request.actor, at=request.at)
    return back_to(f"/desk/homes/{line.building}/{line.label}", request, _("记下了，这个人搬走了"))


def correct(request: HttpRequest, resident: int) -> HttpResponse:
    line, sent = queries.resident(resident, seen_by=request.actor), request.POST
    facts = {"name": sent.get("name", ""), "phone": _digits(sent.get("phone", "")), "relation": sent.get("relation", "")}
    actions.correct(resident=resident, **facts, by=request.actor, at=request.at)
    return back_to(f"/desk/homes/{line.building}/{line.label}", request, _("改好了"))


def _own(request: HttpRequest) -> list[places.BuildingLine]:
    """The buildings of a keeper's grids; whoever keeps a community finds them by words."""
    paths = [grant.area for grant in request.actor.grants if grant.role == "keeper"]
    return [line for path in paths for line in places.buildings(within=path)]


def _building(code: str) -> tuple[places.BuildingLine, places.Place]:
    line, place = places.building(code), places.at_building(code)
    if line is None or place is None:
        raise NotFound(Refusal("名册里没有{code}这栋楼，从列表里选", code=code))
    return line, place


def _unit(request: HttpRequest, code: str, label: str) -> dict[str, object]:
    line, _place = _building(code)
    found = next((unit for unit in places.units(code) if unit.label == label), None)
    if found is None:
        raise NotFound(Refusal("这栋没有{label}，从列表里选", label=label))
    lines = queries.homes(code, seen_by=request.actor).get(label, [])
    keeps = queries.may_keep(code, seen_by=request.actor)
    return {
        "line": line,
        "unit": found,
        "lines": lines,
        "keeps": keeps,
        "looks": keeps,
        "relations": rules.RELATIONS.items(),
        "bases": rules.BASES,
    }


def _digits(phone: str) -> str:
    return phone.replace(" ", "").replace("-", "")


urlpatterns = [
    path("people", people, name="people"),
    path("people/poster.pdf", poster, name="poster"),
    path("desk/homes", homes, name="homes"),
    path("desk/homes/<str:code>", building, name="building"),
    path("desk/homes/<str:code>/<str:label>", unit, name="unit"),
    path("desk/residents", post(enroll), name="enroll"),
    path("desk/residents/<int:resident>/looks", post(look), name="look-resident"),
    path("desk/residents/<int:resident>/departure", post(depart), name="depart"),
    path("desk/residents/<int:resident>/correction", post(correct), name="correct"),
]
