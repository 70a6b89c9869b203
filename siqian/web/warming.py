"""What every server process holds in memory, loaded once before the workers part from their parent."""

import gc

from django.db import DatabaseError, connections
from django.urls import get_resolver

from siqian.kernel import store
from siqian.spine.learn import queries as learn
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places

# Any point in the country: a question about one reads the index of all areas in.
SOMEWHERE = 114.05, 22.65


def warm() -> None:
    """Load pages, lists, register, map and roster, and leave no connection open: a worker must not share one.

    A database that is not there yet stops nothing: the pages say what is missing.
    """
    from . import wsgi  # noqa: F401  the application as the workers load it

    # Their addresses are looked up at the first request, and with them every page and the API are read in.
    get_resolver().resolve("/health")
    remit.kinds()
    try:
        with store.reading_all():
            # The list stands in files and in tables: what people changed on the page lies over it.
            learn.understand("")
            tables()
    except DatabaseError:
        pass
    finally:
        connections.close_all()
    # What is loaded stays: the collector would write into every page of it and so make each worker a copy of its own.
    gc.collect()
    gc.freeze()


def tables() -> None:
    """Register, map and roster, each by the smallest question that needs all of it."""
    places.read("1")
    places.at_point(*SOMEWHERE)
    people.person_name("")
    # The first look at the map needs where its areas lie.
    for level in ("community", "block", "grid"):
        places.spots(level)
