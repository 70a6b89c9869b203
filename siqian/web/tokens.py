"""Bearer tokens of the demo: one for each role, written to DIR/demo-tokens.json. Never accepted outside the demo."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

FILE = "demo-tokens.json"


def account_of(request: HttpRequest) -> int | None:
    """The account that a bearer token stands for, if this is a demo and the token is one of its."""
    header = request.headers.get("Authorization", "")
    if not settings.SIQIAN_DEMO or not header.startswith("Bearer "):
        return None
    path = Path(settings.SIQIAN_HOME) / "demo-accounts.json"
    if not path.exists():
        return None
    return _accounts(path, path.stat().st_mtime_ns).get(hashlib.sha256(header.removeprefix("Bearer ").strip().encode()).hexdigest())


@lru_cache(maxsize=2)
def _accounts(path: Path, _changed: int) -> dict[str, int]:
    return {str(mark): int(account) for mark, account in json.loads(path.read_text(encoding="utf-8")).items()}


def write(home: Path, tokens: dict[str, tuple[str, int]]) -> None:
    """role -> (token, account). The tokens go to the file for people, their hashes to the one that the server reads."""
    (home / FILE).write_text(
        json.dumps({role: token for role, (token, _) in tokens.items()}, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    (home / FILE).chmod(0o600)
    marks = {hashlib.sha256(token.encode()).hexdigest(): account for token, account in tokens.values()}
    (home / "demo-accounts.json").write_text(json.dumps(marks), encoding="utf-8")
