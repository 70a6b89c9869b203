"""The map as it goes out: areas, sites and buildings, as the commands that bring them in take them back."""

from collections.abc import Iterator
from datetime import date

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


def as_geojson(*, on: date | None = None) -> Iterator[str]:
    """Every area in force, now or on a day, as GeoJSON text, piece by piece; `actions.import_areas` takes it back."""
    return geojson.write(area_rows(on=on))


def sites_as_geojson() -> Iterator[str]:
    """Every site as GeoJSON text, piece by piece, as `actions.place_sites` takes it."""
    codes = dict(Area.objects.filter(valid_to=None).values_list("id", "code"))
    return features.collected(
        (
            {
                "code": row.code,
                "kind": row.kind,
                "name": row.name,
                "name_en": row.name_en,
                "aliases": row.aliases,
                "area": codes[row.area_id],
            },
            features.polygon(row.rings) if row.rings else None,
        )
        for row in Site.objects.order_by("code").iterator(500)
    )


def buildings_as_geojson() -> Iterator[str]:
    """Every building as GeoJSON text, piece by piece, as `actions.place_buildings` takes it."""
    named = ("code", "number", "name", "name_en", "lon", "lat", "storeys", "doors")
    return features.collected(
        (
            {name: getattr(row, name) for name in named} | {"site": row.site.code},
            features.polygon([row.ring]) if row.ring else {"type": "Point", "coordinates": [row.lon, row.lat]},
        )
        for row in Building.objects.select_related("site").order_by("code").iterator(500)
    )
