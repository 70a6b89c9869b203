"""The house's addresses and one more: the floor, the same stack with a view that inserts one row."""

from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI

from siqian.intake.api import MessageIn
from siqian.kernel import clock, links
from siqian.kernel.journal import writing
from siqian.kernel.permits import OFFICE
from siqian.web.urls import urlpatterns as house

api = NinjaAPI(urls_namespace="floor", docs_url=None, openapi_url=None)


@api.post("", response={201: dict[str, str]})
def floor(request: HttpRequest, message: MessageIn) -> tuple[int, dict[str, str]]:
    """The same message is read and checked, a transaction is opened behind the fence, one row is inserted and committed."""
    code = clock.code(12)
    with writing(OFFICE, whole=True):
        links.Link.objects.create(source=f"floor:{code}", kind="bench", target=f"floor:{code}", at=request.at)
    return 201, {"code": code}


urlpatterns = [path("api/floor/", api.urls), *house]
