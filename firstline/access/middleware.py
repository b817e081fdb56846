"""Puts the Actor on each request: from the session, or from a program's bearer token."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from firstline.access import queries, scope
from firstline.access.models import Account

MFA_PATHS = ("/accounts/", "/static/", "/language/", "/r/", "/api/")


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = _actor(request)  # type: ignore[attr-defined]
        if _second_factor_missing(request):
            return HttpResponseRedirect("/accounts/2fa/totp/activate/")
        return self.get_response(request)


def _actor(request: HttpRequest) -> scope.Actor | None:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        token = queries.token(header.removeprefix("Bearer ").strip())
        return scope.for_token(token) if token else None
    return scope.for_account(request.user) if request.user.is_authenticated else None  # type: ignore[arg-type]


def _second_factor_missing(request: HttpRequest) -> bool:
    """Office accounts need a second factor before they see anything (P-matrix, ASVS level 2)."""
    user = request.user
    if not settings.REQUIRE_MFA or not user.is_authenticated or request.path.startswith(MFA_PATHS):
        return False
    return user.kind == Account.Kind.OFFICE and not queries.has_second_factor(user)  # type: ignore[union-attr,arg-type]
