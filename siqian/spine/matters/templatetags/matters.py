"""A matter's steps and states in words."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_noop

from siqian.spine.learn import queries as learn
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui import words
from siqian.ui.templatetags.ui import either, status
from siqian.ui.words import in_english, say

from ..lookwords import purpose_said, what_word, whose_word

register = template.Library()
# A telephone between houses is as much as this off.
NEAR = 100

STATES = {
    "received": ("new", gettext_noop("等人来定")),
    "assigned": ("new", gettext_noop("已交出去")),
    "accepted": ("on", gettext_noop("已签收")),
    "in_hand": ("on", gettext_noop("在办")),
    "on_hold": ("hold", gettext_noop("挂起")),
    "returned": ("back", gettext_noop("退单等裁定")),
    "staged": ("soon", gettext_noop("答复了，还在办")),
    "shelved": ("hold", gettext_noop("挂账")),
    "to_check": ("soon", gettext_noop("等核查")),
    "closed": ("soon", gettext_noop("等评价")),
    "settled": ("done", gettext_noop("办完了")),
    "withdrawn": ("hold", gettext_noop("不办了")),
    "refused": ("back", gettext_noop("不予受理")),
    "appealed": ("soon", gettext_noop("在申诉")),
    "dismissed": ("back", gettext_noop("维持不受理")),
    "archived": ("hold", gettext_noop("已归档")),
    "gathered": ("hold", gettext_noop("并回总件了")),
}
STEPS = {
    "told": gettext_noop("说了这件事"),
    "joined": gettext_noop("又有邻居说了同一件事，现在{n}位在等"),
    "divided": gettext_noop("另有{n}件分出去办，都办完了这件才办结"),
    "gathered": gettext_noop("{by}把分出去的一件收回来，和总件一起办"),
    "parts_done": gettext_noop("分出去的{n}件都办完了"),
    "assigned": gettext_noop("交到{keeper}手上，认作“{item}”"),
    "accepted": gettext_noop("{by}签收了"),
    "sorted": gettext_noop("{by}把“{was}”改成“{kind}”"),
    "phone": gettext_noop("{by}打了电话"),
    "visit": gettext_noop("{by}上门看过"),
    "message": gettext_noop("{by}留了话"),
    "note": gettext_noop("{by}写给同事"),
    "remark": gettext_noop("说事的人补充"),
    "urged": gettext_noop("说事的人催了一下"),
    "closed": gettext_noop("{by}办结"),
    "rated": gettext_noop("说事的人说：办好了"),
    "reopened": gettext_noop("说没办好，换{keeper}重办"),
    "lapsed": gettext_noop("7天没评，先算办完"),
    "withdrawn": gettext_noop("说事的人撤回了"),
    "parted": gettext_noop("有一位说的不是同一件，分出去单独办"),
    "handed": gettext_noop("已经转给{to}"),
    "not_handed": gettext_noop("没能转给{to}，请直接打电话"),
    "climbed": gettext_noop("{what}超时，报到{to}"),
    "held": gettext_noop("{by}先挂起，在等{why}，最迟到{until}"),
    "resumed": gettext_noop("接着办，时限接着走"),
    "staged": gettext_noop("{by}答复：{until}前办好"),
    "shelved": gettext_noop("眼下办不了，{by}同意挂账，{until}前再看"),
    "reviewed": gettext_noop("{by}复核了挂账，{until}前再看"),
    "taken_up": gettext_noop("{by}销账，重新开始办"),
    "returned": gettext_noop("{by}说该归{unit}，等裁定，裁定前还由TA负责"),
    "upheld": gettext_noop("{by}裁定：退单成立，归{unit}"),
    "not_returned": gettext_noop("{by}裁定：不能退，接着办"),
    "more_asked": gettext_noop("{by}申请延期"),
    "extended": gettext_noop("{by}同意延期，改为{until}前"),
    "not_extended": gettext_noop("{by}不同意延期"),
    "ledger_asked": gettext_noop("{by}申请挂账"),
    "not_shelved": gettext_noop("{by}不同意挂账，接着办"),
    "refuse_asked": gettext_noop("{by}申请不予受理"),
    "refused": gettext_noop("{by}裁定：不予受理，{gate}"),
    "not_refused": gettext_noop("{by}裁定：要受理，接着办"),
    "appealed": gettext_noop("说事的人不服，申诉了"),
    "overturned": gettext_noop("{by}裁定：申诉成立，交给{keeper}办"),
    "confirmed": gettext_noop("{by}裁定：维持不予受理，{gate}"),
    "submitted": gettext_noop("{by}说办好了，等别人到现场核查"),
    "passed": gettext_noop("{by}到现场核查过，办好了"),
    "failed": gettext_noop("{by}到现场核查，没办好，接着办"),
    "called": gettext_noop("{by}回访，没打通"),
    "told_ok": gettext_noop("{by}回访，说事的人说：办好了"),
    "told_bad": gettext_noop("{by}回访，说没办好，换{keeper}重办"),
    "supervised": gettext_noop("两次没办好，{to}督办"),
    "ordered": gettext_noop("{by}督办"),
    "informed": gettext_noop("{by}告知：信访受理，{until}前给处理意见"),
    "longer_asked": gettext_noop("{by}申请延长信访办理期限"),
    "prolonged": gettext_noop("{by}批准延期，改为{until}前给处理意见"),
    "not_longer": gettext_noop("{by}不批准延期"),
    "opinion": gettext_noop("{by}出具处理意见，不服可在{until}前申请复查"),
    "review_asked": gettext_noop("信访人申请复查，{until}前答复"),
    "review_given": gettext_noop("{by}出具复查意见，不服可在{until}前申请复核"),
    "recheck_ask": gettext_noop("信访人申请复核，{until}前答复"),
    "rechecked": gettext_noop("{by}出具复核意见，信访终结"),
    "ended": gettext_noop("期限内没有申请上一级再看，信访终结"),
    "unit_merged": gettext_noop("主办单位由{former}并为{unit}，接着办，时限照旧"),
    "why_asked": gettext_noop("说事的人问：为什么还没办好"),
    "retracted": gettext_noop("{by}撤回了申请，接着办"),
    "taken_back": gettext_noop("{by}撤销办结，接着办，时限照旧"),
    "summoned": gettext_noop("{by}叫来{n}个单位一起办：{units}，{until}在{spot}"),
    "will_come": gettext_noop("{unit}确认到场"),
    "not_ours": gettext_noop("{unit}说不归它，照样要报到"),
    "came": gettext_noop("{unit}的{by}到场报到"),
    "absent": gettext_noop("{unit}没有到"),
    "unit_late": gettext_noop("{unit}{what}超时，报到{to}"),
    "all_here": gettext_noop("{n}个单位到齐了"),
    "agreed": gettext_noop("一起到场办过了，{by}记下定的事"),
    "did_share": gettext_noop("{unit}办了它那一份"),
    "uncalled": gettext_noop("{by}取消了联合办理"),
    "case_asked": gettext_noop("{by}请{to}包案"),
    "case_no": gettext_noop("{by}不包这个案"),
    "case_owned": gettext_noop("由{to}{keeper}包案"),
    "case_seen": gettext_noop("{by}看了进展"),
    "case_met": gettext_noop("{by}接访，当面听了"),
    "case_moved": gettext_noop("{by}把包案交给{to}"),
    "case_over": gettext_noop("事了结了，{to}的包案随着结束"),
}
ELSEWHERE = gettext_noop("{by}说不在TA的网格，等裁定，裁定前还由TA负责")
UNHAPPY = gettext_noop("{by}回访，说解决了但不满意，换{keeper}重办")
CLOCKS = {
    "assign": gettext_noop("派出"),
    "accept": gettext_noop("签收"),
    "respond": gettext_noop("回应"),
    "settle": gettext_noop("办结"),
    "rate": gettext_noop("评价"),
    "stage": gettext_noop("答复的日子"),
    "check": gettext_noop("现场核查"),
    "rule": gettext_noop("裁定"),
    "review": gettext_noop("挂账复核"),
    "supervise": gettext_noop("督办"),
    "correct": gettext_noop("整改"),
    "inform": gettext_noop("告知受理"),
    "opinion": gettext_noop("处理意见"),
    "reexamine": gettext_noop("复查答复"),
    "recheck": gettext_noop("复核答复"),
    "approve": gettext_noop("批延期"),
    "explain": gettext_noop("回说为什么"),
    "gap": gettext_noop("补岗"),
    "confirm": gettext_noop("确认到场"),
    "arrive": gettext_noop("到场"),
    "judge": gettext_noop("互评"),
    "lead": gettext_noop("包案看一次"),
    "meet": gettext_noop("接访"),
    "visit": gettext_noop("记走访"),
    "promise": gettext_noop("答应的事"),
    "relief": gettext_noop("批请假换班"),
    "round": gettext_noop("巡查"),
    "call": gettext_noop("入户走访"),
    "acknowledge": gettext_noop("接警"),
    "over": gettext_noop("处置完"),
    "reconnect": gettext_noop("查断线"),
}
HOLDS = {"resident": gettext_noop("说事的人"), "third": gettext_noop("第三方"), "works": gettext_noop("施工")}
HOLDS |= {"check": gettext_noop("现场核查"), "parts": gettext_noop("分出去的事")}
ASKS = {
    "return": gettext_noop("退单"),
    "extension": gettext_noop("延期"),
    "ledger": gettext_noop("挂账"),
    "refuse": gettext_noop("不予受理"),
    "appeal": gettext_noop("申诉"),
}
RULED = {
    "asked": ("soon", gettext_noop("等裁定")),
    "granted": ("done", gettext_noop("准了")),
    "denied": ("back", gettext_noop("没准")),
    "dropped": ("hold", gettext_noop("不用裁了")),
}
VERBS = {
    "accept": gettext_noop("签收"),
    "close": gettext_noop("办结"),
    "hold": gettext_noop("等人"),
    "resume": gettext_noop("接着办"),
    "stage": gettext_noop("阶段答复"),
    "extend": gettext_noop("延期"),
    "return": gettext_noop("退单"),
    "shelve": gettext_noop("挂账"),
    "refuse": gettext_noop("不予受理"),
    "divide": gettext_noop("分办"),
    "move": gettext_noop("转给"),
    "rule": gettext_noop("裁定"),
    "check": gettext_noop("核查"),
    "review": gettext_noop("复核挂账"),
    "call": gettext_noop("回访"),
    "supervise": gettext_noop("督办"),
    "retract": gettext_noop("撤回申请"),
    "take_back": gettext_noop("撤销办结"),
}


@register.simple_tag
def state_sign(line: Any) -> SafeString:
    kind, text = STATES[line.state]
    return status(kind, _(text))


@register.simple_tag
def state_word(state: str) -> str:
    return _("在等的") if state == "open" else _(STATES[state][1])


BLANKS = ("n", "keeper", "item", "to", "what", "why", "until", "unit", "former", "kind", "was", "gate", "units", "spot")


@register.simple_tag
def verb_word(verb: str) -> str:
    return _(VERBS[verb])


@register.simple_tag
def hold_word(why: str) -> str:
    return _(HOLDS[why])


@register.simple_tag
def ask_word(kind: str) -> str:
    return _(ASKS[kind])


@register.simple_tag
def ruled_sign(state: str) -> SafeString:
    kind, text = RULED[state]
    return status(kind, _(text))


@register.simple_tag
def why_not(refusal: Any) -> str:
    return say(refusal)


@register.simple_tag
def clock_word(what: str) -> str:
    return _(CLOCKS[what])


@register.simple_tag
def kind_word(code: str) -> str:
    """What a kind of message is called."""
    kind = remit.kind(code)
    return either(kind.zh, kind.en)


@register.simple_tag(takes_context=True)
def step_words(context: dict[str, Any], step: Any, line: Any) -> str:
    """One step as a sentence."""
    values = dict(step.values)
    if values.get("item"):
        item = remit.item(values["item"])
        values["item"] = either(item.zh, item.en)
    if values.get("what"):
        values["what"] = _(CLOCKS[values["what"]])
    if values.get("why"):
        values["why"] = _(HOLDS[values["why"]])
    for name in ("unit", "former"):
        if values.get(name):
            unit = remit.unit(values[name])
            values[name] = either(unit.zh, unit.en)
    if values.get("units"):
        values["units"] = _("、").join(either(unit.zh, unit.en) for unit in map(remit.unit, values["units"]))
    if values.get("until"):
        values["until"] = words.when(datetime.fromisoformat(values["until"]), context["at"])
    values |= {name: known(values[name]) for name in ("keeper", "to") if values.get(name)}
    if values.get("gate"):
        gate = remit.gates()[values["gate"]]
        values["gate"] = either(gate.zh, gate.en)
    values |= {name: kind_word(values[name]) for name in ("kind", "was") if values.get(name)}
    said = UNHAPPY if step.kind == "told_bad" and values.get("solved") else ELSEWHERE if values.get("elsewhere") else STEPS[step.kind]
    return _(said).format(by=known(step.by_name) or _("工作人员"), **dict.fromkeys(BLANKS, "") | values)


register.simple_tag(what_word)
register.simple_tag(whose_word)
register.simple_tag(purpose_said)


@register.simple_tag
def stood(step: Any) -> str:
    """How far from the place somebody stood who says what was done, and when it was where it came in later; else empty."""
    metres, then = step.values.get("metres"), step.values.get("then")
    late = _("当时{then}，没网，后来才送到").format(then=words.when(datetime.fromisoformat(then), step.at)) if then else ""
    if metres is None:
        return format_html('<p class="xs mut">{}</p>', late) if late else ""
    far = _("{n}米").format(n=metres) if metres < 1000 else _("{n}公里").format(n=round(metres / 1000, 1))
    words_ = _("在现场（手机定位，离这里{far}）") if metres <= NEAR else _("手机定位离这里{far}")
    return format_html('<p class="xs mut">{}{}</p>', words_.format(far=far), _("；") + late if late else "")


@register.simple_tag
def known(name: str) -> str:
    """The name of a person, a post, a building or an area, as a record keeps it, in the reader's language; else as it is written."""
    if not in_english():
        return name
    english = places.in_english(name)
    return english if english != name else people.in_english(name)


