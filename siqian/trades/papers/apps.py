from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "siqian.trades.papers"
    label = "papers"
