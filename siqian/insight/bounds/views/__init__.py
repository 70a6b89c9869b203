"""Adjustments of the grid as pages: find an area, cut it on the map or by typed points, propose, rule, restore, take out."""

from django.urls import path

from . import adjusting, drawing

urlpatterns = [
    path("desk/map", drawing.index, name="map"),
    path("desk/map/areas.geojson", drawing.all_areas, name="map-areas"),
    path("desk/map/areas/<str:code>", drawing.editor, name="map-editor"),
    path("desk/map/areas/<str:code>/shapes", drawing.shapes, name="map-shapes"),
    path("desk/map/adjustments.csv", adjusting.as_csv, name="adjustments-csv"),
    path("desk/map/adjustments/<int:number>", adjusting.adjustment, name="adjustment"),
    path("desk/map/adjustments/<int:number>.geojson", adjusting.as_geojson, name="adjustment-geojson"),
    path("desk/map/adjustments/<int:number>/proposal", adjusting.proposal, name="adjustment-proposal"),
    path("desk/map/adjustments/<int:number>/approval", adjusting.approval, name="adjustment-approval"),
    path("desk/map/adjustments/<int:number>/declining", adjusting.declining, name="adjustment-declining"),
    path("desk/map/adjustments/<int:number>/withdrawal", adjusting.withdrawal, name="adjustment-withdrawal"),
    path("desk/map/adjustments/<int:number>/restoration", adjusting.restoration, name="adjustment-restoration"),
]
