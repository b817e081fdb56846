"""How a view answers an OpenRosa client (ODK Collect, KoboCollect, Enketo): its headers, its sign-in, its kind of message."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from ninja.utils import check_csrf

from firstline.access import basic
from firstline.core import clock
from firstline.core.errors import Refused

View = Callable[..., HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")
XML = "text/xml; charset=utf-8"
MOST_BYTES = 10 * 1024 * 1024  # of one submission with everything attached to it


def openrosa(view: View) -> View:
    """Put over `needs` or `signed_in`: who asks may come with a session, or with a login in the header."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = translation.get_language() or settings.LANGUAGE_CODE
        try:
            _look_at_size(request)
            language = _sign_in(request) or language
            with translation.override(language):
                answer = view(request, *args, **kwargs)
        except Refused as refused:
            with translation.override(language):
                answer = refusal(refused)
        return _with_headers(answer)

    return answered


def _look_at_size(request: HttpRequest) -> None:
    """Before anything of it is read."""
    size = request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdigit() or int(size) > MOST_BYTES:
        raise Refused("too_large", limit=f"{MOST_BYTES // 1024 // 1024} MB")


def _sign_in(request: HttpRequest) -> str:
    """The login in the header goes before a session. Returns the language of whoever came with one."""
    found = basic.person(request)
    if found is not None:
        request.actor, language = found  # type: ignore[attr-defined]
        return language
    if request.method not in SAFE and request.user.is_authenticated and check_csrf(request) is not None:
        raise Refused("not_allowed")
    return ""


def told(message: str, *, status: int, nature: str = "") -> HttpResponse:
    """What Collect shows to whoever sent something."""
    kind = f' nature="{nature}"' if nature else ""
    body = f'<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message{kind}>{escape(message)}</message></OpenRosaResponse>'
    return HttpResponse('<?xml version="1.0" encoding="UTF-8"?>\n' + body, status=status, content_type=XML)


def refusal(refused: Refused) -> HttpResponse:
    answer = told(refused.text, status=refused.status, nature="submit_error")
    if refused.status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="Firstline", charset="UTF-8"'
    return answer


def _with_headers(answer: HttpResponse) -> HttpResponse:
    answer["X-OpenRosa-Version"] = "1.0"
    answer["X-OpenRosa-Accept-Content-Length"] = str(MOST_BYTES)
    answer["Date"] = http_date(clock.now().timestamp())
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Authorization, Cookie, Accept-Language"
    return answer
