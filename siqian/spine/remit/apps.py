from django.apps import AppConfig


class RemitConfig(AppConfig):
    name = "siqian.spine.remit"
    label = "remit"

    def ready(self) -> None:
        """Let the list follow the editions that were put in force on the page."""
        from . import queries, standing

        queries.follow(standing.made)
