"""What follows from an incident at a compound, and who may open a real name: by humans, on what happened, on nothing else. Pure."""

from datetime import datetime, timedelta

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

TROUBLE = Flow(
    Move("told", "hear", "heard", "courier"),
    Move("told", "decide", "decided", "desk dispatcher"),
    Move("heard", "decide", "decided", "desk dispatcher"),
    Move("decided", "appeal", "appealed", "courier"),
    Move("appealed", "rule", "closed", "desk dispatcher leader"),
)
OUTCOMES = {"none": said("不处理"), "training": said("培训一次"), "suspension": said("停用一段时间")}
RULINGS = {"upheld": said("维持"), "overturned": said("撤销")}
# Nobody is judged unheard, unless they say nothing for so long; and so long one may appeal.
HEARING, APPEAL = timedelta(days=3), timedelta(days=15)
LONGEST_SUSPENSION = timedelta(days=90)
OPEN_FOR, CONFIRM_WITHIN, LATEST_TELLING = timedelta(minutes=30), timedelta(hours=24), timedelta(days=30)
JUDGES, SECOND = ("desk", "dispatcher"), ("desk", "dispatcher", "leader")
OPENERS = ("desk", "leader", "inspector")
PERMITS = {
    "trouble": (
        *(Permit(role, verb, "area") for role in JUDGES for verb in ("read", "decide")),
        *(Permit(role, verb, "area") for role in SECOND for verb in ("read", "rule")),
        *(Permit("teller", verb, "own") for verb in ("read", "hear", "appeal")),
    ),
    "opening": (
        *(Permit(role, verb, "area") for role in OPENERS for verb in ("ask", "confirm", "read")),
        Permit("inspector", "review", "area"),
    ),
}
NO_TROUBLE = Refusal("没有这件事，或者不归您看")
NO_WORDS = Refusal("写一句，4个字以上、300字以内", field="text")
NO_OUTCOME = Refusal("选一个：不处理、培训一次、停用一段时间", field="outcome")
UNHEARD = Refusal("先听本人怎么说。三天没有回音，才能直接定")
TOO_LATE = Refusal("过了15天，不能再申诉了")
SAME_JUDGE = Refusal("申诉要另一个人来看，原来定的人不行")
NO_RULING = Refusal("选一个：维持、撤销", field="ruling")
TERM = Refusal("停用一天以上、90天以内", field="until")
WHEN = Refusal("写哪天几点出的事，不能在以后", field="happened")
NO_CASE = Refusal("写案号或者事由编号，再写一句为什么", field="case")
SAME_OPENER = Refusal("开名字要两个人：另一位有权的人来确认", field="confirm")
NO_OPENING = Refusal("没有等着确认的，或者时间过了")
NOT_OPEN = Refusal("没有打开，或者30分钟过了。要再看，重新申请")


def unheard(state: str, reported: datetime, at: datetime) -> Refusal | None:
    """Why nobody may decide yet."""
    return UNHEARD if state == "told" and at - reported < HEARING else None


def outcome_fault(outcome: str, until: datetime | None, reason: str, at: datetime) -> Refusal | None:
    """Why this is no decision: without a reason, without an end, or with one that is too far."""
    if outcome not in OUTCOMES:
        return NO_OUTCOME
    if not 4 <= len(reason.strip()) <= 300:
        return NO_WORDS
    if outcome == "suspension" and (until is None or not timedelta(days=1) <= until - at <= LONGEST_SUSPENSION):
        return TERM
    return None
