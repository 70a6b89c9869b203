from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "siqian.insight.workbench"
    label = "workbench"

    def ready(self) -> None:
        """Let the reactions register."""
        from . import reactions  # noqa: F401
