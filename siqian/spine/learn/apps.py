from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "siqian.spine.learn"
    label = "learn"

    def ready(self) -> None:
        """Let messages be understood by what was learned as well, and permits register."""
        from . import actions, queries, standing  # noqa: F401

        queries.follow(standing.served)
