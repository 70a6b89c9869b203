from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "siqian.ui"
    label = "ui"
