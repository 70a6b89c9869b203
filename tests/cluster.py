"""A private PostgreSQL for as long as a command runs; nobody else's server is touched and nothing is left behind.

python tests/cluster.py -- pytest -m database     the command finds the superuser's URL in SIQIAN_TEST_POSTGRES
python tests/cluster.py --durable -- bench/run    with fsync, as in production: for measurements
python tests/cluster.py                           prints the URL and stays until Ctrl-C or SIGTERM
"""

import argparse
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PORT = 54321  # only part of the socket's name: the server listens on no network address, so ports never collide
# A throw-away cluster need not outlive a power failure; with fsync the tests take several times as long.
HASTY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
SETTINGS = ["listen_addresses=", "max_connections=100", "shared_buffers=128MB", "log_min_messages=fatal", "timezone=UTC"]


class NoPostgres(Exception):
    """PostgreSQL cannot be started here; the text says why and what to do."""


def programs() -> Path:
    """The newest PostgreSQL's own folder: Debian keeps initdb and postgres off PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise NoPostgres("PostgreSQL's programs are missing. Install them: apt-get install --no-install-recommends postgresql")


def unprivileged() -> list[str]:
    """What to put before a command so that it runs as a user whom PostgreSQL accepts and ends when this process ends."""
    if not shutil.which("setpriv"):
        raise NoPostgres("the program setpriv is missing. Install it: apt-get install util-linux")
    as_postgres = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *as_postgres, "--pdeathsig=QUIT", "--"]


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster, yield its superuser's URL, stop and remove it."""
    binaries, before = programs(), unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="siqian-postgres-", dir=None if durable else in_memory()))
    try:
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        run_initdb([*before, str(binaries / "initdb")], folder)
        with running([*before, str(binaries / "postgres")], binaries / "pg_isready", folder, [] if durable else HASTY):
            yield f"postgresql://postgres@/postgres?host={folder}&port={PORT}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def in_memory() -> str | None:
    """A folder in memory, if it is roomy: copying a database of 300 small files there takes 6 ms, on a disk up to 300."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30 else None


def run_initdb(initdb: list[str], folder: Path) -> None:
    # "trust" is no door: the only socket lies in a folder which its owner alone may enter (0700), and root.
    options = ["-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run([*initdb, *options], cwd="/", capture_output=True, text=True)
    if made.returncode:
        raise NoPostgres(f"initdb failed in {folder}: {made.stderr.strip()}")


@contextmanager
def running(postgres: list[str], is_ready: Path, folder: Path, extra: list[str]) -> Iterator[None]:
    settings = [word for setting in [*SETTINGS, *extra] for word in ("-c", setting)]
    log = folder / "log"
    with log.open("wb") as lines:
        command = [*postgres, "-D", str(folder / "data"), "-k", str(folder), "-p", str(PORT), *settings]
        # A session of its own: Ctrl-C must not stop the server before the command that uses it has ended.
        server = subprocess.Popen(command, cwd="/", stdout=lines, stderr=lines, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while subprocess.run([is_ready, "-q", "-h", folder, "-p", str(PORT)], cwd="/").returncode:
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()[-800:]}")
            time.sleep(0.05)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: the data is thrown away
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def run(command: list[str], url: str) -> int:
    """Run the command in a group of its own, end all of that group however we are ended; return its exit code."""
    child = subprocess.Popen(command, env={**os.environ, "SIQIAN_TEST_POSTGRES": url}, start_new_session=True)
    try:
        return child.wait()
    finally:
        for number, patience in ((signal.SIGTERM, 4), (signal.SIGKILL, 1)):
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(child.pid, number)
                child.wait(patience)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--durable", action="store_true", help="with fsync, for benchmarks")
    parser.add_argument("command", nargs="*", help="after --: what to run while the cluster is up")
    args = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    try:
        with cluster(durable=args.durable) as url:
            if args.command:
                return run(args.command, url)
            print(url, flush=True)
            signal.pause()
    except NoPostgres as fault:
        print(f"tests/cluster.py: {fault}", file=sys.stderr)
        return 69  # EX_UNAVAILABLE
    except FileNotFoundError as fault:
        print(f"tests/cluster.py: there is no program {fault.filename}", file=sys.stderr)
        return 127
    return 0


if __name__ == "__main__":
    sys.exit(main())
