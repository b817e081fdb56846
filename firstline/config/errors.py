"""One mapper from refusals to answers: pages get a page in the reader's language, programs get JSON."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from firstline.core.errors import Refused


def as_json(refused: Refused) -> dict[str, object]:
    """{code, message, params}: the code is stable, the message is for people."""
    return {"code": refused.code, "message": refused.text, "params": refused.params}


class RefusalMiddleware:
    """Turns a Refused that reaches the top of a view into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(as_json(error), status=error.status)
        if error.status == 401:
            return HttpResponseRedirect("/accounts/login/?" + urlencode({"next": request.get_full_path()}))
        return render(request, "console/refused.html", {"refused": error}, status=error.status)
