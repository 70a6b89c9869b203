from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "siqian.town.places"
    label = "places"
