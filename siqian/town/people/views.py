"""Who are my people: for a point, an address, a building code."""

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, Refusal
from siqian.town.places import queries as places
from siqian.ui.pages import page

from . import queries


@page("people/people.html")
def people(request: HttpRequest):
    """Public. ?building=code, ?lon=&lat=, ?q=address; else the home that this browser remembers."""
    place, found, why = _asked(request)
    # The dispatcher works for the desks; residents meet the desks.
    cards = [card for card in queries.my_people(place.path, at=request.at) if card.duty != "dispatcher"] if place else []
    return {"place": place, "cards": cards, "found": found, "q": request.GET.get("q", ""), "why": why, "home": request.home}


def _asked(request: HttpRequest) -> tuple[places.Place | None, list[places.BuildingLine], str]:
    if "lon" in request.GET or "lat" in request.GET:
        try:
            lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
        except (KeyError, ValueError) as error:
            raise BadInput(Refusal("经纬度不是数字，写成114.03这样", field="lon")) from error
        place = places.at_point(lon, lat)
        return place, [], "" if place else _("这个点不在本区")
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


urlpatterns = [path("people", people, name="people")]
