"""The life of an incident: who may do what, when it can be over. Pure.

An order to units with a chain of commands comes later and takes this place: an incident has an owner, a clock for taking it up,
one for being over, and what is late climbs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

INCIDENT = Flow(
    Move("open", "acknowledge", "going", "owner"),
    Move("open", "join", "open", "staff around"),
    Move("going", "join", "going", "staff around"),
    Move("open", "note", "open", "staff around"),
    Move("going", "note", "going", "staff around"),
    Move("going", "refer", "going", "owner"),
    Move("going", "finish", "over", "owner"),
    Move("open", "dismiss", "false", "owner"),
    Move("going", "dismiss", "false", "owner"),
    Move("open", "merge", "merged", "owner"),
    Move("going", "merge", "merged", "owner"),
    Move("merged", "part", "open", "owner"),
    Move("over", "reopen", "open", "office"),
    Move("false", "reopen", "open", "office"),
)
STATES = {"open": said("没人接"), "going": said("在处理"), "over": said("结束了"), "false": said("误报"), "merged": said("并走了")}
DONE = {
    "open": said("报警了"),
    "acknowledge": said("接了"),
    "join": said("一起去"),
    "note": said("现场"),
    "refer": said("转成一件事"),
    "finish": said("结束"),
    "dismiss": said("是误报"),
    "merge": said("同一个原因，并到"),
    "merge in": said("同一个原因，并进来"),
    "part": said("不是一回事，分出来，离开"),
    "part in": said("不是一回事，分出去"),
    "reopen": said("又报警了，重新打开"),
    "calm": said("都恢复正常了"),
    "late": said("超过时限"),
}
READERS = ("keeper", "secretary", "desk", "dispatcher", "leader", "inspector", "office")
ACTING = ("keeper", "secretary", "desk", "dispatcher")
# What somebody in a part of its area may do as well: say what is seen there, come along.
AROUND = ("read", "note", "join")
OWNING = ("acknowledge", "join", "note", "refer", "finish", "dismiss", "merge", "part")
PERMITS = (
    *(Permit(role, "read", "area") for role in READERS),
    *(Permit(role, verb, "area") for role in ACTING for verb in OWNING),
    # An incident of a whole community may be one keeper's: whoever owns it may take it to its end.
    *(Permit("keeper", verb, "owner") for verb in ("read", *OWNING)),
)
# An alarm so soon after the end opens the same incident again.
AGAIN = timedelta(minutes=30)
MOST_WORDS, MOST_PHOTOS, LEAST_WORDS = 400, 3, 4
# Nothing at all heard from any sensor for so long: it is the line, not each of them.
SILENCE = timedelta(minutes=45)
# So long after they were merged two incidents can be parted again.
REGRET = timedelta(minutes=10)

NO_INCIDENT = Refusal("没有这个事件，或者不归您看")
NO_WORDS = Refusal("写一句看到了什么，或者拍一张", field="text")
NO_REASON = Refusal("写一句凭什么说是误报，下次才知道是哪个探头不准", field="text")
NO_MATTER = Refusal("写一句要别人办什么", field="text")
TOO_LONG = Refusal("写短些，最多400个字", field="text")
TOO_MANY = Refusal("一次最多3张照片", field="photos")
REFERRED = Refusal("已经转过了，进展在那件事上看")
NO_CAUSE = Refusal("写一句凭什么说是同一个原因", field="text")
NO_OTHER = Refusal("选另一个没结束的事件来并", field="into")
NO_SENSORS = Refusal("全区收不到读数的那种事件没有传感器，并不了", field="into")
MERGED = said("已经并到第{n}号事件，在那里接着办")
NO_REGRET = Refusal("并了超过10分钟，分不开了。新的报警会另开事件，现场的话写在并进去的那个事件里")
OTHER_OVER = Refusal("并进去的那个事件已经结束，分不开了")
STILL = said("还有{n}个传感器没恢复正常。等都正常了再结束，或写一句为什么现在可以结束")


@dataclass(frozen=True)
class Standing:
    """What an incident comes to by now. raised: sensors at which a rule still holds; calm_since: when the last of them ended."""

    raised: int
    calm_since: datetime | None


def offered(standing: Standing, calm: int, at: datetime) -> bool:
    """Whether everything has been normal for long enough to ask a person to confirm."""
    return not standing.raised and standing.calm_since is not None and at >= standing.calm_since + timedelta(minutes=calm)


def merge_fault(text: str, *, same: bool, alarms: tuple[int, int], state: str) -> Refusal | None:
    """Why these two cannot be one. alarms: how many either has; state: of the one that is to go on."""
    if same or state not in ("open", "going"):
        return NO_OTHER
    if not all(alarms):
        return NO_SENSORS
    if len(text.strip()) > MOST_WORDS:
        return TOO_LONG
    return NO_CAUSE if len(text.strip()) < LEAST_WORDS else None


def part_fault(merged: datetime, other: str, at: datetime) -> Refusal | None:
    """Why they cannot be two again. other: the state of the one that went on."""
    if at > merged + REGRET:
        return NO_REGRET
    return None if other in ("open", "going") else OTHER_OVER


def fault_of(verb: str, text: str, photos: int, standing: Standing) -> Refusal | None:
    """Why this step cannot be taken as it was sent."""
    words = text.strip()
    if len(words) > MOST_WORDS:
        return TOO_LONG
    if photos > MOST_PHOTOS:
        return TOO_MANY
    if verb == "note" and not words and not photos:
        return NO_WORDS
    if verb == "dismiss" and len(words) < LEAST_WORDS:
        return NO_REASON
    if verb == "refer" and len(words) < LEAST_WORDS:
        return NO_MATTER
    if verb == "finish" and standing.raised and len(words) < LEAST_WORDS:
        return Refusal(STILL, field="text", n=standing.raised)
    return None
