"""The house of all tests: settings of their own, the database as clones, threads that race, signed-in visitors."""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# How long an example takes is the machine's affair: speed is measured in bench/.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
SUPERUSER = os.environ.get("SIQIAN_TEST_POSTGRES", "")
HOME = Path(tempfile.mkdtemp(prefix="siqian-tests-"))


def _settings_of_our_own() -> None:
    """Nothing that a developer has set reaches a test, and no test reaches a developer's home."""
    from tests import clones

    for name in [name for name in os.environ if name.startswith("SIQIAN_") and name != "SIQIAN_TEST_POSTGRES"]:
        del os.environ[name]
    os.environ |= {"DJANGO_SETTINGS_MODULE": "siqian.web.settings", "SIQIAN_HOME": str(HOME), "SIQIAN_SECRET": "only for tests"}
    if SUPERUSER:
        os.environ["SIQIAN_DATABASE"] = clones.served_as(SUPERUSER, clones.APP)
        os.environ["SIQIAN_DATABASE_OWNER"] = clones.served_as(SUPERUSER, clones.OWNER)


def pytest_configure(config: pytest.Config) -> None:
    import django
    from django.conf import settings

    _settings_of_our_own()
    settings.PASSWORD_HASHERS = ["siqian.testing.QuickHasher"]
    if not SUPERUSER:
        # A killed test process loses nothing that was committed; only a power cut would, and no test survives that.
        options = settings.DATABASES["default"]["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    django.setup()
    from django.test.utils import setup_test_environment

    from siqian.spine.learn import queries as learn
    from siqian.spine.remit import queries as remit

    setup_test_environment()
    # A test without a database knows the list as the files have it, and understands by words alone.
    remit.follow(None)
    learn.follow(None)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses the database; leave out what only PostgreSQL can show when there is none."""
    for item in items:
        if "db" in getattr(item, "fixturenames", ()):
            item.add_marker("database")
    if SUPERUSER:
        return
    left_out = [item for item in items if "postgres" in getattr(item, "fixturenames", ())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def shelf(worker_id: str) -> Iterator[Any]:
    """Templates and clones of this process."""
    from django.db.backends.signals import connection_created

    from tests.clones import Shelf

    shelf = Shelf(HOME, SUPERUSER, f"{worker_id}_{os.getpid()}")
    connection_created.connect(shelf.connected)
    yield shelf
    connection_created.disconnect(shelf.connected)
    shelf.clear()


@pytest.fixture
def db(shelf: Any) -> Iterator[Any]:
    """A database of this test's own with the small town in it; commits are real. Yields a `tests.clones.Clone`."""
    from siqian import testing
    from siqian.spine.learn import queries as learn, standing as learned
    from siqian.spine.remit import queries as remit, standing

    _forget_what_outlives_a_test()
    clone = shelf.take(testing.lay_in_town)
    remit.follow(standing.made)
    learn.follow(learned.served)
    yield clone
    remit.follow(None)
    learn.follow(None)
    shelf.give_back()


@pytest.fixture
def postgres(db: Any) -> Any:
    """The same, for what only PostgreSQL can show: such a test is left out elsewhere."""
    return db


@pytest.fixture
def town(db: Any) -> Any:
    """The small named town: `town.actor("chen")`, `town.resident("zhou")`, `town.place("松涛苑3栋")`."""
    from siqian import testing

    return testing.town


@pytest.fixture
def journal(db: Any) -> Any:
    """`journal.of(ref)` gives the names of what happened to one thing."""
    from siqian import testing

    return testing.journal


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`settings_of(NAME=value)`: another setting for this test."""
    from django.conf import settings

    def change(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setattr(settings, name, value)

    return change


@dataclass(frozen=True)
class Finish:
    """How one runner of a race came in: a value, or why not."""

    value: Any = None
    error: BaseException | None = None

    @property
    def ok(self) -> bool:
        return self.error is None

    @property
    def why(self) -> str:
        return str(self.error or "")


@pytest.fixture
def offices(town: Any) -> Any:
    """The small town with its three administrators."""
    from siqian import testing

    testing.seat_administrators()
    return town


@pytest.fixture
def race(db: Any) -> Callable[..., list[Finish]]:
    """`race(one, other, …)` starts them all at once, each with its own connection; finishes in the order given."""

    def run(*runners: Callable[[], Any]) -> list[Finish]:
        start, finishes = threading.Barrier(len(runners)), [Finish(error=TimeoutError("did not finish"))] * len(runners)

        def one(number: int, runner: Callable[[], Any]) -> None:
            from django.db import connections

            try:
                start.wait(10)
                finishes[number] = Finish(runner())
            except BaseException as error:
                finishes[number] = Finish(error=error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair, daemon=True) for pair in enumerate(runners)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return finishes

    return run


@pytest.fixture
def client(db: Any) -> Any:
    """A visitor who has not signed in."""
    from django.test import Client

    return Client()


@pytest.fixture
def signed_in(db: Any) -> Callable[[str], Any]:
    """`signed_in("chen")` gives a visitor who is signed in with that account."""

    def visitor(username: str) -> Any:
        from django.contrib.auth import get_user_model
        from django.test import Client

        visitor = Client()
        visitor.force_login(get_user_model().objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        return visitor

    return visitor


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real material that the project did not write: beside the checkout, or the test is skipped and says so."""
    folder = Path(__file__).resolve().parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data")
    return folder


def _forget_what_outlives_a_test() -> None:
    from siqian.insight.topics import following
    from siqian.kernel import epochs
    from siqian.town.places import index, queries

    epochs.forget()
    following.forget()
    queries.register.cache_clear()
    index.at_epoch.cache_clear()
