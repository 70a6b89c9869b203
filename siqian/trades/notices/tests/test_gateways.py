"""The ways out, against a server of our own at the network's edge."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail

from siqian.trades.notices.gateways import SIGNATURE, Console, Fault, Mail, Signed, signature


@pytest.fixture
def provider():
    """A provider that keeps what it is sent and answers as it is told to."""
    heard, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((body, dict(self.headers)))
            status, said = answers.pop(0) if answers else (200, b'{"receipt": "r-1"}')
            self.send_response(status)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send", heard, answers
    server.shutdown()
    server.server_close()


def test_a_text_message_is_signed_and_bears_its_key(provider):
    url, heard, _ = provider
    assert Signed(url, "shared").send(to="19900000001", text="办好了", key="siqian-7") == "r-1"
    ((body, headers),) = heard
    assert json.loads(body) == {"key": "siqian-7", "to": "19900000001", "text": "办好了"}
    assert headers["Idempotency-Key"] == "siqian-7"
    assert {name.lower(): value for name, value in headers.items()}[SIGNATURE.lower()] == signature("shared", body)
    assert signature("other", body) != signature("shared", body)


@pytest.mark.parametrize(
    ("status", "said", "lasting"), [(404, b"", True), (400, b"", True), (429, b"", False), (500, b"", False), (200, b"<html>", False)]
)
def test_what_is_wrong_for_good_and_what_passes_are_told_apart(provider, status, said, lasting):
    url, _, answers = provider
    answers.append((status, said))
    with pytest.raises(Fault) as fault:
        Signed(url, "shared").send(to="19900000001", text="办好了", key="siqian-7")
    assert fault.value.lasting is lasting


def test_a_provider_that_is_not_there_passes():
    with pytest.raises(Fault) as fault:
        Signed("http://127.0.0.1:9/send", "shared").send(to="19900000001", text="办好了", key="siqian-7")
    assert fault.value.lasting is False


def test_an_email_bears_its_key_as_its_own_id():
    ident = Mail("有进展", "siqian@example.com", "example.com").send(to="zhou@example.com", text="办好了", key="siqian-7")
    (sent,) = mail.outbox
    assert ident == "<siqian-7@example.com>" == sent.extra_headers["Message-ID"]
    assert (sent.to, sent.body, sent.subject) == (["zhou@example.com"], "办好了", "有进展")
    mail.outbox.clear()


def test_the_demo_writes_a_line_and_masks_the_number(tmp_path):
    path = tmp_path / "outbox.jsonl"
    Console(path, "sms").send(to="19900000001", text="办好了", key="siqian-7")
    assert "19900000001" not in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == {"channel": "sms", "to": "199 **** 0001", "text": "办好了", "key": "siqian-7"}
