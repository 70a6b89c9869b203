from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "siqian.insight.review"
    label = "review"

    def ready(self) -> None:
        """Let the reactions register."""
        from . import reactions  # noqa: F401
