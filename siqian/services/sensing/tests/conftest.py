"""What stories of sensors begin with."""

from datetime import timedelta

import pytest


@pytest.fixture
def gauges(town):
    """The town's sensors, registered at half past eight."""
    # Django is awake by now; it was not when pytest read this file.
    from siqian.kernel.permits import OFFICE
    from siqian.services.sensing import actions
    from siqian.testing import monday_nine

    from .gauges import rows

    actions.register_sensors(sensors=rows(), by=OFFICE, at=monday_nine - timedelta(minutes=30))
