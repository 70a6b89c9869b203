"""What is there already is gone on with, whatever size is asked for."""

import json
from datetime import date

import pytest

import demo
from demo import full, making
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import queries
from siqian.town.people import actions as people_actions, queries as people
from siqian.town.places import queries as places


@pytest.mark.long
def test_a_home_with_a_small_town_stays_a_small_town(town, tmp_path, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(making, "MATTERS", 3)
    assert demo.make(tmp_path, size="district", told=said.append) == "small"
    assert "已经有一个示例（small）" in said[0]
    # The newcomer's ten, the five petitions, the five done together, three raised on a visit, what patrols handed on, and the three
    # of the short weeks, eleven without water, and what the city's app and fifteen other systems sent, as far as they did not join.
    assert 40 <= sum(queries.states(seen_by=OFFICE).values()) <= 67


CODES = [f"songtao-{number}" for number in range(1, 7)] + [f"mumian-{number}" for number in range(1, 5)]


def lived_in():
    """Whoever lives in these buildings, by room, as staff see them."""
    homes = {code: people.homes(code, seen_by=OFFICE) for code in CODES}
    return {f"{code}-{label}": [line.name for line in lines] for code, found in homes.items() for label, lines in found.items()}


def test_a_filling_that_is_cut_off_goes_on_where_it_stopped(town, tmp_path, monkeypatch):
    enroll, calls = people_actions.enroll, []

    def cut(**more):
        calls.append(len(more["residents"]))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return enroll(**more)

    monkeypatch.setattr(full, "TOGETHER", 4)
    monkeypatch.setattr(people_actions, "enroll", cut)
    full.begin(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        full.fill(tmp_path, CODES, told=lambda _: None)
    assert full.standing(tmp_path)["buildings"] == 8 and places.units(CODES[9]) == [], "the third chunk left nothing"
    # Written, but not yet noted as written: the same buildings come again and nobody is in them twice.
    (tmp_path / full.FILE).write_text(json.dumps(full.standing(tmp_path) | {"buildings": 4}))
    full.fill(tmp_path, CODES, told=lambda _: None)
    now = full.standing(tmp_path)
    assert now["buildings"] == now["of"] == 10 and all(len(places.units(code)) == 108 for code in CODES)
    assert sum(map(len, lived_in().values())) == sum(calls[:2]) + calls[2] and people.resident_faults() == []


def test_the_same_seed_moves_the_same_people_in_and_most_homes_are_lived_in(town, tmp_path):
    full.begin(tmp_path)
    full.fill(tmp_path, CODES, told=lambda _: None)
    found = lived_in()
    assert 0.7 < len(found) / (108 * len(CODES)) < 0.9 and 2.1 < sum(map(len, found.values())) / len(found) < 2.5
    row = next(iter(full.residents.of("songtao-1", places.units("songtao-1"), date(2026, 7, 13))))
    assert found[f"songtao-1-{row.label}"][0] == f"{row.name[0]}**" and row.phone.startswith("1990000")
