"""The adviser outside, with a double at the network's edge that behaves and one that misbehaves."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from siqian.spine.learn import outsider
from siqian.spine.learn.outsider import MOST_BYTES, Endpoint, Kept, NoAnswer

ITEMS = {"2.2.2": "楼道照明", "1.1.1": "高空抛物"}


def content(said: str) -> bytes:
    return json.dumps({"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": said}}]}).encode()


@pytest.fixture
def double():
    """An endpoint whose answer a test sets: (status, headers, body or a function that writes it)."""
    asked: list[tuple[str, dict, dict]] = []

    class Handler(BaseHTTPRequestHandler):
        answer: tuple = (200, {}, b"")

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, dict(self.headers), body))
            status, headers, written = self.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                written(self.wfile) if callable(written) else self.wfile.write(written)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Handler.asked, Handler.url = asked, f"http://127.0.0.1:{server.server_port}/v1"
    yield Handler
    server.shutdown()
    server.server_close()


def ask(double, text="楼道黑漆漆的"):
    return Endpoint(double.url, "small", "secret").item(text, ITEMS)


def test_it_is_asked_by_the_protocol_and_names_one_item_of_the_list(double):
    double.answer = (200, {"Content-Type": "application/json"}, content('{"item": "2.2.2"}'))
    assert ask(double) == "2.2.2"
    ((path, headers, body),) = double.asked
    assert path == "/v1/chat/completions" and headers["Authorization"] == "Bearer secret"
    assert body["model"] == "small" and body["messages"][1] == {"role": "user", "content": "楼道黑漆漆的"}
    assert "2.2.2 楼道照明" in body["messages"][0]["content"]


@pytest.mark.parametrize(
    "body",
    [
        content('{"item": "9.9.9"}'),
        content('{"item": ""}'),
        content('{"item": 222}'),
        content('{"item": "2.2.2", "dispatch": true}'),
        content('["2.2.2"]'),
        content("我觉得是2.2.2"),
        b'{"choices": []}',
        b'{"choices": "none"}',
        b'{"error": {"message": "no such model"}}',
        b'{"choices": [{"message": {"content": null}}]}',
        content('{"item": "2.2.2"}') + b" " * MOST_BYTES,
    ],
    ids=["unknown", "none", "number", "more", "list", "prose", "empty", "shape", "error", "null", "huge"],
)
def test_an_answer_of_another_shape_names_nothing(double, body):
    double.answer = (200, {}, body)
    assert ask(double) == ""


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (500, {}, b"{}"),
        (429, {}, content('{"item": "2.2.2"}')),
        (200, {"Content-Type": "text/html"}, b"<!doctype html><p>sign in"),
        (200, {}, b""),
        (200, {"Content-Length": "500"}, b"{"),
        (302, {"Location": "/v1/elsewhere"}, b""),
    ],
    ids=["500", "429", "html", "empty", "cut", "redirect"],
)
def test_no_answer_of_the_protocol_is_none_and_may_be_asked_again(double, status, headers, body):
    double.answer = (status, headers, body)
    with pytest.raises(NoAnswer):
        ask(double)
    assert len(double.asked) == 1


def test_nobody_there_is_no_answer():
    with pytest.raises(NoAnswer):
        Endpoint("http://127.0.0.1:9/v1", "small").item("楼道黑", ITEMS)


def _drip(wfile):
    for _ in range(40):
        wfile.write(b" ")
        wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [lambda wfile: time.sleep(2), _drip], ids=["silent", "dripping"])
def test_however_slowly_it_comes_the_limit_is_kept(double, slow, monkeypatch):
    monkeypatch.setattr(outsider, "LIMIT_S", 0.3)
    double.answer = (200, {}, slow)
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        ask(double)
    assert time.monotonic() - began < 1.5


def test_what_was_answered_is_kept_by_what_was_asked(tmp_path):
    kept = Kept(tmp_path / "adviser")
    assert kept.get("楼道黑") is None
    kept.put("楼道黑", "2.2.2")
    kept.put("什么也不是", "")
    assert (kept.get("楼道黑"), kept.get("什么也不是"), kept.get("楼道")) == ("2.2.2", "", None)
    assert all("楼" not in file.name for file in kept.folder.iterdir())
