"""Answers to phones, compressed where the phone can read it. No cookie signs a phone in, so length gives nothing away."""

from __future__ import annotations

import gzip
from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.sync.lean import written

WORTH_IT = 400  # bytes


def answer(request: HttpRequest, said: Any, *, status: int = 200) -> HttpResponse:
    return squeezed(request, written(said), status=status)


def squeezed(
    request: HttpRequest, body: bytes, *, status: int = 200, kind: str = "application/json; charset=utf-8"
) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=kind)
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "no-store"
    if len(body) > WORTH_IT and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(body, 6, mtime=0)
        response["Content-Encoding"] = "gzip"
    return response
