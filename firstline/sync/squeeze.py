"""Answers to phones, compressed where the phone can read it. No cookie signs a phone in, so length gives nothing away."""

from __future__ import annotations

import gzip
from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.sync.lean import written

WORTH_IT = 400  # bytes


def answer(request: HttpRequest, said: Any, *, status: int = 200) -> HttpResponse:
    body = written(said)
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "no-store"
    if len(body) > WORTH_IT and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(body, 6, mtime=0)
        response["Content-Encoding"] = "gzip"
    return response
