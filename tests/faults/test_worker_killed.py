"""A worker is killed at the worst moment; whoever had to hear of it hears of it, once."""

from datetime import timedelta

import pytest

from siqian.kernel import clock, deliveries, links
from siqian.kernel.models import Delivery
from siqian.kernel.permits import OFFICE
from tests.faults import bells


@pytest.mark.parametrize("moment", ["claimed", "hearing"])
def test_a_killed_worker_loses_nothing_and_tells_nobody_twice(db, process, moment):
    now = clock.now()
    bells.ring(bell="bell:1", number=1, by=OFFICE, at=now)
    worker = process({"SIQIAN_HOME": str(db.home), "SIQIAN_DATABASE": db.url}, "work", moment)
    assert worker.stdout.readline() == f"{moment}\n"
    worker.kill()
    worker.wait()

    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("due", 1) and row.leased_until is not None
    assert links.came_of("bell:1", "heard") == [], "what the reader had begun went with it"
    assert deliveries.work(at=row.leased_until - timedelta(seconds=1)) == 0, "the lease holds until it ends"
    assert deliveries.work(at=row.leased_until) == 1
    assert links.came_of("bell:1", "heard") == ["number:1"]
    assert deliveries.standing() == deliveries.Standing(0, 0, None)
