from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "siqian.services.visits"
    label = "visits"

    def ready(self) -> None:
        """Let permits and reactions register."""
        from . import actions, reactions  # noqa: F401
