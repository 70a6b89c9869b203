"""What forms of matters send: numbers, times, photos, read once."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from siqian.kernel import files
from siqian.kernel.clock import TOWN
from siqian.kernel.journal import writing
from siqian.kernel.permits import BadInput, NotFound, Refusal

from .. import rules


def id_of(number: str) -> int:
    """The matter that a number names."""
    id_ = rules.id_of(number)
    if id_ is None:
        raise NotFound(rules.NO_SUCH)
    return id_


def number_in(request: HttpRequest, name: str) -> int:
    """A whole number from a form."""
    text = request.POST.get(name, "")
    if not text.isdigit():
        raise BadInput(Refusal("少了{name}，从页面上的按钮再点一次", field=name, name=name))
    return int(text)


def time_in(request: HttpRequest, field: str) -> datetime | None:
    """A time as a page or a person writes it, in the town's zone; None when nothing was written."""
    text = request.POST.get(field, "")
    if not text:
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise BadInput(Refusal("时间看不懂，写成2026-07-15 18:00这样", field=field))
    return at if at.tzinfo else at.replace(tzinfo=TOWN)


def photos_in(request: HttpRequest) -> list[str]:
    """Photos of a form, cleaned and kept; gives their names."""
    kept = []
    for file in request.FILES.getlist("photos")[:6]:
        clean = files.clean(file.read(), name=file.name or "")
        if isinstance(clean, Refusal):
            raise BadInput(clean)
        with writing(request.actor):
            kept.append(files.keep(clean, at=request.at))
    return kept


def spot_in(request: HttpRequest) -> tuple[float, float] | None:
    """Where the telephone says that it is; None when it did not say."""
    lon, lat = _degrees(request, "lon", 180), _degrees(request, "lat", 90)
    return None if lon is None or lat is None else (lon, lat)


def _degrees(request: HttpRequest, name: str, most: int) -> float | None:
    """A coordinate as the telephone gives it; None when it gives none."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        raise BadInput(Refusal("坐标看不懂，不带位置也能交", field=name))
    return value
