"""What staff may do with a matter now and, for what they may not, why. Pure."""

from collections.abc import Collection
from datetime import datetime

from siqian.kernel.permits import Refusal

from .course import (
    APPEALED_BEFORE,
    LATE_ALREADY,
    NOT_ASKED,
    NOT_TAKEN_BACK,
    OUT_OF_WINDOW,
    RETURN_WINDOW,
    RETURNED_BEFORE,
    WAITING,
    Standing,
)
from .flow import MATTER
from .petition import OBJECT_OVER, PROLONGED_BY_LAW

# The permit that each move of the flow table asks for, where it is not the move's own name.
PERMIT = {
    "gather": "divide",
    "praise": "rate",
    "reopen": "rate",
    "submit": "close",
    "pass": "check",
    "fail": "check",
    "uphold": "rule",
    "deny": "rule",
    "keep": "rule",
    "take_up": "review",
    "told_ok": "call",
    "told_bad": "call",
    "overturn": "rule",
    "confirm": "rule",
    "take_back": "close",
    "retract": "note",
}
# What staff are offered, in the order of the page; why a state does not allow it.
OFFERED = {
    "accept": Refusal("已经签收过了，或已走到后面一步"),
    "close": Refusal("联系过说事的人才能办结；办结了的不用再办结"),
    "hold": Refusal("联系过说事的人、正在办的事才能挂起"),
    "resume": Refusal("挂起的事才用接着办"),
    "stage": Refusal("联系过说事的人、正在办的事才能做阶段答复"),
    "extend": Refusal("办结时限还在走的事才能申请延期"),
    "return": Refusal("刚交到手、还在办的事才能退单"),
    "shelve": Refusal("联系过说事的人、眼下办不了的事才能申请挂账"),
    "refuse": Refusal("没有受理、或刚受理在办的事才能申请不予受理"),
    "divide": Refusal("等裁定、等核查、挂账或办结的事不能分办，先接着办"),
    "move": Refusal("等裁定、挂起、挂账或办结的事不能转，先接着办"),
    "rule": NOT_ASKED,
    "check": Refusal("报了办完、等现场核查的事才能核查"),
    "review": Refusal("挂账的事才要按月复核"),
    "call": Refusal("办结了、还没评的事才回访"),
    "supervise": Refusal("两次没办好的事才督办"),
    "retract": Refusal("没有在等裁定的申请可以撤回"),
    "take_back": NOT_TAKEN_BACK,
}


def offer(verb: str, state: str, standing: Standing, running: Collection[str], at: datetime) -> Refusal | None:
    """Why a verb cannot be done now; None when it can. running: the clocks that run."""
    if verb in ("rule", "retract"):
        return None if standing.waiting else OFFERED[verb]
    if verb == "supervise":
        return None if "supervise" in running else OFFERED[verb]
    if verb == "extend":
        return WAITING if standing.waiting else _extension(standing, at)
    if ("pass" if verb == "check" else verb) not in MATTER.verbs(state):
        return OFFERED[verb]
    if verb in ("return", "shelve", "refuse") and standing.waiting:
        return WAITING
    if verb == "refuse" and standing.appealed:
        return APPEALED_BEFORE
    return _return(standing, at) if verb == "return" else None


def _extension(standing: Standing, at: datetime) -> Refusal | None:
    if standing.back_until is not None:
        return PROLONGED_BY_LAW
    if standing.due is None:
        return OFFERED["extend"]
    if at > standing.due:
        return LATE_ALREADY
    return None if standing.extended < standing.bound else Refusal("延期已经用完了，请做阶段答复，或申请挂账")


def _return(standing: Standing, at: datetime) -> Refusal | None:
    if standing.returned:
        return RETURNED_BEFORE
    if standing.back_until is not None:
        return OBJECT_OVER if at >= standing.back_until else None
    return OUT_OF_WINDOW if at - standing.given > RETURN_WINDOW else None
