"""The courier's own pages: registered once, the pass in one tap, at a gate whose sign was scanned."""

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, NotFound
from siqian.ui.pages import back_to, page
from siqian.ui.words import either

from .. import actions, queries, rules
from . import shell


@csp_update(shell.SCRIPT_SRC)
def pass_(request: HttpRequest) -> HttpResponse:
    """One's own pass; before there is one, what to do for it."""
    return shell.kept(_page(request), "pass")


@csp_update(shell.SCRIPT_SRC)  # type: ignore[arg-type]
def at_gate(request: HttpRequest, code: str) -> HttpResponse:
    """The same page at a gate whose sign was scanned: it asks by itself whether one may come in."""
    gate = queries.gate(code)
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"/sign-in?next=/gates/{code}")
    return _page(request, {"gate": gate, "compound": queries.compound_of(code)})


def ask(request: HttpRequest) -> HttpResponse:
    """Register oneself."""
    sent = request.POST
    told = actions.Told(
        sent.get("name", ""), sent.get("phone", "").strip(), sent.get("klass", ""), tuple(sent.getlist("goes")), sent.get("employer", "")
    )
    actions.ask(told=told, by=request.actor, at=request.at)
    return back_to("/pass", request, _("登记好了，还差一步：请人核实"))


def phone(request: HttpRequest) -> HttpResponse:
    """Bind the key that this browser made; gives the pass, as JSON."""
    point, proof, old = (_bytes(request.POST.get(name, ""), name) for name in ("point", "proof", "old"))
    text = actions.bind(point=point, proof=proof, old=old, by=request.actor, at=request.at)
    answer = JsonResponse({"pass": text, "now": int(request.at.timestamp())})
    answer["Cache-Control"] = "no-store"
    return answer


def lose(request: HttpRequest) -> HttpResponse:
    """The phone is lost: shut its codes out now."""
    line = _mine(request)
    actions.lose(courier=line.id, by=queries.with_own(request.actor), at=request.at)
    return back_to("/pass", request, _("丢的那台停用了，联网的门十分钟内都认得出。这台重新绑定就能用"))


def end(request: HttpRequest) -> HttpResponse:
    """End one's registration."""
    line = _mine(request)
    actions.end(courier=line.id, by=queries.with_own(request.actor), at=request.at)
    return back_to("/pass", request, _("登记注销了，姓名和手机号删掉了"))


def entry(request: HttpRequest, code: str) -> HttpResponse:
    """What a gate says to the code that this phone made for it, as JSON."""
    answer = actions.admit(gate=code, text=request.POST.get("text", ""), way="courier", by=request.actor, at=request.at)
    return JsonResponse(as_words(answer), json_dumps_params={"ensure_ascii": False})


@page("passes/complaint.html")
def complain(request: HttpRequest) -> Any:
    """Say what is wrong at a compound; it becomes a matter that somebody answers for."""
    code = request.POST.get("compound", "") or request.GET.get("compound", "")
    known = next((one for one in queries.compounds().values() if one.code == code), None)
    if known is None:
        raise NotFound(rules.NO_COMPOUND)
    if request.method != "POST":
        _mine(request)
        return {"compound": known, "why": request.GET.get("why", "")[:80]}
    _mine(request)
    actions.complain(compound=code, text=request.POST.get("text", ""), by=request.actor, at=request.at)
    return back_to("/pass", request, _("交给管这个小区的人了，会有人去问"))


def worker(request: HttpRequest) -> HttpResponse:
    return shell.worker("pass")


def as_words(answer: queries.Answer) -> dict[str, Any]:
    """A gate's answer in the reader's language: the word, the sentence, what to know inside, the mark."""
    decision, known, body = answer.decision, answer.compound, answer.compound.rules
    other = answer.other
    toward = either(other.name, other.name_en) if other else ""
    values = {
        "ways": _("或").join(_(rules.WAYS[way]) for way in decision.ways),
        "klass": _(rules.CLASSES[answer.klass]) if answer.klass else "",
        "gate": toward,
        "since": _hm(decision.since) if decision.since >= 0 else "",
        "until": decision.until,
    }
    green = decision.colour == rules.GREEN
    say = _("，").join(filter(None, (values["klass"], values["ways"]))) if green else _(rules.SENTENCES[decision.reason]).format(**values)
    word = (
        _("请进")
        if green
        else _("走{gate}").format(gate=toward)
        if other
        else _("请看一看")
        if decision.colour == rules.AMBER
        else _("先别进")
    )
    more = _inside(body) if green else [(_("怎么走"), other.toward)] if other and other.toward else []
    mark = {"shape": answer.mark.shape, "number": answer.mark.number} if answer.mark else None
    place = {"gate": either(*answer.gate_name), "compound": either(known.name, known.name_en), "compound_code": known.code}
    return {"colour": decision.colour, "reason": decision.reason, "word": word, "say": say, "more": more, "mark": mark, **place}


def _inside(body: rules.Rules) -> list[tuple[str, str]]:
    """What to know after a green: speed, parking, where one may go, until when."""
    rows = [
        (_("限速"), _("每小时{n}公里").format(n=body.speed) if body.speed else ""),
        (_("停车"), body.parking),
        (_("哪里能去"), body.zones),
    ]
    rows.append((_("最晚"), _("{at}前出来").format(at=_hm(body.leave_by)) if body.leave_by else ""))
    return [row for row in rows if row[1]]


def _page(request: HttpRequest, more: dict[str, Any] | None = None) -> HttpResponse:
    line = queries.mine(request.actor)
    state = "none" if line is None or line.state == "ended" else line.state
    if state == "suspended" and line is not None and line.until and line.until <= request.at:
        state = "active"
    words = shell.words() | {
        "left": _("{n}秒后"),
        "today": _("今天"),
        "tomorrow": _("明天"),
        "offline": _("没网，还没有码。连上网再打开一次"),
        "complain": _("投诉"),
    }
    context = {"line": line, "state": state, "words": words, "token": get_token(request), "signed_in": request.user.is_authenticated}
    context |= {"troubles": queries.troubles(seen_by=queries.with_own(request.actor), at=request.at) if line else []}
    context |= {"classes": _choices(rules.CLASSES), "ways": _choices(rules.WAYS), "employers": queries.employers()}
    return render(request, "passes/pass.html", context | (more or {}))


def _choices(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, _(word)) for code, word in table.items() if code != "emergency"]


def _mine(request: HttpRequest) -> queries.CourierLine:
    line = queries.mine(request.actor)
    if line is None or line.state == "ended":
        raise BadInput(rules.NOT_REGISTERED)
    return line


def _bytes(text: str, field: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadInput(rules.BAD_POINT if field == "point" else rules.BAD_PROOF) from None


def _hm(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
