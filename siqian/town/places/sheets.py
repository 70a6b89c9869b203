"""A community's map as the pure code of `shaping` takes it, and the same of what a reshaping would leave."""

from collections.abc import Sequence

from . import rules
from .held import codes_of, community_of
from .models import Area, Building
from .shaping import House, Sheet


def sheet(path: str) -> Sheet:
    """The areas in force from the community of a path down, with their houses. Empty where no community is."""
    codes = codes_of(path)[:3]
    within = "/" + "/".join(codes) + "/"
    if not community_of(path):
        return Sheet({}, (), frozenset())
    columns = ("code", "level", "name", "name_en", "path", "rings")
    rows = Area.objects.filter(valid_to=None, path__startswith=within).order_by("level", "code").values_list(*columns)
    areas = {
        code: rules.AreaRow(0, code, rules.LEVELS[level], name, name_en, "".join(codes_of(there)[-2:-1]), rings)
        for code, level, name, name_en, there, rings in rows
    }
    # Codes of the past count as well: whoever reads one in an old record must not meet another ground.
    return Sheet(areas, houses(within), frozenset(Area.objects.values_list("code", flat=True)))


def houses(within: str) -> list[House]:
    """Every house below an area path."""
    columns = ("code", "name", "area__code", "lon", "lat", "ring")
    return [House(*row) for row in Building.objects.filter(area__path__startswith=within).order_by("code").values_list(*columns)]


def areas_named(codes: Sequence[str]) -> dict[str, rules.AreaRow]:
    """Areas in force by code, as they stand."""
    columns = ("code", "level", "name", "name_en", "path", "rings")
    rows = Area.objects.filter(valid_to=None, code__in=codes).values_list(*columns)
    return {
        code: rules.AreaRow(0, code, rules.LEVELS[level], name, name_en, "".join(codes_of(path)[-2:-1]), rings)
        for code, level, name, name_en, path, rings in rows
    }
