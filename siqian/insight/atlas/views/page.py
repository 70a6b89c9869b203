"""The map for staff: the page, its layers as they are asked anew, a search, one area's people and matters."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from siqian.kernel import journal
from siqian.kernel.permits import NotFound, NotYours, Refusal
from siqian.spine.remit import queries as remit
from siqian.town.places import queries as places
from siqian.ui.pages import etag_of, page

from .. import cutting, queries, rules, saying

NO_AREA = Refusal("没有这个网格")
# From so many grids on the map begins with blocks: that is what one can read at once.
MANY = 400


@page("atlas/atlas.html")
def atlas(request: HttpRequest):
    """The whole page: it works without script and without a drawn map."""
    if not request.actor.is_staff:
        return HttpResponseRedirect("/sign-in?next=/atlas")
    ask = asked(request)
    number = cutting.newest()
    answered = _answered(request, ask)
    return answered | {
        "drawn": json.dumps(drawn(answered["layer"]), ensure_ascii=False),
        "tag": _tag(request),
        "tiles": number,
        "wall": any(request.actor.has(role) for role in rules.WALLS),
        "stale": bool(number) and number != str(places.epoch()),
        "box": box_of(ask.within),
        "found": queries.find(ask.words, at=request.at) if ask.words else [],
        "chosen": queries.chosen(ask.area, seen_by=request.actor, at=request.at) if ask.area else None,
    }


def layer(request: HttpRequest) -> HttpResponse:
    """The same answer for a map that is open: what to draw, and the table that says the same. 304 while nothing changed."""
    _staff_only(request)
    tag = _tag(request)
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        context = _answered(request, asked(request))
        html = render_to_string("atlas/answer.html", context, request)
        answer = JsonResponse(
            drawn(context["layer"]) | {"html": html, "address": context["address"]}, json_dumps_params={"ensure_ascii": False}
        )
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def found(request: HttpRequest) -> HttpResponse:
    """What a search finds, as a list."""
    _staff_only(request)
    ask = asked(request)
    return render(request, "atlas/found.html", {"found": queries.find(ask.words, at=request.at), "ask": ask, "asked": True})


def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: its people with face and name, what waits there."""
    _staff_only(request)
    chosen = queries.chosen(code, seen_by=request.actor, at=request.at)
    if chosen is None:
        raise NotFound(NO_AREA)
    return render(request, "atlas/area.html", {"chosen": chosen})


def asked(request: HttpRequest) -> rules.Ask:
    """The question in the address, within what this person is offered."""
    actor = request.actor
    within = rules.home(actor)
    wanted = places.spots("community").get(request.GET.get("community", ""))
    if wanted is not None and wanted.path.startswith(within):
        within = wanted.path
    grids = sum(spot.path.startswith(within) for spot in places.spots("grid").values())
    return rules.asked(request.GET.dict(), modes=rules.modes_of(actor), level="block" if grids > MANY else "grid", within=within)


def drawn(layer: queries.Layer) -> dict[str, Any]:
    """What a map draws of a layer: codes by step, marks, where something is late."""
    steps: dict[str, list[str]] = {}
    for shade in layer.shades:
        steps.setdefault(shade.step, []).append(shade.code)
    marks = [[m.lon, m.lat, m.count, m.group, m.late, m.number, m.code] for m in layer.open.marks] if layer.open else []
    return {"mode": layer.ask.mode, "level": layer.ask.level, "steps": steps, "marks": marks}


def _answered(request: HttpRequest, ask: rules.Ask) -> dict[str, Any]:
    layer = queries.layer(ask, seen_by=request.actor, at=request.at)
    home = rules.home(request.actor)
    communities = [spot for spot in places.spots("community").values() if spot.path.startswith(home)]
    said, counts = saying.STEPS[ask.mode], layer.counts
    return {
        "layer": layer,
        "ask": ask,
        "address": _address(ask),
        "title": saying.title(layer, request.at),
        "heads": [_(head) for head in saying.HEADS[ask.mode]],
        "figures": ask.mode in saying.FIGURES,
        "modes": [(mode, _(saying.MODES[mode]), _address(ask, mode=mode, day=0)) for mode in rules.modes_of(request.actor)],
        "levels": [(level, _(saying.LEVELS[level]), _address(ask, level=level)) for level in rules.LEVELS],
        "legend": [(step, _(said[step]), counts.get(step, 0)) for step in layer.legend],
        "key": _(saying.KEYS[ask.mode]) if ask.mode in saying.KEYS else "",
        "steps": {step: _(word) for step, word in said.items()},
        "ends": saying.ends(ask),
        "day": saying.day_words(ask, request.at),
        "topic": remit.classes().get(ask.topic),
        "communities": communities if len(communities) > 1 else [],
        "community": rules.above(ask.within, "community").rstrip("/").rpartition("/")[2] if ask.within != home else "",
        "level_word": _(saying.LEVELS[ask.level]),
    }


def _address(ask: rules.Ask, **other: object) -> str:
    """The page's address for a question with something else in it."""
    community = rules.above(ask.within, "community").rstrip("/").rpartition("/")[2]
    said = {"mode": ask.mode, "level": ask.level, "day": ask.day, "topic": ask.topic, "community": community} | other
    return "/atlas?" + urlencode({name: value for name, value in said.items() if value not in ("", 0)})


def box_of(within: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north of everything below a path."""
    every = [spot for spot in places.spots("grid").values() if spot.path.startswith(within)]
    if not every:
        return None
    return min(s.west for s in every), min(s.south for s in every), max(s.east for s in every), max(s.north for s in every)


def _tag(request: HttpRequest) -> str:
    language = request.COOKIES.get("django_language", "")
    return etag_of(journal.latest(), f"{request.at:%Y%m%d%H%M}", request.actor.ref, language, request.GET.urlencode(), places.epoch())


def _staff_only(request: HttpRequest) -> None:
    if not request.actor.is_staff:
        raise NotYours(rules.STAFF_ONLY)
