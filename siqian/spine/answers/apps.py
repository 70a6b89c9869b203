from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "siqian.spine.answers"
    label = "answers"

    def ready(self) -> None:
        """Let permits and reactions register."""
        from . import actions, reactions  # noqa: F401
