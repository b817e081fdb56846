"""One mapper from refusals to answers: pages get a page in the reader's language, programs get JSON."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from firstline.core.errors import Refused

MESSAGES = {
    "input.unreadable": _("What was sent could not be read. Nothing was kept; send it again as JSON."),
    "method.wrong": _("This address is not used in that way. Nothing was changed; see /api/v1/openapi.json."),
    "command.operator_only": _(
        "Only the operator of this machine runs this command, for nobody in particular. Nothing was changed; leave out --as."
    ),
    "mapping.not_pairs": _(
        "%(file)s does not say which column is what: it must hold {column: field}. Nothing was changed; mend it and repeat."
    ),
    "file.unwritable": _(
        "The file %(file)s could not be written there. Nothing was written; check the folder and its free space, then repeat."
    ),
    "brief.needs_file": _("A Word file cannot be shown on a screen. Nothing was written; say where with --out FILE."),
    "restore.key_missing": _(
        "This backup was made with keys that are not on this machine. Nothing was changed; give its recovery key."
    ),
    "shots.tools_missing": _(
        "Photographs need the development tools, which are not installed here. Nothing was made; start them with ./run shots."
    ),
    "shots.browser_missing": _(
        "No Chromium was found. Nothing was photographed; install it, or name it in CHROMIUM, and repeat."
    ),
    "shots.server_silent": _(
        "The demonstration's server did not answer in time. Nothing more was photographed; repeat when the machine is less busy."
    ),
}


def as_json(refused: Refused) -> dict[str, object]:
    """{code, message, params}: the code is stable, the message is for people."""
    return {"code": refused.code, "message": refused.text, "params": refused.params}


# Django's own pages, where a program asked: the same in the shape that programs read.
PLAIN = {404: "not_found", 405: "method.wrong"}


def _with_headers(told: HttpResponse, answer: HttpResponse, *names: str) -> HttpResponse:
    for name in names:
        if name in answer:
            told[name] = answer[name]
    return told


class RefusalMiddleware:
    """Turns a Refused that reaches the top of a view into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_page = not answer.get("Content-Type", "").startswith("application/json")
        if request.path.startswith("/api/") and is_page and answer.status_code in PLAIN:
            told = JsonResponse(as_json(Refused(PLAIN[answer.status_code])), status=answer.status_code)
            return _with_headers(told, answer, "Allow", "Content-Language", "Vary")
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(as_json(error), status=error.status)
        if error.status == 401:
            return HttpResponseRedirect("/accounts/login/?" + urlencode({"next": request.get_full_path()}))
        return render(request, "console/refused.html", {"refused": error}, status=error.status)
