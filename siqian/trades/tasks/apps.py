from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "siqian.trades.tasks"
    label = "tasks"
