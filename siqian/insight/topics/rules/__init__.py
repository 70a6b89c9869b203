"""Hot topics: their life, who may do what to them, what cannot be done and why. Pure."""

from datetime import date, datetime, time, timedelta

from siqian.kernel.clock import local
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal

from . import evidence, heat, linking, nearest, same

__all__ = ["evidence", "heat", "linking", "nearest", "same"]

# So long a telling is compared with new ones, and so far back the nights look.
WINDOW = timedelta(days=90)
# Every night after two, when hardly anybody tells anything.
REGROUPED_FROM = time(2)
# Tellings that share one commit: others who write meanwhile wait a quarter of a second.
TOGETHER = 100

READING = ("dispatcher", "desk", "secretary", "leader", "inspector")
DOING = ("dispatcher", "desk", "secretary")
WHO = " ".join(DOING)
VERBS = ("merge", "split", "part", "rename", "close", "raise", "undo")
PERMITS = (
    *(Permit(role, "read", "any") for role in (*READING, "office")),
    *(Permit(role, verb, "area") for role in DOING for verb in VERBS),
    *(Permit("office", verb, "area") for verb in ("assign", "regroup", "raise")),
)

# A raised topic stays one when it is merged or closed: the matter goes on by itself.
TOPIC = Flow(
    Move("open", "raise", "raised", WHO),
    *(Move(state, verb, state, WHO) for state in ("open", "raised") for verb in ("rename", "split", "part")),
    *(Move(state, "merge", "merged", WHO) for state in ("open", "raised")),
    *(Move(state, "close", "closed", WHO) for state in ("open", "raised")),
)
LIVE = ("open", "raised")
# Staff laid hands on these: the nights dissolve none of them.
FIRM = ("raised", "closed")

NO_TOPIC = Refusal("没有这个话题，或者您管的地方没人说过它。核对一下编号")
NO_TELLING = Refusal("这句话不在这个话题里，刷新看看", field="telling")
NOT_ALL_YOURS = Refusal("这个话题不只在您管的地方有人说，请街道或区里的值班台来改")
SAME = Refusal("不能并到自己，另选一个话题", field="other")
NO_OTHER = Refusal("没有要并入的那个话题，核对一下编号", field="other")
NOT_LIVE = Refusal("这个话题已经收起或并掉了，先撤回，再改")
ALL_OF_IT = Refusal("全拆出去等于没拆，至少留一句", field="tellings")
NONE_CHOSEN = Refusal("先勾选要拆出去的话", field="tellings")
UNDONE = Refusal("这一步已经撤回过了，刷新看看")
NO_DECISION = Refusal("没有这一步，刷新看看")
FOR_GOOD = Refusal("提成的事撤不回。不用办了，在那件事上写明")
NOBODY = Refusal("四周里没人再说，提不成一件事。有人说了再提")


def title_fault(title: str) -> Refusal | None:
    """A name is short, so that it is read in a list."""
    if not 2 <= len(title.strip()) <= 40:
        return Refusal("起个2到40字的名字，说清是什么事", field="title")
    return None


def why_fault(why: str) -> Refusal | None:
    if not 4 <= len(why.strip()) <= 200:
        return Refusal("写一句为什么，4到200字，以后查的人要看", field="why")
    return None


def split_fault(chosen: int, all_: int) -> Refusal | None:
    """What is split off is part of a topic, and not all of it."""
    if not chosen:
        return NONE_CHOSEN
    return ALL_OF_IT if chosen >= all_ else None


def due_night(at: datetime) -> date | None:
    """The day of the town whose night is over by now; None before two o'clock."""
    now = local(at)
    return now.date() if now.time() >= REGROUPED_FROM else None


def common_path(paths: list[str]) -> str:
    """The smallest area that holds all of these."""
    if not paths:
        return "/"
    parts = [path.strip("/").split("/") for path in (min(paths), max(paths))]
    same_ = []
    for one, other in zip(*parts, strict=False):
        if one != other:
            break
        same_.append(one)
    return "/" + "".join(f"{part}/" for part in same_)
