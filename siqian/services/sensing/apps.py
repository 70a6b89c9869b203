from django.apps import AppConfig


class SensingConfig(AppConfig):
    name = "siqian.services.sensing"
    label = "sensing"

    def ready(self) -> None:
        """Let the reactions register."""
        from . import reactions  # noqa: F401
