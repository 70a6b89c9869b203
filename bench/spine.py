"""How fast a report is received, against the floor of the same stack in the same run. Writes bench/results/spine-<database>.json.

    .venv/bin/python -m bench.spine --database sqlite
    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.spine --database postgresql

Four clients on keep-alive connections, granian with two workers, the district or the small town; floor and report take turns.
The floor reads and checks the same message in the same stack and inserts one row.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
CLIENTS, ROUNDS = 4, 5
# Seconds in which the worker finds and does what is due.
WORKED = 8
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--size", choices=("small", "district"), default="district")
    parser.add_argument("--items", type=int, default=0, help="a responsibility list of so many items instead of the one that ships")
    parser.add_argument("--slow", type=int, default=0, metavar="MS", help="a disk that takes so much longer to flush; needs cc")
    parser.add_argument("--seconds", type=float, default=4.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        env = environment(Path(home), asked.database)
        env |= _long_list(Path(home) / "catalogue", asked.items) if asked.items else {}
        subprocess.run([sys.executable, "-m", "bench.spine_town", asked.size], cwd=ROOT, env=env, check=True)
        env |= _slow_disk(Path(home), asked.slow)
        port = free_port()
        command = [sys.executable, "-m", "siqian", "serve", "--port", str(port), "--workers", "2"]
        server = subprocess.Popen(command, cwd=ROOT, env=env)
        try:
            wait_for(port)
            messages = iter(json.loads((Path(home) / "messages.json").read_text(encoding="utf-8")))
            result = _measure(port, messages, asked.seconds, server.pid)
            result["memory_with_worker_mb"] = _with_worker(server.pid, env)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
        if asked.database == "sqlite":
            result["disk_commits_per_second"] = _disk_commits(Path(home) / "disk.db", env)
    result |= {
        "command": f"python -m bench.spine --database {asked.database} --size {asked.size} --items {asked.items} --slow {asked.slow}",
        "commit": commit(),
        "cores": os.cpu_count(),
    }
    name = "-".join(
        ["spine", asked.database, *["small"] * (asked.size == "small"), *["long-list"] * (asked.items > 0), *["slow"] * (asked.slow > 0)]
    )
    target = ROOT / "bench" / "results" / f"{name}.json"
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _measure(port: int, messages: Iterator[list[str]], seconds: float, server: int) -> dict[str, object]:
    rounds: dict[str, list[dict[str, float]]] = {"floor": [], "report": []}
    _run(port, "report", messages, 1.0, server)
    for _ in range(ROUNDS):
        for what in rounds:
            rounds[what].append(_run(port, what, messages, seconds, server))
    median = {what: {key: round(statistics.median(one[key] for one in runs), 2) for key in runs[0]} for what, runs in rounds.items()}
    ratio = round(median["report"]["per_second"] / median["floor"]["per_second"], 3)
    return {"median": median, "ratio_to_floor": ratio, "rounds": ROUNDS, "clients": CLIENTS, "memory_mb": memory(server)}


def _with_worker(server: int, env: dict[str, str]) -> int:
    """PSS of the server together with a worker that has done what was due, MB."""
    worker = subprocess.Popen([sys.executable, "-m", "siqian", "worker"], cwd=ROOT, env=env)
    try:
        time.sleep(WORKED)
        return memory(server) + memory(worker.pid)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(120)  # it ends what it has begun: after so many reports in so few seconds that may be a night's work


def _run(port: int, what: str, messages: Iterator[list[str]], seconds: float, server: int) -> dict[str, float]:
    spans: list[float] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=_client, args=(port, what, messages, until, spans)) for _ in range(CLIENTS)]
    begun, busy = time.perf_counter(), _busy(server)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, after = time.perf_counter() - begun, _busy(server)
    work = {part: (after[part] - busy[part]) / len(spans) * 1000 for part in busy}
    spans.sort()
    return {
        "per_second": len(spans) / took,
        "p50_ms": spans[len(spans) // 2] * 1000,
        "p95_ms": spans[int(len(spans) * 0.95)] * 1000,
        "cpu_ms": sum(work.values()),
        **{f"cpu_ms_{part}": spent for part, spent in work.items()},
    }


def _client(port: int, what: str, messages: Iterator[list[str]], until: float, spans: list[float]) -> None:
    wire = http.client.HTTPConnection("127.0.0.1", port)
    while time.perf_counter() < until:
        text, building, _ = next(messages)
        sent = json.dumps({"text": text, "building": building, "name": "周", "phone": "19900000001"}).encode()
        begun = time.perf_counter()
        try:
            wire.request("POST", "/api/floor/" if what == "floor" else "/api/intake/api", sent, {"Content-Type": "application/json"})
            answer = wire.getresponse()
            said = answer.read()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            # The server may end a kept-alive connection at any time; the request is made again on a new one.
            wire.close()
            continue
        spans.append(time.perf_counter() - begun)
        if answer.status != 201:
            raise SystemExit(f"{what}: {answer.status} {said[:300]!r}")


def _long_list(folder: Path, count: int) -> dict[str, str]:
    """An overlay with as many further items as are missing, each under a subclass of the list and known by words of its own."""
    from siqian.spine.remit import queries as remit

    shipped = [item for item in remit.items().values() if item.words]
    lines = ["version: bench", "effective: 2026-01-01", "rows:"]
    for number in range(count - len(remit.items())):
        like = shipped[number % len(shipped)]
        words = [f"{word.strip('?').replace('+', '')}{chr(0x5200 + number % 4096)}号" for word in like.words[:9]]
        row = {
            "code": f"{like.code}{500 + number // len(shipped)}",
            "zh": f"{like.zh}{number}",
            "en": f"{like.en} {number}",
            "lead": like.lead,
        }
        lines.append(f"  - {json.dumps(row | {'words': words, 'sample': words[0]}, ensure_ascii=False)}")
    (folder / "remit").mkdir(parents=True)
    (folder / "remit" / "items-bench.yaml").write_text("\n".join(lines), encoding="utf-8")
    return {"SIQIAN_CATALOGUE_DIR": str(folder)}


def _slow_disk(home: Path, milliseconds: int) -> dict[str, str]:
    if not milliseconds:
        return {}
    subprocess.run(["cc", "-shared", "-fPIC", "-o", home / "slow.so", ROOT / "bench" / "slow_disk.c", "-ldl"], check=True)
    return {"LD_PRELOAD": str(home / "slow.so"), "SLOW_US": str(milliseconds * 1000)}


def _disk_commits(path: Path, env: dict[str, str]) -> int:
    """What the disk allows at most, commits a second: one row each, synchronous=FULL, one process, nothing else."""
    said = subprocess.run([sys.executable, "-c", DISK, path], env=env, check=True, capture_output=True, text=True).stdout
    return round(float(said))


DISK = """
import sqlite3, sys, time
sql = sqlite3.connect(sys.argv[1], isolation_level=None)
sql.executescript("pragma journal_mode=wal; pragma synchronous=full; create table floor (id integer primary key, words text)")
begun, count = time.perf_counter(), 0
while time.perf_counter() - begun < 3:
    sql.execute("insert into floor (words) values ('3栋楼梯灯不亮')")
    count += 1
