"""Who may do what with models, and what is told of a message besides its words. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.permits import Permit, Refusal

EDITORS = ("desk", "dispatcher")
PERMITS = (
    Permit("staff", "read", "any"),
    *(Permit("office", verb, "any") for verb in ("read", "try")),
    *(Permit(role, verb, "area") for role in EDITORS for verb in ("approve", "roll_back", "try")),
)
NO_MODEL = Refusal("没有这个模型。回列表看看有哪些")
HELD_BACK = Refusal("这个模型比对没过关，不能启用。看卡片上的原因，等下一个")
IN_FORCE = Refusal("这个模型正在用")
NONE_BEFORE = Refusal("现在就是只用规则，没有更早的可以退回")
NO_WHY = Refusal("写一句为什么退回，以后查的人要看", field="why")
WEIGHTS_GONE = Refusal("这个模型的权重文件不在了，启用不了。从备份恢复files文件夹")


@dataclass(frozen=True)
class Thought:
    """What was thought of a message as it came in, and the message."""

    guess: str
    share: float
    sure: bool
    version: str
    channel: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Taught:
    """A lesson: what about, which item, when confirmed."""

    about: str
    item: str
    at: datetime


_OLD = re.compile(
    r"老人|老年|老伴|老太|老头|爷爷|奶奶|外公|外婆|独居|养老|退休|敬老|(?:[6-9]\d|1[01]\d|[六七八九]十[一二三四五六七八九]?)多?岁"
)
_YOUNG = re.compile(r"小孩|孩子|宝宝|婴儿|幼儿|学生|上学|小学|中学|高中|未成年|(?<!\d)(?:1[0-7]|[1-9]|十[一-七]?|[三四五六七八九])岁")


def age(text: str) -> str:
    """Whether the words speak of the old, of the young, or of neither: a model may grow worse for one of them alone."""
    if _OLD.search(text):
        return "old"
    return "young" if _YOUNG.search(text) else ""


def length(letters: int) -> str:
    """How long a message is, in three parts."""
    return "short" if letters <= 20 else "middle" if letters <= 100 else "long"
