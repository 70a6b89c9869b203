"""Who opened a name or a telephone, for what: the page of whoever inspects."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.ui.pages import csv_file, page

from .. import looked, queries
from ..templatetags.matters import purpose_said, what_word, whose_word

PAGE, MOST = 50, 10_000


@page("matters/looks.html")
def looks(request: HttpRequest):
    """Every look, the newest first."""
    before = int(request.GET["before"]) if request.GET.get("before", "").isdigit() else 0
    found = queries.looks(seen_by=request.actor, before=before, most=PAGE + 1)
    return {"looks": found[:PAGE], "more": found[PAGE - 1].id if len(found) > PAGE else 0}


def as_csv(request: HttpRequest) -> HttpResponse:
    heads = [_("什么时候"), _("谁看的"), _("看了什么"), _("谁的"), _("哪件事"), _("用来做什么")]
    return csv_file("looks", heads, map(_row, queries.looks(seen_by=request.actor, most=MOST)))


def _row(look: looked.Look) -> Sequence[object]:
    return (
        f"{local(look.at):%Y-%m-%d %H:%M}",
        look.name,
        what_word(look.what),
        whose_word(look.whose),
        look.number,
        purpose_said(look.purpose),
    )
