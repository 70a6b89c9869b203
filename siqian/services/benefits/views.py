"""Benefits as pages: policies written from sentences, entitlements decided by named persons; the resident's own page lies in `own`."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, Refusal, Refused
from siqian.trades.dossier import actions as dossier, queries as facts
from siqian.ui.pages import back_to, page, page_of, post
from siqian.ui.words import say

from . import actions, own, queries, rules, showing
from .engine import form as forms
from .rules import authoring

ROOT = "/desk/policies"


@page("benefits/policies.html")
def policies(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Every policy with where it stands."""
    if not queries.overlooks(request.actor):
        return back_to("/desk", request, _("政策给政策专员和法制审核员看"))
    show = request.GET.get("show", "")
    show = show if show in rules.STATES else ""
    return {
        "rows": queries.policies(seen_by=request.actor, show=show),
        "counts": queries.counts(seen_by=request.actor),
        "states": rules.STATES,
        "show": show,
        "writes": request.actor.has("clerk"),
    }


def begin(request: HttpRequest) -> HttpResponse:
    """A new policy: its code and name; the rest is written on its page."""
    sent = request.POST
    code = sent.get("code", "").strip()
    actions.begin(code=code, words=actions.Words(sent.get("title", "").strip()), **_act(request))
    return back_to(f"{ROOT}/{code}", request, _("起草了，先加条件"))


@page("benefits/policy.html")
def policy(request: HttpRequest, code: str):
    """One policy as sentences, with whom it would reach beside it."""
    return _policy(request, code)


def words(request: HttpRequest, code: str) -> HttpResponse:
    """What it is called, what it gives, on which ground, in which way."""
    return _written(request, code, _("记下了"), lambda: actions.change(code=code, words=_words(request), **_act(request)), "words")


def conditions(request: HttpRequest, code: str) -> HttpResponse:
    """One condition added, changed or taken away."""

    def write() -> None:
        line = queries.edition(code, seen_by=request.actor)
        actions.change(code=code, form=or_refuse_input(_edited(request, line.form)), **_act(request))

    return _written(request, code, _("改好了"), write, "condition")


def or_refuse_input(found: Any) -> Any:
    if isinstance(found, Refusal):
        raise BadInput(found)
    return found


def examples(request: HttpRequest, code: str) -> HttpResponse:
    """An example added or taken away: a person with the answer that must come out."""

    def write() -> None:
        line = queries.edition(code, seen_by=request.actor)
        actions.change(code=code, examples=or_refuse_input(showing.examples_of(line, request.POST)), **_act(request))

    return _written(request, code, _("改好了"), write, "example")


def take_form(request: HttpRequest, code: str) -> HttpResponse:
    """Conditions and amount as JSON in the outside form, all or a list of every fault."""

    def write() -> None:
        raw = _json(request.POST.get("form", ""))
        faults: list[forms.Fault] = []
        forms.read_policy({"code": code} | raw, "JSON", faults, names=queries.parameters().rows)
        if faults:
            raise BadInput(Refusal("{faults}", field="form", faults="；".join(map(str, faults[:8]))))
        actions.change(code=code, form=raw, **_act(request))

    return _written(request, code, _("照着文件改好了"), write, "form")


