from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "siqian.insight.topics"
    label = "topics"

    def ready(self) -> None:
        """Let permits register."""
        from . import actions  # noqa: F401
