"""Visits as pages: for everybody, at the desk, and the plan of a year."""

from django.urls import path

from . import desk, planning, reading, recording

urlpatterns = [
    path("visits", reading.visits, name="visits"),
    path("visits/<int:number>", reading.visit, name="visit"),
    path("desk/visits", desk.visits, name="desk-visits"),
    path("desk/visits/list.csv", desk.as_csv, name="visits-csv"),
    path("desk/visits/new", desk.new, name="new-visit"),
    path("desk/visits/plan", planning.whole, name="visits-plan"),
    path("desk/visits/plans", planning.propose, name="visits-propose"),
    path("desk/visits/plans/<str:batch>/withdrawal", planning.take_back, name="visits-take-back"),
    path("desk/visits/<int:number>", recording.visit, name="desk-visit"),
    path("desk/visits/<int:number>/schedule", recording.schedule, name="visit-schedule"),
    path("desk/visits/<int:number>/cancellation", recording.cancellation, name="visit-cancellation"),
    path("desk/visits/<int:number>/record", recording.record, name="visit-record"),
    path("desk/visits/<int:number>/items", recording.items, name="visit-items"),
    path("desk/visits/items/<int:number>", recording.item, name="visit-item"),
    path("desk/visits/items/<int:number>/answer", recording.answer, name="visit-answer"),
    path("desk/visits/items/<int:number>/owner", recording.owner, name="visit-owner"),
]
