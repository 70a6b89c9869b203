"""The map as it goes out: areas, sites and buildings, as the commands that bring them in take them back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from . import features, geojson, rules
from .held import codes_of
from .models import Area, Building, Site


def area_rows(*, on: date | None = None) -> list[rules.AreaRow]:
    """Every area as it came in, from the district down: in force now, or on a day."""
    rows = Area.objects.filter(valid_to=None)
    if on is not None:
        rows = Area.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    columns = ("code", "level", "name", "name_en", "path", "rings")
    return [
        rules.AreaRow(number, code, rules.LEVELS[level], name, name_en, "".join(codes_of(path)[-2:-1]), rings)
        for number, (code, level, name, name_en, path, rings) in enumerate(rows.order_by("level", "code").values_list(*columns), start=1)
    ]


def drawn(what: str, *, on: date | None = None) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """(properties, geometry in WGS-84) of all areas (in force now, or on a day), sites or buildings."""
    if what == "areas":
        return geojson.drawn(area_rows(on=on))
    return _sites() if what == "sites" else _buildings()


def as_geojson(*, on: date | None = None) -> Iterator[str]:
    """Every area in force, now or on a day, as GeoJSON text, piece by piece."""
    return features.collected(drawn("areas", on=on))


def _sites() -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    codes = dict(Area.objects.filter(valid_to=None).values_list("id", "code"))
    named = ("code", "kind", "name", "name_en", "aliases")
    for row in Site.objects.order_by("code").iterator(500):
        properties = {name: getattr(row, name) for name in named} | {"area": codes[row.area_id]}
        yield properties, features.polygon(row.rings) if row.rings else None


def _buildings() -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    named = ("code", "number", "name", "name_en", "lon", "lat", "storeys", "doors")
    for row in Building.objects.select_related("site").order_by("code").iterator(500):
        shape = features.polygon([row.ring]) if row.ring else {"type": "Point", "coordinates": [row.lon, row.lat]}
        yield {name: getattr(row, name) for name in named} | {"site": row.site.code}, shape
