from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "siqian.insight.offices"
    label = "offices"

    def ready(self) -> None:
        """Let permits register."""
        from . import queries  # noqa: F401
