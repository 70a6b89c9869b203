from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "siqian.services.benefits"
    label = "benefits"

    def ready(self) -> None:
        """Let permits and reactions register."""
        from . import actions, reactions  # noqa: F401
