"""What a batch has done so far, so that it can be taken up again where it stopped."""

from django.db import models


class Batch(models.Model):
    """One file's import, known by its content, in chunks of so many rows."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=16)
    rows = models.PositiveIntegerField(default=250)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Chunk(models.Model):
    """A stretch of a batch's rows that is done: written in the transaction of its rows, so it is there when they are."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    joined = models.PositiveIntegerField()
    again = models.PositiveIntegerField()
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="chunk_once")]
