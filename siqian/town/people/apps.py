from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "siqian.town.people"
    label = "people"

    def ready(self) -> None:
        # Reactions register themselves when they are read.
        from . import reactions  # noqa: F401
