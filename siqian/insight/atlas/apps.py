from django.apps import AppConfig


class AtlasConfig(AppConfig):
    name = "siqian.insight.atlas"
    label = "atlas"
