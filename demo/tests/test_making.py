"""What is there already is gone on with, whatever size is asked for."""

import demo
from demo import making
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import queries


def test_a_home_with_a_small_town_stays_a_small_town(town, tmp_path, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(making, "MATTERS", 3)
    assert demo.make(tmp_path, size="district", told=said.append) == "small"
    assert "已经有一个示例（small）" in said[0]
    # The newcomer's nine, and the three that the short weeks brought, as far as they did not join.
    assert 5 <= sum(queries.states(seen_by=OFFICE).values()) <= 12
