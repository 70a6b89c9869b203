"""Tables of the knowledge base. What was written never changes: a better wording is a new version."""

from django.db import models


class Answer(models.Model):
    """One question with its answer. `version` is the newest that was written, `shown` the one that everybody reads (0: none)."""

    path = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default="draft")
    item = models.CharField(max_length=12)
    unit = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField(default=1)
    shown = models.PositiveSmallIntegerField(default=0)
    review = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "review"])]


class Version(models.Model):
    """What somebody wrote. `review` is the day on which it is to be looked at again, `once` the code of the form it came by."""

    append_only = True

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=80)
    text = models.TextField()
    question_en = models.CharField(max_length=200, blank=True)
    text_en = models.TextField(blank=True)
    item = models.CharField(max_length=12)
    unit = models.CharField(max_length=32)
    basis = models.CharField(max_length=120, blank=True)
    review = models.DateField()
    once = models.CharField(max_length=32, blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="answer_version_once"),
            models.UniqueConstraint(fields=["once"], condition=~models.Q(once=""), name="answer_written_once"),
        ]


class Step(models.Model):
    """What became of a version: published, reviewed or retired, by whom, with what word."""

    append_only = True

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)
    review = models.DateField(null=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()


class NotHelped(models.Model):
    """Somebody whom an answer did not help. `mark` lets a browser or a telling say so once; nothing here says who it was."""

    append_only = True

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveSmallIntegerField()
    day = models.DateField()
    mark = models.CharField(max_length=64)
    telling = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "version", "mark"], name="not_helped_once")]
        indexes = [models.Index(fields=["day"])]
