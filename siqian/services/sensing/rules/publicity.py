"""What may be ordered to be put up or told, and who may. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import Permit, Refusal

T = TypeVar("T")
READERS = ("keeper", "secretary", "desk", "dispatcher", "leader", "inspector", "office")
PERMITS = (
    *(Permit(role, "read", "area") for role in READERS),
    *(Permit(role, verb, "area") for role in ("secretary", "desk", "dispatcher") for verb in ("order", "withdraw")),
)
# Of a round's kind: by this a record is known to be of an order.
MARK = "say-"
FURTHEST = timedelta(days=60)
# A keeper with more houses than that puts it up at so many of them, spread over all.
MOST_POINTS, MOST_PHOTOS = 40, 3

NO_TITLE = Refusal("写一句宣传什么，40个字以内", field="title")
NO_TEXT = Refusal("写清楚贴什么、说什么，400个字以内", field="text")
NO_DAY = Refusal("最后一天选今天到60天以内的一天", field="until")
NO_AREA = Refusal("选一个您管的地方", field="area")
NO_KEEPER = Refusal("这里没有网格员，选大一点的地方", field="area")
NO_WHY = Refusal("写一句为什么撤回，正在贴的人要知道", field="why")
TOO_MANY = Refusal("一次最多3张图", field="photos")
NO_PUBLICITY = Refusal("没有这次宣传，或者不归您看")


def fault_of(title: str, text: str, until: date | None, photos: int, today: date) -> Refusal | None:
    if not 2 <= len(title.strip()) <= 40:
        return NO_TITLE
    if not 4 <= len(text.strip()) <= 400:
        return NO_TEXT
    if until is None or not today <= until <= today + FURTHEST:
        return NO_DAY
    return TOO_MANY if photos > MOST_PHOTOS else None


def due(until: date) -> datetime:
    """The end of its last day."""
    return datetime.combine(until, time(), tzinfo=TOWN) + timedelta(days=1)


def spread(points: Sequence[T]) -> list[T]:
    """All of them, or so many at equal steps."""
    if len(points) <= MOST_POINTS:
        return list(points)
    return [points[at * len(points) // MOST_POINTS] for at in range(MOST_POINTS)]
