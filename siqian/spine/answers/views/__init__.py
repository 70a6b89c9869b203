"""Answers as pages: for everybody, and at the desk."""

from django.urls import path

from . import desk, reading

urlpatterns = [
    path("answers", reading.answers, name="answers"),
    path("answers/<int:number>", reading.answer, name="answer"),
    path("answers/<int:number>/misses", reading.misses, name="misses"),
    path("desk/answers", desk.answers, name="desk-answers"),
    path("desk/answers/new", desk.new, name="new-answer"),
    path("desk/answers/<int:number>", desk.answer, name="desk-answer"),
    path("desk/answers/<int:number>/next", desk.following, name="next-version"),
    path("desk/answers/<int:number>/publication", desk.publication, name="publication"),
    path("desk/answers/<int:number>/reviews", desk.reviews, name="reviews"),
    path("desk/answers/<int:number>/retirement", desk.retirement, name="retirement"),
]
