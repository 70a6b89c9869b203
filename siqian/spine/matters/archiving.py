"""The verb by which matters that are over go to the archive (归档): read from then on, and changed by nobody."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, Thing, must, or_refuse

from . import rules
from .events import MattersArchived
from .models import Matter, Petition, Step


@office_verb
def archive(*, most: int = 2000, by: Actor, at: datetime) -> int:
    """Archive what ended long ago, so many at once, the oldest first; gives how many. Records matters.archived, one for the range.

    Not yet: what somebody wrote about since, and a petition about which the next one up may still be asked.
    """
    must(by, "archive", Thing("matter", area="/"))
    since = at - rules.ARCHIVE_AFTER
    touched = Step.objects.filter(matter=OuterRef("id"), at__gt=since)
    asked = Petition.objects.filter(matter=OuterRef("id"), due__isnull=False)
    over = Matter.objects.filter(state__in=sorted(rules.ARCHIVABLE), received__lte=since).exclude(Exists(touched)).exclude(Exists(asked))
    ids = sorted(over.order_by("received").values_list("id", flat=True)[:most])
    if not ids:
        return 0
    count = 0
    for state in sorted(rules.ARCHIVABLE):
        following = or_refuse(rules.MATTER.then(state, "archive"))
        count += Matter.objects.filter(id__among=ids, state=state).update(state=following, ended=state, archived=at)
    record(MattersArchived(f"matters:{ids[0]}-{ids[-1]}", ids[0], ids[-1], count), by=by, at=at)
    return count
