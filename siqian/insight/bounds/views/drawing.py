"""Find an area, draw on it, see what would come of it, draft it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, NotYours, Refusal
from siqian.town.places import queries as places, rules as map_rules
from siqian.town.places.rules import shaping
from siqian.ui.pages import back_to, form, page, page_of
from siqian.ui.words import either, say

from .. import actions, queries, rules
from ..previewing import preview
from ..sketch import Scene, sketch

NOT_SHOWN = Refusal("网格调整给系统管理员、调度员和管这里的人看")
FOUND = 40


@page("bounds/map.html")
def index(request: HttpRequest) -> dict[str, Any]:
    """What may be cut, by name or code, and the adjustments that wait, are in force or over."""
    _readers_only(request)
    words, show, number = request.GET.get("q", "").strip(), request.GET.get("show", "open"), page_of(request)
    show = show if show in queries.SHOWN else "open"
    lines, more = queries.adjustments(seen_by=request.actor, show=show, words=request.GET.get("find", "").strip(), page=number)
    spots = [spot for spot in places.named(words, most=FOUND) if len(spot.path.strip("/").split("/")) > 4] if words else []
    return {
        "q": words,
        "find": request.GET.get("find", "").strip(),
        "spots": [(spot, len(spot.path.strip("/").split("/")) - 1, places.both_names(spot.path)[2]) for spot in spots],
        "show": show,
        "lines": lines,
        "page": number,
        "more": number + 1 if more else 0,
        "edits": queries.edits(request.actor),
        "waiting": queries.waiting(seen_by=request.actor),
    }


def all_areas(request: HttpRequest) -> HttpResponse:
    """Every area as GeoJSON, now or on=DAY; `siqian import areas` takes it back."""
    _readers_only(request)
    try:
        on = date.fromisoformat(request.GET["on"]) if request.GET.get("on") else None
    except ValueError as error:
        raise BadInput(Refusal("日期写成2026-07-13这样", field="on")) from error
    answer = HttpResponse("".join(places.as_geojson(on=on)), content_type="application/geo+json")
    answer["Content-Disposition"] = f'attachment; filename="areas{f"-{on}" if on else ""}.geojson"'
    return answer


def shapes(request: HttpRequest, code: str) -> HttpResponse:
    """What the map draws: areas of the same level round this one, houses, and the borders that may be moved."""
    sheet, _place = queries.sheet_of(code, seen_by=request.actor)
    level = sheet.rows[code].level
    areas = [
        _feature({"code": row.code, "name": either(row.name, row.name_en), "own": row.code == code}, "Polygon", row.rings)
        for row in sheet.rows.values()
        if row.level == level
    ]
    houses = [
        _feature({"name": either(house.name, places.in_english(house.name))}, "Point", [house.lon, house.lat]) for house in sheet.houses
    ]
    return JsonResponse({name: {"type": "FeatureCollection", "features": rows} for name, rows in (("areas", areas), ("houses", houses))})


def _feature(properties: dict[str, Any], kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


@form
def editor(request: HttpRequest, code: str) -> HttpResponse:
    """Split, merge or another border, each by a form that needs no map; POST shows what would come of it, or drafts it."""
    sheet, place = queries.sheet_of(code, seen_by=request.actor)
    sent = request.POST if request.method == "POST" else request.GET
    context = _offered(sheet, place, code, sent)
    if request.method != "POST":
        return render(request, "bounds/editor.html", context)
    try:
        asked = _asked(code, sent)
        if sent.get("do") == "draft":
            number = actions.draft(asked=asked, by=request.actor, at=request.at)
            return back_to(f"/desk/map/adjustments/{number}", request, _("起草好了。写明原因和日子，提交给另一人批"))
        shaped = rules.shaped(sheet, asked)
        if shaped.faults:
            raise actions.BadCut(shaped)
        context |= _seen(sheet, place.path, asked, shaped, request)
    except actions.BadCut as error:
        return render(request, "bounds/editor.html", context | {"faults": _pictured(sheet, error.shaped)}, status=400)
    except BadInput as error:
        fault = {"fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "bounds/editor.html", context | fault, status=400)
    return render(request, "bounds/editor.html", context)


def pictures(sheet: shaping.Sheet, before: Any, after: Any, shown: Any, area: str) -> list[tuple[str, str]]:
    """(title, SVG) before and after."""
    level = next(row.level for row in (*before, *after) if row.code == area)
    names = {row.code: either(row.name, row.name_en) for row in (*sheet.rows.values(), *before, *after)}
    scene = Scene(sheet, level, names, {house.code for house in shown.houses})
    window = [row for row in (*before, *after) if row.level == level]
    titles = (_("现在"), _("照这样改以后"))
    labels = [_("{title}的边界和楼，写成字的都在下面的表里").format(title=title) for title in titles]
    return [(title, sketch(scene, rows, window, label)) for title, rows, label in zip(titles, (before, after), labels, strict=True)]


def _offered(sheet: shaping.Sheet, place: places.Place, code: str, sent: Mapping[str, str]) -> dict[str, Any]:
    """What the forms begin with: suggestions, neighbours, the border as it runs."""
    row = sheet.rows[code]
    beside = shaping.neighbours(sheet, code)
    kind = sent.get("kind", "split") if sent.get("kind") in ("split", "merge", "border") else "split"
    other = sent.get("other", "") if sent.get("other", "") in beside else (beside[0] if beside else "")
    line = shaping.border_between(sheet, code, other) if kind == "border" and other else []
    typed = sent.get("line")
    new_code, new_name, new_english = queries.suggested(sheet, code)
    parents = [one for one in sheet.rows.values() if one.level == "grid"] if row.level == "cell" else []
    return {
        "row": row,
        "place": place,
        "kind": kind,
        "other": other,
        "beside": [sheet.rows[one] for one in beside],
        "siblings": [sheet.rows[one] for one in beside if sheet.rows[one].parent == row.parent],
        "line": typed if typed is not None else "\n".join(f"{lon:.7f}, {lat:.7f}" for lon, lat in line),
        "sent": {"code": new_code, "name": new_name, "name_en": new_english, "parent": row.parent} | {name: sent[name] for name in sent},
        "parents": parents,
        "keepers": queries.keepers(place.path) if row.level == "grid" else [],
        "houses": [house for house in sheet.houses if house.cell in sheet.cells(code)],
        "area": shaping.size(row.rings),
        "box": shapely_box(sheet, code),
    }


def shapely_box(sheet: shaping.Sheet, code: str) -> str:
    return ",".join(f"{side:.6f}" for side in sheet.shape(code).bounds)


def _asked(code: str, sent: Mapping[str, str]) -> rules.Operation:
    kind = sent.get("kind", "")
    if kind not in ("split", "merge", "border"):
        raise BadInput(Refusal("选分格、并格或者移边界", field="kind"))
    line: Any = () if kind == "merge" else rules.line_of(sent.get("line", ""))
    if isinstance(line, Refusal):
        raise BadInput(line)
    if kind != "split":
        if not sent.get("other"):
            raise BadInput(Refusal("选一个相邻的格", field="other"))
        return rules.Operation(kind, code, line, other=sent["other"])
    named = {name: sent.get(name, "").strip() for name in ("code", "name", "name_en", "parent", "keeper")}
    return rules.Operation(kind, code, line, swap=sent.get("swap") == "on", **named)


def _seen(sheet: shaping.Sheet, path: str, asked: rules.Operation, shaped: shaping.Shaped, request: HttpRequest) -> dict[str, Any]:
    codes = dict.fromkeys((*(row.code for row in shaped.areas), *shaped.ended))
    before = [sheet.rows[code] for code in codes if code in sheet.rows]
    shown = preview(before, shaped.areas, shaped.ended, path=queries.community_path(path), keeper=asked.keeper, at=request.at)
    return {"shown": shown, "pictures": pictures(sheet, before, shaped.areas, shown, asked.area), "open": True}


def _pictured(sheet: shaping.Sheet, shaped: shaping.Shaped) -> list[tuple[Any, str]]:
    """Each fault with the picture of its place."""
    shapes = {code: sheet.shape(code) for code in sheet.rows} | {
        row.code: sheet.shape(row.code) for row in shaped.areas if row.code in sheet.rows
    }
    return [(fault, map_rules.picture(fault, shapes, say)) for fault in shaped.faults]


def _readers_only(request: HttpRequest) -> None:
    if not queries.reads(request.actor):
        raise NotYours(NOT_SHOWN)