def as_json(request: HttpRequest, code: str) -> HttpResponse:
    """The policy in its outside form."""
    line = queries.edition(code, _number(request.GET.get("edition", "")), seen_by=request.actor)
    answer = HttpResponse(json.dumps(line.raw(), ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}.json"'
    return answer


@page("benefits/printed.html")
def printed(request: HttpRequest, code: str):
    """The conditions as numbered sentences, to be printed and read."""
    line = queries.edition(code, _number(request.GET.get("edition", "")), seen_by=request.actor)
    return {"line": line, "lines": showing.printed(line, queries.today(request.at)), "laws": showing.cited(line)}


def ask(request: HttpRequest, code: str) -> HttpResponse:
    return _written(request, code, _("交给法制审核了"), lambda: actions.ask(code=code, **_act(request)), "step")


def pass_on(request: HttpRequest, code: str) -> HttpResponse:
    return _written(request, code, _("通过了，等另一位同事发布"), lambda: actions.pass_on(code=code, **_act(request)), "step")


def take_back(request: HttpRequest, code: str) -> HttpResponse:
    why = request.POST.get("why", "")
    return _written(request, code, _("退回去了"), lambda: actions.take_back(code=code, why=why, **_act(request)), "step")


def publish(request: HttpRequest, code: str) -> HttpResponse:
    told = _("发布了。符合的人马上会知道")
    return _written(request, code, told, lambda: actions.publish(code=code, **_act(request)), "step")


def draft_again(request: HttpRequest, code: str) -> HttpResponse:
    number = actions.draft_again(code=code, **_act(request))
    return back_to(f"{ROOT}/{code}", request, _("第{number}版起草好了，改完再交").format(number=number))


def end(request: HttpRequest, code: str) -> HttpResponse:
    actions.end(code=code, **_act(request))
    return back_to(f"{ROOT}/{code}", request, _("停了，不再找新的人。已经在给的，由人再看"))


@page("benefits/waiting.html")
def waiting(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Whom somebody has to decide on, what is due first on top."""
    if not (request.actor.has("clerk") or request.actor.has("inspector")):
        return back_to(ROOT, request, _("发给谁，由政策专员来定"))
    show = request.GET.get("show", "due")
    show = show if show in queries.SHOW else "due"
    number, code = page_of(request), request.GET.get("policy", "")[:40]
    rows, more = queries.waiting(seen_by=request.actor, show=show, policy=code, page=number)
    return {
        "rows": [(row, queries.place_of(row.building)) for row in rows],
        "counts": queries.waiting_counts(seen_by=request.actor),
        "show": show,
        "policy": code,
        "page": number,
        "more": more,
    }


@page("benefits/entitlement.html")
def entitlement(request: HttpRequest, number: int):
    """One person's entitlement: why, on which facts, what was done; what can be decided now."""
    return _entitlement(request, number)


@page("benefits/entitlement.html")
def look(request: HttpRequest, number: int):
    """Open the facts that it rests on; every look is in the journal, and the person reads it."""
    line = queries.entitlement(number, seen_by=request.actor)
    wanted = [fact for fact, _version in line.grounds]
    found = dossier.look(facts=wanted, purpose=rules.PURPOSE, why=_("核对“{title}”").format(title=line.title), **_act(request))
    opened = [(facts.fact(id_, seen_by=request.actor, at=request.at), value) for id_, value in found.items()]
    return _entitlement(request, number) | {"opened": [(known, *facts.shown(known.kind, value)) for known, value in opened]}


DECISIONS = {"confirm", "grant", "refuse", "stop", "renew", "allow", "uphold"}
REASONED = {"grant", "refuse", "stop", "allow", "uphold"}


def decide(request: HttpRequest, number: int) -> HttpResponse:
    """One step by the person who is signed in; a no has its reason."""
    step = request.POST.get("step", "")
    if step not in DECISIONS:
        raise BadInput(rules.NO_ENTITLEMENT)
    why = {"why": request.POST.get("why", "")} if step in REASONED else {}
    try:
        getattr(actions, step)(entitlement=number, **why, **_act(request))
    except BadInput as error:
        shown = _entitlement(request, number) | {"fault": say(error.refusal), "wrong": step, "typed": request.POST.get("why", "")}
        return render(request, "benefits/entitlement.html", shown, status=400)
    return back_to(f"/desk/entitlements/{number}", request, _("记下了，本人会知道"))


def _policy(request: HttpRequest, code: str) -> dict[str, Any]:
    line = queries.edition(code, _number(request.GET.get("edition", "")), seen_by=request.actor)
    every = queries.editions(code, seen_by=request.actor)
    before = next((one for one in every if one.state == "in_force" and one.id != line.id), None)
    writes = request.actor.has("clerk") and line.state == "draft"
    day = _day(request.GET.get("on", "")) or queries.today(request.at)
    return showing.policy(line, before, day, writes=writes) | {
        "every": every,
        "before": before,
        "asked": showing.asked(line, request.GET) if writes else {},
        "clerk": request.actor.has("clerk"),
        "legal": request.actor.has("legal"),
        "own_hand": line.writer == request.actor.ref,
        "modes": rules.MODES,
        "gives": rules.GIVES,
        "periods": rules.PERIODS,
        "laws": queries.laws().values(),
        "on": day,
    }


def _written(request: HttpRequest, code: str, says: str, write: Any, what: str) -> HttpResponse:
    """What was written, or the page again with what is wrong beside the form in question."""
    try:
        write()
    except Refused as error:
        if error.status not in (400, 409):
            raise
        shown = _policy(request, code) | {"fault": say(error.refusal), "wrong": what, "sent": request.POST}
        return render(request, "benefits/policy.html", shown, status=error.status)
    return back_to(f"{ROOT}/{code}", request, says)


def _edited(request: HttpRequest, form: Mapping[str, Any]) -> dict[str, Any] | Refusal:
    sent, do, at = request.POST, request.POST.get("do", ""), request.POST.get("at", "")
    if do == "remove":
        return authoring.changed(form, at, None)
    if do == "group":
        made = authoring.group(sent.get("kind", ""), max(1, _number(sent.get("k", "1"))))
        return made if isinstance(made, Refusal) else authoring.added(form, at, made)
    code = sent.get("fact", "")
    label = queries.labels().get(code)
    if label is None:
        return authoring.NO_FACT
    node = authoring.leaf(code, label, dict(sent.lists()), age=bool(sent.get("age")) and code == "born")
    if isinstance(node, Refusal):
        return node
    return authoring.added(form, at, node) if do == "add" else authoring.changed(form, at, node)


def _words(request: HttpRequest) -> actions.Words:
    sent = request.POST
    yuan = sent.get("yuan", "").strip()
    amount: dict[str, Any] | None = None
    if sent.get("gives") == "money" and yuan:
        if not (yuan.isascii() and yuan.isdigit() and len(yuan) < 9):
            raise BadInput(Refusal("金额写整数的元，比如300", field="yuan"))
        amount = {"fen": int(yuan) * 100}
    elif sent.get("gives") == "money" and sent.get("kept"):
        amount = _json(sent["kept"])
    return actions.Words(
        title=sent.get("title", "").strip(),
        title_en=sent.get("title_en", "").strip()[:120],
        mode=sent.get("mode", "free"),
        gives=sent.get("gives", "money"),
        period=sent.get("period", "month"),
        told=sent.get("told", "").strip()[:120],
        told_en=sent.get("told_en", "").strip()[:240],
        basis=tuple(sent.getlist("basis")),
        budget=_number(sent.get("budget", "")) * 1_000_000,
        places=_number(sent.get("places", "")),
        amount=amount,
        since=_day(sent.get("since", "")),
        until=_day(sent.get("until", "")),
    )


def _entitlement(request: HttpRequest, number: int) -> dict[str, Any]:
    line = queries.entitlement(number, seen_by=request.actor)
    return {
        "line": line,
        "place": queries.place_of(line.building),
        "can": [step for step in rules.ENTITLEMENT.verbs(line.state) if step in DECISIONS and showing.fits(line, step)],
        "reasoned": REASONED,
        "decided": any(step.what in rules.DECIDED for step in line.steps),
        "writes": request.actor.has("clerk"),
        "name": showing.called(line.subject),
    }


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadInput(Refusal("不是写对的JSON，从花括号开始，到花括号结束", field="form")) from error
    if not isinstance(found, dict):
        raise BadInput(Refusal("不是写对的JSON，从花括号开始，到花括号结束", field="form"))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _act(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.at}


urlpatterns = [
    path("desk/policies", policies, name="policies"),
    path("desk/policies/new", post(begin), name="policy-begin"),
    path("desk/policies/<slug:code>", policy, name="policy"),
    path("desk/policies/<slug:code>/words", post(words), name="policy-words"),
    path("desk/policies/<slug:code>/conditions", post(conditions), name="policy-conditions"),
    path("desk/policies/<slug:code>/examples", post(examples), name="policy-examples"),
    path("desk/policies/<slug:code>/form", post(take_form), name="policy-form"),
    path("desk/policies/<slug:code>/form.json", as_json, name="policy-json"),
    path("desk/policies/<slug:code>/print", printed, name="policy-print"),
    path("desk/policies/<slug:code>/review", post(ask), name="policy-ask"),
    path("desk/policies/<slug:code>/passage", post(pass_on), name="policy-pass"),
    path("desk/policies/<slug:code>/return", post(take_back), name="policy-return"),
    path("desk/policies/<slug:code>/publication", post(publish), name="policy-publish"),
    path("desk/policies/<slug:code>/editions", post(draft_again), name="policy-again"),
    path("desk/policies/<slug:code>/end", post(end), name="policy-end"),
    path("desk/entitlements", waiting, name="entitlements"),
    path("desk/entitlements/<int:number>", entitlement, name="entitlement"),
    path("desk/entitlements/<int:number>/looks", post(look), name="entitlement-look"),
    path("desk/entitlements/<int:number>/decision", post(decide), name="entitlement-decision"),
    *own.urlpatterns,
]
