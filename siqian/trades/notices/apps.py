from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "siqian.trades.notices"
    label = "notices"
