"""Answers for everybody: a search box first, then by topic; one answer with who stands for it and when it was looked at."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel import clock
from siqian.ui.pages import back_to, keep, page, page_of, post
from siqian.ui.words import either

from .. import actions, queries


@page("answers/answers.html")
def answers(request: HttpRequest) -> dict[str, Any]:
    """Search, or everything of a topic."""
    words, topic = request.GET.get("q", "").strip()[:200], request.GET.get("topic", "")
    number = page_of(request)
    topics = queries.topics()
    chosen = next((one for one in topics if one.code == topic), None)
    found, more = (queries.find(words), False) if words else queries.live(topic=chosen.code if chosen else "", page=number)
    return {"q": words, "topics": topics, "chosen": chosen, "found": found, "page": number, "more": number + 1 if more else 0}


@page("answers/answer.html")
def answer(request: HttpRequest, number: int) -> dict[str, Any]:
    """One answer as it holds now."""
    line = queries.shown(number)
    return {"line": line, "missed": number in request.session.get("unhelped", []), "near": _near(line)}


@post
def misses(request: HttpRequest, number: int) -> HttpResponse:
    """It did not help: counted once a browser, and on to whoever answers in person."""
    line = queries.shown(number)
    browser = request.session.setdefault("browser", clock.code(16))
    actions.mark_not_helped(answer=number, mark=f"browser:{browser}", by=request.actor, at=request.at)
    if number not in request.session.get("unhelped", []):
        keep(request, "unhelped", number)
    question = either(line.question, line.question_en)
    return back_to(f"/report?text={quote(question)}", request, _("记下了。把您的情况写上，交给人来答"))


def _near(line: queries.Shown) -> list[queries.Shown]:
    """What else is asked about the same; the question itself finds its neighbours."""
    return [other for other in queries.find(line.question, item=line.item, least=0.2, most=4) if other.id != line.id][:3]
