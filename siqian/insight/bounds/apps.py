from django.apps import AppConfig


class BoundsConfig(AppConfig):
    name = "siqian.insight.bounds"
    label = "bounds"

    def ready(self) -> None:
        """Let permits register."""
        from . import actions  # noqa: F401
