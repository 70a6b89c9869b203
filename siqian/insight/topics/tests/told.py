"""People who tell of water that does not come, and of other things, for tests."""

from datetime import datetime, timedelta

from siqian.insight.topics import jobs
from siqian.insight.topics.models import Topic, Voice
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import store
from siqian.kernel.permits import ANYONE
from siqian.testing import monday_nine, town

WATER = (
    "整栋楼停水了，没有通知，老人连喝的水都没有",
    "早上起来停水，到现在没来，也没有通知",
    "又停水了，没有通知，做饭的水都没有",
    "停水大半天了，没有通知，什么时候来水",
    "楼里停水没有通知，厕所都冲不了",
    "昨天晚上就停水，没有通知，一直没来水",
)
LAMP = "楼梯2楼的灯坏了，晚上看不清路"
HOUSES = ("松涛苑3栋", "松涛苑4栋", "木棉苑7栋", "松涛苑5栋", "木棉苑8栋", "云岭村A栋")
HOUR = timedelta(hours=1)


def tell(text: str, building: str = "松涛苑3栋", phone: str = "", at: datetime = monday_nine, account: str = "") -> int:
    """Somebody tells; gives the telling."""
    message = Message(text=text, channel="web", building=town.building(building), phone=phone, account=account, together=True, apart=True)
    return intake.take(message=message, by=ANYONE, at=at).telling


def outage(at: datetime = monday_nine, houses: tuple[str, ...] = HOUSES, first: int = 0) -> list[int]:
    """In house after house somebody else says that there is no water, an hour apart, the last one now."""
    told = []
    for number, (text, house) in enumerate(zip(WATER, houses, strict=False)):
        when = at - HOUR * (len(houses) - 1 - number)
        told.append(tell(text, house, f"1390000{first + number:04d}", when))
    return told


def followed(at: datetime = monday_nine) -> int:
    return jobs.follow(at=at)


def topic_of(telling: int) -> int:
    """The number of a telling's topic, 0 where it stands alone."""
    with store.reading_all():
        return Voice.objects.get(telling=telling).topic_id or 0


def tellings_of(topic: int) -> set[int]:
    with store.reading_all():
        return set(Voice.objects.filter(topic=topic).values_list("telling", flat=True))


def risen(at: datetime = monday_nine) -> tuple[int, list[int]]:
    """An outage that the worker heard of; gives its topic and its tellings."""
    told = outage(at)
    followed(at)
    return topic_of(told[0]), told


def state_of(topic: int) -> str:
    return Topic.objects.get(id=topic).state
