"""Start an installed `firstline` on a free port and ask for what a browser asks first: `python served.py PROGRAM`.

Standard library only, and nothing of this checkout: it runs inside the clean environment that CI makes.
"""

from __future__ import annotations

import gzip
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable

ASSETS = ["console.css", "console.js", "charts.js", "map.js", "map.css", "icons.svg"]


def main(program: str) -> int:
    port = free_port()
    server = subprocess.Popen([program, "serve", "--port", str(port)], stdin=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        patiently(lambda: fetch(f"{base}/api/v1/health"))
        page = fetch(f"{base}/accounts/login/").decode()
        assert "/static/console/dist/console.css" in page, "the login page does not name its styles"
        app = fetch(f"{base}/phone/").decode()
        assert all(fetch(f"{base}{name}") for name in re.findall(r'(?:src|href)="(/phone/[^"]+)"', app)), app
        sizes = {name: len(fetch(f"{base}/static/console/dist/{name}")) for name in ASSETS}
        assert all(sizes.values()), sizes
        print("served:", ", ".join(f"{name} {size // 1024} kB" for name, size in sizes.items()))
        return 0
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def patiently(ask: Callable[[], object], seconds: int = 120) -> None:
    """Ask again for two minutes: the first answer comes after all modules were read, beside whatever else CI is doing."""
    until = time.monotonic() + seconds
    while True:
        try:
            ask()
            return
        except OSError:  # refused, cut off or too slow
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def fetch(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Accept-Language": "zh-CN"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body: bytes = answer.read()
        return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
