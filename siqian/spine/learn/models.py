"""Tables of what is learned: lessons, models, which of them is in force, and what holds them back. None holds a resident's words."""

from django.db import models


class Lesson(models.Model):
    """Somebody confirmed what a message is about, by a ruling or because it was settled as that. The last one about a thing holds.

    item: what it is; guess, share, sure, version: what was thought of it as it came in, by what. letters: how long it was;
    age: whether the words speak of the old or of the young. The words themselves stay with whoever owns the thing.
    """

    append_only = True

    about = models.CharField(max_length=64)
    item = models.CharField(max_length=16)
    how = models.CharField(max_length=8)
    guess = models.CharField(max_length=16, blank=True)
    share = models.FloatField()
    sure = models.BooleanField()
    version = models.CharField(max_length=24)
    channel = models.CharField(max_length=16)
    letters = models.PositiveIntegerField()
    age = models.CharField(max_length=8, blank=True)
    told = models.DateTimeField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["about", "id"]), models.Index(fields=["at"])]


class Trained(models.Model):
    """A model that was made one night, with its card; the weights are a file of this sum."""

    append_only = True

    weights = models.CharField(max_length=64)
    card = models.JSONField()
    passed = models.BooleanField()
    why = models.CharField(max_length=16)
    at = models.DateTimeField()


class Posting(models.Model):
    """From now on this model takes part in what is understood; none: words alone."""

    append_only = True

    trained = models.ForeignKey(Trained, null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12)
    why = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()


class Raised(models.Model):
    """What went out lately without a person was wrong too often: the probability below which nothing goes out any more."""

    append_only = True

    trained = models.ForeignKey(Trained, on_delete=models.PROTECT, related_name="+")
    floor = models.FloatField()
    messages = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    at = models.DateTimeField()


class Night(models.Model):
    """One try a day to learn anew, whoever begins it first. said: why nothing came of it.

    checked: what was understood over the last thirty days was confirmed often enough to be called checked in this district.
    """

    day = models.DateField(unique=True)
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    trained = models.ForeignKey(Trained, null=True, on_delete=models.PROTECT, related_name="+")
    said = models.JSONField(default=dict)
    checked = models.BooleanField(default=False)
