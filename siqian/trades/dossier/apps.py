from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "siqian.trades.dossier"
    label = "dossier"

    def ready(self) -> None:
        """Let permits and reactions register."""
        from . import actions, reactions  # noqa: F401
