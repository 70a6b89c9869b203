"""Sensing as pages: patrols, publicity, sensors, incidents."""

from django.urls import path

from . import incidents, patrols, publicity, sensors

urlpatterns = [
    path("desk/patrols", patrols.patrols, name="patrols"),
    path("desk/patrols/list.csv", patrols.as_csv, name="patrols-csv"),
    path("desk/patrols/<int:number>", patrols.patrol, name="patrol"),
    path("desk/patrols/<int:number>/photos/<str:sha256>", patrols.photo, name="patrol-photo"),
    path("desk/publicity", publicity.publicities, name="publicities"),
    path("desk/publicity/<int:number>", publicity.publicity, name="publicity"),
    path("desk/publicity/<int:number>/withdrawal", publicity.withdrawal, name="publicity-withdrawal"),
    path("desk/publicity/<int:number>/list.csv", publicity.as_csv, name="publicity-csv"),
    path("desk/publicity/<int:number>/photos/<str:sha256>", publicity.photo, name="publicity-photo"),
    path("desk/sensors", sensors.sensors, name="sensors"),
    path("desk/sensors/list.csv", sensors.as_csv, name="sensors-csv"),
    path("desk/sensors/<str:code>", sensors.sensor, name="sensor"),
    path("desk/incidents", incidents.incidents, name="incidents"),
    path("desk/incidents/list.csv", incidents.as_csv, name="incidents-csv"),
    path("desk/incidents/<int:number>", incidents.incident, name="incident"),
    path("desk/incidents/<int:number>/acknowledgement", incidents.acknowledgement, name="incident-acknowledgement"),
    path("desk/incidents/<int:number>/company", incidents.company, name="incident-company"),
    path("desk/incidents/<int:number>/notes", incidents.notes, name="incident-notes"),
    path("desk/incidents/<int:number>/closure", incidents.closure, name="incident-closure"),
    path("desk/incidents/<int:number>/false-alarm", incidents.false_alarm, name="incident-false-alarm"),
    path("desk/incidents/<int:number>/referral", incidents.referral, name="incident-referral"),
    path("desk/incidents/<int:number>/merging", incidents.merging, name="incident-merging"),
    path("desk/incidents/<int:number>/parting", incidents.parting, name="incident-parting"),
    path("desk/incidents/<int:number>/photos/<str:sha256>", incidents.photo, name="incident-photo"),
]
