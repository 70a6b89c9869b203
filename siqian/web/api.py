"""The JSON API: the same verbs as the pages. Errors are problem details (RFC 9457) with the field in question."""

import json
import re
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from siqian.insight.atlas.api import router as atlas
from siqian.insight.review.api import router as review
from siqian.insight.rosters.api import router as rosters
from siqian.insight.topics.api import router as topics
from siqian.intake.api import router as intake
from siqian.kernel.permits import Refused
from siqian.services.care.api import router as care
from siqian.services.passes.api import router as passes
from siqian.services.sensing.api import patrols, router as sensing
from siqian.services.visits.api import router as visits
from siqian.spine.answers.api import router as answers
from siqian.spine.matters.api import router as matters
from siqian.spine.remit.api import router as remit
from siqian.town.people.api import router as people
from siqian.trades.notices.api import router as notices
from siqian.trades.papers.api import router as papers
from siqian.ui.pages import refused_json

from .. import VERSION

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "required": ["title", "status", "field"],
    "properties": {"title": {"type": "string"}, "status": {"type": "integer"}, "field": {"type": "string"}},
}


# Only what is escaped in the message can be one of the two.
SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class Writable(Parser):
    """JSON whose text a database can hold: no null character, no half of a surrogate pair."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body)
        # Half a surrogate pair fails to encode here, with a sentence, instead of in the middle of a verb.
        if SUSPECT.search(request.body) and b"\\u0000" in json.dumps(body, ensure_ascii=False).encode():
            raise ValueError("null character")
        return body


class Readable(JSONRenderer):
    """Chinese as it is written, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


class HouseAPI(NinjaAPI):
    """Says in the document what is true of every door: faults are problem details, and bad input is a 400."""

    def get_openapi_schema(self, **more: Any) -> Any:
        document = super().get_openapi_schema(**more)
        for operations in document["paths"].values():
            for operation in operations.values():
                responses = operation["responses"]
                responses.setdefault(400, {"description": "Bad Request"})
                for code, response in responses.items():
                    if str(code).startswith("4"):
                        response["content"] = {"application/problem+json": {"schema": PROBLEM}}
        return document


api = HouseAPI(
    title="Siqian 四千",
    version=VERSION,
    urls_namespace="api",
    docs_url=None,
    parser=Writable(),
    renderer=Readable(),
    description="A matter's whole walk, as JSON.",
)
api.add_router("intake", intake)
api.add_router("answers", answers)
api.add_router("", matters)
api.add_router("", people)
api.add_router("", remit)
api.add_router("", notices)
api.add_router("review", review)
api.add_router("topics", topics)
api.add_router("papers", papers)
api.add_router("visits", visits)
api.add_router("sensing", sensing)
api.add_router("patrols", patrols)
api.add_router("home-visits", care)
api.add_router("passes", passes)
api.add_router("atlas", atlas)
api.add_router("rosters", rosters)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> JsonResponse:
    return refused_json(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> JsonResponse:
    places = [".".join(str(part) for part in fault["loc"][1:]) for fault in error.errors]
    first = places[0] if places else ""
    faults = [{"field": place, "detail": fault["msg"]} for place, fault in zip(places, error.errors, strict=True)]
    return _problem(_("“{field}”不合格式，看faults里的说明").format(field=first), 400, first, faults=faults)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> JsonResponse:
    return _problem(_("请求读不懂：{why}").format(why=error.message), error.status_code, "")


def _problem(title: str, status: int, field: str, **more: object) -> JsonResponse:
    body = {"title": title, "status": status, "field": field, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})
