"""A leader's own case (包案): who owns a hard matter by name, what is owed for it, which matters are hard. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal, Thing
from siqian.kernel.said import said

CASE = Flow(
    Move("proposed", "adopt",   "owned",    "leader"),
    Move("proposed", "decline", "declined", "leader"),
    # Never dropped in silence: it ends with the matter, or somebody else has it.
    Move("owned",    "hand_on", "handed",   "leader"),
    Move("owned",    "end",     "ended",    "clock"),
    Move("proposed", "end",     "ended",    "clock"),
)  # fmt: skip
RUNNING = ("proposed", "owned")
# An answer to a proposal, a look at what is going on, and a meeting with whoever told it (接访).
ANSWER = timedelta(days=3)
LOOK = timedelta(days=7)
MEET = timedelta(days=15)
LEDGER = timedelta(days=90)
# How often not settled, and how high a late clock has climbed, before a matter counts as hard.
FAILED, HIGH = 2, 3
# Of what was promised to be done, and so long after it should have been.
LATE, LONG = ("settle", "stage"), timedelta(days=1)

PERMITS = (
    Permit("leader", "adopt", "area"),
    *(Permit(role, "propose", "area") for role in ("desk", "dispatcher", "office")),
)
# Of the case itself, posts: the leader's.
CASE_PERMITS = (Permit("leader", "lead", "owner"),)

OVER = Refusal("这件事已经了结，不用包案")
TAKEN = Refusal("这件事已由{name}包案")
NO_CASE = Refusal("这件事没有人包案")
NOT_LEADER = Refusal("选一位管这里的领导", field="post")
NO_REASON = Refusal("写清为什么，至少4个字", field="text")
NO_PLAN = Refusal("写清打算怎么办，至少4个字，说事的人看得到", field="text")
NO_LOOK = Refusal("写清看到什么、下一步谁做什么，至少4个字，说事的人看得到", field="text")
SAME_LEADER = Refusal("已经在您手上，选另一位领导", field="post")

WHY = {
    "failed": said("{n}次没办好"),
    "supervised": said("上级在督办"),
    "late": said("{what}超{days}天，已报到第{n}级"),
    "ledger": said("挂账{n}天了"),
    "petition": said("信访到了复查、复核"),
}


@dataclass(frozen=True)
class Why:
    """One reason for which a matter is hard: a row of WHY with its values; nothing is weighed or scored."""

    code: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What is known of an open matter. late: the clock that climbed highest, as (what, level, when it was due); shelved: since when."""

    reopened: int = 0
    supervised: bool = False
    late: tuple[str, int, datetime] | None = None
    shelved: datetime | None = None
    petition: str = ""


def why_hard(facts: Facts, at: datetime) -> list[Why]:
    """Every reason for which a leader should own it; empty when there is none."""
    found = []
    if facts.reopened >= FAILED:
        found.append(Why("failed", {"n": str(facts.reopened)}))
    if facts.supervised:
        found.append(Why("supervised"))
    if facts.late is not None and facts.late[1] >= HIGH and at - facts.late[2] >= LONG:
        found.append(Why("late", {"what": facts.late[0], "n": str(facts.late[1]), "days": str((at - facts.late[2]).days)}))
    if facts.shelved is not None and at - facts.shelved > LEDGER:
        found.append(Why("ledger", {"n": str((at - facts.shelved).days)}))
    if facts.petition in ("in_review", "in_recheck"):
        found.append(Why("petition"))
    return found


def case_thing(area: str, against: Collection[str], post: str) -> Thing:
    """What permits need to know of a case. post: the leader's."""
    return Thing("adoption", area=area, posts=frozenset({post}), against=frozenset(against))


def text_fault(text: str, fault: Refusal) -> Refusal | None:
    return fault if len(text.strip()) < 4 else None
