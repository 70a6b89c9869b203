"""When and how somebody is told. Pure: values in, values out.

Urgency: danger goes out at any hour; now goes out at once, but not in quiet hours; daily waits for the one digest of the day.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel.clock import local
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

URGENCIES = ("danger", "now", "daily")
# Channels that leave the house: the row on one's own page is always there.
CHANNELS = {"sms": said("短信"), "email": said("电子邮件")}
MINUTES = 24 * 60
# A text message is short; what is longer is read on the page.
MOST_LETTERS = 300

OUTGOING = Flow(
    #    from       verb       to           who
    Move("waiting", "send",    "sent",      "worker"),
    Move("waiting", "fail",    "failed",    "worker"),
    Move("waiting", "drop",    "dropped",   "worker"),
    Move("failed",  "retry",   "waiting",   "administrator"),
    Move("sent",    "deliver", "delivered", "gateway"),
    Move("sent",    "bounce",  "bounced",   "gateway"),
)  # fmt: skip


@dataclass(frozen=True)
class Hours:
    """What somebody chose: quiet from and to, and when the day's digest comes, in minutes after midnight."""

    quiet_from: int = 22 * 60
    quiet_to: int = 7 * 60 + 30
    digest_at: int = 19 * 60


USUAL = Hours()


def due(urgency: str, hours: Hours, at: datetime) -> datetime:
    """When something of this urgency goes out."""
    if urgency == "danger":
        return at
    return awake(hours, at if urgency == "now" else _next(hours.digest_at, at))


def awake(hours: Hours, at: datetime) -> datetime:
    """This instant, or the end of the quiet hours in which it lies."""
    minute = local(at).hour * 60 + local(at).minute
    start, end = hours.quiet_from % MINUTES, hours.quiet_to % MINUTES
    quiet = start <= minute < end if start <= end else minute >= start or minute < end
    return _next(end, at) if quiet else at


def hours_fault(hours: Hours) -> Refusal | None:
    if not all(0 <= minute < MINUTES for minute in (hours.quiet_from, hours.quiet_to, hours.digest_at)):
        return Refusal("时间写成22:00这样", field="quiet_from")
    if (hours.quiet_to - hours.quiet_from) % MINUTES > 16 * 60:
        return Refusal("安静的时间最多16小时，不然当天的消息就看不到了", field="quiet_to")
    return None


PHONE = re.compile(r"1\d{10}|0\d{9,11}")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def address_fault(channel: str, address: str) -> Refusal | None:
    if channel == "sms" and not PHONE.fullmatch(address):
        return Refusal("手机号是1开头的11位数字，请再看一遍", field="address")
    if channel == "email" and not (MAIL.fullmatch(address) and len(address) <= 120):
        return Refusal("邮箱写成name@example.com这样", field="address")
    if channel not in CHANNELS:
        return Refusal("没有这个通知方式，从列表里选", field="channel")
    return None


def masked(channel: str, address: str) -> str:
    """How an address is shown: enough to know it again, too little to use it; 119 is everybody's."""
    if channel not in CHANNELS:
        return address
    if channel == "email":
        name, _at, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{address[:3]} **** {address[-4:]}"


def together(lines: list[str]) -> str:
    """One text of several notices; what does not fit is counted."""
    if len(lines) == 1:
        return lines[0][:MOST_LETTERS]
    text = ""
    for number, line in enumerate(lines, start=1):
        more = f"{number}. {line}\n"
        if len(text) + len(more) > MOST_LETTERS - 20:
            return text + MORE.format(count=len(lines) - number + 1)
        text += more
    return text.rstrip()


MORE = said("还有{count}条，请到“告诉我的”里看")


def _next(minute: int, at: datetime) -> datetime:
    """The next instant at which the town's clocks show this minute; a full day later when they show it now."""
    here = local(at)
    today = here.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    return today if today > here else today + timedelta(days=1)
