from django.apps import AppConfig


class PassesConfig(AppConfig):
    name = "siqian.services.passes"
    label = "passes"

    def ready(self) -> None:
        """Let permits and reactions register."""
        from . import actions, reactions  # noqa: F401
