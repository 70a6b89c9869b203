"""What somebody has been told, and how they may be told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from siqian.kernel.journal import Ref
from siqian.kernel.permits import Actor, NotYours, Refusal
from siqian.town.people import queries as people

from . import rules
from .models import Consent, Habit, Notice, Outgoing
from .outside import faults, gateways, outbox

__all__ = ["faults", "gateways", "outbox"]

POST = "post:"
# Emergency services: told by a way of their own, and asked for no consent.
SERVICE = "service:"
ALARM = "alarm"
SIGN_IN = Refusal("先登录，才能改通知方式")


@dataclass(frozen=True)
class Line:
    about: str
    text: str
    values: dict[str, Any]
    at: datetime
    seen: bool
    out: tuple["Sent", ...] = ()


@dataclass(frozen=True)
class Sent:
    """How a notice went out: by which channel, to what address as it is shown, and what became of it."""

    channel: str
    masked: str
    state: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Way:
    """A channel that leaves the house, as one reader stands to it. masked: the address they agreed to; empty when they did not."""

    channel: str
    words: str
    masked: str = ""
    since: datetime | None = None


def readers(actor: Actor) -> tuple[Ref, ...]:
    """Whose notices somebody may read: of their posts and account, or of the receipts kept in their browser."""
    own = tuple(sorted(ref for ref in actor.own if ref.startswith("telling:")))
    account = (actor.ref,) if actor.ref.startswith("account:") else ()
    return (*(f"{POST}{post}" for post in actor.posts), *account, *own)


def reader(actor: Actor) -> Ref:
    """Under which name somebody agrees: by account only, so that it holds in every browser."""
    if not actor.ref.startswith("account:"):
        raise NotYours(SIGN_IN)
    return actor.ref


def told(to: Sequence[str], *, most: int = 30) -> list[Line]:
    """The newest notices of these readers, each with how it went out."""
    rows = list(Notice.objects.filter(to__in=to).order_by("-at", "-id")[:most])
    out = _out(to, {row.id for row in rows})
    return [Line(row.about, row.text, row.values, row.at, row.seen is not None, out.get(row.id, ())) for row in rows]


def unseen(to: Sequence[str]) -> int:
    return Notice.objects.filter(to__in=to, seen=None).count()


def channels() -> tuple[str, ...]:
    """The channels for which this district has a gateway."""
    return tuple(channel for channel in rules.CHANNELS if settings.SIQIAN_GATEWAYS.get(channel))


def ways(reader: Ref) -> list[Way]:
    """Every channel that there is, and whether this reader agreed to it."""
    given = {row.channel: row for row in Consent.objects.filter(reader=reader, withdrawn=None)}
    return [
        Way(channel, str(rules.CHANNELS[channel]), given[channel].masked, given[channel].given)
        if channel in given
        else Way(channel, str(rules.CHANNELS[channel]))
        for channel in channels()
    ]


def given(readers: Sequence[Ref]) -> list[tuple[Ref, Way]]:
    """What these readers agreed to and did not withdraw, with who it was."""
    rows = Consent.objects.filter(reader__in=readers, withdrawn=None).order_by("given")
    return [(row.reader, Way(row.channel, str(rules.CHANNELS[row.channel]), row.masked, row.given)) for row in rows]


def hours(reader: Ref) -> rules.Hours:
    return hours_of([reader]).get(reader, rules.USUAL)


def hours_of(readers: Iterable[Ref]) -> dict[Ref, rules.Hours]:
    rows = Habit.objects.filter(reader__among=sorted(set(readers)))
    return {row.reader: rules.Hours(row.quiet_from, row.quiet_to, row.digest_at) for row in rows}


def agreed(readers: Collection[Ref]) -> list[tuple[Ref, str]]:
    """(reader, channel) of those who agreed. Of a post: when anybody who holds it did; who is on duty is asked when it goes out."""
    alarms = [(reader, ALARM) for reader in readers if reader.startswith(SERVICE) and settings.SIQIAN_GATEWAYS.get(ALARM)]
    open_, posts = channels(), [reader for reader in readers if reader.startswith(POST)]
    if not open_:
        return alarms
    holders = people.accounts_on([post.removeprefix(POST) for post in posts]) if posts else {}
    wanted = {reader: [reader] for reader in readers} | {post: holders.get(post.removeprefix(POST), []) for post in posts}
    given = _given({one for many in wanted.values() for one in many})
    return alarms + [
        (reader, channel) for reader, many in wanted.items() for channel in open_ if any(channel in given.get(one, ()) for one in many)
    ]


def failed() -> list[int]:
    """Messages that could not be sent, for whoever keeps the house."""
    return list(Outgoing.objects.filter(state="failed").order_by("id").values_list("id", flat=True))


def _given(readers: Collection[Ref]) -> dict[Ref, set[str]]:
    found: dict[Ref, set[str]] = {}
    for reader, channel in Consent.objects.filter(reader__among=sorted(readers), withdrawn=None).values_list("reader", "channel"):
        found.setdefault(reader, set()).add(channel)
    return found


def _out(to: Sequence[str], numbers: set[int]) -> Mapping[int, tuple[Sent, ...]]:
    found: dict[int, tuple[Sent, ...]] = {}
    for row in Outgoing.objects.filter(reader__in=to).order_by("-id")[:200]:
        sent = Sent(row.channel, row.masked, row.state, str(row.get_state_display()), row.answered or row.sent or row.due)
        for number in numbers & set(row.notices):
            found[number] = (*found.get(number, ()), sent)
    return found
