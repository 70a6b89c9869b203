"""How a view becomes a page. A view gives values; a refusal becomes a sentence in its place."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from siqian.kernel.permits import Refused

from .words import say

View = Callable[..., HttpResponseBase]


def page(template: str) -> Callable[[Callable[..., Any]], View]:
    """Render the values that the view returns; a response goes out as it is."""

    def wrap(view: Callable[..., Any]) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            result = view(request, *args, **kwargs)
            return result if isinstance(result, HttpResponseBase) else render(request, template, result)

        return shown

    return wrap


def post(view: View) -> View:
    """A view that only takes POST; any other method is answered 405."""
    view.methods = ("POST",)  # type: ignore[attr-defined]
    return view


def form(view: View) -> View:
    """A view that shows a form and takes it: GET and POST."""
    view.methods = ("GET", "HEAD", "POST")  # type: ignore[attr-defined]
    return view


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """What a page may be asked by; whatever says nothing is only looked at."""
    return getattr(view, "methods", ("GET", "HEAD"))


def not_allowed(methods: tuple[str, ...]) -> HttpResponse:
    response = HttpResponse(status=405)
    response["Allow"] = ", ".join(methods)
    return response


def back_to(url: str, request: HttpRequest, says: str = "") -> HttpResponse:
    """Go to a page that says one sentence, once."""
    if says:
        request.session["says"] = says
    return HttpResponseRedirect(url)


def keep(request: HttpRequest, name: str, value: int, most: int = 200) -> None:
    """Keep a number in this browser's session, the newest so many."""
    request.session[name] = [*request.session.get(name, []), value][-most:]


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """The refusal as a page, or as JSON for programs."""
    if wants_json(request):
        return refused_json(error)
    context = {"why": say(error.refusal), "status": error.status}
    return render(request, "ui/refused.html", context, status=error.status)


def refused_json(error: Refused) -> JsonResponse:
    """RFC 9457 problem details, with the field in question."""
    body = {"title": say(error.refusal), "status": error.status, "field": error.refusal.field}
    return JsonResponse(body, status=error.status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})


def wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("application/json" in accept and "text/html" not in accept)


def etag_of(*parts: object) -> str:
    return '"' + hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32] + '"'


def live(request: HttpRequest, template: str, tag: str, context: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The part of a page that asks again: 304 while it has this tag already, else drawn anew. context is asked only then."""
    same = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=304) if same else render(request, template, context())
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def page_of(request: HttpRequest) -> int:
    """Which page of a list an address asks for: 1 unless it says a later one."""
    sent = request.GET.get("page", "")
    return max(1, int(sent)) if sent.isdigit() and len(sent) < 5 else 1


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A list as a file that Excel opens as it is: in UTF-8 with a mark, and with no cell that it would take for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA else cell


FORMULA = tuple("=+-@\t\r")
