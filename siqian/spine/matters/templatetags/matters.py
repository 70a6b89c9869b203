"""A matter's steps and states in words."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_noop

from siqian.spine.learn import queries as learn
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui.templatetags.ui import either, status
from siqian.ui.words import in_english

register = template.Library()

STATES = {
    "received": ("new", gettext_noop("等人来定")),
    "assigned": ("new", gettext_noop("已交出去")),
    "accepted": ("on", gettext_noop("已签收")),
    "in_hand": ("on", gettext_noop("在办")),
    "closed": ("soon", gettext_noop("等评价")),
    "settled": ("done", gettext_noop("办完了")),
    "withdrawn": ("hold", gettext_noop("不办了")),
}
STEPS = {
    "told": gettext_noop("说了这件事"),
    "joined": gettext_noop("又有邻居说了同一件事，现在{n}位在等"),
    "assigned": gettext_noop("交到{keeper}手上，认作“{item}”"),
    "accepted": gettext_noop("{by}签收了"),
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
    "climbed": gettext_noop("{what}超时，报到{to}"),
}
CLOCKS = {
    "assign": gettext_noop("派出"),
    "accept": gettext_noop("签收"),
    "respond": gettext_noop("回应"),
    "settle": gettext_noop("办结"),
    "rate": gettext_noop("评价"),
}


@register.simple_tag
def state_sign(line: Any) -> SafeString:
    kind, text = STATES[line.state]
    return status(kind, _(text))


@register.simple_tag
def state_word(state: str) -> str:
    return _("在等的") if state == "open" else _(STATES[state][1])


@register.simple_tag
def clock_word(what: str) -> str:
    return _(CLOCKS[what])


@register.simple_tag
def step_words(step: Any, line: Any) -> str:
    """One step as a sentence."""
    values = dict(step.values)
    if values.get("item"):
        item = remit.item(values["item"])
        values["item"] = either(item.zh, item.en)
    if values.get("what"):
        values["what"] = _(CLOCKS[values["what"]])
    values |= {name: known(values[name]) for name in ("keeper", "to") if values.get(name)}
    return _(STEPS[step.kind]).format(
        by=known(step.by_name) or _("工作人员"), **{"n": "", "keeper": "", "item": "", "to": "", "what": ""} | values
    )


@register.simple_tag
def known(name: str) -> str:
    """The name of a person, a post, a building or an area, as a record keeps it, in the reader's language; else as it is written."""
    if not in_english():
        return name
    english = places.in_english(name)
    return english if english != name else people.in_english(name)


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
