from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "siqian.spine.matters"
    label = "matters"

    def ready(self) -> None:
        # Reactions register themselves when they are read.
        from . import reactions  # noqa: F401
