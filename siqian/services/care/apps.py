from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "siqian.services.care"
    label = "care"

    def ready(self) -> None:
        """Let permits and reactions register."""
        from . import actions, reactions  # noqa: F401
