"""Beside a reply that is being written: what it leaves open, and how the like was settled before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from siqian.ui.pages import post

from .. import advising

MOST_READ = 4000  # letters; what is longer is advised on by its beginning


@post
def advice(request: HttpRequest, number: str) -> HttpResponse:
    """A part of the page, asked again while somebody writes; POST, because a reply stands in no address and no log. Writes nothing."""
    reply = request.POST.get("text", "")[:MOST_READ]
    return render(request, "matters/advice.html", {"advice": advising.advice(number, reply, seen_by=request.actor, at=request.at)})