print(count / (time.perf_counter() - begun))
"""


def environment(home: Path, database: str) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIQIAN_") or name == "SIQIAN_TEST_POSTGRES"}
    env |= {"SIQIAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONPATH": str(ROOT)}
    if database == "postgresql":
        parts = urlsplit(os.environ["SIQIAN_TEST_POSTGRES"])
        served = {role: f"postgresql://{role}@/siqian_bench?{parts.query}" for role in ("siqian_app", "siqian_owner")}
        env |= {"SIQIAN_DATABASE": served["siqian_app"], "SIQIAN_DATABASE_OWNER": served["siqian_owner"]}
    return env


def _busy(server: int) -> dict[str, float]:
    """Seconds of work so far of the server, the database and the clients in this process; nothing else on the machine counts."""
    databases = [int(path.name) for path in Path("/proc").glob("[0-9]*") if _name(path) == "postgres"]
    parts = {"server": [server, *_children(server)], "database": databases, "clients": [os.getpid()]}
    return {part: sum(map(_work, pids)) for part, pids in parts.items()}


def _work(pid: int) -> float:
    """User and system time of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(part) for part in fields[11:13]) / TICK


def _name(path: Path) -> str:
    try:
        return (path / "comm").read_text().strip()
    except OSError:
        return ""


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(server: int) -> int:
    """PSS of the server and its workers, MB."""
    pages = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in (server, *_children(server))]
    return sum(int(line.split()[1]) for text in pages for line in text.splitlines() if line.startswith("Pss:")) // 1024


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            wire = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            wire.request("GET", "/health")
            if wire.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not answer within a minute")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def commit() -> str:
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
