"""Editions of the responsibility list that people made on the page. What is in force never changes: its rows are a row of their own."""

from django.db import models


class Edition(models.Model):
    """A change of the list from a day on: who wrote it, why, and how far it has come.

    rows: {"items": {code: {"was", "row"}}, "rules": {code: {"was", "row"}}}; a rule whose row is null is taken away.
    """

    version = models.CharField(max_length=24)
    effective = models.DateField()
    state = models.CharField(max_length=12, default="draft")
    reason = models.CharField(max_length=200, blank=True)
    precedent = models.CharField(max_length=64, blank=True)
    rows = models.JSONField()
    hands = models.JSONField(default=list)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], name="edition_version"),
            models.UniqueConstraint(
                fields=["precedent"],
                condition=models.Q(state__in=("draft", "checked")) & ~models.Q(precedent=""),
                name="edition_precedent_once",
            ),
        ]


class InForce(models.Model):
    """A second person put an edition in force, with exactly these rows."""

    append_only = True

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=24)
    effective = models.DateField()
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
