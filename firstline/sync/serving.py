"""The phone app's files, served at /phone/ by whitenoise: they hold no data; what a phone may see is decided when it signs in."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

from csp.utils import build_policy

BUILT = Path(__file__).parent / "built"  # `./run` builds it; a wheel brings it
# Named by their content: a new version has new names.
NEVER_CHANGES = r"^/phone/assets/"
# The form engine is WebAssembly: allowed on this page and on no other.
ENGINE = {"script-src": ["'wasm-unsafe-eval'"]}


def add_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """whitenoise answers before the middleware that protects pages: the app's one page brings its own policy."""
    if path.endswith(".html"):
        headers["Content-Security-Policy"] = str(build_policy(update=ENGINE))
        headers["X-Frame-Options"] = "DENY"
    if not url.startswith("/phone/assets/") and url.startswith("/phone/"):
        headers["Cache-Control"] = "no-cache"  # asked for anew, so that a new version is seen
