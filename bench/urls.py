"""The house's addresses and one more: the floor, the same stack with a view that inserts one row."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from siqian.kernel import clock, links
from siqian.kernel.journal import writing
from siqian.kernel.permits import OFFICE
from siqian.web.urls import urlpatterns as house


@csrf_exempt
def floor(request: HttpRequest) -> JsonResponse:
    code = clock.code(12)
    with writing(OFFICE, whole=True):
        links.Link.objects.create(source=f"floor:{code}", kind="bench", target=f"floor:{code}", at=request.at)
    return JsonResponse({"code": code}, status=201)


urlpatterns = [path("floor", floor), *house]
