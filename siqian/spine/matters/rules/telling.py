"""What tellers are told of their matter's course, and how soon: one row an event. Pure."""

from dataclasses import dataclass

from siqian.kernel.said import said


@dataclass(frozen=True)
class Said:
    """urgency: of `trades.notices.rules`: now, or with the day's digest."""

    text: str
    urgency: str


TOLD = {
    "matter.accepted": Said(said("{keeper}签收了，正在办"), "daily"),
    "matter.held": Said(said("先停一停，最晚{day}继续。为什么停，请看页面"), "daily"),
    "matter.staged": Said(said("先给您一个阶段答复，{day}前再给结果"), "now"),
    "matter.shelved": Said(said("现在办不了，记入挂账公开，{day}再看一次"), "now"),
    "extension.granted": Said(said("办理时间延长了，新的时间请看页面"), "now"),
    "matter.closed": Said(said("办好了。办得好不好，请您评一评"), "now"),
    "matter.reopened": Said(said("重新办，换了人来办"), "daily"),
    "matter.supervised": Said(said("两次没办好，上级在督办"), "daily"),
    "matter.refused": Said(said("这件事不归这里办。去哪里办、怎样申诉，请看页面"), "now"),
    "appeal.ruled": Said(said("您的申诉有结果了，请看页面"), "now"),
    "petition.taken_up": Said(said("您的信访受理了，{day}前给处理意见"), "now"),
    "petition.prolonged": Said(said("您的信访延期到{day}，为什么请看页面"), "now"),
    "petition.asked_up": Said(said("收到了，由上一级没有经手的人办，{day}前答复"), "now"),
    "petition.answered": Said(said("您的信访有答复了，不服可以在{day}前申请上一级再看"), "now"),
    "petition.ended": Said(said("您的信访有最后的答复了，请看页面"), "now"),
    "joint.called": Said(said("叫来{n}个单位一起办，{day}在{spot}，叫了谁请看页面"), "now"),
    "joint.held": Said(said("几个单位一起到场了，定了谁做什么，请看页面"), "now"),
    "case.owned": Said(said("由{leader}包案，{day}前和您当面谈一次"), "now"),
    "case.moved": Said(said("改由{leader}包案，为什么请看页面"), "now"),
    "teller.contacted": Said("{text}", "now"),
}
# Of one of several things: the whole is rated, so nobody is asked here.
PART_CLOSED = Said(said("您说的几件事里，这一件办好了"), "now")
# To whoever leads a matter in parts.
READY = said("{number}分出去的{n}件都办完了，可以办结总件了")
# To an emergency service, and to the desk that is on duty meanwhile.
ALARM = said("{place}：{text}（编号{case}）")
RING = said("急：{place}，{text}（编号{case}）。马上核实，打{to}")
# To whoever acts for a unit that is called, and to a leader who is asked to own a case.
COME = said("联合办理：{day}到{spot}，30分钟内确认。{title}")
ASKED = said("请您包案：{title}")
# As much of a message as a notice holds; the whole of it stands on the matter's page.
MOST_LETTERS = 150
