from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "siqian.spine.answers"
    label = "answers"

    def ready(self) -> None:
        """Let the reactions register."""
        from . import reactions  # noqa: F401
