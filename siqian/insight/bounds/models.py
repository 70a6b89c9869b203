"""Adjustments of the grid, one row each. Nothing here tells of a resident."""

from django.db import models


class Adjustment(models.Model):
    """Areas cut anew. State by `rules.ADJUSTMENT`.

    path: the community's; spec: what was drawn, as `rules.Operation`; before, after: the areas that it touches, as they stood and as
    they would be; ended: code -> what takes it in; posts: what was carried when it came into force, post -> [from, to].
    hands: who had a hand in it; why: what kept it out.
    """

    kind = models.CharField(max_length=8)
    area = models.CharField(max_length=24)
    path = models.CharField(max_length=120)
    spec = models.JSONField()
    before = models.JSONField()
    after = models.JSONField()
    ended = models.JSONField(default=dict)
    posts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="drafted")
    reason = models.CharField(max_length=200, blank=True)
    effective = models.DateField(null=True)
    hands = models.JSONField()
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    ruled_name = models.CharField(max_length=30, blank=True)
    ruled_at = models.DateTimeField(null=True)
    word = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)
    done = models.DateTimeField(null=True)
    restores = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "effective"], name="adjustment_due"),
            models.Index(fields=["-id", "path"], name="adjustment_list"),
        ]
