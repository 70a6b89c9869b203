"""One row a clock, one row a pause."""

from django.db import models


class Task(models.Model):
    """Somebody's post owes something by a time. Open until it is stopped; `level` is how far it has climbed, `warned`
    how often its owner was reminded before.

    `minutes` or `working_days` is the term that runs from `started`; with neither, the day was appointed and nothing moves it.
    """

    about = models.CharField(max_length=64)
    what = models.CharField(max_length=16)
    post = models.CharField(max_length=32)
    person = models.CharField(max_length=24, blank=True)
    path = models.CharField(max_length=120)
    title = models.CharField(max_length=60)
    place = models.CharField(max_length=80)
    said_by = models.CharField(max_length=30)
    urgent = models.BooleanField(default=False)
    started = models.DateTimeField()
    minutes = models.PositiveIntegerField(null=True)
    working_days = models.PositiveSmallIntegerField(null=True)
    due = models.DateTimeField()
    promised = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=64, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    climbs_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)
    warns_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "what"], condition=models.Q(stopped=None), name="task_open_once")]
        indexes = [
            models.Index(fields=["about"]),
            models.Index(fields=["post", "due", "id"], condition=models.Q(stopped=None), name="task_todo"),
            models.Index(fields=["due", "id"], condition=models.Q(stopped=None), name="task_due"),
            models.Index(fields=["path"], condition=models.Q(stopped=None, what="settle"), name="task_waiting"),
            models.Index(fields=["what", "started"], condition=models.Q(what__in=["respond", "settle"]), name="task_kept"),
            models.Index(
                fields=["due"],
                condition=models.Q(what__in=["assign", "accept", "respond", "settle", "rate"]),
                name="task_fell_due",
            ),
            models.Index(fields=["climbs_at"], condition=models.Q(stopped=None), name="task_climbs"),
            models.Index(fields=["warns_at"], condition=models.Q(stopped=None, warns_at__isnull=False), name="task_warns"),
        ]


class Pause(models.Model):
    """A clock stands still from `since` until somebody goes on or the limit is reached, whichever comes first."""

    about = models.CharField(max_length=64)
    what = models.CharField(max_length=16)
    why = models.CharField(max_length=16)
    since = models.DateTimeField()
    limit = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "what"], condition=models.Q(until=None), name="pause_open_once")]
        indexes = [models.Index(fields=["about"]), models.Index(fields=["limit"], condition=models.Q(until=None), name="pause_limit")]
