from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "siqian.insight.rosters"
    label = "rosters"

    def ready(self) -> None:
        """Let permits and reactions register."""
        from . import actions, reactions  # noqa: F401
