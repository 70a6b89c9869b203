"""One row a clock."""

from django.db import models


class Task(models.Model):
    """Somebody's post owes something by a time. Open until it is stopped; `level` is how far it has climbed.

    minutes or working_days: the promised term, from which the due time is reckoned anew when pauses are taken out.
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
    due = models.DateTimeField()
    promised = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=64, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    working_days = models.PositiveSmallIntegerField(default=0)
    paused = models.BooleanField(default=False)
    climbs_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "what"], condition=models.Q(stopped=None), name="task_open_once")]
        indexes = [
            models.Index(fields=["about"]),
            models.Index(fields=["post", "due", "id"], condition=models.Q(stopped=None), name="task_todo"),
            models.Index(fields=["due", "id"], condition=models.Q(stopped=None), name="task_due"),
            models.Index(fields=["path"], condition=models.Q(stopped=None, what="settle"), name="task_waiting"),
            models.Index(fields=["what", "started"], condition=models.Q(what__in=["respond", "settle"]), name="task_kept"),
            models.Index(fields=["climbs_at"], condition=models.Q(stopped=None), name="task_climbs"),
        ]


class Pause(models.Model):
    """A stretch that counts in no promise of a thing: due = start + term - pauses, reckoned anew and never a flag.

    until is open while it lasts; limit: when it ends by itself.
    """

    about = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    limit = models.DateTimeField()
    why = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about"], condition=models.Q(until=None), name="pause_open_once")]
        indexes = [models.Index(fields=["about"]), models.Index(fields=["limit"], condition=models.Q(until=None), name="pause_ends")]
