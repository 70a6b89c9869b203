"""What does not go straight: sent away and ruled, waited for, answered with a plan, shelved, checked, called back, supervised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from siqian.kernel.deadline import Term, due
from siqian.spine.matters.rules import SUPERVISED_FROM, course, settle_term
from siqian.spine.matters.rules.lives import Holder
from siqian.spine.remit import queries as remit

if TYPE_CHECKING:
    from .stories import Story

WAITS = {
    "resident": ("等您说哪天家里有人", "等您发一张照片来", "等您选好换哪一种"),
    "third": ("新件要订货，等厂家发来", "等供电所排班来人", "等电信公司回话", "等业主签字"),
    "works": ("等施工队进场", "等雨停了再补路面", "等脚手架搭好"),
}
PLANS = (
    "先围起来挂上提示，物业订新件，到货就换，刘工负责",
    "先装临时的，整条线下周换，供电所马师傅来做",
    "已约三方开会，定好方案就动工，社区林书记牵头",
    "先清一遍，再装隔离桩，城管中队负责",
)
SHELVED = (
    "加装电梯要全楼三分之二业主签字，还差几户",
    "要挖路，等雨季过了和燃气改造一起做",
    "产权有争议，等法院判下来",
    "要动用维修基金，等业主大会表决",
    "片区要拆迁，规划没定，先每周巡查",
)
PROGRESS = ("签字又多了三户", "方案报上去了，在等批复", "资金进了明年预算", "和街道又开了一次会，定了牵头单位")
AGAIN = ("签字够了，下周开工", "批复下来了，可以动工", "资金到了，安排进场")
ELSEWHERE = ("说的那栋在隔壁区，不归我们", "查了门牌，是邻区的工地")
LONGER = ("厂家后天才能来人", "要等停电检修的日子", "配件在路上", "两边约到周五才都有空")
RULINGS_NO = ("清单写明先到场再转，接着办", "照上次判例，网格员牵头，单位配合", "说事的人找的是您，先办再说")
RULINGS_YES = ("看过清单，不归网格，街道牵头交给单位", "照上次判例，归专业单位")
SEEN = ("到现场看了，办好了", "敲过、试过，没问题", "和照片一样，办好了")
UNSEEN = ("到现场看了，还有一处没弄好", "照片是旧的，没人来过")
CALLED_OK = ("说修好了，挺快", "说办好了，谢谢", "说可以了")
CALLED_BAD = ("说根本没人来", "说又坏了", "说只办了一半")
ORDERS = ("由街道牵头，三天内办结，办完我来看", "换一家单位做，每天报一次进度", "明天上午三方到现场，当场定")


def sent_away(story: Story) -> None:
    """Not ours, says one, with unit and clause; somebody above rules, mostly that it is."""
    chance, item, above = story.chance, remit.item(story.item), ruler(story)
    others = [code for code in item.joint if remit.unit(code).level != "community"] or ["urban"]
    if above is None:
        return
    story.later(timedelta(minutes=chance.uniform(1, 9)))
    why = item.not_ours or (f"要看{item.basis}" if item.basis else f"{item.zh}该由单位来")
    story.did("return", text=f"不是我们的：{why}", unit=chance.choice(others), clause=f"{item.code} {item.not_ours or item.zh}"[:100])
    story.later(timedelta(minutes=chance.uniform(4, 150)))
    if chance.random() < 0.3:
        story.holder = above
        story.did("grant", actor=above, text=chance.choice(RULINGS_YES), holder=above)
    else:
        story.did("deny", actor=above, text=chance.choice(RULINGS_NO))


def refused(story: Story) -> bool:
    """Not taken up, says one, as it lies elsewhere, and another rules; some appeal. Gives whether that was the end of it."""
    chance, above = story.chance, ruler(story)
    if above is None:
        return False
    story.later(timedelta(minutes=chance.uniform(5, 60)))
    story.did("refuse", text=chance.choice(ELSEWHERE), clause="elsewhere")
    story.later(timedelta(minutes=chance.uniform(10, 200)))
    if chance.random() < 0.3:
        story.did("deny", actor=above, text="查过边界，是本区的，接着办")
        return False
    story.did("grant", actor=above, text="查过边界，不在本区")
    story.later(timedelta(hours=chance.uniform(1, 90)))
    district = _desk(story, 0)
    if chance.random() < 0.4 or district.person in ("", story.holder.person, above.person):
        return True
    story.did("appeal", by=story.teller, text="门牌是这边的，怎么不管")
    story.later(timedelta(minutes=chance.uniform(20, 100)))
    # The shift may have changed meanwhile; whoever had a part in it leaves it to the next one.
    for _shift in range(6):
        district = _desk(story, 0)
        if district.person not in ("", story.holder.person, above.person):
            break
        story.later(timedelta(hours=4))
    if chance.random() < 0.5:
        story.did("deny", actor=district, text="调来地籍看过，确实不在本区")
        return True
    story.holder = story.holder_of(story.watch_now().owner())
    story.did("grant", actor=district, text="门牌跨界，由本区先办", holder=story.holder)
    return False


def aside(story: Story, begun: datetime, term: Term) -> datetime | None:
    """Perhaps something holds it up after it was answered: gives when it will be done then, None when nothing does."""
    _chance, roll = story.chance, story.chance.random()
    until = due(begun, term) or begun
    if roll < 0.045:
        return _held(story, until)
    if until - story.at < timedelta(hours=3):
        return None
    above = ruler(story)
    if roll < 0.075 and above is not None:
        return _extended(story, until, term, above)
    if roll < 0.115:
        return _staged(story, until)
    if roll < 0.125 and above is not None:
        return _shelved(story, until, above)
    return None


def checked(story: Story, hollow: bool) -> None:
    """Somebody else looks at it on the spot; what was closed in name only is found out, mostly."""
    chance, desk = story.chance, _desk(story, 2)
    story.later(timedelta(hours=chance.uniform(0.5, 20)))
    if chance.random() < (0.8 if hollow else 0.1):
        story.did("fail", actor=desk, text=chance.choice(UNSEEN))
        story.later(timedelta(hours=chance.uniform(1, 20)))
        story.did("contact", how="visit", text="又去了一趟，重新弄")
        story.later(timedelta(hours=chance.uniform(0.5, 8)))
        story.did("close", text="这回弄好了，请再来看")
        story.later(timedelta(hours=chance.uniform(0.5, 20)))
    story.did("pass", actor=desk, text=chance.choice(SEEN))


def called_back(story: Story) -> str:
    """Somebody calls a few days later: gives told_ok, told_bad, or nothing when nobody was reached."""
    chance, desk = story.chance, _desk(story, 1)
    story.later(timedelta(hours=chance.uniform(26, 90)))
    if chance.random() < 0.3:
        story.did("call", actor=desk)
        if chance.random() < 0.5:
            return ""
        story.later(timedelta(hours=chance.uniform(5, 40)))
    if chance.random() < 0.88:
        story.did("told_ok", actor=desk, text=chance.choice(CALLED_OK))
        return "told_ok"
    return "told_bad"


def supervised(story: Story, times: int) -> None:
    """Twice not settled: the street says what is to be done."""
    if times >= SUPERVISED_FROM:
        story.later(timedelta(hours=story.chance.uniform(1, 20)))
        story.did("supervise", actor=_desk(story, 1), text=story.chance.choice(ORDERS))


def _held(story: Story, until: datetime) -> datetime:
    chance, why = story.chance, story.chance.choice(tuple(WAITS))
    story.later(timedelta(minutes=chance.uniform(5, 120)))
    story.did("hold", why=why, text=chance.choice(WAITS[why]))
    limit = story.at + course.HOLDS[why]
    goes_on = story.at + course.HOLDS[why] * chance.uniform(0.05, 1.2)
    if goes_on < limit:
        story.to(goes_on)
        if why == "resident":
            story.did("remark", by=story.teller, text="明天下午在家")
        else:
            story.did("resume")
    else:
        story.to(limit + timedelta(minutes=chance.uniform(10, 300)))
    return story.at + timedelta(hours=chance.uniform(0.5, 10))


def _extended(story: Story, until: datetime, term: Term, above: Holder) -> datetime:
    chance = story.chance
    story.to(story.at + (until - story.at) * chance.uniform(0.2, 0.8))
    amount = chance.randint(1, max(1, course.bound(term) // 2))
    story.did("extend", text=chance.choice(LONGER), amount=amount)
    story.later(timedelta(minutes=chance.uniform(5, 200)))
    granted = chance.random() < 0.8
    story.did("grant" if granted else "deny", actor=above, text="情况属实，同意" if granted else "人手够，按时办")
    longer = timedelta(days=amount) if term.working else timedelta(hours=amount)
    return max(story.at, until + (longer if granted else timedelta()) * chance.uniform(0.3, 0.95)) + timedelta(minutes=5)


def _staged(story: Story, until: datetime) -> datetime:
    chance = story.chance
    story.to(story.at + (until - story.at) * chance.uniform(0.3, 0.95))
    day = story.at + timedelta(days=chance.randint(2, 20))
    story.did("stage", text=chance.choice(PLANS), until=day)
    return story.at + (day - story.at) * (chance.uniform(0.5, 0.99) if chance.random() < 0.8 else chance.uniform(1.02, 1.3))


def _shelved(story: Story, until: datetime, desk: Holder) -> datetime:
    """Into the ledger, looked at every month; some come out of it within the year."""
    chance = story.chance
    story.to(story.at + (until - story.at) * chance.uniform(0.1, 0.5))
    story.did("ledger", text=chance.choice(SHELVED), until=story.at + timedelta(days=30))
    story.later(timedelta(minutes=chance.uniform(10, 180)))
    story.did("grant", actor=desk, text="客观上办不了，同意挂账，按月看")
    for _ in range(chance.randint(0, 9)):
        story.later(timedelta(days=chance.uniform(22, 29)))
        story.did("review", actor=desk, text=chance.choice(PROGRESS), until=story.at + timedelta(days=30))
    story.later(timedelta(days=chance.uniform(5, 28)))
    story.did("take_up", actor=desk, text=chance.choice(AGAIN))
    return story.at + timedelta(hours=chance.uniform(3, 22))


def ruler(story: Story) -> Holder | None:
    """Who rules on what the owner asks: the street's desk or the district's, whichever is not the owner's own."""
    watch = story.watch_now()
    desks = [story.holder_of(desk) for level in (1, 0) if (desk := watch.desk(level)) is not None]
    return next((desk for desk in desks if (desk.post, desk.person) != (story.holder.post, story.holder.person)), None)


def caller(story: Story) -> Holder:
    """Who calls back: the street, who did nothing about it."""
    return _desk(story, 1)


def _desk(story: Story, level: int) -> Holder:
    watch = story.watch_now()
    desks: Sequence[int] = range(level, -1, -1)
    return next((story.holder_of(desk) for above in desks if (desk := watch.desk(above)) is not None), story.holder)


def term_of(item: str, kind: str) -> Term:
    return settle_term(remit.item(item), remit.kind(kind))
