from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "siqian.intake"
    label = "intake"
