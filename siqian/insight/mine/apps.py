from django.apps import AppConfig


class MineConfig(AppConfig):
    name = "siqian.insight.mine"
    label = "mine"
