from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "siqian.web"
    label = "web"
