from django.apps import AppConfig


class BrainConfig(AppConfig):
    name = "siqian.insight.brain"
    label = "brain"
