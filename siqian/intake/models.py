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
    """What an outside system shows at the door, or signs with. mark: its hash; sealed: itself, under the house's key, so that
    signatures can be checked and made; ended: it opens nothing any more.
    """

    system = models.CharField(max_length=40)
    mark = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(blank=True)
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


class Arrival(models.Model):
    """What came from an outside system, one row a message. sent: by that system's clock; telling: what it became.

    Of one that was refused: why and values, a sentence and what is filled into it; digest and sealed, so that it can be taken once
    what was wrong is mended; times: how often it came.
    """

    system = models.CharField(max_length=40)
    external = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=8)
    why = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict)
    field = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    telling = models.ForeignKey(Telling, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "digest"], condition=~models.Q(digest=""), name="arrival_refused_once"),
        ]
        indexes = [models.Index(fields=["system", "-id"], name="arrival_of_system"), models.Index(fields=["at"], name="arrival_at")]


class Reply(models.Model):
    """Where an outside system hears what became of its messages."""

    system = models.CharField(max_length=40, unique=True)
    url = models.CharField(max_length=300)


class Letter(models.Model):
    """What is told back to an outside system, in order for each of its messages. key: the same however often it is sent."""

    system = models.CharField(max_length=40)
    external = models.CharField(max_length=64)
    event = models.CharField(max_length=24)
    matter = models.PositiveBigIntegerField()
    key = models.CharField(max_length=64, unique=True)
    body = models.JSONField()
    state = models.CharField(max_length=8, default="waiting")
    at = models.DateTimeField()
    due = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    sent = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due", "id"], condition=models.Q(state="waiting"), name="letter_due"),
            models.Index(fields=["system", "-id"], name="letter_of_system"),
        ]


class Outage(models.Model):
    """A system that was not heard when it should have been. since: the last that was heard."""

    system = models.CharField(max_length=40)
    since = models.DateTimeField()
    noticed = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system"], condition=models.Q(ended=None), name="outage_one")]
