"""What browsers are given comes from where the lock says, as the lock says, whole or not at all."""

import base64
import gzip
import hashlib
import importlib.util
import io
import json
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def script(monkeypatch):
    loader = importlib.machinery.SourceFileLoader("browser_libraries", str(ROOT / "bin" / "browser-libraries"))
    spec = importlib.util.spec_from_loader("browser_libraries", loader)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "browser_libraries", module)
    loader.exec_module(module)
    return module


def packed(**files: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name.replace('_', '.')}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


@pytest.fixture
def shelf(script, tmp_path, monkeypatch):
    """A registry of one package, the lock that pins it, and the place it goes to."""
    content = packed(lamp_js="export const lamp = 'on'\n", secret_js="never asked for\n")
    registry = tmp_path / "registry" / "lamp" / "-"
    registry.mkdir(parents=True)
    (registry / "lamp-1.0.0.tgz").write_bytes(content)
    monkeypatch.setenv("npm_config_registry", (tmp_path / "registry").as_uri())
    lock, place = tmp_path / "browser.json", tmp_path / "static" / "vendor"
    digest = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    lock.write_text(json.dumps([{"name": "lamp", "version": "1.0.0", "integrity": digest, "files": {"lamp.js": "lamp.js"}}]))
    monkeypatch.setattr(script, "LOCK", lock)
    monkeypatch.setattr(script, "PLACE", place)
    return registry, lock, place


def test_only_what_is_named_is_unpacked_with_a_compressed_one_beside(script, shelf):
    _registry, _lock, place = shelf
    assert script.main(["--check"]) == 1
    assert script.main([]) == 0 == script.main(["--check"])
    assert sorted(path.name for path in place.iterdir()) == ["lamp.js", "lamp.js.gz", "lock.sha256"]
    assert gzip.decompress((place / "lamp.js.gz").read_bytes()) == (place / "lamp.js").read_bytes()


def test_it_is_not_fetched_again_while_the_lock_stands(script, shelf, monkeypatch):
    registry, lock, place = shelf
    assert script.main([]) == 0
    (registry / "lamp-1.0.0.tgz").unlink()
    assert script.main([]) == 0
    (place / "lamp.js").unlink()
    assert script.main([]) == 1, "a file that is gone is missed"
    lock.write_text(lock.read_text() + "\n")
    assert script.main([]) == 1, "another lock is another set"


def test_what_does_not_fit_its_digest_is_refused_and_the_old_set_stays(script, shelf, capsys):
    registry, lock, place = shelf
    assert script.main([]) == 0
    before = (place / "lamp.js").read_bytes()
    (registry / "lamp-1.0.0.tgz").write_bytes(packed(lamp_js="steal()"))
    lock.write_text(lock.read_text() + "\n")
    assert script.main([]) == 1
    assert "not what requirements/browser.json pins" in capsys.readouterr().err
    assert (place / "lamp.js").read_bytes() == before
    assert [path.name for path in place.parent.iterdir()] == ["vendor"], "nothing half is left"


def test_the_lock_names_versions_digests_and_licences():
    rows = json.loads((ROOT / "requirements" / "browser.json").read_text(encoding="utf-8"))
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    for row in rows:
        assert row["integrity"].startswith("sha512-") and row["version"][0].isdigit()
        assert row["name"].replace("-gl", "") in notice
        assert "://" not in json.dumps(row)
