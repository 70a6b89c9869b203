"""One row a clock."""

from django.db import models


class Task(models.Model):
    """Somebody's post owes something by a time. Open until it is stopped; `level` is how far it has climbed."""

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
