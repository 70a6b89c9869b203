from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "siqian.insight.workbench"
    label = "workbench"
