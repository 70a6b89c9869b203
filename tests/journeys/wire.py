"""A wire between a browser and the server that can be cut, before the server has heard or after, and that repeats itself."""

import http.client
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What happens to what is sent (POST): it goes through; is lost on the way; its answer is lost; comes twice; is done and answered 500.
FATES = ("through", "lost", "answer lost", "twice", "error after")
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Wire(ThreadingHTTPServer):
    """`wire.cut = True` refuses everything; `wire.fate()` says what becomes of the next POST."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Strand)
        self.upstream, self.cut = port, False
        self.fate: Callable[[], str] = lambda: "through"
        self.met = dict.fromkeys(FATES, 0)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        """A browser that goes away in the middle is what this is for."""


class _Strand(BaseHTTPRequestHandler):
    server: Wire
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._carry("through")

    def do_POST(self) -> None:
        self._carry(self.server.fate() if self.path.startswith("/day/") else "through")

    def _carry(self, fate: str) -> None:
        self.close_connection = True
        if self.server.cut:
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "POST":
            self.server.met[fate] += 1
        if fate == "lost":
            return
        answer = self._asked(body)
        if fate == "twice":
            answer = self._asked(body)
        if fate == "answer lost" or self.server.cut or answer is None:
            return
        status, headers, content = answer
        with suppress(OSError):
            self.send_response(500 if fate == "error after" else status)
            for name, value in [] if fate == "error after" else headers:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            content = b"" if fate == "error after" else content
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes] | None:
        line = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        for _ in range(3):
            try:
                line.request(self.command, self.path, body if self.command == "POST" else None, headers | {"Connection": "close"})
                heard = line.getresponse()
                return heard.status, heard.getheaders(), heard.read()
            except (ConnectionRefusedError, http.client.RemoteDisconnected):
                time.sleep(0.1)
            finally:
                line.close()
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
