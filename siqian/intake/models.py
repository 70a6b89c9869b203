"""What a batch has done so far, so that it can be taken up again where it stopped."""

from django.db import models


class Batch(models.Model):
    """One file's import, known by its content; `done` rows have been taken or refused."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=16)
    done = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
