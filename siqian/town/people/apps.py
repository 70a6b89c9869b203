from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "siqian.town.people"
    label = "people"
