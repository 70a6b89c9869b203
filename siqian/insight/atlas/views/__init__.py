"""The map, its tiles, the wall."""

from django.urls import path

from . import page, tiles, wall

urlpatterns = [
    path("atlas", page.atlas, name="atlas"),
    path("atlas/layer", page.layer, name="layer"),
    path("atlas/found", page.found, name="found"),
    path("atlas/areas/<str:code>", page.area, name="area"),
    path("atlas/tiles/<str:number>/<str:name>.pmtiles", tiles.tiles, name="tiles"),
    path("atlas/wall", wall.wall, name="wall"),
    path("atlas/wall/now", wall.now, name="wall-now"),
]
