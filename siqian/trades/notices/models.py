"""What somebody was told, by which ways they agreed to be told, and what went out to them."""

from django.db import models

from siqian.kernel.said import said


class Notice(models.Model):
    """`to` is whom it is for: post:…, account:… or telling:…; the sentence is a template with its values beside it."""

    to = models.CharField(max_length=64)
    about = models.CharField(max_length=64)
    text = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "about", "text", "at"], name="notice_once")]
        indexes = [models.Index(fields=["to", "-at"])]


class Consent(models.Model):
    """Somebody agreed to be told by a way that leaves the house. Withdrawn ones stay: they say from when to when it was lawful.

    The address lies sealed under the key of `subject`, which the person's erasure destroys.
    """

    reader = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    subject = models.CharField(max_length=64)
    sealed = models.TextField()
    masked = models.CharField(max_length=140)
    given = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "channel"], condition=models.Q(withdrawn=None), name="consent_once"),
        ]


class Habit(models.Model):
    """When somebody wants to be left alone and when the digest is to come, minutes after midnight; no row: as usual."""

    reader = models.CharField(max_length=64, unique=True)
    quiet_from = models.PositiveSmallIntegerField()
    quiet_to = models.PositiveSmallIntegerField()
    digest_at = models.PositiveSmallIntegerField()


class Outgoing(models.Model):
    """One message that leaves the house. day: of a digest, of which there is one a reader, channel and day."""

    class State(models.TextChoices):
        WAITING = "waiting", said("等着发")
        SENT = "sent", said("发出了")
        DELIVERED = "delivered", said("送到了")
        BOUNCED = "bounced", said("没送到")
        FAILED = "failed", said("没发出去")
        DROPPED = "dropped", said("不发了")

    reader = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    urgency = models.CharField(max_length=8)
    day = models.DateField(null=True)
    notices = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    masked = models.CharField(max_length=140, blank=True)
    receipt = models.CharField(max_length=80, blank=True)
    sent = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "channel", "day"], condition=models.Q(day__isnull=False), name="digest_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["due"], condition=models.Q(state="waiting"), name="outgoing_due"),
            models.Index(fields=["reader"]),
        ]
