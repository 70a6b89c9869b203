"""Messages with several asks and matters in parts, as the tests tell and lead them."""

from datetime import timedelta

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import deliveries, store
from siqian.kernel.permits import ANYONE, Actor, Fence
from siqian.spine.matters import actions, queries
from siqian.spine.matters.models import Matter, Step
from siqian.spine.matters.rules.parts import Wanted
from siqian.testing import monday_nine

THREE = "楼道灯坏了，还有三楼王阿姨家漏水，另外问一下老年卡怎么办"


def at(hours):
    return monday_nine + timedelta(hours=hours)


def tell(town, text=THREE, home="松涛苑3栋", **more):
    message = Message(text=text, channel="web", building=town.building(home), **more)
    return intake.take(message=message, by=ANYONE, at=monday_nine)


def teller(receipt):
    """Whoever holds this receipt in their browser."""
    own = queries.matters_of([receipt.telling], "")
    refs = frozenset([f"telling:{receipt.telling}", *(f"matter:{id_}" for id_ in own)])
    return Actor(ref=f"receipt:{receipt.telling}", own=refs, fence=Fence(own=tuple(own)))


def deliver(*, at):
    while deliveries.work(at=at):
        pass


def state(matter):
    with store.reading_all():
        return Matter.objects.get(id=matter).state


def steps(matter):
    with store.reading_all():
        return list(Step.objects.filter(matter=matter).order_by("at", "id").values_list("kind", flat=True))


def settle(town, matter, *, hours, by="chen"):
    """Speak with the teller, then close."""
    actions.contact(matter=matter, how="phone", text="问清了，马上去", by=town.actor(by), at=at(hours))
    actions.close(matter=matter, text="办好了，看过没问题", by=town.actor(by), at=at(hours + 0.2))


def divided(town, *parts, by="chen", hours=1.0):
    receipt = tell(town, "楼道灯坏了，墙也要看看")
    actions.accept(matter=receipt.matter, by=town.actor("chen"), at=at(0.1))
    ids = actions.divide(matter=receipt.matter, parts=[Wanted(*part) for part in parts], by=town.actor(by), at=at(hours))
    return receipt, ids
