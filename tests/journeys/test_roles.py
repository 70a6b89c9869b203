"""Eight people walk their own pages in Chromium, step by step, as docs/roles.md tells it to a reader."""

import pytest

from .scripts import DOC, ORDER, load, render
from .walking import SIZES, Walk

SPOT = {"geolocation": {"longitude": 114.03, "latitude": 22.66}, "permissions": ["geolocation"]}


@pytest.mark.parametrize("name", ORDER)
def test_role_walks_its_script(visitor, tmp_path, name):
    def open_(who, size):
        # Whoever is no role of the demo is somebody at the door, with a browser that nobody has used.
        return visitor("" if who.startswith("somebody") else who, SIZES[size], **SPOT)

    script = load(name)
    assert len(script.steps) >= 20
    Walk(script, open_).play(tmp_path)


def test_the_document_says_what_the_machine_walks():
    assert DOC.read_text(encoding="utf-8") == render(), "python -m tests.journeys.scripts --render"
