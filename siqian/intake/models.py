"""What a batch has done so far, so that it can be taken up again where it stopped."""

from django.db import models

from siqian.spine.matters.models import Telling


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


class Key(models.Model):
    """What an outside system shows at the door. mark: the hash of its key, which nobody keeps; ended: it opens nothing any more."""

    system = models.CharField(max_length=40)
    mark = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Report(models.Model):
    """A report through Open311, which everybody may read: what personal was in it is taken out, and names are not kept here.

    telling: as what it was told, none of a trial; external: the sender's own key, for which a report is taken once;
    token: how its number is asked for, of a service that answers with one; remarks: what was added to a trial.
    """

    system = models.CharField(max_length=40)
    service = models.CharField(max_length=40)
    trial = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True)
    address_id = models.CharField(max_length=40, blank=True)
    media_url = models.CharField(max_length=500, blank=True)
    photos = models.JSONField(default=list)
    account = models.CharField(max_length=200, blank=True)
    external = models.CharField(max_length=80, blank=True)
    token = models.CharField(max_length=32, blank=True)
    remarks = models.JSONField(default=list)
    at = models.DateTimeField()
    telling = models.ForeignKey(Telling, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "external"], condition=~models.Q(external=""), name="report_once"),
            models.UniqueConstraint(fields=["token"], condition=~models.Q(token=""), name="report_token"),
        ]
        indexes = [models.Index(fields=["trial", "at"], name="report_at")]
