"""The roster as every process holds it: read once an epoch, as plain values."""

from siqian.kernel import epochs

from . import rules
from .models import Holding, Leave, Person, Post, Shift
from .roster import Absence, Held, PersonLine, PostLine, Roster


def roster() -> Roster:
    """The roster as it stands now; questions take the instant that is meant."""
    # Posts bear the names of their areas, which a new map may change.
    return epochs.held("roster", _load, of=("roster", "map"))


def _load() -> Roster:
    """The whole roster as plain values: whole models would cost more than all else that a report does."""
    shifts: dict[int, list[rules.Shift]] = {}
    known: dict[tuple[int, int, int], rules.Shift] = {}
    for holding, *hours in Shift.objects.order_by("id").values_list("holding_id", "weekday", "start", "end"):
        shifts.setdefault(holding, []).append(known.setdefault((hours[0], hours[1], hours[2]), rules.Shift(*hours)))
    weeks: dict[tuple[rules.Shift, ...], tuple[rules.Shift, ...]] = {}
    columns = ("id", "post__code", "post__duty", "post__area__level", "post__area__path", "person__code", "since", "until", "post__unit")
    held = []
    # Of a post that was closed only the name is kept: nobody sits there, and nobody is missing.
    for id_, *row in Holding.objects.filter(post__ended=None).order_by("post__code", "id").values_list(*columns):
        # Thousands share a few weeks; each is kept once.
        week = tuple(shifts.get(id_, ()))
        held.append(Held._make([*row, weeks.setdefault(week, week)]))
    persons = Person.objects.values_list("code", "name", "name_en", "look")
    posts = Post.objects.values_list("code", "name", "name_en", "area__name", "area__name_en", "area__path", "unit")
    absences = Leave.objects.order_by("id").values_list("person__code", "stand_in__code", "since", "until")
    return Roster.of(
        (PersonLine(*row) for row in persons),
        (PostLine(*row) for row in posts),
        held,
        (Absence(person, stand_in or "", since, until) for person, stand_in, since, until in absences),
    )
