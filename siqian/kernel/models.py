"""The kernel's tables: journal, deliveries, anchors, keys, files, epochs, lineage."""

from django.db import models


class Entry(models.Model):
    """One line of the journal: references and ciphertext only, chained by hash within its subject."""

    append_only = True

    subject = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    body = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="entry_once")]
        indexes = [models.Index(fields=["name", "at"])]


class Delivery(models.Model):
    """An entry that one reader still has to hear, or has heard."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        DEAD = "dead"

    reader = models.CharField(max_length=96)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=64)
    due = models.DateTimeField()
    state = models.CharField(max_length=4, choices=State, default=State.DUE)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "entry"], name="delivery_once")]
        indexes = [
            models.Index(fields=["due", "id"], condition=models.Q(state="due"), name="delivery_due"),
            models.Index(fields=["reader", "subject", "id"], condition=models.Q(state="due"), name="delivery_order"),
        ]


class Anchor(models.Model):
    """A signed Merkle root over all chain heads up to one entry: what was written before cannot be rewritten after."""

    append_only = True

    at = models.DateTimeField()
    upto = models.BigIntegerField()
    subjects = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)


class Key(models.Model):
    """A person's own key, wrapped by the master key. Destroyed when the person is to be forgotten."""

    subject = models.CharField(max_length=64, primary_key=True)
    wrapped = models.BinaryField()
    made = models.DateTimeField()


class File(models.Model):
    """What was attached, by content hash; the bytes lie in the files folder."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    kept = models.DateTimeField()


class Epoch(models.Model):
    """The version of a table that processes hold in memory: another number after every change, never one that was used before."""

    name = models.CharField(max_length=24, primary_key=True)
    number = models.BigIntegerField()


class Link(models.Model):
    """Lineage: this came of that."""

    source = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=32)
    target = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "target"], name="link_once")]


class Taken(models.Model):
    """A key under which something of one sender was taken: what was sent, in short, and what was answered.

    `then` is when the sender says that it was done; no clock counts by it.
    """

    who = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    answer = models.JSONField()
    then = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="taken_once")]
        indexes = [models.Index(fields=["who", "at"], name="taken_lately")]
