from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "siqian.spine.matters"
    label = "matters"
