"""The house's settings with the floor beside its addresses."""

from siqian.web.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
