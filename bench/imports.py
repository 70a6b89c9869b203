"""How fast a file of messages goes in through the whole `receive`. Writes bench/results/imports-<database>.json.

    .venv/bin/python -m bench.imports --database sqlite
    .venv/bin/python tests/cluster.py --durable -- .venv/bin/python -m bench.imports --database postgresql

The district's town; messages of the demo's grammar, a third without a building's code, so that their place is read from
their words; several files one after the other, as `siqian import messages` takes them.
"""

import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from .spine import ROOT, commit, environment

FILES, ROWS = 4, 15_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as home:
        env = environment(Path(home), asked.database)
        subprocess.run([sys.executable, "-m", "bench.spine_town", "district"], cwd=ROOT, env=env, check=True)
        messages = json.loads((Path(home) / "messages.json").read_text(encoding="utf-8"))
        rates, counts = [], []
        for number in range(FILES):
            path = Path(home) / f"messages-{number}.csv"
            _write(path, messages[number * asked.rows : (number + 1) * asked.rows])
            command = [sys.executable, "-m", "siqian", "import", "messages", str(path)]
            said = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
            total, taken, joined, seconds = re.search(r"(\d+)行 = 新收(\d+) \+ 并入(\d+).*用了([\d.]+)秒", said).groups()
            rates.append(int(total) / float(seconds))
            counts.append({"taken": int(taken), "joined": int(joined)})
    result = {
        "command": f"python -m bench.imports --database {asked.database} --rows {asked.rows}",
        "commit": commit(),
        "cores": os.cpu_count(),
        "median": {"per_second": round(statistics.median(rates))},
        "per_second": [round(rate) for rate in rates],
        "counts": counts,
        "rows": asked.rows,
    }
    target = ROOT / "bench" / "results" / f"imports-{asked.database}.json"
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _write(path: Path, messages: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["编号", "内容", "楼栋编码", "姓名", "电话"])
        for number, (text, building, where) in enumerate(messages):
            named = number % 3 != 0
            told = text if named else f"{where}，{text}"
            writer.writerow([f"{path.stem}-{number}", told, building if named else "", "周", "19900000001"])


if __name__ == "__main__":
    main()
