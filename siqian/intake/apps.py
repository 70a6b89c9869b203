from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "siqian.intake"
    label = "intake"

    def ready(self) -> None:
        """Let the reactions register."""
        from . import reactions  # noqa: F401
