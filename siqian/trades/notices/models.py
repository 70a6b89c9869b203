"""One row for each thing that somebody was told."""

from django.db import models


class Notice(models.Model):
    """`to` is whom it is for: post:…, person:… or telling:…; the sentence is a template with its values beside it."""

    to = models.CharField(max_length=64)
    about = models.CharField(max_length=64)
    text = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "about", "text", "at"], name="notice_once")]
        indexes = [models.Index(fields=["to", "-at"])]
