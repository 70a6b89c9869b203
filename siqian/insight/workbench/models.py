"""Tables of the workbench: filters that a person keeps, and what one shift leaves to the next."""

from django.db import models


class SavedFilter(models.Model):
    """A way of looking at the to-do list, under a name of one's own. query: as it stands in the address."""

    person = models.CharField(max_length=64)
    name = models.CharField(max_length=24)
    query = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="filter_name")]


class HandOver(models.Model):
    """What whoever sat on a post leaves to whoever sits there next: a note, and one for each thing that is open.

    items: [{"about", "title", "place", "due", "note"}]; who comes next is what the roster said when it was written.
    """

    post = models.CharField(max_length=32)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    next = models.CharField(max_length=64, blank=True)
    next_name = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=400, blank=True)
    items = models.JSONField()
    at = models.DateTimeField()
    taken_by = models.CharField(max_length=64, blank=True)
    taken_name = models.CharField(max_length=30, blank=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post"], condition=models.Q(taken_at__isnull=True), name="handover_one_open")]
        indexes = [models.Index(fields=["post", "-id"], name="handover_post")]