@register.simple_tag
def unit_word(code: str) -> str:
    unit = remit.units().get(code)
    return either(unit.zh, unit.en) if unit else code


@register.simple_tag
def seat_of(card: Any) -> str:
    """Where somebody sits: at a unit of an area, or by duty."""
    unit = remit.units().get(card.unit)
    where, what = either(card.area, card.area_en), either(unit.zh, unit.en) if unit else _(card.duty_words)
    return _("{where} {what}").format(where=where, what=what)


@register.simple_tag
def place_of(row: Any) -> str:
    """Where a matter is, as the register calls it in the reader's language; what a teller wrote stays as written."""
    return places.in_english(row.place) if row.place and in_english() else str(row.place)


@register.simple_tag
def danger(zh: str) -> str:
    return either(zh, learn.dangers().get(zh, zh))


NEXT = {
    "assign": gettext_noop("先定是哪类、在哪"),
    "accept": gettext_noop("先打电话"),
    "respond": gettext_noop("先打电话"),
    "settle": gettext_noop("去现场"),
    "stage": gettext_noop("照答复的办"),
    "check": gettext_noop("到现场核查"),
    "rule": gettext_noop("看判例，裁定"),
    "review": gettext_noop("看能不能办了"),
    "supervise": gettext_noop("定怎么办"),
    "correct": gettext_noop("整改"),
    "gap": gettext_noop("安排人顶上"),
    "explain": gettext_noop("回说事的人为什么"),
    "inform": gettext_noop("告知是否受理"),
    "opinion": gettext_noop("出具处理意见"),
    "reexamine": gettext_noop("复查，答复"),
    "recheck": gettext_noop("复核，答复"),
    "approve": gettext_noop("批延期"),
    "confirm": gettext_noop("确认到场"),
    "arrive": gettext_noop("到场报到"),
    "judge": gettext_noop("评这次联合办理"),
    "lead": gettext_noop("看进展，定下一步"),
    "meet": gettext_noop("和说事的人当面谈"),
    "visit": gettext_noop("走完记下来"),
    "promise": gettext_noop("答复答应过的事"),
    "relief": gettext_noop("看会不会缺岗，批不批"),
    "round": gettext_noop("照点位走一遍"),
    "call": gettext_noop("上门看看，记一笔"),
    "acknowledge": gettext_noop("接下来，去看"),
    "over": gettext_noop("看现场，处置完结束"),
    "reconnect": gettext_noop("问那边怎么断了，接上"),
}


@register.simple_tag
def next_step(what: str) -> str:
    return _(NEXT[what])


CHANNELS = {
    "web": gettext_noop("网页"),
    "phone": gettext_noop("电话"),
    "desk": gettext_noop("窗口"),
    "api": gettext_noop("接口"),
    "file": gettext_noop("批量导入"),
    "visit": gettext_noop("走访"),
    "patrol": gettext_noop("巡查"),
    "sensor": gettext_noop("传感器"),
    "topic": gettext_noop("热点话题"),
    "open311": gettext_noop("Open311接口"),
    "system": gettext_noop("外部系统"),
}


@register.simple_tag
def channel(name: str) -> str:
    return _(CHANNELS.get(name, name))


@register.inclusion_tag("matters/stitch.html")
def stitch(view: Any) -> dict[str, Any]:
    """The five steps of a matter as one line of stitches."""
    return {"view": view}


@register.inclusion_tag("matters/now.html", takes_context=True)
def where_it_stands(context: dict[str, Any], view: Any) -> dict[str, Any]:
    """One sentence: who does what by when."""
    return {"view": view, "at": context["at"]}
